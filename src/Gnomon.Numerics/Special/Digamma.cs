namespace Gnomon.Numerics.Special;

/// <summary>First and second derivative of the logarithm of the gamma function.</summary>
/// <remarks>Source: Abramowitz and Stegun 1964, 6.3.5, 6.3.18, 6.4.6, 6.4.12: recurrence up to 12, then the asymptotic series. Relative error about 1e-15 away from the root.</remarks>
public static class Digamma
{
    const double Far = 12.0;

    /// <summary>d/dx log Gamma(x), x above 0.</summary>
    public static double Of(double x)
    {
        Require.Positive(x);
        var below = 0.0;
        for (; x < Far; x += 1.0)
        {
            below += 1.0 / x;
        }

        var r = 1.0 / (x * x);
        var series = r * (1.0 / 12 - r * (1.0 / 120 - r * (1.0 / 252 - r * (1.0 / 240 - r * (1.0 / 132 - r * (691.0 / 32760 - r / 12))))));
        return Math.Log(x) - 0.5 / x - series - below;
    }

    /// <summary>Second derivative of log Gamma(x), x above 0.</summary>
    public static double Derivative(double x)
    {
        Require.Positive(x);
        var below = 0.0;
        for (; x < Far; x += 1.0)
        {
            below += 1.0 / (x * x);
        }

        var r = 1.0 / (x * x);
        var series = r * (1.0 / 6 - r * (1.0 / 30 - r * (1.0 / 42 - r * (1.0 / 30 - r * (5.0 / 66 - r * (691.0 / 2730 - r * 7.0 / 6))))));
        return (1.0 + series) / x + 0.5 * r + below;
    }
}
