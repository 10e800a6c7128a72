using Gnomon.Methods.Mixed;
using Gnomon.Methods.Regression;

namespace Gnomon.Methods.Groups;

/// <summary>Type II tests: a term against the model without it and without the terms that contain it, whatever the covariance of the coefficients.</summary>
/// <remarks>
/// The term's coefficients are taken less their regression, under their covariance, on those of the terms that contain it. Source: Fox and Weisberg 2019, An R Companion to Applied Regression,
/// section 6.2; agrees with R <c>car::Anova(type = 2, white.adjust = "hc3")</c>.
/// </remarks>
public static class TermTest
{
    /// <summary>F of one term.</summary>
    /// <param name="fit">A linear or mixed model.</param>
    /// <param name="covariance">Covariance of its coefficients.</param>
    /// <param name="term">Coefficients of the term.</param>
    /// <param name="containing">Coefficients of the terms that contain it; empty for the highest term.</param>
    /// <returns>F with the residual degrees of freedom, or with Satterthwaite's for mixed models; null when the covariance is singular.</returns>
    public static WaldTest? TypeTwo(RegressionFit fit, CoefficientCovariance covariance, ReadOnlySpan<int> term, ReadOnlySpan<int> containing)
    {
        ArgumentNullException.ThrowIfNull(fit);
        ArgumentNullException.ThrowIfNull(covariance);
        var (q, r) = (term.Length, containing.Length);
        var rows = new double[q][];
        var own = new double[r * r];
        for (var i = 0; i < r; i++)
        {
            for (var j = 0; j < r; j++)
            {
                own[i * r + j] = covariance[containing[i], containing[j]];
            }
        }

        if (r > 0 && SmallMatrix.Cholesky(own, r, 1e-12) is null)
        {
            return null;
        }

        var factor = r > 0 ? SmallMatrix.Cholesky(own, r, 1e-12)! : [];
        for (var i = 0; i < q; i++)
        {
            rows[i] = new double[covariance.Size];
            rows[i][term[i]] = 1.0;
            var cross = new double[r];
            for (var j = 0; j < r; j++)
            {
                cross[j] = covariance[containing[j], term[i]];
            }

            var share = r > 0 ? SmallMatrix.SolveCholesky(factor, cross) : [];
            for (var j = 0; j < r; j++)
            {
                rows[i][containing[j]] -= share[j];
            }
        }

        return Joint(fit, covariance, rows);
    }

    /// <summary>Are several weighted sums of coefficients 0 together?</summary>
    /// <param name="fit">A linear or mixed model.</param>
    /// <param name="covariance">Covariance of its coefficients.</param>
    /// <param name="contrasts">Independent rows of weights, one weight per coefficient.</param>
    /// <returns>As <see cref="TypeTwo"/>.</returns>
    public static WaldTest? Joint(RegressionFit fit, CoefficientCovariance covariance, IReadOnlyList<double[]> contrasts)
    {
        ArgumentNullException.ThrowIfNull(fit);
        ArgumentNullException.ThrowIfNull(covariance);
        ArgumentNullException.ThrowIfNull(contrasts);
        if (covariance is SatterthwaiteCovariance mixed)
        {
            return mixed.Joint(contrasts);
        }

        var q = contrasts.Count;
        var matrix = new double[q * q];
        var value = new double[q];
        for (var i = 0; i < q; i++)
        {
            var half = SmallMatrix.Times(covariance.Matrix, contrasts[i]);
            value[i] = SmallMatrix.Dot(contrasts[i], fit.Estimates);
            for (var j = 0; j < q; j++)
            {
                matrix[j * q + i] = SmallMatrix.Dot(contrasts[j], half);
            }
        }

        if (q == 0 || SmallMatrix.Cholesky(matrix, q, 1e-12) is not { } factor)
        {
            return null;
        }

        var f = SmallMatrix.Dot(value, SmallMatrix.SolveCholesky(factor, value)) / q;
        return new WaldTest(f, q, fit.ResidualDegrees, Numerics.Distributions.FisherF.Sf(f, q, fit.ResidualDegrees));
    }
}
