using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
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

    private static Table Data(int n, double effect)
    {
        var rng = new Rng(3);
        double[] noise = [.. Enumerable.Range(0, n).Select(_ => 2 * rng.NextNormal())];
        var centre = new[] { noise.Where((_, i) => i % 2 == 0).Average(), noise.Where((_, i) => i % 2 == 1).Average() };
        return Table.With("unit", Enumerable.Range(0, n).Select(i => (long)i)).And("g", Enumerable.Range(0, n).Select(i => (string?)(i % 2 == 0 ? "a" : "b")))
            .And("y", noise.Select((e, i) => 10 + e - centre[i % 2] + (i % 2 == 0 ? 0 : effect)));
    }
}
