using Gnomon.Numerics.Special;

namespace Gnomon.Methods.Regression;

/// <summary>The shape theta of negative binomial counts around given means, by maximum likelihood.</summary>
internal static class NegativeBinomialShape
{
    /// <summary>Beyond this the law is Poisson to the last digit that matters.</summary>
    public const double Largest = 1e7;

    const double Smallest = 1e-6;

    // The score in log theta is followed by Newton steps that never leave a bracket.
    public static double Estimate(ReadOnlySpan<double> y, ReadOnlySpan<double> means, double[]? weights)
    {
        double low = Math.Log(Smallest), high = Math.Log(Largest);
        if (Score(y, means, weights, Largest, out _) >= 0)
        {
            return Largest;
        }

        var x = Math.Clamp(Math.Log(Start(y, means, weights)), low, high);
        for (var iteration = 0; iteration < 200; iteration++)
        {
            var theta = Math.Exp(x);
            var score = Score(y, means, weights, theta, out var slope);
            (low, high) = score > 0 ? (x, high) : (low, x);
            var logSlope = theta * (theta * slope + score);
            var next = logSlope < 0 ? x - theta * score / logSlope : 0.5 * (low + high);
            next = next > low && next < high ? next : 0.5 * (low + high);
            if (Math.Abs(next - x) <= 1e-12)
            {
                return Math.Exp(next);
            }

            x = next;
        }

        return Math.Exp(x);
    }

    static double Start(ReadOnlySpan<double> y, ReadOnlySpan<double> means, double[]? weights)
    {
        double over = 0.0, n = 0.0;
        for (var i = 0; i < y.Length; i++)
        {
            var w = weights?[i] ?? 1.0;
            over += w * (y[i] / means[i] - 1.0) * (y[i] / means[i] - 1.0);
            n += w;
        }

        return n / Math.Max(over, 1e-12);
    }

    static double Score(ReadOnlySpan<double> y, ReadOnlySpan<double> means, double[]? weights, double theta, out double slope)
    {
        var atTheta = Digamma.Of(theta);
        var slopeAtTheta = Digamma.Derivative(theta);
        double score = 0.0;
        slope = 0.0;
        for (var i = 0; i < y.Length; i++)
        {
            var w = weights?[i] ?? 1.0;
            var sum = means[i] + theta;
            score += w * (Digamma.Of(y[i] + theta) - atTheta - Elementary.Log1p(means[i] / theta) + (means[i] - y[i]) / sum);
            slope += w * (Digamma.Derivative(y[i] + theta) - slopeAtTheta + 1.0 / theta - 1.0 / sum - (means[i] - y[i]) / (sum * sum));
        }

        return score;
    }
}
