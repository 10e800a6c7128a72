using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Kernels;
using Gnomon.Numerics.LinearAlgebra;
using Gnomon.Numerics.Random;

namespace Gnomon.Methods.Regression;

/// <summary>One scaled principal direction of the columns.</summary>
/// <param name="Index">Condition index: largest over this singular value.</param>
/// <param name="Shares">Share of each coefficient's variance that this direction holds.</param>
public sealed record ConditionIndex(double Index, IReadOnlyList<double> Shares);

/// <summary>Do columns say nearly the same?</summary>
/// <remarks>
/// Sources: Belsley, Kuh and Welsch 1980 (condition indices with variance proportions; columns scaled to unit length, the intercept kept); Fox and Monette 1992
/// (generalised variance inflation of terms with several columns). Agrees with R car <c>vif</c> and statsmodels.
/// </remarks>
public static class Collinearity
{
    /// <summary>Factor by which each column's coefficient variance is inflated by the others; null for the intercept.</summary>
    /// <param name="fit">A fitted model.</param>
    public static double?[] VarianceInflation(RegressionFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        var groups = new int[fit.Design.Columns][];
        for (var j = 0; j < groups.Length; j++)
        {
            groups[j] = [j];
        }

        return Generalised(fit, groups);
    }

    /// <summary>Generalised variance inflation of terms that hold several columns, such as a factor's; null for a term with the intercept.</summary>
    /// <param name="fit">A fitted model.</param>
    /// <param name="terms">Columns of each term.</param>
    public static double?[] Generalised(RegressionFit fit, IReadOnlyList<int[]> terms)
    {
        ArgumentNullException.ThrowIfNull(fit);
        ArgumentNullException.ThrowIfNull(terms);
        var k = fit.Design.Columns;
        var others = Enumerable.Range(0, k).Where(j => j != fit.Design.Intercept).ToArray();
        var all = Correlation(fit.Bread, k, others, out _);
        var result = new double?[terms.Count];
        for (var t = 0; t < result.Length; t++)
        {
            var inside = terms[t];
            var rest = others.Except(inside).ToArray();
            if (Array.IndexOf(inside, fit.Design.Intercept) >= 0 || all is null)
            {
                continue;
            }

            // In logs of determinants of the coefficients' correlation matrix.
            var a = LogDeterminant(fit.Bread, k, inside);
            var b = LogDeterminant(fit.Bread, k, rest);
            var c = LogDeterminant(fit.Bread, k, others);
            result[t] = a is { } x && b is { } y && c is { } z ? Math.Exp(Math.Max(0.0, x + y - z)) : null;
        }

        return result;
    }

    /// <summary>Condition indices with variance proportions, largest index last.</summary>
    /// <param name="design">Columns, the intercept included.</param>
    public static IReadOnlyList<ConditionIndex> Conditions(DesignMatrix design)
    {
        ArgumentNullException.ThrowIfNull(design);
        var k = design.Columns;
        var raw = design.Raw;
        var gram = CrossProducts.Of(
            design.Rows, k, 0,
            (start, count, block, _) =>
            {
                for (var j = 0; j < k; j++)
                {
                    raw[j].AsSpan(start, count).CopyTo(block[(j * CrossProducts.BlockRows)..]);
                }
            },
            null, out _);
        var scaled = new double[k * k];
        for (var i = 0; i < k; i++)
        {
            for (var j = 0; j < k; j++)
            {
                scaled[i * k + j] = i == j ? 1.0 : gram[i * k + j] / Math.Sqrt(gram[i * k + i] * gram[j * k + j]);
            }
        }

        var eigen = SymmetricEigen.Decompose(scaled, k);
        var floor = eigen.Values[0] * 1e-16;
        var variance = new double[k];
        for (var d = 0; d < k; d++)
        {
            for (var j = 0; j < k; j++)
            {
                variance[j] += eigen.Vectors[j * k + d] * eigen.Vectors[j * k + d] / Math.Max(eigen.Values[d], floor);
            }
        }

        var result = new ConditionIndex[k];
        for (var d = 0; d < k; d++)
        {
            var value = Math.Max(eigen.Values[d], floor);
            var shares = new double[k];
            for (var j = 0; j < k; j++)
            {
                shares[j] = eigen.Vectors[j * k + d] * eigen.Vectors[j * k + d] / value / variance[j];
            }

            result[d] = new ConditionIndex(Math.Sqrt(eigen.Values[0] / value), shares);
        }

        return result;
    }

