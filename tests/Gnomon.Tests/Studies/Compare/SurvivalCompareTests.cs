using System.Text.Json;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Methods.Survival;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Compare;
using Gnomon.Tests.Methods;
using Gnomon.Tests.Studies.Regress;
using Xunit;

namespace Gnomon.Tests.Studies.Compare;

/// <summary>Times to an event in groups. Source: R 4.2.2, survival (tests/reference/survival/make-groups.R).</summary>
public sealed class SurvivalCompareTests
{
    private static readonly JsonElement R = MethodReference.Load("survival/groups.json");
    private static readonly CompareOptions Options = new() { Metric = "days", Event = "ended", By = "plan", Horizon = 120 };

    // Closed forms: 1e-9; Cox by Newton: 1e-6.
    [Fact]
    public void Means_medians_tests_and_ratios_agree_with_survival()
    {
        var finding = Ask(Data(g => g < 2), Options);
        var difference = finding.Estimates.Single(e => e.Name == "difference");
        double[] means = R.Numbers("means"), errors = R.Numbers("errors");
        MethodReference.Close(means[1] - means[0], difference.Value, 1e-9);
        MethodReference.Close(2 * 1.959963984540054 * Math.Sqrt((errors[0] * errors[0]) + (errors[1] * errors[1])), difference.High - difference.Low, 1e-8);
        var hazard = finding.Estimates.Single(e => e.Name == "hazard ratio");
        var h = R.GetProperty("hazard");
        MethodReference.Close(h.Number("ratio"), hazard.Value, 1e-6);
        MethodReference.Close(h.Number("p"), hazard.P!.Value, 1e-5);
        MethodReference.Close(R.Numbers("median")[0], (double)finding.Tables.Single(t => t.Id == "groups").Rows[0][6]!, 1e-12);

        // The score test of proportionality on heavily tied days.
        MethodReference.Close(h.Number("zph"), (double)finding.Tables.Single(t => t.Id == "tests").Rows[1][3]!, 1e-6);
        Assert.Contains("Schoenfeld", (string)finding.Tables.Single(t => t.Id == "tests").Rows[1][0]!, StringComparison.Ordinal);
        Assert.Contains("120", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Equal("Pass", finding.Status("non-proportional-hazards"));
        var half = HazardHalves.Of([.. Rows(g => g < 2).Select(i => R.Numbers("time")[i])], [.. Rows(g => g < 2).Select(i => R.Numbers("event")[i] == 1)], [.. Rows(g => g < 2).Select(i => R.Numbers("group")[i])], 1);
        MethodReference.Close(h.Number("early"), half.Early!.Coefficients[0].HazardRatio, 1e-6);
        MethodReference.Close(h.Number("late"), half.Late!.Coefficients[0].HazardRatio, 1e-6);
    }

    [Fact]
    public void Strata_are_compared_within()
    {
        double[] time = R.Numbers("time");
        bool[] ended = [.. R.Numbers("event").Select(e => e == 1)];
        int[] group = [.. R.Numbers("group").Select(g => (int)g)], stratum = [.. R.Numbers("stratum").Select(g => (int)g)];
        var test = LogRank.Stratified(time, ended, group, stratum);
        var e = R.GetProperty("stratified");
        MethodReference.Close(e.Number("chisq"), test.Statistic, 1e-9);
        Assert.All(e.Numbers("expected").Zip(test.Groups), x => Assert.Equal(x.First, x.Second.Expected, 1e-9));
        Assert.All(e.Numbers("observed").Zip(test.Groups), x => Assert.Equal(x.First, x.Second.Observed));
        MethodReference.Close(R.GetProperty("logRank").Number("chisq"), LogRank.Stratified(time, ended, group, new int[time.Length]).Statistic, 1e-9);
        var finding = Ask(Data(g => g < 2), Options with { Strata = ["region"], Horizon = 100 });
        Assert.Contains("within region", finding.Estimates[0].Method, StringComparison.Ordinal);
        var whole = Ask(Data(g => g < 2), Options with { Strata = ["region"], Horizon = 120 });
        MethodReference.Close(R.Numbers("within")[0], whole.Estimates[0].Value, 1e-9);
        MethodReference.Close(2 * 1.959963984540054 * R.Numbers("within")[1], whole.Estimates[0].High - whole.Estimates[0].Low, 1e-8);
    }

    [Fact]
    public void Several_groups_are_paired_and_corrected()
    {
        var finding = Ask(Data(_ => true), Options);
        Assert.Equal(3, finding.Estimates.Count(e => e.Name == "difference"));
        var rows = finding.Tables.Single(t => t.Id == "comparisons").Rows;
        Assert.All(rows, r => Assert.True((double)r[5]! >= (double)r[4]!));
        MethodReference.Close(R.GetProperty("logRank").Number("chisq"), (double)finding.Tables.Single(t => t.Id == "tests").Rows[0][1]!, 1e-9);
        Assert.Equal(2, Ask(Data(_ => true), Options with { Control = "C" }).Estimates.Count(e => e.Name == "difference" && e.Contrast!.EndsWith("- C", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_margin_can_settle_that_there_is_no_difference_that_matters()
    {
        var rng = new Rng(4);
        var times = Enumerable.Range(0, 4_000).Select(_ => Math.Min(10, 8 * rng.NextExponential())).ToArray();
        var table = Table.With("days", times).And("ended", times.Select(t => t < 10 ? 1L : 0)).And("plan", times.Select((_, i) => i % 2 == 0 ? "A" : "B"));
        var finding = Ask(table, new CompareOptions { Metric = "days", Event = "ended", By = "plan", Margin = "1", Randomized = true });
        Assert.Equal(DecisionAction.Answer, finding.Decision.Action);
        Assert.Contains("No difference that matters", finding.Decision.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Refusals_name_what_is_wrong()
    {
        var data = Data(g => g < 2);
        Code("no-events", () => Ask(data, Options with { Event = "never" }));
        Code("event-unclear", () => Ask(data, Options with { Event = "status" }));
        Code("level-not-found", () => Ask(data, Options with { Event = "status=5" }));
        Code("value-out-of-range", () => Ask(data, Options with { Metric = "negative" }));
        Code("column-not-numeric", () => Ask(data, Options with { Metric = "plan" }));
        Code("one-group", () => Ask(Data(g => g == 0), Options));
        Code("option-out-of-range", () => Ask(data, Options with { Horizon = 5_000 }));
        Code("options-conflict", () => Ask(data, Options with { Paired = "plan" }));
        Code("option-missing", () => Ask(data, new CompareOptions { Metric = "days", By = "plan", Horizon = 3 }));
        Assert.Equal(Ask(data, Options).Estimates[0].Value, Ask(data, Options with { Event = "status=2" }).Estimates[0].Value);
    }

    // 120 draws of 2 x 80 units with one law and a fifth lost: the difference of means calls about 1 in 20.
    [Fact, Trait("speed", "slow")]
    public void The_difference_of_means_holds_its_size()
    {
        var called = 0;
        for (var d = 0; d < 120; d++)
        {
            var rng = new Rng(d).Stream("rmst");
            var (times, ended) = (new List<double>(), new List<long>());
            for (var i = 0; i < 160; i++)
            {
                var (happens, leaves) = (rng.NextExponential(), 4 * rng.NextExponential());
                times.Add(Math.Min(2, Math.Min(happens, leaves)));
                ended.Add(happens <= leaves && happens < 2 ? 1 : 0);
            }

            var finding = Ask(Table.With("days", times).And("ended", ended).And("plan", times.Select((_, i) => i % 2 == 0 ? "A" : "B")), new CompareOptions { Metric = "days", Event = "ended", By = "plan", Randomized = true });
            called += finding.Estimates[0].P < 0.05 ? 1 : 0;
        }

        Assert.InRange(called, 1, 14);
    }

    private static IEnumerable<int> Rows(Func<int, bool> keep) => Enumerable.Range(0, R.Numbers("time").Length).Where(i => keep((int)R.Numbers("group")[i]));

    private static Table Data(Func<int, bool> keep)
    {
        int[] rows = [.. Rows(keep)];
        double[] time = R.Numbers("time"), ended = R.Numbers("event"), group = R.Numbers("group"), stratum = R.Numbers("stratum");
        return Table.With("days", rows.Select(i => time[i])).And("ended", rows.Select(i => (long)ended[i])).And("status", rows.Select(i => (long)ended[i] + 1)).And("never", rows.Select(_ => 0L))
            .And("negative", rows.Select(i => time[i] - 50)).And("plan", rows.Select(i => "ABC"[(int)group[i]].ToString())).And("region", rows.Select(i => $"r{stratum[i]}"));
    }

    private static Finding Ask(Table table, CompareOptions options)
    {
        var finding = Gnomon.Ask.Compare(table, options);
        _ = Gnomon.Render.Json.FindingJson.Write(finding);
        return finding;
    }

    private static void Code(string code, Action ask) => Assert.Equal(code, Assert.Throws<GnomonError>(ask).Code);
}
