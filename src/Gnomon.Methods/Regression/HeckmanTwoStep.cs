using Gnomon.Methods.Inference;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Regression;

/// <summary>A regression on selected rows, with the selection allowed for.</summary>
/// <param name="Selection">The probit of being selected.</param>
/// <param name="Outcome">The regression of the selected rows; its last column is the inverse Mills ratio.</param>
/// <param name="Covariance">Covariance of its coefficients, with the spread that selection makes and the error of the first step.</param>
/// <param name="Lambda">Coefficient of the Mills ratio: correlation of the two errors times the spread of the outcome's; 0 when selection has nothing to do with the outcome beyond the columns.</param>
/// <param name="PValue">Two-sided p-value of lambda 0.</param>
/// <param name="Sigma">Spread of the outcome's error among all rows, in the outcome's unit.</param>
/// <param name="Correlation">Correlation of the errors of selection and outcome, cut at -1 and 1.</param>
/// <param name="MeanOfAll">Mean outcome that the model gives all rows, selected or not.</param>
public sealed record HeckmanFit(
    GlmFit Selection, LinearFit Outcome, CoefficientCovariance Covariance, CoefficientEstimate Lambda, double PValue, double Sigma, double Correlation, CoefficientEstimate MeanOfAll);

/// <summary>What would the mean, or a slope, be had all rows an outcome? Heckman's two-step estimate.</summary>
/// <remarks>
/// Source: Heckman 1979, Econometrica 47; covariance as in Greene, Econometric Analysis, section 19.5. It rests on normal errors, and without a column that moves the selection and not the outcome
/// on the bend of the Mills ratio alone, which is hardly ever enough. Step by step it agrees with statsmodels (probit, least squares) to 1e-6.
/// </remarks>
public static class HeckmanTwoStep
{
    /// <param name="selection">Columns of the selection for all rows, a column of ones included; at least one of them should not stand in <paramref name="outcome"/>.</param>
    /// <param name="outcome">Columns of the outcome for all rows, a column of ones included.</param>
    /// <param name="selected">Whether a row is selected.</param>
    /// <param name="y">Outcome of every row; read where selected, finite there.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="TooFewRowsException">No more selected rows than columns.</exception>
    /// <exception cref="NotEstimableException">All rows or none are selected, the columns tell the selection without error, or columns repeat each other.</exception>
    public static HeckmanFit Fit(DesignMatrix selection, DesignMatrix outcome, ReadOnlySpan<bool> selected, ReadOnlySpan<double> y, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(selection);
        ArgumentNullException.ThrowIfNull(outcome);
        InferenceGuard.Level(level);
        if (selection.Rows != selected.Length || outcome.Rows != selected.Length || y.Length != selected.Length)
            throw new ArgumentException("Columns, selection and outcome have one number of rows.", nameof(selected));
        var chosen = new double[selected.Length];
        var rows = new List<int>();
        for (var i = 0; i < chosen.Length; i++)
        {
            chosen[i] = selected[i] ? 1 : 0;
            if (selected[i])
                rows.Add(i);
        }
        var probit = GeneralisedLinearModel.Fit(selection, chosen, new GlmOptions { Family = GlmFamily.Probit, FirthWhenSeparated = false });
        if (probit.SetAside.Count > 0)
            throw new NotEstimableException($"Column {probit.SetAside[0]} repeats others of the selection.");
        var z = Columns(selection);
        double[] mills = new double[rows.Count], delta = new double[rows.Count];
        for (var k = 0; k < rows.Count; k++)
        {
            var index = 0.0;
            for (var j = 0; j < z.Length; j++)
                index += probit.Coefficients[j] * z[j][rows[k]];
            mills[k] = Math.Exp(Normal.LogPdf(index) - Normal.LogCdf(index));
            delta[k] = mills[k] * (mills[k] + index);
        }
        var values = new double[rows.Count];
        for (var k = 0; k < values.Length; k++)
            values[k] = y[rows[k]];
        var x = Columns(outcome);
        var design = new DesignMatrix([.. x.Select(c => rows.Select(i => c[i]).ToArray()), mills], [.. outcome.Names, "inverse Mills ratio"]);
        var fit = LeastSquares.Fit(design, values);
        if (fit.SetAside.Count > 0)
            throw new NotEstimableException($"Column {fit.SetAside[0]} repeats others of the outcome.");
        var slope = fit.Coefficients[x.Length];
        var sigma2 = fit.ResidualSumOfSquares / rows.Count + slope * slope * delta.Average();
        var covariance = Covariance(fit, z, rows, delta, RobustErrors.Classical(probit), sigma2, slope * slope / sigma2);
        var lambda = covariance.Contrast(fit, [.. Enumerable.Range(0, x.Length + 1).Select(j => j == x.Length ? 1.0 : 0.0)], "inverse Mills ratio", level);
        return new(probit, fit, covariance, lambda, lambda.PValue ?? 1, Math.Sqrt(sigma2), Math.Clamp(slope / Math.Sqrt(sigma2), -1, 1), MeanOfAll(fit, covariance, x, level));
    }

