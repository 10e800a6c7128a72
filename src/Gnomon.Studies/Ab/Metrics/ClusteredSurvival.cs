using Gnomon.Methods;
using Gnomon.Methods.Survival;

namespace Gnomon.Studies.Ab.Metrics;

/// <summary>Beside the mean time without the event where clusters were assigned: log-rank test, hazard ratio and its drift over time, all with errors by cluster.</summary>
internal static class ClusteredSurvival
{
    /// <summary>p of the log-rank test, the hazard ratio with the p of its drift, and the hazard ratio before and after the middle event; null what could not be told, with a sentence that says why.</summary>
    public static (double? Test, CoxCoefficient? Hazard, (double? Early, double? Late) Halves) Beside(SurvivalTimes times, int arm, double level, List<string> sentences, string contrast)
    {
        int[] rows = [.. times.Rows[0].Concat(times.Rows[arm]).Order()];
        double[] t = Array.ConvertAll(rows, i => times.Times[i]);
        bool[] e = Array.ConvertAll(rows, i => times.Ended[i]), x = Array.ConvertAll(rows, i => times.Arm[i] == arm);
        int[] clusters = Array.ConvertAll(rows, i => times.Cluster![i]);
        double? test = null;
        try
        {
            test = ClusteredLogRank.Test(t, e, x, clusters).PValue;
            var hazard = ClusteredHazardRatio.Of(t, e, x, clusters, level) with { ProportionalityP = Drift(t, e, x, clusters) };
            var (early, late) = HazardHalves.Of(t, e, Array.ConvertAll(x, on => on ? 1.0 : 0.0), 1);
            return (test, hazard, (early?.Coefficients[0].HazardRatio, late?.Coefficients[0].HazardRatio));
        }
        catch (Exception wrong) when (wrong is NotEstimableException or TooFewRowsException)
        {
            sentences.Add($"{(test is null ? "Log-rank test" : "Hazard ratio")} of {contrast}: {wrong.Message}");
            return (test, null, (null, null));
        }
    }

    // As the plain test has it: where nothing can drift, nothing does.
    private static double Drift(double[] times, bool[] events, bool[] treated, int[] clusters)
    {
        try
        {
            return ClusteredProportionality.Test(times, events, treated, clusters).PValue;
        }
        catch (NotEstimableException)
        {
            return 1;
        }
    }
}
