using Gnomon.Numerics.Kernels;
using Gnomon.Numerics.LinearAlgebra;

namespace Gnomon.Methods.Regression;

/// <summary>Ordinary and weighted least squares.</summary>
/// <remarks>
/// Up to 100,000 cells: Householder QR with columns scaled and a solution refined in twice the precision (see <see cref="HouseholderQr"/>). Beyond: sums of
/// products of standardised columns in fixed blocks, Cholesky, one refinement on the residuals; when the columns are too nearly dependent for that, QR again.
/// Agrees with the NIST StRD linear sets to 9 digits and more (Filip 7) and with R <c>lm</c> to 1e-10. Columns that earlier ones determine are set aside and named.
/// </remarks>
public static class LeastSquares
{
    const long CellsForQr = 100_000;

    // Pivots below this share of the diagonal leave too few digits to plain products.
    const double SmallestPivot = 1e-9;

    // A refinement that moves the solution by more than this shows that the products were not accurate enough.
    const double LargestCorrection = 1e-7;

    // Residuals this small beside the outcome are what writing it in binary left.
    const double RoundingOfData = 1e-15;

    /// <param name="design">Columns of the model; add the column of ones yourself, for example by <see cref="DesignMatrix.WithIntercept"/>.</param>
    /// <param name="y">Outcome: finite, one value per row.</param>
    /// <param name="weights">Precision weights, above 0: a row's variance is sigma squared over its weight. Empty for equal weights.</param>
    /// <param name="threads">Most threads; null for all cores. The result does not depend on it.</param>
    /// <param name="exactly">Refined QR at any size: slower, digits to the last.</param>
    /// <exception cref="TooFewRowsException">No more rows than independent columns.</exception>
    /// <exception cref="NotEstimableException">Every column is 0.</exception>
    public static LinearFit Fit(DesignMatrix design, ReadOnlySpan<double> y, ReadOnlySpan<double> weights = default, int? threads = null, bool exactly = false)
    {
        ArgumentNullException.ThrowIfNull(design);
        RegressionGuard.SameRows(design.Rows, y.Length);
        RegressionGuard.Finite(y, "The outcome");
        var w = RegressionGuard.Weights(weights, y.Length);
        var response = y.ToArray();
        if (!exactly && (long)design.Rows * design.Columns > CellsForQr && ByProducts(design, response, w, threads) is { } fast)
        {
            return fast;
        }

        return ByQr(design, response, w);
    }

    internal static LinearFit ByQr(DesignMatrix design, double[] y, double[]? w)
    {
        var qr = HouseholderQr.Factor(design.Weighted(w));
        RequireRank(design, qr.Rank);
        var target = y;
        if (w is not null)
        {
            target = new double[y.Length];
            for (var i = 0; i < y.Length; i++)
            {
                target[i] = y[i] * Math.Sqrt(w[i]);
            }
        }

        var coefficients = qr.Solve(target, out var residuals);
        var rss = SquaredLength(residuals);
        if (rss <= RoundingOfData * RoundingOfData * SquaredLength(target))
        {
            rss = 0.0;
            Array.Clear(residuals);
        }

        if (w is not null)
        {
            for (var i = 0; i < y.Length; i++)
            {
                residuals[i] /= Math.Sqrt(w[i]);
            }
        }

        var kept = design.Only(qr.Kept);
        return new LinearFit(kept, Names(design, qr.SetAside), coefficients, qr.InverseGram(), y, residuals, w, rss, TotalSum(y, w, kept.Intercept >= 0), qr.SmallestOwnShare);
    }

    static LinearFit? ByProducts(DesignMatrix design, double[] y, double[]? w, int? threads)
    {
        var k = design.Columns;
        var columns = new StandardisedColumns(design);
        var centre = design.Intercept >= 0 ? StandardisedColumns.Centre(y) : 0.0;
        var gram = CrossProducts.Of(
            design.Rows, k + 1, 0,
            (start, count, block, _) =>
            {
                for (var j = 0; j < k; j++)
                {
                    columns.Copy(j, start, count, block.Slice(j * CrossProducts.BlockRows, count));
                }

                Centred(y.AsSpan(start, count), centre, block[(k * CrossProducts.BlockRows)..]);
                if (w is not null)
                {
                    Scale(block, k + 1, count, w.AsSpan(start, count));
                }
            },
            threads, out _);
        var products = new double[k * k];
        var withOutcome = new double[k];
        for (var i = 0; i < k; i++)
        {
            gram.AsSpan(i * (k + 1), k).CopyTo(products.AsSpan(i * k));
            withOutcome[i] = gram[i * (k + 1) + k];
        }

        if (SmallMatrix.Cholesky(products, k, SmallestPivot) is not { } factor)
        {
            return null;
        }

        RequireRank(design, k);
        var gamma = SmallMatrix.SolveCholesky(factor, withOutcome);
        var residuals = new double[y.Length];
        for (var round = 0; round < 2; round++)
        {
            var sums = Residuals(columns, y, centre, w, gamma, residuals, threads);
            var correction = SmallMatrix.SolveCholesky(factor, sums.AsSpan(0, k));
            if (!Small(correction, gamma, factor, k))
            {
                return null;
            }

            var settled = true;
            for (var j = 0; j < k; j++)
            {
                settled &= Math.Abs(correction[j]) <= 1e-12 * Math.Abs(gamma[j]) + 1e-300;
                gamma[j] += correction[j];
            }

            // The residuals of the uncorrected solution differ by less than rounding once the correction is this small.
            if (settled || round == 1)
            {
                gamma[Math.Max(0, design.Intercept)] += centre;
                var inverse = SmallMatrix.InverseCholesky(factor, k);
                var own = 1.0;
                for (var j = 0; j < k; j++)
                {
                    own = Math.Min(own, factor[j * k + j] / Math.Sqrt(products[j * k + j]));
                }

                var fit = new LinearFit(design, [], columns.ToOriginal(gamma), columns.ToOriginal(inverse, k), y, residuals, w, sums[k], TotalSum(y, w, design.Intercept >= 0), own);
                fit.Use(WorkingBasis.Known(columns, design, factor, inverse));
                return fit;
            }
        }

        return null;
    }