    /// <summary>Share of resamples of rows in which each coefficient has the other sign.</summary>
    /// <param name="fit">A linear model.</param>
    /// <param name="draws">Resamples of whole rows.</param>
    /// <param name="seed">Seed of the draws.</param>
    /// <param name="mostWork">Beyond this many multiplications the normal law of the robust (HC1) errors answers instead: with so many rows they agree.</param>
    public static double[] SignFlips(LinearFit fit, int draws = 200, int seed = 1, long mostWork = 400_000_000)
    {
        ArgumentNullException.ThrowIfNull(fit);
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 20);
        var k = fit.Design.Columns;
        var result = new double[k];
        if ((long)draws * fit.Rows * k * k / 2 > mostWork)
        {
            var errors = RobustErrors.Heteroskedastic(fit, HcKind.Hc1);
            for (var j = 0; j < k; j++)
            {
                result[j] = errors.StandardError(j) > 0 ? Normal.Sf(Math.Abs(fit.Estimates[j]) / errors.StandardError(j)) : 0.0;
            }

            return result;
        }

        var rng = new Rng(seed).Stream("sign flips");
        var basis = fit.Basis(null);
        var rows = new double[fit.Rows * k];
        for (var i = 0; i < fit.Rows; i++)
        {
            basis.Row(i, rows.AsSpan(i * k, k));
        }

        var used = 0;
        for (var d = 0; d < draws; d++)
        {
            var gram = new double[k * k];
            var score = new double[k];
            for (var i = 0; i < fit.Rows; i++)
            {
                var row = rng.NextInt(fit.Rows);
                var w = fit.WorkingWeights?[row] ?? 1.0;
                var z = rows.AsSpan(row * k, k);
                for (var j = 0; j < k; j++)
                {
                    Vectors.AddScaled(gram.AsSpan(j * k, k), z, w * z[j]);
                }

                Vectors.AddScaled(score, z, w * fit.WorkingResiduals[row]);
            }

            if (SmallMatrix.Cholesky(gram, k, 1e-11) is not { } factor)
            {
                continue;
            }

            used++;
            var moved = basis.ChangeToOriginal(SmallMatrix.SolveCholesky(factor, score));
            for (var j = 0; j < k; j++)
            {
                result[j] += Math.Sign(fit.Estimates[j] + moved[j]) == -Math.Sign(fit.Estimates[j]) ? 1.0 : 0.0;
            }
        }

        return Array.ConvertAll(result, r => used > 0 ? r / used : 0.0);
    }

    static double? LogDeterminant(double[] matrix, int k, int[] indexes)
    {
        if (indexes.Length == 0)
        {
            return 0.0;
        }

        if (Correlation(matrix, k, indexes, out _) is not { } correlation || SmallMatrix.Cholesky(correlation, indexes.Length, 1e-15) is not { } factor)
        {
            return null;
        }

        var sum = 0.0;
        for (var i = 0; i < indexes.Length; i++)
        {
            sum += 2.0 * Math.Log(factor[i * indexes.Length + i]);
        }

        return sum;
    }

    static double[]? Correlation(double[] matrix, int k, int[] indexes, out double[] scale)
    {
        var q = indexes.Length;
        scale = Array.ConvertAll(indexes, i => Math.Sqrt(matrix[i * k + i]));
        var result = new double[q * q];
        for (var i = 0; i < q; i++)
        {
            if (!(scale[i] > 0))
            {
                return null;
            }

            for (var j = 0; j < q; j++)
            {
                result[i * q + j] = i == j ? 1.0 : matrix[indexes[i] * k + indexes[j]] / (scale[i] * scale[j]);
            }
        }

        return result;
    }
}
