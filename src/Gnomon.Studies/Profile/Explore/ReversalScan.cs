using Gnomon.Core.Findings;
using Gnomon.Methods;
using Gnomon.Methods.Data;
using Gnomon.Methods.Experiments;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Studies.Profile.Explore;

/// <summary>Does the difference between two sides of a column turn round inside the groups of a third?</summary>
internal static class ReversalScan
{
    private const int MostGroups = 12;
    private const int FewestInCell = 20;

    /// <summary>Columns that can be two sides: flags, and numbers cut at their median in the half that explores.</summary>
    public static IEnumerable<(PatternColumn Column, double Cut)> Sides(PatternHalf half, IReadOnlyList<PatternColumn> columns)
    {
        foreach (var column in columns)
        {
            if (column.IsFlag)
            {
                yield return (column, 0.5);
            }
            else if (column.IsNumber)
            {
                var values = half.Rows.Select(i => column.Numbers![i]).Where(v => !double.IsNaN(v)).Order().ToArray();
                if (values.Length >= PairScan.FewestRows && values[0] < values[^1])
                {
                    var middle = values[values.Length / 2];
                    yield return (column, middle > values[0] ? Math.BitDecrement(middle) : middle);
                }
            }
        }
    }

    public static bool CanBeWithin(PatternColumn column) => column.Groups is not null && column.Names.Count is >= 2 and <= MostGroups;

    /// <summary>All outcomes of one pair of sides and groups: pooled and within-group differences of scores with opposite signs, by the weaker of the two tests.</summary>
    public static IEnumerable<Pattern> Explore(PatternHalf half, PatternColumn sides, double cut, PatternColumn within, IReadOnlyList<PatternColumn> outcomes)
    {
        var cells = new int[half.Count];
        for (var k = 0; k < cells.Length; k++)
        {
            var i = half.Rows[k];
            var x = sides.Outcome(i);
            cells[k] = double.IsNaN(x) || within.Groups![i] < 0 ? -1 : (2 * within.Groups[i]) + (x > cut ? 1 : 0);
        }

        var (sums, squares, counts) = (new double[2 * within.Names.Count], new double[2 * within.Names.Count], new long[2 * within.Names.Count]);
        foreach (var outcome in outcomes.Where(o => o != sides && o != within))
        {
            Tally(half.Scores(outcome), cells, sums, squares, counts);
            if (Judge(sums, squares, counts) is var (pooled, inside) && pooled * inside < 0)
            {
                var p = Math.Min(1, 2 * Normal.Sf(Math.Min(Math.Abs(pooled), Math.Abs(inside))));
                yield return new Pattern(PatternKind.Reversal, sides, outcome, p) { Cut = cut, Within = within, Sign = Math.Sign(pooled) };
            }
        }
    }

    /// <summary>Both differences in the unit of the outcome, on rows that did not choose the pattern.</summary>
    public static StratifiedResult? Measure(PatternHalf half, Pattern pattern, double level)
    {
        var strata = Strata(half, pattern);
        try
        {
            return Stratified.Means(strata, level);
        }
        catch (Exception e) when (e is TooFewRowsException or NotEstimableException)
        {
            return null;
        }
    }

    /// <summary>One-sided: pooled the way it went, and within groups the other way; the weaker of the two counts.</summary>
    public static double? Confirm(PatternHalf half, Pattern pattern) => Measure(half, pattern, 0.95) is { Pooled.StandardError: > 0, Stratified.StandardError: > 0 } m
        ? Math.Max(Normal.Sf(pattern.Sign * m.Pooled.Value / m.Pooled.StandardError), Normal.Sf(-pattern.Sign * m.Stratified.Value / m.Stratified.StandardError))
        : null;

    /// <summary>High side first, group by group.</summary>
    public static StratumMoments[] Strata(PatternHalf half, Pattern pattern)
    {
        var values = Enumerable.Range(0, 2 * pattern.Within!.Names.Count).Select(_ => new List<double>()).ToArray();
        foreach (var i in half.Rows)
        {
            var (x, y, g) = (pattern.First.Outcome(i), pattern.Second!.Outcome(i), pattern.Within.Groups![i]);
            if (g >= 0 && !double.IsNaN(x) && !double.IsNaN(y))
            {
                values[(2 * g) + (x > pattern.Cut ? 1 : 0)].Add(y);
            }
        }

        return [.. Enumerable.Range(0, pattern.Within.Names.Count).Select(g => new StratumMoments(Of(values[(2 * g) + 1]), Of(values[2 * g])))];

        static Moments Of(List<double> list) => list.Count == 0 ? Moments.Empty : Moments.MeanVariance(list.ToArray());
    }

    private static void Tally(double[] scores, int[] cells, double[] sums, double[] squares, long[] counts)
    {
        Array.Clear(sums);
        Array.Clear(squares);
        Array.Clear(counts);
        for (var k = 0; k < scores.Length; k++)
        {
            var cell = cells[k];
            if (cell < 0 || double.IsNaN(scores[k]))
            {
                continue;
            }

            sums[cell] += scores[k];
            squares[cell] += scores[k] * scores[k];
            counts[cell]++;
        }
    }

    // Pooled and post-stratified differences in standard errors; scores have mean 0 and spread 1, so sums of squares lose no digits.
    private static (double Pooled, double Within)? Judge(double[] sums, double[] squares, long[] counts)
    {
        double n1 = 0, n0 = 0, s1 = 0, s0 = 0, q = 0;
        for (var c = 0; c < sums.Length; c += 2)
        {
            if (counts[c] < FewestInCell || counts[c + 1] < FewestInCell)
            {
                continue;
            }

            (n0, n1, s0, s1) = (n0 + counts[c], n1 + counts[c + 1], s0 + sums[c], s1 + sums[c + 1]);
            q += squares[c] + squares[c + 1];
        }

        var n = n0 + n1;
        if (n == 0)
        {
            return null;
        }

        double within = 0, variance = 0;
        var used = 0;
        for (var c = 0; c < sums.Length; c += 2)
        {
            if (counts[c] < FewestInCell || counts[c + 1] < FewestInCell)
            {
                continue;
            }

            used++;
            double a = counts[c + 1], b = counts[c], w = (a + b) / n;
            var (ma, mb) = (sums[c + 1] / a, sums[c] / b);
            within += w * (ma - mb);
            variance += w * w * (((squares[c + 1] - (a * ma * ma)) / (a * (a - 1))) + ((squares[c] - (b * mb * mb)) / (b * (b - 1))));
        }

        var spread = (q / n) - (((s1 + s0) / n) * ((s1 + s0) / n));
        return used < 2 || !(variance > 0) || !(spread > 0) ? null : (((s1 / n1) - (s0 / n0)) / Math.Sqrt(spread * ((1 / n1) + (1 / n0))), within / Math.Sqrt(variance));
    }
}
