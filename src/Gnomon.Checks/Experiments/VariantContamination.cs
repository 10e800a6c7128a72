using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Methods.Inference;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Experiments;

/// <summary>Units met more than one variant.</summary>
public sealed class VariantContamination : Check<UnitOverlap>
{
    private const double Tolerated = 0.01;
    private const long SmallestUnits = 30;

    public override CheckCard Card { get; } = new(
        Id: "variant-contamination",
        Asks: "Did units see more than one variant?",
        FiresWhen: "the share of units seen in two or more arms has a lower 99 % limit above 1 %; any such unit below that is a warning from 0.1 % on",
        Means: "Part of the sample met both variants, so the contrast is blurred or biased.",
        Remedy: "Assign on a stable person id, analyse by the arm seen first (intention to treat), run again.",
        Source: "Coey and Bailey 2016; Hernan and Robins 2020")
    { Level = CheckLevel.Blocking, FalseAlarmRate = 0.001 };

    public override CheckResult Evaluate(UnitOverlap evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Units < SmallestUnits)
        {
            return CheckResult.Skip($"{Figures.Count(evidence.Units, "unit")}, too few to judge a share of 1 %; {SmallestUnits} are needed");
        }

        var share = (double)evidence.InSeveralArms / evidence.Units;
        var says = $"{Figures.Count(evidence.InSeveralArms)} of {Figures.Count(evidence.Units, "unit")} ({Figures.Percent(share)}) in two or more arms"
            + (evidence.InSeveralArms > 0 ? $", {evidence.Treatment}" : string.Empty);
        if (OneProportion.Wilson(evidence.InSeveralArms, evidence.Units, 0.98).Low > Tolerated)
        {
            return CheckResult.Fail(says, share, Tolerated);
        }

        return share > Tolerated / 10 ? CheckResult.Warn(says, share, Tolerated) : CheckResult.Pass(says, share, Tolerated);
    }

    public override UnitOverlap Trap(int seed) => Simulate(seed, 0.02);

    public override UnitOverlap Clean(int seed) => Simulate(seed, 0);

    public override UnitOverlap? Tiny => new() { Units = 5, InSeveralArms = 1, Treatment = "set aside" };

    private static UnitOverlap Simulate(int seed, double share) => new()
    {
        Units = 10_000,
        InSeveralArms = new Rng(seed).Stream("variant-contamination").NextBinomial(10_000, share),
        Treatment = "kept in the arm they saw first",
    };
}
