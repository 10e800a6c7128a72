using Gnomon.Methods.Inference;

namespace Gnomon.Methods.Sampling;

/// <summary>A stratum as it was sampled.</summary>
/// <param name="Size">Rows of the whole in it.</param>
/// <param name="Sampled">Rows drawn from it.</param>
/// <param name="Hits">Rows drawn that have what is counted.</param>
public readonly record struct StratumSample(long Size, long Sampled, long Hits);

/// <summary>A share of the whole, from a sample.</summary>
/// <param name="Value">The share.</param>
/// <param name="Low">Lower limit.</param>
/// <param name="High">Upper limit.</param>
/// <param name="StandardError">Standard error over samples that might have been drawn.</param>
/// <param name="EffectiveRows">Rows of a simple random sample that would know the share as well.</param>
/// <param name="Sampled">Rows drawn.</param>
/// <param name="Size">Rows of the whole.</param>
public sealed record ShareOfWhole(double Value, double Low, double High, double StandardError, double EffectiveRows, long Sampled, long Size);

/// <summary>The share of a whole from a sample whose rows were drawn with known, unequal chances: each row counts for one over its chance.</summary>
/// <remarks>
/// Source: Horvitz and Thompson 1952, Journal of the American Statistical Association 47; variance of a stratified sample without replacement, Cochran 1977, 5.25. The interval is Wilson's with the number of
/// rows of a simple random sample of the same standard error (Korn and Graubard 1998): it stays within 0 and 1 and keeps its level for rare shares; for its width a row of the overall share is added to each stratum. Strata with fewer than two rows drawn are taken together.
/// </remarks>
public static class HorvitzThompson
{
    /// <param name="strata">At least one with rows drawn.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="NotEstimableException">No row was drawn.</exception>
    public static ShareOfWhole Share(IReadOnlyList<StratumSample> strata, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(strata);
        InferenceGuard.Level(level);
        foreach (var s in strata)
        {
            if (s.Hits < 0 || s.Hits > s.Sampled || s.Sampled > s.Size)
                throw new ArgumentException($"A stratum of {s.Size} rows cannot have {s.Sampled} drawn and {s.Hits} hits among them.", nameof(strata));
        }

        var use = Collapse(strata);
        double size = use.Sum(s => s.Size), variance = 0, smoothed = 0, even = 0;
        var value = use.Sum(s => s.Size / size * s.Hits / s.Sampled);
        foreach (var s in use)
        {
            double weight = s.Size / size, open = weight * weight * (1 - ((double)s.Sampled / s.Size)), p = (double)s.Hits / s.Sampled, near = (s.Hits + value) / (s.Sampled + 1.0);
            variance += s.Sampled > 1 ? open * p * (1 - p) / (s.Sampled - 1) : open * value * (1 - value);
            smoothed += open * near * (1 - near) / Math.Max(1, s.Sampled - 1);
            even += open / s.Sampled;
        }

        var sampled = use.Sum(s => s.Sampled);
        if (even == 0)
            return new(value, value, value, 0, double.PositiveInfinity, sampled, (long)size);

        // A stratum without a hit among few rows is not one without a case: one row of the share of all is added to each before its spread is taken.
        var effective = value * (1 - value) > 0 ? value * (1 - value) / smoothed : 1 / even;
        var interval = OneProportion.Wilson(value, effective, level);
        return new(value, interval.Low, interval.High, Math.Sqrt(variance), effective, sampled, (long)size);
    }

    static List<StratumSample> Collapse(IReadOnlyList<StratumSample> strata)
    {
        static bool IsThin(StratumSample s) => s.Sampled < 2 && s.Sampled < s.Size;
        var whole = strata.Where(s => s.Size > 0 && !IsThin(s)).ToList();
        var thin = strata.Where(s => s.Size > 0 && IsThin(s)).Aggregate(default(StratumSample), Join);
        if (thin.Size == 0)
            return whole.Count > 0 ? whole : throw new NotEstimableException("The strata hold no rows.");
        if (IsThin(thin) && whole.Count > 0)
        {
            var at = whole.IndexOf(whole.MinBy(s => s.Size));
            whole[at] = Join(whole[at], thin);
            return whole;
        }

        if (thin.Sampled == 0)
            throw new NotEstimableException("No row was drawn, so the share of the whole is open.");
        whole.Add(thin);
        return whole;
    }

    static StratumSample Join(StratumSample a, StratumSample b) => new(a.Size + b.Size, a.Sampled + b.Sampled, a.Hits + b.Hits);
}
