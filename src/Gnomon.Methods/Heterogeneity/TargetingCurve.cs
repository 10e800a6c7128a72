using Gnomon.Methods.Experiments;
using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Random;

namespace Gnomon.Methods.Heterogeneity;

/// <summary>What treating the units of highest priority first brings.</summary>
/// <param name="Share">Share of units treated, those of highest priority first; in (0, 1].</param>
/// <param name="Effect">Mean effect among them.</param>
/// <param name="EffectError">Its standard error.</param>
/// <param name="Gain">What treating them, and nobody else, brings per unit of all: share times effect.</param>
/// <param name="GainError">Its standard error.</param>
public sealed record TargetingPoint(double Share, double Effect, double EffectError, double Gain, double GainError);

/// <summary>A priority rule judged on units it was not made from.</summary>
/// <param name="Points">The curve on a grid of shares, the last at 1.</param>
/// <param name="Autoc">Area under the targeting operator characteristic: the effect among the first u less the average effect, averaged over u in (0, 1). 0 when the priority tells nothing.</param>
/// <param name="Qini">The same weighted by u: the area between the gain curve and treating at random.</param>
public sealed record TargetingCurveResult(IReadOnlyList<TargetingPoint> Points, ContrastResult Autoc, ContrastResult Qini);

/// <summary>Rank-weighted average treatment effects of a priority rule, with the curves behind them.</summary>
/// <remarks>
/// Source: Yadlowsky, Fleming, Shah, Brunskill and Wager 2025 (RATE), with doubly robust scores; units of equal priority share their mean score. Standard errors by the half-sample bootstrap, whose spread over random halves
/// estimates the spread of the whole sample's value. The priority must come from units other than these. Agrees with a plain numpy computation to 1e-10 (tests/reference/heterogeneity/make.py).
/// </remarks>
public static class TargetingCurve
{
    const int LeastUnits = 50;

