using Gnomon.Core.Errors;

namespace Gnomon.Studies.Ab.Metrics;

/// <summary>What goes with the metric options, and what does not.</summary>
internal static class AbMetricValidation
{
    public static IEnumerable<GnomonError> Validate(AbOptions options)
    {
        if (options.PostStratify.Count > 0 && options.Predict.Count + options.Pre.Count > 0)
        {
            yield return new GnomonError(
                "options-conflict", "--post-stratify stands alone: a regression on --predict takes categories too.", "--post-stratify", "Name the columns of --post-stratify in --predict instead.");
        }

        foreach (var (option, isGiven) in Adjusting(options))
        {
            foreach (var (other, isOther) in Elsewhere(options))
            {
                if (isGiven && isOther)
                {
                    yield return new GnomonError("options-conflict", $"{option} is not offered with {other}.", $"{option}, {other}", $"Leave out {option} or {other}.");
                }
            }
        }
    }

    private static IEnumerable<(string Option, bool IsGiven)> Adjusting(AbOptions options) =>
        [("--predict", options.Predict.Count > 0), ("--post-stratify", options.PostStratify.Count > 0)];

    private static IEnumerable<(string Option, bool IsGiven)> Elsewhere(AbOptions options) =>
    [
        ("--cluster", options.Cluster is not null), ("--switchback", options.Switchback), ("--edges", options.Edges is not null), ("--factors", options.Factors.Count > 0), ("--propensity", options.Propensity is not null),
        ("--rate", options.Rate.Count > 0), (options.Counts.Count > 0 ? "--counts" : "--stats", options.IsTyped),
    ];
}
