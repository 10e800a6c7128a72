using Gnomon.Numerics.Random;

namespace Gnomon.Methods.Resampling;

/// <summary>How blocks of a series are drawn.</summary>
public enum BlockScheme
{
    /// <summary>Blocks of one length that start anywhere they fit (Kunsch 1989): rows near the ends are drawn less often.</summary>
    Moving,

    /// <summary>Blocks of one length on a circle, the end joined to the start (Politis and Romano 1992): every row alike.</summary>
    Circular,

    /// <summary>Blocks of geometric lengths on a circle (Politis and Romano 1994): the resampled series is stationary.</summary>
    Stationary,
}

/// <summary>Bootstrap intervals for a series whose neighbours are alike: blocks of neighbours are drawn.</summary>
/// <remarks>
/// Sources: Kunsch 1989, Annals of Statistics 17; Politis and Romano 1992 and 1994, JASA 89; block length: Politis and White 2004 with Patton, Politis and White 2009, Econometric Reviews 28
/// (<see cref="BlockLength"/>). Percentile intervals; BCa and studentised ones need influences that dependence does not give. Draw i comes from its own stream, so the bits do not depend on threads.
/// </remarks>
public static class BlockBootstrap
{
    /// <param name="series">Finite values in order of time, at least 8.</param>
    /// <param name="statistic">Called from several threads at once; finite on every resample.</param>
    /// <param name="scheme">How blocks are drawn.</param>
    /// <param name="length">Length of a block (its mean for stationary blocks), at least 1; null for the automatic choice from the series.</param>
    /// <param name="options">Settings; null for percentile intervals of 9,999 resamples.</param>
    /// <exception cref="TooFewRowsException">Fewer than 8 values.</exception>
    /// <exception cref="NotEstimableException">The statistic does not vary over resamples.</exception>
    public static BootstrapResult Statistic(ReadOnlySpan<double> series, SampleStatistic statistic, BlockScheme scheme = BlockScheme.Stationary, double? length = null, BootstrapOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(statistic);
        options ??= new() { Kind = BootstrapKind.Percentile };
        options.Check();
        if (options.Kind != BootstrapKind.Percentile)
        {
            throw new ArgumentException("Blocks of a series give percentile intervals.", nameof(options));
        }

        if (series.Length < BlockLength.FewestRows)
        {
            throw new TooFewRowsException("The series", series.Length, BlockLength.FewestRows);
        }

        var data = series.ToArray();
        Array.ForEach(data, v => Bootstrap.Finite(v));
        if (length is { } given && !(given >= 1 && given <= data.Length))
        {
            throw new ArgumentOutOfRangeException(nameof(length), length, $"A block has 1 to {data.Length} rows.");
        }

        var block = length ?? (BlockLength.Automatic(data) is var chosen && scheme == BlockScheme.Stationary ? chosen.Stationary : chosen.Circular);
        var estimate = Bootstrap.Finite(statistic(data));
        var deviations = Bootstrap.Draw(options, rng =>
        {
            var drawn = new double[data.Length];
            Fill(data, drawn, scheme, block, rng);
            return statistic(drawn) - estimate;
        });
        Array.ForEach(deviations, d => Bootstrap.Finite(d));
        if (!deviations.AsSpan().ContainsAnyExcept(deviations[0]))
        {
            throw new NotEstimableException("The statistic is the same on every resample.");
        }

        var rounded = scheme == BlockScheme.Stationary ? block.ToString("0.#", System.Globalization.CultureInfo.InvariantCulture) : Whole(block).ToString(System.Globalization.CultureInfo.InvariantCulture);
        return Bootstrap.Percentiles(options, estimate, deviations, 0, 0, $"the statistic, {scheme.ToString().ToLowerInvariant()} blocks of {rounded} rows{(scheme == BlockScheme.Stationary ? " on average" : string.Empty)}");
    }

    internal static void Fill(ReadOnlySpan<double> data, Span<double> to, BlockScheme scheme, double length, Rng rng)
    {
        var n = data.Length;
        if (scheme == BlockScheme.Stationary)
        {
            var at = rng.NextInt(n);
            for (var t = 0; t < n; t++)
            {
                to[t] = data[at];
                at = rng.NextDouble() * length < 1.0 ? rng.NextInt(n) : at + 1 == n ? 0 : at + 1;
            }

            return;
        }

        var block = Whole(length);
        for (var t = 0; t < n; t += block)
        {
            var start = rng.NextInt(scheme == BlockScheme.Moving ? n - block + 1 : n);
            for (var j = 0; j < block && t + j < n; j++)
            {
                var at = start + j;
                to[t + j] = data[at < n ? at : at - n];
            }
        }
    }

    static int Whole(double length) => Math.Max(1, (int)Math.Round(length, MidpointRounding.AwayFromZero));
}
