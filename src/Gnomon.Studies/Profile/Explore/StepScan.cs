using Gnomon.Methods;
using Gnomon.Methods.Data;
using Gnomon.Methods.Inference;

namespace Gnomon.Studies.Profile.Explore;

/// <summary>Does a column change its level along the rows, and are neighbours alike by themselves?</summary>
internal static class StepScan
{
    private const double NeighboursAlike = 0.05;
    private const double BeyondChance = 4;

    /// <summary>True for columns whose neighbours in the order of the rows are alike beyond one change of level: their rows are not independent of each other.</summary>
    public static bool IsSerial(PatternHalf half, PatternColumn column)
    {
        if (column.Groups is { } groups && !column.IsFlag)
        {
            return InRuns(half, groups, column.Names.Count);
        }

        return Find(half, column, null) is { } step && step.Test.Neighbours > Math.Max(NeighboursAlike, BeyondChance / Math.Sqrt(step.Rows.Count));
    }

    /// <param name="half">The rows that explore.</param>
    /// <param name="column">A number or a flag.</param>
    /// <param name="time">Time of each sample row; null where the order of the file counts.</param>
    public static Pattern? Explore(PatternHalf half, PatternColumn column, double[]? time) => Find(half, column, time) is { } step
        ? new Pattern(PatternKind.Step, column, null, step.Test.PValue) { FirstRowAfter = step.Rows[step.Test.Before] }
        : null;

    public static double? Confirm(PatternHalf half, Pattern pattern, int[] place)
    {
        var scores = half.Scores(pattern.First);
        var kept = Enumerable.Range(0, scores.Length).Where(k => !double.IsNaN(scores[k])).ToList();
        var values = kept.Select(k => scores[k]).ToArray();
        var after = kept.Select(k => place[half.Rows[k]] >= place[pattern.FirstRowAfter]).ToArray();
        try
        {
            return ScoreContrast.Test(values, after).PValue;
        }
        catch (Exception e) when (e is NotEstimableException or TooFewRowsException)
        {
            return null;
        }
    }

    private static (StepChangeResult Test, IReadOnlyList<int> Rows)? Find(PatternHalf half, PatternColumn column, double[]? time)
    {
        var scores = half.Scores(column);
        var kept = Enumerable.Range(0, scores.Length).Where(k => !double.IsNaN(scores[k])).ToArray();
        if (kept.Length < PairScan.FewestRows)
        {
            return null;
        }

        var rows = Array.ConvertAll(kept, k => half.Rows[k]);
        var starts = time is null ? [] : rows.Select((r, i) => i > 0 && time[r] != time[rows[i - 1]]).ToArray();
        try
        {
            return (StepChange.Find(Array.ConvertAll(kept, k => scores[k]), starts), rows);
        }
        catch (NotEstimableException)
        {
            return null;
        }
    }

    private static bool InRuns(PatternHalf half, int[] groups, int count)
    {
        var sizes = new double[count];
        double n = 0, alike = 0;
        var last = -1;
        foreach (var i in half.Rows)
        {
            if (groups[i] < 0)
            {
                continue;
            }

            sizes[groups[i]]++;
            alike += n > 0 && groups[i] == last ? 1 : 0;
            n++;
            last = groups[i];
        }

        var chance = sizes.Sum(s => s / Math.Max(1, n) * (s / Math.Max(1, n)));
        return n > 1 && chance < 1 && (alike / (n - 1)) - chance > Math.Max(NeighboursAlike * (1 - chance), BeyondChance * Math.Sqrt(chance * (1 - chance) / n));
    }
}
