using Gnomon.Methods.Inference;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Data;

/// <summary>Areas under the curve of two scores of the same rows.</summary>
/// <param name="First">Area of the first score.</param>
/// <param name="Second">Area of the second.</param>
/// <param name="Difference">First less second.</param>
/// <param name="StandardError">Of the difference, the common rows allowed for.</param>
/// <param name="Low">Lower limit of the difference.</param>
/// <param name="High">Upper limit.</param>
/// <param name="PValue">Two-sided p-value of equal areas; 1 where the scores order the rows alike.</param>
public sealed record PairedAreasResult(double First, double Second, double Difference, double StandardError, double Low, double High, double PValue);

/// <summary>Do two scores order the same rows equally well?</summary>
/// <remarks>Source: DeLong, DeLong and Clarke-Pearson 1988, Biometrics 44; placements by midranks as Sun and Xu 2014. Normal limits.</remarks>
public static class PairedAreas
{
    /// <param name="first">Scores, finite.</param>
    /// <param name="second">Other scores of the same rows, finite.</param>
    /// <param name="positive">True for rows expected to score higher; at least 2 of either kind.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="TooFewRowsException">Fewer than 2 rows of a kind.</exception>
    public static PairedAreasResult Compare(ReadOnlySpan<double> first, ReadOnlySpan<double> second, ReadOnlySpan<bool> positive, double level = 0.95)
    {
        InferenceGuard.Level(level);
        if (first.Length != second.Length || first.Length != positive.Length)
            throw new ArgumentException("Scores and labels have one number of rows.", nameof(second));
        var m = 0;
        foreach (var p in positive)
            m += p ? 1 : 0;
        var n = positive.Length - m;
        if (Math.Min(m, n) < 2)
            throw new TooFewRowsException("The smaller class", Math.Min(m, n), 2);
        var a = Placements(first, positive, m, n);
        var b = Placements(second, positive, m, n);
        double areaA = Mean(a.Positive), areaB = Mean(b.Positive);
        var variance = Spread(a.Positive, b.Positive, areaA - areaB) / m + Spread(a.Negative, b.Negative, areaA - areaB) / n;
        var error = Math.Sqrt(variance);
        var difference = areaA - areaB;
        var half = Normal.UpperQuantile((1 - level) / 2) * error;
        var p2 = error > 0 ? 2 * Normal.Sf(Math.Abs(difference) / error) : difference == 0 ? 1 : 0;
        return new(areaA, areaB, difference, error, difference - half, difference + half, p2);
    }

    // Of each positive row the share of negatives below it, of each negative row the share of positives above it; ties count half.
    static (double[] Positive, double[] Negative) Placements(ReadOnlySpan<double> scores, ReadOnlySpan<bool> positive, int m, int n)
    {
        var (x, y) = (new double[m], new double[n]);
        int i = 0, j = 0;
        for (var k = 0; k < scores.Length; k++)
        {
            InferenceGuard.Finite(scores[k], nameof(scores));
            if (positive[k])
                x[i++] = scores[k];
            else
                y[j++] = scores[k];
        }
        var all = new double[m + n];
        x.CopyTo(all, 0);
        y.CopyTo(all, m);
        var (ranks, within, others) = (Midranks.Of(all), Midranks.Of(x), Midranks.Of(y));
        for (i = 0; i < m; i++)
            x[i] = (ranks[i] - within[i]) / n;
        for (j = 0; j < n; j++)
            y[j] = 1 - (ranks[m + j] - others[j]) / m;
        return (x, y);
    }

    static double Mean(double[] values)
    {
        var mean = 0.0;
        for (var i = 0; i < values.Length; i++)
            mean += (values[i] - mean) / (i + 1);
        return mean;
    }

    static double Spread(double[] a, double[] b, double mean)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
            sum += (a[i] - b[i] - mean) * (a[i] - b[i] - mean);
        return sum / (a.Length - 1);
    }
}
