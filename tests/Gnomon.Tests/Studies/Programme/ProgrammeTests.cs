using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Methods.Inference;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Programme;
using Xunit;

namespace Gnomon.Tests.Studies.Programme;

/// <summary>What the verb says of lists, typed numbers and shared units. Numbers of whole lists are held against scipy and statsmodels by the cases.</summary>
public sealed class ProgrammeTests
{
    private static readonly double[] Fifteen = [0.0008, 0.011, 0.031, 0.046, 0.08, 0.13, 0.21, 0.28, 0.33, 0.42, 0.51, 0.6, 0.74, 0.83, 0.95];

    [Fact]
    public void Four_of_fifteen_is_answered_from_the_counts_alone()
    {
        var finding = Ask.Programme(new ProgrammeOptions { Wins = "4/15" });
        Assert.Equal(DecisionAction.Answer, finding.Decision.Action);
        Assert.Contains("0.375 of them wins", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Contains("0.55 %", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Equal(0.5367, Cell(finding, "chance", "one or more significant by luck"), 5e-5);
    }

    // 0.05^12 = 2.4e-16 by luck; 0.8^12 = 6.9 % if every idea worked.
    [Fact]
    public void Twelve_of_twelve_is_too_good_to_be_read()
    {
        var finding = Ask.Programme(new ProgrammeOptions { Wins = "12/12" });
        Assert.Contains("chance 2.4e-16", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Contains("in 6.87 % of programmes", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Contains("Suspect what they share before multiplicity", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.DoesNotContain(finding.Limitations, l => l.Contains("0 % of uncorrected wins", StringComparison.Ordinal));
        Assert.DoesNotContain("too good", Ask.Programme(new ProgrammeOptions { Wins = "4/15" }).Decision.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Four_of_fifteen_p_values_leave_one()
    {
        var finding = Ask.Programme(new ProgrammeOptions { Pvalues = [.. Fifteen.Select(p => p.ToString(System.Globalization.CultureInfo.InvariantCulture))] });
        Assert.Equal(DecisionAction.Ship, finding.Decision.Action);
        Assert.Contains("launch test 1", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Equal(CheckStatus.Warn, finding.Checks.Single(c => c.Id == "multiple-comparisons").Status);
        Assert.Equal(CheckStatus.Pass, finding.Checks.Single(c => c.Id == "selective-reporting").Status);
        var kept = Table(finding, "corrections").Rows.ToDictionary(r => (string)r[0]!, r => (long)r[2]!);
        Assert.Equal((4L, 1L, 1L, 1L), (kept["none"], kept["Bonferroni"], kept["Holm"], kept["Benjamini-Hochberg"]));
        Assert.Equal(Multiplicity.Holm(Fifteen)[1], (double)Table(finding, "adjusted").Rows[1][3]!, 1e-15);
    }

    // All just below the line: Holm keeps none, Hochberg and Benjamini-Hochberg keep all, and the finding says so.
    [Fact]
    public void Twelve_p_values_just_below_the_line_divide_the_corrections()
    {
        var finding = Ask.Programme(new ProgrammeOptions { Pvalues = [.. Enumerable.Range(0, 12).Select(i => $"0.04{i % 10}")] });
        Assert.Contains("Holm keeps 0, Hochberg 12, Benjamini-Hochberg 12", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Contains("2.4e-16", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.NotEqual(DecisionAction.Ship, finding.Decision.Action);
    }

    [Fact]
    public void What_was_started_and_is_not_shown_counts_and_is_asked_for()
    {
        var finding = Ask.Programme(new ProgrammeOptions { Pvalues = ["0.001", "0.02"], Started = 40 });
        Assert.Equal(DecisionAction.Investigate, finding.Decision.Action);
        Assert.Contains("load the missing 38", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Equal(CheckStatus.Warn, finding.Checks.Single(c => c.Id == "selective-reporting").Status);
    }

    [Fact]
    public void A_decision_is_told_from_a_count_of_launches_and_from_a_holdout()
    {
        var finding = Ask.Programme(List(rng => 5 + rng.NextNormal() * 0.3, launched: true).And("kind", Enumerable.Range(0, 8).Select(i => (string?)(i == 7 ? "holdout" : "ab"))), new ProgrammeOptions());
        Assert.Equal(7, Cell(finding, "programme", "launched"));
        Assert.Contains("holdout shows", string.Join(' ', finding.Limitations), StringComparison.Ordinal);
        Assert.Equal(3, Table(finding, "together").Rows.Count);
    }

    [Fact]
    public void Looks_are_counted_at_the_best_of_them()
    {
        var finding = Ask.Programme(Core.Tables.Table.With("name", ["a", "b", "c"]).And("p", [0.04, 0.0001, 0.5]).And("looks", [14.0, 1, 1]), new ProgrammeOptions());
        var stopping = finding.Checks.Single(c => c.Id == "optional-stopping");
        Assert.Equal(CheckStatus.Warn, stopping.Status);
        var a = Table(finding, "experiments").Rows.Single(r => (string)r[0]! == "a");
        Assert.Equal(0.18, (double)a[3]!, 0.01);
        Assert.Contains("launch b", finding.Decision.Summary, StringComparison.Ordinal);

        // 14 looks: 0.2196 (Armitage, McPherson and Rowe); two tests read once: 0.05 each. Two or more of the three: a b + a c + b c - 2 a b c.
        Assert.Equal(0.3196, Cell(finding, "chance", "expected by luck and looking"), 1e-4);
        Assert.Equal((2 * 0.2196 * 0.05) + (0.05 * 0.05) - (2 * 0.2196 * 0.05 * 0.05), Cell(finding, "chance", "2 or more by luck and looking"), 1e-4);
    }

    [Fact]
    public void A_fall_can_be_the_win()
    {
        var list = Core.Tables.Table.With("name", ["a", "b", "c"]).And("effect", [-5.0, 0.2, 0.1]).And("se", [1.0, 1, 1]);
        Assert.Contains("None of 3", Ask.Programme(list, new ProgrammeOptions()).Decision.Summary, StringComparison.Ordinal);
        Assert.Contains("launch a", Ask.Programme(list, new ProgrammeOptions { LowerIsBetter = true }).Decision.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Effects_of_several_metrics_are_not_pooled()
    {
        var finding = Ask.Programme(Core.Tables.Table.With("name", ["a", "b", "c"]).And("effect", [5.0, 0.2, 100]).And("se", [1.0, 1, 20]).And("metric", ["x", "y", "z"]), new ProgrammeOptions());
        Assert.DoesNotContain(finding.Estimates, e => e.Name == "shrunken effect");
        Assert.Contains("units of their own", string.Join(' ', finding.Limitations), StringComparison.Ordinal);
    }

    [Fact]
    public void A_stated_p_that_the_counts_do_not_give_is_named()
    {
        var finding = Ask.Programme(
            Core.Tables.Table.With("name", ["slide", "b"]).And("control_n", [50_000L, 50_000]).And("control_x", [2_250L, 2_250]).And("treatment_n", [50_000L, 50_000]).And("treatment_x", [2_400L, 2_250]).And("p", [0.0004, 1.0]),
            new ProgrammeOptions());
        Assert.Contains("slide states p < 0.001, its counts give p = 0.024", string.Join(' ', finding.Limitations), StringComparison.Ordinal);
    }

    [Fact]
    public void Aa_tests_stand_apart_and_a_wrong_rate_blocks()
    {
        var finding = Ask.Programme(new ProgrammeOptions { Pvalues = ["0.001", "0.3"], Aa = "45/400" });
        Assert.Equal(DecisionAction.FixDataFirst, finding.Decision.Action);
        Assert.Equal(["aa-false-positive-rate"], finding.Decision.Because);
        Assert.Equal(CheckStatus.Skipped, Ask.Programme(new ProgrammeOptions { Pvalues = ["0.001", "0.3"], Aa = "3/20" }).Checks.Single(c => c.Id == "aa-false-positive-rate").Status);
    }

    [Fact]
    public void A_broken_split_is_set_aside()
    {
        var finding = Ask.Programme(
            Core.Tables.Table.With("name", ["lost", "sound"]).And("control_n", [50_000L, 50_000]).And("control_x", [2_250L, 2_250]).And("treatment_n", [47_000L, 50_000]).And("treatment_x", [2_500L, 2_600]), new ProgrammeOptions());
        Assert.Equal(DecisionAction.FixDataFirst, finding.Decision.Action);
        Assert.StartsWith("The split of lost is broken", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Contains("launch sound", finding.Decision.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Pairs_on_shared_users_are_scanned()
    {
        var finding = Ask.Programme(Units(interaction: -1.2), new ProgrammeOptions { Tests = ["a", "b", "c"], Metric = "y" });
        Assert.Equal(DecisionAction.Investigate, finding.Decision.Action);
        Assert.Equal(CheckStatus.Warn, finding.Checks.Single(c => c.Id == "interaction-ignored").Status);
        Assert.Equal(("a", "b"), (Table(finding, "pairs").Rows[0][0], Table(finding, "pairs").Rows[0][1]));
        Assert.Equal(CheckStatus.Pass, Ask.Programme(Units(interaction: 0), new ProgrammeOptions { Tests = ["a", "b", "c"], Metric = "y" }).Checks.Single(c => c.Id == "interaction-ignored").Status);
    }

    [Theory]
    [InlineData("no-results", "name,metric")]
    [InlineData("column-ambiguous", "p,p_value")]
    public void Lists_without_a_clear_result_are_refused(string code, string columns)
    {
        var table = Core.Tables.Table.With("x", [0.1, 0.2]);
        foreach (var column in columns.Split(','))
        {
            table = table.And(column, [0.1, 0.2]);
        }

        Assert.Equal(code, Assert.Throws<GnomonError>(() => Ask.Programme(table, new ProgrammeOptions())).Code);
    }

    [Fact]
    public void Wrong_numbers_are_refused_by_name()
    {
        Assert.Equal("bad-p-value", Code(Core.Tables.Table.With("name", ["a"]).And("p", [1.4])));
        Assert.Equal("bad-counts", Code(Core.Tables.Table.With("name", ["a"]).And("control_n", [10L]).And("control_x", [20L]).And("treatment_n", [10L]).And("treatment_x", [5L])));
        Assert.Equal("bad-looks", Code(Core.Tables.Table.With("name", ["a"]).And("p", [0.4]).And("looks", [0.0])));
        Assert.Equal("bad-split", Code(Core.Tables.Table.With("name", ["a"]).And("p", [0.4]).And("split", ["half"])));
        Assert.Equal("bad-standard-error", Code(Core.Tables.Table.With("name", ["a"]).And("effect", [0.4]).And("se", [0.0])));
        Assert.Equal("no-experiments", Code(Core.Tables.Table.With("name", ["a"]).And("p", [double.NaN])));
        Assert.Equal("bad-counts", Assert.Throws<GnomonError>(() => Ask.Programme(new ProgrammeOptions { Wins = "16/15" })).Code);

        static string Code(Table table) => Assert.Throws<GnomonError>(() => Ask.Programme(table, new ProgrammeOptions())).Code;
    }

    // One row, zeros, everybody converted: an answer or a refusal, and never a number that is none.
    [Fact]
    public void Edges_give_finite_numbers()
    {
        Table[] lists =
        [
            Core.Tables.Table.With("name", ["a"]).And("p", [0.0]),
            Core.Tables.Table.With("name", ["a", "b"]).And("p", [1.0, 1.0]),
            Core.Tables.Table.With("name", ["a", "b", "c"]).And("control_n", [10L, 10, 10]).And("control_x", [0L, 10, 5]).And("treatment_n", [10L, 10, 10]).And("treatment_x", [0L, 10, 5]),
            Core.Tables.Table.With("name", ["a", "b", "c", "d", "e"]).And("effect", [0.0, 0, 0, 0, 0]).And("se", [1.0, 1, 1, 1, 1]),
            Core.Tables.Table.With("name", ["a", "b", "c", "d", "e"]).And("effect", [1e9, -1e9, 3, 1e-9, 0]).And("se", [1e-9, 1e9, 1, 1, 1]),
        ];
        Assert.All(lists, list =>
        {
            var finding = Ask.Programme(list, new ProgrammeOptions());
            Assert.All(finding.Estimates, e => Assert.True(double.IsFinite(e.Value) && double.IsFinite(e.Low) && double.IsFinite(e.High)));
            Assert.All(finding.Tables.SelectMany(t => t.Rows).SelectMany(r => r).OfType<double>(), v => Assert.True(double.IsFinite(v)));
        });
    }

    // Programmes of twenty nulls: what survives Holm is a false launch, and comes in 2.5 % of 150 at most (3.3 binomial errors: 6.7 %).
    [Fact]
    [Trait("speed", "slow")]
    public void False_launches_stay_rare()
    {
        var launched = 0;
        for (var seed = 1; seed <= 150; seed++)
        {
            var rng = new Rng(seed).Stream("nulls");
            var finding = Ask.Programme(Core.Tables.Table.With("name", Enumerable.Range(1, 20).Select(i => (string?)$"t{i}")).And("effect", Enumerable.Range(1, 20).Select(_ => rng.NextNormal())).And("se", Enumerable.Repeat(1.0, 20)), new ProgrammeOptions());
            launched += finding.Decision.Action == DecisionAction.Ship ? 1 : 0;
        }

        Assert.InRange(launched / 150.0, 0, 0.067); // one side only: 2.5 % expected
    }

    // Shrunken intervals of true effects drawn from the prior: 95 % of 3,000 within 3.3 binomial errors and a little for the estimated prior.
    [Fact]
    [Trait("speed", "slow")]
    public void Shrunken_intervals_cover()
    {
        int covered = 0, all = 0;
        for (var seed = 1; seed <= 60; seed++)
        {
            var rng = new Rng(seed).Stream("shrink");
            double[] truth = [.. Enumerable.Range(0, 50).Select(_ => 1 + 2 * rng.NextNormal())];
            var finding = Ask.Programme(Core.Tables.Table.With("name", truth.Select((_, i) => (string?)$"t{i}")).And("effect", truth.Select(t => t + rng.NextNormal())).And("se", Enumerable.Repeat(1.0, 50)), new ProgrammeOptions { LowerIsBetter = false });
            foreach (var e in finding.Estimates.Where(e => e.Name == "shrunken effect"))
            {
                var t = truth[int.Parse(e.Metric![1..], System.Globalization.CultureInfo.InvariantCulture)];
                all++;
                covered += e.Low <= t && t <= e.High ? 1 : 0;
            }
        }

        Assert.True(all >= 500);
        Assert.InRange((double)covered / all, 0.91, 0.98);
    }

    // 1,000 of 10,000 against none: no relative effect has an error there, and it is no win all the same.
    [Fact]
    public void A_row_without_a_relative_effect_wins_only_where_its_counts_say_so()
    {
        static Table Counts(params (string Name, double C, double T)[] rows) => Core.Tables.Table.With("name", rows.Select(r => (string?)r.Name)).And("control_users", rows.Select(_ => 10_000.0)).And("control_events", rows.Select(r => r.C))
            .And("treatment_users", rows.Select(_ => 10_000.0)).And("treatment_events", rows.Select(r => r.T));
        var table = Counts(("a", 1_000, 1_150), ("b", 1_000, 1_005), ("c", 1_000, 0), ("d", 0, 400));
        var finding = Ask.Programme(table, new ProgrammeOptions());
        Assert.Contains("launch", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Equal(["launch", "launch"], new[] { "a", "d" }.Select(n => (string)Table(finding, "experiments").Rows.Single(r => (string)r[0]! == n)[^1]!));
        Assert.NotEqual("launch", (string)Table(finding, "experiments").Rows.Single(r => (string)r[0]! == "c")[^1]!);
        var turned = Ask.Programme(table, new ProgrammeOptions { LowerIsBetter = true });
        Assert.Contains("launch c", turned.Decision.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_that_contradicts_itself_and_a_count_below_the_list_are_refused()
    {
        var row = Core.Tables.Table.With("name", new[] { (string?)"a", "b" }).And("lift", [0.05, 0.02]).And("low", [0.06, 0.01]).And("high", [0.09, 0.03]);
        Assert.Equal("bad-interval", Assert.Throws<GnomonError>(() => Ask.Programme(row, new ProgrammeOptions())).Code);
        var error = Assert.Throws<GnomonError>(() => Ask.Programme(new ProgrammeOptions { Pvalues = ["0.01", "0.2", "0.5"], Started = 2 }));
        Assert.Equal("option-out-of-range", error.Code);
        Assert.Contains("3 are listed", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("aa", true)]
    [InlineData("aa2", true)]
    [InlineData("aa_home", true)]
    [InlineData("A/A one", true)]
    [InlineData("a-a", true)]
    [InlineData("aardvark button", false)]
    [InlineData("a amazing button", false)]
    [InlineData("banner", false)]
    [InlineData(null, false)]
    public void A_thing_tested_against_itself_is_known_by_its_name(string? name, bool expected) => Assert.Equal(expected, Core.Ledger.ExperimentNames.IsAgainstItself(name));

    // Two holdouts: the newest is held against the sum, both stand in the table. Without launches there is no sum, and the holdout is told all the same.
    [Fact]
    public void Every_holdout_is_told_and_the_newest_is_held_against_the_sum()
    {
        static Table Rows(string decision, params double[] holdouts) => Core.Tables.Table
            .With("name", Enumerable.Range(0, 6).Select(i => (string?)$"t{i}").Concat(holdouts.Select((_, i) => (string?)$"hold {i + 1}")))
            .And("lift", Enumerable.Range(0, 6).Select(i => 0.03 + 0.002 * i).Concat(holdouts)).And("se", Enumerable.Repeat(0.008, 6 + holdouts.Length))
            .And("decision", Enumerable.Repeat((string?)decision, 6).Concat(holdouts.Select(_ => (string?)"no"))).And("kind", Enumerable.Repeat((string?)"experiment", 6).Concat(holdouts.Select(_ => (string?)"holdout")));
        var finding = Ask.Programme(Rows("ship", 0.09, 0.08), new ProgrammeOptions());
        Assert.Contains(finding.Limitations.Append(finding.Decision.Summary).Concat(finding.Next), t => t.Contains("hold 2, the newest of 2", StringComparison.Ordinal));
        Assert.Equal(0.08, Cell(finding, "together", "holdout hold 2"), 1e-12);
        Assert.Equal(0.09, Cell(finding, "together", "holdout hold 1"), 1e-12);
        Assert.Equal(0.016, Cell(Ask.Programme(Rows("ship", 0.016), new ProgrammeOptions()), "together", "holdout of everything launched"), 1e-12);

        var rng = new Rng(8);
        var alone = Ask.Programme(
            Core.Tables.Table.With("name", Enumerable.Range(0, 7).Select(i => (string?)$"t{i}")).And("lift", Enumerable.Range(0, 7).Select(i => i == 6 ? 0.016 : 0.005 * rng.NextNormal())).And("se", Enumerable.Repeat(0.01, 7))
                .And("kind", Enumerable.Range(0, 7).Select(i => (string?)(i == 6 ? "holdout" : "experiment"))), new ProgrammeOptions());
        Assert.Equal(0.016, Cell(alone, "together", "holdout of everything launched"), 1e-12);
        Assert.Contains(alone.Limitations.Append(alone.Decision.Summary).Concat(alone.Next), t => t.Contains("no sum to hold against it", StringComparison.Ordinal));
    }

    private static Table List(Func<Rng, double> z, bool launched)
    {
        var rng = new Rng(4).Stream("list");
        double[] se = [.. Enumerable.Range(0, 8).Select(i => 0.004 + 0.001 * i)];
        return Core.Tables.Table.With("name", se.Select((_, i) => (string?)$"t{i}")).And("lift", se.Select(s => s * z(rng))).And("se", se).And("decision", se.Select(_ => (string?)(launched ? "ship" : "no")));
    }

    private static Table Units(double interaction)
    {
        var rng = new Rng(9).Stream("units");
        const int n = 4_000;
        bool[][] on = [.. Enumerable.Range(0, 3).Select(_ => Enumerable.Range(0, n).Select(_ => rng.NextDouble() < 0.5).ToArray())];
        return Core.Tables.Table.With("y", Enumerable.Range(0, n).Select(u => 10 + (on[0][u] ? 1 : 0) + (on[1][u] ? 1 : 0) + (on[0][u] && on[1][u] ? interaction : 0) + 2 * rng.NextNormal()))
            .And("a", on[0].Select(x => (string?)(x ? "on" : "off"))).And("b", on[1].Select(x => (string?)(x ? "on" : "off"))).And("c", on[2].Select(x => (string?)(x ? "on" : "off")));
    }

    private static ResultTable Table(Finding finding, string id) => finding.Tables.Single(t => t.Id == id);

    private static double Cell(Finding finding, string id, string row) => Convert.ToDouble(Table(finding, id).Rows.Single(r => (string)r[0]! == row)[1], System.Globalization.CultureInfo.InvariantCulture);
}
