using Gnomon.Core.Errors;
using Gnomon.Studies.Ab.Special;

namespace Gnomon.Studies.Ab.Geo;

/// <summary>What goes with --geo, and what does not.</summary>
internal static class GeoOptions
{
    public static IEnumerable<GnomonError> Validate(AbOptions options)
    {
        if (!options.Geo)
        {
            foreach (var (option, isGiven) in new[] { ("--start", options.Start is not null && !options.Crossover), ("--pairs", options.Pairs is not null) })
            {
                if (isGiven)
                {
                    yield return new GnomonError("option-missing", $"{option} belongs to --geo.", option, $"Add --geo, or leave out {option}.");
                }
            }

            yield break;
        }

        foreach (var (option, isGiven, example) in new[] { ("--cluster", options.Cluster is not null, "--cluster region"), ("--time", options.Time is not null, "--time day"), ("--start", options.Start is not null, "--start 2026-05-01") })
        {
            if (!isGiven)
            {
                yield return new GnomonError("option-missing", $"--geo needs {option}.", option, $"Write {example}.");
            }
        }

        if (options.Metric.Count + options.Ratio.Count + options.Rate.Count > 1)
        {
            yield return new GnomonError("options-conflict", "Regions are read for one metric.", "--metric", "Name one metric, and run again for the others.");
        }

        foreach (var wrong in SpecialDesigns.Refuse(options, "--geo", "Regions are compared over time", "--cluster", "--time", "--ratio", "--rate"))
        {
            yield return wrong;
        }
    }
}
