using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Ab;
using Gnomon.Studies.Design;
using Gnomon.Tests.Data.Ledger;
using Xunit;

namespace Gnomon.Tests.Studies.Ab;

/// <summary>A plan that asks whether an arm is not worse, or no different, is answered by its margin.</summary>
public sealed class PlannedMarginTests : IDisposable
{
    private readonly LedgerFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // 14,145 units in each arm are planned for a margin of 1 pp of 10 %.
    [Theory]
    [InlineData(15_000, 1_500, 1_490, DecisionAction.Ship, "not worse by more than the planned margin of 1 pp")]
    [InlineData(15_000, 1_500, 1_400, DecisionAction.Inconclusive, "Not settled")]
    [InlineData(15_000, 1_500, 1_200, DecisionAction.DoNotShip, "Worse by more than the planned margin")]
    [InlineData(40_000, 4_000, 3_800, DecisionAction.Ship, "It is worse than A, by less than the plan accepts.")]
    [InlineData(15_000, 1_500, 1_650, DecisionAction.Ship, "It is better than A.")]
    [InlineData(7_000, 700, 735, DecisionAction.KeepRunning, "49 % of the plan is reached")]
    public void Not_worse_is_shown_by_the_lower_end(int perArm, int control, int treated, DecisionAction action, string says)
    {
        var finding = Read(Designed(false), perArm, control, treated);
        Assert.Equal(action, finding.Decision.Action);
        Assert.Contains(says, finding.Decision.Summary, StringComparison.Ordinal);
        Assert.DoesNotContain("mde", AbData.Check(finding, "plan-incomplete").Evidence, StringComparison.Ordinal);
        Assert.Equal(action == DecisionAction.KeepRunning, finding.Next.Any(n => n.StartsWith("To keep an arm without a true difference inside 1 pp", StringComparison.Ordinal)));
    }

