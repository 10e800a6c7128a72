using Gnomon.Core.Findings;

namespace Gnomon.Studies.Profile;

/// <summary>Words of a profile.</summary>
internal static class ProfileWords
{
    public static string List(IReadOnlyList<string> names, int most) =>
        string.Join(", ", names.Take(most)) + (names.Count > most ? $" and {names.Count - most} more" : string.Empty);

    /// <summary>A column's values at a glance: the most frequent ones of a category, the range of numbers and times.</summary>
    public static string Values(ColumnFacts column)
    {
        if (column.Present == 0)
        {
            return "no value";
        }

        if (column.Scan.IsText || column.Role is Role.Flag or Role.Constant || column.Type == Core.Tables.ColumnType.Boolean)
        {
            var top = column.Frequent(3).Select(v => ((double)v.Count / column.Present) is >= 0.01 and var share ? $"{Short(v.Text, 24)} {Figures.WholePercent(share)}" : Short(v.Text, 24)).ToList();
            return top.Count > 0 ? string.Join(", ", top) + (column.Scan.Distinct > 3 ? ", ..." : string.Empty) : column.Shape is { } shape ? $"about {Figures.Number(shape.MeanLength)} characters" : string.Empty;
        }

        return $"{column.Show(column.Distribution.Min)} to {column.Show(column.Distribution.Max)}";
    }

    public static string Short(string text, int most)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= most ? line : line[..(most - 3)] + "...";
    }

    /// <summary>A flaw in a few words, for the summary; <paramref name="columns"/> says where.</summary>
    public static string Thing(string check, string columns, string says)
    {
        var where = columns.Length == 0 ? string.Empty : $" ({columns})";
        return check switch
        {
            "duplicate-records" => $"repeated records ({says})",
            "informative-missingness" => $"values missing for a reason{where}",
            "sentinel-value" => $"values that look like codes or caps{where}",
            "parsing-loss" => "values that reading could not keep or type",
            "population-drift" => columns.Length == 0 ? "the file changes from its first half to its second" : $"the data change over {columns}",
            "stale-data" when says.Contains(" are allowed", StringComparison.Ordinal) => $"a file older than is allowed{where}",
            "stale-data" => $"numbers that stopped changing{where}",
            "timezone-mismatch" => $"times from several clocks{where}",
            "event-order-violation" => $"records that end before they start{where}",
            "sensitive-data-exposed" => "secrets or card numbers in the clear",
            "too-few-events" => "few cases of the target",
            "label-noise" when says.StartsWith('\'') => "definitions of the outcome that name different units",
            "conflicting-labels" => "rows alike with another target",
            _ => SecondFileThing(check) ?? $"{check}{where}",
        };
    }

    private static string? SecondFileThing(string check) => check switch
    {
        "unrepresentative-sample" => "the rows do not have the population's make-up",
        "unseen-category" => "values that training never saw",
        "label-noise" => "labels that look wrong",
        "structural-break" => "a level that changed between old and new rows",
        "rank-instability" => "an order of columns that other rows do not keep",
        "double-dipping" => "a search of rows that were searched before",
        _ => null,
    };
}
