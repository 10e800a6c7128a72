using Gnomon.Checks.Experiments;
using Gnomon.Core.Checks;
using Gnomon.Core.Evidence;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Inference;

/// <summary>Distinguishable from zero, but perhaps too small to matter.</summary>
public sealed class SignificanceWithoutImportance : Check<ISizedEffect>
{
    private const double TrivialDeviations = 0.1;
    private const double TinyShare = 0.1;

    public override CheckCard Card { get; } = new(
        Id: "significance-without-importance",
        Asks: "Is a significant effect large enough to matter?",
        FiresWhen: "p < alpha, counting the comparisons beside it, and the estimate is below the smallest worthwhile effect (trivial when the whole interval is); a remark when only the near limit is below it, when an effect a tenth of it would be significant at this size, or when none was declared and the interval lies inside 0.1 standard deviations",
        Means: "It is distinguishable from zero but may be too small to matter.",
        Remedy: "Compare the interval with the smallest effect worth having; give the value per year or per 1,000 units.",
        Source: "Wasserstein and Lazar 2016; Lin, Lucas and Shmueli 2013")
    { Level = CheckLevel.Warning };

    public override CheckResult Evaluate(ISizedEffect evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.FamilyPValue >= evidence.Alpha)
        {
            return CheckResult.Pass($"not significant ({Figures.P(evidence.FamilyPValue)})");
        }

        var furthest = Math.Max(Math.Abs(evidence.Low), Math.Abs(evidence.High));
        if (evidence.Worthwhile is { } worthwhile)
        {
            var says = $"effect {Figures.Number(evidence.Difference)} ({Figures.Number(evidence.Low)} to {Figures.Number(evidence.High)}) where {Figures.Number(worthwhile)} is worth having";
            return Math.Abs(evidence.Difference) < worthwhile
                ? CheckResult.Warn(furthest < worthwhile ? $"{says}: the whole interval is trivial" : says, Math.Abs(evidence.Difference), worthwhile)
                : Beside(evidence, worthwhile, says);
        }

        var trivial = TrivialDeviations * evidence.ControlDeviation;
        return furthest < trivial
            ? CheckResult.Note($"significant, yet the whole interval lies within {TrivialDeviations} standard deviations; no worthwhile effect was declared (--mde)", furthest, trivial)
            : CheckResult.Pass("significant; no worthwhile effect was declared (0 given), add --mde to have its size judged", furthest, trivial);
    }

    // The effect is large enough; what may still be said of it does not change the answer.
    private static CheckResult Beside(ISizedEffect evidence, double worthwhile, string says)
    {
        var size = Math.Abs(evidence.Difference);
        var near = Math.Min(Math.Abs(evidence.Low), Math.Abs(evidence.High));

        // What is just significant is half an interval away from 0.
        var detected = (evidence.High - evidence.Low) / 2;
        return near < worthwhile ? CheckResult.Note($"{evidence.Subject}: {says}; the data do not rule out a smaller one", near, worthwhile)
            : detected < TinyShare * worthwhile ? CheckResult.Note($"{evidence.Subject}: {says}; at this size even {Figures.Number(detected)} would be significant, so read the size and not the p-value", detected, TinyShare * worthwhile)
            : CheckResult.Pass(says, size, worthwhile);
    }

    public override ISizedEffect Trap(int seed) => PrimaryDraws.Of(4.5 + new Rng(seed).Stream("significance-without-importance").NextNormal(), 0.001, worthwhile: 0.02);

    public override ISizedEffect Clean(int seed) => PrimaryDraws.Of(12 + new Rng(seed).Stream("significance-without-importance").NextNormal(), 0.01, worthwhile: 0.05);

    public override ISizedEffect? Tiny => null;
}
