using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Regression;
using Gnomon.Core.Findings;
using Gnomon.Methods.Regression;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Inference;

/// <summary>Errors spread more in some rows than in others, and the errors in use do not allow it.</summary>
public sealed class UnequalSpreadOfErrors : Check<ResidualSpread>
{
    private const double Alpha = 0.01;
    private const double LargestRatio = 1.1;
    private const long FewestRows = 30;

    public override CheckCard Card { get; } = new(
        Id: "unequal-spread",
        Asks: "Do the errors in use allow rows to spread unequally, where they do?",
        FiresWhen: "studentised Breusch-Pagan p < 0.01 and a robust error differs from the one in use by more than 10 %; not where robust or clustered errors are in use",
        Means: "The rows do not spread alike, so the usual errors are wrong.",
        Remedy: "Use errors that allow unequal spread (--errors hc3), or model the outcome on the log scale.",
        Source: "Breusch and Pagan 1979; Koenker 1981; Long and Ervin 2000")
    { Level = CheckLevel.Warning, FalseAlarmRate = 0.01, Aliases = ["heteroskedasticity"] };

    public override CheckResult Evaluate(ResidualSpread evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Rows < FewestRows)
        {
            return CheckResult.Skip($"{evidence.Rows} rows are too few to judge spread; {FewestRows} are needed");
        }

        var says = $"Breusch-Pagan {Figures.P(evidence.PValue)}; robust errors are up to {evidence.ErrorRatio:0.00} times apart from the classical ones";
        if (evidence.ErrorsAllowIt)
        {
            return CheckResult.Pass($"{says}; the errors in use allow unequal spread", evidence.ErrorRatio, LargestRatio, evidence.PValue);
        }

        return evidence.PValue < Alpha && evidence.ErrorRatio > LargestRatio
            ? CheckResult.Warn(says, evidence.ErrorRatio, LargestRatio, evidence.PValue)
            : CheckResult.Pass(says, evidence.ErrorRatio, LargestRatio, evidence.PValue);
    }

    public override ResidualSpread Trap(int seed) => Simulate(seed, 0.6);

    public override ResidualSpread Clean(int seed) => Simulate(seed, 0);

    public override ResidualSpread? Tiny => new() { Outcome = "price", Rows = 8, PValue = 0.5, ErrorRatio = 1, ErrorsAllowIt = false };

    // 300 rows whose spread grows by a factor of 1.8 with each standard deviation of the column in the trap; classical errors in use.
    private static ResidualSpread Simulate(int seed, double growth)
    {
        var rng = new Rng(seed).Stream("unequal-spread");
        double[] x = [.. Enumerable.Range(0, 300).Select(_ => rng.NextNormal())];
        double[] y = [.. x.Select(v => 1 + v + Math.Exp(growth * v) * rng.NextNormal())];
        var fit = LeastSquares.Fit(DesignMatrix.WithIntercept([x]), y);
        var ratio = RobustErrors.Heteroskedastic(fit).StandardError(1) / RobustErrors.Classical(fit).StandardError(1);
        return new ResidualSpread { Outcome = "price", Rows = 300, PValue = UnequalSpread.BreuschPagan(fit).PValue, ErrorRatio = Math.Max(ratio, 1 / ratio), ErrorsAllowIt = false };
    }
}
