using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gnomon.Core.Errors;
using Gnomon.Core.Tables;

namespace Gnomon.Studies.Profile.Rules;

/// <summary>A file of rules, read. One wrong line is one message that names it.</summary>
internal sealed class RuleFile
{
    public const string SchemaName = "gnomon.rules/1";
    private static readonly string[] Types = ["boolean", "integer", "number", "date", "time", "text"];
    private static readonly string[] Known =
        ["id", "kind", "column", "columns", "type", "min", "max", "values", "pattern", "to", "others", "allow", "learned", "note"];

    private readonly string _path;

    private RuleFile(string path) => _path = path;

    /// <summary>Reads the rules of a file.</summary>
    /// <exception cref="GnomonError"><c>rules-not-read</c>, or <c>bad-rules</c> with the line.</exception>
    public static RuleBook Read(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw new GnomonError("rules-not-read", $"The rules could not be read from {path}: {wrong.Message}", "--rules", "Write them first: gnomon profile DATA --write-rules FILE.", wrong);
        }

        return Parse(text, path);
    }

    /// <inheritdoc cref="Read"/>
    public static RuleBook Parse(string text, string path)
    {
        var file = new RuleFile(path);
        JsonItem root;
        try
        {
            root = JsonLines.Parse(text);
        }
        catch (JsonException wrong)
        {
            throw file.Wrong((int)(wrong.LineNumber ?? 0) + 1, $"is not JSON: {Plain(wrong.Message)}", "Mend that line; a comma may be missing or too many.");
        }

        if (root.Kind != JsonTokenType.StartObject || root.Find("schema") is not { Kind: JsonTokenType.String } schema)
        {
            throw file.Wrong(root.Line, "does not say what it is", $"Begin with {{ \"schema\": \"{SchemaName}\", \"rules\": [ ... ] }}.");
        }

        if (schema.Text != SchemaName)
        {
            throw file.Wrong(schema.Line, $"has the schema '{schema.Text}'; this version reads {SchemaName}", "Write the rules again with --write-rules.");
        }

        if (root.Find("rules") is not { Kind: JsonTokenType.StartArray } list)
        {
            throw file.Wrong(root.Line, "has no list of rules", "Add \"rules\": [ ... ].");
        }

        var rules = list.Items.Select(file.One).ToList();
        var twice = rules.GroupBy(r => r.Id).FirstOrDefault(g => g.Count() > 1);
        return twice is null ? new RuleBook(rules, root.Find("learnedFrom")?.Find("sha256")?.Text) : throw file.Wrong(twice.Last().Line, $"uses the id '{twice.Key}' again (first in line {twice.First().Line})", "Give each rule an id of its own.");
    }

    private static string Plain(string message) => message.Split(" LineNumber:")[0].Split(" Path:")[0].TrimEnd('.', ' ');

    private Rule One(JsonItem item)
    {
        if (item.Kind != JsonTokenType.StartObject)
        {
            throw Wrong(item.Line, "holds something that is not a rule", "A rule is { \"id\": ..., \"kind\": ..., \"column\": ... }.");
        }

        foreach (var member in item.Members.Where(m => !Known.Contains(m.Key)))
        {
            throw Wrong(member.Value.Line, $"has '{member.Key}', which no rule knows", NearestName.To(member.Key, Known) is { } near ? $"Did you mean '{near}'?" : $"Known: {string.Join(", ", Known)}.");
        }

        var word = Text(item, "kind");
        var kind = RuleKinds.Parse(word) ?? throw Wrong(item.Line, $"has the kind '{word}'", $"Kinds: {string.Join(", ", Enum.GetValues<RuleKind>().Select(k => k.Word()))}.");
        var columns = item.Find("columns") is { } several ? Texts(several, "columns") : [Text(item, "column")];
        var rule = new Rule
        {
            Id = item.Find("id") is null ? $"{kind.Word()}:{string.Join("+", columns)}" : Text(item, "id"),
            Kind = kind,
            Columns = columns,
            Line = item.Line,
            Allow = Number(item, "allow") ?? 0,
            Learned = item.Find("learned") is { } learned ? new Support((long)(Number(learned, "rows") ?? 0), (long)(Number(learned, "broken") ?? 0)) : null,
            AllowsOthers = item.Find("others") is { } others && others.Text == "allowed",
        };
        if (rule.Allow is < 0 or >= 1)
        {
            throw Wrong(item.Line, "has an 'allow' that is no share", "Write a share of rows from 0 to below 1, for example 0.001.");
        }

        if (rule.Learned is { } support && (support.Rows < 0 || support.Broken < 0 || support.Broken > support.Rows))
        {
            throw Wrong(item.Line, "was learned from rows that cannot be", "Leave 'learned' out for a rule without slack.");
        }

        return Shaped(Details(rule, item), item);
    }

    private Rule Details(Rule rule, JsonItem item) => rule.Kind switch
    {
        RuleKind.Type => rule with { Type = Choice(item, "type", Types) },
        RuleKind.Range => rule with { Min = End(item, "min"), Max = End(item, "max") },
        RuleKind.Values => rule with { Values = Texts(item.Find("values") ?? throw Wrong(item.Line, "lists no 'values'", "Add \"values\": [ ... ]."), "values") },
        RuleKind.Pattern => rule with { Pattern = Expression(item) },
        RuleKind.Refers => Reference(rule, item),
        _ => rule,
    };

    private Rule Shaped(Rule rule, JsonItem item)
    {
        var (least, most) = rule.Kind switch
        {
            RuleKind.Columns or RuleKind.Unique => (1, int.MaxValue),
            RuleKind.Order => (2, 2),
            RuleKind.Depends => (2, int.MaxValue),
            _ => (1, 1),
        };
        if (rule.Columns.Count < least || rule.Columns.Count > most)
        {
            throw Wrong(item.Line, $"names {rule.Columns.Count} columns where '{rule.Kind.Word()}' takes {(least == most ? $"{least}" : $"{least} or more")}", least == 1 ? "Write \"column\": \"name\"." : "Write \"columns\": [\"first\", \"second\"].");
        }

        if (rule is { Kind: RuleKind.Range, Min: null, Max: null })
        {
            throw Wrong(item.Line, "has neither 'min' nor 'max'", "Give one of them, or both.");
        }

        return rule is { Kind: RuleKind.Range, Min: { } low, Max: { } high } && (low.Moment is null != high.Moment is null || low.Number > high.Number)
            ? throw Wrong(item.Line, $"goes from {low.Text} to {high.Text}", "Write the smaller limit as min, both as numbers or both as dates.")
            : rule;
    }

    private Rule Reference(Rule rule, JsonItem item)
    {
        var to = item.Find("to") ?? throw Wrong(item.Line, "does not say where it refers to", "Add \"to\": { \"file\": \"customers.csv\", \"column\": \"id\" }.");
        return rule with { Other = Text(to, "file"), OtherColumn = Text(to, "column") };
    }

    // What every engine's expressions know; the rest means different things to different engines.
    private string Expression(JsonItem item)
    {
        var pattern = Text(item, "pattern");
        if (pattern.Contains("(?", StringComparison.Ordinal) || Regex.IsMatch(pattern, @"\\[1-9bBGAZzkpPdDwWsS]", RegexOptions.CultureInvariant))
        {
            throw Wrong(item.Line, $"has the pattern {pattern} with a part that engines read differently", "Use [0-9], [A-Za-z], {2,4}, |, ( ) and the marks * + ? only; the pattern always stands for the whole text.");
        }

        try
        {
            _ = Regex.IsMatch(string.Empty, pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
            return pattern;
        }
        catch (ArgumentException wrong)
        {
            throw Wrong(item.Line, $"has the pattern {pattern}, which is none: {wrong.Message}", "Mend it.");
        }
    }

    private Limit? End(JsonItem item, string name)
    {
        if (item.Find(name) is not { } end)
        {
            return null;
        }

        if (end.Kind == JsonTokenType.Number)
        {
            return new Limit(double.Parse(end.Text, CultureInfo.InvariantCulture), null, end.Text);
        }

        if (end.Kind == JsonTokenType.String && DateTimeOffset.TryParse(end.Text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
        {
            var moment = (at - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
            return new Limit(moment, moment, end.Text);
        }

        throw Wrong(end.Line, $"has a '{name}' that is neither a number nor a date", "Write 12.5, or \"2024-05-31\".");
    }

    private string Choice(JsonItem item, string name, IReadOnlyList<string> words)
    {
        var word = Text(item, name);
        return words.Contains(word) ? word : throw Wrong(item.Line, $"has the {name} '{word}'", $"One of {string.Join(", ", words)}.");
    }

    private double? Number(JsonItem item, string name) => item.Find(name) switch
    {
        null => null,
        { Kind: JsonTokenType.Number } n => double.Parse(n.Text, CultureInfo.InvariantCulture),
        { } n => throw Wrong(n.Line, $"has a '{name}' that is no number", "Write a number without quotes."),
    };

    private string Text(JsonItem item, string name) => item.Find(name) switch
    {
        null => throw Wrong(item.Line, $"has no '{name}'", $"Add \"{name}\": \"...\"."),
        { Kind: JsonTokenType.String, Text.Length: > 0 } t => t.Text,
        { } t => throw Wrong(t.Line, $"has a '{name}' that is no text", "Write it in quotes."),
    };

    private IReadOnlyList<string> Texts(JsonItem item, string name) => item.Kind == JsonTokenType.StartArray && item.Items.Count > 0
        ? [.. item.Items.Select(i => i.Kind is JsonTokenType.String or JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False ? i.Text : throw Wrong(i.Line, $"has a value in '{name}' that is neither text nor number", "Write plain values."))]
        : throw Wrong(item.Line, $"has no list in '{name}'", $"Write \"{name}\": [\"first\", \"second\"].");

    private GnomonError Wrong(int line, string what, string hint) =>
        new("bad-rules", $"{_path} line {line.ToString(CultureInfo.InvariantCulture)}: the file {what}.", $"{_path}:{line.ToString(CultureInfo.InvariantCulture)}", hint);


}

/// <param name="Rules">The rules, in the order of the file.</param>
/// <param name="Sha256">Hash of the bytes they were learned from; null when unknown.</param>
internal sealed record RuleBook(IReadOnlyList<Rule> Rules, string? Sha256);
