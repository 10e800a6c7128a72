using Gnomon.Core.Checks;
using Gnomon.Core.Findings;
using Xunit;

namespace Gnomon.Tests.FrontDoor;

/// <summary>The decision rule: a failed blocking check always turns the decision into one that acts on the flaw first.</summary>
public sealed class DecideTests
{
    public static TheoryData<DecisionAction, DecisionAction> Pairs
    {
        get
        {
            var pairs = new TheoryData<DecisionAction, DecisionAction>();
            foreach (var proposed in Enum.GetValues<DecisionAction>())
            {
                foreach (var actsBy in new[] { DecisionAction.FixDataFirst, DecisionAction.DoNotShip, DecisionAction.KeepRunning, DecisionAction.Investigate })
                {
                    pairs.Add(proposed, actsBy);
                }
            }

            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Whatever_was_proposed_a_failed_check_decides(DecisionAction proposed, DecisionAction actsBy)
    {
        var decision = Decide.From(new Proposal(proposed, "As proposed."), [Failed("flaw", actsBy)]);
        Assert.Equal(actsBy, decision.Action);
        Assert.Equal(["flaw"], decision.Because);
        Assert.StartsWith("It means this.", decision.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_several_the_flaw_nearest_to_the_data_leads_and_all_are_named()
    {
        var decision = Decide.From(new Proposal(DecisionAction.Inconclusive, "Open."), [Failed("early", DecisionAction.KeepRunning), Failed("split", DecisionAction.FixDataFirst)]);
        Assert.Equal(DecisionAction.FixDataFirst, decision.Action);
        Assert.Equal(["split", "early"], decision.Because);
    }

    [Fact]
    public void Without_a_failure_the_proposal_stands()
    {
        var decision = Decide.From(new Proposal(DecisionAction.Inconclusive, "Open."), [Failed("early", DecisionAction.KeepRunning) with { Result = CheckResult.Warn("2 looks") }]);
        Assert.Equal((DecisionAction.Inconclusive, "Open."), (decision.Action, decision.Summary));
        Assert.Empty(decision.Because);
    }

    private static CheckRun Failed(string id, DecisionAction actsBy) => new(
        new CheckCard(id, "Is it so?", "it is", "It means this.", "Mend it.", "A book") { Level = CheckLevel.Blocking, ActsBy = actsBy }, string.Empty, CheckResult.Fail("measured 3"), Crashed: false);
}
