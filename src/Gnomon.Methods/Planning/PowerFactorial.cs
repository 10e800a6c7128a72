using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Planning;

/// <summary>Units per cell for a contrast of cell means: a main effect, an interaction.</summary>
/// <remarks>
/// Normal theory with a spread per cell: the variance is the sum of squared weights times spreads over n. An interaction of two yes/no factors weighs its four cells by 1,
/// a main effect by one half, so at one effect size an interaction takes four times the units. Source: Montgomery 2017, chapter 6; Cohen 1988.
/// </remarks>
public static class PowerFactorial
{
    /// <param name="weights">Weight of each cell in the contrast, adding to 0.</param>
    /// <param name="variances">Variance of the outcome in each cell, at least 0; p (1 - p) for shares.</param>
    /// <param name="effect">The contrast to be found, not 0, in the outcome's unit.</param>
    /// <param name="power">Wanted chance of finding it, in (alpha, 1).</param>
    /// <param name="alpha">Two-sided size.</param>
    /// <returns>Units per cell, not rounded.</returns>
    public static double UnitsPerCell(ReadOnlySpan<double> weights, ReadOnlySpan<double> variances, double effect, double power = 0.8, double alpha = 0.05)
    {
        Check(weights, variances, alpha);
        if (effect == 0 || !double.IsFinite(effect))
        {
            throw new ArgumentOutOfRangeException(nameof(effect), effect, "No sample size detects an effect of zero.");
        }

        if (!(power > alpha && power < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(power), power, "Lies between alpha and 1.");
        }

        var reach = Normal.UpperQuantile(alpha / 2) + Normal.Quantile(power);
        return reach * reach * Spread(weights, variances) / (effect * effect);
    }

    /// <summary>Chance of finding the contrast with this many units in every cell, both tails counted.</summary>
    /// <inheritdoc cref="UnitsPerCell"/>
    /// <param name="units">Units per cell, above 0.</param>
    public static double Power(double units, ReadOnlySpan<double> weights, ReadOnlySpan<double> variances, double effect, double alpha = 0.05)
    {
        Check(weights, variances, alpha);
        if (!(units > 0) || !double.IsFinite(effect))
        {
            throw new ArgumentOutOfRangeException(nameof(units), units, "Units are above 0 and the effect is finite.");
        }

        var (z, cut) = (Math.Abs(effect) / Math.Sqrt(Spread(weights, variances) / units), Normal.UpperQuantile(alpha / 2));
        return Normal.Sf(cut - z) + Normal.Sf(cut + z);
    }

    private static double Spread(ReadOnlySpan<double> weights, ReadOnlySpan<double> variances)
    {
        var sum = 0.0;
        for (var i = 0; i < weights.Length; i++)
        {
            sum += weights[i] * weights[i] * variances[i];
        }

        return sum > 0 ? sum : throw new NotEstimableException("no cell of the contrast varies.");
    }

    private static void Check(ReadOnlySpan<double> weights, ReadOnlySpan<double> variances, double alpha)
    {
        if (weights.Length < 2 || weights.Length != variances.Length)
        {
            throw new ArgumentException("One variance per weight, at least two.", nameof(variances));
        }

        if (!(alpha > 0 && alpha < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "Lies between 0 and 1.");
        }

        foreach (var v in variances)
        {
            if (!(v >= 0) || !double.IsFinite(v))
            {
                throw new ArgumentOutOfRangeException(nameof(variances), v, "A variance is finite and at least 0.");
            }
        }
    }
}
