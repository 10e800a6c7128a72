using Gnomon.Numerics.Kernels;

namespace Gnomon.Methods.Regression;

/// <summary>One look at all rows at given coefficients: weighted products, score, deviance, and the working vectors that errors are made of.</summary>
internal sealed class GlmState
{
    readonly int _k;

    GlmState(double[] gram, double[] sums, int k, double[] means, double[] weights, double[] residuals)
    {
        _k = k;
        Gram = new double[k * k];
        Score = new double[k];
        for (var i = 0; i < k; i++)
        {
            gram.AsSpan(i * (k + 1), k).CopyTo(Gram.AsSpan(i * k));
            Score[i] = gram[i * (k + 1) + k];
        }

        Pearson = gram[^1];
        Deviance = sums[0];
        IsAllowed = sums[1] == 0;
        Means = means;
        Weights = weights;
        Residuals = residuals;
    }

    /// <summary>Z'WZ.</summary>
    public double[] Gram { get; }

    /// <summary>Z'W r: the score of the likelihood.</summary>
    public double[] Score { get; }

    public double Deviance { get; }

    public double Pearson { get; }

    /// <summary>False when some mean is outside the law's range.</summary>
    public bool IsAllowed { get; }

    public double[] Means { get; }

    public double[] Weights { get; }

    public double[] Residuals { get; }

    public bool IsUsable => IsAllowed && double.IsFinite(Deviance) && double.IsFinite(SmallMatrix.Dot(Score, Score));

    /// <summary>Looks at all rows at coefficients gamma of the standardised columns; null starts from the outcomes themselves.</summary>
    public static GlmState At(double[]? gamma, StandardisedColumns columns, double[] y, GlmOptions options, double overall)
    {
        var family = options.Family;
        var k = columns.Count;
        var (means, weights, residuals) = (new double[y.Length], new double[y.Length], new double[y.Length]);
        var gram = CrossProducts.Of(
            y.Length, k + 1, 2,
            (start, count, block, sums) =>
            {
                var last = block.Slice(k * CrossProducts.BlockRows, count);
                last.Clear();
                if (options.Offset is { } offset)
                {
                    offset.AsSpan(start, count).CopyTo(last);
                }

                for (var j = 0; j < k; j++)
                {
                    var z = block.Slice(j * CrossProducts.BlockRows, count);
                    columns.Copy(j, start, count, z);
                    if (gamma is not null)
                    {
                        Vectors.AddScaled(last, z, gamma[j]);
                    }
                }

                var prior = options.Weights is { } w ? w.AsSpan(start, count) : default;
                var m = means.AsSpan(start, count);
                var ww = weights.AsSpan(start, count);
                var r = residuals.AsSpan(start, count);
                if (gamma is null)
                {
                    Start(family, y.AsSpan(start, count), prior, overall, last, m, ww, r);
                }
                else if (family is { Law: OutcomeLaw.Binomial, Link: LinkFunction.Logit })
                {
                    sums[0] += Logistic(family, y.AsSpan(start, count), prior, last, m, ww, r);
                }
                else
                {
                    sums[0] += General(family, y.AsSpan(start, count), prior, last, m, ww, r, ref sums[1]);
                }

                // The start regresses working outcomes, everything after it working residuals.
                r.CopyTo(last);
                LeastSquares.Scale(block, k + 1, count, ww);
            },
            options.Threads, out var sums);
        return new GlmState(gram, sums, k, means, weights, residuals);
    }

    /// <summary>Gram^-1 score, or null when the weighted products are singular.</summary>
    public double[]? Step(out double[]? factor)
    {
        factor = SmallMatrix.Cholesky(Gram, _k, 1e-11);
        return factor is null ? null : SmallMatrix.SolveCholesky(factor, Score);
    }

    static void Start(GlmFamily family, ReadOnlySpan<double> y, ReadOnlySpan<double> prior, double overall, Span<double> offset, Span<double> m, Span<double> w, Span<double> r)
    {
        for (var i = 0; i < y.Length; i++)
        {
            var weight = prior.IsEmpty ? 1.0 : prior[i];
            var mean = family.StartMean(y[i], weight, overall);
            var eta = family.LinkOf(mean);
            var slope = family.Mean(eta).Slope;
            m[i] = mean;
            w[i] = weight * slope * slope / family.Variance(mean);
            r[i] = eta - offset[i] + (y[i] - mean) / slope;
        }
    }

    static double Logistic(GlmFamily family, ReadOnlySpan<double> y, ReadOnlySpan<double> prior, ReadOnlySpan<double> eta, Span<double> m, Span<double> w, Span<double> r)
    {
        var deviance = 0.0;

        // log of a product of at most 256 numbers between 1 and 2 stands for the sum of their logarithms.
        var product = 1.0;
        for (var i = 0; i < y.Length; i++)
        {
            var weight = prior.IsEmpty ? 1.0 : prior[i];
            var e = Math.Exp(-Math.Abs(eta[i]));
            var large = 1.0 / (1.0 + e);
            var small = e * large;
            var slope = Math.Max(small * large, 1e-300);
            m[i] = eta[i] > 0 ? large : small;
            w[i] = weight * slope;
            if (y[i] is 0.0 or 1.0)
            {
                // The probability of what was not seen, over the slope.
                var isLikely = y[i] == 1.0 == eta[i] > 0;
                r[i] = (y[i] == 1.0 ? 1.0 : -1.0) * (isLikely ? small : large) / slope;
                deviance += isLikely ? 0.0 : 2.0 * weight * Math.Abs(eta[i]);
                if (prior.IsEmpty)
                {
                    product *= 1.0 + e;
                }
                else
                {
                    deviance += 2.0 * weight * Log1pSmall(e);
                }
            }
            else
            {
                r[i] = (y[i] - m[i]) / slope;
                deviance += weight * family.UnitDeviance(y[i], m[i]);
            }
        }

        return deviance + 2.0 * Math.Log(product);
    }

    // log(1 + e) for e in 0..1: the sum of deviances needs absolute, not relative accuracy of tiny terms.
    static double Log1pSmall(double e) => e > 1e-5 ? Math.Log(1.0 + e) : e - 0.5 * e * e;

    static double General(
        GlmFamily family, ReadOnlySpan<double> y, ReadOnlySpan<double> prior, ReadOnlySpan<double> eta, Span<double> m, Span<double> w, Span<double> r, ref double outside)
    {
        var deviance = 0.0;
        for (var i = 0; i < y.Length; i++)
        {
            var weight = prior.IsEmpty ? 1.0 : prior[i];
            var (mean, slope) = family.Mean(eta[i]);
            if (!family.Allows(mean))
            {
                outside = 1.0;
                (mean, slope) = (1.0, 1.0);
            }

            m[i] = mean;
            w[i] = weight * slope * slope / family.Variance(mean);
            r[i] = (y[i] - mean) / slope;
            deviance += weight * family.UnitDeviance(y[i], mean);
        }

        return deviance;
    }
}
