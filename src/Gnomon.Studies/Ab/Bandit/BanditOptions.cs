using Gnomon.Core.Errors;

namespace Gnomon.Studies.Ab.Bandit;

/// <summary>What goes with --propensity, and what does not.</summary>
internal static class BanditOptions
{
    public static IEnumerable<GnomonError> Validate(AbOptions options)
    {
        if (options.Propensity is null)
        {
            if (options.Policy is not null)
            {
                yield return new GnomonError("option-missing", "--policy asks what another policy would have earned; that takes the probabilities with which the log chose.", "--propensity", "Add --propensity COLUMN.");
            }

            yield break;
        }

        if (options.Metric.Count != 1)
        {
            yield return new GnomonError("options-conflict", "A log with probabilities is read for one metric.", "--metric", "Name one metric, and run again for the others.");
        }

        foreach (var (option, isGiven) in new[]
        {
            ("--ratio", options.Ratio.Count > 0), ("--rate", options.Rate.Count > 0), ("--secondary", options.Secondary.Count > 0), ("--guardrail", options.Guardrail.Count > 0), ("--pre", options.Pre.Count > 0),
            ("--segment", options.Segment.Count > 0), ("--split", options.Split is not null), ("--plan", options.Plan is not null), ("--window", options.Window is not null), ("--counts", options.IsTyped),
            ("--claim", options.Claim is not null), ("--unit", options.Unit is not null), ("--cluster", options.Cluster is not null), ("--bayes", options.Bayes is not null), ("--relabel", options.Relabel is not null),
            ("--value", options.Value is not null), ("--reach", options.Reach is not null), ("--bounds", options.Bounds.Count > 0), ("--as-of", options.AsOf is not null),
        })
        {
            if (isGiven)
            {
                yield return new GnomonError("options-conflict", $"Choices with logged probabilities are weighted row by row, without {option}.", $"--propensity, {option}", $"Leave out {option}.");
            }
        }

        foreach (var (option, isGiven) in new[] { ("--mde", options.Mde is not null), ("--open-ended", options.OpenEnded) })
        {
            if (isGiven && options.Policy is not null)
            {
                yield return new GnomonError("options-conflict", $"--policy values what did not run from a log that is closed; {option} judges the arms that ran.", $"--policy, {option}", $"Leave out {option}, or leave out --policy.");
            }
        }
    }
}
