using Gnomon.Methods;
using Gnomon.Methods.Data;
using Gnomon.Methods.Inference;

namespace Gnomon.Studies.Profile.Explore;

/// <summary>Do two columns go together? Distance correlation of numbers, groups against the rest in a number or a flag, chi-square of two categories.</summary>
internal static class PairScan
{
    public const int FewestRows = 100;
    private const int FewestInGroup = 30;
    private const double FewestExpected = 5;

    /// <summary>Asks it of one half; which group stands out is chosen, and paid for by the number of groups.</summary>
    /// <returns>Null where too few rows hold both.</returns>
    public static (Pattern Pattern, int Cells)? Explore(PatternHalf half, PatternColumn a, PatternColumn b)
    {
        if (a.IsNumber && b.IsNumber)
        {
            return Distance(half, a, b) is { } test ? (new Pattern(PatternKind.Pair, a, b, test.PValue), 1) : null;
        }

        var (groups, outcome) = Sides(a, b);
        if (outcome is null)
        {
            return Table(half, a, b) is { } table ? (new Pattern(PatternKind.Pair, a, b, table.PValue), 1) : null;
        }

        Pattern? best = null;
        var cells = 0;
        foreach (var (group, test) in Groups(half, groups, outcome))
        {
            cells++;
            if (best is null || test.PValue < best.PValue)
            {
                best = new Pattern(PatternKind.Subgroup, groups, outcome, test.PValue) { Group = group, Sign = Math.Sign(test.Z) };
            }
        }

        // Two groups are one question seen from both sides.
        return best is null ? null : (best with { PValue = Math.Min(1, best.PValue * (groups.IsFlag ? 1 : cells)) }, cells);
    }

    /// <summary>The p-value of a pattern on rows that did not choose it.</summary>
    public static double? Confirm(PatternHalf half, Pattern pattern)
    {
        if (pattern.Kind == PatternKind.Subgroup)
        {
            return Group(half, pattern.First, pattern.Second!, pattern.Group)?.PValue;
        }

        return pattern.First.IsNumber ? Distance(half, pattern.First, pattern.Second!)?.PValue : Table(half, pattern.First, pattern.Second!)?.PValue;
    }

    public static DistanceCorrelationResult? Distance(PatternHalf half, PatternColumn a, PatternColumn b)
    {
        try
        {
            if (half.Distances(a) is { } x && half.Distances(b) is { } y)
            {
                return DistanceCorrelation.Test(x, y);
            }

            var both = half.Rows.Where(i => !a.IsMissing(i) && !b.IsMissing(i)).ToArray();
            return both.Length < FewestRows ? null : DistanceCorrelation.Test(
                DistanceColumn.Of(Midranks.Of(Array.ConvertAll(both, i => a.Numbers![i]))), DistanceColumn.Of(Midranks.Of(Array.ConvertAll(both, i => b.Numbers![i]))));
        }
        catch (NotEstimableException)
        {
            return null;
        }
    }

    /// <summary>Two categories, groups that are too rare for the limit taken together.</summary>
    public static ContingencyResult? Table(PatternHalf half, PatternColumn a, PatternColumn b) => Counts(half, a, b) is var (counts, columns) ? ContingencyTest.ChiSquare(counts, columns) : null;

    public static (long[] Counts, int Columns)? Counts(PatternHalf half, PatternColumn a, PatternColumn b)
    {
        var (rows, columns) = (a.Names.Count, b.Names.Count);
        var counts = new long[rows * columns];
        foreach (var i in half.Rows)
        {
            if (a.Groups![i] >= 0 && b.Groups![i] >= 0)
            {
                counts[(a.Groups[i] * columns) + b.Groups[i]]++;
            }
        }

        var n = counts.Sum();
        if (n < FewestRows)
        {
            return null;
        }

        // A share of at least the root of 5 / n on both sides leaves no expected count below 5; what falls short goes to the last place.
        var least = Math.Sqrt(FewestExpected / n);
        int[] toRow = Kept(rows, r => Enumerable.Range(0, columns).Sum(c => counts[(r * columns) + c])), toColumn = Kept(columns, c => Enumerable.Range(0, rows).Sum(r => counts[(r * columns) + c]));
        int keptRows = toRow.Max() + 1, keptColumns = toColumn.Max() + 1;
        var pooled = new long[(keptRows + 1) * (keptColumns + 1)];
        for (var k = 0; k < counts.Length; k++)
        {
            var (r, c) = (toRow[k / columns] < 0 ? keptRows : toRow[k / columns], toColumn[k % columns] < 0 ? keptColumns : toColumn[k % columns]);
            pooled[(r * (keptColumns + 1)) + c] += counts[k];
        }

        // A pool that is itself too rare is left out.
        for (var k = 0; k < pooled.Length; k++)
        {
            var (r, c) = (k / (keptColumns + 1), k % (keptColumns + 1));
            var row = Enumerable.Range(0, keptColumns + 1).Sum(x => pooled[(r * (keptColumns + 1)) + x]);
            var column = Enumerable.Range(0, keptRows + 1).Sum(x => pooled[(x * (keptColumns + 1)) + c]);
            pooled[k] = (r == keptRows && row < least * n) || (c == keptColumns && column < least * n) ? 0 : pooled[k];
        }

        return (pooled, keptColumns + 1);

        int[] Kept(int groups, Func<int, long> size)
        {
            var next = 0;
            return [.. Enumerable.Range(0, groups).Select(g => size(g) >= least * n ? next++ : -1)];
        }
    }

    // The groups, and what is measured in them; no outcome for two categories of three values or more.
    private static (PatternColumn Groups, PatternColumn? Outcome) Sides(PatternColumn a, PatternColumn b) => (a, b) switch
    {
        ({ IsNumber: true }, _) => (b, a),
        (_, { IsNumber: true }) => (a, b),
        (_, { IsFlag: true }) => (a, b),
        ({ IsFlag: true }, _) => (b, a),
        _ => (a, null),
    };

    private static IEnumerable<(int Group, ScoreContrastResult Test)> Groups(PatternHalf half, PatternColumn groups, PatternColumn outcome)
    {
        var scores = half.Scores(outcome);
        var (sums, counts) = (new double[groups.Names.Count], new long[groups.Names.Count]);
        double sum = 0, squares = 0;
        long n = 0;
        for (var k = 0; k < scores.Length; k++)
        {
            var g = groups.Groups![half.Rows[k]];
            if (g < 0 || double.IsNaN(scores[k]))
            {
                continue;
            }

            n++;
            sum += scores[k];
            squares += scores[k] * scores[k];
            sums[g] += scores[k];
            counts[g]++;
        }

        if (n < FewestRows)
        {
            yield break;
        }

        for (var g = 0; g < (groups.IsFlag ? 1 : sums.Length); g++)
        {
            if (Contrast(groups.IsFlag ? 1 : g) is { } test)
            {
                yield return (groups.IsFlag ? 1 : g, test);
            }
        }

        ScoreContrastResult? Contrast(int g)
        {
            if (counts[g] < FewestInGroup || n - counts[g] < FewestInGroup)
            {
                return null;
            }

            try
            {
                return outcome.IsFlag ? ScoreContrast.OfCounts((long)sums[g], counts[g], (long)sum, n) : ScoreContrast.FromSums(sums[g], counts[g], sum, squares, n);
            }
            catch (NotEstimableException)
            {
                return null;
            }
        }
    }

    private static ScoreContrastResult? Group(PatternHalf half, PatternColumn groups, PatternColumn outcome, int group) => Groups(half, groups, outcome).Where(g => g.Group == group).Select(g => g.Test).FirstOrDefault();
}
