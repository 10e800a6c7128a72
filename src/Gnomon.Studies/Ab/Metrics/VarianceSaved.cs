using Gnomon.Core.Findings;

namespace Gnomon.Studies.Ab.Metrics;

/// <summary>What adjusting for the past is worth: in variance, in units and in days of traffic.</summary>
internal static class VarianceSaved
{
    private const int MostRows = 20;

    public static IEnumerable<string> Sentences(AbInput input, AbFacts facts)
    {
        foreach (var c in Adjusted(facts).Where(c => c.Spec.Role == MetricRole.Primary).DistinctBy(c => c.Spec.Name).Take(3))
        {
            var saved = c.Adjusted!.VarianceReduction;
            yield return saved > 0
                ? $"{Lead(c)} saves {Figures.WholePercent(saved)} of the variance: the same precision as {Figures.WholePercent(1 / (1 - saved) - 1)} more units{Days(input, saved)}."
                : $"{Lead(c)} does not narrow the interval.";
            var (plain, adjusted) = (c.Adjusted.Unadjusted, c.Adjusted.Difference);
            if (plain.PValue < facts.Alpha != adjusted.PValue < facts.Alpha)
            {
                yield return $"Without the adjustment {c.Spec.Name} would read {AbWords.Text(plain, c.Metric.Unit).Point} ({Figures.Confidence(plain.Level)} interval {AbWords.Text(plain, c.Metric.Unit).Range}), {Figures.P(plain.PValue)} instead of {Figures.P(adjusted.PValue)}: "
                    + "the adjustment turns the answer, which then rests on its columns having been known before assignment.";
            }
        }

        foreach (var sentence in input.Adjustments?.Sentences ?? [])
        {
            yield return sentence;
        }
    }

    public static IEnumerable<ResultTable> Tables(AbInput input, AbFacts facts)
    {
        var made = Adjusted(facts).Take(MostRows).ToList();
        if (made.Count == 0)
        {
            yield break;
        }

        var hasDays = input.Days is >= 2;
        yield return new ResultTable(
            "variance-saved", "What adjusting saves", ["metric", "contrast", "adjusted by", "plain error", "adjusted error", "variance saved", "worth more units", .. hasDays ? ["days of traffic saved"] : Array.Empty<string>()],
            [.. made.Select(c => (IReadOnlyList<object?>)
            [
                c.Spec.Name, c.Contrast, c.AdjustedBy.Method, c.Adjusted!.Unadjusted.StandardError, c.Adjusted.Difference.StandardError, Share(c.Adjusted.VarianceReduction), Share(1 / (1 - c.Adjusted.VarianceReduction) - 1),
                .. hasDays ? [Math.Round(input.Days!.Value * c.Adjusted.VarianceReduction, 1)] : Array.Empty<object?>(),
            ])]);
    }

    private static IEnumerable<Comparison> Adjusted(AbFacts facts) => facts.Comparisons.Where(c => c.Adjusted is not null);

    private static string Lead(Comparison c) => c.AdjustedBy.Phrase.StartsWith("adjusted ", StringComparison.Ordinal)
        ? $"Adjusting {c.Spec.Name} {c.AdjustedBy.Phrase["adjusted ".Length..]}"
        : $"{c.Spec.Name}, {c.AdjustedBy.Phrase},";

    private static string Days(AbInput input, double saved) =>
        input.Days is >= 2 and var days ? $"; {Figures.Number(Math.Round(days * saved, 1))} of {days} days of traffic saved" : string.Empty;

    private static string Share(double share) => Figures.Percent(share, 1);
}
