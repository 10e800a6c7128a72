using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.LinearAlgebra;

namespace Gnomon.Methods.Inference;

/// <summary>Do two arms differ in any of several metrics?</summary>
/// <param name="T2">Squared distance of the means in units of their error.</param>
/// <param name="F">T2 on the F scale.</param>
/// <param name="Numerator">Metrics tested: those that the others do not determine.</param>
/// <param name="Denominator">Degrees of freedom of the error.</param>
/// <param name="PValue">Of "no metric differs".</param>
public sealed record HotellingResult(double T2, double F, int Numerator, double Denominator, double PValue);

/// <summary>Hotelling's test of two mean vectors without assuming that the arms spread alike.</summary>
/// <remarks>
/// Source: Hotelling 1931; unequal covariances and their degrees of freedom: Krishnamoorthy and Yu 2004, Statistics and Probability Letters 66 (modified
/// Nel and van der Merwe). With one metric it is Welch's t-test, squared.
/// </remarks>
public static class HotellingTwoSample
{
    /// <param name="x">First arm: one column per metric.</param>
    /// <param name="y">Second arm, the same columns.</param>
    /// <exception cref="TooFewRowsException">An arm has no more units than metrics.</exception>
    /// <exception cref="NotEstimableException">No metric varies.</exception>
    public static HotellingResult Test(CoMoments x, CoMoments y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        if (x.Dimension != y.Dimension)
        {
            throw new ArgumentException($"The arms have {x.Dimension} and {y.Dimension} columns.", nameof(y));
        }

        InferenceGuard.Rows(x, 1, x.Dimension + 2, "The first arm");
        InferenceGuard.Rows(y, 1, x.Dimension + 2, "The second arm");
        var all = Covariance(x, y, [.. Enumerable.Range(0, x.Dimension)]);
        int[] used = [.. PivotedCholesky.Factor(all.Sum, x.Dimension).Kept];
        if (used.Length == 0)
        {
            throw new NotEstimableException("No metric varies.");
        }

        var p = used.Length;
        var (sum, first, second) = Covariance(x, y, used);
        var factor = PivotedCholesky.Factor(sum, p);
        double[] gap = [.. used.Select(i => x.Mean(i) - y.Mean(i))];
        var t2 = factor.InverseQuadraticForm(gap);
        var degrees = (p + (double)p * p) / (Term(factor, first, p) / (x.Count - 1.0) + Term(factor, second, p) / (y.Count - 1.0));
        var denominator = degrees - p + 1;
        if (!(denominator > 0))
        {
            throw new TooFewRowsException("The smaller arm", Math.Min(x.Count, y.Count), p + 2);
        }

        var f = t2 * denominator / (degrees * p);
        return new(t2, f, p, denominator, FisherF.Sf(f, p, denominator));
    }

    static (double[] Sum, double[] First, double[] Second) Covariance(CoMoments x, CoMoments y, int[] used)
    {
        var p = used.Length;
        var (sum, first, second) = (new double[p * p], new double[p * p], new double[p * p]);
        for (var i = 0; i < p; i++)
        {
            for (var j = 0; j < p; j++)
            {
                first[i * p + j] = x.Covariance(used[i], used[j]) / x.Count;
                second[i * p + j] = y.Covariance(used[i], used[j]) / y.Count;
                sum[i * p + j] = first[i * p + j] + second[i * p + j];
            }
        }

        return (sum, first, second);
    }

    // tr((S_i S^-1)^2) + (tr S_i S^-1)^2.
    static double Term(PivotedCholesky factor, double[] part, int p)
    {
        var m = new double[p * p];
        var column = new double[p];
        for (var j = 0; j < p; j++)
        {
            for (var i = 0; i < p; i++)
            {
                column[i] = part[i * p + j];
            }

            var solved = factor.Solve(column);
            for (var i = 0; i < p; i++)
            {
                m[i * p + j] = solved[i];
            }
        }

        double trace = 0, squares = 0;
        for (var i = 0; i < p; i++)
        {
            trace += m[i * p + i];
            for (var j = 0; j < p; j++)
            {
                squares += m[i * p + j] * m[j * p + i];
            }
        }

        return squares + trace * trace;
    }
}
