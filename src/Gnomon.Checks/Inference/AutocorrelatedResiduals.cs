using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Regression;
using Gnomon.Core.Findings;
using Gnomon.Methods.Regression;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Inference;

/// <summary>Neighbours in time are alike after the model has had its say.</summary>
public sealed class AutocorrelatedResiduals : Check<SerialResiduals>
{
    private const double Alpha = 0.01;

    // A variance that differs by 20 %.
    private const double LargestRatio = 1.0954;
    private const double WalkingMemory = 0.9;
    private const double WalkingDurbinWatson = 0.3;
    private const long FewestWalkingRows = 50;
    private const long FewestRows = 20;
    private const int TrapRows = 200;

    public override CheckCard Card { get; } = new(
        Id: "autocorrelated-residuals",
        Asks: "Are neighbouring rows in time independent once the model is taken off?",
        FiresWhen: "Ljung-Box p < 0.01 and the error that respects the order differs by more than 20 % in variance: a warning when that error is in use, a failure otherwise; a failure too when outcome, a column and the residuals all wander (unit roots kept by Dickey-Fuller and seen by KPSS), or when residuals correlate above 0.9 with the row before (50 rows)",
        Means: "Neighbouring time points are not independent, or a repeating pattern is left in the errors.",
        Remedy: "Fix trend, season or lag first; then use errors that respect the order, and take differences when both sides trend.",
        Source: "Ljung and Box 1978; Newey and West 1987; Granger and Newbold 1974")
    { Level = CheckLevel.Blocking, ActsBy = DecisionAction.Investigate, FalseAlarmRate = 0.015, DetectionRate = 0.9, Aliases = ["autocorrelated-observations", "residual-autocorrelation", "spurious-regression"] };

    public override CheckResult Evaluate(SerialResiduals evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Rows < FewestRows || evidence.LjungBoxP is not { } p)
        {
            return CheckResult.Skip($"{evidence.Rows} rows are too few to judge neighbours; {FewestRows} are needed");
        }

        var says = evidence.Within is { } group
            ? $"neighbouring residuals of one {group} correlate {evidence.FirstAutocorrelation:0.00} (Durbin-Watson within groups {evidence.DurbinWatson:0.00}; by permuting within groups {Figures.P(p)}); an error that allows for any dependence within {group} is {evidence.ErrorRatio:0.00} times the model's"
            : $"neighbouring residuals correlate {evidence.FirstAutocorrelation:0.00} (Durbin-Watson {evidence.DurbinWatson:0.00}, {Figures.P(evidence.DurbinWatsonP)}; Ljung-Box to {evidence.Lags} lags {Figures.P(p)}); an error that respects the order is {evidence.ErrorRatio:0.00} times the plain one";
        if (evidence.Wandering.Count > 0)
        {
            return CheckResult.Fail($"{evidence.Outcome}, {string.Join(", ", evidence.Wandering)} and the residuals all wander without returning to a level, so unrelated series would look related; {says}", evidence.DurbinWatson, 2, p)
                with { Remedy = $"Take differences of {evidence.Outcome} and {string.Join(", ", evidence.Wandering)}, or test whether they move together." };
        }

        // Residuals that hardly return to their mean are a walk: no error that respects the order mends that.
        if (evidence is { Within: null, FirstAutocorrelation: > WalkingMemory } && evidence.DurbinWatson < WalkingDurbinWatson && evidence.Rows >= FewestWalkingRows)
        {
            return CheckResult.Fail($"the residuals hardly return to their mean, as when unrelated series that wander are regressed on each other; {says}", evidence.DurbinWatson, 2, p)
                with { Remedy = $"Take differences of {evidence.Outcome} and of the columns that wander, or test whether they move together." };
        }

        if (p >= Alpha || Math.Max(evidence.ErrorRatio, 1 / evidence.ErrorRatio) <= LargestRatio)
        {
            return CheckResult.Pass(says, evidence.ErrorRatio, LargestRatio, p);
        }

        return evidence.ErrorsRespectOrder ? CheckResult.Warn(says, evidence.ErrorRatio, LargestRatio, p) : CheckResult.Fail(says, evidence.ErrorRatio, LargestRatio, p);
    }

    public override SerialResiduals Trap(int seed) => Simulate(seed, 0.6);

    public override SerialResiduals Clean(int seed) => Simulate(seed, 0);

    public override SerialResiduals? Tiny => new() { Outcome = "sales", Time = "day", Rows = 6, FirstAutocorrelation = 0.2, DurbinWatson = 1.5, DurbinWatsonP = 0.2, LjungBoxP = null, Lags = 1, ErrorRatio = 1, ErrorsRespectOrder = false };

    // 200 days; the column remembers 0.7 of the day before, the errors 0.6 in the trap.
    private static SerialResiduals Simulate(int seed, double rho)
    {
        var rng = new Rng(seed).Stream("autocorrelated-residuals");
        var x = Walk(rng, 0.7);
        var e = Walk(rng, rho);
        var fit = LeastSquares.Fit(DesignMatrix.WithIntercept([x]), Array.ConvertAll(Enumerable.Range(0, TrapRows).ToArray(), i => 1 + 0.5 * x[i] + e[i]));
        var test = SerialCorrelation.DurbinWatson(fit);
        var plain = RobustErrors.Heteroskedastic(fit);
        var ordered = RobustErrors.NeweyWest(fit);
        return new SerialResiduals
        {
            Outcome = "sales", Time = "day", Rows = TrapRows, FirstAutocorrelation = SerialCorrelation.Autocorrelations(fit.Residuals, 1)[0], DurbinWatson = test.Statistic, DurbinWatsonP = test.PValue,
            LjungBoxP = SerialCorrelation.LjungBox(fit.Residuals, 10).PValue, Lags = 10, ErrorRatio = ordered.StandardError(1) / plain.StandardError(1), ErrorsRespectOrder = false,
        };
    }

    private static double[] Walk(Rng rng, double rho)
    {
        var values = new double[TrapRows];
        var now = rng.NextNormal() / Math.Sqrt(1 - rho * rho);
        for (var i = 0; i < values.Length; i++)
        {
            now = rho * now + rng.NextNormal();
            values[i] = now;
        }

        return values;
    }
}
