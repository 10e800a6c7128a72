using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Regression;
using Gnomon.Core.Findings;
using Gnomon.Methods.Regression;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Inference;

/// <summary>A few rows carry a coefficient.</summary>
public sealed class InfluentialRowsFound : Check<InfluentialRows>
{
    private const double LargestShift = 1.0;
    private const long FewestRows = 20;

    public override CheckCard Card { get; } = new(
        Id: "influential-rows",
        Asks: "Does the result survive without its most influential rows?",
        FiresWhen: "leaving out the 0.1 % of rows with the largest Cook's distances (1 to 50 rows) moves a coefficient by more than one standard error, taken without them",
        Means: "A handful of rows carries the result.",
        Remedy: "Look at those rows; report with and without them, or use a robust regression.",
        Source: "Cook 1977; Belsley, Kuh and Welsch 1980")
    { Level = CheckLevel.Warning, FalseAlarmRate = 0.01 };

    public override CheckResult Evaluate(InfluentialRows evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Rows < FewestRows || !(evidence.StandardError > 0))
        {
            return CheckResult.Skip($"{evidence.Rows} rows are too few to leave some out; {FewestRows} are needed");
        }

        var shift = Math.Abs(evidence.After - evidence.Before) / evidence.StandardError;
        var says = $"without the {(evidence.Removed == 1 ? "most influential row" : $"{evidence.Removed} most influential rows")} {evidence.Term} moves from {Figures.Number(evidence.Before)} to {Figures.Number(evidence.After)}, {shift:0.0} standard errors (largest Cook's distance {evidence.LargestCook:0.00}, row {Figures.Count(evidence.LargestRow)})";
        return shift > LargestShift ? CheckResult.Warn(says, shift, LargestShift) : CheckResult.Pass(says, shift, LargestShift);
    }

    public override InfluentialRows Trap(int seed) => Simulate(seed, 1);

    public override InfluentialRows Clean(int seed) => Simulate(seed, 0);

    public override InfluentialRows? Tiny => new() { Outcome = "price", Rows = 5, Removed = 1, LargestCook = 2, LargestRow = 3, Term = "size", Before = 1, After = 2, StandardError = 0.5 };

    // 200 rows; in the trap one was typed with its decimal point lost, in the column and in the outcome.
    private static InfluentialRows Simulate(int seed, int outliers)
    {
        var rng = new Rng(seed).Stream("influential-rows");
        double[] x = [.. Enumerable.Range(0, 200).Select(_ => 10 + rng.NextNormal())];
        double[] y = [.. x.Select(v => v + rng.NextNormal())];
        for (var i = 0; i < outliers; i++)
        {
            x[i] *= 10;
        }

        var fit = LeastSquares.Fit(DesignMatrix.WithIntercept([x], ["size"]), y);
        var worst = Influence.Largest(fit, 1)[0];
        var kept = Enumerable.Range(0, 200).Where(i => i != worst.Row).ToArray();
        var without = LeastSquares.Fit(DesignMatrix.WithIntercept([Array.ConvertAll(kept, i => x[i])], ["size"]), Array.ConvertAll(kept, i => y[i]));
        return new InfluentialRows
        {
            Outcome = "price", Rows = 200, Removed = 1, LargestCook = worst.CookDistance, LargestRow = worst.Row + 1, Term = "size", Before = fit.Coefficients[1], After = without.Coefficients[1],
            StandardError = RobustErrors.Heteroskedastic(without).StandardError(1),
        };
    }
}
