using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Interference;

/// <summary>One ego of an ego-cluster experiment.</summary>
/// <param name="Own">Its own arm is the treatment.</param>
/// <param name="Alters">The arm drawn for its alters is the treatment.</param>
/// <param name="Exposure">Share of all its neighbours that are treated, those of other clusters included.</param>
/// <param name="Value">Its outcome.</param>
public readonly record struct Ego(bool Own, bool Alters, double Exposure, double Value);

/// <summary>Effects on egos; null where the design has too few egos to tell.</summary>
/// <param name="Total">Ego and alters treated less neither.</param>
/// <param name="Direct">Ego treated less not, alters untreated.</param>
/// <param name="SpillOver">Alters treated less not, ego untreated; ego treated where no ego is untreated.</param>
/// <param name="FullSpillOver">Change from no neighbour treated to all, if the response is a straight line in their share: egos of one own arm, the drawn arm of the alters as instrument.</param>
/// <param name="ExposureGained">Mean share of neighbours treated where the alters were drawn for treatment, less where they were not.</param>
/// <param name="Egos">Egos by own arm (control, treatment) and arm of the alters: (0,0), (0,1), (1,0), (1,1).</param>
public sealed record EgoEffectsResult(ContrastResult? Total, ContrastResult? Direct, ContrastResult? SpillOver, ContrastResult? FullSpillOver, double? ExposureGained, IReadOnlyList<int> Egos);

/// <summary>What the arm of their alters, and their own, does to egos.</summary>
/// <remarks>
/// Every ego is one piece of evidence: its alters were drawn together and no ego shares them, so means of egos are compared by Welch's test. Links that were cut leave some neighbours in another arm and pull the
/// differences towards 0; the line in the share of treated neighbours undoes that (two-stage least squares with one binary instrument, spread of its own in either arm: Wald 1940; Imbens and Angrist 1994).
/// Source: Saint-Jacques, Varshney, Simpson and Xu 2019.
/// </remarks>
public static class EgoEffects
{
    const int Fewest = 2;
    const double WeakExposure = 0.1;

    /// <param name="egos">All egos with an outcome.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="TooFewRowsException">No two arms of alters (or of alters and egos) have 2 egos each.</exception>
    /// <exception cref="NotEstimableException">Outcomes never vary.</exception>
    public static EgoEffectsResult Estimate(IReadOnlyList<Ego> egos, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(egos);
        InferenceGuard.Level(level);
        if (egos.Count > 0 && egos.All(e => e.Value == egos[0].Value))
            throw new NotEstimableException("the outcome is the same in every ego.");
        Ego[][] cells = [.. new[] { (false, false), (false, true), (true, false), (true, true) }.Select(c => egos.Where(e => e.Own == c.Item1 && e.Alters == c.Item2).ToArray())];
        var untreated = cells[0].Length >= Fewest && cells[1].Length >= Fewest;
        var (off, on) = untreated ? (cells[0], cells[1]) : (cells[2], cells[3]);
        var spill = Compare(on, off, level, $"egos {(untreated ? "untreated" : "treated")}, by the arm of their alters");
        var total = Compare(cells[3], cells[0], level, "egos with their alters");
        if (spill is null && total is null)
            throw new TooFewRowsException("The smaller arm of egos", new[] { cells[0].Length, cells[1].Length, cells[3].Length }.Min(), Fewest);
        var gained = spill is null ? total is null ? (double?)null : Gain(cells[3], cells[0]) : Gain(on, off);
        return new(total, Compare(cells[2], cells[0], level, "egos whose alters are untreated, by their own arm"), spill, spill is null ? null : Full(on, off, level), gained, [.. cells.Select(c => c.Length)]);
    }

    static ContrastResult? Compare(Ego[] with, Ego[] without, double level, string what) =>
        with.Length < Fewest || without.Length < Fewest ? null : WelchT.TryTest(Of(with), Of(without), level) is { } c ? c with { Method = $"{what}, Welch" } : null;

    static Moments Of(Ego[] egos) => Moments.Of([.. egos.Select(e => e.Value)]);

    static double Gain(Ego[] with, Ego[] without) => with.Average(e => e.Exposure) - without.Average(e => e.Exposure);

    static ContrastResult? Full(Ego[] on, Ego[] off, double level)
    {
        var gain = Gain(on, off);
        if (gain < WeakExposure)
            return null;
        var slope = (Of(on).Mean - Of(off).Mean) / gain;
        Moments Rest(Ego[] egos) => Moments.Of([.. egos.Select(e => e.Value - slope * e.Exposure)]);
        var (x, y) = (Rest(on), Rest(off));
        var (a, b) = (x.VarianceOfMean, y.VarianceOfMean);
        if (!(a + b > 0))
            return null;
        var error = Math.Sqrt(a + b) / gain;
        var degrees = (a + b) * (a + b) / (a * a / (x.Count - 1) + b * b / (y.Count - 1));
        var reach = StudentT.UpperQuantile(0.5 * (1 - level), degrees) * error;
        return new(slope, slope - reach, slope + reach, error, slope / error, degrees, StudentT.TwoSided(slope / error, degrees), level, "none to all neighbours treated, a line in their share; the drawn arm of the alters as instrument");
    }
}
