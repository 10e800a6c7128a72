using Gnomon.Render.Markdown;
using Xunit;

namespace Gnomon.Tests.Render;

public sealed class MarkdownRendererTests
{
    [Fact]
    public void Text_of_the_user_cannot_become_markup()
    {
        var text = MarkdownRenderer.Render(Samples.HostileNames());
        Assert.Contains("``gnomon compare 'my file.csv' --metric 'it'\\''s'", text, StringComparison.Ordinal);
        // Inside a code span nothing is markup.
        text = System.Text.RegularExpressions.Regex.Replace(text, "``.*``", string.Empty);
        Assert.DoesNotContain("<script", text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", text, StringComparison.Ordinal);
        Assert.Contains("- \\- not a list\n- 1\\. not a number\n- \\# not a heading\n- multi line\n", text, StringComparison.Ordinal);
        Assert.Contains("a\\|b\\\\", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_row_of_a_table_has_the_cells_of_its_head()
    {
        foreach (var finding in Samples.Golden.Values)
        {
            var tables = MarkdownRenderer.Render(finding).Split("\n\n").SelectMany(b => b.Split('\n').Where(l => l.StartsWith('|')).Select(Cells).Chunk(int.MaxValue));
            Assert.All(tables, rows => Assert.Single(rows.Distinct()));
        }
    }

    [Fact]
    public void The_order_is_verdict_numbers_checks_limits_next_origin()
    {
        var text = MarkdownRenderer.Render(Samples.Ship(), "look 1");
        var at = new[] { "# ✔ Ship it", "## Estimates", "## Checks", "## Arms", "## What limits this answer", "## Next", "---\n", "look 1" }.Select(t => text.IndexOf(t, StringComparison.Ordinal)).ToList();
        Assert.Equal(at.Order(), at);
        Assert.DoesNotContain(-1, at);
    }

    private static int Cells(string line) => System.Text.RegularExpressions.Regex.Count(line, @"(?<!\\)(\\\\)*\|");
}
