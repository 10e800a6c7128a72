namespace Gnomon.Methods.Sampling;

/// <summary>Leaves out rows that are near copies of a row kept before.</summary>
/// <remarks>
/// The leader pass (Hartigan 1975, Clustering Algorithms, chapter 3) within groups, in the order of rows: a row is kept when no row of its group that was kept before lies within the reach, and belongs to the
/// first such row otherwise. Kept rows of a group lie farther apart than the reach, and every row lies within it of a kept one.
/// </remarks>
public static class NearCopies
{
    /// <param name="points">Row by row.</param>
    /// <param name="dimensions">Coordinates of a row.</param>
    /// <param name="groups">Group of each row, such as a drive: copies are looked for within.</param>
    /// <param name="reach">Largest distance of a copy, above 0.</param>
    /// <returns>For each row the kept row that it belongs to: itself where it is kept.</returns>
    public static int[] Leaders(double[] points, int dimensions, ReadOnlySpan<int> groups, double reach)
    {
        ArgumentNullException.ThrowIfNull(points);
        if (points.Length != groups.Length * dimensions)
            throw new ArgumentException($"{points.Length} coordinates are not {dimensions} for each of {groups.Length} rows.", nameof(points));
        var axes = NearIndex.Widest(points, dimensions);
        var kept = new Dictionary<int, (NearIndex Index, List<int> Rows)>();
        var leaders = new int[groups.Length];
        for (var i = 0; i < leaders.Length; i++)
        {
            if (!kept.TryGetValue(groups[i], out var group))
                kept[groups[i]] = group = (new NearIndex(dimensions, reach, axes), []);
            var point = points.AsSpan(i * dimensions, dimensions);
            var first = group.Index.First(point);
            leaders[i] = first < 0 ? i : group.Rows[first];
            if (first < 0)
            {
                group.Index.Add(point);
                group.Rows.Add(i);
            }
        }

        return leaders;
    }
}
