using Gnomon.Methods.Inference;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Data;

/// <summary>One margin that weights are to reproduce.</summary>
/// <param name="Name">The column.</param>
/// <param name="Groups">Group of each row, 0 to the number of shares less one; -1 where the row has no value: such a row is left as it is by this margin.</param>
/// <param name="Shares">Share of each group in the population; at least 0, made to add up to 1.</param>
public sealed record RakingMargin(string Name, int[] Groups, double[] Shares);

/// <summary>Weights that give the rows the margins of a population.</summary>
/// <param name="Weights">One per row, with mean 1.</param>
/// <param name="LargestError">Largest distance of a weighted share from its margin.</param>
/// <param name="Iterations">Rounds over all margins.</param>
/// <param name="Converged">True when the largest error fell below 1e-12.</param>
public sealed record RakingResult(double[] Weights, double LargestError, int Iterations, bool Converged)
{
    /// <summary>(sum w)^2 / sum w^2: rows of equal weight that would know as much (Kish 1965).</summary>
    public double EffectiveSize => Raking.EffectiveSize(Weights);

    /// <summary>Rows over the effective size: how much the weights cost in variance, at most.</summary>
    public double DesignEffect => Weights.Length / EffectiveSize;
}

/// <summary>A weighted mean with its interval.</summary>
/// <param name="Mean">Weighted mean in the unit of the values.</param>
/// <param name="StandardError">By linearisation, rows taken as drawn with replacement.</param>
/// <param name="Low">Lower limit.</param>
/// <param name="High">Upper limit.</param>
public sealed record RakedMean(double Mean, double StandardError, double Low, double High);

/// <summary>Iterative proportional fitting of row weights to known margins.</summary>
/// <remarks>
/// Sources: Deming and Stephan 1940; Deville, Sarndal and Sautory 1993 for the variance, residuals of the values on the margins times the weights.
/// Agrees with R survey <c>rake</c> and <c>svymean</c>. Margins are taken as known; O(rows times margins) a round.
/// </remarks>
public static class Raking
{
    const int MostIterations = 2_000;
    const double Tolerance = 1e-12;

    /// <param name="margins">At least one; all over the same rows.</param>
    /// <param name="rows">Rows, at least 2.</param>
    /// <exception cref="TooFewRowsException">Fewer than 2 rows.</exception>
    /// <exception cref="NotEstimableException">A group of the population has no row: no weight can stand in for it.</exception>
    public static RakingResult Fit(IReadOnlyList<RakingMargin> margins, int rows)
    {
        ArgumentNullException.ThrowIfNull(margins);
        ArgumentOutOfRangeException.ThrowIfZero(margins.Count, nameof(margins));
        if (rows < 2)
            throw new TooFewRowsException("The sample", rows, 2);
        var shares = new double[margins.Count][];
        for (var m = 0; m < margins.Count; m++)
            shares[m] = Checked(margins[m], rows);
        var weights = new double[rows];
        Array.Fill(weights, 1.0);
        var error = Error(margins, shares, weights);
        var iteration = 0;
        for (; iteration < MostIterations && error > Tolerance; iteration++)
        {
            for (var m = 0; m < margins.Count; m++)
                Adjust(margins[m].Groups, shares[m], weights);
            error = Error(margins, shares, weights);
        }
        ToMeanOne(weights);
        return new(weights, error, iteration, error <= Tolerance);
    }

    /// <summary>(sum w)^2 / sum w^2.</summary>
    public static double EffectiveSize(ReadOnlySpan<double> weights)
    {
        double sum = 0, squares = 0;
        foreach (var w in weights)
        {
            sum += w;
            squares += w * w;
        }
        return squares > 0 ? sum * sum / squares : 0;
    }

    /// <summary>Weights above <paramref name="limit"/> times their mean are cut to it and what is cut is spread over the others in proportion, until none is above (Potter 1990).</summary>
    /// <param name="weights">At least 0, with a positive sum.</param>
    /// <param name="limit">Times the mean, above 1.</param>
    public static double[] Trim(ReadOnlySpan<double> weights, double limit)
    {
        if (!(limit > 1))
            throw new ArgumentOutOfRangeException(nameof(limit), limit, "The limit lies above 1 times the mean.");
        var trimmed = weights.ToArray();
        ToMeanOne(trimmed);
        var isCut = new bool[trimmed.Length];
        while (true)
        {
            double excess = 0, others = 0;
            for (var i = 0; i < trimmed.Length; i++)
            {
                if (trimmed[i] > limit)
                {
                    excess += trimmed[i] - limit;
                    trimmed[i] = limit;
                    isCut[i] = true;
                }
                else if (!isCut[i])
                    others += trimmed[i];
            }
            if (excess <= 1e-12 * trimmed.Length || others <= 0)
                return trimmed;
            var factor = 1 + excess / others;
            for (var i = 0; i < trimmed.Length; i++)
                trimmed[i] *= isCut[i] ? 1 : factor;
        }
    }

