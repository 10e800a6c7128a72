using Gnomon.Core.Errors;

namespace Gnomon.Studies.Ab.Factorial;

/// <summary>What goes with --factors, and what does not.</summary>
internal static class FactorialOptions
{
    private const int MostFactors = 6;

    public static IEnumerable<GnomonError> Validate(AbOptions options)
    {
        if (options.Factors.Count == 0)
        {
            if (options.Strata is not null)
            {
                yield return new GnomonError("option-missing", "--strata belongs to --factors.", "--strata", "Add --factors A,B.");
            }

            yield break;
        }

        if (options.Factors.Count is < 2 or > MostFactors || options.Factors.Distinct(StringComparer.Ordinal).Count() != options.Factors.Count)
        {
            yield return new GnomonError("option-out-of-range", $"--factors takes 2 to {MostFactors} different columns; got {string.Join(",", options.Factors)}.", "--factors", options.Factors.Count == 1 ? "For one factor write --variant COLUMN." : "Name each column once.");
        }

        foreach (var (option, isGiven) in new[]
        {
            ("--variant", options.Variant is not null), ("--rate", options.Rate.Count > 0), ("--pre", options.Pre.Count > 0), ("--segment", options.Segment.Count > 0), ("--counts, --stats", options.IsTyped),
            ("--claim", options.Claim is not null), ("--propensity", options.Propensity is not null), ("--open-ended", options.OpenEnded), ("--bayes", options.Bayes is not null), ("--value", options.Value is not null),
            ("--cluster", options.Cluster is not null), ("--switchback", options.Switchback), ("--edges", options.Edges is not null),
        })
        {
            if (isGiven)
            {
                yield return new GnomonError("options-conflict", $"Cells of --factors are compared without {option}.", $"--factors, {option}", $"Leave out {option}.");
            }
        }
    }
}
