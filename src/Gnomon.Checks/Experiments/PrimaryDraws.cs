using Gnomon.Core.Evidence.Experiments;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Checks.Experiments;

/// <summary>Primary results made from a standardised effect, for planted flaws and their twins.</summary>
internal static class PrimaryDraws
{
    /// <param name="z">Effect in standard errors.</param>
    /// <param name="se">Standard error in the metric's unit; the metric's standard deviation is 1.</param>
    public static PrimaryResult Of(double z, double se, double? worthwhile = null) => new()
    {
        Metric = "revenue",
        Contrast = "B - A",
        Difference = z * se,
        Low = (z - 1.96) * se,
        High = (z + 1.96) * se,
        StandardError = se,
        PValue = 2 * Normal.Sf(Math.Abs(z)),
        Alpha = 0.05,
        Worthwhile = worthwhile,
        ControlDeviation = 1,
        TreatmentUnits = (long)(2 / (se * se)),
        ControlUnits = (long)(2 / (se * se)),
    };
}
