using Gnomon.Methods.Inference;
using Gnomon.Numerics;

namespace Gnomon.Methods.Groups;

/// <summary>Sums of squares between and within groups, centred so that large means cost no digits.</summary>
internal sealed record SumsOfSquares(double Between, double Within, double DegreesBetween, double DegreesWithin, long Count)
{
    /// <summary>The classical F ratio.</summary>
    public double F => Between / DegreesBetween / (Within / DegreesWithin);

    public static SumsOfSquares Of(IReadOnlyList<Moments> groups)
    {
        Check(groups, 1);
        var all = groups.Aggregate(Moments.Merge);
        var within = 0.0;
        var between = 0.0;
        foreach (var group in groups)
        {
            within += group.M2;
            between += group.Count * (group.Mean - all.Mean) * (group.Mean - all.Mean);
        }

        var spare = all.Count - groups.Count;
        return spare < 1 ? throw new TooFewRowsException("All groups together", all.Count, groups.Count + 1) : new(between, within, groups.Count - 1, spare, all.Count);
    }

    /// <summary>At least two groups with this many values each.</summary>
    public static void Check(IReadOnlyList<Moments> groups, long needed)
    {
        ArgumentNullException.ThrowIfNull(groups);
        if (groups.Count < 2)
        {
            throw new TooFewRowsException("The set of groups", groups.Count, 2);
        }

        for (var g = 0; g < groups.Count; g++)
        {
            InferenceGuard.Rows(groups[g], needed, $"Group {g + 1}");
        }
    }
}
