using Gnomon.Core.Findings;
using Gnomon.Render.Terminal;
using Spectre.Console;
using Xunit;

namespace Gnomon.Tests.Render;

public sealed class TerminalRendererTests
{
    public static TheoryData<string> Names => [.. Samples.Golden.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void No_line_is_wider_than_the_page_and_no_escape_code_is_written(string name)
    {
        for (var width = TerminalOptions.MinWidth; width <= TerminalOptions.MaxWidth; width += 8)
        {
            foreach (var unicode in new[] { false, true })
            {
                var text = TerminalRenderer.Text(Samples.Golden[name], new TerminalOptions { Width = width, Unicode = unicode, LedgerLine = "second look; ledger in .gnomon" });
                Assert.All(text.Split('\n'), line => Assert.True(line.GetCellWidth() <= width, $"{line.GetCellWidth()} > {width}: {line}"));
                Assert.DoesNotContain('\u001B', text);
                Assert.DoesNotContain('\u202E', text);
            }
        }
    }

    [Theory]
    [InlineData(5, 40)]
    [InlineData(1000, 200)]
    public void Widths_are_held_between_40_and_200(int asked, int used) =>
        Assert.Equal(
            TerminalRenderer.Text(Samples.Ship(), new TerminalOptions { Width = used }),
            TerminalRenderer.Text(Samples.Ship(), new TerminalOptions { Width = asked }));

    [Theory]
    [InlineData("ship")]
    [InlineData("split-broken")]
    [InlineData("inconclusive-many")]
    [InlineData("profile-wide")]
    public void Without_unicode_the_page_is_ascii(string name) =>
        Assert.All(TerminalRenderer.Text(Samples.Golden[name], new TerminalOptions { Unicode = false }), c => Assert.True(char.IsAscii(c), $"U+{(int)c:X4}"));

    [Fact]
    public void Every_action_has_a_verdict_of_six_words_or_fewer_and_a_mark()
    {
        foreach (var action in Enum.GetValues<DecisionAction>())
        {
            var first = TerminalRenderer.Text(Samples.Minimal(action)).Split('\n')[0];
            Assert.Matches(@"^\[[+x!]\] [A-Z ]+$", first);
            Assert.InRange(first.Split(' ').Length - 1, 1, 6);
        }
    }

    [Theory]
    [InlineData(DecisionAction.Ship, "✔ SHIP IT")]
    [InlineData(DecisionAction.Answer, "✔ ANSWER")]
    [InlineData(DecisionAction.DoNotShip, "✖ DO NOT SHIP")]
    [InlineData(DecisionAction.FixDataFirst, "✖ FIX THE DATA FIRST")]
    [InlineData(DecisionAction.KeepRunning, "▲ KEEP RUNNING")]
    public void The_verdict_stands_first(DecisionAction action, string line) =>
        Assert.StartsWith(line + "\n", TerminalRenderer.Text(Samples.Minimal(action), new TerminalOptions { Unicode = true }), StringComparison.Ordinal);

    [Fact]
    public void Quiet_is_verdict_and_summary_only()
    {
        var text = TerminalRenderer.Text(Samples.SplitBroken(), new TerminalOptions { Quiet = true, LedgerLine = "x" });
        Assert.Equal("[x] DO NOT SHIP\nDoes arm B change converted?\n\nThe split is broken: 52.1 % / 47.9 % where 50/50 was planned. No effect can be\nread from these data.\n", text);
    }

    [Fact]
    public void Checks_come_worst_first_and_the_rest_is_counted()
    {
        var text = TerminalRenderer.Text(Samples.SplitBroken());
        Assert.True(text.IndexOf("FAIL sample-ratio-mismatch", StringComparison.Ordinal) < text.IndexOf("WARN peeking", StringComparison.Ordinal));
        Assert.Contains("\n1 check passed\n", text, StringComparison.Ordinal);
        Assert.Contains("3 checks passed, 1 could not run: pre-period-imbalance", TerminalRenderer.Text(Samples.Ship()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_check_that_turned_the_decision_is_read_before_the_numbers()
    {
        var broken = TerminalRenderer.Text(Samples.SplitBroken());
        Assert.True(broken.IndexOf("FAIL", StringComparison.Ordinal) < broken.IndexOf("+0.31 pp", StringComparison.Ordinal));
        var ship = TerminalRenderer.Text(Samples.Ship());
        Assert.True(ship.IndexOf("+0.31 pp", StringComparison.Ordinal) < ship.IndexOf("WARN", StringComparison.Ordinal));
    }

    [Fact]
    public void The_bar_shows_no_effect_the_planned_effect_and_an_arrow_where_it_is_cut()
    {
        var ship = TerminalRenderer.Text(Samples.Ship(), new TerminalOptions { Width = 120, Unicode = true });
        Assert.Contains("│ no effect, ┊ margin -0.2 pp,", ship, StringComparison.Ordinal);
        Assert.Contains("╎ planned effect +0.4 pp", ship, StringComparison.Ordinal);
        Assert.Matches("converted .*│.*├─+●─+╎─+┤", ship);
        Assert.Matches("refund_rate .*┊.*●.*│.*┤", ship);
        Assert.Matches("metric_07 .*◄.*●.*►", TerminalRenderer.Text(Samples.InconclusiveMany(), new TerminalOptions { Width = 120, Unicode = true }));
        Assert.DoesNotContain("Reference lines", ship, StringComparison.Ordinal);
    }

    [Fact]
    public void Bars_keep_the_order_of_their_numbers()
    {
        // On one shared axis a larger bound may not be drawn to the left of a smaller one.
        var lines = TerminalRenderer.Text(Samples.InconclusiveMany(), new TerminalOptions { Width = 160 }).Split('\n').Where(l => l.Contains(" pp  ", StringComparison.Ordinal) && l.Contains("p = ", StringComparison.Ordinal)).ToList();
        var points = lines.Select(l => (Value: double.Parse(l.Split("pp")[0].Trim().Split(' ')[^1], System.Globalization.CultureInfo.InvariantCulture), At: l.LastIndexOf('o', l.IndexOf("p = ", StringComparison.Ordinal) - 1))).OrderBy(x => x.Value).ToList();
        Assert.Equal(20, points.Count);
        Assert.All(points.Zip(points.Skip(1)), pair => Assert.True(pair.Second.Value - pair.First.Value < 0.05 || pair.First.At <= pair.Second.At));
    }

    [Fact]
    public void Brackets_in_names_are_text_on_a_styled_console_too()
    {
        var (console, output) = Console(AnsiSupport.Yes, ColorSystemSupport.Standard);
        TerminalRenderer.Write(Samples.HostileNames(), console);
        Assert.Contains("[red]x[/]", output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("\u001B[31m differ", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DecisionAction.Ship, "\u001B[1;32m")]
    [InlineData(DecisionAction.DoNotShip, "\u001B[1;31m")]
    [InlineData(DecisionAction.Inconclusive, "\u001B[1;33m")]
    public void The_verdict_has_its_colour_on_a_console_with_colours(DecisionAction action, string code)
    {
        var (console, output) = Console(AnsiSupport.Yes, ColorSystemSupport.EightBit);
        TerminalRenderer.Write(Samples.Minimal(action), console);
        Assert.Contains(code.Replace("32", "38;5;2", StringComparison.Ordinal).Replace("31", "38;5;9", StringComparison.Ordinal).Replace("33", "38;5;11", StringComparison.Ordinal), output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_colours_a_console_gets_the_plain_text()
    {
        foreach (var (ansi, colours) in new[] { (AnsiSupport.Yes, ColorSystemSupport.NoColors), (AnsiSupport.No, ColorSystemSupport.NoColors) })
        {
            var (console, output) = Console(ansi, colours);
            console.Profile.Width = 100;
            TerminalRenderer.Write(Samples.Ship(), console);
            Assert.Equal(
                TerminalRenderer.Text(Samples.Ship(), new TerminalOptions { Width = 100, Unicode = console.Profile.Capabilities.Unicode }),
                string.Join('\n', output.ToString().Split('\n').Select(l => l.TrimEnd())));
        }
    }

    [Fact]
    public void Styled_and_plain_say_the_same()
    {
        var (console, output) = Console(AnsiSupport.Yes, ColorSystemSupport.TrueColor);
        console.Profile.Width = 90;
        TerminalRenderer.Write(Samples.Ship(), console);
        var stripped = System.Text.RegularExpressions.Regex.Replace(output.ToString(), "\u001B\\[[0-9;]*m", string.Empty);
        Assert.Equal(
            TerminalRenderer.Text(Samples.Ship(), new TerminalOptions { Width = 90, Unicode = console.Profile.Capabilities.Unicode }),
            string.Join('\n', stripped.Split('\n').Select(l => l.TrimEnd())));
    }

    [Fact]
    public void Long_tables_are_cut_with_a_count()
    {
        var finding = Samples.Minimal(DecisionAction.Answer) with { Tables = [new ResultTable("t", "Rows", ["n"], [.. Enumerable.Range(0, 1234).Select(i => (IReadOnlyList<object?>)[(long)i])])] };
        Assert.Contains("and 1,204 more rows", TerminalRenderer.Text(finding), StringComparison.Ordinal);
    }

    private static (IAnsiConsole Console, StringWriter Output) Console(AnsiSupport ansi, ColorSystemSupport colours)
    {
        var output = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = ansi, ColorSystem = colours, Out = new AnsiConsoleOutput(output), Interactive = InteractionSupport.No });
        console.Profile.Width = 100;
        return (console, output);
    }
}
