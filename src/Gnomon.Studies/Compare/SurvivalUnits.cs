using Gnomon.Core.Evidence.Experiments;
using Gnomon.Methods;
using Gnomon.Methods.Experiments;
using Gnomon.Methods.Survival;
using Gnomon.Numerics;

namespace Gnomon.Studies.Compare;

/// <summary>In a comparison of times: does an identifier repeat over rows, and would errors of the mean times by it be larger?</summary>
internal static class SurvivalUnits
{
    private const double LargestRepeat = 1.2;

    /// <summary>Null without an identifier that repeats, or where nothing can be said about its likeness.</summary>
    public static UnitRepeats? Look(SurvivalInput input, SurvivalAnswer answer)
    {
        if (input.Candidate is not { } name || input.CandidateCodes is not { } codes)
        {
            return null;
        }

        var units = codes.Max() + 1;
        if (units < 2 || codes.Length <= LargestRepeat * units)
        {
            return null;
        }

        try
        {
            var influence = Influence(input, answer.Horizon);
            var (alike, naive, clustered) = (Alike(input, influence, codes, units), 0.0, 0.0);
            foreach (var contrast in answer.Contrasts)
            {
                var (plain, byUnit) = Errors(input, contrast, influence, codes, units);
                if (plain > 0 && (naive == 0 || byUnit / plain > clustered / naive))
                {
                    (naive, clustered) = (plain, byUnit);
                }
            }

            return naive > 0
                ? new UnitRepeats
                {
                    Metric = input.Time, UnitColumn = name, AnalysedByUnit = false, Rows = codes.Length, Units = units, IntraClassCorrelation = alike.IntraClassCorrelation, IntraClassLow = alike.Low,
                    NaiveError = naive, ClusteredError = clustered, Instead = $"Keep one row per {name} with --query (its first), or run gnomon regress --family cox --cluster {name}.",
                }
                : null;
        }
        catch (Exception wrong) when (wrong is NotEstimableException or TooFewRowsException)
        {
            return null; // nothing varies within the units, or a group has no curve up to the horizon
        }
    }

    // Of each row on the mean of its own group; strata move all groups alike and are left aside here.
    private static double[] Influence(SurvivalInput input, double horizon)
    {
        var influence = new double[input.Times.Length];
        for (var g = 0; g < input.Groups.Count; g++)
        {
            var rows = input.Rows(g);
            var own = RestrictedMeanInfluence.Of(Array.ConvertAll(rows, i => input.Times[i]), Array.ConvertAll(rows, i => input.Ended[i]), horizon);
            for (var i = 0; i < rows.Length; i++)
            {
                influence[rows[i]] = own[i];
            }
        }

        return influence;
    }

    // Pseudo-values of the rows: on them likeness is read as on any number.
    private static IntraClassResult Alike(SurvivalInput input, double[] influence, int[] codes, int units)
    {
        var sizes = Enumerable.Range(0, input.Groups.Count).Select(g => (double)input.Rows(g).Length).ToArray();
        double[] values = [.. influence.Select((v, i) => v * sizes[input.Group[i]])];
        var sums = new double[units];
        var rows = new long[units];
        for (var i = 0; i < codes.Length; i++)
        {
            sums[codes[i]] += values[i];
            rows[codes[i]]++;
        }

        return UnitClustering.IntraClass(sums, rows, Moments.MeanVariance(values));
    }

    // A unit in both groups moves both means, and what they share takes itself away.
    private static (double Plain, double ByUnit) Errors(SurvivalInput input, SurvivalContrast contrast, double[] influence, int[] codes, int units)
    {
        var (group, reference) = (IndexOf(input, contrast.Group.Name), IndexOf(input, contrast.Reference.Name));
        var sums = new double[units];
        var plain = 0.0;
        for (var i = 0; i < codes.Length; i++)
        {
            var side = input.Group[i] == group ? 1 : input.Group[i] == reference ? -1 : 0;
            sums[codes[i]] += side * influence[i];
            plain += side * side * influence[i] * influence[i];
        }

        return (Math.Sqrt(plain), Math.Sqrt(sums.Sum(s => s * s)));
    }

    private static int IndexOf(SurvivalInput input, string name) => input.Groups.ToList().IndexOf(name);
}
