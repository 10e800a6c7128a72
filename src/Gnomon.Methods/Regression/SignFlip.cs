using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Regression;

/// <summary>A sign-flip test of one coefficient of a linear model whose rows may spread unequally.</summary>
/// <param name="Term">The coefficient, or the name of the sum of coefficients.</param>
/// <param name="Value">Its estimate, in outcome units per unit of the column.</param>
/// <param name="PValue">Two-sided, in (0, 1].</param>
/// <param name="Interval">Values that the same test does not reject; null when it rejects no value on one side, as with a handful of rows.</param>
public sealed record SignFlipResult(string Term, double Value, double PValue, Interval? Interval);

/// <summary>The sign-flip score test: under the null hypothesis each row's part in the coefficient is as likely to point one way as the other.</summary>
/// <remarks>
/// A coefficient is the sum of the rows' parts a_i r_i, where r is the residual of the model that imposes the null and a_i the row's weight in the coefficient. Errors that are
/// symmetric about 0, of whatever spread, leave the size of each part and flip its sign at random. Sources: Hemerik, Goeman and Finos 2020, Journal of the Royal Statistical
/// Society B 82 (the test); MacKinnon and White 1985 (residuals divided by the root of 1 - leverage, here the leverage of the restricted model); Robinson 1982, Journal of the Royal
/// Statistical Society B 44, and Barndorff-Nielsen 1986 (the law of the sum by saddlepoint, so no draws are made and the answer is the same each time). The interval inverts the
/// test. Where the spread follows a skewed column, a few rows carry most of the sum and their residuals are drawn towards each other; the parts are therefore also divided by a
/// tenth power of 1 - the leverage that the tested column adds. That power was found by simulation: with it 3.8 to 5.4 % of true nulls are rejected at 5 %, for 25 to 200 rows, two
/// to five coefficients, even spread and spread that follows a normal or a lognormal column, normal, t (3 degrees) and exponential errors; without it up to 6.0 %, and 7.0 % for a
/// very skewed column; HC3 rejects 2.9 to 8.3 %, and 11.3 %. With 20 rows or fewer, and where rows with much weight spread less, the test is cautious (2.8 to 4.5 %). Errors that are
/// skewed and also spread with a skewed column are beyond it, as they are beyond every first-order method (4.6 to 6.7 %).
/// </remarks>
public static class SignFlip
{
    const double FullLeverage = 1.0 - 1e-10;
    const double FurthestErrors = 1000.0;

    // Chosen by simulation among 0 to 0.5 (see the remarks).
    internal const double OwnLeverage = 0.1;

    // Nearer to the centre the saddlepoint formula is 0 / 0 and the normal law is right to the last digit that matters.
    const double Centre = 1e-4;

    /// <param name="fit">A linear model by least squares; weights enter as in the fit.</param>
    /// <param name="term">Name of the coefficient that is 0 under the null hypothesis.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="NotEstimableException">The fit is exact where the coefficient matters.</exception>
    public static SignFlipResult Test(LinearFit fit, string term, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(fit);
        var weights = new double[fit.Estimates.Length];
        weights[fit.IndexOf(term)] = 1.0;
        return Test(fit, weights, term, level);
    }

    /// <summary>The p-value alone, without the search for the interval.</summary>
    /// <param name="fit">A linear model by least squares; weights enter as in the fit.</param>
    /// <param name="term">Name of the coefficient that is <paramref name="value"/> under the null hypothesis.</param>
    /// <param name="value">The null hypothesis.</param>
    /// <exception cref="NotEstimableException">The fit is exact where the coefficient matters.</exception>
    public static double PValue(LinearFit fit, string term, double value = 0.0)
    {
        ArgumentNullException.ThrowIfNull(fit);
        var weights = new double[fit.Estimates.Length];
        weights[fit.IndexOf(term)] = 1.0;
        return new Parts(fit, weights, term).PValue(value);
    }

    /// <summary>The p-value where the interval of this level has two ends; null where the flips bound the coefficient on no side, however far.</summary>
    internal static double? BoundedPValue(LinearFit fit, string term, double level)
    {
        var weights = new double[fit.Estimates.Length];
        weights[fit.IndexOf(term)] = 1.0;
        var parts = new Parts(fit, weights, term);
        return parts.PValueFarAway() < 1.0 - level ? parts.PValue(0.0) : null;
    }

    /// <param name="fit">A linear model by least squares; weights enter as in the fit.</param>
    /// <param name="contrast">One weight per coefficient, not all 0: their weighted sum is 0 under the null hypothesis.</param>
    /// <param name="name">What the sum is called.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="NotEstimableException">The fit is exact where the sum matters.</exception>
    public static SignFlipResult Test(LinearFit fit, ReadOnlySpan<double> contrast, string name, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(fit);
        InferenceGuard.Level(level);
        RegressionGuard.SameRows(fit.Estimates.Length, contrast.Length, "weights");
        var parts = new Parts(fit, contrast, name);
        var (low, high) = (parts.End(1.0 - level, -1), parts.End(1.0 - level, +1));
        return new SignFlipResult(name, parts.Estimate, parts.PValue(0.0), low is { } l && high is { } h ? new Interval(l, h) : null);
    }

