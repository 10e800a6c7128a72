using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Experiments;

/// <summary>The outcome bends along the treated share of neighbours, and the effect of a launch was carried on along a straight line.</summary>
public sealed class NonlinearExposure : Check<ExposureBend>
{
    private const double Threshold = 0.01;
    private const double WorthwhileErrors = 0.5;
    private const long Fewest = 50;

    public override CheckCard Card { get; } = new(
        Id: "nonlinear-exposure",
        Asks: "Does the outcome follow the treated share of neighbours in a straight line?",
        FiresWhen: "the outcome bends along that share within the arms (p < 0.01), and the fitted curve moves the total effect by more than half of its standard error",
        Means: "The units that were met had neighbours of both arms, and the way from there to all neighbours treated, or none, is not the straight one that the answer took.",
        Remedy: "Assign larger clusters, so that less has to be carried on; until then decide only where the straight, the curved and the as-met effect agree.",
        Source: "Eckles, Karrer and Ugander 2017; Borusyak and Hull 2023")
    { Level = CheckLevel.Warning, FalseAlarmRate = 0.01, Aliases = ["exposure-response-bends"] };

    public override CheckResult Evaluate(ExposureBend evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Units < Fewest)
        {
            return CheckResult.Skip($"{Figures.Count(evidence.Units, "unit")} with neighbours of both arms; {Fewest} are needed to see a bend");
        }

        var moved = Math.Abs(evidence.Curved - evidence.Straight) / evidence.StandardError;
        var says = $"along a straight line {evidence.StraightText}, along a curve {evidence.CurvedText}, {Figures.P(evidence.PValue)} for the bend; neighbours differed by {Figures.WholePercent(evidence.Reached)} of the way";
        return evidence.PValue < Threshold && moved > WorthwhileErrors
            ? CheckResult.Warn(says, moved, WorthwhileErrors, evidence.PValue)
            : CheckResult.Pass(says, moved, WorthwhileErrors, evidence.PValue);
    }

    public override ExposureBend Trap(int seed) => Simulate(seed, 6);

    public override ExposureBend Clean(int seed) => Simulate(seed, 0);

    public override ExposureBend? Tiny => Simulate(1, 6) with { Units = 12 };

    // A bend of so many standard errors, each of which moves the answer by a third of its own error.
    private static ExposureBend Simulate(int seed, double signal)
    {
        var rng = new Rng(seed).Stream("nonlinear-exposure");
        var z = signal + rng.NextNormal();
        var curved = 0.5 + 0.05 * z / 3;
        return new ExposureBend
        {
            Metric = "score", Straight = 0.5, Curved = curved, StandardError = 0.05, PValue = 2 * Normal.Sf(Math.Abs(z)), Units = 5_000, Reached = 0.8, StraightText = Figures.Number(0.5), CurvedText = Figures.Number(curved),
        };
    }
}
