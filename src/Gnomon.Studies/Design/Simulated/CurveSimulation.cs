using Gnomon.Core.Findings;
using Gnomon.Methods.Regression;
using Gnomon.Numerics.Random;

namespace Gnomon.Studies.Design.Simulated;

/// <summary>A curve of the user's own with one parameter set: residuals of history, drawn apart from their rows, are added to the curve at drawn rows.</summary>
internal sealed class CurveSimulation(FittedHistory history, Curve curve, IReadOnlyList<double[]> rows, CurveFit fit, int focus) : ModelSimulation(history)
{
    private readonly double[] _residuals = Centred(curve, rows, history.Data.Y, fit);

    public override string Method => $"t test of the parameter {History.Label} against 0, nonlinear least squares";

    public override string EffectUnit => "number";

    public override double? Baseline => null;

    public override int Fewest => fit.Parameters.Count + 2;

    protected override string Called => "parameter";

    public override string Thing(string effect) => $"a parameter {History.Label} of {effect}";

    protected override double[] Outcomes(RowSample sample, Rng rng, double shift)
    {
        var truth = Truth(shift);
        var y = new double[sample.Rows.Length];
        for (var i = 0; i < y.Length; i++)
        {
            y[i] = Value(curve, truth, rows[sample.Rows[i]]) + _residuals[rng.NextInt(_residuals.Length)];
        }

        return y;
    }

    // The search starts where history's curve lies, as an analyst who has seen history would start it.
    protected override double? PValue(RowSample sample, double[] y)
    {
        var again = NonlinearLeastSquares.Fit(curve, Array.ConvertAll(sample.Rows, r => rows[r]), y, Truth(0), mostIterations: 2_000);
        return again.Converged ? again.Parameters[focus].PValue : null;
    }

    protected override string Drawn => $"Rows are drawn with replacement, and residuals of history (standard deviation {Figures.Number(fit.Sigma)}) are drawn apart from them, as the errors of this family take rows to spread alike. Each refit starts from history's parameters.";

    private double[] Truth(double shift)
    {
        double[] truth = [.. fit.Parameters.Select(p => p.Value)];
        truth[focus] += shift;
        return truth;
    }

    private static double Value(Curve curve, double[] parameters, double[] row)
    {
        var p = new Dual[parameters.Length];
        for (var j = 0; j < p.Length; j++)
        {
            p[j] = new Dual(parameters[j], 0);
        }

        return curve(p, row).Value;
    }

    // About 0, and as wide as the residual standard deviation says.
    private static double[] Centred(Curve curve, IReadOnlyList<double[]> rows, double[] y, CurveFit fit)
    {
        double[] solution = [.. fit.Parameters.Select(p => p.Value)];
        double[] left = [.. y.Select((v, i) => v - Value(curve, solution, rows[i]))];
        var moments = Numerics.Moments.MeanVariance(left);
        var widen = moments.M2 > 0 ? fit.Sigma / Math.Sqrt(moments.M2 / moments.Count) : 1;
        return Array.ConvertAll(left, v => widen * (v - moments.Mean));
    }
}