    /// <param name="scores">Scores of units (<see cref="EffectScores"/>).</param>
    /// <param name="priority">Who is treated first: the larger the earlier; made from other units.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <param name="points">Points of the curve.</param>
    /// <param name="halves">Half samples of the bootstrap.</param>
    /// <param name="seed">Seed of the half samples.</param>
    /// <param name="threads">Threads; all cores when null. The answer does not depend on it.</param>
    /// <exception cref="TooFewRowsException">Fewer than 50 units.</exception>
    /// <exception cref="NotEstimableException">All units have the same priority, or the scores do not vary.</exception>
    public static TargetingCurveResult Of(
        ReadOnlySpan<double> scores, ReadOnlySpan<double> priority, double level = 0.95, int points = 20, int halves = 200, ulong seed = 1, int? threads = null)
    {
        InferenceGuard.Level(level);
        ArgumentOutOfRangeException.ThrowIfLessThan(points, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(halves, 20);
        if (scores.Length != priority.Length)
        {
            throw new ArgumentException($"{scores.Length} scores for {priority.Length} priorities.", nameof(priority));
        }

        if (scores.Length < LeastUnits)
        {
            throw new TooFewRowsException("The targeting curve", scores.Length, LeastUnits);
        }

        var ranked = Ranked.Of(scores, priority);
        var (autoc, qini) = ranked.Areas(null);
        var areas = new (double Autoc, double Qini)[halves];
        var root = new Rng(seed);
        Parallel.For(0, halves, new ParallelOptions { MaxDegreeOfParallelism = threads ?? -1 }, h => areas[h] = ranked.Areas(root.Stream("half", h)));
        return new(
            ranked.Curve(points),
            Answer(autoc, [.. areas.Select(a => a.Autoc)], level, "AUTOC, half-sample bootstrap"),
            Answer(qini, [.. areas.Select(a => a.Qini)], level, "Qini, half-sample bootstrap"));
    }

    static ContrastResult Answer(double value, double[] halves, double level, string method)
    {
        var spread = Moments.MeanVariance(halves);
        return spread.M2 > 0
            ? NormalContrast.Of(value, spread.StandardDeviation, level, method)
            : throw new NotEstimableException("The scores do not vary, so the curve has no error.");
    }

    /// <summary>Scores in the order of priority, about their mean; groups of equal priority end where <see cref="Ends"/> say.</summary>
    sealed record Ranked(double[] Scores, int[] Ends, double[] Harmonic, double Centre)
    {
        public static Ranked Of(ReadOnlySpan<double> scores, ReadOnlySpan<double> priority)
        {
            var (order, keys) = (new int[scores.Length], new double[scores.Length]);
            for (var i = 0; i < order.Length; i++)
            {
                (order[i], keys[i]) = (i, double.IsFinite(priority[i]) ? -priority[i] : throw new ArgumentOutOfRangeException(nameof(priority), priority[i], "A priority is finite."));
            }

            Array.Sort(keys, order);
            var centre = Moments.MeanVariance(scores).Mean;
            var sorted = new double[order.Length];
            var ends = new List<int>();
            for (var i = 0; i < order.Length; i++)
            {
                sorted[i] = scores[order[i]] - centre;
                if (i + 1 == order.Length || keys[i + 1] > keys[i])
                {
                    ends.Add(i + 1);
                }
            }

            if (ends.Count < 2)
            {
                throw new NotEstimableException("Every unit has the same priority.");
            }

            var harmonic = new double[order.Length + 1];
            for (var k = 1; k < harmonic.Length; k++)
            {
                harmonic[k] = harmonic[k - 1] + (1.0 / k);
            }

            // Within a group the order tells nothing; sorting by value makes sums the same whatever order the rows came in.
            var start = 0;
            foreach (var end in ends)
            {
                Array.Sort(sorted, start, end - start);
                start = end;
            }

            return new(sorted, [.. ends], harmonic, centre);
        }

        // With k units before a group of m units of mean v and c their sum, the j-th of it adds (c + j v) / (k + j) = v + (c - k v) / (k + j): the sum needs harmonic numbers only.
        public (double Autoc, double Qini) Areas(Rng? half)
        {
            double sum = 0, auto = 0, gains = 0;
            int taken = 0, start = 0;
            ulong bits = 0;
            foreach (var end in Ends)
            {
                var (m, total) = (0, 0.0);
                for (var i = start; i < end; i++)
                {
                    if (half is null)
                    {
                        m++;
                        total += Scores[i];
                        continue;
                    }

                    bits = (i & 63) == 0 ? half.NextUInt64() : bits >> 1;
                    if ((bits & 1) == 1)
                    {
                        m++;
                        total += Scores[i];
                    }
                }

                start = end;
                if (m == 0)
                {
                    continue;
                }

                var mean = total / m;
                auto += (m * mean) + ((sum - (taken * mean)) * (Harmonic[taken + m] - Harmonic[taken]));
                gains += (m * sum) + (mean * m * (m + 1.0) / 2);
                sum += total;
                taken += m;
            }

            if (taken == 0)
            {
                return default;
            }

            var average = sum / taken;
            return ((auto / taken) - average, (gains / taken / taken) - (average * (taken + 1.0) / (2.0 * taken)));
        }

        public IReadOnlyList<TargetingPoint> Curve(int points)
        {
            var n = Scores.Length;
            var made = new List<TargetingPoint>(points);
            var smooth = Smoothed();
            double sum = 0, squares = 0;
            var at = 0;
            for (var p = 1; p <= points; p++)
            {
                var until = (int)((long)n * p / points);
                for (; at < until; at++)
                {
                    sum += smooth[at];
                    squares += Scores[at] * Scores[at];
                }

                if (until < 2)
                {
                    continue;
                }

                // About the mean of all: what it adds to the gain is put back, in the value and in the spread.
                var (share, mean) = ((double)until / n, sum / until);
                var within = Math.Max(0, squares - (until * mean * mean)) / (until - 1.0) / until;
                var gain = share * (mean + Centre);
                var gainSquares = squares + (2 * Centre * sum) + (until * Centre * Centre);
                var gainVariance = Math.Max(0, (gainSquares / n) - (gain * gain)) / (n - 1.0);
                made.Add(new(share, mean + Centre, Math.Sqrt(within), gain, Math.Sqrt(gainVariance)));
            }

            return made;
        }

        double[] Smoothed()
        {
            var smooth = new double[Scores.Length];
            var start = 0;
            foreach (var end in Ends)
            {
                var total = 0.0;
                for (var i = start; i < end; i++)
                {
                    total += Scores[i];
                }

                smooth.AsSpan(start, end - start).Fill(total / (end - start));
                start = end;
            }

            return smooth;
        }
    }
}