    /// <summary>Weighted mean of the rows that have a value, with an interval that takes the margins as known.</summary>
    /// <param name="values">One per row; NaN where the row has none.</param>
    /// <param name="weights">One per row.</param>
    /// <param name="margins">The margins that the weights were fitted to; values are measured from what the margins explain. None: plain weights.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="TooFewRowsException">Fewer than 2 rows have a value and a weight.</exception>
    public static RakedMean Mean(ReadOnlySpan<double> values, ReadOnlySpan<double> weights, IReadOnlyList<RakingMargin> margins, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(margins);
        InferenceGuard.Level(level);
        if (values.Length != weights.Length)
            throw new ArgumentException("Values and weights have one length.", nameof(weights));
        double sum = 0, total = 0;
        var n = 0;
        for (var i = 0; i < values.Length; i++)
        {
            if (double.IsNaN(values[i]) || weights[i] <= 0)
                continue;
            sum += weights[i] * values[i];
            total += weights[i];
            n++;
        }
        if (n < 2)
            throw new TooFewRowsException("The weighted mean", n, 2);
        var mean = sum / total;
        var residuals = Residuals(values, weights, margins, mean);
        double first = 0, second = 0;
        for (var i = 0; i < residuals.Length; i++)
            first += weights[i] * residuals[i] / total;
        for (var i = 0; i < residuals.Length; i++)
        {
            var isIn = !double.IsNaN(values[i]) && weights[i] > 0;
            var gap = isIn ? weights[i] * residuals[i] / total - first / n : 0;
            second += gap * gap;
        }
        var error = Math.Sqrt(second * n / (n - 1));
        var half = -StudentT.Quantile((1 - level) / 2, n - 1) * error;
        return new(mean, error, mean - half, mean + half);
    }

    // Sweeping out the mean of every group of every margin in turn is least squares on all of them.
    static double[] Residuals(ReadOnlySpan<double> values, ReadOnlySpan<double> weights, IReadOnlyList<RakingMargin> margins, double mean)
    {
        var residuals = new double[values.Length];
        var scale = 0.0;
        for (var i = 0; i < residuals.Length; i++)
        {
            residuals[i] = double.IsNaN(values[i]) || weights[i] <= 0 ? 0 : values[i] - mean;
            scale = Math.Max(scale, Math.Abs(residuals[i]));
        }
        var change = margins.Count > 0 ? scale : 0;
        for (var round = 0; round < MostIterations && change > Tolerance * scale; round++)
        {
            change = 0;
            foreach (var margin in margins)
            {
                var sums = new double[margin.Shares.Length];
                var counts = new int[margin.Shares.Length];
                for (var i = 0; i < residuals.Length; i++)
                {
                    if (margin.Groups[i] >= 0 && weights[i] > 0 && !double.IsNaN(values[i]))
                    {
                        sums[margin.Groups[i]] += residuals[i];
                        counts[margin.Groups[i]]++;
                    }
                }
                for (var g = 0; g < sums.Length; g++)
                {
                    sums[g] = counts[g] > 0 ? sums[g] / counts[g] : 0;
                    change = Math.Max(change, Math.Abs(sums[g]));
                }
                for (var i = 0; i < residuals.Length; i++)
                {
                    if (margin.Groups[i] >= 0 && weights[i] > 0 && !double.IsNaN(values[i]))
                        residuals[i] -= sums[margin.Groups[i]];
                }
            }
        }
        return residuals;
    }

    static double[] Checked(RakingMargin margin, int rows)
    {
        if (margin.Groups.Length != rows)
            throw new ArgumentException($"The margin of {margin.Name} has {margin.Groups.Length} rows; {rows} are expected.", nameof(margin));
        var total = 0.0;
        foreach (var share in margin.Shares)
        {
            if (!double.IsFinite(share) || share < 0)
                throw new ArgumentException($"A share of {margin.Name} is no number from 0 up.", nameof(margin));
            total += share;
        }
        if (!(total > 0))
            throw new ArgumentException($"The shares of {margin.Name} add up to nothing.", nameof(margin));
        var used = new bool[margin.Shares.Length];
        foreach (var g in margin.Groups)
        {
            if (g >= used.Length)
                throw new ArgumentException($"A row of {margin.Name} is in a group without a share.", nameof(margin));
            if (g >= 0)
                used[g] = true;
        }
        var empty = -1;
        for (var g = 0; g < used.Length && empty < 0; g++)
            empty = !used[g] && margin.Shares[g] > 0 ? g : -1;
        return empty < 0 ? Array.ConvertAll(margin.Shares, s => s / total) : throw new NotEstimableException($"Group {empty} of {margin.Name} has no row: no weight can stand in for it.");
    }

    static void Adjust(int[] groups, double[] shares, double[] weights)
    {
        var sums = Sums(groups, shares.Length, weights, out var total);
        for (var g = 0; g < sums.Length; g++)
            sums[g] = sums[g] > 0 ? shares[g] * total / sums[g] : 0;
        for (var i = 0; i < groups.Length; i++)
        {
            if (groups[i] >= 0)
                weights[i] *= sums[groups[i]];
        }
    }

    static double[] Sums(int[] groups, int count, double[] weights, out double total)
    {
        var sums = new double[count];
        for (var i = 0; i < groups.Length; i++)
        {
            if (groups[i] >= 0)
                sums[groups[i]] += weights[i];
        }
        total = 0;
        foreach (var sum in sums)
            total += sum;
        return sums;
    }

    static double Error(IReadOnlyList<RakingMargin> margins, double[][] shares, double[] weights)
    {
        var largest = 0.0;
        for (var m = 0; m < margins.Count; m++)
        {
            var sums = Sums(margins[m].Groups, shares[m].Length, weights, out var total);
            for (var g = 0; g < sums.Length; g++)
                largest = Math.Max(largest, total > 0 ? Math.Abs(sums[g] / total - shares[m][g]) : 1);
        }
        return largest;
    }

    static void ToMeanOne(double[] weights)
    {
        var total = 0.0;
        foreach (var w in weights)
            total += w;
        for (var i = 0; i < weights.Length; i++)
            weights[i] *= weights.Length / total;
    }
}
