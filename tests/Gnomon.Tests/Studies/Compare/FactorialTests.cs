using System.Text.Json;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Compare;
using Gnomon.Tests.Numerics;
using Xunit;

namespace Gnomon.Tests.Studies.Compare;

/// <summary>Two columns at once, between and within units; numbers of R in tests/reference/mixed/designs.json.</summary>
public sealed class FactorialTests
{
    private static readonly JsonElement Reference = ReferenceFile.Open("mixed", "designs.json");

    [Fact]
    public void Two_factors_between_are_tested_as_car_does_with_HC3()
    {
        var d = Reference.GetProperty("between");
        var table = Table.With("y", d.Numbers("y")).And("a", d.Numbers("a").Select(v => (string?)$"a{v}")).And("b", d.Numbers("b").Select(v => (string?)$"b{v}"));
        var finding = Ask.Compare(table, new CompareOptions { Metric = "y", By = "a,b" });
        var terms = finding.Tables.Single(t => t.Id == "terms").Rows;
        Assert.Equal(["a : b", "a", "b", "a at b = b1", "a at b = b2", "b at a = a1", "b at a = a2", "b at a = a3"], terms.Select(r => (string)r[0]!));
        Close.Relative(d.Numbers("F")[2], (double)terms[0][1]!, 1e-8);
        Close.Relative(d.Numbers("F")[0], (double)terms[1][1]!, 1e-8);
        Close.Relative(d.Numbers("p")[1], (double)terms[2][4]!, 1e-7);
        Close.Relative(d.GetProperty("simple").EnumerateArray().ElementAt(1).Number("p"), (double)terms[4][4]!, 1e-7);
        var means = finding.Tables.Single(t => t.Id == "means").Rows;
        var third = means.Single(r => (string?)r[0] == "a3" && (string?)r[1] == "all, alike");
        var expected = d.GetProperty("emmA").EnumerateArray().ElementAt(2);
        Close.Relative(expected.Number("mean"), (double)third[3]!, 1e-8);
        Close.Relative(expected.Number("low"), (double)third[4]!, 1e-8);

        // No interaction: the pairs of both columns are the answer.
        Assert.Equal(DecisionAction.Answer, finding.Decision.Action);
        Assert.Equal(4, finding.Estimates.Count);
        Assert.Contains("do not clearly act together", finding.Decision.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void A_split_design_with_gaps_is_a_mixed_model()
    {
        var d = Reference.GetProperty("split");
        var table = Table.With("y", d.Numbers("y")).And("arm", Texts(d, "arm")).And("time", Texts(d, "time")).And("person", d.Numbers("u").Select(v => (string?)$"p{v}"));
        var finding = Ask.Compare(table, new CompareOptions { Metric = "y", By = "arm,time", Paired = "person", Randomized = true });
        var terms = finding.Tables.Single(t => t.Id == "terms").Rows;
        var tests = d.GetProperty("tests").EnumerateArray().ToList();
        foreach (var (row, i) in new[] { (0, 2), (1, 0), (2, 1) })
        {
            Close.Relative(tests[i].Number("f"), (double)terms[row][1]!, 1e-5);
            Close.Relative(tests[i].Number("denominator"), (double)terms[row][3]!, 1e-3);
            Close.Relative(tests[i].Number("p"), (double)terms[row][4]!, 1e-3);
        }

        // The interaction is there: no arm differs clearly at one time, so the times are compared within each arm.
        Assert.Contains("What time goes with depends on arm", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Equal(6, finding.Estimates.Count);
        Assert.All(finding.Estimates, e => Assert.Contains(" at arm = ", e.Contrast!, StringComparison.Ordinal));
        Assert.Contains(finding.Limitations, l => l.StartsWith("time varies within person", StringComparison.Ordinal));
    }

    [Fact]
    public void Two_factors_within_units_have_a_random_level_for_each()
    {
        var d = Reference.GetProperty("crossed");
        var table = Table.With("y", d.Numbers("y")).And("a", Texts(d, "a")).And("b", Texts(d, "b")).And("u", d.Numbers("u").Select(v => (string?)$"u{v}"));
        var finding = Ask.Compare(table, new CompareOptions { Metric = "y", By = "a,b", Paired = "u" });
        var terms = finding.Tables.Single(t => t.Id == "terms").Rows;
        var (f, den) = (d.Numbers("lmerTestF"), d.Numbers("lmerTestDen"));
        foreach (var (row, i) in new[] { (0, 2), (1, 0), (2, 1) })
        {
            Close.Relative(f[i], (double)terms[row][1]!, 1e-5);
            Close.Relative(den[i], (double)terms[row][3]!, 1e-4);
        }

        Assert.Equal(4, finding.Tables.Single(t => t.Id == "random").Rows.Count);
    }

    [Fact]
    public void Several_conditions_within_units_have_means_beside_the_ranks()
    {
        var d = Reference.GetProperty("within");
        double[][] wide = [.. d.GetProperty("wide").EnumerateArray().Select(c => c.EnumerateArray().Select(v => v.GetDouble()).ToArray())];
        var n = wide[0].Length;
        var table = Table.With("y", wide.SelectMany(w => w)).And("cond", Enumerable.Range(0, 4 * n).Select(i => (string?)$"c{i / n}")).And("u", Enumerable.Range(0, 4 * n).Select(i => (string?)$"u{i % n}"));
        var methods = Ask.Compare(table, new CompareOptions { Metric = "y", By = "cond", Paired = "u" }).Tables.Single(t => t.Id == "methods").Rows;
        double P(string name) => methods.Single(r => ((string)r[1]!).StartsWith(name, StringComparison.Ordinal)).OfType<double>().Single();
        Close.Relative(d.Number("pGG"), P("repeated measures ANOVA, Greenhouse-Geisser"), 1e-8);
        Close.Relative(d.Number("p"), P("repeated measures ANOVA, sphericity"), 1e-8);
        Close.Relative(d.Number("p"), P("mixed model"), 1e-4);
        Assert.Contains(methods, r => (string?)r[0] == "yes" && ((string)r[1]!).StartsWith("Friedman", StringComparison.Ordinal));
    }

    [Fact]
    public void Errors_name_what_is_wrong()
    {
        var table = Small();
        Assert.Equal("empty-cell", Code(table, new CompareOptions { Metric = "y", By = "a,hole" }));
        Assert.Equal("options-conflict", Code(table, new CompareOptions { Metric = "y", By = "a,a" }));
        Assert.Equal("option-out-of-range", Code(table, new CompareOptions { Metric = "y", By = "a,b,hole" }));
        Assert.Equal("options-conflict", Code(table, new CompareOptions { Metric = "y", By = "a,b", Margin = "1" }));
        Assert.Equal("metric-not-comparable", Code(table, new CompareOptions { Metric = "a", By = "b,hole" }));
        Assert.Equal("one-group", Code(table, new CompareOptions { Metric = "y", By = "a,same" }));
        Assert.Equal("options-conflict", Code(table, new CompareOptions { Metric = "y", By = "a,b", Paired = "row" }));
        Assert.Equal("constant-outcome", Code(table, new CompareOptions { Metric = "flat", By = "a,b" }));
        Assert.Equal("column-not-found", Code(table, new CompareOptions { Metric = "y", By = "a,nothing" }));
    }

    [Fact]
    public void An_interaction_that_shows_only_from_the_other_side_is_told_from_there()
    {
        // Two crossing lines: at each time the arms differ too little to be clear, while one arm rises clearly and the other does not.
        var rng = new Rng(3);
        double[] person = [.. Enumerable.Range(0, 60).Select(_ => 10 * rng.NextNormal())];
        var table = Table.With("y", Enumerable.Range(0, 120).Select(i => person[i / 2] + (i / 2 % 2 == 1 && i % 2 == 1 ? 4 : 0) + rng.NextNormal()))
            .And("arm", Enumerable.Range(0, 120).Select(i => (string?)(i / 2 % 2 == 0 ? "control" : "new"))).And("time", Enumerable.Range(0, 120).Select(i => (string?)(i % 2 == 0 ? "before" : "later")))
            .And("person", Enumerable.Range(0, 120).Select(i => (string?)$"p{i / 2}"));
        var finding = Ask.Compare(table, new CompareOptions { Metric = "y", By = "arm,time", Paired = "person", Randomized = true });
        Assert.StartsWith("What time goes with depends on arm", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Contains(finding.Estimates, e => e.Contrast == "later - before at arm = new" && e.Low > 2);
    }

    [Fact]
    public void Rows_of_one_person_taken_for_units_are_caught()
    {
        var rng = new Rng(9);
        double[] level = [.. Enumerable.Range(0, 40).Select(_ => 3 * rng.NextNormal())];
        var table = Table.With("y", Enumerable.Range(0, 240).Select(i => level[i / 6] + rng.NextNormal())).And("a", Enumerable.Range(0, 240).Select(i => (string?)(i / 6 % 2 == 0 ? "x" : "z")))
            .And("b", Enumerable.Range(0, 240).Select(i => (string?)(i % 2 == 0 ? "u" : "v"))).And("user_id", Enumerable.Range(0, 240).Select(i => (string?)$"p{i / 6}"));
        var naive = Ask.Compare(table, new CompareOptions { Metric = "y", By = "a,b" });
        Assert.Equal(Core.Checks.CheckStatus.Fail, naive.Checks.Single(c => c.Id == "unit-of-analysis-error").Status);
        Assert.Equal(DecisionAction.FixDataFirst, naive.Decision.Action);
        var paired = Ask.Compare(table, new CompareOptions { Metric = "y", By = "a,b", Paired = "user_id" });
        Assert.DoesNotContain(paired.Checks, c => c.Status == Core.Checks.CheckStatus.Fail);
    }

    private static string Code(Table table, CompareOptions options) => Assert.Throws<GnomonError>(() => Ask.Compare(table, options)).Code;

    private static IEnumerable<string?> Texts(JsonElement d, string name) => d.GetProperty(name).EnumerateArray().Select(v => v.GetString());

    private static Table Small()
    {
        var rng = new Rng(5);
        IEnumerable<string?> Cycle(params string[] values) => Enumerable.Range(0, 40).Select(i => (string?)values[i % values.Length]);
        return Table.With("y", Enumerable.Range(0, 40).Select(_ => rng.NextNormal())).And("a", Cycle("x", "z")).And("b", Enumerable.Range(0, 40).Select(i => (string?)(i < 20 ? "u" : "v")))
            .And("hole", Cycle("p", "q")).And("same", Cycle("s")).And("row", Enumerable.Range(0, 40).Select(i => (string?)$"r{i}")).And("flat", Enumerable.Repeat(1.0, 40));
    }
}
