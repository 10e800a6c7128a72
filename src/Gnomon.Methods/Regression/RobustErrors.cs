using Gnomon.Numerics.Kernels;
using Gnomon.Numerics.LinearAlgebra;

namespace Gnomon.Methods.Regression;

/// <summary>Small-sample corrections of errors that allow unequal spread.</summary>
public enum HcKind
{
    /// <summary>White 1980, no correction.</summary>
    Hc0,

    /// <summary>HC0 times n / (n - k).</summary>
    Hc1,

    /// <summary>Squared residuals over 1 - leverage.</summary>
    Hc2,

    /// <summary>Squared residuals over (1 - leverage)^2: close to the jackknife; the default for small samples.</summary>
    Hc3,

    /// <summary>Cribari-Neto 2004: discount that grows with the leverage.</summary>
    Hc4,
}

/// <summary>Covariances of coefficients that hold when errors are unequal, shared within clusters, or linked in time.</summary>
/// <remarks>
/// Sources: White 1980; MacKinnon and White 1985; Long and Ervin 2000; Cribari-Neto 2004; Liang and Zeger 1986; Bell and McCaffrey 2002 with Pustejovsky and
/// Tipton 2018 (CR2 and its degrees of freedom); Cameron, Gelbach and Miller 2011 (two ways); Newey and West 1987 and 1994.
/// Weighted and generalised models enter by their working weights and residuals. Agrees with R's sandwich and clubSandwich to 1e-8; CR2 of weighted and
/// generalised models takes its root on the weighted scale, where clubSandwich takes that of another matrix of the same working model (within 2 %).
/// A row that a coefficient of its own fits exactly (leverage 1) has no residual and adds nothing to HC2 to HC4.
/// </remarks>
public static class RobustErrors
{
    const double FullLeverage = 1.0 - 1e-10;

    /// <summary>Equal, independent errors: the dispersion times (X'WX)^-1.</summary>
    public static CoefficientCovariance Classical(RegressionFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        var dispersion = fit.Dispersion;
        return new CoefficientCovariance(Array.ConvertAll(fit.Bread, b => b * dispersion), Degrees(fit, fit.UsesStudent ? fit.ResidualDegrees : double.PositiveInfinity), fit is GlmFit ? "model-based: independent rows, spread as the family says" : "classical: equal, independent errors");
    }

    /// <summary>Independent errors of unequal spread.</summary>
    /// <param name="fit">A fitted model.</param>
    /// <param name="kind">Correction for small samples.</param>
    /// <param name="threads">Most threads; null for all cores. The result does not depend on it.</param>
    public static CoefficientCovariance Heteroskedastic(RegressionFit fit, HcKind kind = HcKind.Hc3, int? threads = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        var basis = fit.Basis(threads);
        var k = basis.Count;
        var n = fit.Rows;
        var meat = CrossProducts.Of(
            n, k, 0,
            (start, count, block, _) =>
            {
                basis.Fill(start, count, block);
                Span<double> factor = stackalloc double[CrossProducts.BlockRows];
                Span<double> leverage = stackalloc double[CrossProducts.BlockRows];
                Span<double> scratch = stackalloc double[CrossProducts.BlockRows];
                if (kind >= HcKind.Hc2)
                {
                    basis.Leverages(block, count, scratch, leverage);
                }

                for (var i = 0; i < count; i++)
                {
                    var w = fit.WorkingWeights?[start + i] ?? 1.0;
                    factor[i] = w * fit.WorkingResiduals[start + i] * (kind >= HcKind.Hc2 ? Inflation(kind, leverage[i] * w, n, k) : 1.0);
                }

                for (var j = 0; j < k; j++)
                {
                    Vectors.Multiply(block.Slice(j * CrossProducts.BlockRows, count), factor);
                }
            },
            threads, out var none);
        var matrix = basis.ToOriginal(SmallMatrix.Sandwich(basis.Bread, meat, k));
        if (kind == HcKind.Hc1)
        {
            Scale(matrix, (double)n / (n - k));
        }

        return new CoefficientCovariance(matrix, Degrees(fit, fit.UsesStudent ? fit.ResidualDegrees : double.PositiveInfinity), $"{kind.ToString().ToUpperInvariant()}, robust to unequal spread");
    }

