using Gnomon.Methods.Inference;

namespace Gnomon.Methods.Data;

/// <summary>Where a series is most likely to have changed its level once.</summary>
/// <param name="Before">Values before the change: those at index 0 to <paramref name="Before"/> - 1.</param>
/// <param name="Statistic">Largest distance of the cumulative sum from a straight line, in standard deviations times the root of the length.</param>
/// <param name="PValue">p-value of "one level throughout, rows independent".</param>
/// <param name="Neighbours">Correlation of neighbours once the two levels are taken out.</param>
public sealed record StepChangeResult(int Before, double Statistic, double PValue, double Neighbours);

/// <summary>One change of level at an unknown place: the largest excursion of the cumulative sums.</summary>
/// <remarks>
/// Sources: Page 1954; MacNeill 1978, Annals of Statistics 6: under independent rows the excursion tends to that of a Brownian bridge, so p is Kolmogorov's. In finite samples the
/// walk looks only at whole rows and p is a little too large, never too small. Neighbours that are alike make it too small: <see cref="StepChangeResult.Neighbours"/> tells.
/// </remarks>
public static class StepChange
{
    /// <summary>Fewest values on either side of a change.</summary>
    public const int FewestRows = 10;

    /// <param name="values">Finite values in their order; scores of ranks where tails are long.</param>
    /// <param name="starts">True where a row may be the first after a change, for rows that share a time; empty when every row may.</param>
    /// <exception cref="TooFewRowsException">Fewer than 20 values.</exception>
    /// <exception cref="NotEstimableException">The values do not vary, or no row may be the first after a change.</exception>
    public static StepChangeResult Find(ReadOnlySpan<double> values, ReadOnlySpan<bool> starts = default)
    {
        var n = values.Length;
        if (n < 2 * FewestRows)
            throw new TooFewRowsException("The series", n, 2 * FewestRows);
        if (!starts.IsEmpty && starts.Length != n)
            throw new ArgumentException($"{n} values and {starts.Length} marks do not pair.", nameof(starts));
        var mean = 0.0;
        for (var i = 0; i < n; i++)
        {
            InferenceGuard.Finite(values[i], nameof(values));
            mean += (values[i] - mean) / (i + 1);
        }
        double squares = 0;
        foreach (var v in values)
            squares += (v - mean) * (v - mean);
        if (!(squares > 0))
            throw new NotEstimableException("The series does not vary, so its level cannot change.");
        double sum = 0, largest = -1, sumAt = 0;
        var before = 0;
        for (var k = 1; k < n; k++)
        {
            sum += values[k - 1] - mean;
            if (k < FewestRows || n - k < FewestRows || (!starts.IsEmpty && !starts[k]) || Math.Abs(sum) <= largest)
                continue;
            (largest, before, sumAt) = (Math.Abs(sum), k, sum);
        }
        if (before == 0)
            throw new NotEstimableException("No row may be the first after a change.");
        var statistic = largest / Math.Sqrt(squares);
        return new(before, statistic, KolmogorovSmirnov.LimitP(statistic), Neighbours(values, before, mean + sumAt / before, mean - sumAt / (n - before)));
    }

    static double Neighbours(ReadOnlySpan<double> values, int before, double first, double second)
    {
        double products = 0, squares = 0, last = 0;
        for (var i = 0; i < values.Length; i++)
        {
            var off = values[i] - (i < before ? first : second);
            squares += off * off;
            products += i > 0 ? off * last : 0;
            last = off;
        }
        return squares > 0 ? products / squares : 0;
    }
}
