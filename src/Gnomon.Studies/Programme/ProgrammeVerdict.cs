using Gnomon.Core.Checks;
using Gnomon.Core.Findings;

namespace Gnomon.Studies.Programme;

/// <summary>What the programme supports, in words.</summary>
internal sealed class ProgrammeVerdict(ProgrammeFacts facts)
{
    private const double UsualPower = 0.8;
    private const double TooRare = 0.1;
    private const int MostNamed = 5;
    private const double ClearInteraction = 0.01;
    private const double EggerLevel = 0.1;
    private readonly ProgrammeTogether? _together = ProgrammeTogether.Sum(facts);

    public string Title => facts.Wins == 0
        ? $"Did any of {Figures.Count(facts.Family, "experiment")} win?"
        : $"Which of {Figures.Count(facts.Wins, "win")} in {Figures.Count(facts.Family, "experiment")} {(facts.Wins == 1 ? "is" : "are")} real?";

    private string Unit => facts.Input.Unit ?? string.Empty;

    public Proposal Propose(IReadOnlyList<CheckRun> runs)
    {
        var (action, summary) = Decide(runs);
        var broken = facts.Broken;
        var blocked = broken.Count == 0 ? [] : new Dictionary<string, string>
        {
            ["sample-ratio-mismatch"] = $"The split of {Names(broken)} is broken: mend the assignment or logging and run {(broken.Count == 1 ? "it" : "them")} again; {(broken.Count == 1 ? "it is" : "they are")} set aside here. {summary}",
        };
        return new Proposal(action, summary, blocked);
    }

    private (DecisionAction Action, string Summary) Decide(IReadOnlyList<CheckRun> runs)
    {
        if (facts.Wins == 0 && Acting().FirstOrDefault() is { } hidden)
        {
            return (DecisionAction.Investigate, $"None of {Figures.Count(facts.Family, "experiment")} won when read alone, but {hidden.Pair.First} and {hidden.Pair.Second} change each other's effect: {hidden.Pair.Second} gives {Figures.Effect(hidden.Without, Unit, 4 * hidden.StandardError)} without {hidden.Pair.First} and {Figures.Effect(hidden.With, Unit, 4 * hidden.StandardError)} with it. Read their four combinations.");
        }

        if (facts.Wins == 0)
        {
            return (DecisionAction.Inconclusive, $"None of {Figures.Count(facts.Family, "experiment")} won{(facts.Significant > 0 ? $", and {Figures.Count(facts.Significant)} lost" : string.Empty)}; luck alone gives {Expected(facts.Chance.ExpectedFalseGood)}.");
        }

        if (facts.Tests.Count == 0)
        {
            return (DecisionAction.Answer, $"{Luck()} {Instead()} With their p-values (--pvalues, or a list) the ones that stand can be named; the strictest line, Bonferroni's, is p below {Figures.Number(facts.Options.Alpha / facts.Family)}.");
        }

        var survivors = facts.Survivors;
        if (runs.Any(r => r.Card.Id == "selective-reporting" && r.Result.Status is CheckStatus.Warn or CheckStatus.Fail))
        {
            return (DecisionAction.Investigate, $"{Luck()} {Missing()} {Would(survivors)}{Unlike()}");
        }

        if (survivors.Count == 0)
        {
            return (DecisionAction.Inconclusive, $"{Luck()} {Kept(survivors)}{Unlike()}");
        }

        var acting = Acting().Where(p => survivors.Any(s => s.Row.Name == p.Pair.First) && survivors.Any(s => s.Row.Name == p.Pair.Second)).ToList();
        return acting.Count > 0
            ? (DecisionAction.Investigate, $"{Kept(survivors)} But {acting[0].Pair.First} and {acting[0].Pair.Second} change each other's effect: together they give {Figures.Effect(acting[0].Pair.Interaction, Unit, 4 * acting[0].StandardError)} beside their sum. Test the bundle against control before both are launched.")
            : (DecisionAction.Ship, $"{Kept(survivors)} {Luck()}{Unlike()}");
    }

