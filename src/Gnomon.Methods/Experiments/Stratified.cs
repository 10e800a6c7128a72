using System.Runtime.InteropServices;
using Gnomon.Methods.Inference;
using Gnomon.Numerics;

namespace Gnomon.Methods.Experiments;

/// <summary>Successes and units of two arms in one stratum.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct StratumCounts(long FirstSuccesses, long FirstUnits, long SecondSuccesses, long SecondUnits);

/// <summary>Moments of a metric for two arms in one stratum.</summary>
public sealed record StratumMoments(Moments First, Moments Second);

/// <summary>A comparison within strata beside the comparison that ignores them.</summary>
/// <param name="Stratified">First minus second arm, compared within strata and standardised to the mix of both arms together.</param>
/// <param name="Pooled">First minus second arm, strata ignored.</param>
/// <param name="MixEffect">Pooled minus stratified: what the arms' different mixes contribute, given the counts per stratum.</param>
/// <param name="SignReversed">True when the two comparisons have opposite signs (Simpson's reversal).</param>
/// <param name="StrataUsed">Strata in which both arms can be compared.</param>
/// <param name="UnitsOutside">Units in strata where they cannot, left out of every number here.</param>
public sealed record StratifiedResult(
    ContrastResult Stratified, ContrastResult Pooled, ContrastResult MixEffect, bool SignReversed, int StrataUsed, long UnitsOutside);

/// <summary>Comparisons within strata: Mantel-Haenszel risk difference and post-stratified difference of means.</summary>
/// <remarks>
/// Sources: Mantel and Haenszel 1959; Sato 1989, Biometrics 45 (variance, right for few large and for many sparse strata);
/// Miratrix, Sekhon and Yu 2013, JRSS B 75 (post-stratification, conditional on the counts per stratum).
/// </remarks>
public static class Stratified
{
    /// <summary>Mantel-Haenszel risk difference, first minus second arm, with Sato's variance.</summary>
    /// <exception cref="TooFewRowsException">No stratum holds units of both arms.</exception>
    /// <exception cref="NotEstimableException">The outcome does not vary within any stratum.</exception>
    public static ContrastResult MantelHaenszel(ReadOnlySpan<StratumCounts> strata, double level = 0.95)
    {
        InferenceGuard.Level(level);
        double weights = 0, sum = 0, p = 0, q = 0;
        foreach (var s in strata)
        {
            Validate(s);
            if (s.FirstUnits == 0 || s.SecondUnits == 0)
                continue;
            double x = s.FirstSuccesses, n = s.FirstUnits, y = s.SecondSuccesses, m = s.SecondUnits, total = n + m;
            weights += n * m / total;
            sum += (x * m - y * n) / total;
            p += (n * n * y - m * m * x + n * m * (m - n) / 2) / (total * total);
            q += (x * (m - y) + y * (n - x)) / (2 * total);
        }
        if (weights == 0)
            throw new TooFewRowsException("The set of strata with both arms", 0, 1);
        var difference = sum / weights;
        var variance = (difference * p + q) / (weights * weights);
        if (!(variance > 0))
            throw new NotEstimableException("The outcome does not vary within any stratum.");
        return NormalContrast.Of(difference, Math.Sqrt(variance), level, "Mantel-Haenszel risk difference, Sato variance");
    }

    /// <summary>Rates compared within strata and standardised to the overall mix; strata without both arms are left out and counted.</summary>
    public static StratifiedResult Proportions(ReadOnlySpan<StratumCounts> strata, double level = 0.95)
    {
        var cells = new List<Cell>();
        long outside = 0;
        foreach (var s in strata)
        {
            Validate(s);
            if (s.FirstUnits > 0 && s.SecondUnits > 0)
                cells.Add(new(Rate(s.FirstSuccesses, s.FirstUnits), Rate(s.SecondSuccesses, s.SecondUnits)));
            else
                outside += s.FirstUnits + s.SecondUnits;
        }
        return Compare(cells, outside, level);
    }

