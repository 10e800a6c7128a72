using System.Globalization;
using Gnomon.Core.Findings;

namespace Gnomon.Render.Words;

/// <summary>A table cell as text. The column's name tells rates and p-values from other numbers.</summary>
public static class CellText
{
    /// <returns>Empty for null; no thousands separator below 10,000, where years and codes live.</returns>
    public static string Of(object? cell, string column) => cell switch
    {
        null => string.Empty,
        string text => text,
        bool flag => flag ? "yes" : "no",
        long number => Whole(number),
        int number => Whole(number),
        double number => OfDouble(number, LastWord(column)),
        _ => throw new InvalidOperationException($"A table cell holds {cell.GetType().Name}; cells are string, long, double, bool or null."),
    };

    /// <summary>True when every cell of the column that is there is a number: such columns are set to the right.</summary>
    public static bool IsNumeric(ResultTable table, int column)
    {
        ArgumentNullException.ThrowIfNull(table);
        var cells = table.Rows.Where(r => column < r.Count && r[column] is not null).Select(r => r[column]).ToList();
        return cells.Count > 0 && cells.TrueForAll(c => c is long or int or double);
    }

    private static string OfDouble(double number, string word) => word switch
    {
        "rate" or "share" or "proportion" or "fraction" => Paper.Percent(number),
        "p" or "pvalue" => Paper.PValue(number)[2..].TrimStart('=', ' '),
        _ => Math.Abs(number) < 10_000 ? Paper.Number(number).Replace(",", string.Empty, StringComparison.Ordinal) : Paper.Number(number),
    };

    private static string Whole(long number) =>
        Math.Abs((decimal)number) < 10_000 ? number.ToString(CultureInfo.InvariantCulture) : Paper.Count(number);

    // "missingShare", "missing share" and "missing_share" end in the same word.
    private static string LastWord(string column)
    {
        var end = column.TrimEnd();
        if (end is "p" or "pValue" or "p-value" or "p value" or "p_value")
        {
            return "p";
        }

        var start = end.Length;
        while (start > 0 && char.IsLetter(end[start - 1]) && !StartsCamelWord(end, start))
        {
            start--;
        }

        return end[start..].ToLowerInvariant();
    }

    private static bool StartsCamelWord(string text, int at) =>
        at + 1 < text.Length && char.IsUpper(text[at]) && char.IsLower(text[at + 1]);
}
