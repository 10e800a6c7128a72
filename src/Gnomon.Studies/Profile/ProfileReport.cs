using Gnomon.Core.Findings;
using Gnomon.Methods.Data;
using Gnomon.Methods.Inference;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Studies.Profile;

/// <summary>Estimates and tables of a profile.</summary>
internal sealed class ProfileReport
{
    private const int MostGaps = 5;
    private const int MostSuspects = 10;
    private const int MostSpellings = 1_000;
    private const int MostInGroup = 4;
    private const int MostUnusual = 10;
    private readonly ProfileFacts _facts;

    public ProfileReport(ProfileFacts facts) => _facts = facts;

    private double Level => _facts.Options.Level;

    public IReadOnlyList<Estimate> Estimates() => [.. Target(), .. Repeats(), .. Gaps()];

    public IReadOnlyList<ResultTable> Tables()
    {
        var tables = new List<ResultTable> { Columns() };
        Add(tables, Numbers());
        Add(tables, Times());
        Add(tables, Suspects());
        Add(tables, MissingPatterns());
        Add(tables, Spellings());
        Add(tables, Unusual());
        return tables;
    }

    private static void Add(List<ResultTable> tables, ResultTable table)
    {
        if (table.Rows.Count > 0)
        {
            tables.Add(table);
        }
    }

    private IEnumerable<Estimate> Target()
    {
        if (_facts.Target is not { } target)
        {
            yield break;
        }

        if (_facts.Classes is [var common, var rare])
        {
            yield return Share("rate", $"{target.Name} = {rare.Value}", rare.Rows, common.Rows + rare.Rows, "primary");
        }
        else if (target.IsNumber && target.Scan.Moments is { Count: > 1, M2: > 0 } m)
        {
            var half = -StudentT.Quantile((1 - Level) / 2, m.Count - 1) * m.StandardError;
            yield return new Estimate
            {
                Name = "mean", Metric = target.Name, Value = m.Mean, Low = m.Mean - half, High = m.Mean + half, Level = Level, Unit = target.Name, N = m.Count, Method = "mean, Student t", Role = "primary",
            };
        }
    }

    private IEnumerable<Estimate> Repeats() => _facts.Repeats.Where(r => r.Repeats > 0).Select(r =>
        Share("repeated share", r.IsKey ? r.On : "rows", r.Repeats, r.RowsSeen, "descriptive"));

    private IEnumerable<Estimate> Gaps() => _facts.Columns.Where(c => c.Missing > 0).OrderByDescending(c => c.Missing).Take(MostGaps)
        .Select(c => Share("missing share", c.Name, c.Missing, c.Rows, "descriptive"));

    private Estimate Share(string name, string metric, long hits, long n, string role)
    {
        var interval = OneProportion.Wilson(hits, n, Level);
        return new Estimate
        {
            Name = name, Metric = metric, Value = (double)hits / n, Low = interval.Low, High = interval.High, Level = Level, Unit = "proportion", N = n, Method = "proportion, Wilson", Role = role,
        };
    }

    private ResultTable Columns() => new(
        "columns", "Columns", ["column", "type", "role", "missing share", "distinct", "values"],
        [.. _facts.Columns.Select(c => (IReadOnlyList<object?>)
            [c.Name, c.Type.ToString().ToLowerInvariant(), c == _facts.Target ? "target" : c.Role.Word(), c.MissingShare, c.Scan.Distinct, ProfileWords.Values(c)])]);

    private ResultTable Times() => new(
        "times", "Times", ["column", "earliest", "middle", "latest"],
        [.. _facts.Columns.Where(c => c.IsTemporal && c.Present > 0).Select(c => (IReadOnlyList<object?>)
            [c.Name, c.Show(c.Distribution.Min), c.Distribution.Quantile(0.5) is { } middle ? c.Show(middle) : null, c.Show(c.Distribution.Max)])]);

    private ResultTable Numbers() => new(
        "numbers", "Numbers", ["column", "mean", "sd", "min", "q1", "median", "q3", "max", "zero share", "outlier share"],
        [.. _facts.Columns.Where(c => c.Role == Role.Number && c.Present > 0).Select(NumberRow)]);

    private IReadOnlyList<object?> NumberRow(ColumnFacts c)
    {
        var d = c.Distribution;
        var m = c.Scan.Moments;
        return
        [
            c.Name, m?.Mean, m is { Count: > 1 } ? m.StandardDeviation : null, d.Min, d.Quantile(0.25), d.Quantile(0.5), d.Quantile(0.75), d.Max,
            d.Counts is { } counts ? counts.Where(v => v.Value == 0).Sum(v => v.Count) / (double)c.Present : null, Outliers(c),
        ];
    }

    // Beyond the fences of the boxplot adjusted for skewness, in the sample.
    private double? Outliers(ColumnFacts c)
    {
        var sorted = Array.FindAll(_facts.Scan.Sample.Numbers(c.Index).ToArray(), v => !double.IsNaN(v));
        Array.Sort(sorted);
        return RobustOutliers.AdjustedBoxplot(sorted) is { } fences ? (double)(fences.Below + fences.Above) / sorted.Length : null;
    }

    private ResultTable Suspects() => new(
        "target", $"What goes with {_facts.Target?.Name}", ["column", "measure", "value", "lower limit"],
        [.. (_facts.Leaks?.Strengths ?? []).Take(MostSuspects).Select(s => (IReadOnlyList<object?>)[s.Column, s.Measure, s.Value, s.Low])]);

    private ResultTable MissingPatterns() => new(
        "missing-patterns", "Missing together", ["columns without a value", "row share"],
        [.. _facts.Patterns.Select(p => (IReadOnlyList<object?>)[p.Columns.Length == 0 ? "none: the row is complete" : Short(p.Columns), p.Share])]);

    private ResultTable Spellings() => new(
        "spellings", "Values that may be one", ["column", "spellings", "rows", "they differ by", "keep"],
        [.. _facts.Spellings.OrderByDescending(s => s.Rows).Take(MostSpellings).Select(s => (IReadOnlyList<object?>)
            [s.Column, string.Join(" | ", s.Values.Take(MostInGroup).Select(v => $"'{Short(v.Text)}'")), s.Rows, s.DifferBy, Short(s.Values[0].Text)])]);

    private ResultTable Unusual() => new(
        "unusual-rows", "Rows whose values do not go together", ["row", "robust distance", .. _facts.Unusual?.Columns ?? []],
        [.. (_facts.Unusual?.Found ?? []).Take(MostUnusual).Select(r => (IReadOnlyList<object?>)[r.Row, r.Distance, .. r.Values])]);

    private static string Short(string text) => text.Length <= 60 ? text : text[..57] + "...";
}
