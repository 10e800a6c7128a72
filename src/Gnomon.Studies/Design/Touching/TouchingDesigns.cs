using Gnomon.Core.Errors;
using Gnomon.Core.Studies;

namespace Gnomon.Studies.Design.Touching;

/// <summary>Kinds whose plan is made by a method of its own.</summary>
internal static class TouchingDesigns
{
    public static bool IsOwn(string kind) => kind is "geo" or "switchback" or "crossover" or "ego";

    public static StudyReport Run(DesignOptions options, StudyContext context) => options.TypedKind switch
    {
        "geo" => new GeoDesign(options, context).Finding(),
        "switchback" => new SwitchbackDesign(options, context).Finding(),
        "ego" => new EgoDesign(options, context).Finding(),
        _ => new CrossoverDesign(options).Finding(),
    };

    public static IEnumerable<GnomonError> Validate(DesignOptions options, string kind)
    {
        foreach (var (option, given, own) in new[]
        {
            ("--treated", options.Treated is not null, "geo"), ("--matching", options.Matching is not null, "geo"), ("--regions", options.Regions is not null, "geo"),
            ("--block", options.Block is not null, "switchback"), ("--burn-in", options.BurnIn is not null, "switchback"), ("--together", options.Together, "switchback"),
            ("--kept", options.Kept != 0.8, "ego"), ("--ego-arm", options.EgoArm != "same", "ego"), ("--egos", options.Egos is not null, "ego"),
        })
        {
            if (given && kind != own)
            {
                yield return new GnomonError("options-conflict", $"{option} is for --kind {own}.", option, $"Add --kind {own}.");
            }
        }

        foreach (var wrong in kind switch { "geo" => GeoDesign.Validate(options), "switchback" => SwitchbackDesign.Validate(options), "crossover" => CrossoverDesign.Validate(options), "ego" => EgoDesign.Validate(options), _ => [] })
        {
            yield return wrong;
        }
    }

    /// <summary>One error for each option that such a plan cannot do without.</summary>
    /// <param name="what">What it is made from, a clause: <c>A switchback is replayed on history by period</c>.</param>
    /// <param name="needed">Option, whether it was given, and an example.</param>
    public static IEnumerable<GnomonError> Need(string what, params IReadOnlyList<(string Option, bool Given, string Example)> needed) =>
        needed.Where(n => !n.Given).Select(n => new GnomonError("option-missing", $"{what}; {n.Option} is missing.", n.Option, $"Write {n.Example}."));

    /// <summary>One error for each option that such a plan cannot honour.</summary>
    public static IEnumerable<GnomonError> Refuse(DesignOptions o, string kind, params IReadOnlyList<string> allowed)
    {
        foreach (var (option, given) in new[]
        {
            ("--baseline", o.Baseline is not null), ("--sd", o.Sd is not null), ("--margin", o.Margin is not null), ("--width", o.Width is not null), ("--split", o.Split is not null), ("--arms", o.Arms != 2), ("--metrics", o.Metrics != 1),
            ("--looks", o.Looks != 1), ("--traffic", o.Traffic is not null), ("--units", o.Units is not null), ("--days", o.Days is not null), ("--plan", o.Plan is not null), ("--effect-sd", o.EffectSd is not null), ("--formula", o.Formula is not null),
            ("--unit", o.Unit is not null), ("--icc", o.Icc is not null), ("--cluster-size", o.ClusterSize is not null), ("--correlation", o.Correlation is not null), ("--capacity", o.Capacity is not null),
        })
        {
            if (given && !allowed.Contains(option))
            {
                yield return new GnomonError("options-conflict", $"{option} does not go with --kind {kind}.", option, $"Leave out {option}.");
            }
        }
    }
}
