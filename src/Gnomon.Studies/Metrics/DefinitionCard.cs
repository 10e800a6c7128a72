using System.Globalization;
using Gnomon.Core.Findings;

namespace Gnomon.Studies.Metrics;

/// <summary>The written definition of the metric that is to decide: for the finding, and as Markdown.</summary>
internal sealed class DefinitionCard
{
    private const string Open = "to be named";
    private readonly LabFacts _facts;
    private readonly JudgedMetric _metric;

    public DefinitionCard(LabFacts facts, JudgedMetric metric) => (_facts, _metric) = (facts, metric);

    public IReadOnlyList<(string Field, string Text)> Fields()
    {
        var options = _facts.Options;
        var slash = _metric.Name.IndexOf('/', StringComparison.Ordinal);
        var unit = options.Unit ?? "unit assigned";
        return
        [
            ("name", _metric.Name),
            ("numerator", slash > 0 ? $"sum of {_metric.Name[..slash]} over the units of an arm" : $"sum of {_metric.Name} over the units of an arm"),
            ("denominator", slash > 0 ? $"sum of {_metric.Name[(slash + 1)..]} over the units of an arm" : $"units of the arm, with or without any {_metric.Name}"),
            ("unit", unit),
            ("window", options.Window ?? Open),
            ("owner", options.Owner ?? Open),
            ("direction", _facts.Input.Signs[_metric.Index] > 0 ? "more is better" : "less is better"),
            ("minimum effect", Minimum()),
            ("stands for", Stands()),
            ("guardrails", string.Join("; ", Guardrails(_facts, _metric).Select(g => g.Text ?? g.Metric))),
        ];
    }

    public ResultTable Table() => new("definition", "Definition card", ["field", "definition"], [.. Fields().Select(f => (IReadOnlyList<object?>)[f.Field, f.Text])]);

    public void Write(string path) => CsvFile.Write(path, "--card", "The definition card", writer =>
    {
        writer.WriteLine($"# {_metric.Name}");
        writer.WriteLine();
        writer.WriteLine("| field | definition |");
        writer.WriteLine("|---|---|");
        foreach (var (field, text) in Fields())
        {
            writer.WriteLine($"| {field} | {text.Replace("|", "\\|", StringComparison.Ordinal)} |");
        }
    });

    public IEnumerable<string> Missing()
    {
        string[] open = [.. new[] { (_facts.Options.Owner, "--owner"), (_facts.Options.Window, "--window") }.Where(o => o.Item1 is null).Select(o => o.Item2)];
        if (open.Length > 0)
        {
            yield return $"Complete the definition card of {_metric.Name}: {string.Join(" and ", open)}.";
        }
    }

    /// <summary>What should be guarded beside the metric: the goal itself, then what tests move most.</summary>
    public static IReadOnlyList<(string Metric, string? Text, string Why)> Guardrails(LabFacts facts, JudgedMetric metric)
    {
        const int most = 4;
        var others = facts.Metrics.Where(m => m != metric).OrderByDescending(m => m.TypicalT).Take(most)
            .Select(m => (m.Name, Margin(facts, m), m.Settled > m.SettledAgree ? $"went against the goal in {Figures.Count(m.Settled - m.SettledAgree, "test")}" : "does not decide: harm must be seen"));
        return [(facts.Goal.Name, Margin(facts, facts.Goal), "the goal itself, read when it is due"), .. others];
    }

    private static string? Margin(LabFacts facts, JudgedMetric m) => m.Margin is not { } margin ? null
        : string.Create(CultureInfo.InvariantCulture, $"{m.Name}{(facts.Input.Signs[m.Index] > 0 ? ">=-" : "<=+")}{RoundedUp(100 * margin)}%");

    // Two digits are enough for a margin, and a smaller one would promise what the tests cannot show.
    private static double RoundedUp(double percent)
    {
        var scale = Math.Pow(10, Math.Floor(Math.Log10(percent)) - 1);
        return double.Parse((Math.Ceiling(percent / scale) * scale).ToString("G4", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    private string Minimum()
    {
        var share = Figures.Percent(_facts.Options.Mde);
        return _metric.Mean is { } mean
            ? $"{share} of {Figures.Number(mean)}" + (_metric.NeededUsers is { } users ? $", found with {Figures.Count((long)Math.Ceiling(users))} units an arm (power 0.8)" : string.Empty)
            : share;
    }

    private string Stands()
    {
        var (n, goal) = (_facts.Tests.Count, _facts.Input.Goal);
        var seen = $"{goal}: same direction in {_metric.Agree} of {n} past tests";
        return _metric.Correlation is { } c && _facts.Carried.Contains(_metric) ? $"{seen}, correlation of true effects {c.Correlation:0.00} (at least {c.Low:0.00} with 95 % confidence)" : $"{seen}; not shown to carry it";
    }
}
