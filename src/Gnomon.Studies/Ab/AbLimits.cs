using Gnomon.Core.Findings;
using Gnomon.Studies.Ab.Assigned;
using Gnomon.Studies.Ab.Metrics;

namespace Gnomon.Studies.Ab;

/// <summary>What the data of an experiment could not tell, and where another choice would have told something else.</summary>
internal static class AbLimits
{
    public static IEnumerable<string> Sentences(AbDesign design, AbInput input, AbFacts facts, AbExtras extras)
    {
        if (design.Options.IsTyped)
        {
            yield return "Only totals were typed in: days, repeated units and tails cannot be checked.";
        }
        else if (design.Options.Randomised is null && input.Designed is null or AssignedSet && design.Options.Rate.Count == 0)
        {
            yield return "No --unit was named: each row is taken as one unit.";
        }

        if (input.Repeated && input.Designed is null)
        {
            yield return $"Units repeat: {Figures.Count(input.Rows, "row")} of {Figures.Count(input.TotalUnits, "unit")}. Metrics are means per row, with errors by {design.Options.Unit}.";
        }

        if (!facts.Assignment.SplitDeclared)
        {
            yield return "No split was declared: equal shares are assumed. Say --split when the arms were meant to differ in size.";
        }

        foreach (var excluded in input.Exclusions)
        {
            yield return $"{Figures.Count(excluded.Rows, "row")} set aside: {excluded.Reason}.";
        }

        foreach (var metric in input.Metrics.Where(m => m.Spec.RetentionDay is null))
        {
            var missing = metric.Arms.Sum(a => a.Missing);
            if (missing > 0)
            {
                yield return $"{Figures.Count(missing, metric.Spec.Kind == MetricKind.Rate ? "row" : "unit")} {(missing == 1 ? "has" : "have")} no usable value of {metric.Spec.Name} and {(missing == 1 ? "is" : "are")} left out of it.";
            }
        }

        foreach (var lift in facts.Comparisons.Where(c => c.EffectLift.Contrast is null).Select(c => $"{c.Spec.Name} ({c.Contrast}): {Clause(c.EffectLift.NotIdentifiedBecause ?? "what holds at every look here is the difference alone")}").Take(3))
        {
            yield return $"No relative effect is given for {lift}.";
        }

        foreach (var refusal in facts.Refusals.GroupBy(r => r.Why).Take(5))
        {
            yield return $"Not compared: {refusal.Key}{(refusal.Count() > 1 ? $" (and {refusal.Count() - 1} more)" : string.Empty)}.";
        }

        foreach (var sentence in Fragile(facts, extras).Concat(extras.LeftOut))
        {
            yield return sentence;
        }
    }

    private static string Clause(string sentence) => sentence.Length == 0 ? sentence : char.ToLowerInvariant(sentence[0]) + sentence[1..].TrimEnd('.');

    // Two answers whenever a choice could move the verdict; "fragile" when they disagree.
    private static IEnumerable<string> Fragile(AbFacts facts, AbExtras extras)
    {
        foreach (var capped in extras.Capped)
        {
            var raw = facts.Comparisons.FirstOrDefault(c => c.Spec.Name == capped.Comparison.Spec.Name && c.Contrast == capped.Comparison.Contrast);
            if (raw is not null)
            {
                var agree = Sign(raw.Raw.Low, raw.Raw.High) == Sign(capped.Raw.Low, capped.Raw.High);
                yield return $"With {raw.Spec.Name} capped at {Figures.Number(capped.Cap)} the difference is {AbWords.Text(capped.Raw, raw.Metric.Unit).Point} ({AbWords.Text(capped.Raw, raw.Metric.Unit).Range}): {(agree ? "the same answer" : "another answer, so this result is fragile")}.";
            }
        }

        foreach (var c in facts.Comparisons.Where(c => c.Adjusted is not null && c.Spec.Role == MetricRole.Primary))
        {
            if (Sign(c.Raw.Low, c.Raw.High) * Sign(c.Effect.Low, c.Effect.High) < 0)
            {
                yield return $"Adjusted and plain differences of {c.Spec.Name} point in opposite directions: this result is fragile.";
            }
        }
    }

    private static int Sign(double low, double high) => low > 0 ? 1 : high < 0 ? -1 : 0;
}