    // Writes the residuals and returns Z'W r followed by r'W r.
    static double[] Residuals(StandardisedColumns columns, double[] y, double centre, double[]? w, double[] gamma, double[] residuals, int? threads)
    {
        var k = columns.Count;
        return CrossProducts.Sums(
            y.Length, k + 1, k + 1,
            (start, count, block, sums) =>
            {
                var r = residuals.AsSpan(start, count);
                Centred(y.AsSpan(start, count), centre, r);
                for (var j = 0; j < k; j++)
                {
                    var z = block.Slice(j * CrossProducts.BlockRows, count);
                    columns.Copy(j, start, count, z);
                    Vectors.AddScaled(r, z, -gamma[j]);
                }

                var weighted = block.Slice(k * CrossProducts.BlockRows, count);
                r.CopyTo(weighted);
                for (var i = 0; i < count && w is not null; i++)
                {
                    weighted[i] *= w[start + i];
                }

                for (var j = 0; j < k; j++)
                {
                    sums[j] += Vectors.Dot(block.Slice(j * CrossProducts.BlockRows, count), weighted);
                }

                sums[k] += Vectors.Dot(r, weighted);
            },
            threads);
    }

    static void Centred(ReadOnlySpan<double> y, double centre, Span<double> to)
    {
        for (var i = 0; i < y.Length; i++)
        {
            to[i] = y[i] - centre;
        }
    }

    static bool Small(double[] correction, double[] gamma, double[] factor, int k)
    {
        double moved = 0.0, length = 0.0;
        for (var j = 0; j < k; j++)
        {
            moved = Math.Max(moved, Math.Abs(correction[j] * factor[j * k + j]));
            length = Math.Max(length, Math.Abs(gamma[j] * factor[j * k + j]));
        }

        return moved <= LargestCorrection * length || moved == 0;
    }

    internal static void Scale(Span<double> block, int columns, int count, ReadOnlySpan<double> weights)
    {
        Span<double> roots = stackalloc double[CrossProducts.BlockRows];
        for (var i = 0; i < count; i++)
        {
            roots[i] = Math.Sqrt(weights[i]);
        }

        for (var j = 0; j < columns; j++)
        {
            Vectors.Multiply(block.Slice(j * CrossProducts.BlockRows, count), roots);
        }
    }

    static void RequireRank(DesignMatrix design, int rank)
    {
        if (rank == 0)
        {
            throw new NotEstimableException(design.Rows == 0 ? "There are no rows." : "Every column of the model is 0.");
        }

        if (design.Rows <= rank)
        {
            throw new TooFewRowsException("The regression", design.Rows, rank + 1);
        }
    }

    static string[] Names(DesignMatrix design, ReadOnlySpan<int> indexes)
    {
        var names = new string[indexes.Length];
        for (var i = 0; i < names.Length; i++)
        {
            names[i] = design.Names[indexes[i]];
        }

        return names;
    }

    static double SquaredLength(ReadOnlySpan<double> values)
    {
        var sum = new ExactSum();
        foreach (var v in values)
        {
            var square = v * v;
            sum.Add(square);
            sum.Add(Math.FusedMultiplyAdd(v, v, -square));
        }

        return sum.ToDouble();
    }

    // Around the weighted mean when there is an intercept: two passes, the second corrects the first's rounding.
    internal static double TotalSum(ReadOnlySpan<double> y, double[]? w, bool aroundMean)
    {
        double mean = 0.0, weight = 0.0;
        if (aroundMean)
        {
            for (var i = 0; i < y.Length; i++)
            {
                mean += (w?[i] ?? 1.0) * y[i];
                weight += w?[i] ?? 1.0;
            }

            mean /= weight;
        }

        double squares = 0.0, left = 0.0;
        for (var i = 0; i < y.Length; i++)
        {
            var d = y[i] - mean;
            squares += (w?[i] ?? 1.0) * d * d;
            left += (w?[i] ?? 1.0) * d;
        }

        return aroundMean ? Math.Max(0.0, squares - left * left / weight) : squares;
    }
}
