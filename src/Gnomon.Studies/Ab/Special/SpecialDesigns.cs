using Gnomon.Core.Errors;
using Gnomon.Core.Studies;
using Gnomon.Studies.Ab.Bandit;
using Gnomon.Studies.Ab.Geo;

namespace Gnomon.Studies.Ab.Special;

/// <summary>Designs that the story of two arms and independent units does not fit: each is read and reported by itself.</summary>
internal static class SpecialDesigns
{
    /// <summary>The finding of the design that the options name; null for the usual ones.</summary>
    public static StudyReport? Run(AbOptions options, StudyContext context) =>
        options.Replay is not null ? new ReplayReport(options, context).Finding() : Assigned(options, context) is { } report ? DesignLook.Remember(report, options, context) : null;

    private static StudyReport? Assigned(AbOptions options, StudyContext context) => options switch
    {
        { Geo: true } => new GeoReport(options, context).Finding(),
        { Crossover: true } => new CrossoverReport(options, context).Finding(),
        { Saturation: not null } => new SaturationReport(options, context).Finding(),
        { Buyers: not null } => new MarketReport(options, context).Finding(),
        { Ego: not null } => new EgoReport(options, context).Finding(),
        _ => null,
    };

    public static IEnumerable<GnomonError> Validate(AbOptions options)
    {
        (string Option, bool Given)[] named = [("--geo", options.Geo), ("--switchback", options.Switchback), (options.Ego is null ? "--edges" : "--ego", options.Edges is not null || options.Ego is not null), ("--replay", options.Replay is not null), ("--buyers", options.Buyers is not null), ("--crossover", options.Crossover), ("--saturation", options.Saturation is not null)];
        var given = named.Where(n => n.Given).Select(n => n.Option).ToList();
        if (given.Count > 1)
        {
            yield return new GnomonError("options-conflict", $"{string.Join(" and ", given)} are designs of their own.", string.Join(", ", given), "Name the one that assigned the arms.");
        }

        foreach (var wrong in GeoOptions.Validate(options).Concat(ReplaySpec.Validate(options)).Concat(CrossoverReport.Validate(options)).Concat(SaturationReport.Validate(options)).Concat(MarketReport.Validate(options)).Concat(EgoReport.Validate(options)))
        {
            yield return wrong;
        }
    }

    /// <summary>One error for each option that this design cannot honour.</summary>
    public static IEnumerable<GnomonError> Refuse(AbOptions options, string design, string because, params IReadOnlyList<string> allowed)
    {
        foreach (var (option, isGiven) in new[]
        {
            ("--unit", options.Unit is not null), ("--cluster", options.Cluster is not null), ("--time", options.Time is not null), ("--ratio", options.Ratio.Count > 0), ("--rate", options.Rate.Count > 0),
            ("--secondary", options.Secondary.Count > 0), ("--guardrail", options.Guardrail.Count > 0), ("--pre", options.Pre.Count > 0), ("--segment", options.Segment.Count > 0), ("--split", options.Split is not null),
            ("--plan", options.Plan is not null), ("--window", options.Window is not null), ("--counts, --stats", options.IsTyped), ("--claim", options.Claim is not null), ("--factors", options.Factors.Count > 0),
            ("--propensity", options.Propensity is not null), ("--bayes", options.Bayes is not null), ("--open-ended", options.OpenEnded), ("--relabel", options.Relabel is not null), ("--value", options.Value is not null),
            ("--predict", options.Predict.Count > 0), ("--post-stratify", options.PostStratify.Count > 0), ("--effects-by", options.EffectsBy.Count > 0), ("--exposed", options.Exposed is not null),
        })
        {
            if (isGiven && !allowed.Contains(option))
            {
                yield return new GnomonError("options-conflict", $"{because}, without {option}.", $"{design}, {option}", $"Leave out {option}.");
            }
        }
    }
}
