using Gnomon.Core.Findings;

namespace Gnomon.Studies.Metrics;

/// <summary>What the metric lab says, first to the person who must choose.</summary>
internal sealed class LabVerdict(LabFacts facts, IReadOnlyList<GameableFlag> flags)
{
    private string Goal => facts.Input.Goal;

    private int Count => facts.Tests.Count;

    public string Title => $"Which metric should stand for {Goal}?";

    public Proposal Propose() => facts.Chosen is { } chosen
        ? new Proposal(DecisionAction.Answer, $"Primary: {chosen.Name}{Others(chosen)}. {Carries(chosen)}")
        : new Proposal(DecisionAction.Inconclusive, $"No primary yet: past tests tie none of {Figures.Count(facts.Metrics.Count, "metric")} to {Goal}. {Nearest()} Decide on {Goal} itself until they do.");

    // The metrics that somebody would take: the one that is wanted, and those that move more easily than the chosen one.
    private string Others(JudgedMetric chosen)
    {
        var tempting = facts.Metrics.Where(m => m != chosen && !facts.Carried.Contains(m) && (m == facts.Wanted || Moves(m) > Moves(chosen))).OrderByDescending(Moves).Take(2).ToList();
        var parts = tempting.Select(m => m.Agree < Count
            ? $"{m.Name} is {(Moves(m) > Moves(chosen) ? "sensitive" : "wanted")} but disagrees with {Goal} in {Count - m.Agree} of {Count} past tests"
            : $"{m.Name} {(Moves(m) > Moves(chosen) ? "is sensitive" : "was wanted")} and agrees with {Goal} in all {Count} past tests, but they do not tie the two firmly enough").ToList();
        if (parts.Count == 0 && facts.Wanted is { } wanted && wanted != chosen)
        {
            parts.Add($"{wanted.Name} holds too, with less to show for the same users");
        }

        return parts.Count == 0 ? string.Empty : $"; {string.Join("; ", parts)}";
    }

    private static double Moves(JudgedMetric m) => m.Signal ?? m.TypicalT;

    private string Carries(JudgedMetric m)
    {
        var c = m.Correlation!;
        var size = m.NeededUsers is { } users ? $" A change of {Figures.Percent(facts.Options.Mde)} takes {Figures.Count((long)Math.Ceiling(users))} users an arm." : string.Empty;
        return $"{m.Name} moved the way of {Goal} in {m.Agree} of {Count} past tests, and with the noise taken out its effects correlate by {c.Correlation:0.00} with those on {Goal} (at least {c.Low:0.00} with 95 % confidence).{size}";
    }

    private string Nearest()
    {
        if (Count < LabFacts.FewestTests)
        {
            return $"There are {Count} of them, and {LabFacts.FewestTests} are needed.";
        }

        var m = facts.Lead;
        return m.Correlation is { } c
            ? $"{m.Name} disagrees with it in {Count - m.Agree} of {Count}; with the noise taken out the effects correlate by {c.Correlation:0.00}, at least {c.Low:0.00} with 95 % confidence, where {LabFacts.LeastCorrelation:0.0} is asked for."
            : $"{m.Name} disagrees with it in {Count - m.Agree} of {Count}.";
    }

    public IEnumerable<string> Limitations()
    {
        yield return $"What tied a metric to {Goal} in these tests need not tie it in changes of another kind: a metric that becomes the target invites changes that move it alone.";
        foreach (var m in facts.Metrics.Where(m => m.Correlation is null))
        {
            yield return $"The effects on {m.Name} stand out too little from their noise: these tests cannot tell whether it goes with {Goal}.";
        }

        var weak = facts.Goal;
        if (weak.Detected * 2 < Count)
        {
            yield return $"Only {weak.Detected} of {Count} tests moved {Goal} beyond noise, so its sign in the others is partly luck: read the share with the noise taken out beside the plain count.";
        }

        if (flags.Count > 0)
        {
            yield return $"{Figures.Count(flags.Count, "sign")} that a metric can be moved without the good it stands for: {string.Join("; ", flags.Take(4).Select(f => $"{f.Metric} ({f.Flag})"))}.";
        }

        foreach (var remark in facts.Input.Remarks)
        {
            yield return remark;
        }
    }

    public IEnumerable<string> Next()
    {
        var chosen = facts.Chosen;
        if (chosen is null)
        {
            yield return $"Keep measuring {Goal} in every test: each one that holds both adds to the record, {LabFacts.FewestTests} are the least.";
            yield break;
        }

        var margins = DefinitionCard.Guardrails(facts, chosen).Where(g => g.Metric != Goal && g.Text is not null).Select(g => g.Text).Take(3).ToList();
        yield return $"Declare it before the next test: gnomon ab DATA --metric {chosen.Name}{(margins.Count > 0 ? $" --guardrail \"{string.Join(",", margins)}\"" : string.Empty)}.";
        yield return $"Measure {Goal} when it is due in every test that {chosen.Name} decides, and ask again after ten more.";
    }
}
