using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Methods.Inference;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Evaluation;

/// <summary>The same customer, patient or place is on both sides.</summary>
public sealed class GroupLeakageAcrossSplits : Check<SharedGroups>
{
    private const double Threshold = 0.01;
    private const double Level = 0.98;
    private const long FewestRows = 50;

    public override CheckCard Card { get; } = new(
        Id: "group-leakage-across-splits",
        Asks: "Is every customer, patient or place on one side of the split only?",
        FiresWhen: "the share of rows whose group is in training too has a lower 99 % limit above 1 %: it fails for a declared column of groups, and warns for an identifier that was found by itself. Fewer than 50 rows: undecided",
        Means: "The same entity or place is on both sides of the split.",
        Remedy: "Split by group or block and restate the score.",
        Source: "Kaufman et al. 2012; Roberts et al. 2017; Kapoor and Narayanan 2023")
    { Level = CheckLevel.Blocking, Aliases = ["spatial-leakage"] };

    public override CheckResult Evaluate(SharedGroups evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Rows < FewestRows)
        {
            return CheckResult.Skip($"{Figures.Count(evidence.Rows, "row")} with a value of {evidence.Column}; {FewestRows} are needed");
        }

        var low = OneProportion.Wilson(evidence.SharedRows, evidence.Rows, Level).Low;
        var says = $"{Figures.Percent(evidence.SharedRows / (double)evidence.Rows)} of rows belong to a {evidence.Column} that is in {evidence.Train} too ({Figures.Count(evidence.Shared)} of {Figures.Count(evidence.Groups)})";
        return low <= Threshold ? CheckResult.Pass(says, low, Threshold)
            : evidence.IsDeclared ? CheckResult.Fail(says, low, Threshold)
            : CheckResult.Warn(says, low, Threshold) with { Remedy = $"Say with --groups {evidence.Column} that it names what must not be shared, split by it and restate the score; pass it by if it names nothing." };
    }

    public override SharedGroups Trap(int seed) => Simulate(seed, 0.03);

    public override SharedGroups Clean(int seed) => Simulate(seed, 0.001);

    public override SharedGroups? Tiny => new() { Column = "patient", Train = "train.csv", IsDeclared = true, Rows = 6, SharedRows = 6, Groups = 2, Shared = 2 };

    // 2,000 test rows of 500 patients; three in a hundred patients were seen in training, or one in a thousand.
    private static SharedGroups Simulate(int seed, double share)
    {
        var shared = new Rng(seed).Stream("group-leakage-across-splits").NextBinomial(500, share);
        return new SharedGroups { Column = "patient", Train = "train.csv", IsDeclared = true, Rows = 2_000, SharedRows = 4 * shared, Groups = 500, Shared = shared };
    }
}
