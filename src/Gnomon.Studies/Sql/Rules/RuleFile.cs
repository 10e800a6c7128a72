using System.Text.RegularExpressions;
using Gnomon.Core.Errors;

namespace Gnomon.Studies.Sql.Rules;

/// <summary>One line of a column: a condition and its value. The first condition that is true wins.</summary>
/// <param name="Line">Where it stands in the file.</param>
/// <param name="Condition">SQL; null for what holds otherwise.</param>
/// <param name="Value">SQL.</param>
internal sealed record Rule(int Line, string? Condition, string Value);

/// <param name="Line">Where it begins.</param>
/// <param name="Name">The column that is made, or made anew.</param>
/// <param name="Rules">In their order; a single one without a condition for a plain expression.</param>
internal sealed record RuleColumn(int Line, string Name, IReadOnlyList<Rule> Rules);

/// <summary>
/// Columns as ordered rules: <c>column NAME</c> with lines of <c>CONDITION =&gt; VALUE</c> and <c>else =&gt; VALUE</c>, or <c>column NAME = EXPRESSION</c>. A column sees those before it. <c>per A by B, C</c> says whose earlier rows
/// <c>previous(x)</c> and <c>carry(x)</c> look at, and in which order. Lines that begin with # are comments.
/// </summary>
internal sealed partial record RuleFile(IReadOnlyList<string> Per, IReadOnlyList<string> By, IReadOnlyList<RuleColumn> Columns)
{
    /// <exception cref="GnomonError"><c>file-not-found</c> or <c>bad-rules</c>, with the line.</exception>
    public static RuleFile Read(string path)
    {
        try
        {
            return Parse(path, File.ReadAllLines(path));
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw new GnomonError("file-not-found", $"{path} could not be read: {wrong.Message}", "--derive", "Name a file of rules.", wrong);
        }
    }

    public static RuleFile Parse(string path, IReadOnlyList<string> lines)
    {
        List<string> per = [], by = [];
        var columns = new List<(int Line, string Name, List<Rule> Rules)>();
        for (var k = 0; k < lines.Count; k++)
        {
            var (text, line) = (lines[k].Trim(), k + 1);
            if (text.Length == 0 || text[0] == '#')
            {
                continue;
            }

            if (Window().Match(text) is { Success: true } window)
            {
                (per, by) = (Names(window.Groups["per"].Value), Names(window.Groups["by"].Value));
            }
            else if (Column().Match(text) is { Success: true } column)
            {
                columns.Add((line, Plain(column.Groups["name"].Value), column.Groups["value"].Success ? [new Rule(line, null, column.Groups["value"].Value.Trim())] : []));
            }
            else if (columns.Count > 0 && Arrow(text) is var at and > 0)
            {
                var condition = text[..at].Trim();
                columns[^1].Rules.Add(new Rule(line, condition.Equals("else", StringComparison.OrdinalIgnoreCase) ? null : condition, text[(at + 2)..].Trim()));
            }
            else
            {
                throw Wrong(path, line, $"'{text}' is no rule", "Write CONDITION => VALUE below a line 'column NAME', or column NAME = EXPRESSION.");
            }
        }

        foreach (var (line, name, rules) in columns)
        {
            if (rules.Count == 0 || rules.SkipLast(1).Any(r => r.Condition is null) || rules.Any(r => r.Value.Length == 0))
            {
                throw Wrong(path, line, $"the column {name} has {(rules.Count == 0 ? "no rules" : rules.Any(r => r.Value.Length == 0) ? "a rule without a value" : "rules behind its else, which no row can reach")}", "End a column's rules with else => VALUE, or leave the else out for no value.");
            }
        }

        return columns.Count > 0 ? new RuleFile(per, by, [.. columns.Select(c => new RuleColumn(c.Line, c.Name, c.Rules))]) : throw Wrong(path, 1, "there are no columns", "Write 'column NAME' and its rules.");
    }

    private static GnomonError Wrong(string path, int line, string what, string hint) => new("bad-rules", FormattableString.Invariant($"{Path.GetFileName(path)} line {line}: {what}."), "--derive", hint);

    private static List<string> Names(string text) => [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Plain)];

    private static string Plain(string name) => name is ['"', .., '"'] ? name[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal) : name;

    // The arrow outside of quotes.
    private static int Arrow(string text)
    {
        var quote = '\0';
        for (var k = 0; k + 1 < text.Length; k++)
        {
            quote = quote != '\0' ? (text[k] == quote ? '\0' : quote) : text[k] is '\'' or '"' ? text[k] : '\0';
            if (quote == '\0' && text[k] == '=' && text[k + 1] == '>')
            {
                return k;
            }
        }

        return -1;
    }

    [GeneratedRegex(@"^per\s+(?<per>.+?)\s+by\s+(?<by>.+)$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Window();

    [GeneratedRegex(@"^column\s+(?<name>""(""""|[^""])+""|\w+)\s*(=\s*(?<value>.+))?$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Column();
}