    /// <summary>Errors shared within clusters, the usual correction G / (G - 1) times (n - 1) / (n - k); t with G - 1 degrees of freedom.</summary>
    /// <param name="fit">A fitted model.</param>
    /// <param name="clusters">Cluster of each row: any whole numbers.</param>
    /// <exception cref="TooFewRowsException">Fewer than 2 clusters.</exception>
    public static CoefficientCovariance Clustered(RegressionFit fit, ReadOnlySpan<int> clusters)
    {
        ArgumentNullException.ThrowIfNull(fit);
        var groups = ClusterIndex.Of(clusters, fit.Rows);
        var basis = fit.Basis(null);
        var matrix = basis.ToOriginal(SmallMatrix.Sandwich(basis.Bread, Meat(Scores(fit, basis, groups), groups.Count, basis.Count), basis.Count));
        Scale(matrix, Cr1(groups.Count, fit));
        return new CoefficientCovariance(matrix, Degrees(fit, groups.Count - 1), $"CR1, clustered ({groups.Count} clusters)") { Clusters = groups.Count };
    }

    /// <summary>Errors shared within either of two groupings; t with the smaller number of clusters less 1.</summary>
    /// <param name="fit">A fitted model.</param>
    /// <param name="first">Cluster of each row by the first grouping.</param>
    /// <param name="second">Cluster of each row by the second grouping.</param>
    /// <remarks>The sum can fail to be positive; negative eigenvalues are then set to 0, as Cameron, Gelbach and Miller propose, and the method says so.</remarks>
    /// <exception cref="TooFewRowsException">Fewer than 2 clusters in a grouping.</exception>
    public static CoefficientCovariance TwoWayClustered(RegressionFit fit, ReadOnlySpan<int> first, ReadOnlySpan<int> second)
    {
        ArgumentNullException.ThrowIfNull(fit);
        var a = ClusterIndex.Of(first, fit.Rows);
        var b = ClusterIndex.Of(second, fit.Rows);
        var both = a.Crossed(b);
        var basis = fit.Basis(null);
        var k = basis.Count;
        var meat = new double[k * k];
        foreach (var (groups, sign) in new[] { (a, 1.0), (b, 1.0), (both, -1.0) })
        {
            var part = Meat(Scores(fit, basis, groups), groups.Count, k);
            var factor = sign * Cr1(groups.Count, fit);
            for (var i = 0; i < meat.Length; i++)
            {
                meat[i] += factor * part[i];
            }
        }

        var standard = SmallMatrix.Sandwich(basis.Bread, meat, k);
        var eigen = SymmetricEigen.Decompose(standard, k);
        var mended = eigen.Values[^1] < 0;
        var matrix = basis.ToOriginal(mended ? eigen.Map(v => Math.Max(0.0, v)) : standard);
        var least = Math.Min(a.Count, b.Count);
        return new CoefficientCovariance(
            matrix, Degrees(fit, least - 1), $"clustered two ways ({a.Count} and {b.Count} clusters){(mended ? ", made positive" : string.Empty)}") { Clusters = least };
    }

    /// <summary>Errors shared within clusters, bias-reduced (CR2), each coefficient with its own Satterthwaite degrees of freedom: right for few or unequal clusters.</summary>
    /// <param name="fit">A fitted model; the working model behind the correction has independent errors whose variances are the inverse working weights.</param>
    /// <param name="clusters">Cluster of each row: any whole numbers.</param>
    /// <exception cref="TooFewRowsException">Fewer than 2 clusters.</exception>
    public static CoefficientCovariance BiasReducedClustered(RegressionFit fit, ReadOnlySpan<int> clusters)
    {
        ArgumentNullException.ThrowIfNull(fit);
        var groups = ClusterIndex.Of(clusters, fit.Rows);
        var basis = fit.Basis(null);
        var work = new BiasReduction(fit, basis);
        foreach (var rows in groups.Members())
        {
            work.Add(rows);
        }

        return new CoefficientCovariance(basis.FromWhitened(work.Meat), work.Degrees(), $"CR2, clustered ({groups.Count} clusters), Satterthwaite degrees of freedom") { Clusters = groups.Count };
    }

