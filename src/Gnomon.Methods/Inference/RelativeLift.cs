using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Inference;

/// <summary>A relative lift, or the reason why the data do not determine one.</summary>
/// <param name="G">z squared times the squared coefficient of variation of the denominator's mean; 1 or more means that mean may be 0.</param>
/// <param name="Contrast">The lift with its interval; null when it is not identified.</param>
/// <param name="NotIdentifiedBecause">Why there is no lift; null when there is one.</param>
public sealed record LiftResult(double? G, ContrastResult? Contrast, string? NotIdentifiedBecause)
{
    /// <summary>Whether there is a lift with a bounded interval.</summary>
    public bool IsIdentified => Contrast is not null;
}

/// <summary>Relative lift x / y - 1 of two means.</summary>
/// <remarks>
/// Delta: first-order Taylor, normal interval. Fieller 1954 (JRSS B 16) inverts the test of x = r y and stays right where the denominator is noisy; its set is
/// unbounded when g is 1 or more. Von Luxburg and Franz 2009 (Statistica Sinica 19) describe the cases.
/// </remarks>
public static class RelativeLift
{
    /// <summary>Above this g the delta interval is no longer trusted: the denominator's standard error is over 11 % of it at 95 %.</summary>
    public const double FiellerFrom = 0.05;

    /// <summary>x / y - 1 with the delta-method interval and a two-sided z test that it is 0.</summary>
    /// <param name="x">Numerator's mean.</param>
    /// <param name="y">Denominator's mean, not 0.</param>
    /// <param name="covariance">Covariance of the two estimates; 0 for independent arms.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="NotEstimableException">The denominator's mean is 0, or neither mean varies.</exception>
    public static ContrastResult Delta(MeanEstimate x, MeanEstimate y, double covariance = 0.0, double level = 0.95)
    {
        Check(x, y, covariance, level);
        if (y.Mean == 0)
        {
            throw new NotEstimableException("The denominator's mean is 0, so there is no relative lift.");
        }

        var error = DeltaError(x, y, covariance);
        if (!(error > 0))
        {
            throw new NotEstimableException("Neither mean varies, so the lift has no standard error.");
        }

        var value = (x.Mean - y.Mean) / y.Mean;
        var z = value / error;
        var reach = Normal.UpperQuantile(0.5 * (1.0 - level)) * error;
        return new(value, value - reach, value + reach, error, z, null, TwoSided(z), level, "relative lift, delta method");
    }

    /// <summary>x / y - 1 with Fieller's interval. Its p tests x = y, so it is below 1 - level exactly when the interval leaves out 0.</summary>
    /// <inheritdoc cref="Delta"/>
    public static LiftResult Fieller(MeanEstimate x, MeanEstimate y, double covariance = 0.0, double level = 0.95)
    {
        Check(x, y, covariance, level);
        if (y.Mean == 0)
        {
            return new(null, null, "The denominator's mean is 0.");
        }

        var z2 = Square(Normal.UpperQuantile(0.5 * (1.0 - level)));
        var g = z2 * y.Variance / (y.Mean * y.Mean);
        if (g >= 1)
        {
            return new(g, null, "The denominator's mean cannot be told from 0, so no bounded interval for the lift exists.");
        }

        var variance = x.Variance + y.Variance - 2.0 * covariance;
        if (!(variance > 0))
        {
            throw new NotEstimableException("Neither mean varies, so the lift has no standard error.");
        }

        // Roots of (1 - g) r^2 - 2 (q - z2 c) r + (q^2 - z2 v) = 0 with q = x / y and variances in units of y^2.
        var scale = y.Mean * y.Mean;
        var q = x.Mean / y.Mean;
        var middle = q - z2 * covariance / scale;
        var root = Math.Sqrt(Math.Max(0.0, z2 * FiellerSpread(x.Variance / scale, y.Variance / scale, covariance / scale, q, z2)));
        var z = (x.Mean - y.Mean) / Math.Sqrt(variance);
        var low = (middle - root) / (1.0 - g) - 1.0;
        var high = (middle + root) / (1.0 - g) - 1.0;
        var error = DeltaError(x, y, covariance);
        return new(g, new((x.Mean - y.Mean) / y.Mean, low, high, error, z, null, TwoSided(z), level, "relative lift, Fieller interval"), null);
    }

    /// <summary>The delta interval, or Fieller's where g is above <see cref="FiellerFrom"/>; the method's name says which. None where the denominator is negative: more would read as less.</summary>
    /// <inheritdoc cref="Delta"/>
    public static LiftResult Compare(MeanEstimate x, MeanEstimate y, double covariance = 0.0, double level = 0.95)
    {
        Check(x, y, covariance, level);
        if (y.Mean < 0)
        {
            return new(null, null, "The control's mean is negative, and a percentage of it would turn the sign round.");
        }

        if (y.Mean == 0)
        {
            return Fieller(x, y, covariance, level);
        }

        var g = Square(Normal.UpperQuantile(0.5 * (1.0 - level))) * y.Variance / (y.Mean * y.Mean);
        return g > FiellerFrom ? Fieller(x, y, covariance, level) : new(g, Delta(x, y, covariance, level), null);
    }

    static double DeltaError(MeanEstimate x, MeanEstimate y, double covariance)
    {
        var ratio = x.Mean / y.Mean;
        var variance = x.Variance - 2.0 * ratio * covariance + ratio * ratio * y.Variance;
        return Math.Sqrt(Math.Max(0.0, variance)) / Math.Abs(y.Mean);
    }

    // A quarter of the discriminant over z2: vx - 2 q c + q^2 vy - z2 (vx vy - c^2).
    static double FiellerSpread(double vx, double vy, double c, double q, double z2) => vx - 2.0 * q * c + q * q * vy - z2 * (vx * vy - c * c);

    static double TwoSided(double z) => Math.Min(1.0, 2.0 * Normal.Sf(Math.Abs(z)));

    static double Square(double value) => value * value;

    static void Check(MeanEstimate x, MeanEstimate y, double covariance, double level)
    {
        InferenceGuard.Finite(x.Mean);
        InferenceGuard.Finite(y.Mean);
        InferenceGuard.Finite(x.Variance);
        InferenceGuard.Finite(y.Variance);
        InferenceGuard.Finite(covariance);
        InferenceGuard.Level(level);
        ArgumentOutOfRangeException.ThrowIfNegative(x.Variance);
        ArgumentOutOfRangeException.ThrowIfNegative(y.Variance);
    }
}
