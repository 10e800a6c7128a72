using Gnomon.Methods.Inference;
using Gnomon.Methods.Regression;

namespace Gnomon.Methods.Data;

/// <summary>How strongly two columns go together when others are held fixed: the correlation of what linear regressions on the others leave of both.</summary>
/// <remarks>
/// Source: Fisher 1924, Metron 3: with k columns held fixed the partial correlation of n rows behaves like a plain one of n - k rows, in the t test and in Fisher's z.
/// Agrees with R's <c>psych::partial.r</c> and with the t test of a regression coefficient to 1e-10.
/// </remarks>
public static class PartialCorrelation
{
    /// <summary>Pearson's partial correlation.</summary>
    /// <param name="x">Finite values.</param>
    /// <param name="y">Finite values, paired with <paramref name="x"/>.</param>
    /// <param name="held">Columns held fixed, of the same length; none gives the plain correlation.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="TooFewRowsException">Fewer than 4 rows more than columns held fixed.</exception>
    /// <exception cref="NotEstimableException">The held columns leave nothing of a side.</exception>
    public static CorrelationResult Pearson(ReadOnlySpan<double> x, ReadOnlySpan<double> y, IReadOnlyList<double[]> held, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(held);
        InferenceGuard.Level(level);
        if (x.Length != y.Length)
        {
            throw new ArgumentException($"The columns have {x.Length} and {y.Length} values; they must be paired.");
        }

        if (x.Length < held.Count + 4)
        {
            throw new TooFewRowsException("The table", x.Length, held.Count + 4);
        }

        double[] left, right;
        var rank = 0;
        if (held.Count == 0)
        {
            (left, right) = (x.ToArray(), y.ToArray());
        }
        else
        {
            var design = DesignMatrix.WithIntercept(held);
            var first = LeastSquares.Fit(design, x);
            left = Rest(first, x);
            right = Rest(LeastSquares.Fit(design, y), y);
            rank = held.Count - first.SetAside.Count;
        }

        return Association.Correlation(left, right) is { } r
            ? Association.Answer(r, x.Length, 1.0, level, rank)
            : throw new NotEstimableException("The columns held fixed determine one of the two, so nothing is left to go together.");
    }

    /// <summary>Spearman's partial correlation: the same with every column replaced by its midranks; the interval uses the error of Bonett and Wright 2000.</summary>
    /// <inheritdoc cref="Pearson"/>
    public static CorrelationResult Spearman(ReadOnlySpan<double> x, ReadOnlySpan<double> y, IReadOnlyList<double[]> held, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(held);
        var plain = Pearson(Midranks.Of(x), Midranks.Of(y), [.. held.Select(h => Midranks.Of(h))], level);
        return Math.Abs(plain.Correlation) == 1
            ? plain
            : Association.Answer(plain.Correlation, x.Length, 1.0 + plain.Correlation * plain.Correlation / 2.0, level, held.Count);
    }

    // What a perfect fit leaves is rounding, not variation.
    static double[] Rest(LinearFit fit, ReadOnlySpan<double> values) =>
        fit.ResidualSumOfSquares > 1e-20 * fit.TotalSumOfSquares && fit.TotalSumOfSquares > 0 ? fit.Residuals.ToArray() : new double[values.Length];
}
