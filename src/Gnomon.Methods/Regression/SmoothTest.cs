using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.LinearAlgebra;

namespace Gnomon.Methods.Regression;

/// <summary>Is the curve of a smooth term flat?</summary>
/// <remarks>Source: Wood 2013, Biometrika 100. The curve at the rows is tested in the leading directions of its own covariance, as many as its effective degrees, rounded up.</remarks>
internal static class SmoothTest
{
    /// <param name="name">What the smooth is called.</param>
    /// <param name="from">Its first coefficient.</param>
    /// <param name="columns">Its coefficients.</param>
    /// <param name="smoothing">Its smoothing parameter.</param>
    /// <param name="beta">All coefficients.</param>
    /// <param name="influence">(X'X + S)^-1 X'X of all coefficients.</param>
    /// <param name="products">X'X of all coefficients.</param>
    /// <param name="covariance">Bayesian covariance of all coefficients.</param>
    /// <param name="residualDegrees">Rows less effective degrees of freedom.</param>
    public static SmoothTerm Of(
        string name, int from, int columns, double smoothing, double[] beta, double[] influence, double[] products, CoefficientCovariance covariance, double residualDegrees)
    {
        var p = beta.Length;
        var effective = 0.0;
        var gram = new double[columns * columns];
        var own = new double[columns * columns];
        for (var i = 0; i < columns; i++)
        {
            effective += influence[(from + i) * p + from + i];
            for (var j = 0; j < columns; j++)
            {
                gram[i * columns + j] = products[(from + i) * p + from + j];
                own[i * columns + j] = covariance[from + i, from + j];
            }
        }

        // With X = QR of the smooth's columns, the curve is Q R b and its covariance Q R V R' Q': eigenvectors of R V R'.
        var rank = Math.Clamp((int)Math.Ceiling(effective - 0.05), 1, columns);
        if (SmallMatrix.Cholesky(gram, columns, 1e-14) is not { } lower)
        {
            throw new NotEstimableException($"{name} and the other columns say the same: leave one of them out.");
        }

        var upper = new double[columns * columns];
        var curve = new double[columns];
        for (var i = 0; i < columns; i++)
        {
            for (var j = i; j < columns; j++)
            {
                upper[i * columns + j] = lower[j * columns + i];
                curve[i] += lower[j * columns + i] * beta[from + j];
            }
        }

        var turned = new double[columns * columns];
        var middle = SmallMatrix.Times(upper, own, columns);
        for (var i = 0; i < columns; i++)
        {
            for (var j = 0; j < columns; j++)
            {
                for (var m = 0; m < columns; m++)
                {
                    turned[i * columns + j] += middle[i * columns + m] * upper[j * columns + m];
                }
            }
        }

        var eigen = SymmetricEigen.Decompose(turned, columns);
        var statistic = 0.0;
        for (var d = 0; d < rank; d++)
        {
            var along = 0.0;
            for (var i = 0; i < columns; i++)
            {
                along += eigen.Vectors[i * columns + d] * curve[i];
            }

            statistic += eigen.Values[d] > 0 ? along * along / eigen.Values[d] : 0.0;
        }

        statistic /= rank;
        return new SmoothTerm(name, effective, smoothing, statistic, rank, FisherF.Sf(statistic, rank, residualDegrees));
    }
}
