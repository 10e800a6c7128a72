namespace Gnomon.Core.Findings;

/// <summary>The table of a finding that names the rules of a file which rows break, or which could not be asked: written by a study, read by renderings that show one line per rule.</summary>
public static class RuleTable
{
    public const string Id = "rules";

    /// <summary>The status of a rule that more rows break than may.</summary>
    public const string Broken = "broken";

    /// <summary>The status of a rule that these data could not be asked.</summary>
    public const string NotAsked = "not asked";

    private const string TitleStart = "Rules of ";
    private static readonly string[] Columns = ["rule", "status", "broken rows", "rows asked", "rows allowed", "which", "demands", "line"];

    /// <param name="contract">The file of rules.</param>
    /// <param name="rows">One per rule, broken ones first.</param>
    public static ResultTable Build(string contract, IEnumerable<RuleRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return new ResultTable(Id, TitleStart + contract, Columns, [.. rows.Select(r => (IReadOnlyList<object?>)[r.Rule, r.Status, r.BrokenRows, r.RowsAsked, r.RowsAllowed, r.Which, r.Demands, (long)r.Line])]);
    }

    /// <summary>The rules that a finding was asked about; none where it was not.</summary>
    public static IReadOnlyList<RuleRow> Of(Finding finding)
    {
        ArgumentNullException.ThrowIfNull(finding);
        return finding.Tables.FirstOrDefault(t => t.Id == Id && t.Columns.SequenceEqual(Columns)) is { } table
            ? [.. table.Rows.Select(r => new RuleRow(Text(r[0]), (int)Whole(r[7]), Text(r[6]), Text(r[1]), Whole(r[2]), Whole(r[3]), Whole(r[4]), Text(r[5])))]
            : [];
    }

    /// <summary>The file of rules; null where there was none.</summary>
    public static string? Contract(Finding finding)
    {
        ArgumentNullException.ThrowIfNull(finding);
        return finding.Tables.FirstOrDefault(t => t.Id == Id && t.Title.StartsWith(TitleStart, StringComparison.Ordinal))?.Title[TitleStart.Length..];
    }

    private static string Text(object? cell) => cell as string ?? string.Empty;

    private static long Whole(object? cell) => cell is null ? 0 : Convert.ToInt64(cell, System.Globalization.CultureInfo.InvariantCulture);
}

/// <param name="Rule">Its name in the file.</param>
/// <param name="Line">The line where it stands.</param>
/// <param name="Demands">What it demands, in words.</param>
/// <param name="Status"><see cref="RuleTable.Broken"/>, or why it is not.</param>
/// <param name="BrokenRows">Rows that break it.</param>
/// <param name="RowsAsked">Rows it speaks of.</param>
/// <param name="RowsAllowed">Rows that may break it.</param>
/// <param name="Which">The first rows that do, or why it was not asked.</param>
public sealed record RuleRow(string Rule, int Line, string Demands, string Status, long BrokenRows, long RowsAsked, long RowsAllowed, string Which)
{
    public bool IsBroken => Status == RuleTable.Broken;

    /// <summary>The demand and how the rows keep it, one sentence without a full stop.</summary>
    public string Says => $"{Demands}: {Figures.Count(BrokenRows)} of {Figures.Count(RowsAsked)} {(BrokenRows == 1 ? "breaks" : "break")} it, {Figures.Count(RowsAllowed)} may";
}
