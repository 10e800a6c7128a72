namespace Gnomon.Numerics.Optimizers;

/// <summary>Golden-section search: slower than Brent's method, but it trusts nothing beyond one minimum.</summary>
/// <remarks>Source: Kiefer 1953, Proceedings of the AMS 4.</remarks>
public static class GoldenSection
{
    const double Ratio = 0.61803398874989485;

    /// <summary>The minimum in [low, high] of a function that falls and then rises.</summary>
    public static MinimumResult Minimize(Func<double, double> function, double low, double high, double tolerance = 1e-9, int maxIterations = 300)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(low, high);
        var left = high - Ratio * (high - low);
        var right = low + Ratio * (high - low);
        var atLeft = function(left);
        var atRight = function(right);
        var k = 2;
        for (; k < maxIterations && high - low > tolerance * Math.Max(1.0, Math.Abs(left)); k++)
        {
            if (atLeft <= atRight)
            {
                high = right;
                (right, atRight) = (left, atLeft);
                left = high - Ratio * (high - low);
                atLeft = function(left);
            }
            else
            {
                low = left;
                (left, atLeft) = (right, atRight);
                right = low + Ratio * (high - low);
                atRight = function(right);
            }
        }

        return atLeft <= atRight ? new(left, atLeft, k < maxIterations, k) : new(right, atRight, k < maxIterations, k);
    }
}
