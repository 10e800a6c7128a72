using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Evaluation;

/// <summary>Something in use is not written down.</summary>
public sealed class IncompleteDocumentation : Check<DocumentationReview>
{
    private const int MostNamed = 6;

    public override CheckCard Card { get; } = new(
        Id: "incomplete-documentation",
        Asks: "Is everything that is in use written down, with somebody who answers for it?",
        FiresWhen: "a table, feature, model, job or incident of the project has no owner, no description, columns that nobody describes or that are gone, no grain or refresh (table), no intended use, data window or failure modes (model), no recorded run (job), no cause, impact or test against its return (incident), or names something that is not there",
        Means: "What this is for, and where it fails, is not written down.",
        Remedy: "Fill it from the profile and the measured weak segments; ask the owner for the rest.",
        Source: "Gebru et al. 2018; Mitchell et al. 2019")
    { Level = CheckLevel.Note, FalseAlarmRate = 0.001, Aliases = ["undocumented-asset", "limitation-omitted", "incident-without-root-cause"] };

    public override CheckResult Evaluate(DocumentationReview evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Assets == 0)
        {
            return CheckResult.Skip("0 things are named");
        }

        var open = evidence.Gaps.Select(g => g.Asset).Distinct(StringComparer.Ordinal).ToList();
        if (open.Count == 0)
        {
            return CheckResult.Pass($"all of {Figures.Count(evidence.Assets, "thing")} are described and have an owner", 0, 0);
        }

        var kinds = evidence.Gaps.GroupBy(g => g.Kind, StringComparer.Ordinal).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{g.Key}: {g.Count()}");
        return CheckResult.Note(
            $"{open.Count} of {Figures.Count(evidence.Assets, "thing")} are not fully written down ({string.Join(", ", kinds)}): {string.Join(", ", open.Take(MostNamed))}{(open.Count > MostNamed ? $" and {open.Count - MostNamed} more" : string.Empty)}",
            open.Count, 0);
    }

    public override DocumentationReview Trap(int seed) => Simulate(seed, 1);

    public override DocumentationReview Clean(int seed) => Simulate(seed, 0);

    public override DocumentationReview? Tiny => new() { Assets = 0, Gaps = [] };

    private static DocumentationReview Simulate(int seed, int gaps)
    {
        var rng = new Rng(seed).Stream("incomplete-documentation");
        var assets = 5 + rng.NextInt(200);
        return new DocumentationReview { Assets = assets, Gaps = [.. Enumerable.Range(0, gaps).Select(_ => new DocumentationGap($"table {rng.NextInt(assets)}", "no owner", "nobody answers for it"))] };
    }
}