    private string Luck() =>
        $"{Figures.Count(facts.Wins)} of {Figures.Count(facts.Family, "experiment")} won at p < {facts.Options.Alpha:0.###}{(facts.Significant > facts.Wins ? $" and {Figures.Count(facts.Significant - facts.Wins)} lost" : string.Empty)}. "
        + $"Luck alone gives {Expected(facts.Chance.ExpectedFalse)} significant results in so many tests, {Expected(facts.Chance.ExpectedFalseGood)} of them wins, and {Figures.Count(facts.Significant)} or more {Odds(facts.Chance.AtLeast)}."
        + (facts.ExpectedWithLooks is { } many ? $" Read as often as they were, luck gives {Expected(many)}, and as many as seen {Odds(facts.AtLeastWithLooks!.Value)}." : string.Empty);

    // Tests of the usual power cannot win this often even when every idea works: suspect what they share before counting corrections.
    private double IfAllWorked => Numerics.Distributions.Binomial.Sf(facts.Wins - 1, facts.Family, UsualPower);

    private bool IsTooGood => IfAllWorked < TooRare;

    private string Instead() => IsTooGood
        ? $"That is too good: if every idea worked, tests of power 0.8 would win so often in {Figures.Percent(IfAllWorked)} of programmes. Suspect what they share before multiplicity: tests that are not shown, looks, the unit, the metric, the logging."
        : facts.Chance.AtLeast < 0.01
        ? "So luck is not the whole story, but it cannot say which are real."
        : $"Luck can be the whole story: {Figures.WholePercent(facts.Chance.AtLeastOne)} of such programmes show at least one.";

    private string Missing() => facts.Unlisted > 0
        ? $"{Figures.Count(facts.Options.Started!.Value)} were started and {Figures.Count(facts.Tests.Count)} are shown: load the missing {Figures.Count(facts.Unlisted)} before any of these gains is claimed."
        : $"Their own power allows about {Figures.Number(Math.Round(facts.Excess?.Expected ?? 0, 1))} of {Figures.Count(facts.Tests.Count)} to be significant: look for results that were left out, early stopping, or a fault that all share, before any of these gains is claimed.";

    private string Kept(IReadOnlyList<JudgedTest> survivors)
    {
        var rest = facts.Tests.Count(t => t is { IsWin: true, Survives: false, IsBroken: false, Row.IsHeldBack: false });
        var corrected = $"the correction for {Figures.Count(facts.Family, "experiment")} ({facts.CorrectionName}{(facts.HasLooks ? ", each at the best of its looks" : string.Empty)})";
        if (survivors.Count == 0 && rest == 0)
        {
            return $"No win is to be launched.{HeldBack()}";
        }

        if (survivors.Count == 0)
        {
            return $"No win stands after {corrected}: test {(rest == 1 ? "it" : "the promising ones")} again, alone and once.{HeldBack()}";
        }

        var launch = survivors.Count == facts.Wins ? $"{(survivors.Count == 1 ? "The win stands" : $"All {Figures.Count(survivors.Count)} wins stand")} after {corrected}: launch {Names(survivors)}" : $"{Figures.Count(survivors.Count, "win stands", "wins stand")} after {corrected}: launch {Names(survivors)}";
        return rest == 0 ? $"{launch}.{HeldBack()}" : $"{launch}.{HeldBack()} Test the other {(rest == 1 ? "win" : Figures.Count(rest, "win"))} again before launching.";
    }

    private string HeldBack()
    {
        var held = facts.Tests.Where(t => t is { IsWin: true, IsBroken: false, Row.IsHeldBack: true }).ToList();
        return held.Count == 0 ? string.Empty : $" {Names(held)} {(held.Count == 1 ? "is" : "are")} better on the metric that leads, and {(held.Count == 1 ? "its own finding says" : "their own findings say")} {string.Join(", ", held.Select(t => t.Row.Finding!.Replace('-', ' ')).Distinct())}: read what holds {(held.Count == 1 ? "it" : "them")} back.";
    }

    private string Would(IReadOnlyList<JudgedTest> survivors) => survivors.Count == 0
        ? $"As shown, no win stands after the correction for {Figures.Count(facts.Family, "experiment")} ({facts.CorrectionName})."
        : $"As shown, {Figures.Count(survivors.Count, "win stands", "wins stand")} after the correction for {Figures.Count(facts.Family, "experiment")} ({facts.CorrectionName}): {Names(survivors)}.";

