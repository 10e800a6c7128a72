using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Experiments;

/// <summary>How often a posterior threshold is passed at some look although there is no effect.</summary>
/// <param name="Winner">Chance that the treatment is called better at some look.</param>
/// <param name="Either">Chance that it is called better or worse.</param>
/// <param name="OneLook">Chance of "better" when only the last look is taken.</param>
public sealed record PosteriorPeekingResult(double Winner, double Either, double OneLook);

/// <summary>The false-winner rate of "stop when the chance to be better passes 95 %", for the looks that were taken.</summary>
/// <remarks>
/// Under a normal prior around zero the posterior chance is Phi(z sqrt(w)), w = prior variance / (prior variance + error variance), so the threshold is a bound on z at each look
/// and the recursion of group-sequential tests is exact. Source: Armitage, McPherson and Rowe 1969 for the recursion; Rosenbaum and Rubin 1984, The American Statistician 38, for the point.
/// </remarks>
public static class PosteriorPeeking
{
    /// <param name="information">Information at each look, increasing; any unit.</param>
    /// <param name="threshold">Posterior chance at which a winner is called, in (0.5, 1).</param>
    /// <param name="priorRatio">Prior standard deviation of the effect over the standard error at the last look; positive infinity for a flat prior.</param>
    public static PosteriorPeekingResult FalseWinnerRate(ReadOnlySpan<double> information, double threshold, double priorRatio = double.PositiveInfinity)
    {
        SequentialArguments.Increasing(information);
        if (!(threshold > 0.5 && threshold < 1))
            throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "A winner is called at a chance between one half and 1.");
        if (!(priorRatio > 0))
            throw new ArgumentOutOfRangeException(nameof(priorRatio), priorRatio, "A prior's standard deviation must be positive.");
        var times = information.ToArray();
        var bounds = new double[times.Length];
        for (var k = 0; k < times.Length; k++)
        {
            var signal = priorRatio * priorRatio * times[k] / times[^1];
            var kept = double.IsInfinity(signal) ? 1 : signal / (1 + signal);
            bounds[k] = Math.Min(GroupSequential.LargestZ, Normal.UpperQuantile(1 - threshold) / Math.Sqrt(kept));
        }
        var (one, both) = (new SequentialRecursion(), new SequentialRecursion());
        var (winner, either) = (0.0, 0.0);
        for (var k = 0; k < times.Length; k++)
        {
            winner += one.Above(times[k], bounds[k]);
            either += both.CrossingProbability(times[k], bounds[k]);
            if (k + 1 == times.Length)
                break;
            one.Continue(times[k], double.NegativeInfinity, bounds[k], times[k + 1] - times[k]);
            both.Continue(times[k], bounds[k], times[k + 1] - times[k]);
        }
        return new(winner, either, Normal.Sf(bounds[^1]));
    }
}
