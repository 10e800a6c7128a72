using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Methods.Inference;

namespace Gnomon.Studies.Compare;

/// <summary>Estimates, tables and the picture of a comparison.</summary>
internal sealed class CompareReport
{
    private const int MostRows = 40;
    private const string RankBiserial = "rank-biserial";
    private readonly CompareOptions _options;
    private readonly CompareInput _input;
    private readonly CompareAnswer _answer;
    private readonly IReadOnlyList<Mixture> _mixtures;

    public CompareReport(CompareOptions options, CompareInput input, CompareAnswer answer, IReadOnlyList<Mixture> mixtures)
    {
        _options = options;
        _input = input;
        _answer = answer;
        _mixtures = mixtures;
    }

    public IReadOnlyList<Estimate> Estimates()
    {
        var estimates = new List<Estimate>();
        foreach (var c in _answer.Contrasts)
        {
            estimates.AddRange(Of(c));
        }

        if (_answer.Overall is { } overall)
        {
            estimates.Add(new Estimate
            {
                Name = _input.Kind == MetricKind.Category ? "cramers-v" : "omega-squared", Metric = _input.Metric, Contrast = "all groups", Value = overall.Value, Low = Math.Min(overall.Low, overall.Value),
                High = Math.Max(overall.High, overall.Value), Level = overall.Level, Unit = _input.Kind == MetricKind.Category ? "Cramer's V" : "omega squared", P = _answer.Omnibus?.PValue, N = _input.N, Method = overall.Method, Role = "descriptive",
            });
        }

        foreach (var line in _answer.Methods.Where(m => !m.Used && m.Contrast is not null))
        {
            estimates.Add(Estimate(line.Name, line.Label, line.Contrast!, line.Unit, line.PValue, Count(line.Label), "sensitivity"));
        }

        foreach (var m in _mixtures.Where(m => m.Joint is not null))
        {
            estimates.Add(Estimate(
                m.Contrast.Name, m.Contrast.Contrast, Absolute(m), m.Contrast.Unit, m.Joint!.Stratified.PValue, m.Contrast.N - m.Joint.UnitsOutside, "sensitivity") with { Method = $"with {string.Join(", ", m.HeldFixed.Select(h => h.Name))} held fixed" });
        }

        return estimates;
    }

    public IReadOnlyList<ResultTable> Tables()
    {
        var tables = new List<ResultTable> { Groups(), Methods() };
        if (_answer.Contrasts.Count > 1)
        {
            tables.Add(new ResultTable("comparisons", "Comparisons", ["contrast", "difference", "low", "high", "p", "p adjusted"],
                [.. _answer.Contrasts.Take(MostRows).Select(c => (IReadOnlyList<object?>)[c.Category is null ? c.Contrast : $"{c.Category}: {c.Contrast}", c.Main.Value, c.Main.Low, c.Main.High, c.OwnP, c.Main.PValue])]));
        }

        foreach (var mixture in _mixtures)
        {
            tables.Add(new ResultTable(
                tables.Exists(t => t.Id == "columns") ? $"columns-{tables.Count(t => t.Id.StartsWith("columns", StringComparison.Ordinal)) + 1}" : "columns", $"What else differs, {mixture.Contrast.Contrast}",
                ["column", "standardised difference", "p adjusted", "difference held fixed", "low", "high"],
                [.. mixture.Columns.OrderByDescending(l => l.StandardisedDifference).ThenBy(l => l.Column).Select(l => (IReadOnlyList<object?>)
                    [l.Name, l.StandardisedDifference, l.PValue, l.Within?.Stratified.Value, l.Within?.Stratified.Low, l.Within?.Stratified.High])]));
        }

        if (Margins() is { } margins)
        {
            tables.Add(margins);
        }

        if (_options.Tools && OtherTools.Table(OtherTools.Settings(_input)) is { } tools)
        {
            tables.Add(tools);
        }

        var lines = Lines().ToList();
        if (lines.Count > 0)
        {
            tables.Add(ReferenceLines.Table(lines));
        }

        return tables;
    }

    public IReadOnlyList<Plot> Plots()
    {
        var shown = _answer.Contrasts.Take(MostRows).ToList();
        if (shown.Count == 0)
        {
            return [];
        }

        var rows = shown.ConvertAll(c => Row(c, c.Category ?? c.Contrast, c.Main));
        rows.AddRange(shown.Where(c => c.Crude is not null).Select(c => Row(c, $"{c.Contrast}, {string.Join(", ", _options.Strata)} ignored", c.Crude!)));
        rows.AddRange(_mixtures.Where(m => m.Joint is not null).Select(m => Row(m.Contrast, $"{m.Contrast.Contrast}, {string.Join(", ", m.HeldFixed.Select(h => h.Name))} fixed", Absolute(m))));
        var unit = shown[0].Name == "superiority" ? RankBiserial : shown[0].Unit;
        var title = $"difference of {_input.Metric}";
        return [new Plot("effect", $"Difference of {_input.Metric}", IntervalPlot.Build(rows, title, new PlotUnit(unit, Change: true), [.. Lines()]))];
    }

    private static IntervalRow Row(GroupContrast c, string label, ContrastResult r)
    {
        var shown = c.Name == "superiority" ? Centred(r) : r;
        return new IntervalRow(label, shown.Value, shown.Low, shown.High);
    }

    // The difference with columns held fixed, on the scale of the contrast itself.
    private static ContrastResult Absolute(Mixture m) => m.Joint!.Stratified with
    {
        Value = m.Joint.Stratified.Value + m.Contrast.Null, Low = m.Joint.Stratified.Low + m.Contrast.Null, High = m.Joint.Stratified.High + m.Contrast.Null,
    };

