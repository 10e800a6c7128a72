using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Methods.Inference;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Evaluation;

/// <summary>A good average hides a slice in which the model fails.</summary>
public sealed class SubgroupPerformanceGap : Check<SlicePerformance>
{
    private const double Threshold = 0.05;
    private const double Alpha = 0.01;
    private const long FewestRows = 100;
    private const long FewestPositives = 30;
    private const int MostNamed = 3;

    public override CheckCard Card { get; } = new(
        Id: "subgroup-performance-gap",
        Asks: "Does the model work as well in every slice as elsewhere?",
        FiresWhen: "a slice with at least 100 rows and 30 cases is worse than the rest on accuracy or recall by more than 5 percentage points, with p < 0.01 (Holm) over all slices and measures; rows of one group, such as a drive, count together. No slice of that size: undecided",
        Means: "The model works worse for this group, behind a good average.",
        Remedy: "Separate data, feature and case-mix causes; route, adapt or set a floor for the slice.",
        Source: "Mitchell et al. 2019; Chung et al. 2019; van Klaveren et al. 2016")
    { Level = CheckLevel.Warning, Aliases = ["segment-drop-hidden-by-average", "language-coverage-gap"] };

    public override CheckResult Evaluate(SlicePerformance evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        List<SliceGap> judged = [.. evidence.Gaps.Where(g => g.Rows >= FewestRows && g.Positives >= FewestPositives)];
        if (judged.Count == 0)
        {
            return CheckResult.Skip($"no slice of {evidence.By} has {FewestRows} rows and {FewestPositives} cases");
        }

        var adjusted = Multiplicity.Holm([.. judged.Select(g => g.PValue)]);
        List<(SliceGap Gap, double P)> worse = [.. judged.Select((g, i) => (Gap: g, P: adjusted[i])).Where(x => x.Gap.Rest - x.Gap.Value > Threshold && x.P < Alpha).OrderByDescending(x => x.Gap.Rest - x.Gap.Value)];
        var at = judged.MaxBy(g => g.Rest - g.Value)!;
        if (worse.Count == 0)
        {
            return CheckResult.Pass($"{evidence.Model}: {Figures.Count(judged.Select(g => g.Slice).Distinct().Count(), "slice")} of {evidence.By}, none worse than the rest by more than 5 percentage points beyond chance; the largest gap is {at.Measure} {Figures.Percent(at.Value, 1)} in {at.Slice} against {Figures.Percent(at.Rest, 1)}", at.Rest - at.Value, Threshold, adjusted[judged.IndexOf(at)]);
        }

        var named = string.Join("; ", worse.Take(MostNamed).Select(w => $"{w.Gap.Measure} {Figures.Percent(w.Gap.Value, 1)} in {w.Gap.Slice} against {Figures.Percent(w.Gap.Rest, 1)} elsewhere"));
        var slices = worse.Select(w => w.Gap.Slice).Distinct(StringComparer.Ordinal).Count();
        return CheckResult.Warn($"{evidence.Model}: {named}; {Figures.Percent(evidence.Overall, 1)} over all. {Figures.Count(slices, "slice is", "slices are")} worse beyond chance", worse[0].Gap.Rest - worse[0].Gap.Value, Threshold, worse[0].P);
    }

    public override SlicePerformance Trap(int seed) => Simulate(seed, 0.12);

    public override SlicePerformance Clean(int seed) => Simulate(seed, 0);

    public override SlicePerformance? Tiny => new() { Model = "the model", By = "region", Overall = 0.9, Gaps = [new SliceGap("north", "accuracy", 40, 10, 0.5, 0.9, 1e-6)] };

    // Twenty slices of 500 rows, half of them cases, on which a model is right in 90 %; in one slice 12 points fewer, or none.
    private static SlicePerformance Simulate(int seed, double gap)
    {
        var rng = new Rng(seed).Stream("subgroup-performance-gap");
        const int Slices = 20;
        const long Rows = 500;
        long[] right = [.. Enumerable.Range(0, Slices).Select(s => rng.NextBinomial(Rows, 0.9 - (s == 0 ? gap : 0)))];
        var all = right.Sum();
        return new SlicePerformance
        {
            Model = "the model", By = "region", Overall = all / (double)(Slices * Rows),
            Gaps = [.. right.Select((r, s) =>
            {
                double value = r / (double)Rows, others = (Slices - 1) * Rows, rest = (all - r) / others;
                var error = Math.Sqrt((value * (1 - value) / Rows) + (rest * (1 - rest) / others));
                return new SliceGap($"region {s}", "accuracy", Rows, Rows / 2, value, rest, Normal.Cdf((value - rest) / error));
            })],
        };
    }
}