    /// <summary>Errors linked between neighbouring rows, which are in order of time: Bartlett weights over the lags.</summary>
    /// <param name="fit">A fitted model whose rows are in order of time, equally spaced.</param>
    /// <param name="lags">Lags that count; null for the automatic choice of Newey and West 1994.</param>
    /// <param name="smallSample">Multiply by n / (n - k).</param>
    public static CoefficientCovariance NeweyWest(RegressionFit fit, int? lags = null, bool smallSample = true)
    {
        ArgumentNullException.ThrowIfNull(fit);
        if (lags is < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(lags), lags, "The number of lags is not negative.");
        }

        var basis = fit.Basis(null);
        var k = basis.Count;
        var n = fit.Rows;
        var scores = RowScores(fit, basis);
        var used = Math.Min(lags ?? AutomaticLag(fit), n - 1);
        var meat = new double[k * k];
        for (var lag = 0; lag <= used; lag++)
        {
            var weight = 1.0 - lag / (used + 1.0);
            for (var i = 0; i < k; i++)
            {
                for (var j = 0; j < k; j++)
                {
                    var sum = 0.0;
                    for (var t = lag; t < n; t++)
                    {
                        sum += scores[t * k + i] * scores[(t - lag) * k + j];
                    }

                    meat[i * k + j] += weight * sum;
                    meat[j * k + i] += lag > 0 ? weight * sum : 0.0;
                }
            }
        }

