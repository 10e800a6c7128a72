using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;

namespace Gnomon.Studies.Profile.Looks;

/// <summary>What reading lost: the reader's own complaints, columns of mixed types, wrongly decoded text, whole numbers that a double cannot hold.</summary>
internal static class LossLook
{
    private const double Mostly = 0.9;
    private const double LargestExact = 9_007_199_254_740_992;

    public static ReadingLosses Of(IDataset data, IReadOnlyList<ColumnFacts> columns)
    {
        var rows = columns.Count == 0 ? 0 : columns[0].Rows;
        var reader = data.Issues.Select(i => FromReader(i, rows)).OfType<ReadingLoss>().ToList();
        var known = data.Issues.Select(i => i.Says).ToList();
        var found = columns.SelectMany(FromColumn).Where(l => l.Kind != "mixed-types" || !known.Exists(s => s.Contains($"'{l.Column}'", StringComparison.Ordinal))).Select(l => l.Loss);
        return new ReadingLosses { Rows = rows, Losses = [.. reader, .. found] };
    }

    private static ReadingLoss? FromReader(ReadIssue issue, long rows)
    {
        var share = rows == 0 ? 0 : (double)issue.Count / rows;
        return issue.Kind switch
        {
            "ragged-row" => new ReadingLoss(issue.Kind, issue.Count, share, true, issue.Says),
            "mixed-types" or "other-decimal-mark" or "bad-encoding" or "stray-quote" or "zero-byte" => new ReadingLoss(issue.Kind, issue.Count, share, false, issue.Says),
            _ => null,
        };
    }

    private static IEnumerable<(string Kind, string Column, ReadingLoss Loss)> FromColumn(ColumnFacts column)
    {
        if (column.Shape is { } shape)
        {
            var missing = shape.MissingWords.Sum(m => m.Value) / (double)Math.Max(1, column.Present);
            var (share, word) = shape.Numbers >= shape.Dates ? (shape.Numbers, "numbers") : (shape.Dates, "dates");
            var odd = 1 - share - missing;
            if (share >= Mostly && odd > 0.0005 && !NameHints.IsIdentifier(column.Name) && column.Role != Role.Key)
            {
                yield return ("mixed-types", column.Name, new ReadingLoss(
                    "mixed-types", (long)Math.Round(odd * column.Present), odd, false, $"column '{column.Name}' is text: {Figures.Percent(share)} of its cells are {word}, {Figures.Percent(odd)} are not"));
            }

            foreach (var damaged in EncodingLook.Of(column))
            {
                yield return (damaged.Kind, column.Name, EncodingLook.Loss(damaged));
            }
        }

        if (column.Type == ColumnType.Double && column.Present > 0 && column.Scan.Moments is { Min: { } min, Max: { } max } && Math.Max(-min, max) is > LargestExact and < 1e19 && IsWhole(column))
        {
            yield return ("large-integers", column.Name, new ReadingLoss(
                "large-integers", column.Present, 1, true, $"column '{column.Name}' holds whole numbers up to {column.Show(max)} as floating point, which cannot tell neighbours apart beyond 2^53"));
        }
    }

    private static bool IsWhole(ColumnFacts column) => column.Distribution.Counts?.All(c => c.Value == Math.Floor(c.Value)) ?? false;
}
