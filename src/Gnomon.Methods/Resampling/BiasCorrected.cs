using System.Runtime.InteropServices;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Resampling;

/// <summary>The two constants of the BCa interval and the percentile they move a tail to.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct BiasCorrected(double BiasCorrection, double Acceleration)
{
    const double TieTolerance = 1e-10;

    /// <param name="sortedDeviations">Resampled statistic less the estimate, rising; ties count half.</param>
    /// <param name="spread">Their standard deviation: what is within 1e-10 of it is a tie but for rounding.</param>
    /// <param name="acceleration">a, from the jackknife.</param>
    public static BiasCorrected Of(double[] sortedDeviations, double spread, double acceleration)
    {
        var below = 0;
        var equal = 0;
        foreach (var deviation in sortedDeviations)
        {
            var isTie = Math.Abs(deviation) <= TieTolerance * spread;
            equal += isTie ? 1 : 0;
            below += !isTie && deviation < 0 ? 1 : 0;
        }

        var share = (below + 0.5 * equal) / sortedDeviations.Length;
        return share is 0 or 1
            ? throw new NotEstimableException("All resamples lie on one side of the estimate, so the bias correction of BCa does not exist.")
            : new(Normal.Quantile(share), acceleration);
    }

    public double Share(double tail)
    {
        var z = BiasCorrection + Normal.Quantile(tail);
        return Normal.Cdf(BiasCorrection + z / (1.0 - Acceleration * z));
    }
}
