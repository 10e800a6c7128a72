using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Optimizers;

namespace Gnomon.Methods.Families;

/// <summary>The shape of the significant p-values.</summary>
/// <param name="Significant">Results with p below 0.05: the only ones that are read.</param>
/// <param name="BelowHalf">Of them below 0.025.</param>
/// <param name="FullZ">Stouffer's z against a flat curve over all of them: strongly negative when small p-values prevail, as real effects make them.</param>
/// <param name="FullP">Its one-sided p-value.</param>
/// <param name="HalfZ">The same over those below 0.025 alone; null when there are none.</param>
/// <param name="HalfP">Its one-sided p-value.</param>
/// <param name="WeakZ">Stouffer's z against the curve of tests with a power of a third: strongly negative when the curve is flatter than even such tests make it.</param>
/// <param name="WeakP">Its one-sided p-value.</param>
public sealed record PCurveResult(int Significant, int BelowHalf, double FullZ, double FullP, double? HalfZ, double? HalfP, double WeakZ, double WeakP)
{
    /// <summary>Right-skewed enough to hold evidence: the half curve below 0.05, or both curves below 0.1.</summary>
    public bool HasEvidence => HalfP < 0.05 || (HalfP < 0.1 && FullP < 0.1);

    /// <summary>Flatter than tests with a power of a third: what is there is too little, or was chosen.</summary>
    public bool LacksEvidence => WeakP < 0.05;
}

/// <summary>P-curve: do the significant p-values look as if there were effects behind them?</summary>
/// <remarks>Sources: Simonsohn, Nelson and Simmons 2014, Journal of Experimental Psychology: General 143; 2015, 144 (Stouffer's method and the half curve). Two-sided normal tests.</remarks>
public static class PCurve
{
    const double Cut = 0.05;
    const double Half = 0.025;
    const double WeakPower = 1.0 / 3;

    // z of a p-value is kept within what a double can tell from 0 and 1.
    const double Deepest = 1e-300;

    static readonly double WeakEffect = Solve();

    /// <param name="pValues">Two-sided p-values in [0, 1]; those of 0.05 and above are passed by.</param>
    /// <returns>Null when none is below 0.05.</returns>
    public static PCurveResult? Of(ReadOnlySpan<double> pValues)
    {
        int significant = 0, below = 0;
        double full = 0, half = 0, weak = 0;
        foreach (var p in pValues)
        {
            if (!(p >= 0 && p <= 1))
                throw new ArgumentOutOfRangeException(nameof(pValues), p, "A p-value lies in 0 to 1.");
            if (p >= Cut)
                continue;
            significant++;
            var known = Math.Max(p, Deepest);
            full += Z(known / Cut);
            weak += Normal.UpperQuantile(WeakTail(known));
            if (p < Half)
            {
                below++;
                half += Z(known / Half);
            }
        }
        if (significant == 0)
            return null;
        full /= Math.Sqrt(significant);
        weak /= Math.Sqrt(significant);
        double? halfZ = below > 0 ? half / Math.Sqrt(below) : null;
        return new(significant, below, full, Normal.Cdf(full), halfZ, halfZ is { } h ? Normal.Cdf(h) : null, weak, Normal.Cdf(weak));
    }

    static double Z(double share) => Normal.Quantile(share);

    // Chance of a p-value at least as small, given that it is significant, for tests of the weak power; its complement is the weak curve's own share.
    static double WeakTail(double p)
    {
        var z = Normal.UpperQuantile(p / 2);
        return Math.Max(Deepest, Math.Min(1 - 1e-16, (Normal.Sf(z - WeakEffect) + Normal.Cdf(-z - WeakEffect)) / WeakPower));
    }

    static double Solve()
    {
        var z = Normal.UpperQuantile(Cut / 2);
        return Brent.Root(d => Normal.Sf(z - d) + Normal.Cdf(-z - d) - WeakPower, 0, 5, 1e-14).X;
    }
}
