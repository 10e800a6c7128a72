using Gnomon.Methods.Inference;

namespace Gnomon.Methods.Privacy;

/// <summary>A number with noise, and how far the noise may have moved it.</summary>
/// <param name="Value">The released number.</param>
/// <param name="Low">The number without noise is at least this, with the level asked for.</param>
/// <param name="High">And at most this.</param>
public readonly record struct PrivateNumber(double Value, double Low, double High);

/// <summary>Counts, histograms and means whose law changes by at most a factor exp(epsilon) when one person's rows are added or taken away.</summary>
/// <remarks>
/// Sources: Dwork, McSherry, Nissim and Smith 2006; whole-number noise: Canonne, Kamath and Steinke 2020; grid of the mean in place of doubles: Mironov 2012. Cells of a histogram hold different rows,
/// so that a person with one row moves one of them (McSherry 2009, parallel composition). Intervals speak of the noise alone, not of sampling.
/// </remarks>
public static class PrivateRelease
{
    // Half of the bounded range in steps: rounding a value moves it by less than a millionth of the range.
    const long HalfRange = 1L << 19;

    /// <param name="count">Rows.</param>
    /// <param name="epsilon">Privacy loss, above 0.</param>
    /// <param name="rowsPerPerson">Most rows of one person, at least 1.</param>
    /// <param name="source">Where the noise comes from.</param>
    /// <param name="level">Level of the interval.</param>
    /// <returns>The noisy count, which may lie below 0.</returns>
    public static PrivateNumber Count(long count, Epsilon epsilon, int rowsPerPerson, NoiseSource source, double level = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var noise = new DiscreteLaplace(epsilon, Rows(rowsPerPerson));
        var bound = noise.Bound(level);
        var noisy = count + noise.Draw(source);
        return new(noisy, noisy - bound, noisy + bound);
    }

    /// <summary>Counts of cells that no row shares: the loss of the whole histogram is <paramref name="epsilon"/>.</summary>
    /// <param name="counts">Rows of every cell, those without rows included: the list of cells must not come from the data.</param>
    /// <param name="epsilon">Privacy loss, above 0.</param>
    /// <param name="rowsPerPerson">Most rows of one person, at least 1.</param>
    /// <param name="source">Where the noise comes from.</param>
    /// <param name="level">Level of each interval.</param>
    public static PrivateNumber[] Histogram(ReadOnlySpan<long> counts, Epsilon epsilon, int rowsPerPerson, NoiseSource source, double level = 0.95)
    {
        var result = new PrivateNumber[counts.Length];
        for (var i = 0; i < result.Length; i++)
            result[i] = Count(counts[i], epsilon, rowsPerPerson, source, level);
        return result;
    }

    /// <summary>Mean of values cut to a range that was stated beforehand. Half of the loss goes to the sum, half to the count.</summary>
    /// <param name="values">Finite values, in their unit; those outside the range are moved to its ends.</param>
    /// <param name="low">Lower end of the range; it must not come from the data.</param>
    /// <param name="high">Upper end, above <paramref name="low"/>.</param>
    /// <param name="epsilon">Privacy loss, above 0.</param>
    /// <param name="rowsPerPerson">Most rows of one person, at least 1.</param>
    /// <param name="source">Where the noise comes from.</param>
    /// <param name="level">Level of the interval.</param>
    public static PrivateNumber Mean(ReadOnlySpan<double> values, double low, double high, Epsilon epsilon, int rowsPerPerson, NoiseSource source, double level = 0.95)
    {
        InferenceGuard.Finite(low);
        InferenceGuard.Finite(high);
        if (!(high > low))
            throw new ArgumentOutOfRangeException(nameof(high), high, "The range of a mean goes from a lower to a higher number.");
        var (middle, step) = ((low + high) / 2, (high - low) / 2 / HalfRange);
        long sum = 0;
        foreach (var value in values)
        {
            InferenceGuard.Finite(value, nameof(values));
            sum += (long)Math.Round((Math.Clamp(value, low, high) - middle) / step);
        }
        var half = Epsilon.Of(decimal.Round(epsilon.Value / 2, 6, MidpointRounding.ToZero));
        var (sumNoise, countNoise) = (new DiscreteLaplace(half, HalfRange * Rows(rowsPerPerson)), new DiscreteLaplace(half, Rows(rowsPerPerson)));
        double noisySum = sum + sumNoise.Draw(source), noisyCount = Math.Max(1, values.Length + countNoise.Draw(source));
        // Each noise keeps its bound with half of the risk.
        var each = 1 - (1 - level) / 2;
        double sumBound = sumNoise.Bound(each), countBound = countNoise.Bound(each);
        double At(double s, double n) => Math.Clamp(middle + step * s / Math.Max(1, n), low, high);
        double[] corners = [At(noisySum - sumBound, noisyCount - countBound), At(noisySum - sumBound, noisyCount + countBound), At(noisySum + sumBound, noisyCount - countBound), At(noisySum + sumBound, noisyCount + countBound)];
        Array.Sort(corners);
        return new(At(noisySum, noisyCount), corners[0], corners[3]);
    }

    static int Rows(int rowsPerPerson)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rowsPerPerson, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rowsPerPerson, 1_000);
        return rowsPerPerson;
    }
}
