using Gnomon.Core.Errors;
using Gnomon.Core.Studies;

namespace Gnomon.Studies.Design.Touching;

/// <summary>Kinds whose plan is made by a method of its own.</summary>
internal static class TouchingDesigns
{
    public static bool IsOwn(string kind) => kind is "geo";

    public static StudyReport Run(DesignOptions options, StudyContext context) => new GeoDesign(options, context).Finding();

    public static IEnumerable<GnomonError> Validate(DesignOptions options, string kind)
    {
        if (kind != "geo")
        {
            foreach (var (option, given) in new[] { ("--treated", options.Treated is not null), ("--matching", options.Matching is not null), ("--regions", options.Regions is not null) })
            {
                if (given)
                {
                    yield return new GnomonError("options-conflict", $"{option} is for --kind geo.", option, "Add --kind geo.");
                }
            }
        }

        foreach (var wrong in kind == "geo" ? GeoDesign.Validate(options) : [])
        {
            yield return wrong;
        }
    }

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
