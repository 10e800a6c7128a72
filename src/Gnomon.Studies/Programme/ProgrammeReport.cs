using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Methods.Inference;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Studies.Programme;

/// <summary>Estimates, tables and pictures of a programme.</summary>
internal sealed class ProgrammeReport(ProgrammeFacts facts)
{
    private const int MostRows = 200;
    private const int MostDrawn = 30;
    private const int MostEstimates = 12;
    private const int Bins = 20;
    private const double Level = 0.95;
    private readonly List<JudgedTest> _sorted = [.. facts.Tests.OrderBy(t => t.P).ThenBy(t => t.Row.P)];

    // The renderers write a column that ends in "lift" as a percentage.
    private string Word => facts.Input.Unit == "relative" ? "lift" : "effect";

    private bool HasEffects => facts.Tests.Any(t => t.Row.Effect is not null);

    public IReadOnlyList<Estimate> Estimates()
    {
        var wilson = OneProportion.Wilson(facts.Wins, facts.Family, Level);
        List<Estimate> estimates =
        [
            new()
            {
                Name = "win rate", Value = (double)facts.Wins / facts.Family, Low = wilson.Low, High = wilson.High, Level = Level, Unit = "proportion", N = facts.Family,
                Method = $"experiments with p < {facts.Options.Alpha:0.###} in the good direction, Wilson interval", Role = "descriptive",
            },
        ];
        if (facts.Input.Unit is { } unit)
        {
            foreach (var t in _sorted.Where(t => t.IsWin && t.Row.Z is not null).Take(MostEstimates))
            {
                estimates.AddRange(Of(t, unit));
            }
        }

        return estimates;
    }

    private static IEnumerable<Estimate> Of(JudgedTest t, string unit)
    {
        var (effect, half) = (t.Row.Effect!.Value, Normal.UpperQuantile((1 - Level) / 2) * t.Row.StandardError!.Value);
        var first = new Estimate
        {
            Name = "effect", Metric = t.Row.Name, Contrast = "treatment - control", Value = effect, Low = effect - half, High = effect + half, Level = Level, Unit = unit, P = t.Row.P, N = t.Row.Users ?? 0,
            Method = "as measured", Role = t.Survives ? "primary" : "secondary",
        };
        yield return first;
        if (t.Shrunken is { } s)
        {
            var reach = Normal.UpperQuantile((1 - Level) / 2) * s.Deviation;
            yield return first with { Name = "shrunken effect", Value = s.Estimate, Low = s.Estimate - reach, High = s.Estimate + reach, P = null, Method = "empirical Bayes over the programme, Paule-Mandel spread", Role = "sensitivity" };
        }
    }

    public IReadOnlyList<ResultTable> Tables()
    {
        var tables = new List<ResultTable>();
        if (facts.Tests.Count > 0)
        {
            if (facts.Wins > 0)
            {
                tables.Add(Corrections());
            }

            tables.Add(Experiments());
        }

        tables.Add(Chance());
        if (facts.Tests.Count > 0)
        {
            tables.Add(Adjusted());
        }

        ResultTable?[] more = [Repeat(), Completeness(), Together(), Pairs(), Decisions()];
        return [.. tables, .. more.OfType<ResultTable>()];
    }

