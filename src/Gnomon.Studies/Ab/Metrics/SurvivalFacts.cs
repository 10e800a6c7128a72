using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Survival;
using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Methods;
using Gnomon.Methods.Interference;
using Gnomon.Methods.Survival;
using Gnomon.Studies.Ab.Touching;

namespace Gnomon.Studies.Ab.Metrics;

/// <summary>Beside the mean time without the event: log-rank test, hazard ratio, curves, and whether the arms were watched alike.</summary>
internal static class SurvivalFacts
{
    private const int MostSteps = 400;

    public static AbMetrics Of(AbInput input, AbFacts facts)
    {
        if (input.Survival is not { } times)
        {
            return new AbMetrics();
        }

        var made = facts.Comparisons.Where(c => c.Spec.Derived is SurvivalMetric).ToList();
        var (rows, terms, sentences, estimates) = (new List<IReadOnlyList<object?>>(), new List<TermProportionality>(), new List<string>(), new List<Estimate>());
        foreach (var c in made)
        {
            var arm = input.Arms.ToList().IndexOf(c.Arm);
            var (test, hazard, halves) = times.ByExposure ? default : times.Cluster is null ? Beside(times, arm, c.Fixed.Level, sentences, c.Contrast) : ClusteredSurvival.Beside(times, arm, c.Fixed.Level, sentences, c.Contrast);
            rows.Add([c.Contrast, Events(times, c.Arm, input), Events(times, c.Control, input), test, hazard?.HazardRatio, hazard?.Low, hazard?.High]);
            if (hazard is not null)
            {
                terms.Add(new TermProportionality(c.Contrast, hazard.HazardRatio, hazard.ProportionalityP, halves.Early, halves.Late));
                estimates.Add(new Estimate
                {
                    Name = "hazard ratio", Metric = c.Spec.Name, Contrast = c.Contrast, Value = hazard.HazardRatio, Low = hazard.Low, High = hazard.High, Level = c.Fixed.Level, Unit = "hazard ratio", P = hazard.PValue, N = c.N,
                    Method = times.Cluster is null ? "Cox regression" : $"Cox regression, errors robust by {((ClusterSet)input.Designed!).Column}", Role = "descriptive",
                });
            }
        }

        var ended = times.Ended.LongCount(e => e);
        sentences.Insert(0, $"Mean time without the event ({times.EventText}) up to {Figures.Number(times.Horizon)} is read from the curves; {Figures.Count(ended)} of {Figures.Count(times.Times.Length, "unit")} had the event, the others count for as long as they were watched. That is right only if leaving the watch says nothing about what would have come.");
        if (times.ByExposure)
        {
            sentences.Add($"Curves are those of the {Figures.Count(times.Rows.Sum(r => r.LongLength), "unit")} whose neighbours shared their arm; a hazard ratio or log-rank test of the arms as they were mixed would not be about a launch, so none is given.");
        }

        return new AbMetrics
        {
            Estimates = estimates,
            Limitations = sentences,
            Evidence =
            [
                .. Watch(input, times) is { } watch ? new IEvidence[] { watch } : [],
                .. terms.Count == 0 ? Array.Empty<IEvidence>() : [new HazardProportionality { Outcome = times.Spec.Time, Events = ended, Terms = terms }],
            ],
            Tables = rows.Count == 0 ? [] : [Events(times, rows)],
            Plots = [new Plot("survival", $"Share without {times.EventText}", BandPlot.Build(
                [.. times.Curves.SelectMany((curve, a) => curve is null ? [] : SurvivalCurves.Points(curve, input.Arms[a], MostSteps))], times.Spec.Time, "share without the event", new PlotUnit("proportion"), "arm"))],
        };
    }

