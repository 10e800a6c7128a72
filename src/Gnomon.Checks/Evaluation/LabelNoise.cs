using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Evaluation;

/// <summary>Some labels contradict everything else that is known of their rows.</summary>
public sealed class LabelNoise : Check<LabelErrors>
{
    private const double Threshold = 0.03;
    private const double LeastGain = 0.15;
    private const double Alpha = 0.001;
    private const double LeastKappa = 0.6;
    private const long FewestRows = 200;

    public override CheckCard Card { get; } = new(
        Id: "label-noise",
        Asks: "Do the labels agree with what else is known of the rows?",
        FiresWhen: "the share of rows whose label a cross-fitted model confidently contradicts (confident joint) is above 3 % and above the 99 % limit of right labels drawn from the model, and errors that stay however sure the columns are explain the labels better than classes that overlap (likelihood ratio, p < 0.001). Or two annotators of 200 rows or more agree with a kappa whose upper limit is below 0.6. Between two plausible definitions of the outcome: Cohen's kappa has an upper limit below 0.8. Fewer than 200 rows, or a model that explains less than 15 % of the labels: undecided",
        Means: "The labels themselves disagree.",
        Remedy: "Review ranked suspects, fix the definition with its owner, estimate the score ceiling, rejoin by key.",
        Source: "Northcutt, Jiang and Chuang 2021; Artstein and Poesio 2008; Steegen et al. 2016")
    { Level = CheckLevel.Warning, FalseAlarmRate = 0.02, Aliases = ["label-ceiling", "label-definition-sensitivity", "label-definition-mismatch", "labels-misaligned"] };

    public override CheckResult Evaluate(LabelErrors evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Definitions is { } definitions && evidence.Rows >= FewestRows)
        {
            return OutcomeDefinitions.Judge(definitions, evidence.Rows);
        }

        if (evidence.Annotators is { Rows: >= FewestRows } two && two.High < LeastKappa)
        {
            return CheckResult.Warn($"'{two.First}' and '{two.Second}' agree on {Figures.Count(two.Rows, "row")} with a kappa of {Figures.Number(two.Kappa)} ({Figures.Number(two.Low)} to {Figures.Number(two.High)}); {Figures.Count(two.Differ)} differ", two.High, LeastKappa);
        }

        if (evidence.Rows < FewestRows || evidence.Gain < LeastGain)
        {
            return CheckResult.Skip($"{Figures.Count(evidence.Rows, "row")} and a model that explains {Figures.Percent(Math.Max(0, evidence.Gain))} of {evidence.Target}; {FewestRows} rows and {Figures.Percent(LeastGain)} are needed");
        }

        var says = $"a model that did not see them contradicts the {evidence.Target} of {Figures.Percent(evidence.Share)} of rows ({Figures.Percent(evidence.Low)} to {Figures.Percent(evidence.High)}); right labels would give {Figures.Percent(evidence.ByChance)}, hardly ever above {Figures.Percent(evidence.Limit)}";
        return evidence.Share > Threshold && evidence.Share > evidence.Limit && evidence.PValue < Alpha
            ? CheckResult.Warn($"{says}. Of {Figures.Count(evidence.Suspects, "row")} named, about {Figures.WholePercent(evidence.ExpectedWrong)} are expected to be wrong", evidence.Share, Math.Max(Threshold, evidence.Limit), evidence.PValue)
            : CheckResult.Pass(says, evidence.Share, Math.Max(Threshold, evidence.Limit), evidence.PValue);
    }

    public override LabelErrors Trap(int seed) => Simulate(seed, 0.08);

    public override LabelErrors Clean(int seed) => Simulate(seed, 0);

    public override LabelErrors? Tiny => new() { Target = "churned", Rows = 40, Gain = 0.5, Share = 0.2, Low = 0.1, High = 0.3, ByChance = 0.02, Limit = 0.05, Suspects = 8, ExpectedWrong = 0.9, PValue = 1e-6 };

    // 1,500 rows of two classes that overlap in one row of fifty; one label in twelve is wrong, or none. The likelihood ratio is chi-square on 2 degrees of freedom without wrong
    // labels, and about that far from it with them.
    private static LabelErrors Simulate(int seed, double flipped)
    {
        var rng = new Rng(seed).Stream("label-noise");
        const int Rows = 1_500;
        const double Overlap = 0.02;
        var contradicted = rng.NextBinomial(Rows, Overlap + flipped);
        var share = contradicted / (double)Rows;
        var error = Math.Sqrt(share * (1 - share) / Rows);
        var root = (flipped > 0 ? 8 : 0) + rng.NextNormal();
        var other = rng.NextNormal();
        return new LabelErrors
        {
            Target = "churned", Rows = Rows, Gain = 0.6, Share = share, Low = Math.Max(0, share - 1.96 * error), High = share + 1.96 * error, ByChance = Overlap,
            Limit = Overlap + 2.33 * Math.Sqrt(Overlap * (1 - Overlap) / Rows), Suspects = contradicted, ExpectedWrong = share > 0 ? Math.Clamp(1 - Overlap / share, 0, 1) : 0,
            PValue = Math.Exp(-0.5 * ((root * root) + (other * other))),
        };
    }
}
