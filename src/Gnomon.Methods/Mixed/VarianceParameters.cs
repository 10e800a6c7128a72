using Gnomon.Numerics.LinearAlgebra;

namespace Gnomon.Methods.Mixed;

/// <summary>How well the variance parameters of a mixed model are known, and how the covariance of its coefficients moves with them.</summary>
internal static class VarianceParameters
{
    /// <summary>Derivative of the basis' covariance by one parameter, to the fourth order of the step.</summary>
    public static double[] Derivative(MixedProblem problem, double[] theta, int index, double h, double s2)
    {
        double[] At(double by)
        {
            var kept = theta[index];
            theta[index] = kept + by;
            var at = problem.At(problem.Shape.Factors(theta)) ?? throw new NotEstimableException("Degrees of freedom: the criterion is not defined beside the estimates.");
            theta[index] = kept;
            return problem.BasisCovariance(at.Factor);
        }

        var (a, b, c, d) = (At(h), At(-h), At(2.0 * h), At(-2.0 * h));
        var result = new double[a.Length];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = s2 * (8.0 * (a[i] - b[i]) - (c[i] - d[i])) / (12.0 * h);
        }

        return result;
    }

    /// <summary>Twice the inverse of the deviance's Hessian; directions in which it is flat or bends down, as on a boundary, carry no information and count as known.</summary>
    public static double[] Uncertainty(double[] hessian, int m)
    {
        var scale = new double[m];
        for (var i = 0; i < m; i++)
        {
            scale[i] = hessian[i * m + i] > 0.0 ? 1.0 / Math.Sqrt(hessian[i * m + i]) : 0.0;
        }

        var scaled = new double[m * m];
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < m; j++)
            {
                scaled[i * m + j] = hessian[i * m + j] * scale[i] * scale[j];
            }
        }

        var inverse = SymmetricEigen.Decompose(scaled, m).Map(v => v > 1e-8 ? 2.0 / v : 0.0);
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < m; j++)
            {
                inverse[i * m + j] *= scale[i] * scale[j];
            }
        }

        return inverse;
    }
}
