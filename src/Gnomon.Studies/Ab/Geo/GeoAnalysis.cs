using Gnomon.Core.Errors;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Methods;
using Gnomon.Methods.Inference;
using Gnomon.Methods.Interference;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Studies.Ab.Geo;

/// <summary>Picks the method by the number of treated regions and runs it.</summary>
internal sealed class GeoAnalysis(GeoPanel panel)
{
    private static readonly double[] Fallbacks = [0.9, 0.8];
    private readonly double[] _before = panel.Means(after: false);
    private readonly double[] _after = panel.Means(after: true);

    private double Level => panel.Design.Level;

    private RegionMethod Method => RegionMethods.Choose(panel.TreatedCount, panel.ControlCount, panel.Before, panel.Partner is not null);

    private RerandomisationOptions Draws => new() { Seed = (ulong)panel.Design.Options.Seed, MostEnumerated = 20_000, Draws = 4_999 };

    public GeoAnswer Answer()
    {
        try
        {
            return Method switch
            {
                RegionMethod.Pairs or RegionMethod.PairsSwapped => Pairs(),
                RegionMethod.Synthetic => Synthetic(),
                _ => Regions(),
            };
        }
        catch (TooFewRowsException wrong)
        {
            throw new GnomonError("too-few-regions", $"{wrong.Message} {Counts()} cannot be compared.", "--cluster", "Assign more regions; gnomon design --kind geo says how many.", wrong);
        }
        catch (NotEstimableException wrong)
        {
            throw new GnomonError("not-estimable", $"{panel.Metric.Name}: {wrong.Message}", "--cluster", "Assign more regions; gnomon design --kind geo says how many.", wrong);
        }
    }

    private string Counts() => $"{Figures.Count(panel.TreatedCount, "treated region")} and {Figures.Count(panel.ControlCount, "other")}";

    private ClusterTotals Totals(double[] values, bool treated) => Of([.. values.Where((_, i) => panel.Treated[i] == treated)]);

    private static ClusterTotals Of(double[] values) => new(values, [.. values.Select(_ => 1.0)]);

    private GeoAnswer Regions()
    {
        var (first, second) = (Totals(_after, true), Totals(_after, false));
        double[] pre = [.. Totals(_before, true).Sums, .. Totals(_before, false).Sums];
        var fit = ClusterAncova.Compare(first, second, [pre], Level);
        var test = ClusterAncova.Test(first, second, [pre], Draws);
        var isFew = Method == RegionMethod.CovarianceReassigned;
        var effect = isFew ? Exact(fit.Difference, test, level => ClusterAncova.Invert(first, second, [pre], level, Draws)) : fit.Difference;
        double[] change = [.. _after.Zip(_before, (a, b) => a - b)];
        List<(ContrastResult, string)> beside = isFew ? [(fit.Difference, fit.Difference.Method)] : [];
        Try(beside, () => ClusterComparison.Compare(Totals(change, true), Totals(change, false), Level).Difference, "difference in differences: change of the treated regions less change of the others, CR2");
        Try(beside, () => ClusterComparison.Compare(first, second, Level).Difference, "levels after the start alone, CR2");
        var ahead = first.Mean - second.Mean - fit.Difference.Value;
        return new GeoAnswer
        {
            Why = isFew
                ? $"With {Counts()} the level after the start is compared at equal level before it (analysis of covariance), and the test assigns the regions again in every way."
                : $"With {Counts()} the level after the start is compared at equal level before it (analysis of covariance), with errors by region (CR2).",
            Effect = effect, Observed = first.Mean, Beside = beside, Test = test, IsRerandomised = isFew, Trend = Trend(),
            Treated = Average(true), Expected = [.. Average(false).Select(v => v + ahead)],
        };
    }

