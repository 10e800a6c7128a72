using System.Text;
using Gnomon.Core.Errors;

namespace Gnomon.Studies.Ab.Metrics;

/// <summary>Why a way of assigning arms does not carry a metric, and what to ask instead.</summary>
internal sealed record NotCarried(string Why, string Instead);

/// <summary>Which metrics each way of assigning arms carries. What is not here is compared; the table of docs/verbs/ab.md is this one, and a test runs every cell.</summary>
internal static class MetricsByDesign
{
    /// <summary>Units assigned one by one that repeat over rows.</summary>
    public const string RowsRepeat = "rows repeat";

    /// <summary>Names of the designs, as the options name them; units one by one first.</summary>
    public static readonly IReadOnlyList<string> Designs = ["one by one", RowsRepeat, "--cluster", "--switchback", "--edges", "--ego", "--crossover", "--saturation", "--buyers", "--geo", "--factors"];

    /// <summary>Options of metrics beyond a mean and a share per row.</summary>
    public static readonly IReadOnlyList<string> Metrics = ["--metric", "--ratio", "--rate", "--quantile", "--two-part", "--funnel", "--retention", "--survival", "--oec", "--surrogates"];

    private static readonly string[] OneMetric = ["--ego", "--crossover", "--saturation", "--buyers", "--geo"];

    /// <summary>Null where the design carries the metric.</summary>
    public static NotCarried? Refusal(string metric, string design) => (metric, design) switch
    {
        ("--metric", _) or (_, "--cluster" or "one by one") => null,
        ("--ratio" or "--rate" or "--quantile", RowsRepeat) => null,
        (_, RowsRepeat) => new("what a unit's rows make of the unit must be said first", "Bring the rows of a unit together with --query, or take every row for itself: --cluster UNIT, errors by unit."),
        ("--ratio" or "--rate" or "--quantile" or "--two-part" or "--funnel" or "--oec", "--switchback") => null,
        ("--retention", "--switchback") => new("a unit that comes back days later has met blocks of both arms by then, so no block owns its return", "Compare what happens within the block, with --metric."),
        ("--survival", "--switchback") => new("the wait for the event runs on into blocks of the other arm", "Compare the share that has the event within its block: --metric COLUMN=VALUE."),
        ("--surrogates", "--switchback") => new("units meet both arms in turn, so a later outcome belongs to neither", "Compare the surrogates themselves, with --metric."),
        (_, "--edges") => null,
        ("--ratio" or "--rate", "--geo" or "--saturation" or "--crossover") => null,
        ("--ratio", "--factors") => null,
        _ when OneMetric.Contains(design) => new("it is read for one metric, a mean or a share", Single(metric)),
        (_, "--factors") => new("cells of factors are compared in means and shares", Single(metric)),
        _ => null,
    };

    /// <summary>The table of the docs: who carries what, and why not.</summary>
    public static string Page()
    {
        var page = new StringBuilder($"| metric | {string.Join(" | ", Designs.Select(d => d.StartsWith("--", StringComparison.Ordinal) ? $"`{d}`" : d))} |\n|---|{string.Concat(Designs.Select(_ => "---|"))}\n");
        foreach (var metric in Metrics)
        {
            page.Append($"| `{metric}` | {string.Join(" | ", Designs.Select(d => Refusal(metric, d) is null ? "yes" : "no"))} |\n");
        }

        page.Append('\n');
        var refused = from design in Designs from metric in Metrics let r = Refusal(metric, design) where r is not null select (design, metric, r.Why, r.Instead);
        foreach (var reason in refused.GroupBy(r => (r.design, r.Why)))
        {
            var instead = reason.Select(r => r.Instead).Distinct().ToList();
            page.Append($"- {(reason.Key.design == RowsRepeat ? "Rows that repeat" : $"`{reason.Key.design}`")}, not {string.Join(", ", reason.Select(r => $"`{r.metric}`"))}: {reason.Key.Why}.{(instead.Count == 1 ? $" {instead[0]}" : string.Empty)}\n");
        }

        return page.ToString();
    }

    /// <summary>One error for each metric that the design named does not carry.</summary>
    public static IEnumerable<GnomonError> Validate(AbOptions options) =>
        from metric in Given(options)
        from design in Named(options)
        from error in Error(metric, metric, design)
        select error;

    /// <summary>The same for quantiles that --metric, --secondary or --guardrail names.</summary>
    public static IEnumerable<GnomonError> Quantiles(IEnumerable<MetricSpec> metrics, AbOptions options) => metrics.Any(m => m.Derived is QuantileMetric && m.From is null)
        ? Named(options).SelectMany(design => Error("--quantile", "A quantile", design))
        : [];

    private static IEnumerable<GnomonError> Error(string metric, string shown, string design) => Refusal(metric, design) is { } refusal
        ? [new GnomonError("options-conflict", $"{shown} is not offered with {design}: {refusal.Why}.", $"{metric}, {design}", refusal.Instead)]
        : [];

    // A switchback of zones, or clusters with edges, is one design and no cluster randomisation.
    private static IEnumerable<string> Named(AbOptions options) => new (string Design, bool Is)[]
    {
        ("--cluster", options.Cluster is not null), ("--switchback", options.Switchback), (options.Ego is null ? "--edges" : "--ego", options.Edges is not null || options.Ego is not null), ("--crossover", options.Crossover),
        ("--saturation", options.Saturation is not null), ("--buyers", options.Buyers is not null || options.Sellers is not null), ("--geo", options.Geo), ("--factors", options.Factors.Count > 0),
    }.Where(d => d.Is).Select(d => d.Design);

    // Ratios and rates are refused where the designs read their options.
    private static IEnumerable<string> Given(AbOptions options) => new (string Metric, bool Is)[]
    {
        ("--quantile", options.Quantile.Count > 0), ("--two-part", options.TwoPart.Count > 0), ("--funnel", options.Funnel.Count > 0), ("--retention", options.Retention is not null), ("--survival", options.Survival is not null),
        ("--oec", options.Oec is not null), ("--surrogates", options.Surrogates.Count > 0),
    }.Where(m => m.Is).Select(m => m.Metric);

    private static string Single(string metric) => metric switch
    {
        "--ratio" or "--rate" => "Divide per row with --query, and name the column in --metric.",
        "--quantile" => "Compare the share above a limit: compute it with --query, and name it in --metric.",
        "--two-part" => "Name the column in --metric, or the share with a value computed with --query.",
        "--funnel" => "Name the last step in --metric.",
        "--retention" => "Compute whether the unit came back with --query, and name that column in --metric.",
        "--survival" => "Compare the share with the event by a day that all were watched for: --metric COLUMN=VALUE.",
        "--oec" => "Compute the composite with --query, and name it in --metric.",
        _ => "Compare the surrogates themselves, with --metric.",
    };
}
