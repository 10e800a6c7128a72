using Gnomon.Methods.Regression;
using Xunit;

namespace Gnomon.Tests.Methods.Mixed;

public sealed class RandomFormulaTests
{
    [Theory]
    [InlineData("y ~ x + (1 | g)", "y ~ x + (1 | g)")]
    [InlineData("y ~ x + (x | g)", "y ~ x + (1 + x | g)")]
    [InlineData("y ~ x + (1 + x | g)", "y ~ x + (1 + x | g)")]
    [InlineData("y ~ x + (x || g)", "y ~ x + (1 + x || g)")]
    [InlineData("y ~ x + (0 + x | g)", "y ~ x + (0 + x | g)")]
    [InlineData("y ~ x + (x - 1 | g)", "y ~ x + (0 + x | g)")]
    [InlineData("y ~ (1 | a) + (1 | b)", "y ~ 1 + (1 | a) + (1 | b)")]
    [InlineData("y ~ (1 | a/b)", "y ~ 1 + (1 | a) + (1 | a:b)")]
    [InlineData("y ~ (1 | a:b)", "y ~ 1 + (1 | a:b)")]
    [InlineData("y ~ (1 | a/b/c) + x", "y ~ x + (1 | a) + (1 | a:b) + (1 | a:b:c)")]
    [InlineData("y ~ (a + b)^2 + (1 | `my group`)", "y ~ a + b + a:b + (1 | my group)")]
    [InlineData("y ~ 0 + x + (C(k) | g)", "y ~ x - 1 + (1 + C(k) | g)")]
    [InlineData("y ~ x + (1 || g) + (1 | g)", "y ~ x + (1 | g)")]
    public void RandomTermsAreRead(string text, string understood) => Assert.Equal(understood, Formula.Parse(text).Text);

    [Fact]
    public void ColumnsIncludeTheGroups() => Assert.Equal(["y", "x", "z", "a", "b"], Formula.Parse("y ~ x + (z | a/b)").Columns);

    [Theory]
    [InlineData("y ~ x + (1 |)", 12, "Expected a grouping column after |, found ')'.")]
    [InlineData("y ~ x + (1 | g", 14, "Expected ) after the group of a random term, but the formula ends.")]
    [InlineData("y ~ x + (1 | g/)", 15, "Expected a grouping column after /, found ')'.")]
    [InlineData("y ~ x - (1 | g)", 8, "A random term cannot be taken away.")]
    [InlineData("y ~ x * (1 | g)", 8, "A random term stands by itself in the sum: y ~ x + (1 | group).")]
    [InlineData("y ~ x + (0 | g)", 14, "Nothing differs between the groups of g: write 1 for the level, or a column for its slope.")]
    [InlineData("y ~ x + (1 | g | h)", 15, "Expected ) after the group of a random term, found '|'.")]
    public void WrongOnesAreMarked(string text, int position, string message)
    {
        var wrong = Assert.Throws<FormulaException>(() => Formula.Parse(text));
        Assert.Equal(message, wrong.Message);
        Assert.Equal(position, wrong.Position);
    }
}