    private GeoAnswer Pairs()
    {
        int[] treated = [.. Enumerable.Range(0, panel.Treated.Length).Where(i => panel.Treated[i])];
        double[] Differences(double[] v) => [.. treated.Select(i => v[i] - v[panel.Partner![i]])];
        var (y, x) = (Differences(_after), Differences(_before));
        var fit = PairedAncova.Compare(y, x, Level);
        var test = PairedAncova.Test(y, x, Draws);
        var isFew = Method == RegionMethod.PairsSwapped;
        var effect = isFew ? Exact(fit, test, level => PairedAncova.Invert(y, x, level, Draws)) : fit;
        List<(ContrastResult, string)> beside = isFew ? [(fit, fit.Method)] : [];
        double[] none = new double[y.Length];
        Try(beside, () => PairedAncova.Compare([.. y.Zip(x, (a, b) => a - b)], none, Level), "difference in differences within pairs, HC2");
        var slopes = Differences(Slopes());
        PreTrend? trend = null;
        if (slopes.Max() - slopes.Min() > 1e-12 * slopes.Max(Math.Abs))
        {
            trend = Drift(PairedAncova.Compare(slopes, none, Level), isFew ? PairedAncova.Test(slopes, none, Draws) : null);
        }

        return new GeoAnswer
        {
            Why = $"{Figures.Count(y.Length, "pair")} of regions, one of each drawn for the change: differences within pairs are compared at equal difference before the start{(isFew ? ", and the test swaps the regions of every pair in every way" : ", with errors by pair")}.",
            Effect = effect, Observed = treated.Average(i => _after[i]), Beside = beside, Test = test, IsRerandomised = isFew, Trend = trend,
            Treated = Average(true), Expected = [.. Average(false).Select(v => v + (y.Average() - fit.Value))],
        };
    }

    private GeoAnswer Synthetic()
    {
        double[][] series = [.. Enumerable.Range(0, panel.Treated.Length).Select(panel.History.Series)];
        var options = new SyntheticControlOptions { Seed = (ulong)panel.Design.Options.Seed };
        SyntheticControlResult? fit = null;
        foreach (var level in Fallbacks.Prepend(Level))
        {
            try
            {
                fit = SyntheticControl.Estimate(series, panel.Treated, panel.Before, options with { Level = Math.Min(level, Level) });
                break;
            }
            catch (NotEstimableException) when (level != Fallbacks[^1])
            {
                // So few assignments allow no interval at this level; a lower one may be there.
            }
        }

        List<(ContrastResult, string)> beside = [];
        double[] change = [.. _after.Zip(_before, (a, b) => a - b)];
        if (panel.TreatedCount >= 2)
        {
            Try(beside, () => ClusterComparison.Compare(Totals(change, true), Totals(change, false), Level).Difference, "difference in differences: change of the treated regions less change of the others, CR2");
        }

        if (!double.IsInfinity(fit!.Penalty))
        {
            Try(beside, () => SyntheticControl.Estimate(series, panel.Treated, panel.Before, options with { Level = fit.Effect.Level, Penalty = double.PositiveInfinity }).Effect, "synthetic control without augmentation, placebo test");
        }

        return new GeoAnswer
        {
            Why = $"With {Counts()} a mean over so few treated regions would hang on one of them; instead {panel.History.Span(panel.Before)} before the start find the mix of other regions that moves as the treated {(panel.TreatedCount == 1 ? "one does" : "ones do")} "
                + $"({(double.IsInfinity(fit.Penalty) ? "synthetic control" : "augmented synthetic control")}), and the same is done for {(fit.Test.IsExact ? "every other choice" : $"{Figures.Count(fit.Test.Assignments)} other choices")} of {Figures.Count(panel.TreatedCount, "region")}.",
            Effect = fit.Effect, Observed = fit.Treated.Skip(panel.Before).Average(), Beside = beside, Test = fit.Test, IsRerandomised = true, Trend = Pretended(series, options), Treated = fit.Treated, Expected = fit.Counterfactual, Synthetic = fit,
        };
    }