    private ResultTable Corrections()
    {
        var (m, alpha) = (facts.Family, facts.Options.Alpha);
        return new ResultTable("corrections", $"What each correction keeps of {Figures.Count(facts.Wins, "win")}", ["correction", "what it holds", "wins kept", "which"],
        [
            Row("none", $"{alpha:0.###} in each test", t => t.Row.P),
            Row("Bonferroni", $"p below {Figures.Number(alpha / m)}: any false win in {Figures.Percent(alpha)}", t => t.Bonferroni),
            Row("Holm", "the same, stronger", t => t.Holm),
            Row("Hochberg", "the same, if not opposed to each other", t => t.Hochberg),
            Row("Benjamini-Hochberg", $"{Figures.Percent(alpha)} of the kept are false", t => t.BenjaminiHochberg),
            Row("Benjamini-Yekutieli", "the same under any dependence", t => t.BenjaminiYekutieli),
            Row("Storey q", $"the same, {Figures.WholePercent(facts.NullShare!.Value)} of ideas null", t => t.Q),
            Row("SAFFRON", "the same, decided on arrival", t => t.Saffron ? 0 : 1),
            Row("LORD++", "the same on arrival, stricter", t => t.Lord ? 0 : 1),
        ]);

        IReadOnlyList<object?> Row(string name, string holds, Func<JudgedTest, double> p)
        {
            var kept = _sorted.Where(t => t.IsWin && !t.IsBroken && p(t) < alpha).ToList();
            return [name, holds, (long)kept.Count, string.Join(", ", kept.Take(3).Select(t => t.Row.Name)) + (kept.Count > 3 ? ", ..." : string.Empty)];
        }
    }

    private ResultTable Experiments()
    {
        var looks = facts.Tests.Any(t => t.Row.Looks > 1);
        var best = facts.HasLooks;
        var split = facts.Tests.Any(t => t.SplitP is not null);
        var shrunken = facts.Shrinkage is not null;
        List<string> columns = ["experiment"];
        columns.AddRange(Only("users", facts.Tests.Any(t => t.Row.Users is not null)));
        columns.AddRange(Only(Word, HasEffects));
        columns.AddRange(Only($"shrunken {Word}", shrunken));
        columns.Add("p");
        columns.AddRange(Only("looks", looks));
        columns.AddRange(Only("best-look p", best));
        columns.AddRange(Only("split p", split));
        columns.Add("verdict");
        var rows = _sorted.Take(MostRows).Select(t =>
        {
            List<object?> row = [t.Row.Name];
            row.AddRange(Only<object?>(t.Row.Users, columns.Contains("users")));
            row.AddRange(Only<object?>(t.Row.Effect, HasEffects));
            row.AddRange(Only<object?>(t.Shrunken?.Estimate, shrunken));
            row.Add(t.Row.P);
            row.AddRange(Only<object?>((long)t.Row.Looks, looks));
            row.AddRange(Only<object?>(t.IsBroken ? null : t.P, best));
            row.AddRange(Only<object?>(t.SplitP, split));
            row.Add(Verdict(t));
            return (IReadOnlyList<object?>)row;
        }).ToList();
        return new ResultTable("experiments", _sorted.Count > MostRows ? $"Experiments (smallest {MostRows} p-values of {Figures.Count(_sorted.Count)})" : "Experiments", columns, rows);
    }

    private static IEnumerable<T> Only<T>(T item, bool isThere) => isThere ? [item] : [];

    internal static string Verdict(JudgedTest t) => t switch
    {
        { IsBroken: true } => "split broken",
        { Row.IsUnread: true } => $"no: {t.Row.Finding!.Replace('-', ' ')}",
        { IsWin: true, Row.IsHeldBack: true } => $"no: its own finding says {t.Row.Finding!.Replace('-', ' ')}",
        { Survives: true } => "launch",
        { IsWin: true } => "test again",
        { IsSignificant: true } => "lost",
        _ => "not settled",
    };