        var matrix = basis.ToOriginal(SmallMatrix.Sandwich(basis.Bread, meat, k));
        Scale(matrix, smallSample ? (double)n / (n - k) : 1.0);
        return new CoefficientCovariance(
            matrix, Degrees(fit, fit.UsesStudent ? fit.ResidualDegrees : double.PositiveInfinity), $"Newey-West, {used} {(used == 1 ? "lag" : "lags")}") { Lags = used };
    }

    /// <summary>The number of lags of Newey and West 1994 for Bartlett weights, from the scores of all columns but the intercept.</summary>
    public static int AutomaticLag(RegressionFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        var n = fit.Rows;
        var sum = new double[n];
        for (var t = 0; t < n; t++)
        {
            for (var j = 0; j < fit.Design.Columns; j++)
            {
                sum[t] += j == fit.Design.Intercept && fit.Design.Columns > 1 ? 0.0 : fit.Design.Raw[j][t];
            }

            sum[t] *= fit.WorkingResiduals[t] * (fit.WorkingWeights?[t] ?? 1.0);
        }

        var most = (int)Math.Floor(4.0 * Math.Pow(n / 100.0, 2.0 / 9.0));
        double s0 = 0.0, s1 = 0.0;
        for (var lag = 0; lag <= Math.Min(most, n - 1); lag++)
        {
            var covariance = SmallMatrix.Dot(sum.AsSpan(lag), sum.AsSpan(0, n - lag)) / n;
            s0 += lag == 0 ? covariance : 2.0 * covariance;
            s1 += 2.0 * lag * covariance;
        }

        var ratio = s0 != 0 ? s1 / s0 : 0.0;
        return (int)Math.Min(Math.Floor(1.1447 * Math.Cbrt(ratio * ratio) * Math.Cbrt(n)), n - 1);
    }

    internal static double[] RowScores(RegressionFit fit, WorkingBasis basis)
    {
        var k = basis.Count;
        var scores = new double[fit.Rows * k];
        for (var i = 0; i < fit.Rows; i++)
        {
            var row = scores.AsSpan(i * k, k);
            basis.Row(i, row);
            var factor = fit.WorkingResiduals[i] * (fit.WorkingWeights?[i] ?? 1.0);
            for (var j = 0; j < k; j++)
            {
                row[j] *= factor;
            }
        }

        return scores;
    }

    // One row of k sums per cluster.
    static double[] Scores(RegressionFit fit, WorkingBasis basis, ClusterIndex groups)
    {
        var k = basis.Count;
        var sums = new double[groups.Count * k];
        Span<double> row = new double[k];
        for (var i = 0; i < fit.Rows; i++)
        {
            basis.Row(i, row);
            Vectors.AddScaled(sums.AsSpan(groups.Codes[i] * k, k), row, fit.WorkingResiduals[i] * (fit.WorkingWeights?[i] ?? 1.0));
        }

        return sums;
    }

    static double[] Meat(double[] scores, int groups, int k)
    {
        var meat = new double[k * k];
        for (var g = 0; g < groups; g++)
        {
            AddOuter(meat, scores.AsSpan(g * k, k));
        }

        return meat;
    }

    internal static void AddOuter(double[] matrix, ReadOnlySpan<double> v)
    {
        for (var i = 0; i < v.Length; i++)
        {
            Vectors.AddScaled(matrix.AsSpan(i * v.Length, v.Length), v, v[i]);
        }
    }

    static double Inflation(HcKind kind, double leverage, int n, int k)
    {
        if (leverage >= FullLeverage)
        {
            return 0.0;
        }

        var rest = 1.0 - leverage;
        return kind switch
        {
            HcKind.Hc2 => 1.0 / Math.Sqrt(rest),
            HcKind.Hc3 => 1.0 / rest,
            _ => Math.Pow(rest, -0.5 * Math.Min(4.0, n * leverage / k)),
        };
    }

    static double Cr1(int clusters, RegressionFit fit) => clusters / (clusters - 1.0) * (fit.Rows - 1.0) / (fit.Rows - fit.Estimates.Length);

    static double[] Degrees(RegressionFit fit, double value)
    {
        var degrees = new double[fit.Estimates.Length];
        Array.Fill(degrees, value);
        return degrees;
    }

    static void Scale(double[] matrix, double factor)
    {
        for (var i = 0; i < matrix.Length; i++)
        {
            matrix[i] *= factor;
        }
    }

    /// <summary>CR2, cluster by cluster, in the basis where X'WX is the identity: the correction of a cluster then needs a k by k root only.</summary>
    sealed class BiasReduction(RegressionFit fit, WorkingBasis basis)
    {
        // Directions that one cluster determines alone have no residual; they add nothing.
        const double Absorbed = 1e-10;

        readonly int _k = basis.Count;
        readonly double[][] _contrasts = [.. Enumerable.Range(0, basis.Count).Select(basis.WhitenedCoefficient)];
        readonly double[][] _crossed = [.. Enumerable.Range(0, basis.Count).Select(_ => new double[basis.Count * basis.Count])];
        readonly double[] _trace = new double[basis.Count];
        readonly double[] _squared = new double[basis.Count];

        public double[] Meat { get; } = new double[basis.Count * basis.Count];

        public void Add(ReadOnlySpan<int> rows)
        {
            var score = new double[_k];
            var products = new double[_k * _k];
            var row = new double[_k];
            foreach (var i in rows)
            {
                basis.Row(i, row);
                var q = basis.Whiten(row);
                var w = fit.WorkingWeights?[i] ?? 1.0;
                for (var j = 0; j < _k; j++)
                {
                    Vectors.AddScaled(products.AsSpan(j * _k, _k), q, w * q[j]);
                }

                Vectors.AddScaled(score, q, w * fit.WorkingResiduals[i]);
            }

            var eigen = SymmetricEigen.Decompose(products, _k);
            AddOuter(Meat, SmallMatrix.Times(eigen.Map(s => Rest(s) > 0 ? 1.0 / Math.Sqrt(Rest(s)) : 0.0), score));
            var first = eigen.Map(s => Rest(s) > 0 ? Math.Max(0.0, s) / Rest(s) : 0.0);
            var second = eigen.Map(s => Rest(s) > 0 ? Math.Max(0.0, s) / Math.Sqrt(Rest(s)) : 0.0);
            for (var j = 0; j < _k; j++)
            {
                var a = SmallMatrix.Quadratic(first, _contrasts[j]);
                var v = SmallMatrix.Times(second, _contrasts[j]);
                var vv = SmallMatrix.Dot(v, v);
                _trace[j] += a - vv;
                _squared[j] += a * a - 2.0 * a * vv;
                AddOuter(_crossed[j], v);
            }
        }

        public double[] Degrees()
        {
            var degrees = new double[_k];
            for (var j = 0; j < _k; j++)
            {
                var squared = _squared[j] + SmallMatrix.Dot(_crossed[j], _crossed[j]);
                degrees[j] = squared > 0 && _trace[j] > 0 ? _trace[j] * _trace[j] / squared : 1.0;
            }

            return degrees;
        }

        static double Rest(double share) => 1.0 - share > Absorbed ? 1.0 - share : 0.0;
    }
}
