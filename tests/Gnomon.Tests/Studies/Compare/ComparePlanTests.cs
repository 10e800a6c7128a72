using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Core.Ledger;
using Gnomon.Core.Tables;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Ab;
using Gnomon.Studies.Compare;
using Gnomon.Studies.Design;
using Gnomon.Tests.Data.Ledger;
using Xunit;

namespace Gnomon.Tests.Studies.Compare;

/// <summary>A comparison of a planned experiment stops where its plan says, as <c>ab</c> does.</summary>
public sealed class ComparePlanTests : IDisposable
{
    private readonly LedgerFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(200, 0.75, false)]
    [InlineData(200, 2.0, true)]
    [InlineData(512, 0.75, true)]
    public void Both_verbs_read_a_look_of_a_plan_by_the_same_boundary(int units, double effect, bool settled)
    {
        using var ledger = _folder.Open();
        var settings = new AskSettings { Ledger = ledger };
        Ask.Design(new DesignOptions { Kind = "mean", Baseline = 10, Sd = 2, Mde = "0.5", Looks = 3, Metric = "y", Experiment = "exp1", Hypothesis = "h", Plan = Path.Combine(_folder.Folder, "plan.json") }, settings);
        var data = Data(units, effect);
        var compared = Ask.Compare(data, new CompareOptions { Metric = "y", By = "g", Control = "a", Randomized = true, Experiment = "exp1" }, settings);
        var tested = Ask.Ab(data, new AbOptions { Metric = ["y"], Variant = "g", Control = "a", Unit = "unit", Experiment = "exp1" }, settings);
        var primary = compared.Estimates.First(e => e.Role == "primary");
        Assert.InRange(primary.P!.Value, 0, 0.049);
        Assert.Equal(settled ? DecisionAction.Answer : DecisionAction.KeepRunning, compared.Decision.Action);
        Assert.Equal(settled ? DecisionAction.Ship : DecisionAction.KeepRunning, tested.Decision.Action);
        if (!settled)
        {
            Assert.StartsWith("39 % of the plan is reached", compared.Decision.Summary, StringComparison.Ordinal);
            Assert.Contains("calls a difference at this look only below p = 0.00", compared.Decision.Summary, StringComparison.Ordinal);
        }
    }

    // A boundary that was crossed is the answer; what comes after it is overrun, whatever it says.
    [Theory]
    [InlineData("obrien-fleming", 200, 2.0)]
    [InlineData("open-ended", 400, 2.0)]
    public void A_look_that_stopped_is_not_taken_back(string stopping, int units, double effect)
    {
        using var ledger = _folder.Open();
        var settings = new AskSettings { Ledger = ledger };
        Plan(ledger, stopping);
        var options = new CompareOptions { Metric = "y", By = "g", Control = "a", Randomized = true, Experiment = "exp1" };
        var first = Ask.Compare(Data(units, effect), options, settings);
        Assert.Equal(DecisionAction.Answer, first.Decision.Action);
        Assert.DoesNotContain("look 1", first.Decision.Summary, StringComparison.Ordinal);

        var later = Ask.Compare(Data(512, 0), options, settings);
        Assert.Equal(DecisionAction.Answer, later.Decision.Action);
        Assert.StartsWith($"The planned test stopped at look 1, at {units} units: b - a +2.0", later.Decision.Summary, StringComparison.Ordinal);
        Assert.Contains(later.Limitations, l => l.StartsWith($"{512 - units} units came after the look that stopped the test", StringComparison.Ordinal));
        Assert.Equal(first.Decision.Summary, Ask.Compare(Data(units, effect), options, settings).Decision.Summary);

        // The same data without the name of the experiment are a comparison of their own.
        Assert.NotEqual(DecisionAction.Answer, Ask.Compare(Data(512, 0), options with { Experiment = null }, settings).Decision.Action);
    }

    // Without a planned end a p below 5 % at one look is no call: the sequence asks for more, and a look that it does not call stops nothing.
    [Fact]
    public void A_plan_without_an_end_asks_for_more_than_a_single_reading()
    {
        using var ledger = _folder.Open();
        var settings = new AskSettings { Ledger = ledger };
        Plan(ledger, PlannedLook.OpenEnded);
        var options = new CompareOptions { Metric = "y", By = "g", Control = "a", Randomized = true, Experiment = "exp1" };
        foreach (var (units, effect) in new[] { (200, 0.65), (400, 0.45) })
        {
            var finding = Ask.Compare(Data(units, effect), options, settings);
            Assert.InRange(finding.Estimates.First(e => e.Role == "primary").P!.Value, 0.01, 0.049);
            Assert.Equal(DecisionAction.KeepRunning, finding.Decision.Action);
            Assert.StartsWith("Not settled yet, and no end is planned", finding.Decision.Summary, StringComparison.Ordinal);
        }
    }

    // The size at each look is that of the sequence: daily looks at data without an effect are called in at most one test of twenty (Waudby-Smith and others 2024; Howard and others 2021).
    [Fact]
    public void Looks_without_an_end_keep_the_size()
    {
        const int draws = 2_000;
        var (called, once) = (0, 0);
        for (var seed = 0; seed < draws; seed++)
        {
            var rng = new Rng(seed).Stream("anytime looks");
            var (sum, hit, naive) = (0.0, false, false);
            for (var look = 1; look <= 40; look++)
            {
                sum += Math.Sqrt(500) * rng.NextNormal();
                var p = 2 * Normal.Sf(Math.Abs(sum) / Math.Sqrt(500 * look));
                hit |= p < PlannedLook.NominalNow(new LookHistory { Looks = look, Units = 500 * look, Z = null, Alpha = 0.05, SequentialRule = true, Rule = PlannedLook.OpenEnded });
                naive |= p < 0.05;
            }

            called += hit ? 1 : 0;
            once += naive ? 1 : 0;
        }

        Assert.InRange(called / (double)draws, 0.005, 0.05 + 3.3 * Math.Sqrt(0.05 * 0.95 / draws));
        Assert.True(once > 0.25 * draws);
    }

    // A plan for 3 looks with its stopping rule as given, on record before the first look.
    private void Plan(ILedger ledger, string stopping)
    {
        var path = Path.Combine(_folder.Folder, "plan.json");
        Ask.Design(new DesignOptions { Kind = "mean", Baseline = 10, Sd = 2, Mde = "0.5", Looks = 3, Metric = "y", Experiment = "exp1", Hypothesis = "h", Plan = path });
        var plan = File.ReadAllText(path).Replace("\"obrien-fleming\"", $"\"{stopping}\"", StringComparison.Ordinal);
        Assert.Contains(stopping, plan, StringComparison.Ordinal);
        ledger.Append(new LedgerEntry(DateTimeOffset.UnixEpoch, "design", string.Empty, new LedgerTrace { Experiment = new ExperimentKey("ab|unit=unit|variant=|control=", "exp1", [], 0), DataState = string.Empty, PlanJson = plan }, "answer"));
    }

    private static Table Data(int n, double effect)
    {
        var rng = new Rng(3);
        double[] noise = [.. Enumerable.Range(0, n).Select(_ => 2 * rng.NextNormal())];
        var centre = new[] { noise.Where((_, i) => i % 2 == 0).Average(), noise.Where((_, i) => i % 2 == 1).Average() };
        return Table.With("unit", Enumerable.Range(0, n).Select(i => (long)i)).And("g", Enumerable.Range(0, n).Select(i => (string?)(i % 2 == 0 ? "a" : "b")))
            .And("y", noise.Select((e, i) => 10 + e - centre[i % 2] + (i % 2 == 0 ? 0 : effect)));
    }
}
