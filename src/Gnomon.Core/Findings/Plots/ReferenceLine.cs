namespace Gnomon.Core.Findings.Plots;

/// <summary>A value the reader holds the estimates against: a margin, a planned effect, a target.</summary>
/// <param name="Name">What it is, in the reader's words: <c>margin</c>, <c>planned effect</c>.</param>
/// <param name="Value">Where it lies, in <paramref name="Unit"/>.</param>
/// <param name="Unit">Unit of the estimates it belongs to: <c>proportion</c>, <c>relative</c>, or the metric's own.</param>
/// <param name="Metric">The metric it belongs to; null when it holds for every estimate of that unit.</param>
public sealed record ReferenceLine(string Name, double Value, string Unit, string? Metric = null);

/// <summary>
/// Reference lines travel in a finding as the table <c>reference-lines</c>, so that the picture can be drawn again from the JSON alone.
/// Renderers draw them on the axis of the intervals instead of printing the table.
/// </summary>
public static class ReferenceLines
{
    public const string TableId = "reference-lines";

    private static readonly string[] Columns = ["name", "value", "unit", "metric"];

    /// <summary>The table to add to <see cref="Finding.Tables"/>.</summary>
    public static ResultTable Table(IReadOnlyList<ReferenceLine> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        return new(TableId, "Reference lines", Columns, [.. lines.Select(l => (IReadOnlyList<object?>)[l.Name, l.Value, l.Unit, l.Metric])]);
    }

    /// <summary>The lines of a finding; empty when it has none.</summary>
    public static IReadOnlyList<ReferenceLine> Of(Finding finding)
    {
        ArgumentNullException.ThrowIfNull(finding);
        return [.. finding.Tables.Where(t => t.Id == TableId && t.Columns.SequenceEqual(Columns)).SelectMany(t => t.Rows.Select(Line).OfType<ReferenceLine>())];
    }

    // A table edited by hand may hold other cells: such a row draws nothing.
    private static ReferenceLine? Line(IReadOnlyList<object?> row) => row switch
    {
        [string name, double value, string unit, var metric] => new ReferenceLine(name, value, unit, metric as string),
        [string name, long value, string unit, var metric] => new ReferenceLine(name, value, unit, metric as string),
        _ => null,
    };
}
