using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Methods.Data;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Evaluation;

/// <summary>Some labels contradict everything else that is known of their rows.</summary>
public sealed class LabelNoise : Check<LabelErrors>
{
    private const double Threshold = 0.03;
    private const double LeastGain = 0.15;
    private const long FewestRows = 200;

    public override CheckCard Card { get; } = new(
        Id: "label-noise",
        Asks: "Do the labels agree with what else is known of the rows?",
        FiresWhen: "the share of rows whose label a cross-fitted model confidently contradicts (confident joint) is above 3 % and above the 99 % limit of labels drawn from the model. Fewer than 200 rows, or a model that explains less than 15 % of the labels: undecided",
        Means: "The labels themselves disagree.",
        Remedy: "Review ranked suspects, fix the definition with its owner, estimate the score ceiling, rejoin by key.",
        Source: "Northcutt, Jiang and Chuang 2021; Artstein and Poesio 2008; Steegen et al. 2016")
    { Level = CheckLevel.Warning, FalseAlarmRate = 0.02, Aliases = ["label-ceiling", "label-definition-sensitivity", "label-definition-mismatch", "labels-misaligned"] };

    public override CheckResult Evaluate(LabelErrors evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Rows < FewestRows || evidence.Gain < LeastGain)
        {
            return CheckResult.Skip($"{Figures.Count(evidence.Rows, "row")} and a model that explains {Figures.Percent(Math.Max(0, evidence.Gain))} of {evidence.Target}; {FewestRows} rows and {Figures.Percent(LeastGain)} are needed");
        }

        var says = $"a model that did not see them contradicts the {evidence.Target} of {Figures.Percent(evidence.Share)} of rows ({Figures.Percent(evidence.Low)} to {Figures.Percent(evidence.High)}); right labels would give {Figures.Percent(evidence.ByChance)}, hardly ever above {Figures.Percent(evidence.Limit)}";
        return evidence.Share > Threshold && evidence.Share > evidence.Limit
            ? CheckResult.Warn($"{says}. Of {Figures.Count(evidence.Suspects, "row")} named, about {Figures.WholePercent(evidence.ExpectedWrong)} are expected to be wrong", evidence.Share, Math.Max(Threshold, evidence.Limit))
            : CheckResult.Pass(says, evidence.Share, Math.Max(Threshold, evidence.Limit));
    }

    public override LabelErrors Trap(int seed) => Simulate(seed, 0.08);

    public override LabelErrors Clean(int seed) => Simulate(seed, 0);

    public override LabelErrors? Tiny => new() { Target = "churned", Rows = 40, Gain = 0.5, Share = 0.2, Low = 0.1, High = 0.3, ByChance = 0.02, Limit = 0.05, Suspects = 8, ExpectedWrong = 0.9 };

    // 1,000 rows of two classes that overlap somewhat; one label in twelve was flipped, or none. The model is the one that made the labels.
    private static LabelErrors Simulate(int seed, double flipped)
    {
        var rng = new Rng(seed).Stream("label-noise");
        const int Rows = 1_000;
        var probabilities = new double[2 * Rows];
        var labels = new int[Rows];
        for (var i = 0; i < Rows; i++)
        {
            var p = 1 / (1 + Math.Exp(-5 * rng.NextNormal()));
            (probabilities[2 * i], probabilities[(2 * i) + 1]) = (1 - p, p);
            labels[i] = rng.NextDouble() < p ? 1 : 0;
            labels[i] = rng.NextDouble() < flipped ? 1 - labels[i] : labels[i];
        }

        var found = ConfidentLearning.Of(probabilities, labels, 2, seed: (ulong)(uint)seed);
        return new LabelErrors
        {
            Target = "churned", Rows = Rows, Gain = 0.6, Share = found.Share, Low = found.Low, High = found.High, ByChance = found.ByChance, Limit = found.Limit, Suspects = found.Suspects.Length,
            ExpectedWrong = found.ExpectedWrong,
        };
    }
}
