using Gnomon.Methods.Regression;
using Gnomon.Numerics;
using Gnomon.Numerics.Random;

namespace Gnomon.Methods.Bandits;

/// <summary>Worlds for <see cref="ContextualSimulation"/>: groups with stated differences, or the contexts of a log with lines learned from it.</summary>
public static class ContextualWorlds
{
    /// <summary>Groups that are equally likely; the features are a constant and one column per group but the first.</summary>
    /// <remarks>The control earns the baseline in every group. The last arm has the effect on average, others none; in each group normal departures are added to it, with that mean and that spread exactly.</remarks>
    /// <param name="groups">Groups, at least 2.</param>
    /// <param name="arms">Arms, control included, at least 2.</param>
    /// <param name="baseline">Rate of the control.</param>
    /// <param name="effect">Mean effect of the last arm.</param>
    /// <param name="spread">Standard deviation of an arm's effect over groups, at least 0.</param>
    /// <param name="rng">Draws the departures.</param>
    public static ContextualWorld Groups(int groups, int arms, double baseline, double effect, double spread, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentOutOfRangeException.ThrowIfLessThan(groups, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(arms, 2);
        ArgumentOutOfRangeException.ThrowIfNegative(spread);
        var rates = Enumerable.Range(0, groups).Select(_ => Enumerable.Repeat(baseline, arms).ToArray()).ToArray();
        for (var a = 1; a < arms; a++)
        {
            double[] departures = [.. Enumerable.Range(0, groups).Select(_ => rng.NextNormal())];
            var moments = Moments.Of(departures);
            var scale = spread > 0 ? spread / Math.Sqrt(moments.M2 / groups) : 0;
            for (var g = 0; g < groups; g++)
                rates[g][a] = Math.Clamp(baseline + (a == arms - 1 ? effect : 0) + scale * (departures[g] - moments.Mean), 0, 1);
        }

        return new([.. Enumerable.Range(0, groups).Select(g => Enumerable.Range(0, groups).Select(j => j == 0 || j == g ? 1.0 : 0.0).ToArray())], rates);
    }

    /// <summary>The contexts of a log, with one least-squares line per arm; what noise alone would add to the spread of a line is taken off it.</summary>
    /// <remarks>A line's values over the contexts vary by its noise too. Its slopes are drawn in by the root of the share of their spread beyond that (positive part), so that a log without any difference makes no world of differences.</remarks>
    /// <param name="features">Features of every row; the first is the constant 1.</param>
    /// <param name="chosen">Arm that was shown.</param>
    /// <param name="reward">What it earned, 0 or 1.</param>
    /// <param name="arms">Arms.</param>
    /// <param name="mostContexts">Rows that stand for the contexts, evenly taken from the log.</param>
    /// <exception cref="TooFewRowsException">An arm has fewer rows than twice the features.</exception>
    /// <exception cref="NotEstimableException">The features of an arm's rows are collinear.</exception>
    public static ContextualWorld OfLog(IReadOnlyList<double[]> features, ReadOnlySpan<int> chosen, ReadOnlySpan<double> reward, int arms, int mostContexts = 2_000)
    {
        ArgumentNullException.ThrowIfNull(features);
        var (d, n) = (features[0].Length, features.Count);
        double[] centre = new double[d], spread = new double[d * d];
        foreach (var x in features)
            for (var i = 0; i < d; i++)
                centre[i] += x[i] / n;
        foreach (var x in features)
            for (var i = 0; i < d; i++)
                for (var j = 0; j < d; j++)
                    spread[i * d + j] += (x[i] - centre[i]) * (x[j] - centre[j]) / n;
        var lines = new (double Mean, double[] Slopes)[arms];
        for (var a = 0; a < arms; a++)
            lines[a] = Line(features, chosen, reward, a, centre, spread);
        var step = Math.Max(1, n / mostContexts);
        int[] rows = [.. Enumerable.Range(0, n).Where(i => i % step == 0).Take(mostContexts)];
        return new([.. rows.Select(i => features[i])], [.. rows.Select(i => lines.Select(l => Math.Clamp(l.Mean + Along(l.Slopes, features[i], centre), 0, 1)).ToArray())]);
    }

    static (double Mean, double[] Slopes) Line(IReadOnlyList<double[]> features, ReadOnlySpan<int> chosen, ReadOnlySpan<double> reward, int arm, double[] centre, double[] spread)
    {
        var d = centre.Length;
        double[] cross = new double[d * d], right = new double[d];
        var (count, squares) = (0, 0.0);
        for (var r = 0; r < chosen.Length; r++)
        {
            if (chosen[r] != arm)
                continue;
            var x = features[r];
            count++;
            squares += reward[r] * reward[r];
            for (var i = 0; i < d; i++)
            {
                right[i] += x[i] * reward[r];
                for (var j = 0; j < d; j++)
                    cross[i * d + j] += x[i] * x[j];
            }
        }

        if (count < 2 * d)
            throw new TooFewRowsException($"Arm {arm + 1}", count, 2 * d);
        var factor = SmallMatrix.Cholesky(cross, d, 1e-12) ?? throw new NotEstimableException($"the features of the rows of arm {arm + 1} are collinear.");
        var inverse = SmallMatrix.InverseCholesky(factor, d);
        var theta = SmallMatrix.Times(inverse, right);
        var sigma2 = Math.Max(0, squares - SmallMatrix.Dot(theta, right)) / (count - d);
        double seen = 0, noise = 0;
        for (var i = 0; i < d; i++)
            for (var j = 0; j < d; j++)
            {
                seen += theta[i] * theta[j] * spread[i * d + j];
                noise += sigma2 * inverse[i * d + j] * spread[i * d + j];
            }

        var keep = seen > 0 ? Math.Sqrt(Math.Max(0, 1 - noise / seen)) : 0;
        return (SmallMatrix.Dot(theta, centre), [.. theta.Select(t => keep * t)]);
    }

    static double Along(double[] slopes, double[] x, double[] centre)
    {
        var sum = 0.0;
        for (var j = 0; j < slopes.Length; j++)
            sum += slopes[j] * (x[j] - centre[j]);
        return sum;
    }
}
