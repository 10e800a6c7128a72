using Gnomon.Methods.Regression;
using Xunit;

namespace Gnomon.Tests.Methods.Regression;

/// <summary>What a formula stands for, and where a wrong one goes wrong.</summary>
public sealed class FormulaTests
{
    [Theory]
    [InlineData("y ~ x", "y ~ x")]
    [InlineData("y~a*b", "y ~ a + b + a:b")]
    [InlineData("y ~ a:b + a", "y ~ a + a:b")]
    [InlineData("y ~ (a + b + c)^2", "y ~ a + b + c + a:b + a:c + b:c")]
    [InlineData("y ~ (a + b) * C(g)", "y ~ a + b + C(g) + a:C(g) + b:C(g)")]
    [InlineData("y ~ a * b - b", "y ~ a + a:b")]
    [InlineData("y ~ a + a + b:a + a:b", "y ~ a + b:a")]
    [InlineData("y ~ a - 1", "y ~ a - 1")]
    [InlineData("y ~ 0 + a", "y ~ a - 1")]
    [InlineData("y ~ 1", "y ~ 1")]
    [InlineData("log(y) ~ poly(x, 3) + s(age) + log1p(z)", "log(y) ~ poly(x, 3) + s(age, 10) + log1p(z)")]
    [InlineData("y ~ C(g, ref='north east')", "y ~ C(g, ref=north east)")]
    [InlineData("y ~ `price, old` + x.1", "y ~ price, old + x.1")]
    [InlineData("y ~ x1 * C(group) + log(x2) + poly(x,2) + s(age)", "y ~ x1 + C(group) + log(x2) + poly(x, 2) + s(age, 10) + x1:C(group)")]
    public void A_formula_is_understood(string text, string understood) => Assert.Equal(understood, Formula.Parse(text).Text);

    [Theory]
    [InlineData("", 0)]
    [InlineData("y", 1)]
    [InlineData("y ~", 3)]
    [InlineData("y ~ x +", 7)]
    [InlineData("y ~ x ** z", 7)]
    [InlineData("y ~ x z", 6)]
    [InlineData("y ~ foo(x)", 4)]
    [InlineData("y ~ log(x", 9)]
    [InlineData("y ~ log(x, 2)", 11)]
    [InlineData("y ~ poly(x, 99)", 12)]
    [InlineData("y ~ (a + b", 10)]
    [InlineData("y ~ a^9", 6)]
    [InlineData("y ~ `a", 4)]
    [InlineData("s(y) ~ x", 0)]
    [InlineData("y ~ C(g, base=a)", 9)]
    [InlineData("y = x", 2)]
    public void A_wrong_formula_says_where(string text, int position)
    {
        var wrong = Assert.Throws<FormulaException>(() => Formula.Parse(text));
        Assert.True(wrong.Position == position, $"{wrong.Message}\n{wrong.Marked}");
        Assert.EndsWith("^", wrong.Marked, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_column_is_listed_once() => Assert.Equal(["y", "a", "b"], Formula.Parse("y ~ a * b + log(a)").Columns);
}
