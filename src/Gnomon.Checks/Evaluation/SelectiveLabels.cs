using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Methods.Inference;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Evaluation;

/// <summary>Outcomes exist only where an earlier decision allowed them.</summary>
public sealed class SelectiveLabels : Check<LabelSelection>
{
    private const double Alpha = 0.001;
    private const double SmallestGap = 0.05;
    private const double SmallestAuc = 0.55;
    private const double TellsAlpha = 0.01;
    private const long FewestRows = 100;

    public override CheckCard Card { get; } = new(
        Id: "selective-labels",
        Asks: "Are outcomes known for a fair part of the cases, or only for those an earlier decision let through?",
        FiresWhen: "the share of rows without a target differs between the sides of the decision by more than 5 points (p < 0.001), and the columns tell the decision (lower limit of the area under the curve above 0.55, p < 0.01 against random decisions) or a selection model finds it tied to the outcome (p < 0.01). A decision that nothing tells is as good as a random one. Fewer than 100 rows on a side: undecided",
        Means: "You only see outcomes of those who were accepted, flagged or shown.",
        Remedy: "Bound the missing outcomes, keep a random-accept slice, weight by logged propensities, show sensitivity.",
        Source: "Lakkaraju et al. 2017; Hand and Henley 1993; Heckman 1979")
    { Level = CheckLevel.Blocking, FalseAlarmRate = 0.02 };

    public override CheckResult Evaluate(LabelSelection evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Selected < FewestRows || evidence.Others < FewestRows)
        {
            return CheckResult.Skip($"{Figures.Count(evidence.Selected, "row")} with {evidence.Decision} and {Figures.Count(evidence.Others)} without; {FewestRows} of each are needed");
        }

        var (here, there) = (evidence.SelectedMissing / (double)evidence.Selected, evidence.OthersMissing / (double)evidence.Others);
        var says = $"{evidence.Target} is missing in {Figures.Percent(here)} of the rows with {evidence.Decision} and in {Figures.Percent(there)} of the others";
        var gap = Math.Abs(there - here);
        var tied = gap > SmallestGap && TwoProportions.Score(evidence.OthersMissing, evidence.Others, evidence.SelectedMissing, evidence.Selected).PValue < Alpha;
        if (!tied)
        {
            return CheckResult.Pass(says, gap, SmallestGap);
        }

        var told = evidence is { AucLow: > SmallestAuc, AucP: < TellsAlpha };
        var hidden = evidence.HiddenP < TellsAlpha;
        var how = evidence.Auc is { } auc ? $"; the columns tell the decision with an area under the curve of {Figures.Number(auc)}" : string.Empty;
        return told || hidden
            ? CheckResult.Fail($"{says}{how}{(hidden ? "; what else moved it goes with the outcome" : string.Empty)}", gap, SmallestGap)
            : CheckResult.Pass($"{says}{how}, no more than a random decision would show", gap, SmallestGap);
    }

    public override LabelSelection Trap(int seed) => Simulate(seed, 0.66);

    public override LabelSelection Clean(int seed) => Simulate(seed, 0.5);

    public override LabelSelection? Tiny => new() { Target = "default", Decision = "approved = yes", Selected = 12, SelectedMissing = 0, Others = 9, OthersMissing = 9, Auc = null, AucLow = null, AucP = null };

    // 2,000 applicants, half of them approved; outcomes are known of the approved. The area under the curve has an error of 0.013.
    private static LabelSelection Simulate(int seed, double area)
    {
        var rng = new Rng(seed).Stream("selective-labels");
        var approved = rng.NextBinomial(2_000, 0.5);
        var auc = Math.Clamp(area + (0.013 * rng.NextNormal()), 0, 1);
        return new LabelSelection
        {
            Target = "default", Decision = "approved = yes", Selected = approved, SelectedMissing = rng.NextBinomial(approved, 0.01), Others = 2_000 - approved, OthersMissing = 2_000 - approved,
            Auc = auc, AucLow = auc - (1.96 * 0.013), AucP = auc > 0.54 ? 0.005 : 0.4,
        };
    }
}
