using Gnomon.Numerics.Optimizers;
using Gnomon.Numerics.Special;

namespace Gnomon.Numerics.Distributions;

/// <summary>The studentised range: the range of k independent normal values over an independent estimate of their standard deviation. Tukey's q.</summary>
/// <remarks>
/// Tukey 1953; Copenhaver and Holland 1988 (Journal of Statistical Computation and Simulation 30) for the integrals. Both are trapezoid sums, whose error falls
/// exponentially here, and each tail is a sum of positive terms: the upper tail agrees with 28-digit values to 1e-11, down to 1e-200. The lower tail keeps an
/// absolute accuracy of 1e-12. Immutable in effect: an object keeps the integrals it has met, so that many questions about one number of groups cost little.
/// </remarks>
public sealed class StudentizedRange
{
    /// <summary>Largest number of groups.</summary>
    public const int MostGroups = 1000;

    const double Reach = 9.5;
    const double QuantileTolerance = 1e-12;

    readonly SmoothTable _logUpper;
    readonly SmoothTable _logLower;
    readonly int _groups;

    /// <param name="groups">k, 2 to <see cref="MostGroups"/>.</param>
    public StudentizedRange(int groups)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(groups, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(groups, MostGroups);
        _groups = groups;
        var range = new NormalRange(groups);

        // The more groups, the steeper the fall of the tail.
        var step = groups <= 12 ? 0.0625 : 0.03125;
        _logUpper = new SmoothTable(w => w <= 0 ? 0.0 : Math.Min(0.0, range.LogSf(w)), step);

        // log P falls like (k - 1) log w towards 0: that part is taken out, so that a smooth function is left.
        _logLower = new SmoothTable(w => Math.Min(0.0, range.LogCdf(Math.Max(w, Smallest))) - (groups - 1.0) * Math.Log(Math.Max(w, Smallest)), step);
    }

    const double Smallest = 1e-5;

    /// <summary>P(Q at most q).</summary>
    /// <param name="q">The range in standard deviations; nothing lies below 0.</param>
    /// <param name="degreesOfFreedom">Of the standard deviation; plus infinity when it is known.</param>
    public double Cdf(double q, double degreesOfFreedom)
    {
        var upper = Sf(q, degreesOfFreedom);
        return upper < 0.5 ? 1.0 - upper : Math.Exp(LogTail(q, degreesOfFreedom, lower: true));
    }

    /// <summary>P(Q above q), relatively accurate when small.</summary>
    /// <inheritdoc cref="Cdf"/>
    public double Sf(double q, double degreesOfFreedom) => Math.Exp(LogSf(q, degreesOfFreedom));

    /// <summary>log P(Q above q), finite where the probability underflows.</summary>
    /// <inheritdoc cref="Cdf"/>
    public double LogSf(double q, double degreesOfFreedom) => LogTail(q, degreesOfFreedom, lower: false);

    /// <summary>The q with P(Q at most q) = p; 0 and plus infinity at 0 and 1.</summary>
    public double Quantile(double p, double degreesOfFreedom)
    {
        Require.Probability(p);
        return p == 0 ? 0.0 : UpperQuantile(1.0 - p, degreesOfFreedom);
    }

    /// <summary>The q with P(Q above q) = p; plus infinity and 0 at 0 and 1.</summary>
    public double UpperQuantile(double p, double degreesOfFreedom)
    {
        Require.Probability(p);
        Check(degreesOfFreedom);
        if (p is 0 or 1)
        {
            return p == 0 ? double.PositiveInfinity : 0.0;
        }

        // One pair alone bounds q from below, Bonferroni over all pairs from above.
        var pairs = 0.5 * _groups * (_groups - 1.0);
        var low = Math.Sqrt(2.0) * StudentT.UpperQuantile(0.5 * p, degreesOfFreedom) * (1.0 - 1e-9);
        if (_groups == 2)
        {
            return low / (1.0 - 1e-9);
        }

        var target = Math.Log(p);
        var high = Math.Max(2.0 * low, Math.Sqrt(2.0) * StudentT.UpperQuantile(0.5 * Math.Min(1.0, p / pairs), degreesOfFreedom) * (1.0 + 1e-9));
        while (LogSf(high, degreesOfFreedom) > target)
        {
            high *= 1.5;
        }

        return Brent.Root(q => LogSf(q, degreesOfFreedom) - target, low, high, QuantileTolerance * high).X;
    }

