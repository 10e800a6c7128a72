using System.Globalization;
using Gnomon.Core.Errors;

namespace Gnomon.Studies.Compare;

/// <summary>Counts typed in: <c>--counts A=500/11034,B=420/11037</c>, the control group first.</summary>
internal static class CompareTyped
{
    public static CompareInput Read(CompareOptions options)
    {
        var groups = options.Counts.Select(One).ToList();
        if (groups.Count < 2)
        {
            throw new GnomonError("one-group", "Only one group was typed in; a comparison needs two.", "--counts", "Write --counts A=500/11034,B=420/11037.");
        }

        if (groups.GroupBy(g => g.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new GnomonError("group-repeated", $"Group '{twice.Key}' is typed in {twice.Count()} times.", "--counts", "Give each group once.");
        }

        if (options.Control is { } control)
        {
            var first = groups.Find(g => g.Name == control)
                ?? throw new GnomonError("group-not-found", $"No group '{control}' was typed in. Groups: {string.Join(", ", groups.Select(g => g.Name))}.", "--control");
            groups.Remove(first);
            groups.Insert(0, first);
        }

        return new CompareInput { Metric = options.Metric ?? "events", Kind = MetricKind.Binary, By = options.By ?? "group", Groups = groups, Rows = groups.Sum(g => g.N) };
    }

    private static GroupData One(string text)
    {
        var equals = text.LastIndexOf('=');
        var parts = equals > 0 ? text[(equals + 1)..].Split('/') : [];
        return parts.Length == 2 && Whole(parts[0], out var events) && Whole(parts[1], out var units) && events >= 0 && units > 0 && events <= units
            ? new GroupData { Name = text[..equals].Trim(), Values = [], Counts = (events, units) }
            : throw new GnomonError("bad-counts", $"--counts {text}: write NAME=events/units, whole numbers with 0 <= events <= units and units above 0.", "--counts", "Write --counts A=500/11034,B=420/11037.");
    }

    private static bool Whole(string text, out long value) =>
        long.TryParse(text.Trim().Replace("_", string.Empty, StringComparison.Ordinal), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
}
