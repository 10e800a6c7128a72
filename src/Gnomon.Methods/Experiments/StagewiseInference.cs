using Gnomon.Methods.Inference;
using Gnomon.Numerics.Optimizers;

namespace Gnomon.Methods.Experiments;

/// <summary>What a group-sequential test that has ended says of the effect, the stopping taken into account.</summary>
/// <param name="Estimate">Median-unbiased: the effect under which a result as far out as this one has a chance of one half.</param>
/// <param name="Low">Lower end of the interval, in the effect's unit.</param>
/// <param name="High">Upper end.</param>
/// <param name="PValue">Two-sided p-value of "no effect" in the stagewise ordering.</param>
/// <param name="Level">Confidence level.</param>
public sealed record StagewiseResult(double Estimate, double Low, double High, double PValue, double Level);

/// <summary>Estimate, interval and p-value after a group-sequential test has stopped, by the stagewise ordering of results.</summary>
/// <remarks>
/// A result counts as further out the earlier the boundary was crossed, and at the same look the larger z is.
/// Sources: Tsiatis, Rosner and Mehta 1984, Biometrics 40; Fairbanks and Madsen 1982; Jennison and Turnbull 2000, chapter 8.
/// </remarks>
public static class StagewiseInference
{
    const double Tolerance = 1e-9;

    // The bracket doubles; 40 doublings leave any data behind.
    const int MostDoublings = 40;

    /// <param name="information">Information at the looks taken, increasing, the last one being now; any unit.</param>
    /// <param name="lowZ">Lower ends of the region in which the test went on, one per earlier look; minus infinity where there was none.</param>
    /// <param name="highZ">Upper ends of that region.</param>
    /// <param name="estimate">Estimate of the effect now.</param>
    /// <param name="standardError">Its standard error, positive.</param>
    /// <param name="level">Confidence level.</param>
    public static StagewiseResult At(
        ReadOnlySpan<double> information, ReadOnlySpan<double> lowZ, ReadOnlySpan<double> highZ, double estimate, double standardError, double level = 0.95)
    {
        InferenceGuard.Level(level);
        var times = Checked(information, lowZ, highZ, estimate, standardError);
        var (low, high) = (lowZ.ToArray(), highZ.ToArray());
        var z = estimate / standardError;
        var none = Further(times, low, high, z, 0);
        var alpha = 1 - level;
        return new(Solve(0.5) * standardError, Solve(alpha / 2) * standardError, Solve(1 - alpha / 2) * standardError, Math.Min(1, 2 * Math.Min(none, 1 - none)), level);

        double Solve(double target)
        {
            var (from, to) = (z - 4, z + 4);
            for (var i = 0; i < MostDoublings && Further(times, low, high, z, from) > target; i++)
                from -= Math.Pow(2, i);
            for (var i = 0; i < MostDoublings && Further(times, low, high, z, to) < target; i++)
                to += Math.Pow(2, i);
            return Brent.Root(drift => Further(times, low, high, z, drift) - target, from, to, Tolerance).X;
        }
    }

    /// <summary>Two-sided p-value of an effect in the stagewise ordering; the interval of <see cref="At"/> holds the effects whose p-value is 1 - level or more.</summary>
    /// <param name="information">Information at the looks taken, increasing, the last one being now; any unit.</param>
    /// <param name="lowZ">Lower ends of the region in which the test went on, one per earlier look.</param>
    /// <param name="highZ">Upper ends of that region.</param>
    /// <param name="estimate">Estimate of the effect now.</param>
    /// <param name="standardError">Its standard error, positive.</param>
    /// <param name="effect">The effect asked about.</param>
    public static double PValue(ReadOnlySpan<double> information, ReadOnlySpan<double> lowZ, ReadOnlySpan<double> highZ, double estimate, double standardError, double effect)
    {
        var times = Checked(information, lowZ, highZ, estimate, standardError);
        var further = Further(times, lowZ.ToArray(), highZ.ToArray(), estimate / standardError, effect / standardError);
        return Math.Min(1, 2 * Math.Min(further, 1 - further));
    }

    /// <summary>Information in units of now: the drift is then the effect in standard errors.</summary>
    static double[] Checked(ReadOnlySpan<double> information, ReadOnlySpan<double> lowZ, ReadOnlySpan<double> highZ, double estimate, double standardError)
    {
        SequentialArguments.Increasing(information);
        if (lowZ.Length != information.Length - 1 || highZ.Length != lowZ.Length)
            throw new ArgumentException("There must be one region for each look before the last.", nameof(lowZ));
        if (!(standardError > 0) || !double.IsFinite(standardError))
            throw new ArgumentOutOfRangeException(nameof(standardError), standardError, "The standard error must be positive.");
        if (!double.IsFinite(estimate))
            throw new ArgumentOutOfRangeException(nameof(estimate), estimate, "The estimate must be finite.");
        var times = information.ToArray();
        for (var k = 0; k < times.Length; k++)
            times[k] /= information[^1];
        return times;
    }

    /// <summary>Chance of a result at or beyond this one: it rises with the drift.</summary>
    static double Further(double[] times, double[] low, double[] high, double z, double drift)
    {
        var recursion = new SequentialRecursion(drift);
        var total = 0.0;
        for (var k = 0; k < low.Length; k++)
        {
            total += recursion.Above(times[k], high[k]);
            recursion.Continue(times[k], low[k], high[k], times[k + 1] - times[k]);
        }
        return total + recursion.Above(times[^1], z);
    }
}
