using System.Globalization;
using Gnomon.Core.Findings;

namespace Gnomon.Render.Words;

/// <summary>A table cell as text. The column's name tells rates and p-values from other numbers.</summary>
public static class CellText
{
    // Beyond this a column spans magnitudes, and one number of decimals suits none.
    private const int MostDecimals = 4;
    private const int SeparatorFrom = 10_000;

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

    /// <summary>A whole column as text; doubles carry the same number of decimals, so that they stand under one another.</summary>
    public static IReadOnlyList<string> Column(ResultTable table, int column)
    {
        ArgumentNullException.ThrowIfNull(table);
        var name = table.Columns[column];
        var word = LastWord(name);
        var values = table.Rows.Select(r => column < r.Count ? r[column] : null).ToList();
        var cells = values.Select(v => Of(v, name)).ToList();
        var decimals = cells.Where((_, i) => values[i] is double).Select(Decimals).DefaultIfEmpty().Max();
        return word == "p" || decimals is 0 or > MostDecimals
            ? cells
            : [.. values.Select((v, i) => v is double number ? Aligned(number, word, decimals, cells[i]) : cells[i])];
    }

    /// <summary>True when every cell of the column that is there is a number: such columns are set to the right.</summary>
    public static bool IsNumeric(ResultTable table, int column)
    {
        ArgumentNullException.ThrowIfNull(table);
        var cells = table.Rows.Where(r => column < r.Count && r[column] is not null).Select(r => r[column]).ToList();
        return cells.Count > 0 && cells.TrueForAll(c => c is long or int or double);
    }

    private static string OfDouble(double number, string word)
    {
        if (IsRate(word))
        {
            return Paper.Percent(number);
        }

        return word == "p" ? Figures.P(number)[2..].TrimStart('=', ' ')
            : Math.Abs(number) < SeparatorFrom ? Figures.Number(number).Replace(",", string.Empty, StringComparison.Ordinal)
            : Figures.Number(number);
    }

    private static string Aligned(double number, string word, int decimals, string alone)
    {
        var shown = IsRate(word) ? number * 100 : number;
        if (alone.Contains('e') || (shown != 0 && Math.Abs(shown) < 0.5 * Math.Pow(10, -decimals)))
        {
            return alone;
        }

        var format = (Math.Abs(shown) < SeparatorFrom ? "F" : "N") + decimals.ToString(CultureInfo.InvariantCulture);
        return shown.ToString(format, CultureInfo.InvariantCulture) + (IsRate(word) ? Spaces.Tie + "%" : string.Empty);
    }

    private static int Decimals(string cell)
    {
        var point = cell.IndexOf('.', StringComparison.Ordinal);
        return point < 0 || cell.Contains('e') ? 0 : cell.AsSpan(point + 1).IndexOfAnyExceptInRange('0', '9') is var end and >= 0 ? end : cell.Length - point - 1;
    }

    private static bool IsRate(string word) => word is "rate" or "share" or "proportion" or "fraction" or "chance" or "lift";

    private static string Whole(long number) =>
        Math.Abs((decimal)number) < SeparatorFrom ? number.ToString(CultureInfo.InvariantCulture) : Figures.Count(number);

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
