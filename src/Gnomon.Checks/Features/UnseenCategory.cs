using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Methods.Inference;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Features;

/// <summary>Values that the training data do not hold.</summary>
public sealed class UnseenCategory : Check<UnseenValues>
{
    private const double Threshold = 0.005;
    private const double Level = 0.98;
    private const long FewestRows = 50;

    public override CheckCard Card { get; } = new(
        Id: "unseen-category",
        Asks: "Did training see every value of the category?",
        FiresWhen: "the share of rows with a value that does not occur in training has a lower 99 % limit above 0.5 %. Fewer than 50 rows: undecided",
        Means: "The model is asked about values it never saw.",
        Remedy: "Declare an unknown bucket or parent back-off, use behaviour or context features, alert on the rate.",
        Source: "Pargent et al. 2022; Augenstein, Derczynski and Bontcheva 2017")
    { Level = CheckLevel.Warning, Aliases = ["unseen-category-at-serving", "lexicon-memorised"] };

    public override CheckResult Evaluate(UnseenValues evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Rows < FewestRows)
        {
            return CheckResult.Skip($"{Figures.Count(evidence.Rows, "row")} with a value of {evidence.Column}; {FewestRows} are needed");
        }

        // One-sided 99 %: the lower end of a two-sided 98 % interval.
        var low = OneProportion.Wilson(evidence.Unseen, evidence.Rows, Level).Low;
        var says = $"{Figures.Percent(evidence.Unseen / (double)evidence.Rows)} of rows hold a {evidence.Column} that {evidence.Train} does not{(evidence.Values.Count > 0 ? $": {string.Join(", ", evidence.Values.Take(4))}{(evidence.Values.Count > 4 ? ", ..." : string.Empty)}" : string.Empty)}";
        return low > Threshold ? CheckResult.Warn(says, low, Threshold) : CheckResult.Pass(says, low, Threshold);
    }

    public override UnseenValues Trap(int seed) => Simulate(seed, 0.02);

    public override UnseenValues Clean(int seed) => Simulate(seed, 0.001);

    public override UnseenValues? Tiny => new() { Column = "device", Train = "train.csv", Rows = 12, Unseen = 6, Values = ["foldable"] };

    // 2,000 calls; one in fifty comes from a device that was launched after training, or one in a thousand.
    private static UnseenValues Simulate(int seed, double share) => new()
    {
        Column = "device", Train = "train.csv", Rows = 2_000, Unseen = new Rng(seed).Stream("unseen-category").NextBinomial(2_000, share), Values = ["foldable"],
    };
}
