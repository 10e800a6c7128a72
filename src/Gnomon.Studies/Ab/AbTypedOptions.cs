using Gnomon.Core.Errors;

namespace Gnomon.Studies.Ab;

/// <summary>Options that need rows: beside numbers that were typed in there is nothing they could read, so each is refused by name.</summary>
internal static class AbTypedOptions
{
    public static IEnumerable<GnomonError> Validate(AbOptions options)
    {
        if (!options.IsTyped)
        {
            yield break;
        }

        var typed = options.Counts.Count > 0 ? "--counts" : "--stats";
        foreach (var (option, isGiven) in new[]
        {
            ("--unit", options.Unit is not null), ("--cluster", options.Cluster is not null), ("--variant", options.Variant is not null), ("--ratio", options.Ratio.Count > 0), ("--rate", options.Rate.Count > 0),
            ("--secondary", options.Secondary.Count > 0), ("--guardrail", options.Guardrail.Count > 0), ("--time", options.Time is not null), ("--pre", options.Pre.Count > 0), ("--segment", options.Segment.Count > 0),
            ("--strata", options.Strata is not null), ("--edges", options.Edges is not null), ("--window", options.Window is not null), ("--as-of", options.AsOf is not null), ("--where", options.Where is not null),
            ("--factors", options.Factors.Count > 0), ("--propensity", options.Propensity is not null), ("--policy", options.Policy is not null), ("--switchback", options.Switchback), ("--exposed", options.Exposed is not null), ("--effects-by", options.EffectsBy.Count > 0),
        })
        {
            if (isGiven)
            {
                yield return new GnomonError("options-conflict", $"{option} reads columns, and {typed} has none: only the totals of one metric are known.", $"{typed}, {option}", option == "--guardrail" ? "Give the file with a row per unit; or type the guardrail's totals in a run of their own." : $"Give the file with a row per unit, or leave out {option}.");
            }
        }

        if (options.Metric.Count > 1)
        {
            yield return new GnomonError("options-conflict", $"{typed} holds the totals of one metric, and --metric names {options.Metric.Count}.", $"{typed}, --metric", "Name the one that was typed in, and run the others by themselves.");
        }
    }
}
