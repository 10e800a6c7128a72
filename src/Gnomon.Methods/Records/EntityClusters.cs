namespace Gnomon.Methods.Records;

/// <summary>Rows that are one entity.</summary>
/// <param name="Labels">Entity of each row, numbered from 0 in the order of its first row.</param>
/// <param name="Entities">How many there are.</param>
/// <param name="Broken">Pairs that did not join their groups because too few of the rows were alike.</param>
public sealed record EntityClustering(int[] Labels, int Entities, int Broken);

/// <summary>From pairs to entities: rows connected by pairs, as long as half of the rows of two groups are alike themselves.</summary>
/// <remarks>Groups are joined by their surest pair first, and only where at least half of the pairs between them are accepted too: a guard against chains (Christen 2012, section 6.10).</remarks>
public static class EntityClusters
{
    const double LeastDensity = 0.5;

    /// <param name="pairs">Pairs, in any order.</param>
    /// <param name="rows">Rows of the table.</param>
    /// <param name="threshold">Pairs at or above this probability connect.</param>
    public static EntityClustering Of(IReadOnlyList<RecordPair> pairs, int rows, double threshold)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        if (!(threshold > 0 && threshold <= 1))
            throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "The probability lies above 0, at most at 1.");
        var used = new List<RecordPair>();
        foreach (var pair in pairs)
        {
            if (pair.Probability >= threshold)
                used.Add(pair);
        }
        // Strongest first, rows in order among equals: a group then grows from its surest pairs.
        used.Sort(static (a, b) => b.Weight.CompareTo(a.Weight) is not 0 and var w ? w : a.First != b.First ? a.First.CompareTo(b.First) : a.Second.CompareTo(b.Second));
        var accepted = new Dictionary<int, HashSet<int>>();
        foreach (var pair in used)
        {
            Neighbours(accepted, pair.First).Add(pair.Second);
            Neighbours(accepted, pair.Second).Add(pair.First);
        }
        var members = new Dictionary<int, List<int>>();
        var group = new int[rows];
        for (var i = 0; i < rows; i++)
            group[i] = i;
        var broken = 0;
        foreach (var pair in used)
        {
            int a = group[pair.First], b = group[pair.Second];
            if (a == b)
                continue;
            var left = Members(members, a);
            var right = Members(members, b);
            if (!IsDense(left, right, accepted))
            {
                broken++;
                continue;
            }
            foreach (var row in right)
                group[row] = a;
            left.AddRange(right);
            members.Remove(b);
        }
        return Number(group, broken);
    }

    static bool IsDense(List<int> left, List<int> right, Dictionary<int, HashSet<int>> accepted)
    {
        long between = 0;
        foreach (var row in left)
        {
            var near = accepted[row];
            foreach (var other in right)
                between += near.Contains(other) ? 1 : 0;
        }
        return between >= LeastDensity * left.Count * right.Count;
    }

    static EntityClustering Number(int[] group, int broken)
    {
        var labels = new int[group.Length];
        var names = new Dictionary<int, int>();
        for (var i = 0; i < group.Length; i++)
        {
            if (!names.TryGetValue(group[i], out labels[i]))
                names.Add(group[i], labels[i] = names.Count);
        }
        return new(labels, names.Count, broken);
    }

    static HashSet<int> Neighbours(Dictionary<int, HashSet<int>> accepted, int row) => accepted.TryGetValue(row, out var near) ? near : accepted[row] = [];

    static List<int> Members(Dictionary<int, List<int>> members, int group) => members.TryGetValue(group, out var rows) ? rows : members[group] = [group];
}