    /// <summary>Two-sided p of a sum whose terms have known sizes and signs that are fair coins.</summary>
    /// <param name="parts">The terms; their signs do not matter.</param>
    /// <param name="sum">The sum seen.</param>
    /// <returns>By saddlepoint; at least 2^(1 - n), the chance that all n signs agree.</returns>
    public static double TwoSided(ReadOnlySpan<double> parts, double sum)
    {
        double reach = 0.0, variance = 0.0, largest = 0.0;
        var moving = 0;
        foreach (var u in parts)
        {
            reach += Math.Abs(u);
            variance += u * u;
            largest = Math.Max(largest, Math.Abs(u));
            moving += u != 0 ? 1 : 0;
        }

        var target = Math.Abs(sum);
        if (!(variance > 0))
        {
            return target > 0 ? 0.0 : 1.0;
        }

        var least = Math.Pow(2.0, 1 - Math.Min(moving, 1000));
        if (target >= reach * (1.0 - 1e-12))
        {
            return Math.Min(1.0, least);
        }

        // Solves K'(t) = sum, K(t) = sum of log cosh(t u): K' rises to the reach, so Newton inside a bracket.
        double low = 0.0, high = double.PositiveInfinity, t = target / variance;
        for (var step = 0; step < 200; step++)
        {
            double slope = 0.0, bend = 0.0;
            foreach (var u in parts)
            {
                var h = Math.Tanh(t * u);
                slope += u * h;
                bend += u * u * (1.0 - h * h);
            }

            var miss = slope - target;
            if (Math.Abs(miss) <= 1e-12 * target)
            {
                break;
            }

            (low, high) = miss > 0 ? (low, t) : (t, high);
            var next = bend > 0 ? t - miss / bend : double.NaN;
            t = next > low && next < high ? next : double.IsPositiveInfinity(high) ? 2.0 * t : 0.5 * (low + high);
        }

        double k = 0.0, second = 0.0;
        foreach (var u in parts)
        {
            var x = Math.Abs(t * u);
            k += x + Math.Log((1.0 + Math.Exp(-2.0 * x)) / 2.0);
            var h = Math.Tanh(x);
            second += u * u * (1.0 - h * h);
        }

        var r = Math.Sqrt(Math.Max(0.0, 2.0 * (t * target - k)));
        var q = t * Math.Sqrt(second);
        var z = r < Centre || !(q > 0) ? target / Math.Sqrt(variance) : r + Math.Log(q / r) / r;
        return Math.Clamp(2.0 * Normal.Sf(z), least, 1.0);
    }

    /// <summary>Each row's part in the coefficient, as a line in the value of the null hypothesis.</summary>
    sealed class Parts
    {
        readonly double[] _atZero;
        readonly double[] _perUnit;
        readonly double[] _scratch;
        readonly double _error;

        public Parts(LinearFit fit, ReadOnlySpan<double> contrast, string name)
        {
            var basis = fit.Basis(null);
            var (n, k) = (fit.Rows, basis.Count);
            (_atZero, _perUnit, _scratch) = (new double[n], new double[n], new double[n]);
            var target = new double[k];
            for (var j = 0; j < k; j++)
            {
                if (contrast[j] != 0)
                {
                    Vectors.AddScaled(target, basis.WhitenedCoefficient(j), contrast[j]);
                }
            }

            var length = SmallMatrix.Dot(target, target);
            Estimate = SmallMatrix.Dot(contrast, fit.Estimates);
            var row = new double[k];
            var variance = 0.0;
            for (var i = 0; i < n; i++)
            {
                basis.Row(i, row);
                var q = basis.Whiten(row);
                var root = Math.Sqrt(fit.WorkingWeights?[i] ?? 1.0);
                for (var j = 0; j < k; j++)
                {
                    q[j] *= root;
                }

                var part = SmallMatrix.Dot(q, target);
                var along = part / length;
                var restricted = SmallMatrix.Dot(q, q) - part * along;
                var residual = root * fit.WorkingResiduals[i];
                if (restricted >= FullLeverage)
                {
                    continue;
                }

                var own = Math.Min(part * along, FullLeverage);
                var scale = part / (Math.Sqrt(1.0 - restricted) * Math.Pow(1.0 - own, OwnLeverage));
                _atZero[i] = scale * (residual + along * Estimate);
                _perUnit[i] = -scale * along;
                variance += scale * scale * residual * residual;
            }

            _error = Math.Sqrt(variance);
            if (!(_error > 0))
            {
                throw new NotEstimableException($"{name} has no error that unequal spread allows for: the fit is exact where it matters.");
            }
        }

        public double Estimate { get; }

        public double PValue(double value)
        {
            for (var i = 0; i < _scratch.Length; i++)
            {
                _scratch[i] = _atZero[i] + value * _perUnit[i];
            }

            return TwoSided(_scratch, Estimate - value);
        }

        /// <summary>What the p-value tends to when the null hypothesis moves away from the estimate without end.</summary>
        public double PValueFarAway() => TwoSided(_perUnit, 1.0);

        // Walks away from the estimate until the test rejects, then halves the bracket.
        public double? End(double alpha, int side)
        {
            var inside = Estimate;
            double outside;
            for (var step = 2.0 * _error; ; step *= 2.0)
            {
                if (step > FurthestErrors * _error)
                {
                    return null;
                }

                outside = Estimate + side * step;
                if (PValue(outside) < alpha)
                {
                    break;
                }

                inside = outside;
            }

            while (Math.Abs(outside - inside) > 1e-9 * _error)
            {
                var middle = 0.5 * (inside + outside);
                (inside, outside) = PValue(middle) < alpha ? (inside, middle) : (middle, outside);
            }

            return inside;
        }
    }
}
