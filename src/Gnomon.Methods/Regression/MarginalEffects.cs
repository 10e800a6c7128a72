using Gnomon.Methods.Inference;

namespace Gnomon.Methods.Regression;

/// <summary>Average marginal effects: what a change of one input does to the expected outcome, averaged over the rows, in the outcome's own unit.</summary>
/// <remarks>Source: Williams 2012, Stata Journal 12; errors by the delta method. Agrees with statsmodels <c>get_margeff</c> to 1e-8.</remarks>
public static class MarginalEffects
{
    /// <summary>Average slope of the mean in one column that stands in the model by itself.</summary>
    /// <param name="fit">A fitted generalised linear model.</param>
    /// <param name="covariance">Covariance of its coefficients.</param>
    /// <param name="index">Column.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    public static CoefficientEstimate Slope(GlmFit fit, CoefficientCovariance covariance, int index, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(fit);
        ArgumentNullException.ThrowIfNull(covariance);
        InferenceGuard.Level(level);
        var k = fit.Estimates.Length;
        var eta = Predictor(fit, fit.Design);
        var gradient = new double[k];
        var raw = fit.Design.Raw;
        var sum = 0.0;
        for (var i = 0; i < eta.Length; i++)
        {
            var slope = fit.Family.Mean(eta[i]).Slope;
            var curve = Curvature(fit.Family, eta[i]);
            sum += slope;
            for (var j = 0; j < k; j++)
            {
                gradient[j] += curve * fit.Estimates[index] * raw[j][i];
            }

            gradient[index] += slope;
        }

        return Average(fit, covariance, fit.Design.Names[index], sum * fit.Estimates[index], gradient, eta.Length, level);
    }

    /// <summary>Average change of the mean between two designs that differ in one input: at one level and at another, or a small step apart.</summary>
    /// <param name="fit">A fitted generalised linear model.</param>
    /// <param name="covariance">Covariance of its coefficients.</param>
    /// <param name="at">Columns with the input changed.</param>
    /// <param name="from">Columns before the change.</param>
    /// <param name="name">What the input is called.</param>
    /// <param name="step">Change of the input; the effect is per unit of it.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    public static CoefficientEstimate Difference(GlmFit fit, CoefficientCovariance covariance, DesignMatrix at, DesignMatrix from, string name, double step = 1.0, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(fit);
        ArgumentNullException.ThrowIfNull(covariance);
        ArgumentNullException.ThrowIfNull(at);
        ArgumentNullException.ThrowIfNull(from);
        InferenceGuard.Level(level);
        RegressionGuard.SameRows(at.Rows, from.Rows);
        RegressionGuard.SameRows(fit.Estimates.Length, at.Columns);
        RegressionGuard.SameRows(fit.Estimates.Length, from.Columns);
        var k = fit.Estimates.Length;
        var high = Predictor(fit, at);
        var low = Predictor(fit, from);
        var gradient = new double[k];
        var sum = 0.0;
        for (var i = 0; i < high.Length; i++)
        {
            var (a, slopeA) = fit.Family.Mean(high[i]);
            var (b, slopeB) = fit.Family.Mean(low[i]);
            sum += (a - b) / step;
            for (var j = 0; j < k; j++)
            {
                gradient[j] += (slopeA * at.Raw[j][i] - slopeB * from.Raw[j][i]) / step;
            }
        }

        return Average(fit, covariance, name, sum, gradient, high.Length, level);
    }

    /// <summary>Average change of the mean when a 0/1 column is set to 1 instead of 0; the other columns of the same factor are 0 in both.</summary>
    /// <param name="fit">A fitted generalised linear model.</param>
    /// <param name="covariance">Covariance of its coefficients.</param>
    /// <param name="index">Column of zeros and ones.</param>
    /// <param name="siblings">The other columns of the same factor.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    public static CoefficientEstimate Switch(GlmFit fit, CoefficientCovariance covariance, int index, ReadOnlySpan<int> siblings = default, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(fit);
        var at = (double[][])fit.Design.Raw.Clone();
        var from = (double[][])fit.Design.Raw.Clone();
        var zero = new double[fit.Rows];
        var one = new double[fit.Rows];
        Array.Fill(one, 1.0);
        foreach (var sibling in siblings)
        {
            at[sibling] = from[sibling] = zero;
        }

        at[index] = one;
        from[index] = zero;
        return Difference(fit, covariance, new DesignMatrix(at, fit.Design.Names), new DesignMatrix(from, fit.Design.Names), fit.Design.Names[index], 1.0, level);
    }

    static double[] Predictor(GlmFit fit, DesignMatrix design)
    {
        var eta = design.Times(fit.Estimates);
        if (fit.Options.Offset is { } offset)
        {
            Vectors.AddScaled(eta, offset, 1.0);
        }

        return eta;
    }

    // Second derivative of the mean in the linear predictor.
    static double Curvature(GlmFamily family, double eta)
    {
        var (mean, slope) = family.Mean(eta);
        return family.Link switch
        {
            LinkFunction.Identity => 0.0,
            LinkFunction.Log => mean,
            LinkFunction.Logit => slope * (1.0 - 2.0 * mean),
            LinkFunction.Probit => -eta * slope,
            _ => 2.0 / (eta * eta * eta),
        };
    }

    static CoefficientEstimate Average(GlmFit fit, CoefficientCovariance covariance, string name, double sum, double[] gradient, int n, double level)
    {
        for (var j = 0; j < gradient.Length; j++)
        {
            gradient[j] /= n;
        }

        var degrees = double.PositiveInfinity;
        for (var j = 0; j < gradient.Length; j++)
        {
            degrees = gradient[j] != 0 ? Math.Min(degrees, covariance.DegreesOfFreedom[j]) : degrees;
        }

        return CoefficientCovariance.Estimate(name, sum / n, Math.Sqrt(Math.Max(0.0, SmallMatrix.Quadratic(covariance.Matrix, gradient))), degrees, level);
    }
}
