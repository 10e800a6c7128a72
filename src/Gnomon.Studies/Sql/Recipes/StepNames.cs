using System.Text;
using System.Text.RegularExpressions;

namespace Gnomon.Studies.Sql.Recipes;

/// <summary>
/// The steps of a WITH clause hide tables of the same name from the steps after them. Names of the user's are always quoted and ours never are, so a step that is called like a table is renamed
/// outside of quotes, where it stands as a table: columns of that name keep theirs.
/// </summary>
internal static partial class StepNames
{
    public static RecipeQuery Apart(RecipeQuery query, IReadOnlyList<string> tables) => query with
    {
        Sql = Apart(query.Sql, tables),
        Usual = [.. query.Usual.Select(u => u with { Sql = Apart(u.Sql, tables) })],
        Probes = [.. query.Probes.Select(p => p with { Sql = Apart(p.Sql, tables) })],
    };

    public static string Apart(string sql, IReadOnlyList<string> tables)
    {
        var taken = Step().Matches(sql).Select(m => m.Groups["name"].Value).Where(n => tables.Contains(n, StringComparer.OrdinalIgnoreCase)).Distinct(StringComparer.Ordinal).ToList();
        foreach (var name in taken)
        {
            sql = OutsideQuotes(sql, part => Regex.Replace(part, $@"(?<=\b(?:FROM|JOIN)\s){name}\b|\b{name}(?=\.|\sAS\s\()", $"{name}_step"));
        }

        return sql;
    }

    private static string OutsideQuotes(string sql, Func<string, string> change)
    {
        var text = new StringBuilder();
        foreach (Match part in Part().Matches(sql))
        {
            text.Append(part.Value[0] is '"' or '\'' ? part.Value : change(part.Value));
        }

        return text.ToString();
    }

    [GeneratedRegex(@"(?:WITH|,)\s+(?<name>\w+) AS \(", RegexOptions.ExplicitCapture)]
    private static partial Regex Step();

    [GeneratedRegex(@"""(?:[^""\\]|\\.|"""")*""|'(?:[^'\\]|\\.|'')*'|[^""']+")]
    private static partial Regex Part();
}