    /// <summary>Means compared within strata and standardised to the overall mix; a stratum needs 2 units per arm, else it is left out and counted.</summary>
    public static StratifiedResult Means(ReadOnlySpan<StratumMoments> strata, double level = 0.95)
    {
        var cells = new List<Cell>();
        long outside = 0;
        foreach (var s in strata)
        {
            if (s.First.Count > 1 && s.Second.Count > 1)
                cells.Add(new(Arm(s.First), Arm(s.Second)));
            else
                outside += s.First.Count + s.Second.Count;
        }
        return Compare(cells, outside, level);
    }

    static StratifiedResult Compare(List<Cell> cells, long outside, double level)
    {
        InferenceGuard.Level(level);
        if (cells.Count == 0)
            throw new TooFewRowsException("The set of strata with both arms", 0, 1);
        double first = 0, second = 0;
        foreach (var cell in cells)
        {
            first += cell.First.Units;
            second += cell.Second.Units;
        }
        var stratified = Combine("post-stratified difference, overall mix", c => Mix(c), c => Mix(c));
        var mix = Combine("pooled minus stratified", c => c.First.Units / first - Mix(c), c => c.Second.Units / second - Mix(c));
        // The pooled spread includes the differences between strata: that is what a reader who ignores them would use.
        var pooled = PooledContrast(cells, first, second, level);
        return new(stratified, pooled, mix, stratified.Value * pooled.Value < 0, cells.Count, outside);

        double Mix(Cell c) => (c.First.Units + c.Second.Units) / (first + second);

        ContrastResult Combine(string method, Func<Cell, double> weightFirst, Func<Cell, double> weightSecond)
        {
            double value = 0, variance = 0;
            foreach (var c in cells)
            {
                var a = weightFirst(c);
                var b = weightSecond(c);
                value += a * c.First.Mean - b * c.Second.Mean;
                variance += a * a * c.First.VarianceOfMean + b * b * c.Second.VarianceOfMean;
            }
            return Answer(value, variance, level, method);
        }
    }

    static ContrastResult PooledContrast(List<Cell> cells, double first, double second, double level)
    {
        double meanFirst = 0, meanSecond = 0, varianceFirst = 0, varianceSecond = 0;
        foreach (var c in cells)
        {
            meanFirst += c.First.Units / first * c.First.Mean;
            meanSecond += c.Second.Units / second * c.Second.Mean;
        }
        foreach (var c in cells)
        {
            varianceFirst += c.First.SumOfSquaresAbout(meanFirst) / (first * Math.Max(1, first - 1));
            varianceSecond += c.Second.SumOfSquaresAbout(meanSecond) / (second * Math.Max(1, second - 1));
        }
        return Answer(meanFirst - meanSecond, varianceFirst + varianceSecond, level, "pooled difference, strata ignored");
    }

    // With equal mixes the mix effect is exactly zero and known without error: that is an answer, not a failure.
    static ContrastResult Answer(double value, double variance, double level, string method)
    {
        if (variance > 0)
            return NormalContrast.Of(value, Math.Sqrt(variance), level, method);
        if (value == 0)
            return new(0, 0, 0, 0, 0, null, 1, level, method + ", exact");
        throw new NotEstimableException("The metric does not vary within any stratum, so no error can be computed.");
    }

    static ArmCell Rate(long successes, long units)
    {
        var rate = (double)successes / units;
        return new(units, rate, rate * (1 - rate) / Math.Max(1, units - 1));
    }

    static ArmCell Arm(Moments m) => new(m.Count, m.Mean, m.Variance / m.Count);

    static void Validate(StratumCounts s)
    {
        if (s.FirstSuccesses < 0 || s.SecondSuccesses < 0 || s.FirstSuccesses > s.FirstUnits || s.SecondSuccesses > s.SecondUnits)
            throw new ArgumentException($"Successes must lie between 0 and the units: {s}.");
    }

    [StructLayout(LayoutKind.Auto)]

    readonly record struct ArmCell(double Units, double Mean, double VarianceOfMean)
    {
        public double SumOfSquaresAbout(double centre) => VarianceOfMean * Units * (Units - 1) + Units * (Mean - centre) * (Mean - centre);
    }

    [StructLayout(LayoutKind.Auto)]

    readonly record struct Cell(ArmCell First, ArmCell Second);
}
