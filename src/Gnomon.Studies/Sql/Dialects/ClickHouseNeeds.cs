using System.Text.RegularExpressions;

namespace Gnomon.Studies.Sql.Dialects;

/// <summary>What a ClickHouse server must know to run a text, and since which version it does, by its documentation.</summary>
internal static partial class ClickHouseNeeds
{
    private static readonly ClickHouseNeed[] All =
    [
        new("named queries", new(20, 10), NamedQuery(), "WITH x AS (SELECT 1 AS a) SELECT a FROM x"),
        new("window functions", new(21, 9), Window(), "SELECT ROW_NUMBER() OVER (PARTITION BY number ORDER BY number) AS a FROM numbers(2)"),
        new("dates and times beyond seconds and 1970 to 2105", new(21, 9), WideTime(), "SELECT toUnixTimestamp64Micro(toDateTime64('2000-01-01 00:00:00', 6, 'UTC')) AS a, toDate32('1950-01-01') AS b"),
        new("days counted from year zero", new(22, 9), YearZero(), "SELECT toDaysSinceYearZero(toDate('2000-01-01')) AS a"),
        new("interpolated quantiles", new(20, 8), Quantile(), "SELECT quantileExactInclusive(0.5)(number) AS a FROM numbers(3)"),
        new("a join on more than equality", new(24, 5), UnequalJoin(), "SELECT count() AS a FROM (SELECT number AS x, number AS t FROM numbers(2)) AS p JOIN (SELECT number AS x, number AS t FROM numbers(2)) AS q ON p.x = q.x AND p.t <= q.t"),
    ];

    /// <summary>What a text needs and the server cannot do: each ability is tried, whatever the server's version.</summary>
    public static IReadOnlyList<ClickHouseNeed> Missing(string sql, Func<string, bool> runs) => [.. All.Where(n => n.Pattern.IsMatch(sql) && !runs(n.Trial))];

    /// <summary>A sentence for the reader of the text.</summary>
    public static string Of(string sql)
    {
        var needs = All.Where(n => n.Pattern.IsMatch(sql)).ToList();
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

/// <param name="What">The ability, in words.</param>
/// <param name="Since">The first version that has it, by its documentation.</param>
/// <param name="Pattern">Where a text uses it.</param>
/// <param name="Trial">A statement without tables that only runs where it is there.</param>
internal sealed record ClickHouseNeed(string What, Version Since, Regex Pattern, string Trial);
