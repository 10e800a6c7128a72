using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Methods.Mixed;
using Gnomon.Methods.Regression;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Regress;
using Xunit;

namespace Gnomon.Tests.Studies.Regress;

/// <summary>Random effects through the verb: the method's numbers, what is said of groups, what is refused, what checks see.</summary>
public sealed class MixedRegressTests
{
    private static readonly RegressOptions Slopes = new() { Formula = "score ~ day + arm + (day | person)" };

    [Fact]
    public void Coefficients_and_components_are_those_of_the_method()
    {
        var table = People(1);
        var finding = RegressData.Ask(table, Slopes);
        double[] day = [.. ((DoubleColumn)table["day"]).Values], score = [.. ((DoubleColumn)table["score"]).Values];
        double[] arm = [.. Enumerable.Range(0, table.Rows).Select(i => (string)table["arm"].Cell(i)! == "b" ? 1.0 : 0.0)];
        int[] person = [.. Enumerable.Range(0, table.Rows).Select(i => i / 6)];
        var fit = LinearMixedModel.Fit(DesignMatrix.WithIntercept([day, arm]), score, [new RandomTerm("person", person, [Ones(day.Length), day], [RandomTerm.InterceptName, "day"])]);
        var slope = finding.Estimate("day");
        var expected = fit.Table()[1];
        Assert.Equal(expected.Value, slope.Value, 1e-7);
        Assert.Equal(expected.Low, slope.Low, 1e-6);
        Assert.Contains("Satterthwaite", slope.Method, StringComparison.Ordinal);
        var level = finding.Estimates.Single(e => e.Metric == "level between person");
        Assert.Equal(fit.Random[0].StandardDeviation(0), level.Value, 1e-5);
        Assert.InRange(level.Value, level.Low, level.High);
        Assert.Equal("profile likelihood", level.Method.Split(", ")[1]);
        Assert.Contains("lies between person", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Equal(["coefficients", "fit", "random", "random-tests", "group-effects"], finding.Tables.Select(t => t.Id));
        Assert.Contains(finding.Plots, p => p.Id == "groups");
        Assert.DoesNotContain(finding.Checks, c => c.Status is Core.Checks.CheckStatus.Warn or Core.Checks.CheckStatus.Fail);
        Assert.Equal("Pass", finding.Status("unit-of-analysis-error"));
        Assert.Equal("Pass", finding.Status("singular-random-effect"));
    }

    [Fact]
    public void A_contrast_of_a_product_and_a_prediction_use_Satterthwaites_degrees()
    {
        var finding = RegressData.Ask(People(2), new RegressOptions { Formula = "score ~ day * arm + (1 | person)", Predict = ["day=3,arm=b"] });
        Assert.Contains("Satterthwaite", finding.Estimate("day").Method, StringComparison.Ordinal);
        var row = finding.Tables.Single(t => t.Id == "predictions").Rows[0];
        Assert.True((double)row[4]! < (double)row[2]! && (double)row[3]! < (double)row[5]!, "one new row spreads more than the mean");
    }

    [Fact]
    public void Groups_alone_are_an_answer_too()
    {
        var finding = RegressData.Ask(People(3), new RegressOptions { Formula = "score ~ 1 + (1 | person)" });
        Assert.Equal(DecisionAction.Answer, finding.Decision.Action);
        Assert.StartsWith("Of the spread of score,", finding.Decision.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Nested_and_crossed_groups_are_named_by_their_levels()
    {
        var finding = RegressData.Ask(Schools(), new RegressOptions { Formula = "mark ~ hours + (1 | school/class)" });
        Assert.Contains(finding.Tables.Single(t => t.Id == "group-effects").Rows, r => (string?)r[0] == "school:class" && ((string)r[1]!).Contains(':', StringComparison.Ordinal));
        Assert.Equal("Pass", finding.Status("too-few-clusters"));
    }

    [Fact]
    public void A_singular_term_warns_and_both_models_are_shown()
    {
        var finding = RegressData.Ask(Compensating(), new RegressOptions { Formula = "y ~ x + (1 | team)" });
        Assert.Equal("Warn", finding.Status("singular-random-effect"));
        Assert.Contains("the variance of the intercept between team is 0", finding.Checks.Single(c => c.Id == "singular-random-effect").Evidence, StringComparison.Ordinal);
        Assert.Contains(finding.Tables, t => t.Id == "singular");
        Assert.Contains(finding.Limitations, l => l.StartsWith("The model asked for was singular", StringComparison.Ordinal));
        Assert.Contains("sign-flip", finding.Estimate("x").Method, StringComparison.Ordinal);
    }

    [Fact]
    public void Residuals_that_remember_within_groups_fail_the_check()
    {
        Assert.Equal("Fail", RegressData.Ask(Series(0.8), new RegressOptions { Formula = "y ~ x + (1 | shop)", Time = "week" }).Status("autocorrelated-residuals"));
        Assert.Equal("Pass", RegressData.Ask(Series(0.0), new RegressOptions { Formula = "y ~ x + (1 | shop)", Time = "week" }).Status("autocorrelated-residuals"));
    }

    [Theory]
    [InlineData("score ~ day + (1 | nobody)", "column-not-found", "nobody")]
    [InlineData("score ~ day + (1 | row)", "not-estimable", "240 groups")]
    [InlineData("score ~ day + (1 | score)", "options-conflict", "explains itself")]
    [InlineData("score ~ day + (1 | one)", "too-few-groups", "1")]
    [InlineData("passed ~ day + (1 | person)", "not-supported", "outcomes that are numbers")]
    [InlineData("score ~ day + (1 | person", "bad-formula", "the formula ends")]
    public void What_cannot_be_fitted_is_refused_by_name(string formula, string code, string part)
    {
        var error = Assert.Throws<GnomonError>(() => RegressData.Ask(People(1), new RegressOptions { Formula = formula }));
        Assert.Equal(code, error.Code);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Errors_chosen_by_option_do_not_go_with_random_effects()
    {
        Assert.Equal("options-conflict", Assert.Throws<GnomonError>(() => RegressData.Ask(People(1), Slopes with { Cluster = ["person"] })).Code);
        Assert.Equal("options-conflict", Assert.Throws<GnomonError>(() => RegressData.Ask(People(1), Slopes with { Errors = "hc3" })).Code);
    }

    [Fact]
    public void Few_groups_are_said() =>
        Assert.Equal("Warn", RegressData.Ask(People(5, persons: 6), new RegressOptions { Formula = "score ~ day + (1 | person)" }).Status("too-few-clusters"));

    private static double[] Ones(int n) => [.. Enumerable.Repeat(1.0, n)];

    private static Table People(int seed, int persons = 40)
    {
        var rng = new Rng(seed).Stream("people");
        var n = persons * 6;
        double[] level = RegressData.Draw(persons, () => 5 * rng.NextNormal()), tilt = RegressData.Draw(persons, () => rng.NextNormal());
        double[] day = [.. Enumerable.Range(0, n).Select(i => (double)(i % 6))];
        var score = Enumerable.Range(0, n).Select(i => 50 + 2 * day[i] + (i / 6 % 2) + level[i / 6] + tilt[i / 6] * day[i] + 2 * rng.NextNormal()).ToArray();
        return Table.With("person", Enumerable.Range(0, n).Select(i => (string?)$"P{i / 6:00}")).And("day", day).And("arm", Enumerable.Range(0, n).Select(i => (string?)(i / 6 % 2 == 0 ? "a" : "b"))).And("score", score)
            .And("row", Enumerable.Range(0, n).Select(i => (string?)$"R{i}")).And("one", Enumerable.Range(0, n).Select(_ => (string?)"x")).And("passed", score.Select(s => (string?)(s > 55 ? "yes" : "no")));
    }

    private static Table Schools()
    {
        var rng = new Rng(11);
        double[] school = RegressData.Draw(15, () => 4 * rng.NextNormal()), room = RegressData.Draw(60, () => 3 * rng.NextNormal()), hours = RegressData.Draw(480, () => 10 * rng.NextDouble());
        return Table.With("school", Enumerable.Range(0, 480).Select(i => (string?)$"S{i / 32}")).And("class", Enumerable.Range(0, 480).Select(i => (string?)$"C{i / 8 % 4}")).And("hours", hours)
            .And("mark", hours.Select((h, i) => 60 + h + school[i / 32] + room[i / 8] + 3 * rng.NextNormal()));
    }

    // What one row of a team gains the others lose.
    private static Table Compensating()
    {
        var rng = new Rng(12);
        double[] e = RegressData.Draw(160, rng.NextNormal), x = [.. Enumerable.Range(0, 160).Select(i => (i % 4) - 1.5)];
        return Table.With("team", Enumerable.Range(0, 160).Select(i => (string?)$"T{i / 4}")).And("x", x).And("y", x.Select((v, i) => v + e[i] - e.Skip(i / 4 * 4).Take(4).Average()));
    }

    private static Table Series(double rho)
    {
        var rng = new Rng(13);
        var e = 0.0;
        double[] level = RegressData.Draw(20, () => 2 * rng.NextNormal());
        double[] noise = [.. Enumerable.Range(0, 600).Select(i => e = i % 30 == 0 ? rng.NextNormal() : rho * e + Math.Sqrt(1 - rho * rho) * rng.NextNormal())];
        double[] x = [.. Enumerable.Range(0, 600).Select(i => i % 30 / 10.0)];
        return Table.With("shop", Enumerable.Range(0, 600).Select(i => (string?)$"S{i / 30}")).And("week", Enumerable.Range(0, 600).Select(i => (double)(i % 30))).And("x", x).And("y", x.Select((v, i) => v + level[i / 30] + noise[i]));
    }
}