    // At 15,430 units in each arm the standard error is 0.34 pp: 90 % of it reach 0.56 pp, 95 % reach 0.67.
    [Theory]
    [InlineData(1_543, DecisionAction.Ship, "no difference beyond the planned margin of 1 pp")]
    [InlineData(1_480, DecisionAction.Ship, "(90 % interval)")]
    [InlineData(1_609, DecisionAction.Ship, "(90 % interval)")]
    [InlineData(1_640, DecisionAction.Inconclusive, "either way")]
    [InlineData(1_850, DecisionAction.DoNotShip, "Different by more than the planned margin")]
    [InlineData(1_250, DecisionAction.DoNotShip, "Worse by more than the planned margin")]
    public void No_difference_is_two_one_sided_tests(int treated, DecisionAction action, string says)
    {
        var finding = Read(Designed(true), 15_430, 1_543, treated);
        Assert.Equal(action, finding.Decision.Action);
        Assert.Contains(says, finding.Decision.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void A_guardrail_that_is_open_holds_an_arm_that_stays_inside_the_margin()
    {
        var table = AbData.Binary(("A", 1_500, 15_000), ("B", 1_490, 15_000));
        var options = AbData.Options("converted") with { Plan = Designed(false), Control = "A" };
        var slow = table.And("slow", [.. Enumerable.Range(0, 30_000).Select(i => i % 15_000 < (i < 15_000 ? 300 : 320) ? 1L : 0L)]);
        Assert.Equal(DecisionAction.Ship, Ask.Ab(slow, options with { Guardrail = ["slow<=+150%"] }).Decision.Action);
        var held = Ask.Ab(slow, options with { Guardrail = ["slow<=+1%"] });
        Assert.Equal(DecisionAction.Inconclusive, held.Decision.Action);
        Assert.Contains("harm to slow beyond the margin is not ruled out", held.Decision.Summary, StringComparison.Ordinal);
    }

    // Lower is better: what rises by less than the margin is not worse.
    [Fact]
    public void A_metric_that_should_fall_is_held_against_its_rise()
    {
        var plan = Written("""{ "primary": ["converted"], "margin": "0.01", "lowerIsBetter": ["converted"], "hypothesis": "h", "unit": "unit", "unitsPerArm": 15000 }""");
        Assert.Equal(DecisionAction.Ship, Read(plan, 15_000, 1_500, 1_300).Decision.Action);
        Assert.Equal(DecisionAction.DoNotShip, Read(plan, 15_000, 1_500, 1_900).Decision.Action);
    }

    // Two arms share the size: z of 2.24 where one arm has 1.96. The lower end of B lies at -0.95 pp by itself and at -1.05 pp with C beside it.
    [Fact]
    public void Several_arms_share_the_size()
    {
        var plan = Written("""{ "primary": ["converted"], "margin": "0.01", "hypothesis": "h", "unit": "unit", "unitsPerArm": 15000, "control": "A" }""");
        var alone = Ask.Ab(AbData.Binary(("A", 1_500, 15_000), ("B", 1_459, 15_000)), AbData.Options("converted") with { Plan = plan });
        var beside = Ask.Ab(AbData.Binary(("A", 1_500, 15_000), ("B", 1_459, 15_000), ("C", 1_350, 15_000)), AbData.Options("converted") with { Plan = plan });
        Assert.Equal((DecisionAction.Ship, DecisionAction.Inconclusive), (alone.Decision.Action, beside.Decision.Action));
    }

    // At the margin itself the error is the size of the test: 2.5 % of 2,000 tests where worse is asked, 5 % where different is; three standard errors of the share either way.
    [Theory]
    [Trait("speed", "slow")]
    [InlineData(false, 0.20, 0.15, 0.0146, 0.0354)]
    [InlineData(true, 0.20, 0.15, 0.0354, 0.0646)]
    [InlineData(true, 0.20, 0.25, 0.0354, 0.0646)]
    public void At_the_margin_the_plan_errs_in_the_share_it_states(bool bothWays, double control, double treated, double least, double most)
    {
        var plan = Written($$"""{ "primary": ["converted"], "margin": "0.05", "equivalence": {{(bothWays ? "true" : "false")}}, "hypothesis": "h", "unit": "unit", "unitsPerArm": 2000 }""");
        var rng = new Rng(7).Stream("planned margin");
        const int tests = 2_000;
        var shipped = Enumerable.Range(0, tests).Count(_ => Ask.Ab(new AbOptions { Metric = ["converted"], Counts = [$"A={rng.NextBinomial(2_000, control)}/2000", $"B={rng.NextBinomial(2_000, treated)}/2000"], Plan = plan }).Decision.Action == DecisionAction.Ship);
        Assert.InRange(shipped / (double)tests, least, most);
    }

    [Theory]
    [InlineData("\"margin\": 0.01, \"equivalence\": \"yes\"", "equivalence must be true or false")]
    [InlineData("\"margin\": \"-1\"", "margin")]
    public void A_wrong_margin_is_refused_by_its_field(string fields, string says)
    {
        var wrong = Assert.Throws<Core.Errors.GnomonError>(() => Read(Written($$"""{ "primary": ["converted"], {{fields}} }"""), 1_000, 100, 100));
        Assert.Contains(says, wrong.Message, StringComparison.Ordinal);
    }

    private string Designed(bool bothWays)
    {
        var path = Path.Combine(_folder.Folder, "plan.json");
        Ask.Design(new DesignOptions { Baseline = 0.10, Margin = "0.01", Equivalence = bothWays, Metric = "converted", Unit = "unit", Control = "A", Hypothesis = "h", Experiment = "margin", Plan = path });
        Assert.Equal(bothWays ? 15_430 : 14_145, AbPlan.Load(path).UnitsPerArm);
        return path;
    }

    private string Written(string json)
    {
        var path = Path.Combine(_folder.Folder, $"{Guid.NewGuid():N}.json");
        File.WriteAllText(path, json);
        return path;
    }

    private static Finding Read(string plan, int perArm, int control, int treated) =>
        Ask.Ab(AbData.Binary(("A", control, perArm), ("B", treated, perArm)), AbData.Options("converted") with { Plan = plan });
}
