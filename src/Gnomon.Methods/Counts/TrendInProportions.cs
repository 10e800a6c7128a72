using Gnomon.Methods.Inference;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Counts;

/// <summary>Do rates rise or fall across ordered groups? The Cochran-Armitage test.</summary>
/// <remarks>Sources: Cochran 1954, Biometrics 10; Armitage 1955, Biometrics 11. The square of z agrees with R <c>prop.trend.test</c> to 1e-12 relative.</remarks>
public static class TrendInProportions
{
    /// <param name="successes">Successes of each group.</param>
    /// <param name="sizes">Sizes, at least 1 each.</param>
    /// <param name="scores">Scores of the groups, for example doses; empty for 0, 1, 2, ...</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <returns>Slope of the rate per unit of score by least squares, with its interval (from the error without the null hypothesis), the z of the test and its two-sided p.</returns>
    /// <exception cref="TooFewRowsException">Fewer than 2 groups.</exception>
    /// <exception cref="NotEstimableException">All units have the same outcome, or all scores are equal.</exception>
    public static ContrastResult CochranArmitage(ReadOnlySpan<long> successes, ReadOnlySpan<long> sizes, ReadOnlySpan<double> scores = default, double level = 0.95)
    {
        InferenceGuard.Level(level);
        if (successes.Length != sizes.Length || (!scores.IsEmpty && scores.Length != sizes.Length))
        {
            throw new ArgumentException("Successes, sizes and scores must have one entry per group.", nameof(sizes));
        }

        if (successes.Length < 2)
        {
            throw new TooFewRowsException("The set of groups", successes.Length, 2);
        }

        double n = 0, k = 0, mean = 0;
        for (var i = 0; i < sizes.Length; i++)
        {
            InferenceGuard.Successes(successes[i], sizes[i], $"Group {i + 1}");
            n += sizes[i];
            k += successes[i];
            mean += (Score(scores, i) - mean) * sizes[i] / n;
        }

        double spread = 0, gap = 0, noise = 0;
        var rate = k / n;
        for (var i = 0; i < sizes.Length; i++)
        {
            var score = Score(scores, i) - mean;
            var own = (double)successes[i] / sizes[i];
            spread += sizes[i] * score * score;
            gap += score * (successes[i] - sizes[i] * rate);
            noise += score * score * sizes[i] * own * (1.0 - own);
        }

        if (!(spread > 0) || !(rate > 0 && rate < 1))
        {
            throw new NotEstimableException("All units have the same outcome, or all groups have the same score, so there is no trend to test.");
        }

        var z = gap / Math.Sqrt(rate * (1.0 - rate) * spread);
        var slope = gap / spread;
        var error = Math.Sqrt(noise) / spread;
        var reach = Normal.UpperQuantile(0.5 * (1.0 - level)) * error;
        return new(slope, slope - reach, slope + reach, error, z, null, TwoByTwo.TwoSided(z), level, "Cochran-Armitage trend");
    }

    static double Score(ReadOnlySpan<double> scores, int i) => scores.IsEmpty ? i : scores[i];
}