    private static (double? Test, CoxCoefficient? Hazard, (double? Early, double? Late) Halves) Beside(SurvivalTimes times, int arm, double level, List<string> sentences, string contrast)
    {
        int[] rows = [.. times.Rows[0].Concat(times.Rows[arm]).Order()];
        double[] t = Array.ConvertAll(rows, i => times.Times[i]);
        bool[] e = Array.ConvertAll(rows, i => times.Ended[i]);
        double[] x = Array.ConvertAll(rows, i => times.Arm[i] == arm ? 1.0 : 0.0);
        LogRankResult? test = null;
        try
        {
            test = LogRank.Test(t, e, Array.ConvertAll(x, v => (int)v));
            var fit = CoxRegression.Fit(t, e, x, 1, options: new CoxOptions { Level = level });
            var (early, late) = HazardHalves.Of(t, e, x, 1);
            return (test.PValue, fit.Coefficients[0], (early?.Coefficients[0].HazardRatio, late?.Coefficients[0].HazardRatio));
        }
        catch (Exception wrong) when (wrong is NotEstimableException or TooFewRowsException)
        {
            sentences.Add($"{(test is null ? "Log-rank test" : "Hazard ratio")} of {contrast}: {wrong.Message}");
            return (test?.PValue, null, (null, null));
        }
    }

    // Without the tests where none is given.
    private static ResultTable Events(SurvivalTimes times, List<IReadOnlyList<object?>> rows)
    {
        string[] columns = ["contrast", "events, treatment", "events, control", "log-rank p", "hazard ratio", "low", "high"];
        var shown = times.ByExposure ? 3 : columns.Length;
        return new ResultTable("survival", $"Time until {times.EventText}", columns[..shown], [.. rows.Select(r => (IReadOnlyList<object?>)[.. r.Take(shown)])]);
    }

    private static long Events(SurvivalTimes times, string arm, AbInput input) => times.Rows[input.Arms.ToList().IndexOf(arm)].LongCount(i => times.Ended[i]);

    // By cluster: mean times until leaving the watch, the smallest p of the arms against control by Bonferroni; null where they cannot be compared.
    private static double? LeavingByCluster(SurvivalTimes times, double[] cut, bool[] left)
    {
        ClusterTotals Of(int arm)
        {
            var codes = times.Rows[arm].Select(i => times.Cluster![i]).Distinct().Select((c, at) => (c, at)).ToDictionary(c => c.c, c => c.at);
            return ClusteredRestrictedMean.Of(Array.ConvertAll(times.Rows[arm], i => cut[i]), Array.ConvertAll(times.Rows[arm], i => left[i]), Array.ConvertAll(times.Rows[arm], i => codes[times.Cluster![i]]), codes.Count, times.Horizon).Totals;
        }

        try
        {
            var control = Of(0);
            return Math.Min(1, (times.Rows.Length - 1) * Enumerable.Range(1, times.Rows.Length - 1).Min(a => ClusterComparison.Compare(Of(a), control).Difference.PValue));
        }
        catch (Exception e) when (e is NotEstimableException or TooFewRowsException)
        {
            return null;
        }
    }

    private static FollowUpBalance? Watch(AbInput input, SurvivalTimes times)
    {
        bool[] left = [.. times.Times.Select((t, i) => !times.Ended[i] && t < times.Horizon)];
        if (!Array.Exists(left, l => l) || times.Rows.Any(r => r.Length < 2))
        {
            return null;
        }

        var cut = Array.ConvertAll(times.Times, t => Math.Min(t, times.Horizon));
        try
        {
            var p = times.Cluster is null ? LogRank.Test(cut, left, times.Arm).PValue : LeavingByCluster(times, cut, left);
            return p is null ? null : new FollowUpBalance
            {
                Outcome = times.Spec.Time, Groups = input.Arms, Units = [.. times.Rows.Select(r => (long)r.Length)], Lost = [.. times.Rows.Select(r => r.LongCount(i => left[i]))],
                StillWatched = [.. times.Rows.Select(r => KaplanMeier.Fit(Array.ConvertAll(r, i => cut[i]), Array.ConvertAll(r, i => left[i])).At(times.Horizon))],
                Horizon = times.Horizon, PValue = p.Value,
            };
        }
        catch (NotEstimableException)
        {
            return null; // nobody left while two arms were watched: nothing to compare
        }
    }
}
