using Gnomon.Core.Checks;

namespace Gnomon.Core.Findings;

/// <summary>Turns what the numbers support and what the checks saw into the decision. The only place that does.</summary>
public static class Decide
{
    // When several blocking checks fail, the flaw nearest to the data is mended first.
    private static readonly DecisionAction[] Precedence =
    [
        DecisionAction.FixDataFirst, DecisionAction.RollBack, DecisionAction.DoNotDeploy, DecisionAction.DoNotShip,
        DecisionAction.Retrain, DecisionAction.UseSimplerModel, DecisionAction.KeepRunning, DecisionAction.Investigate, DecisionAction.Inconclusive,
    ];

    /// <summary>A failed blocking check always turns the decision into one that acts on the flaw first, whatever was proposed; <c>because</c> names it.</summary>
    public static Decision From(Proposal proposal, IReadOnlyList<CheckRun> runs)
    {
        ArgumentNullException.ThrowIfNull(proposal);
        ArgumentNullException.ThrowIfNull(runs);
        var failed = runs.Where(r => r.Result.Status == CheckStatus.Fail).ToList();
        if (failed.Count == 0)
        {
            return new Decision(proposal.Action, proposal.Summary, []);
        }

        var lead = failed.OrderBy(r => Rank(r.Card.ActsBy)).First();
        var summary = proposal.WhenBlocked?.GetValueOrDefault(lead.Card.Id) ?? $"{lead.Card.Means} {Sentence(lead.Result.Says)}";
        return new Decision(lead.Card.ActsBy, summary, [.. failed.OrderBy(r => Rank(r.Card.ActsBy)).Select(r => r.Card.Id).Distinct()]);
    }

    private static int Rank(DecisionAction action)
    {
        var rank = Array.IndexOf(Precedence, action);
        return rank < 0 ? Precedence.Length : rank;
    }

    private static string Sentence(string says) => says.Length == 0 ? says : char.ToUpperInvariant(says[0]) + says[1..].TrimEnd('.') + ".";
}
