namespace Gnomon.Methods.Bandits;

/// <summary>What an adaptive policy wrote down: the arm shown, its reward, and how likely each arm was at that moment.</summary>
public sealed class ChoiceLog
{
    const double Slack = 1e-6;

    /// <param name="arms">Number of arms, at least 2.</param>
    /// <param name="chosen">Arm of each row, in the order in which they were chosen.</param>
    /// <param name="reward">Reward of each row; finite.</param>
    /// <param name="probabilities">Probability of every arm in every row, rows after each other; each row sums to 1, and the chosen arm's is above 0.</param>
    /// <exception cref="ArgumentException">Lengths that do not agree, or probabilities that are none.</exception>
    public ChoiceLog(int arms, ReadOnlySpan<int> chosen, ReadOnlySpan<double> reward, ReadOnlySpan<double> probabilities)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(arms, 2);
        if (chosen.Length != reward.Length || probabilities.Length != (long)arms * chosen.Length)
        {
            throw new ArgumentException($"{chosen.Length} choices, {reward.Length} rewards and {probabilities.Length} probabilities of {arms} arms do not go together.", nameof(probabilities));
        }

        for (var t = 0; t < chosen.Length; t++)
        {
            var row = probabilities.Slice(t * arms, arms);
            var sum = 0.0;
            foreach (var p in row)
            {
                sum += p is >= 0 and <= 1 ? p : throw new ArgumentException($"A probability in row {t + 1} is {p}.", nameof(probabilities));
            }

            if (Math.Abs(sum - 1) > Slack || !(row[chosen[t]] > 0) || !double.IsFinite(reward[t]))
            {
                throw new ArgumentException($"Row {t + 1}: probabilities sum to {sum}, the chosen arm has {row[chosen[t]]}, the reward is {reward[t]}.", nameof(probabilities));
            }
        }

        (Arms, Chosen, Reward, Probabilities) = (arms, chosen.ToArray(), reward.ToArray(), probabilities.ToArray());
    }

    /// <summary>Number of arms.</summary>
    public int Arms { get; }

    /// <summary>Rows.</summary>
    public int Rows => Chosen.Length;

    internal int[] Chosen { get; }

    internal double[] Reward { get; }

    internal double[] Probabilities { get; }

    /// <summary>Probability of an arm in a row.</summary>
    public double Probability(int row, int arm) => Probabilities[row * Arms + arm];

    /// <summary>A log that only has the probability of the arm that was chosen.</summary>
    /// <param name="arms">Number of arms.</param>
    /// <param name="chosen">Arm of each row.</param>
    /// <param name="reward">Reward of each row.</param>
    /// <param name="propensity">Probability with which the chosen arm was chosen, in (0, 1].</param>
    /// <param name="batch">Rows with the same number were chosen with the same probabilities; needed for more than two arms, where the other arms' probabilities are found in the batch.</param>
    /// <exception cref="NotEstimableException">More than two arms, and the batches do not tell every arm's probability.</exception>
    public static ChoiceLog OfChosen(int arms, ReadOnlySpan<int> chosen, ReadOnlySpan<double> reward, ReadOnlySpan<double> propensity, ReadOnlySpan<int> batch)
    {
        var all = new double[(long)arms * chosen.Length];
        if (arms == 2)
        {
            for (var t = 0; t < chosen.Length; t++)
            {
                all[t * 2 + chosen[t]] = propensity[t];
                all[t * 2 + 1 - chosen[t]] = 1 - propensity[t];
            }

            return new ChoiceLog(2, chosen, reward, all);
        }

        var known = new Dictionary<int, double[]>();
        for (var t = 0; t < chosen.Length; t++)
        {
            if (!known.TryGetValue(batch[t], out var row))
            {
                known[batch[t]] = row = [.. Enumerable.Repeat(double.NaN, arms)];
            }

            if (double.IsNaN(row[chosen[t]]))
            {
                row[chosen[t]] = propensity[t];
            }
            else if (Math.Abs(row[chosen[t]] - propensity[t]) > Slack)
            {
                throw new NotEstimableException("the probability of an arm changes between rows of one moment, so the log does not tell how likely the arms were that were not chosen.");
            }
        }

        foreach (var row in known.Values)
        {
            // One arm that was not drawn in the batch has what the others leave.
            var missing = row.Count(double.IsNaN);
            var left = 1 - row.Where(p => !double.IsNaN(p)).Sum();
            if (missing > 1 || left < -Slack || (missing == 0 && Math.Abs(left) > Slack))
            {
                throw new NotEstimableException("the log does not tell how likely the arms were that were not chosen.");
            }

            if (missing == 1)
            {
                row[Array.FindIndex(row, double.IsNaN)] = Math.Max(0, left);
            }
        }

        for (var t = 0; t < chosen.Length; t++)
        {
            known[batch[t]].CopyTo(all, t * arms);
        }

        return new ChoiceLog(arms, chosen, reward, all);
    }

    /// <summary>A log without probabilities: the share of each arm among the rows of one batch stands for them.</summary>
    /// <remarks>Right when the shares only changed between batches. Every batch must hold every arm; others are left out.</remarks>
    /// <param name="arms">Number of arms.</param>
    /// <param name="chosen">Arm of each row.</param>
    /// <param name="reward">Reward of each row.</param>
    /// <param name="batch">Batch of each row, for example its day.</param>
    /// <param name="leftOut">Rows of batches without some arm.</param>
    /// <exception cref="NotEstimableException">No batch holds every arm.</exception>
    public static ChoiceLog OfBatches(int arms, ReadOnlySpan<int> chosen, ReadOnlySpan<double> reward, ReadOnlySpan<int> batch, out int leftOut)
    {
        var counts = new Dictionary<int, int[]>();
        for (var t = 0; t < chosen.Length; t++)
        {
            if (!counts.TryGetValue(batch[t], out var c))
            {
                counts[batch[t]] = c = new int[arms];
            }

            c[chosen[t]]++;
        }

        List<int> arm = [];
        List<double> value = [], all = [];
        leftOut = 0;
        for (var t = 0; t < chosen.Length; t++)
        {
            var c = counts[batch[t]];
            if (c.Contains(0))
            {
                leftOut++;
                continue;
            }

            arm.Add(chosen[t]);
            value.Add(reward[t]);
            var n = c.Sum();
            all.AddRange(c.Select(v => (double)v / n));
        }

        return arm.Count == 0 ? throw new NotEstimableException("no moment of time holds every arm, so time and arm cannot be told apart.") : new ChoiceLog(arms, [.. arm], [.. value], [.. all]);
    }
}