    // The corrections may disagree wildly: that itself is news.
    private string Unlike()
    {
        var (holm, bh) = (Count(t => t.Holm), Count(t => t.BenjaminiHochberg));
        return holm == bh ? string.Empty : $" The corrections differ: Holm keeps {holm}, Hochberg {Count(t => t.Hochberg)}, Benjamini-Hochberg {bh}, Benjamini-Yekutieli {Count(t => t.BenjaminiYekutieli)}.";

        int Count(Func<JudgedTest, double> adjusted) => facts.Tests.Count(t => t.IsWin && !t.IsBroken && adjusted(t) < facts.Options.Alpha);
    }

    public IEnumerable<string> Limitations()
    {
        foreach (var remark in facts.Input.Remarks.Concat(facts.Input.Overlap?.Remarks ?? []))
        {
            yield return remark;
        }

        if (facts.Wins > 0)
        {
            yield return (IsTooGood || facts.SuccessRate >= 1) && facts.Options.SuccessRate is null
                ? "So many wins say nothing of how many ideas work: the share of false ones cannot be told from them."
                : facts.SuccessRate > 0
                ? $"If {Figures.Percent(facts.SuccessRate, 0)} of ideas work {(facts.Options.SuccessRate is null ? "(what these wins suggest, at a power of 0.8)" : "(as given)")}, {Figures.WholePercent(facts.FalsePositiveRisk)} of uncorrected wins are false."
                : "There are no more wins than luck gives, so no share of working ideas can be learned from them.";
        }

        if (facts.Tests.Count > 0 && facts.Tests.All(t => t.Row.Effect is null))
        {
            yield return "Only p-values are known: directions are taken as good, and nothing is shrunk in the metric's unit. Effects with their errors, or counts, say more.";
        }

        if (facts.Input.Overlap is null && facts.Tests.Count > 1)
        {
            yield return "The corrections hold for experiments on users of their own; Holm, Bonferroni and Benjamini-Yekutieli hold for shared users too. Interactions of experiments on the same users are not seen in a list.";
        }

        if (facts.Shrinkage is not null && facts.Unlisted > 0)
        {
            yield return "Effects are shrunk as if each experiment that is not listed had none: the list alone would shrink winners towards the mean of winners.";
        }
        else if (facts.Shrinkage is not null && facts.Excess?.PValue < 0.01)
        {
            yield return "The shrunken effects are still too large: how many results are missing cannot be counted. Say it with --started when it is known.";
        }

        foreach (var sentence in Shape().Concat(Sums()).Concat(Log()))
        {
            yield return sentence;
        }
    }

    private IEnumerable<string> Shape()
    {
        if (facts.Curve is { Significant: >= 5 } curve && curve.LacksEvidence && !curve.HasEvidence)
        {
            yield return $"P-curve: the {curve.Significant} significant p-values crowd below 0.05 more than even weak tests of real effects make them ({Figures.P(curve.WeakP)}); most would not come back.";
        }

        if (facts.Funnel is { } funnel && funnel.PValue < EggerLevel)
        {
            yield return $"Funnel: imprecise experiments report {(funnel.Intercept > 0 ? "larger" : "smaller")} effects than precise ones (Egger's intercept {Figures.Number(funnel.Intercept)}, {Figures.P(funnel.PValue)}), as they do when weak results are left out of a list.";
        }
    }

    private IEnumerable<string> Sums()
    {
        var holdouts = facts.Input.Unit is null ? [] : facts.Input.MeasuredHoldouts;
        if (_together is not { } together)
        {
            if (holdouts.Count > 0)
            {
                yield return $"The holdout {holdouts[^1].Name} shows {Text(ProgrammeTogether.Measured(holdouts[^1]))} for everything launched; the list has fewer than two launches with an effect, so there is no sum to hold against it.";
            }

            yield break;
        }

        var what = together.Launched ? "launched" : "wins";
        yield return $"The {together.Of.Count} {what} claim {Text(together.Claimed)} together; shrunk for having been picked, {Text(together.Shrunken)}. A bundle need not give the sum of its parts.";
        if (together.Held is { } held)
        {
            yield return $"The holdout shows {Text(held)} for all of them together, where the sum claims {Figures.Effect(together.Claimed.Value, Unit, together.Claimed.High - together.Claimed.Low)} ({Figures.P(together.HeldP!.Value)} for a difference).{(holdouts.Count > 1 ? $" That is {holdouts[^1].Name}, the newest of {holdouts.Count}; the others are in the table." : string.Empty)}";
        }
    }

