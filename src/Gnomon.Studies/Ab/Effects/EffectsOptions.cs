using Gnomon.Core.Errors;

namespace Gnomon.Studies.Ab.Effects;

/// <summary>What goes with --effects-by, --treatment-cost and --exposed, and what does not.</summary>
internal static class EffectsOptions
{
    private const int MostColumns = 40;

    public static IEnumerable<GnomonError> Validate(AbOptions options)
    {
        if (options.EffectsBy.Count == 0 && options.TreatmentCost is not null)
        {
            yield return new GnomonError("option-missing", "--treatment-cost is weighed against the effect on each unit; that takes --effects-by.", "--treatment-cost", "Add --effects-by COLUMN[,COLUMN].");
        }

        if (options.EffectsBy.Count > MostColumns || options.EffectsBy.Distinct(StringComparer.OrdinalIgnoreCase).Count() != options.EffectsBy.Count)
        {
            yield return new GnomonError("option-out-of-range", $"--effects-by takes up to {MostColumns} different columns; got {options.EffectsBy.Count}.", "--effects-by", "Name each column once.");
        }

        foreach (var asked in new[] { options.EffectsBy.Count > 0 ? "--effects-by" : null, options.Exposed is not null ? "--exposed" : null }.OfType<string>())
        {
            foreach (var (option, isGiven) in new[]
            {
                ("--counts, --stats", options.IsTyped), ("--factors", options.Factors.Count > 0), ("--propensity", options.Propensity is not null), ("--switchback", options.Switchback), ("--edges", options.Edges is not null),
                ("--cluster", options.Cluster is not null),
            })
            {
                if (isGiven)
                {
                    yield return new GnomonError("options-conflict", $"{asked} reads units that were assigned one by one, without {option}.", $"{asked}, {option}", $"Leave out {option.Split(',')[0]} or {asked}.");
                }
            }
        }

        foreach (var column in options.EffectsBy)
        {
            var role = new[] { (options.Unit, "the unit"), (options.Variant, "the arm"), (options.Exposed, "the exposure") }.FirstOrDefault(r => string.Equals(r.Item1, column, StringComparison.OrdinalIgnoreCase)).Item2
                ?? (options.Metric.Contains(column, StringComparer.OrdinalIgnoreCase) ? "a metric" : null);
            if (role is not null)
            {
                yield return new GnomonError("options-conflict", $"{column} is {role}; segments are made of columns known before assignment.", "--effects-by", $"Leave out {column}.");
            }
        }
    }
}
