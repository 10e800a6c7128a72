namespace Gnomon.Methods.Experiments;

/// <summary>The p-value of a test that was read several times and is reported at its best, or stopped there.</summary>
/// <remarks>
/// The chance, without an effect, that the largest |z| of so many equally spaced looks is as large as the one reported: the recursion of Armitage, McPherson and Rowe 1969, run at the
/// reported p. Valid for stopping at the first significant look as well, where it is conservative.
/// </remarks>
public static class BestOfLooks
{
    // Below this the recursion's own error (1e-9) would show; the union bound is then within a few per cent and never too small.
    const double UnionBelow = 1e-6;

    /// <param name="p">Two-sided p-value of the look that is reported, in [0, 1].</param>
    /// <param name="looks">Looks taken, 1 to 1,000.</param>
    public static double PValue(double p, int looks)
    {
        if (!(p >= 0 && p <= 1))
            throw new ArgumentOutOfRangeException(nameof(p), p, "A p-value lies in 0 to 1.");
        if (looks is < 1 or > 1_000)
            throw new ArgumentOutOfRangeException(nameof(looks), looks, "The number of looks must lie between 1 and 1,000.");
        if (looks == 1 || p is 0 or 1)
            return p;
        var union = Math.Min(1, looks * p);
        return p < UnionBelow ? union : Math.Clamp(PeekingError.FalsePositiveRate(looks, p), p, union);
    }
}