    // The fitted mean over all rows; the rows are themselves a sample, so the spread of their fitted values joins in.
    static CoefficientEstimate MeanOfAll(LinearFit fit, CoefficientCovariance covariance, double[][] x, double level)
    {
        double[] weights = [.. x.Select(c => c.Average()), 0.0];
        var mean = covariance.Contrast(fit, weights, "mean of all rows", level);
        double n = x[0].Length, squares = 0;
        for (var i = 0; i < x[0].Length; i++)
        {
            var fitted = 0.0;
            for (var j = 0; j < x.Length; j++)
                fitted += fit.Coefficients[j] * x[j][i];
            squares += (fitted - mean.Value) * (fitted - mean.Value);
        }
        var error = Math.Sqrt(mean.StandardError * mean.StandardError + squares / (n * (n - 1)));
        var half = Normal.UpperQuantile((1 - level) / 2) * error;
        return mean with { StandardError = error, Low = mean.Value - half, High = mean.Value + half };
    }

    static double[][] Columns(DesignMatrix design) => [.. Enumerable.Range(0, design.Columns).Select(j => design.Column(j).ToArray())];

    // sigma^2 (X'X)^-1 [X'(I - rho^2 D) X + rho^2 X'D Z V Z'D X] (X'X)^-1.
    static CoefficientCovariance Covariance(LinearFit fit, double[][] z, List<int> rows, double[] delta, CoefficientCovariance probit, double sigma2, double rho2)
    {
        int p = fit.Design.Columns, q = z.Length;
        var x = Columns(fit.Design);
        var bread = fit.Bread;
        double[] meat = new double[p * p], cross = new double[p * q];
        for (var k = 0; k < rows.Count; k++)
        {
            var weight = 1 - rho2 * delta[k];
            for (var a = 0; a < p; a++)
            {
                for (var b = 0; b < p; b++)
                    meat[a * p + b] += weight * x[a][k] * x[b][k];
                for (var j = 0; j < q; j++)
                    cross[a * q + j] += delta[k] * x[a][k] * z[j][rows[k]];
            }
        }
        for (var a = 0; a < p; a++)
            for (var b = 0; b < p; b++)
                for (var i = 0; i < q; i++)
                    for (var j = 0; j < q; j++)
                        meat[a * p + b] += rho2 * cross[a * q + i] * probit[i, j] * cross[b * q + j];
        var matrix = new double[p * p];
        for (var a = 0; a < p; a++)
            for (var b = 0; b < p; b++)
                for (var i = 0; i < p; i++)
                    for (var j = 0; j < p; j++)
                        matrix[a * p + b] += sigma2 * bread[a * p + i] * meat[i * p + j] * bread[j * p + b];
        return CoefficientCovariance.Of(matrix, p, double.PositiveInfinity, "Heckman two-step");
    }
}