    double LogTail(double q, double degreesOfFreedom, bool lower)
    {
        Require.NotNaN(q);
        Check(degreesOfFreedom);
        if (q <= 0)
        {
            return lower ? double.NegativeInfinity : 0.0;
        }

        if (double.IsPositiveInfinity(q))
        {
            return lower ? 0.0 : double.NegativeInfinity;
        }

        return double.IsPositiveInfinity(degreesOfFreedom)
            ? LogRange(q, lower)
            : Math.Min(0.0, ScaleMixture.LogMean(degreesOfFreedom, s => LogRange(q * s, lower)));
    }

    double LogRange(double w, bool lower) => Math.Min(0.0, lower ? _logLower.At(w) + (_groups - 1.0) * Math.Log(w) : _logUpper.At(w));

    static void Check(double degreesOfFreedom)
    {
        if (!(degreesOfFreedom > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(degreesOfFreedom), degreesOfFreedom, "Must be above 0.");
        }
    }

    /// <summary>The range of k unit normals: the integral over the largest value z of k phi(z) times the chance that the others lie within w below it.</summary>
    readonly struct NormalRange(int groups)
    {
        // exp(-2 pi^2 / (k h^2)) bounds the error of the rule; this step makes it 1e-18 at every k.
        readonly double _step = Math.Min(0.25, 0.68 / Math.Sqrt(groups));
        readonly double _others = groups - 1.0;

        public double LogSf(double w)
        {
            // The largest term is near z = w / 2, where phi(z) Phi(z - w) peaks; scaled by it, nothing underflows.
            var scale = -0.25 * w * w;
            var start = FirstPoint(w);
            var count = PointCount(w);
            var sum = 0.0;
            for (var i = 0; i < count; i++)
            {
                var z = start + i * _step;
                var logInside = Normal.LogCdf(z);
                var logBelow = Normal.LogCdf(z - w);
                var ratio = logBelow - logInside;

                // Phi^m (1 - (1 - r)^m), r = Phi(z - w) / Phi(z); for tiny r it is m r.
                var logGap = ratio < -40.0
                    ? Math.Log(_others) + ratio
                    : ratio >= 0 ? 0.0 : Elementary.Log1mExp(_others * Elementary.Log1mExp(ratio));
                sum += Math.Exp(Normal.LogPdf(z) + _others * logInside + logGap - scale);
            }

            return Math.Log(sum * _step * (_others + 1.0)) + scale;
        }

        // In logarithms: with hundreds of groups a small range has a chance far below the smallest double.
        public double LogCdf(double w)
        {
            // The largest value lies near w / 2 when w is small, and near its own mean, below 4, when w is large.
            var start = Math.Floor(-Reach / _step) * _step;
            var count = (int)Math.Ceiling((2.0 * Reach + 4.0) / _step) + 1;
            var top = double.NegativeInfinity;
            var sum = 0.0;
            for (var i = 0; i < count; i++)
            {
                var z = start + i * _step;
                var log = Normal.LogPdf(z) + _others * Math.Log(Between(z - w, z));
                if (log > top)
                {
                    sum = sum * Math.Exp(top - log) + 1.0;
                    top = log;
                }
                else
                {
                    sum += Math.Exp(log - top);
                }
            }

            return top + Math.Log(sum * _step * (_others + 1.0));
        }

        static double Between(double a, double b) => a > 0 ? Normal.Sf(a) - Normal.Sf(b) : b < 0 ? Normal.Cdf(b) - Normal.Cdf(a) : 1.0 - Normal.Sf(b) - Normal.Cdf(a);

        double FirstPoint(double w) => Math.Floor((0.5 * w - Reach) / _step) * _step;

        int PointCount(double w) => (int)Math.Ceiling((2.0 * Reach + Math.Max(0.0, 3.0 - 0.25 * w)) / _step) + 1;
    }
}
