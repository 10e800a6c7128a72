using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Methods.Counts;
using Gnomon.Methods.Experiments;
using Gnomon.Methods.Groups;
using Gnomon.Methods.Inference;
using Gnomon.Methods.Ranks;
using Gnomon.Numerics;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Compare;
using Gnomon.Tests.Numerics;
using Xunit;

namespace Gnomon.Tests.Studies.Compare;

/// <summary>The verb picks the method that the data ask for, and its numbers are the method's: each method has its own references elsewhere.</summary>
public sealed class CompareTests
{
    [Fact]
    public void Two_groups_of_numbers_are_compared_by_Welch_with_ranks_beside()
    {
        var (x, y) = (Normals(1, 80, 52, 6), Normals(2, 120, 50, 12));
        var finding = Ask.Compare(Long(("control", y), ("new", x)), Options());
        var welch = WelchT.Test(x, y);
        var primary = Primary(finding);
        Assert.Equal("new - control", primary.Contrast);
        Same(welch, primary);
        Assert.Equal("Welch t", primary.Method);
        var rank = finding.Estimates.Single(e => e.Name == "rank-biserial");
        Close.Relative(2 * BrunnerMunzel.Test(x, y).Value - 1, rank.Value, 1e-12);
        Close.Relative(EffectSize.HedgesG(Moments.Of(x), Moments.Of(y)).Low, finding.Estimates.Single(e => e.Name == "hedges-g").Low, 1e-9);
        Assert.Contains(finding.Limitations, l => l.StartsWith("value is a number and the two groups are separate units", StringComparison.Ordinal));
        var methods = finding.Tables.Single(t => t.Id == "methods");
        Assert.Equal("yes", methods.Rows[0][0]);
        Assert.Contains(methods.Rows, r => (string?)r[1] == "Mann-Whitney, exact" && (string?)r[0] == "no");
    }

    [Fact]
    public void Skewed_numbers_are_resampled_and_the_check_says_why()
    {
        var rng = new Rng(4);
        double[] x = [.. Enumerable.Range(0, 60).Select(_ => Math.Exp(2 * rng.NextNormal()))];
        double[] y = [.. Enumerable.Range(0, 60).Select(_ => Math.Exp(2 * rng.NextNormal()))];
        var finding = Ask.Compare(Long(("A", y), ("B", x)), Options());
        Assert.StartsWith("permutation test", Primary(finding).Method, StringComparison.Ordinal);
        Assert.Equal(CheckStatus.Warn, Check(finding, "heavy-tailed-mean").Status);
        Assert.Equal(Primary(finding).Low, Primary(Ask.Compare(Long(("A", y), ("B", x)), Options() with { Threads = 1 })).Low);
    }

