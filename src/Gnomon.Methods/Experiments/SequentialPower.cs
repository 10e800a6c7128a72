using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Optimizers;

namespace Gnomon.Methods.Experiments;

/// <summary>The chance that an unfinished test will still stop with an effect.</summary>
/// <param name="OnTrend">Conditional power if the effect seen so far is the true one.</param>
/// <param name="IfNull">If there is no effect from now on.</param>
/// <param name="IfPlanned">If the planned effect is true from now on; absent without one.</param>
/// <param name="Predictive">Averaged over what the data so far say of the effect (a flat prior, or the one given).</param>
public sealed record SequentialPowerResult(double OnTrend, double IfNull, double? IfPlanned, double Predictive);

/// <summary>Conditional and predictive power with all looks to come, by the exact recursion.</summary>
/// <remarks>Sources: Lan and Wittes 1988, Biometrics 44; Spiegelhalter, Freedman and Blackburn 1986, Controlled Clinical Trials 7; Jennison and Turnbull 2000, chapter 10.</remarks>
public static class SequentialPower
{
    const int BeliefNodes = 48;
    const double BeliefReach = 7;

    /// <param name="z">Statistic now, signed so that the planned effect is positive.</param>
    /// <param name="information">Share of the planned information now, in (0, 1).</param>
    /// <param name="coming">Information at the looks to come, increasing, all above <paramref name="information"/>; the last is the planned end.</param>
    /// <param name="criticalZ">Critical value of |z| at each of them; 37 or more never stops.</param>
    /// <param name="plannedZ">Expected z at full information under the planned effect, if known.</param>
    /// <param name="futilityZ">Lower bound at each look to come where futility stops the test; empty when it does not.</param>
    /// <param name="priorZ">Mean of a normal prior on the expected z at full information; used with <paramref name="priorDeviation"/>.</param>
    /// <param name="priorDeviation">Its standard deviation; absent for a flat prior.</param>
    /// <returns>Chances of stopping with an effect of either sign.</returns>
    public static SequentialPowerResult At(
        double z, double information, ReadOnlySpan<double> coming, ReadOnlySpan<double> criticalZ, double? plannedZ = null,
        ReadOnlySpan<double> futilityZ = default, double priorZ = 0, double? priorDeviation = null)
    {
        if (!(information > 0 && information < 1))
            throw new ArgumentOutOfRangeException(nameof(information), information, "Information reached must lie strictly between 0 and 1.");
        if (!double.IsFinite(z))
            throw new ArgumentOutOfRangeException(nameof(z), z, "The statistic must be finite.");
        SequentialArguments.Increasing(coming);
        if (coming[0] <= information)
            throw new ArgumentException("Looks to come must come after this one.", nameof(coming));
        if (criticalZ.Length != coming.Length || (futilityZ.Length != 0 && futilityZ.Length != coming.Length))
            throw new ArgumentException("There must be one bound per look to come.", nameof(criticalZ));
        if (priorDeviation is { } given && !(given > 0))
            throw new ArgumentOutOfRangeException(nameof(priorDeviation), priorDeviation, "A prior's standard deviation must be positive.");
        var (times, bounds, futility) = (coming.ToArray(), criticalZ.ToArray(), futilityZ.ToArray());
        var score = z * Math.Sqrt(information);

        // The drift's likelihood is normal with mean score / t and variance 1 / t.
        var precision = information + (priorDeviation is { } sd ? 1 / (sd * sd) : 0);
        var mean = (score + (priorDeviation is { } s ? priorZ / (s * s) : 0)) / precision;
        return new(Given(score / information), Given(0), plannedZ is { } planned ? Given(planned) : null, Averaged(mean, 1 / Math.Sqrt(precision)));

        double Given(double drift) => Crossing(times, bounds, futility, information, score, drift);

        double Averaged(double centre, double deviation)
        {
            var rule = GaussLegendre.Of(BeliefNodes);
            var (sum, mass) = (0.0, 0.0);
            for (var i = 0; i < BeliefNodes; i++)
            {
                var u = BeliefReach * rule.Nodes[i];
                var weight = rule.Weights[i] * Math.Exp(-0.5 * u * u);
                sum += weight * Given(centre + deviation * u);
                mass += weight;
            }
            return sum / mass;
        }
    }

    static double Crossing(double[] times, double[] bounds, double[] futility, double startTime, double startScore, double drift)
    {
        var recursion = new SequentialRecursion(drift, startTime, startScore);
        var total = 0.0;
        for (var k = 0; k < times.Length; k++)
        {
            total += recursion.CrossingProbability(times[k], bounds[k]);
            if (k + 1 < times.Length)
                recursion.Continue(times[k], futility.Length == 0 ? -bounds[k] : Math.Max(-bounds[k], futility[k]), bounds[k], times[k + 1] - times[k]);
        }
        return Math.Min(1, total);
    }
}