    private ResultTable Chance()
    {
        var c = facts.Chance;
        var rows = new List<IReadOnlyList<object?>>
        {
            new object?[] { "significant, expected by luck", c.ExpectedFalse },
            new object?[] { "wins expected by luck", c.ExpectedFalseGood },
            new object?[] { "one or more significant by luck", c.AtLeastOne },
            new object?[] { $"{facts.Significant} or more significant by luck", c.AtLeast },
            new object?[] { $"{facts.Wins} or more wins by luck", c.AtLeastGood },
        };
        if (facts.IsShareKnown)
        {
            rows.Add(["share of ideas that work", facts.SuccessRate]);
            rows.Add(["false among uncorrected wins", facts.FalsePositiveRisk]);
        }

        if (facts is { ExpectedWithLooks: { } expected, AtLeastWithLooks: { } atLeast })
        {
            rows.Insert(5, ["expected by luck and looking", expected]);
            rows.Insert(6, [$"{facts.Significant} or more by luck and looking", atLeast]);
        }

        if (facts.Shrinkage is { } s)
        {
            rows.Add(["mean true effect", s.Mean]);
            rows.Add(["spread of true effects", s.Spread]);
        }

        return new ResultTable("chance", "What luck gives, and what is behind it", ["quantity", "value"], rows);
    }

    private ResultTable Adjusted() => new("adjusted", "p-values, corrected for the whole family", ["experiment", "counted p", "Bonferroni p", "Holm p", "Hochberg p", "BH p", "BY p", "Storey q"],
        [.. _sorted.Take(MostRows).Select(t => (IReadOnlyList<object?>)[t.Row.Name, t.P, t.Bonferroni, t.Holm, t.Hochberg, t.BenjaminiHochberg, t.BenjaminiYekutieli, t.Q])]);

    private ResultTable? Repeat()
    {
        var again = _sorted.Where(t => t is { IsWin: true, Survives: false, IsBroken: false }).Take(MostRows).ToList();
        return again.Count == 0 ? null : new ResultTable("replication", "Replications: size at what is left of the effect, power 0.9", ["experiment", HasEffects ? $"remaining {Word}" : "remaining z", "times the first size", "users"],
            [.. again.Select(t => (IReadOnlyList<object?>)[t.Row.Name, t.PlannedEffect, t.ReplicationFactor, t.ReplicationFactor is { } f && t.Row.Users is { } n && f * n < 1e12 ? (long)Math.Ceiling(f * n) : null])]);
    }

    private ResultTable? Completeness()
    {
        var rows = new List<IReadOnlyList<object?>>();
        if (facts.Excess is { } e)
        {
            rows.Add(["excess significance", e.Expected, e.PValue, $"{e.Observed} seen, {Figures.Number(Math.Round(e.Expected, 1))} expected"]);
        }

        if (facts.Curve is { } c)
        {
            rows.Add(["p-curve, no effect", c.FullZ, c.FullP, c.HasEvidence ? "evidence of real effects" : "no clear evidence"]);
            rows.Add(["p-curve, weak effects", c.WeakZ, c.WeakP, c.LacksEvidence ? "flatter than weak tests" : "not flatter than weak tests"]);
        }

        if (facts.Funnel is { } f)
        {
            rows.Add(["funnel asymmetry (Egger)", f.Intercept, f.PValue, f.PValue < 0.1 ? "imprecise tests differ from precise" : "precise and imprecise agree"]);
        }

        return rows.Count == 0 ? null : new ResultTable("completeness", "Is the list complete?", ["test", "statistic", "p", "reading"], rows);
    }

    private ResultTable? Together()
    {
        var rows = new List<IReadOnlyList<object?>>();
        if (ProgrammeTogether.Sum(facts) is { } sum)
        {
            rows.AddRange([Row(sum.Launched ? "sum of what the launched claim" : "sum of the wins as measured", sum.Claimed), Row("the same, shrunk", sum.Shrunken)]);
        }

        var holdouts = facts.Input.Unit is null ? [] : facts.Input.MeasuredHoldouts;
        rows.AddRange(holdouts.Reverse().Select(h => Row(holdouts.Count == 1 ? "holdout of everything launched" : $"holdout {h.Name}", ProgrammeTogether.Measured(h))));
        return rows.Count == 0 ? null : new ResultTable("together", "Worth together", ["what", $"total {Word}", $"low {Word}", $"high {Word}"], rows);

        static IReadOnlyList<object?> Row(string what, SummedEffect e) => [what, e.Value, e.Low, e.High];
    }

