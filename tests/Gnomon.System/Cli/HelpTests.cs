using Xunit;

namespace Gnomon.System.Cli;

public sealed class HelpTests
{
    private const int Screen = 50;

    public static TheoryData<string> Verbs => [.. Catalogue.Verbs.Select(v => v.Name)];

    [Fact]
    public void The_first_page_lists_every_verb_with_its_question_and_fits_a_screen()
    {
        var result = CommandLine.Run("--help");
        Assert.Equal(0, result.Code);
        Assert.Empty(result.Error);
        Assert.All(Catalogue.Verbs, v => Assert.Contains($"  {v.Name}", result.Out, StringComparison.Ordinal));
        Assert.All(Catalogue.Verbs, v => Assert.Contains(v.Question.Split(' ')[0], result.Out, StringComparison.Ordinal));
        Assert.True(result.Out.Count(c => c == '\n') <= Screen);
    }

    [Fact]
    public void Without_a_word_the_first_page_is_shown_and_no_question_was_answered()
    {
        var result = CommandLine.Run();
        Assert.Equal((2, CommandLine.Run("--help").Out), (result.Code, result.Out));
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void The_help_of_a_verb_names_every_option_on_one_screen(string verb)
    {
        var result = CommandLine.Run(verb, "--help");
        Assert.Equal(0, result.Code);
        Assert.All(Catalogue.Verb(verb).Options.Where(o => !o.Positional), o => Assert.Contains($"--{o.Name}", result.Out, StringComparison.Ordinal));
        Assert.Contains("--fail-on warn|fail", result.Out, StringComparison.Ordinal);
        Assert.Contains(Catalogue.Verb(verb).Example, result.Out, StringComparison.Ordinal);
        Assert.True(result.Out.Count(c => c == '\n') <= Screen, $"{result.Out.Count(c => c == '\n')} lines");
        Assert.All(result.Out.Split('\n'), line => Assert.True(line.Length <= 110, line));
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void The_whole_help_explains_every_option(string verb)
    {
        var words = CommandLine.Run("help", verb, "--all").Out.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var text = string.Join(' ', words);
        Assert.All(Catalogue.Verb(verb).Options.Where(o => !o.Positional), o => Assert.Contains(string.Join(' ', o.Summary.Split(' ', StringSplitOptions.RemoveEmptyEntries)), text, StringComparison.Ordinal));
    }

    public static TheoryData<string> Commands => [.. Gnomon.Cli.Commands.CommandList.All.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Commands))]
    public void Every_other_command_has_help(string command)
    {
        var result = CommandLine.Run(command, "--help");
        Assert.Equal(0, result.Code);
        Assert.StartsWith($"gnomon {command}", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void The_version_is_one_line() => Assert.Matches(@"^gnomon \d+\.\d+\.\d+\S*\n$", CommandLine.Run("--version").Out);
}
