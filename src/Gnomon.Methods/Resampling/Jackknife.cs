using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Resampling;

/// <summary>A statistic with its jackknife.</summary>
/// <param name="Estimate">The statistic of all rows.</param>
/// <param name="Bias">Estimated bias: what leaving out shows of it, to first order.</param>
/// <param name="StandardError">Jackknife standard error.</param>
/// <param name="Interval">Estimate plus and minus t times the error, with one degree of freedom less than there are groups.</param>
/// <param name="Groups">Rows, or groups of rows, that were left out one at a time.</param>
/// <param name="LeftOut">The statistic without each group, in order of the groups.</param>
public sealed record JackknifeResult(double Estimate, double Bias, double StandardError, Interval Interval, int Groups, IReadOnlyList<double> LeftOut)
{
    /// <summary>The estimate less its bias.</summary>
    public double Corrected => Estimate - Bias;
}

/// <summary>Standard error and bias of a statistic from leaving out one row, or one group of rows, at a time.</summary>
/// <remarks>
/// Sources: Quenouille 1956; Tukey 1958; Efron and Tibshirani 1993, chapter 11; groups of unequal size: Busing, Meijer and van der Leeden 1999, Statistics and Computing 9 (each pseudo-value counts with
/// its group's share). Right for smooth statistics; for a median the error does not settle (Efron 1982, section 3.4): take the bootstrap.
/// </remarks>
public static class Jackknife
{
    /// <summary>One row left out at a time.</summary>
    /// <param name="sample">Values, at least 3.</param>
    /// <param name="statistic">Called from several threads at once; finite.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <param name="threads">Most threads; null for all. The result does not depend on it.</param>
    public static JackknifeResult Statistic(ReadOnlySpan<double> sample, SampleStatistic statistic, double level = 0.95, int? threads = null)
    {
        ArgumentNullException.ThrowIfNull(statistic);
        var data = sample.ToArray();
        return Rows(data.Length, rows => statistic(Array.ConvertAll(rows, i => data[i])), null, level, threads);
    }

    /// <summary>One group of rows left out at a time: for rows that belong together.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="statistic">The statistic of some rows, given by their indexes in ascending order; called from several threads at once.</param>
    /// <param name="groups">Group of each row: any whole numbers; null when every row is its own.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <param name="threads">Most threads; null for all. The result does not depend on it.</param>
    /// <exception cref="TooFewRowsException">Fewer than 3 groups.</exception>
    /// <exception cref="ArgumentException">The statistic is not finite without a group.</exception>
    public static JackknifeResult Rows(int rows, Func<int[], double> statistic, int[]? groups = null, double level = 0.95, int? threads = null)
    {
        ArgumentNullException.ThrowIfNull(statistic);
        InferenceGuard.Level(level);
        if (groups is not null && groups.Length != rows)
        {
            throw new ArgumentException("There must be one group per row.", nameof(groups));
        }

        var members = RowGroups.Of(groups, rows);
        if (members.Length < 3)
        {
            throw new TooFewRowsException("The jackknife (groups)", members.Length, 3);
        }

        var estimate = Finite(statistic(RowGroups.All(rows)));
        var left = new double[members.Length];
        Parallel.For(0, members.Length, new ParallelOptions { MaxDegreeOfParallelism = threads ?? -1 }, g => left[g] = statistic(RowGroups.Without(members[g], rows)));
        Array.ForEach(left, v => Finite(v));

        // Pseudo-values h t - (h - 1) t_g with h = n / n_g; for groups of one size the usual jackknife.
        double centre = 0.0, bias = 0.0;
        for (var g = 0; g < left.Length; g++)
        {
            bias += (1.0 - (double)members[g].Length / rows) * (left[g] - estimate);
        }

        centre = estimate - bias;
        var variance = 0.0;
        for (var g = 0; g < left.Length; g++)
        {
            var h = (double)rows / members[g].Length;
            var pseudo = h * estimate - (h - 1.0) * left[g];
            variance += (pseudo - centre) * (pseudo - centre) / (h - 1.0) / left.Length;
        }

        var error = Math.Sqrt(variance);
        var half = StudentT.UpperQuantile(0.5 * (1.0 - level), left.Length - 1) * error;
        return new JackknifeResult(estimate, bias, error, new Interval(estimate - half, estimate + half), left.Length, left);
    }

    static double Finite(double value) => double.IsFinite(value) ? value : throw new ArgumentException("The statistic is not finite when rows are left out.", nameof(value));
}

/// <summary>Rows by group.</summary>
internal static class RowGroups
{
    /// <summary>Rows of each group in ascending order; groups in the order in which they first occur.</summary>
    public static int[][] Of(int[]? groups, int rows)
    {
        if (groups is null)
        {
            return Array.ConvertAll(All(rows), i => new[] { i });
        }

        var place = new Dictionary<int, int>();
        var members = new List<List<int>>();
        for (var i = 0; i < rows; i++)
        {
            if (!place.TryGetValue(groups[i], out var at))
            {
                place.Add(groups[i], at = members.Count);
                members.Add([]);
            }

            members[at].Add(i);
        }

        return [.. members.Select(m => m.ToArray())];
    }

    public static int[] All(int rows)
    {
        var all = new int[rows];
        for (var i = 0; i < rows; i++)
        {
            all[i] = i;
        }

        return all;
    }

    public static int[] Without(int[] gone, int rows)
    {
        var rest = new int[rows - gone.Length];
        var (next, at) = (0, 0);
        for (var i = 0; i < rows; i++)
        {
            if (next < gone.Length && gone[next] == i)
            {
                next++;
            }
            else
            {
                rest[at++] = i;
            }
        }

        return rest;
    }
}
