using System.Text.RegularExpressions;

namespace Gnomon.Studies.Sql.Dialects;

/// <summary>What a ClickHouse server must know to run a text, and since which version it does, by its documentation.</summary>
internal static partial class ClickHouseNeeds
{
    /// <summary>A sentence for the reader of the text.</summary>
    public static string Of(string sql)
    {
        var needs = new (string What, Version Since, Regex Pattern)[]
        {
            ("named queries", new(20, 10), NamedQuery()), ("window functions", new(21, 9), Window()), ("dates and times beyond seconds and 1970 to 2105", new(21, 9), WideTime()), ("days counted from year zero", new(22, 9), YearZero()),
            ("interpolated quantiles", new(20, 8), Quantile()), ("a join on more than equality", new(24, 5), UnequalJoin()),
        }.Where(n => n.Pattern.IsMatch(sql)).ToList();
        return needs.Count == 0
            ? "This text runs on ClickHouse 18.16 and later."
            : $"ClickHouse runs this text from version {needs.Max(n => n.Since)} on, by its documentation: it needs {string.Join(", ", needs.Select(n => $"{n.What} ({n.Since})"))}. No server of that version has run it here.";
    }

    [GeneratedRegex(@"^\s*WITH\s+\w+\s+AS\s*\(|\)\s*,\s*\w+\s+AS\s*\(", RegexOptions.ExplicitCapture)]
    private static partial Regex NamedQuery();

    [GeneratedRegex(@"\bOVER\s*\(", RegexOptions.ExplicitCapture)]
    private static partial Regex Window();

    [GeneratedRegex(@"\b(toDate32|toDateTime64|toUnixTimestamp64Micro|fromUnixTimestamp64Micro)\b", RegexOptions.ExplicitCapture)]
    private static partial Regex WideTime();

    [GeneratedRegex(@"\btoDaysSinceYearZero\b", RegexOptions.ExplicitCapture)]
    private static partial Regex YearZero();

    [GeneratedRegex(@"\bquantileExactInclusive\b", RegexOptions.ExplicitCapture)]
    private static partial Regex Quantile();

    [GeneratedRegex(@"\bJOIN\b[^()]*?\bON\b((?!\b(WHERE|GROUP|ORDER|JOIN|SELECT)\b).)*?[<>]", RegexOptions.ExplicitCapture | RegexOptions.Singleline)]
    private static partial Regex UnequalJoin();
}
