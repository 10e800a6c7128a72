using Gnomon.Core.Findings;
using Gnomon.Data.Ledger;
using Gnomon.Studies.Ab;
using Gnomon.Studies.Compare;
using Gnomon.Studies.Design;
using Gnomon.Tests.Data.Ledger;
using Xunit;

namespace Gnomon.Tests.Studies.Ab;

/// <summary>A plan with uneven arms is as far along as its units in all say, not its smallest arm times the arms.</summary>
public sealed class PlannedTotalTests : IDisposable
{
    private readonly LedgerFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(null, 2, 4_000)]
    [InlineData("50/50", 2, 4_000)]
    [InlineData("90/10", 2, 20_000)]
    [InlineData("control=90,new=10", 2, 20_000)]
    [InlineData("60/20/20", 3, 10_000)]
    [InlineData("50/50", 3, 6_000)]
    public void The_smallest_arm_and_the_split_say_how_many_units_are_planned(string? split, int arms, long total) =>
        Assert.Equal(total, AbPlan.Parse($$"""{ "unitsPerArm": 2000{{(split is null ? string.Empty : $", \"split\": \"{split}\"")}} }""", "test").Total(arms));

    // 82,407 units are planned (74,166 and 8,241); 18 % of them are no end.
    [Fact]
    public void A_stopping_rule_is_read_against_the_units_of_all_arms()
    {
        using var ledger = _folder.Open();
        var plan = Designed(looks: 4, ledger);
        var early = Read(0.18, plan, ledger);
        Assert.Equal(DecisionAction.KeepRunning, early.Decision.Action);
        Assert.Contains("18 % of the plan", early.Decision.Summary, StringComparison.Ordinal);
        Assert.Equal(DecisionAction.Ship, Read(1.0, plan, ledger).Decision.Action);
        Assert.Contains("18 % of the plan", Compared(0.18, ledger).Decision.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_that_is_read_once_says_how_many_of_its_units_are_missing()
    {
        var plan = Designed(looks: 1, null);
        Assert.Contains($"14,832 of {AbPlan.Load(plan).Total(2)!.Value.ToString("#,0", System.Globalization.CultureInfo.InvariantCulture)} planned units are in", AbData.Check(Read(0.18, plan, null), "plan-incomplete").Evidence, StringComparison.Ordinal);
        Assert.DoesNotContain("planned units are in", AbData.Check(Read(1, plan, null), "plan-incomplete").Evidence, StringComparison.Ordinal);
    }

    private string Designed(int looks, SqliteLedger? ledger)
    {
        var path = Path.Combine(_folder.Folder, "plan.json");
        Ask.Design(new DesignOptions { Baseline = 0.10, Mde = "0.01", Split = "90/10", Traffic = "5000/day", Looks = looks, Metric = "converted", Unit = "unit", Control = "A", Hypothesis = "h", Experiment = "uneven", Plan = path },
            ledger is null ? new AskSettings() : new AskSettings { Ledger = ledger });
        Assert.InRange(AbPlan.Load(path).Total(2)!.Value, 79_000, 82_500);
        return path;
    }

    // 10 % of control and 11.2 % of the others.
    private static Finding Read(double share, string plan, SqliteLedger? ledger) =>
        Ask.Ab(Data(share), AbData.Options("converted") with { Plan = plan, Control = "A", Experiment = "uneven" }, ledger is null ? new AskSettings() : new AskSettings { Ledger = ledger });

    private static Finding Compared(double share, SqliteLedger ledger) =>
        Ask.Compare(Data(share), new CompareOptions { Metric = "converted", By = "arm", Control = "A", Randomized = true, Experiment = "uneven", Unit = "unit" }, new AskSettings { Ledger = ledger });

    private static Core.Tables.Table Data(double share)
    {
        var (control, treated) = ((int)(74_166 * share), (int)(8_241 * share));
        return AbData.Binary(("A", (int)(0.10 * control), control), ("B", (int)(0.112 * treated), treated));
    }
}