    [Fact]
    public void Shares_are_compared_with_their_interval_and_the_number_needed()
    {
        var finding = Ask.Compare(new CompareOptions { Counts = ["placebo=146/1218", "drug=97/1218"], Randomized = true });
        Same(TwoProportions.Compare(97, 1218, 146, 1218), Primary(finding));
        Assert.Equal(DecisionAction.Answer, finding.Decision.Action);
        Assert.Contains("one case in 25 (16 to 61)", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.DoesNotContain("not an effect", finding.Decision.Summary, StringComparison.Ordinal);
        Close.Relative(RiskRatio.Score(97, 1218, 146, 1218).High, finding.Estimates.Single(e => e.Name == "risk-ratio").High, 1e-12);
        var few = Ask.Compare(new CompareOptions { Counts = ["A=0/20", "B=4/20"] });
        Assert.StartsWith("Boschloo", Primary(few).Method, StringComparison.Ordinal);
        Assert.Contains(few.Limitations, l => l.Contains("one more would move its rate", StringComparison.Ordinal));
    }

    [Fact]
    public void Several_groups_hold_together()
    {
        double[][] groups = [Normals(1, 40, 10, 2), Normals(2, 30, 10.5, 4), Normals(3, 50, 13, 3)];
        Moments[] moments = [.. groups.Select(g => Moments.Of(g))];
        var table = Long(("a", groups[0]), ("b", groups[1]), ("c", groups[2]));
        var pairs = Ask.Compare(table, Options());
        var games = GamesHowell.Test(moments);
        Assert.Equal(3, pairs.Estimates.Count(e => e.Role == "primary"));
        Same(games[2].Contrast, pairs.Estimates.Single(e => e is { Role: "primary", Contrast: "c - b" }));
        Assert.Contains(pairs.Tables.Single(t => t.Id == "methods").Rows, r => (string?)r[1] == "Welch ANOVA" && Equals(r[3], WelchAnova.Test(groups).PValue));
        Assert.Equal(CheckStatus.Pass, Check(pairs, "multiple-comparisons").Status);
        var against = Ask.Compare(table, Options() with { Control = "b" });
        Assert.Equal(["a - b", "c - b"], against.Estimates.Where(e => e.Role == "primary").Select(e => e.Contrast));
        Same(Dunnett.Welch([moments[1], moments[0], moments[2]], 0)[1].Contrast, against.Estimates.Single(e => e is { Role: "primary", Contrast: "c - b" }));
    }

    [Fact]
    public void Ordered_scores_are_compared_by_the_chance_of_the_higher_one()
    {
        var rng = new Rng(8);
        double[] x = [.. Enumerable.Range(0, 150).Select(_ => (double)Math.Min(5, 1 + rng.NextInt(6)))];
        double[] y = [.. Enumerable.Range(0, 130).Select(_ => (double)(1 + rng.NextInt(5)))];
        var finding = Ask.Compare(Long(("old", y), ("young", x)), Options() with { Scale = "ordered" });
        var expected = BrunnerMunzel.Test(x, y);
        var primary = Primary(finding, "rank-biserial");
        Close.Relative(2 * expected.Value - 1, primary.Value, 1e-12);
        Close.Relative(expected.PValue, primary.P!.Value, 1e-12);
        Assert.Contains("50 % is no difference", finding.Decision.Summary + string.Join(' ', finding.Limitations), StringComparison.Ordinal);
        var apart = Ask.Compare(Long(("A", [1, 2, 3, 1]), ("B", [5, 6, 7, 8])), Options() with { Scale = "ordered" });
        Assert.Equal(1.0, Primary(apart, "rank-biserial").Value);
        Assert.InRange(Primary(apart, "rank-biserial").Low, -0.25, 0.5);
    }

    [Fact]
    public void Categories_are_compared_all_at_once_and_one_by_one()
    {
        string[] Plans(int free, int basic, int pro) => [.. Enumerable.Repeat("free", free), .. Enumerable.Repeat("basic", basic), .. Enumerable.Repeat("pro", pro)];
        var (a, b) = (Plans(60, 30, 10), Plans(40, 30, 30));
        var table = Table.With("group", a.Select(_ => (string?)"A").Concat(b.Select(_ => (string?)"B"))).And("value", a.Concat(b).Select(v => (string?)v));
        var finding = Ask.Compare(table, Options());
        var expected = ContingencyTable.Test([30, 60, 10, 30, 40, 30], 3);
        Assert.Contains(finding.Tables.Single(t => t.Id == "methods").Rows, r => Equals(r[3], expected.PValue));
        Close.Relative(expected.CramersV, finding.Estimates.Single(e => e.Name == "cramers-v").Value, 1e-12);
        Assert.Contains("most clearly pro: +20", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Equal(DecisionAction.Answer, finding.Decision.Action);
        var one = Ask.Compare(table, Options() with { Metric = "value=pro" });
        Same(TwoProportions.Compare(30, 100, 10, 100), Primary(one));
    }

    [Fact]
    public void Pairs_are_compared_within()
    {
        var before = Normals(1, 40, 100, 15);
        double[] after = [.. before.Zip(Normals(2, 40, -2, 3), (b, d) => b + d)];
        var table = Table.With("group", Enumerable.Repeat((string?)"before", 40).Concat(Enumerable.Repeat((string?)"after", 40)))
            .And("person", Enumerable.Range(0, 80).Select(i => (long)(i % 40))).And("value", before.Concat(after));
        var finding = Ask.Compare(table, Options() with { Paired = "person" });
        Assert.Equal("after - before", Primary(finding).Contrast);
        Same(OneSampleT.Paired(after, before), Primary(finding));
        double[] d = [.. after.Zip(before, (a, b) => a - b)];
        Close.Relative(WilcoxonSignedRank.Test(d).PValue, finding.Estimates.Single(e => e.Name == "shift").P!.Value, 1e-12);
        var share = Ask.Compare(table.And("high", before.Concat(after).Select(v => v > 100)), Options() with { Paired = "person", Metric = "high" });
        var (onlyAfter, onlyBefore) = (after.Zip(before).LongCount(p => p.First > 100 && p.Second <= 100), after.Zip(before).LongCount(p => p.First <= 100 && p.Second > 100));
        Close.Relative(PairedProportions.MidP(onlyAfter, onlyBefore), Primary(share).P!.Value, 1e-12);
    }

    [Fact]
    public void Several_measurements_of_one_unit_are_ranked_within_it()
    {
        var rng = new Rng(2);
        double[][] days = [.. Enumerable.Range(0, 3).Select(k => Enumerable.Range(0, 15).Select(i => i + k * 0.8 + rng.NextNormal()).ToArray())];
        var table = Table.With("group", Enumerable.Range(0, 45).Select(i => (string?)$"day {i / 15}")).And("shop", Enumerable.Range(0, 45).Select(i => (long)(i % 15))).And("value", days.SelectMany(d => d));
        var finding = Ask.Compare(table, Options() with { Paired = "shop" });
        Assert.Contains(finding.Tables.Single(t => t.Id == "methods").Rows, r => Equals(r[3], Friedman.Test(days).F!.PValue));
        Assert.Equal(3, finding.Estimates.Count(e => e.Role == "primary"));
    }

    [Fact]
    public void A_gap_that_a_mixture_makes_is_named_and_shrinks_when_it_is_held_fixed()
    {
        var finding = Ask.Compare(Shop(seed: 1, mixture: 0.2, gap: 0), Options("spend", "gender"));
        Assert.Equal("confounded-comparison", finding.Decision.Because[0]);
        Assert.Equal(DecisionAction.Investigate, finding.Decision.Action);
        Assert.Contains("with line held fixed", finding.Decision.Summary, StringComparison.Ordinal);
        var held = finding.Estimates.Single(e => e.Method == "with line held fixed");
        Assert.True(held.Low < 0 && held.High > 0);
        var clean = Ask.Compare(Shop(seed: 1, mixture: 0, gap: 4), Options("spend", "gender"));
        Assert.Equal(DecisionAction.Answer, clean.Decision.Action);
        Assert.Equal(CheckStatus.Pass, Check(clean, "confounded-comparison").Status);
        Assert.Contains("not an effect of belonging to one", clean.Decision.Summary, StringComparison.Ordinal);
        var randomised = Ask.Compare(Shop(seed: 1, mixture: 0.2, gap: 0), Options("spend", "gender") with { Randomized = true });
        Assert.DoesNotContain(randomised.Checks, c => c.Id == "confounded-comparison");
    }

    [Fact]
    public void A_reversal_inside_strata_is_named_and_the_stratified_difference_decides()
    {
        // Berkeley's shape: women apply where few are admitted.
        (string Dept, string Sex, int Yes, int No)[] cells = [("easy", "men", 620, 380), ("easy", "women", 89, 41), ("hard", "men", 40, 460), ("hard", "women", 110, 890)];
        var rows = cells.SelectMany(c => Enumerable.Range(0, c.Yes + c.No).Select(i => (c.Dept, c.Sex, Admitted: i < c.Yes))).ToArray();
        var table = Table.With("sex", rows.Select(r => (string?)r.Sex)).And("dept", rows.Select(r => (string?)r.Dept)).And("admitted", rows.Select(r => r.Admitted).ToArray());
        var finding = Ask.Compare(table, Options("admitted", "sex") with { Strata = ["dept"], Adjust = ["none"] });
        Assert.Contains("simpsons-paradox", finding.Decision.Because);
        Assert.True(Primary(finding).Value > 0);
        Assert.True(finding.Estimates.Single(e => e.Role == "sensitivity" && e.Method.EndsWith("dept ignored", StringComparison.Ordinal)).Value < 0);
        var tables = StratifiedTables.Test([new(89, 130, 620, 1000), new(110, 1000, 40, 500)]);
        Close.Relative(tables.OddsRatio!.Value, finding.Estimates.Single(e => e is { Name: "odds-ratio", Method: "Mantel-Haenszel odds ratio" }).Value, 1e-12);
    }

    [Fact]
    public void Repeated_rows_of_a_customer_are_found_and_averaging_answers()
    {
        var rng = new Rng(12);
        var rows = Enumerable.Range(0, 300).SelectMany(c =>
        {
            var own = 50 + 10 * rng.NextNormal();
            return Enumerable.Range(0, 4).Select(_ => (Customer: $"c{c}", Group: c % 2 == 0 ? "A" : "B", Value: own + 3 * rng.NextNormal()));
        }).ToArray();
        var table = Table.With("customer_id", rows.Select(r => (string?)r.Customer)).And("group", rows.Select(r => (string?)r.Group)).And("value", rows.Select(r => r.Value));
        var naive = Ask.Compare(table, Options());
        Assert.Equal(["unit-of-analysis-error"], naive.Decision.Because);
        var right = Ask.Compare(table, Options() with { Unit = "customer_id" });
        Assert.Empty(right.Decision.Because);
        Assert.Equal(300, Primary(right).N);
        double[] Means(string group) => [.. rows.Where(r => r.Group == group).GroupBy(r => r.Customer).Select(g => g.Average(r => r.Value))];
        Same(WelchT.Test(Means("B"), Means("A")), Primary(right), 1e-9);
    }

    [Fact]
    public void A_margin_turns_no_difference_into_an_answer()
    {
        var (x, y) = (Normals(1, 4000, 10, 2), Normals(2, 4000, 10, 2));
        Assert.Equal(DecisionAction.Inconclusive, Ask.Compare(Long(("A", y), ("B", x)), Options()).Decision.Action);
        var equal = Ask.Compare(Long(("A", y), ("B", x)), Options() with { Margin = "0.5" });
        Assert.Equal(DecisionAction.Answer, equal.Decision.Action);
        Assert.StartsWith("No difference that matters", equal.Decision.Summary, StringComparison.Ordinal);
        var test = Equivalence.Means(Moments.Of(x), Moments.Of(y), -0.5, 0.5, 0.025);
        Assert.Equal(test.PValue, (double)equal.Tables.Single(t => t.Id == "margin").Rows[0][4]!, 12);
        Assert.Equal(DecisionAction.Answer, Ask.Compare(Long(("A", y), ("B", x)), Options() with { Margin = "5%" }).Decision.Action);
    }

    [Fact]
    public void A_claim_of_a_percentage_alone_is_flagged()
    {
        var options = new CompareOptions { Counts = ["placebo=146/1218", "drug=97/1218"], Randomized = true };
        Assert.Equal(CheckStatus.Warn, Check(Ask.Compare(options with { Claim = "lift=-34%" }), "relative-effect-without-absolute").Status);
        Assert.Equal(CheckStatus.Pass, Check(Ask.Compare(options with { Claim = "lift=-34%, difference=-0.04" }), "relative-effect-without-absolute").Status);
    }

    [Fact]
    public void Options_that_do_not_go_together_are_refused_by_name()
    {
        var table = Long(("A", [1, 2, 3]), ("B", [2]));
        Assert.Equal("too-few-rows", Assert.Throws<GnomonError>(() => Ask.Compare(table, Options() with { Control = "B" })).Code);
        Assert.Equal("group-not-found", Assert.Throws<GnomonError>(() => Ask.Compare(table, Options() with { Control = "C" })).Code);
        Assert.Equal("options-conflict", Assert.Throws<GnomonError>(() => Ask.Compare(new CompareOptions { Counts = ["A=1/2", "B=1/3"], Strata = ["x"] })).Code);
        Assert.Equal("bad-margin", Assert.Throws<GnomonError>(() => Ask.Compare(table, Options() with { Margin = "-1" })).Code);
        Assert.Equal("bad-counts", Assert.Throws<GnomonError>(() => Ask.Compare(new CompareOptions { Counts = ["A=5/2", "B=1/3"] })).Code);
        Assert.Equal("one-group", Assert.Throws<GnomonError>(() => Ask.Compare(new CompareOptions { Counts = ["A=1/2"] })).Code);
        Assert.Equal("too-few-pairs", Assert.Throws<GnomonError>(() => Ask.Compare(table.And("k", Enumerable.Range(0, 4).Select(i => (long)i)), Options() with { Paired = "k" })).Code);
    }

    [Theory]
    [InlineData("nope", "group", "column-not-found")]
    [InlineData("value", "one", "one-group")]
    [InlineData("value", "id", "too-many-groups")]
    [InlineData("id", "group", null)]
    public void Wrong_columns_are_named(string metric, string by, string? code)
    {
        var table = Long(("A", Normals(1, 60, 0, 1)), ("B", Normals(2, 60, 0, 1))).And("one", Enumerable.Repeat((string?)"x", 120)).And("id", Enumerable.Range(0, 120).Select(i => (long)i));
        if (code is null)
        {
            Assert.NotEmpty(Ask.Compare(table, Options(metric, by)).Estimates);
            return;
        }

        Assert.Equal(code, Assert.Throws<GnomonError>(() => Ask.Compare(table, Options(metric, by))).Code);
    }

    [Fact]
    public void Edge_data_give_an_answer_or_a_named_refusal_and_never_a_number_that_is_none()
    {
        (string Name, Table Data, CompareOptions Options)[] cases =
        [
            ("constant", Long(("A", new double[20]), ("B", new double[20])), Options()),
            ("one value a group", Long(("A", [1]), ("B", [2, 3])), Options()),
            ("two a group", Long(("A", [1, 2]), ("B", [3, 9])), Options()),
            ("a flat group", Long(("A", [5, 5, 5]), ("B", [3, 9, 4])), Options()),
            ("huge", Long(("A", [1e150, 2e150, 3e150]), ("B", [1e150, 5e150, 9e150])), Options()),
            ("far from 0", Long(("A", [1e9, 1e9 + 1, 1e9 + 2]), ("B", [1e9 + 3, 1e9, 1e9 + 5])), Options()),
            ("no events", Long(("A", [0, 0, 0, 0]), ("B", [0, 0, 0])), Options()),
            ("all events", Long(("A", [1, 1, 1, 1]), ("B", [1, 1, 1])), Options()),
            ("ties only", Long(("A", [2, 2, 2, 2]), ("B", [2, 2, 2])), Options() with { Scale = "ordered" }),
            ("three flat", Long(("A", [2, 2]), ("B", [2, 2]), ("C", [3, 3])), Options()),
            ("three shares", Long(("A", [0, 0, 1]), ("B", [1, 1]), ("C", [0, 0])), Options()),
        ];
        Assert.All(cases, one =>
        {
            Finding finding;
            try
            {
                finding = Ask.Compare(one.Data, one.Options);
            }
            catch (GnomonError refused)
            {
                Assert.False(string.IsNullOrWhiteSpace(refused.Message));
                return;
            }

            Assert.All(finding.Estimates, e => Assert.True(double.IsFinite(e.Value) && double.IsFinite(e.Low) && double.IsFinite(e.High) && e.P is not double.NaN && e.Low <= e.High, $"{one.Name}: {e.Name} {e.Value} {e.Low} {e.High} {e.P}"));
            Assert.All(finding.Tables.SelectMany(t => t.Rows).SelectMany(r => r).OfType<double>(), v => Assert.True(double.IsFinite(v), one.Name));
            Assert.DoesNotContain("NaN", finding.Decision.Summary, StringComparison.Ordinal);
            Assert.DoesNotContain(finding.Checks, c => c.Evidence.Contains("could not run:", StringComparison.Ordinal));
        });
    }

    [Fact]
    [Trait("speed", "slow")]
    public void False_positives_of_the_default_path_stay_at_five_per_cent()
    {
        // 300 comparisons of skewed numbers without a difference; 3.3 binomial errors around 0.05.
        var rng = new Rng(20261122);
        const int runs = 300;
        var clear = 0;
        for (var run = 0; run < runs; run++)
        {
            double[] x = [.. Enumerable.Range(0, 40).Select(_ => rng.NextExponential())];
            double[] y = [.. Enumerable.Range(0, 30).Select(_ => rng.NextExponential())];
            clear += Primary(Ask.Compare(Long(("A", y), ("B", x)), Options())).P < 0.05 ? 1 : 0;
        }

        Assert.InRange(clear / (double)runs, 0.05 - 0.0415, 0.05 + 0.0415);
    }

    private static CompareOptions Options(string metric = "value", string by = "group") => new() { Metric = metric, By = by };

    private static Estimate Primary(Finding finding, string name = "difference") => finding.Estimates.First(e => e.Role == "primary" && e.Name == name);

    private static CheckReport Check(Finding finding, string id) => finding.Checks.Single(c => c.Id == id);

    private static void Same(ContrastResult expected, Estimate actual, double tolerance = 1e-12)
    {
        Close.Relative(expected.Value, actual.Value, tolerance, "value");
        Close.Relative(expected.Low, actual.Low, tolerance, "low");
        Close.Relative(expected.High, actual.High, tolerance, "high");
        Close.Relative(expected.PValue, actual.P!.Value, tolerance, "p");
    }

    private static Table Long(params (string Group, double[] Values)[] groups) =>
        Table.With("group", groups.SelectMany(g => g.Values.Select(_ => (string?)g.Group))).And("value", groups.SelectMany(g => g.Values));

    private static double[] Normals(int seed, int n, double mean, double spread)
    {
        var rng = new Rng(seed);
        return [.. Enumerable.Range(0, n).Select(_ => mean + spread * rng.NextNormal())];
    }

    // 3,000 customers; one line of goods costs twice as much, and women buy it more often by the mixture.
    private static Table Shop(int seed, double mixture, double gap)
    {
        var rng = new Rng(seed).Stream("shop");
        var rows = Enumerable.Range(0, 3_000).Select(_ =>
        {
            var woman = rng.NextDouble() < 0.5;
            var jewels = rng.NextDouble() < 0.3 + (woman ? mixture : 0);
            return (Gender: woman ? "women" : "men", Line: jewels ? "jewels" : "tools", Device: rng.NextInt(3) switch { 0 => "phone", 1 => "tablet", _ => "desk" }, Spend: (jewels ? 60 : 30) + (woman ? gap : 0) + 12 * rng.NextNormal());
        }).ToArray();
        return Table.With("gender", rows.Select(r => (string?)r.Gender)).And("line", rows.Select(r => (string?)r.Line)).And("device", rows.Select(r => (string?)r.Device)).And("spend", rows.Select(r => r.Spend));
    }
}
