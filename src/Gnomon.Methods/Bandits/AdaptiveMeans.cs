using Gnomon.Methods.Inference;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Bandits;

/// <summary>An arm, or the difference of two, from data in which the shares of the arms followed the rewards.</summary>
/// <param name="Value">Estimate, in the reward's unit.</param>
/// <param name="StandardError">Its error.</param>
/// <param name="Low">Lower end of the interval.</param>
/// <param name="High">Upper end.</param>
/// <param name="PValue">Two-sided test against 0.</param>
public sealed record AdaptiveEstimate(double Value, double StandardError, double Low, double High, double PValue);

/// <summary>What the log says of every arm and of each arm less the first.</summary>
/// <param name="Means">Every arm, each moment weighted alike for all arms.</param>
/// <param name="Differences">Every arm but the first, less the first.</param>
/// <param name="EffectiveRows">Rows that a fixed even split would have needed for the first difference to be as precise.</param>
public sealed record AdaptiveMeansResult(IReadOnlyList<AdaptiveEstimate> Means, IReadOnlyList<AdaptiveEstimate> Differences, double EffectiveRows);

/// <summary>Means of arms whose shares were updated from outcomes: adaptively weighted, augmented inverse-probability scores.</summary>
/// <remarks>
/// Sources: Hadad, Hirshberg, Zhan, Wager and Athey 2021, PNAS 118 (adaptive weights h that keep the variance of the sum predictable); Robins, Rotnitzky and Zhao 1994 (the score);
/// Nie, Tian, Taylor and Zou 2018 (why plain means of a bandit are biased). A row's score for an arm is m + 1(chosen)(reward - m) / e, where e is the probability of the arm and m the arm's mean among
/// earlier rows. Here every arm of one moment gets one weight, h = (sum over arms of 1/e)^(-1/2): the weight that keeps the variance of a difference even, and that cannot confuse
/// a good day with a good arm when shares and days move together. The variance is the sum of h^2 (score - mean)^2 over (sum of h)^2; the interval is normal.
/// An arm that was hardly ever likely has wide intervals: that is what the log knows.
/// </remarks>
public static class AdaptiveMeans
{
    /// <param name="log">The log, in order of time.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="TooFewRowsException">An arm was chosen fewer than twice.</exception>
    /// <exception cref="NotEstimableException">No moment had a chance for every arm.</exception>
    public static AdaptiveMeansResult Of(ChoiceLog log, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(log);
        InferenceGuard.Level(level);
        var k = log.Arms;
        var (count, sum) = (new long[k], new double[k]);
        for (var t = 0; t < log.Rows; t++)
        {
            count[log.Chosen[t]]++;
        }

        if (count.Min() < 2)
        {
            throw new TooFewRowsException("Every arm", count.Min(), 2);
        }

        var scores = new double[log.Rows * k];
        var weights = new double[log.Rows];
        Array.Clear(count);
        double total = 0.0, weight = 0.0, all = 0.0;
        var seen = 0L;
        for (var t = 0; t < log.Rows; t++)
        {
            var inverse = 0.0;
            for (var a = 0; a < k; a++)
            {
                var e = log.Probabilities[t * k + a];
                inverse += e > 0 ? 1.0 / e : double.PositiveInfinity;

                // Before an arm was ever seen the mean of all rows stands for it: only the precision depends on the guess.
                var guess = count[a] > 0 ? sum[a] / count[a] : seen > 0 ? all / seen : 0.0;
                scores[t * k + a] = guess + (log.Chosen[t] == a ? (log.Reward[t] - guess) / e : 0.0);
            }

            weights[t] = 1.0 / Math.Sqrt(inverse);
            weight += weights[t];
            total += weights[t] * weights[t];
            var chosen = log.Chosen[t];
            count[chosen]++;
            sum[chosen] += log.Reward[t];
            all += log.Reward[t];
            seen++;
        }

        if (!(weight > 0))
        {
            throw new NotEstimableException("there is no moment at which every arm had a chance.");
        }

        var means = new AdaptiveEstimate[k];
        var differences = new AdaptiveEstimate[k - 1];
        for (var a = 0; a < k; a++)
        {
            means[a] = Weighted(scores, weights, weight, k, a, -1, level);
            if (a > 0)
            {
                differences[a - 1] = Weighted(scores, weights, weight, k, a, 0, level);
            }
        }

        // An even split of n rows over k arms has (sum of 1/e) = k^2 in each row.
        return new AdaptiveMeansResult(means, differences, weight * weight * k * k / log.Rows);
    }

    static AdaptiveEstimate Weighted(double[] scores, double[] weights, double weight, int k, int arm, int less, double level)
    {
        double Score(int t) => scores[t * k + arm] - (less < 0 ? 0.0 : scores[t * k + less]);
        var mean = 0.0;
        for (var t = 0; t < weights.Length; t++)
        {
            mean += weights[t] * Score(t) / weight;
        }

        var variance = 0.0;
        for (var t = 0; t < weights.Length; t++)
        {
            var off = weights[t] * (Score(t) - mean) / weight;
            variance += off * off;
        }

        var error = Math.Sqrt(variance);
        var half = Normal.UpperQuantile(0.5 * (1.0 - level)) * error;
        return new AdaptiveEstimate(mean, error, mean - half, mean + half, error > 0 ? Math.Min(1.0, 2.0 * Normal.Sf(Math.Abs(mean) / error)) : 1.0);
    }
}