    private PreTrend? Pretended(double[][] series, SyntheticControlOptions options)
    {
        try
        {
            var placebo = SyntheticControl.InTime(series, panel.Treated, panel.Before, options);
            return new PreTrend
            {
                Metric = panel.Metric.Name, Compared = $"a start pretended on {panel.History.Name(panel.History.Periods[placebo.From])}, read until the true one", Drift = placebo.Gap, DriftText = Figures.Effect(placebo.Gap, panel.History.Unit),
                PValue = placebo.Test.PValue, SmallestP = placebo.Test.SmallestP, Regions = panel.Treated.Length, Periods = panel.Before,
            };
        }
        catch (NotEstimableException)
        {
            return null;
        }
    }

    // Where so few assignments allow no interval at the level, the highest that they allow.
    private ContrastResult Exact(ContrastResult fit, RerandomisationResult test, Func<double, Interval?> invert)
    {
        foreach (var level in Fallbacks.Prepend(Level).Where(l => l <= Level))
        {
            if (invert(level) is { } interval)
            {
                return fit with { Low = interval.Low, High = interval.High, PValue = test.PValue, Level = level, DegreesOfFreedom = null, Method = $"{fit.Method.Split(',')[0]}, randomisation test over {(test.IsExact ? "all " : string.Empty)}{Figures.Count(test.Assignments)} assignments" };
            }
        }

        throw new NotEstimableException($"{Counts()} could have been assigned in so few ways that the smallest p is {test.SmallestP:0.00}: no test at 80 % or more exists.");
    }

    private PreTrend? Trend()
    {
        var slopes = Slopes();
        try
        {
            var (first, second) = (Totals(slopes, true), Totals(slopes, false));
            return Drift(ClusterComparison.Compare(first, second, Level).Difference, slopes.Length < RegionMethods.Few ? ClusterRandomisation.Test(first, second, Draws) : null);
        }
        catch (Exception e) when (e is NotEstimableException or TooFewRowsException)
        {
            return null;
        }
    }

    // Slopes are per period; over the way from the middle of one time to the middle of the other they pass for an effect.
    private PreTrend Drift(ContrastResult slope, RerandomisationResult? test)
    {
        var way = panel.History.Periods.Skip(panel.Before).Average() - panel.History.Periods.Take(panel.Before).Average();
        var degrees = slope.DegreesOfFreedom ?? 1e6;
        var visible = (StudentT.UpperQuantile(0.5 * (1 - Level), degrees) + StudentT.UpperQuantile(0.2, degrees)) * slope.StandardError * way;
        return new PreTrend
        {
            Metric = panel.Metric.Name, Compared = "trend before the start, treated less other regions, carried on to the test", Drift = slope.Value * way, DriftText = Figures.Effect(slope.Value * way, panel.History.Unit),
            PValue = test?.PValue ?? slope.PValue, SmallestP = test?.SmallestP ?? 0, VisibleText = Figures.Effect(visible, panel.History.Unit).TrimStart('+'), Regions = panel.Treated.Length, Periods = panel.Before,
        };
    }

    private double[] Slopes()
    {
        var time = panel.History.Periods.Take(panel.Before).ToArray();
        var middle = time.Average();
        var spread = time.Sum(t => (t - middle) * (t - middle));
        return [.. Enumerable.Range(0, panel.Treated.Length).Select(i =>
        {
            var series = panel.History.Series(i);
            var mean = series.Take(panel.Before).Average();
            return Enumerable.Range(0, panel.Before).Sum(t => (time[t] - middle) * (series[t] - mean)) / spread;
        })];
    }

    private double[] Average(bool treated)
    {
        int[] members = [.. Enumerable.Range(0, panel.Treated.Length).Where(i => panel.Treated[i] == treated)];
        double[][] series = [.. members.Select(panel.History.Series)];
        return [.. Enumerable.Range(0, panel.History.Periods.Length).Select(t => series.Average(s => s[t]))];
    }

    private static void Try(List<(ContrastResult, string)> list, Func<ContrastResult> make, string method)
    {
        try
        {
            list.Add((make(), method));
        }
        catch (Exception e) when (e is NotEstimableException or TooFewRowsException)
        {
            // Nothing to set beside the answer.
        }
    }
}
