using Gnomon.Methods.Experiments;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Optimizers;

namespace Gnomon.Methods.Planning;

/// <summary>Inverts a power function: the size, or the effect, at which it reaches the wanted power.</summary>
internal static class SizeSearch
{
    const double MostUnits = 1e13;

    /// <summary>The smallest size, not rounded, from which the power is at least the one wanted.</summary>
    /// <param name="powerAt">Power by size; rises with it.</param>
    /// <param name="power">Wanted power.</param>
    /// <param name="fewest">The smallest size the test exists for.</param>
    /// <param name="guess">Where to begin; any positive number is right, a near one is quick.</param>
    /// <exception cref="ArgumentOutOfRangeException">No real sample is large enough.</exception>
    public static double Units(Func<double, double> powerAt, double power, double fewest, double guess)
    {
        if (powerAt(fewest) >= power)
            return fewest;
        var high = Math.Max(2 * fewest, Math.Min(guess, MostUnits));
        while (powerAt(high) < power)
        {
            high *= 1.5;
            if (high > MostUnits)
                throw new ArgumentOutOfRangeException(nameof(power), power, "The effect is too small against the spread for any real sample.");
        }
        var low = Math.Max(fewest, high / 2);
        while (low > fewest && powerAt(low) > power)
        {
            high = low;
            low = Math.Max(fewest, low / 2);
        }
        return Math.Exp(Brent.Root(l => powerAt(Math.Exp(l)) - power, Math.Log(low), Math.Log(high), 1e-14).X);
    }

    /// <summary>The smallest effect that is detected with the wanted power; null when even the furthest is not.</summary>
    /// <param name="powerAt">Power by the absolute effect; rises with it.</param>
    /// <param name="power">Wanted power.</param>
    /// <param name="start">A scale of effects to begin with.</param>
    /// <param name="furthest">The largest effect there is; plus infinity when there is no end.</param>
    public static double? Effect(Func<double, double> powerAt, double power, double start, double furthest = double.PositiveInfinity)
    {
        var high = Math.Min(start, furthest);
        while (powerAt(high) < power)
        {
            if (high >= furthest || high > 1e300)
                return null;
            high = Math.Min(2 * high, furthest);
        }
        return Brent.Root(e => powerAt(e) - power, 0, high, 1e-15 * high).X;
    }

    /// <summary>Power of a t test whose statistic is noncentral, the far tail included when it has two sides.</summary>
    public static double StudentPower(double degreesOfFreedom, double noncentrality, PowerOptions o) =>
        StudentPower(StudentT.UpperQuantile(o.Alpha / o.Sides, degreesOfFreedom), degreesOfFreedom, noncentrality, o.Sides);

    /// <summary>The same at a critical value of another origin.</summary>
    public static double StudentPower(double critical, double degreesOfFreedom, double noncentrality, int sides)
    {
        // Far out nothing is left to integrate: the normal part is 9 deviations short, or the estimated spread that many times too large.
        var room = noncentrality - 9;
        if (room > 0 && ChiSquared.Sf(degreesOfFreedom * (room / critical) * (room / critical), degreesOfFreedom) < 1e-17)
            return 1;
        var power = NoncentralT.Sf(critical, degreesOfFreedom, noncentrality);
        return sides == 1 ? power : power + NoncentralT.Cdf(-critical, degreesOfFreedom, noncentrality);
    }

    /// <summary>Size of a normal test for an effect in units of its deviation per unit: where every search may begin.</summary>
    public static double NormalUnits(double standardised, double power, PowerOptions o)
    {
        var z = Normal.UpperQuantile(o.Alpha / o.Sides) + Normal.Quantile(power);
        return z * z / (standardised * standardised);
    }

    public static PowerOptions Validated(PowerOptions? options)
    {
        var o = options ?? new PowerOptions();
        o.Validate();
        return o;
    }

    public static void Spread(double sd)
    {
        if (!(sd > 0) || !double.IsFinite(sd))
            throw new ArgumentOutOfRangeException(nameof(sd), sd, "The standard deviation must be positive.");
    }

    public static void Units(double n, double fewest)
    {
        if (!(n >= fewest) || !double.IsFinite(n))
            throw new ArgumentOutOfRangeException(nameof(n), n, $"The test needs a finite size of at least {fewest}.");
    }

    public static void Share(double share, string name)
    {
        if (!(share > 0 && share < 1))
            throw new ArgumentOutOfRangeException(name, share, "A share must lie strictly between 0 and 1.");
    }

    public static void Effect(double effect, string name)
    {
        if (effect == 0 || !double.IsFinite(effect))
            throw new ArgumentOutOfRangeException(name, effect, "No sample size detects an effect of zero.");
    }
}