    private IEnumerable<Estimate> Of(GroupContrast c)
    {
        var name = c.Category is null ? c.Contrast : $"{c.Category}: {c.Contrast}";

        yield return Estimate(c.Name, name, c.Main, c.Unit, c.Main.PValue, c.N - (c.WithinStrata?.UnitsOutside ?? 0), "primary");
        if (c.Crude is { } crude)
        {
            yield return Estimate(c.Name, name, crude, c.Unit, crude.PValue, c.N, "sensitivity") with { Method = $"{crude.Method}, {string.Join(", ", _options.Strata)} ignored" };
        }

        if (c.Lift?.Contrast is { } lift && c.Name == "difference" && c.Category is null)
        {
            yield return Estimate("lift", $"{c.Group.Name} / {c.Reference.Name} - 1", lift, "relative", null, c.N, "descriptive");
        }

        if (c.Size is { } size)
        {
            yield return new Estimate
            {
                Name = "hedges-g", Metric = _input.Metric, Contrast = name, Value = size.Value, Low = size.Low, High = size.High, Level = size.Level, Unit = "standard deviations", N = c.N, Method = size.Method, Role = "descriptive",
            };
        }
    }

    // A chance of the higher value is stated as the rank-biserial correlation 2 p - 1: 0 is no difference, as for every other estimate.
    private Estimate Estimate(string name, string contrast, ContrastResult r, string unit, double? p, long n, string role) => name == "superiority"
        ? Estimate(RankBiserial, contrast, Centred(r), RankBiserial, p, n, role)
        : new Estimate
        {
            Name = name, Metric = _input.Metric, Contrast = contrast, Value = r.Value, Low = r.Low, High = r.High, Level = r.Level, Unit = unit, P = p, N = n, Method = r.Method, Role = role,
        };

    private static ContrastResult Centred(ContrastResult r) => r with { Value = 2 * r.Value - 1, Low = 2 * r.Low - 1, High = 2 * r.High - 1 };

    private long Count(string label) => _answer.Contrasts.FirstOrDefault(c => c.Contrast == label)?.N ?? _input.N;

    private ResultTable Groups()
    {
        if (_input.Kind == MetricKind.Category)
        {
            return new ResultTable("groups", "Groups", [_input.By, "n", .. _input.Categories],
                [.. _input.Groups.Select(g => (IReadOnlyList<object?>)[g.Name, g.N, .. _input.Categories.Select((_, k) => (object?)(g.Values.LongCount(v => (int)v == k) / (double)g.N))])]);
        }

        return _input.Kind == MetricKind.Binary
            ? new ResultTable("groups", "Groups", [_input.By, "n", "with", "share", "low", "high"], [.. _input.Groups.Select(g =>
            {
                var interval = OneProportion.Wilson(g.Events, g.N, _options.Level);
                return (IReadOnlyList<object?>)[g.Name, g.N, g.Events, g.Events / (double)g.N, interval.Low, interval.High];
            })])
            : new ResultTable("groups", "Groups", [_input.By, "n", "mean", "standard deviation", "median"],
                [.. _input.Groups.Select(g => (IReadOnlyList<object?>)[g.Name, g.N, g.Moments.Mean, g.N > 1 ? g.Moments.StandardDeviation : null, Median(g.Sorted)])]);
    }

    private ResultTable Methods() => new("methods", "Methods, the used ones first", ["used", "method", "contrast", "p", "why"],
        [.. _answer.Methods.OrderByDescending(m => m.Used).Take(MostRows).Select(m => (IReadOnlyList<object?>)[m.Used ? "yes" : "no", m.Method, m.Label, m.PValue, m.Why])]);

    // Two one-sided tests: is the difference inside the margin, and is the group not worse by more than it?
    private ResultTable? Margins()
    {
        var rows = new List<IReadOnlyList<object?>>();
        foreach (var c in _answer.Contrasts.Where(c => c.Name == "difference" && c.Category is null && !_input.IsPaired))
        {
            if (_options.MarginAt(c.Reference.Moments.Mean) is not { } margin)
            {
                continue;
            }

            try
            {
                var test = _input.Kind == MetricKind.Binary
                    ? Equivalence.Proportions(c.Group.Events, c.Group.N, c.Reference.Events, c.Reference.N, -Math.Min(margin, 0.999), Math.Min(margin, 0.999), 0.5 * _options.Alpha)
                    : Equivalence.Means(c.Group.Moments, c.Reference.Moments, -margin, margin, 0.5 * _options.Alpha);
                rows.Add([c.Contrast, margin, test.PAboveLow, test.PBelowHigh, test.PValue]);
            }
            catch (Exception e) when (e is Gnomon.Methods.NotEstimableException or Gnomon.Methods.TooFewRowsException)
            {
                rows.Add([c.Contrast, margin, null, null, null]);
            }
        }

        return rows.Count == 0 ? null : new ResultTable("margin", "Against the margin: one-sided p-values", ["contrast", "margin", "p not lower", "p not higher", "p equivalent"], rows);
    }

    private IEnumerable<ReferenceLine> Lines()
    {
        if (_answer.Contrasts.Count > 0 && _answer.Contrasts[0] is { Name: "difference", Category: null } first && _options.MarginAt(first.Reference.Moments.Mean) is { } margin)
        {
            yield return new ReferenceLine("matters", margin, first.Unit, _input.Metric);
            yield return new ReferenceLine("matters", -margin, first.Unit, _input.Metric);
        }
    }

    private static double Median(double[] sorted) =>
        sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : 0.5 * (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]);
}
