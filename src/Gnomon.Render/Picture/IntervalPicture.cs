using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Render.Words;

namespace Gnomon.Render.Picture;

/// <summary>Estimates of one unit on one axis, with the value of no effect and the reference lines. Drawn as text and as SVG.</summary>
internal sealed record IntervalPicture
{
    public required FigureUnit Unit { get; init; }

    public required IReadOnlyList<PictureRow> Rows { get; init; }

    public required IReadOnlyList<ReferenceLine> Lines { get; init; }

    public required Axis Axis { get; init; }

    /// <summary>What is drawn, where a finding has several pictures and neither the labels nor the unit say it: <c>hazard ratio</c>; null otherwise.</summary>
    public string? Name { get; init; }

    /// <summary>Confidence level shared by all rows; null when they differ.</summary>
    public double? Level { get; init; }

    /// <summary>One picture per unit, in the order in which units appear; rows by role, then as given.</summary>
    internal static IReadOnlyList<IntervalPicture> Of(Finding finding)
    {
        var lines = ReferenceLines.Of(finding);
        IReadOnlyList<IntervalPicture> pictures = [.. finding.Estimates
            .GroupBy(e => (e.Unit, Change: FigureUnit.Of(e).NoEffect is not null))
            .Select(g => Build([.. g.OrderBy(e => RoleRank(e.Role))], [.. lines.Where(l => g.Key.Change && Concerns(l, g.Key.Unit, g))]))];
        return pictures.Count > 1 ? pictures : [.. pictures.Select(p => p with { Name = null })];
    }

    /// <summary>Columns of the axis where a reference line of this row's metric belongs.</summary>
    internal IEnumerable<ReferenceLine> LinesFor(PictureRow row) => Lines.Where(l => l.Metric is null || l.Metric == row.Estimate.Metric);

    private static bool Concerns(ReferenceLine line, string unit, IEnumerable<Estimate> rows) =>
        line.Unit == unit && double.IsFinite(line.Value) && (line.Metric is null || rows.Any(e => e.Metric == line.Metric));

    private static IntervalPicture Build(IReadOnlyList<Estimate> estimates, IReadOnlyList<ReferenceLine> lines)
    {
        var unit = FigureUnit.Of(estimates[0]);
        var labels = RowLabels.Of(estimates);
        return new IntervalPicture
        {
            Unit = unit,
            Rows = [.. estimates.Select((e, i) => new PictureRow(e, labels[i], Paper.Interval(e)))],
            Lines = lines,
            Name = Named(estimates, labels, unit.Suffix),
            Axis = Axis.For(estimates, unit, lines),
            Level = estimates.Select(e => e.Level).Distinct().Count() == 1 ? estimates[0].Level : null,
        };
    }

    // Differences and lifts are told by their units, and a unit of its own says its name.
    private static string? Named(IReadOnlyList<Estimate> estimates, IReadOnlyList<string> labels, string suffix)
    {
        var name = estimates[0].Name;
        return estimates.All(e => e.Name == name) && name is not ("difference" or "lift") && name != suffix && !labels.Any(l => l.Contains(name, StringComparison.Ordinal)) ? name.Replace('-', ' ') : null;
    }

    private static int RoleRank(string role) => role switch
    {
        "primary" => 0,
        "guardrail" => 1,
        "secondary" => 2,
        "sensitivity" => 3,
        _ => 4,
    };
}

/// <param name="Estimate">The numbers.</param>
/// <param name="Label">What tells this row from the others of the picture.</param>
/// <param name="Text">Value and interval on paper.</param>
internal sealed record PictureRow(Estimate Estimate, string Label, PaperInterval Text);
