using Gnomon.Numerics.Optimizers;
using Gnomon.Numerics.Special;

namespace Gnomon.Numerics.Distributions;

/// <summary>The largest |t| of several comparisons with one control: a multivariate t whose correlations are products of loadings.</summary>
/// <remarks>
/// Dunnett 1955, JASA 50; Hsu 1996, Multiple Comparisons, section 3.1. Given the control's error z and the standard deviation s the comparisons are independent,
/// so the chance is a double integral of a product. Upper tails are sums of positive terms. Trapezoid rule over z, exponentially accurate.
/// </remarks>
public sealed class DunnettDistribution
{
    const double Reach = 9.5;
    const double QuantileTolerance = 1e-12;

    readonly double[] _loadings;
    readonly SmoothTable _logUpper;

    /// <param name="loadings">One per comparison, 0 to below 1: the square root of the control's share of that difference's variance. The correlation of comparisons i, j is loading i times loading j.</param>
    public DunnettDistribution(ReadOnlySpan<double> loadings)
    {
        if (loadings.IsEmpty)
        {
            throw new ArgumentException("At least one comparison is needed.", nameof(loadings));
        }

        foreach (var loading in loadings)
        {
            if (!(loading >= 0 && loading < 1))
            {
                throw new ArgumentOutOfRangeException(nameof(loadings), loading, "A loading lies in 0 to below 1.");
            }
        }

        _loadings = loadings.ToArray();
        _logUpper = new SmoothTable(t => t <= 0 ? 0.0 : Math.Min(0.0, LogAny(t)), loadings.Length <= 12 ? 0.0625 : 0.03125);
    }

    /// <summary>P(max |T| above t), relatively accurate when small.</summary>
    /// <param name="t">At least 0.</param>
    /// <param name="degreesOfFreedom">Of the common standard deviation; plus infinity when it is known.</param>
    public double Sf(double t, double degreesOfFreedom) => Math.Exp(LogSf(t, degreesOfFreedom));

    /// <summary>log P(max |T| above t), finite where the probability underflows.</summary>
    /// <inheritdoc cref="Sf"/>
    public double LogSf(double t, double degreesOfFreedom)
    {
        Require.AtLeast(t, 0);
        Check(degreesOfFreedom);
        return t == 0 ? 0.0 : Math.Min(0.0, double.IsPositiveInfinity(degreesOfFreedom)
            ? _logUpper.At(t)
            : ScaleMixture.LogMean(degreesOfFreedom, s => Math.Min(0.0, _logUpper.At(t * s))));
    }

    /// <summary>The t with P(max |T| above t) = p, p in (0, 1).</summary>
    /// <inheritdoc cref="Sf"/>
    public double UpperQuantile(double p, double degreesOfFreedom)
    {
        Check(degreesOfFreedom);
        if (!(p > 0 && p < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(p), p, "Must lie between 0 and 1.");
        }

        // One comparison alone bounds t from below, Bonferroni from above.
        var low = StudentT.UpperQuantile(0.5 * p, degreesOfFreedom);
        if (_loadings.Length == 1)
        {
            return low;
        }

        var target = Math.Log(p);
        var high = StudentT.UpperQuantile(0.5 * p / _loadings.Length, degreesOfFreedom);
        return Brent.Root(t => LogSf(t, degreesOfFreedom) - target, low * (1.0 - 1e-9), high * (1.0 + 1e-9), QuantileTolerance * high).X;
    }

    // log of the integral over z of phi(z) (1 - product of the chances that |loading z + rest| stays below t).
    double LogAny(double t)
    {
        // The exponent of phi(z) times a tail is largest at z = loading t: the range runs past both ends.
        var largest = _loadings.Max();
        var reach = Reach + largest * t;
        var scale = -0.5 * t * t;

        // Each factor turns within spread / loading: the step resolves the narrowest of them.
        var step = Math.Min(0.2, 0.5 * Math.Sqrt((1.0 - largest) * (1.0 + largest)) / Math.Max(largest, 0.1));
        var count = (int)Math.Ceiling(reach / step);
        var sum = 0.0;

        // The integrand is even in z.
        for (var i = 0; i <= count; i++)
        {
            var z = i * step;
            var logAll = 0.0;
            var logSingle = double.NegativeInfinity;
            foreach (var loading in _loadings)
            {
                var spread = Math.Sqrt((1.0 - loading) * (1.0 + loading));
                var logOut = Elementary.LogSumExp(Normal.LogSf((t - loading * z) / spread), Normal.LogSf((t + loading * z) / spread));
                logSingle = Elementary.LogSumExp(logSingle, logOut);
                logAll += Elementary.Log1mExp(Math.Min(0.0, logOut));
            }

            // Where all chances are tiny, their sum is that of any: products are below rounding.
            var logAny = logSingle < -37.0 ? logSingle : Elementary.Log1mExp(logAll);
            sum += (i == 0 ? 1.0 : 2.0) * Math.Exp(Normal.LogPdf(z) + logAny - scale);
        }

        return Math.Log(sum * step) + scale;
    }

    static void Check(double degreesOfFreedom)
    {
        if (!(degreesOfFreedom > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(degreesOfFreedom), degreesOfFreedom, "Must be above 0.");
        }
    }
}
