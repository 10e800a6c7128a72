using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Regression;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Inference;

/// <summary>The straight line misses a bend.</summary>
public sealed class MissedNonlinearity : Check<MissedShape>
{
    private const double Alpha = 0.001;
    private const double LeastShare = 0.01;
    private const double LargeShare = 0.25;
    private const double TwoSided = 1.96;
    private const long FewestRows = 100;

    public override CheckCard Card { get; } = new(
        Id: "missed-nonlinearity",
        Asks: "Is the straight line the right shape?",
        FiresWhen: "RESET p < 0.001 with at least 100 rows, and splines lower the squared error of held-out rows by more than 1 % of what they explain, the interval above 0: a remark, and a warning from a quarter of it",
        Means: "The straight line misses a shape that is in the data.",
        Remedy: "Add splines, s(column), or interactions before changing the model family.",
        Source: "Ramsey 1969; Harrell 2015")
    { Level = CheckLevel.Warning, FalseAlarmRate = 0.005, Aliases = ["nonlinear-residual-pattern"] };

    public override CheckResult Evaluate(MissedShape evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Rows < FewestRows || evidence.ResetP is not { } p)
        {
            return CheckResult.Skip($"{evidence.Rows} rows are too few to judge a shape; {FewestRows} are needed");
        }

        var share = evidence.Explained > 0 ? evidence.Gain / evidence.Explained : 0;
        var says = $"RESET {Figures.P(p)}; straight lines miss {Figures.Percent(Math.Clamp(share, 0, 1))} of what splines explain of held-out rows";
        return (p < Alpha && evidence.Gain - TwoSided * evidence.GainError > 0, share) switch
        {
            (true, > LargeShare) => CheckResult.Warn(says, share, LargeShare, p),
            (true, > LeastShare) => CheckResult.Note($"{says}: the straight line misses a shape", share, LeastShare, p),
            _ => CheckResult.Pass(says, share, LeastShare, p),
        };
    }

    public override MissedShape Trap(int seed) => Simulate(seed, shift: 6.5, gain: 0.08);

    public override MissedShape Clean(int seed) => Simulate(seed, shift: 0, gain: -0.005);

    public override MissedShape? Tiny => new() { Outcome = "price", Rows = 12, ResetP = null, Gain = 0, GainError = 1, Explained = 1 };

    // 300 rows: what RESET and cross-validation would have said, from their approximate laws; a bend of a fifth of the slope in the trap.
    private static MissedShape Simulate(int seed, double shift, double gain)
    {
        var rng = new Rng(seed).Stream("missed-nonlinearity");
        return new MissedShape { Outcome = "price", Rows = 300, ResetP = Math.Min(1, 2 * Normal.Sf(Math.Abs(shift + rng.NextNormal()))), Gain = gain + 0.015 * rng.NextNormal(), GainError = 0.015, Explained = 1 };
    }
}
