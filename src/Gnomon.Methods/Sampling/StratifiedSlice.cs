namespace Gnomon.Methods.Sampling;

/// <summary>A stratified random sample of a stated share: how many rows of each stratum.</summary>
/// <remarks>Source: Cochran 1977, Sampling Techniques, chapter 5: simple random samples without replacement within strata. A row's chance to be drawn is rows drawn over rows of its stratum.</remarks>
public static class StratifiedSlice
{
    // A share such as 0.05 is no binary number: 5 % of 100 rows is 5, not 6.
    const double Hair = 1e-9;

    /// <param name="sizes">Rows of each stratum.</param>
    /// <param name="share">Share to draw, in (0, 1].</param>
    /// <param name="least">Rows to draw of a stratum at least, where it has them.</param>
    /// <returns>Rows to draw of each stratum.</returns>
    public static long[] Allocate(ReadOnlySpan<long> sizes, double share, long least = 2)
    {
        if (!(share > 0 && share <= 1))
            throw new ArgumentOutOfRangeException(nameof(share), share, "The share lies above 0 and at most at 1.");
        ArgumentOutOfRangeException.ThrowIfNegative(least);
        var wanted = new long[sizes.Length];
        for (var h = 0; h < sizes.Length; h++)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(sizes[h], nameof(sizes));
            wanted[h] = Math.Min(sizes[h], Math.Max(least, (long)Math.Ceiling(share * sizes[h] - Hair)));
        }

        return wanted;
    }
}
