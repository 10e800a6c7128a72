using Gnomon.Methods.Inference;

namespace Gnomon.Methods.Data;

/// <summary>Whether one column has the same distribution in two parts of the data.</summary>
/// <param name="PValue">p-value of "same distribution", before any correction for the number of columns.</param>
/// <param name="Effect">Numeric: first Wasserstein distance over the standard deviation of both parts together. Category: total variation distance.</param>
/// <param name="EffectFloor">Smallest effect worth a word.</param>
/// <param name="Method">Which test and effect.</param>
public sealed record ShiftResult(double PValue, double Effect, double EffectFloor, string Method);

/// <summary>One column's verdict among all.</summary>
/// <param name="Result">Its test.</param>
/// <param name="AdjustedP">Holm-adjusted p-value.</param>
/// <param name="Shifted">Significant after Holm and at least the effect floor.</param>
public sealed record ShiftVerdict(ShiftResult Result, double AdjustedP, bool Shifted);

/// <summary>Is the first half of a file drawn from the same population as the second?</summary>
/// <remarks>
/// Kolmogorov-Smirnov for numbers, chi-square for categories (expected counts below 5 merged into one), Holm over the columns,
/// and effect floors: with many rows everything is significant. Rows are taken as independent.
/// </remarks>
public static class PopulationShift
{
    /// <summary>Smallest W1 / sd that counts for a numeric column.</summary>
    public const double NumericFloor = 0.1;

    /// <summary>Smallest total variation distance that counts for a category.</summary>
    public const double CategoryFloor = 0.05;

    const double SmallestExpected = 5;

    /// <param name="first">Values of the first part, ascending.</param>
    /// <param name="second">Values of the second part, ascending.</param>
    /// <returns>Null when a part is empty or nothing varies.</returns>
    public static ShiftResult? Numeric(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        if (first.IsEmpty || second.IsEmpty)
            return null;
        var sd = PooledDeviation(first, second);
        if (!(sd > 0))
            return null;
        var p = KolmogorovSmirnov.TestSorted(first, second).PValue;
        return new(p, Wasserstein(first, second) / sd, NumericFloor, "Kolmogorov-Smirnov, W1 / sd");
    }

    /// <param name="first">Counts per category in the first part.</param>
    /// <param name="second">Counts of the same categories in the second part.</param>
    /// <returns>Null when a part is empty or fewer than two categories remain after merging rare ones.</returns>
    public static ShiftResult? Category(ReadOnlySpan<long> first, ReadOnlySpan<long> second)
    {
        if (first.Length != second.Length)
            throw new ArgumentException("Both parts need a count for every category.", nameof(second));
        long n = 0, m = 0;
        for (var i = 0; i < first.Length; i++)
        {
            n += first[i];
            m += second[i];
        }
        if (n == 0 || m == 0)
            return null;
        var distance = 0.0;
        var smaller = Math.Min(n, m) / ((double)n + m);
        var a = new List<long>();
        var b = new List<long>();
        long restA = 0, restB = 0;
        for (var i = 0; i < first.Length; i++)
        {
            distance += 0.5 * Math.Abs((double)first[i] / n - (double)second[i] / m);
            if ((first[i] + second[i]) * smaller >= SmallestExpected)
            {
                a.Add(first[i]);
                b.Add(second[i]);
            }
            else
            {
                restA += first[i];
                restB += second[i];
            }
        }
        a.Add(restA);
        b.Add(restB);
        var test = ContingencyTest.ChiSquare([.. a, .. b], a.Count);
        return test is null ? null : new(test.PValue, distance, CategoryFloor, "chi-square, total variation");
    }

    /// <summary>Holm over all columns, then the effect floors.</summary>
    /// <param name="columns">One result per column that could be tested.</param>
    /// <param name="alpha">Chance of naming any column when none shifted.</param>
    public static IReadOnlyList<ShiftVerdict> Judge(IReadOnlyList<ShiftResult> columns, double alpha = 0.01)
    {
        ArgumentNullException.ThrowIfNull(columns);
        if (columns.Count == 0)
            return [];
        var p = new double[columns.Count];
        for (var i = 0; i < p.Length; i++)
            p[i] = columns[i].PValue;
        var adjusted = Multiplicity.Holm(p);
        var verdicts = new List<ShiftVerdict>(p.Length);
        for (var i = 0; i < p.Length; i++)
            verdicts.Add(new(columns[i], adjusted[i], adjusted[i] < alpha && columns[i].Effect >= columns[i].EffectFloor));
        return verdicts;
    }

    /// <summary>First Wasserstein distance: the area between the two distribution functions.</summary>
    public static double Wasserstein(ReadOnlySpan<double> sortedFirst, ReadOnlySpan<double> sortedSecond)
    {
        if (sortedFirst.IsEmpty || sortedSecond.IsEmpty)
            throw new TooFewRowsException("A sample", 0, 1);
        int i = 0, j = 0;
        var area = 0.0;
        var at = Math.Min(sortedFirst[0], sortedSecond[0]);
        while (i < sortedFirst.Length || j < sortedSecond.Length)
        {
            var next = i < sortedFirst.Length && (j == sortedSecond.Length || sortedFirst[i] <= sortedSecond[j]) ? sortedFirst[i] : sortedSecond[j];
            area += Math.Abs((double)i / sortedFirst.Length - (double)j / sortedSecond.Length) * (next - at);
            at = next;
            while (i < sortedFirst.Length && sortedFirst[i] == at)
                i++;
            while (j < sortedSecond.Length && sortedSecond[j] == at)
                j++;
        }
        return area;
    }

    static double PooledDeviation(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        var all = Numerics.Moments.Merge(Numerics.Moments.Of(first), Numerics.Moments.Of(second));
        return all.Count < 2 ? 0 : Math.Sqrt(all.M2 / (all.Count - 1));
    }
}
