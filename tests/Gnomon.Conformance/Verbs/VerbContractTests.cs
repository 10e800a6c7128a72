using System.Text;
using System.Text.RegularExpressions;
using Gnomon.Core.Studies;
using Xunit;

namespace Gnomon.Conformance.Verbs;

/// <summary>What help, API and documentation need of a verb's card.</summary>
public sealed partial class VerbContractTests
{
    private const string Begin = "<!-- options: written from the card -->";
    private const string End = "<!-- /options -->";

    public static TheoryData<string> Names => VerbSubjects.Names;

    [Fact]
    public void Names_are_unique() => Assert.Distinct(Catalogue.Verbs.Select(v => v.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public void The_card_is_complete(string name)
    {
        var verb = VerbSubjects.Of(name);
        Assert.Matches(Kebab(), verb.Name);
        Assert.EndsWith("?", verb.Question, StringComparison.Ordinal);
        Assert.StartsWith($"gnomon {name} ", verb.Example, StringComparison.Ordinal);
        Assert.False(string.IsNullOrWhiteSpace(verb.Remarks));
        Assert.Distinct(verb.Options.SelectMany(o => new[] { o.Name, o.Alias }).Where(n => n.Length > 0));
        Assert.All(verb.Options, o =>
        {
            Assert.Matches(Kebab(), o.Name);
            Assert.EndsWith(".", o.Summary, StringComparison.Ordinal);
            Assert.True(o.Positional || o.Group.Length > 0, $"--{o.Name} needs a group: the heading in help.");
            Assert.True(o.Kind == "flag" || o.Value.Length > 0, $"--{o.Name} needs a placeholder for its value.");
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_wrong_value_of_any_option_has_one_message(string name)
    {
        var verb = VerbSubjects.Of(name);
        Assert.All(verb.Options.Where(o => o.Kind is "number" or "integer" or "choice"), option =>
        {
            var wrong = Assert.Throws<Core.Errors.GnomonError>(() => option.Apply(verb.Defaults, ["no such value"]));
            Assert.Contains($"--{option.Name}", wrong.Message, StringComparison.Ordinal);
            Assert.Contains("no such value", wrong.Message, StringComparison.Ordinal);
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_page_lists_every_option(string name)
    {
        var verb = VerbSubjects.Of(name);
        Repository.SaysBetween(
            $"docs/verbs/{name}.md", Begin, End, Options(verb), $"# {name}\n\n{verb.Question}\n\n```\n{verb.Example}\n```\n\n{verb.Remarks}\n\n## Options\n");
    }

    private static string Options(VerbCard verb)
    {
        var text = new StringBuilder();
        foreach (var group in verb.Options.GroupBy(o => o.Group))
        {
            text.Append($"\n### {(group.Key.Length == 0 ? "What to read" : group.Key)}\n\n| option | what it does | default |\n|---|---|---|\n");
            foreach (var option in group)
            {
                var term = option.Positional ? option.Value : $"--{option.Name}{(option.Kind == "flag" ? string.Empty : $" {option.Value}")}";
                text.Append($"| `{Cell(term)}` | {Cell(option.Summary)} | {(option.Default.Length == 0 ? string.Empty : $"`{Cell(option.Default)}`")} |\n");
            }
        }

        return text.Append('\n').ToString();
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ");

    [GeneratedRegex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
    private static partial Regex Kebab();
}