    private IEnumerable<string> Log()
    {
        if (facts.Predictions is { } predictions)
        {
            var r = predictions.Interval;
            yield return $"Of what was predicted, {Figures.WholePercent(predictions.Slope)} came ({Figures.WholePercent(r.Low)} to {Figures.WholePercent(r.High)}){(r.High < 1 ? ": scale the next predictions by it" : string.Empty)}.";
        }

        var launched = facts.Tests.Where(t => t.Row.IsLaunched).ToList();
        var unproven = launched.Where(t => !t.Survives).ToList();
        if (unproven.Count > 0)
        {
            yield return $"{Figures.Count(unproven.Count)} of {Figures.Count(launched.Count, "launch", "launches")} did not stand after the correction: {Names(unproven)}.";
        }

        var overridden = facts.Tests.Count(t => t.Row.Override is not null);
        if (overridden > 0)
        {
            yield return $"{Figures.Count(overridden, "decision was", "decisions were")} overridden by a person.";
        }
    }

    public IEnumerable<string> Next()
    {
        foreach (var test in facts.Tests.Where(t => t.ReplicationFactor is not null).OrderBy(t => t.P).Take(3))
        {
            var effect = test.Row.Effect is not null ? $"the {Figures.Effect(test.PlannedEffect!.Value, Unit, 4 * test.Row.StandardError!.Value)} that is left of it" : "what is left of it";
            yield return test.Row.Users is { } users
                ? $"Run {test.Row.Name} again on {Figures.Count((long)Math.Ceiling(Math.Min(1e12, users * test.ReplicationFactor!.Value)))} users: that sees {effect} in 90 % of tests."
                : $"Run {test.Row.Name} again at {Figures.Number(Math.Round(test.ReplicationFactor!.Value, 1))} times its size: that sees {effect} in 90 % of tests.";
        }

        if (_together is { HoldoutUsers: { } holdout, Held: null } && facts.Survivors.Count > 1)
        {
            yield return $"Hold half of {Figures.Count(holdout)} users out of everything launched: that sees the shrunken sum in 90 % of holdouts, and tells whether the bundle gives it.";
        }

        if (facts.Input.Overlap is null && facts.Wins > 1)
        {
            yield return "If experiments shared users, scan the pairs: gnomon programme UNITS.csv --tests COLUMN,COLUMN --metric COLUMN.";
        }

        if (facts.Wins > 1 && facts.Options.Aa is null && facts.Input.AaTests.Count == 0)
        {
            yield return "Audit the platform with 200 A/A tests or more and give them as --aa K/N: a wrong error rate makes winners in every list.";
        }
    }

    private IEnumerable<ScannedPair> Acting() => facts.Input.Overlap?.Pairs.Where(p => p.Pair.AdjustedP < ClearInteraction).OrderBy(p => p.Pair.AdjustedP) ?? Enumerable.Empty<ScannedPair>();

    private string Text(SummedEffect e)
    {
        var text = Figures.Interval(e.Value, e.Low, e.High, FigureUnit.Of(Unit, change: true));
        return $"{text.Point} ({text.Range})";
    }

    private static string Names(IReadOnlyList<JudgedTest> tests) =>
        string.Join(", ", tests.OrderBy(t => t.P).Take(MostNamed).Select(t => t.Row.Name)) + (tests.Count > MostNamed ? $" and {tests.Count - MostNamed} more" : string.Empty);

    private static string Expected(double count) => count >= 10 ? Figures.Number(Math.Round(count)) : count >= 1 ? Figures.Number(Math.Round(count, 1)) : Figures.Number(Math.Round(count, 3));

    private static string Odds(double p) => p switch
    {
        >= 0.01 => $"in {Figures.WholePercent(p)} of programmes",
        >= 1e-6 => $"once in {Figures.Count((long)Math.Round(1 / p))} programmes ({Figures.Percent(p)})",
        _ => $"less than once in a million programmes (chance {p.ToString("0.#e-0", System.Globalization.CultureInfo.InvariantCulture)})",
    };
}