    private ResultTable? Pairs()
    {
        const int most = 20;
        var shown = facts.Input.Overlap?.Pairs.Where(p => p.Pair.AdjustedP < 0.01 || p.Pair.IndependenceP < 0.001 / facts.Input.Overlap.Pairs.Count).OrderBy(p => p.Pair.AdjustedP).Take(most).ToList();
        return shown is null or [] ? null : new ResultTable("pairs", $"Pairs that act on each other, of {Figures.Count(facts.Input.Overlap!.Pairs.Count)} scanned", ["first", "second", "effect of second alone", "with the first", "interaction", "p", "BH p", "independence p"],
            [.. shown.Select(p => (IReadOnlyList<object?>)[p.Pair.First, p.Pair.Second, p.Without, p.With, p.Pair.Interaction, p.Pair.PValue, p.Pair.AdjustedP, p.Pair.IndependenceP])]);
    }

    private ResultTable? Decisions()
    {
        if (!facts.Input.HasDecisions)
        {
            return null;
        }

        long Of(Func<JudgedTest, bool> which) => facts.Tests.LongCount(which);
        var rows = new List<IReadOnlyList<object?>>
        {
            new object?[] { "experiments with a result", (long)facts.Tests.Count },
            new object?[] { "wins, read one by one", (long)facts.Wins },
            new object?[] { "losses and unsettled results kept", Of(t => !t.IsWin) },
            new object?[] { "launched", Of(t => t.Row.IsLaunched) },
            new object?[] { "launched, and standing", Of(t => t.Row.IsLaunched && t.Survives) },
            new object?[] { "standing, and not launched", Of(t => !t.Row.IsLaunched && t.Survives) },
            new object?[] { "decisions overridden by a person", Of(t => t.Row.Override is not null) },
            new object?[] { "looks in all", facts.Tests.Sum(t => (long)t.Row.Looks) },
        };
        long[] days = [.. facts.Tests.Select(t => t.Row.Day).OfType<long>().Order()];
        if (days.Length >= 2 && days[^1] > days[0])
        {
            rows.Add(["experiments a week", days.Length / ((days[^1] - days[0] + 1) / 7.0)]);
        }

        if (facts.Predictions is { } p)
        {
            rows.Add(["share of predictions that came", p.Slope]);
        }

        return new ResultTable("programme", "The programme", ["what", "value"], rows);
    }

    public IReadOnlyList<Plot> Plots()
    {
        var plots = new List<Plot>();
        if (facts.Input.Unit is { } unit)
        {
            var drawn = _sorted.Where(t => t.Row.Z is not null).Take(MostDrawn).ToList();
            if (drawn.Count > 0)
            {
                plots.Add(new Plot("effects", "Effects as measured, smallest p first", IntervalPlot.Build([.. drawn.Select(Interval)], "effect", new PlotUnit(unit, Change: true))));
            }
        }

        if (facts.Tests.Count >= Bins)
        {
            plots.Add(new Plot("p-values", "p-values: without any effect every bar is about alike", HistogramPlot.Build(Histogram(), "p-value", new PlotUnit("number"))));
        }

        return plots;
    }

    private static IntervalRow Interval(JudgedTest t)
    {
        var half = Normal.UpperQuantile((1 - Level) / 2) * t.Row.StandardError!.Value;
        return new IntervalRow(t.Row.Name, t.Row.Effect!.Value, t.Row.Effect.Value - half, t.Row.Effect.Value + half);
    }

    private List<HistogramBin> Histogram()
    {
        var counts = new long[Bins];
        foreach (var t in facts.Tests)
        {
            counts[Math.Min(Bins - 1, (int)(t.Row.P * Bins))]++;
        }

        return [.. counts.Select((n, i) => new HistogramBin((double)i / Bins, (i + 1.0) / Bins, n))];
    }
}
