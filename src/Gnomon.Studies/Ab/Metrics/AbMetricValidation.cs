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

        if (options.Family is not ("holm" or "maxt"))
        {
            yield return new GnomonError("option-out-of-range", $"--family is holm or maxt; got '{options.Family}'.", "--family", "Write --family maxt.");
        }

        if (options.Family == "maxt" && (options.IsAdjusted || options.OpenEnded))
        {
            yield return new GnomonError("options-conflict", "--family maxt knows how plain differences read once move together, not adjusted or continuously read ones.", "--family", "Leave out --family, or leave out --pre, --predict, --post-stratify and --open-ended.");
        }

        foreach (var wrong in BoundedMetrics.Validate(options))
        {
            yield return wrong;
        }

        if (options.Funnel.Count == 1)
        {
            yield return new GnomonError("bad-funnel", "--funnel has one step; that is a share.", "--funnel", $"Write --metric {options.Funnel[0]}, or name the steps in their order.");
        }

        if (options.Retention is not null && options.Time is null)
        {
            yield return new GnomonError("option-missing", "--retention needs --time, the column with the date of assignment.", "--retention", "Add --time COLUMN.");
        }

        if ((options.Surrogates.Count > 0, options.History is not null, options.LongTerm is not null) is not (true, true, true) and not (false, false, false))
        {
            yield return new GnomonError("option-missing", "A surrogate index takes early outcomes, a file of past units and the outcome to expect.", "--surrogates, --history, --long-term", "Write --surrogates visits,clicks --history past.csv --long-term retained.");
        }

        if (options.HistoryTests.Count is not (0 or 2) || (options.HistoryTests.Count > 0 && options.History is null))
        {
            yield return new GnomonError("bad-columns", "--history-tests names two columns of --history, the past test and its arm.", "--history-tests", "Write --history-tests test,arm beside --history.");
        }

        foreach (var wrong in MetricsByDesign.Validate(options))
        {
            yield return wrong;
        }

        foreach (var (option, isGiven) in Given(options))
        {
            foreach (var (other, isOther) in Elsewhere(options, option))
            {
                if (isGiven && isOther)
                {
                    yield return new GnomonError("options-conflict", $"{option} is not offered with {other}.", $"{option}, {other}", $"Leave out {option} or {other}.");
                }
            }
        }
    }

    private static IEnumerable<(string Option, bool IsGiven)> Given(AbOptions options) =>
    [
        ("--predict", options.Predict.Count > 0), ("--post-stratify", options.PostStratify.Count > 0), ("--quantile", options.Quantile.Count > 0), ("--two-part", options.TwoPart.Count > 0),
        ("--funnel", options.Funnel.Count > 0), ("--retention", options.Retention is not null), ("--survival", options.Survival is not null), ("--oec", options.Oec is not null), ("--surrogates", options.Surrogates.Count > 0), ("--family maxt", options.Family == "maxt"),
    ];

    // Metrics by design are in MetricsByDesign; what narrows or corrects plain differences knows units assigned one by one alone.
    private static IEnumerable<(string Option, bool IsGiven)> Elsewhere(AbOptions options, string option) =>
    [
        .. option is "--predict" or "--post-stratify" or "--family maxt"
            ? [("--cluster", options.Cluster is not null), ("--switchback", options.Switchback), ("--edges", options.Edges is not null), ("--factors", options.Factors.Count > 0)]
            : Array.Empty<(string, bool)>(),
        ("--propensity", options.Propensity is not null), ("--rate", options.Rate.Count > 0), (options.Counts.Count > 0 ? "--counts" : "--stats", options.IsTyped),
        .. option is "--survival" or "--quantile" or "--surrogates" ? [("--open-ended", options.OpenEnded)] : Array.Empty<(string, bool)>(),
    ];
}
