using Gnomon.Methods.Inference;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Experiments;

/// <summary>One step of a funnel in two arms.</summary>
/// <param name="OverAssigned">Share of all units that reached the step, first minus second arm: compares units as they were randomised.</param>
/// <param name="OverBefore">Share of those who reached the step before that went on; null where nobody had. It compares units that the treatment may have selected.</param>
/// <param name="LogRatio">Log of the ratio of the shares that went on, with its interval; null where one of them is 0. The logs of all steps add up to that of the last step over all units.</param>
public sealed record FunnelStep(ContrastResult OverAssigned, ContrastResult? OverBefore, ContrastResult? LogRatio);

/// <summary>A funnel in two arms: each step over the units assigned and over the step before.</summary>
/// <remarks>
/// Shares by <see cref="TwoProportions"/>. The ratio of the last step's shares is the product of the ratios of going on, so their logs say how much of the
/// effect arose where; errors are Katz et al. 1978. A share over the step before is conditioned on what happened after the treatment (Rosenbaum 1984): it
/// tells where the arms part, not what the treatment does there.
/// </remarks>
public static class FunnelSteps
{
    /// <param name="first">Units of the first arm that reached each step, not rising.</param>
    /// <param name="firstUnits">Units of the first arm.</param>
    /// <param name="second">Second arm, likewise.</param>
    /// <param name="secondUnits">Units of the second arm.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="ArgumentException">A step was reached by more units than the one before.</exception>
    public static IReadOnlyList<FunnelStep> Compare(ReadOnlySpan<long> first, long firstUnits, ReadOnlySpan<long> second, long secondUnits, double level = 0.95)
    {
        InferenceGuard.Level(level);
        if (first.Length != second.Length)
        {
            throw new ArgumentException("Both arms have the same steps.", nameof(second));
        }

        var steps = new List<FunnelStep>();
        var (n, m) = (firstUnits, secondUnits);
        for (var k = 0; k < first.Length; k++)
        {
            if (first[k] > n || second[k] > m || first[k] < 0 || second[k] < 0)
            {
                throw new ArgumentException($"Step {k + 1} was reached by more units than the one before.", nameof(first));
            }

            steps.Add(new(
                TwoProportions.Compare(first[k], firstUnits, second[k], secondUnits, level), n > 0 && m > 0 ? TwoProportions.Compare(first[k], n, second[k], m, level) : null, Log(first[k], n, second[k], m, level)));
            (n, m) = (first[k], second[k]);
        }

        return steps;
    }

    static ContrastResult? Log(long x, long n, long y, long m, double level)
    {
        if (x == 0 || y == 0)
        {
            return null;
        }

        var value = Math.Log((double)x / n / ((double)y / m));
        var error = Math.Sqrt(1.0 / x - 1.0 / n + 1.0 / y - 1.0 / m);
        var reach = Normal.UpperQuantile(0.5 * (1 - level)) * error;
        return new(value, value - reach, value + reach, error, error > 0 ? value / error : 0, null, error > 0 ? Math.Min(1, 2 * Normal.Sf(Math.Abs(value / error))) : 1, level, "log ratio of shares (Katz)");
    }
}
