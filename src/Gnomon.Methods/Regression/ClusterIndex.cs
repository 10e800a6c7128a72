namespace Gnomon.Methods.Regression;

/// <summary>Rows by cluster: codes 0, 1, ... by first appearance.</summary>
internal sealed class ClusterIndex
{
    ClusterIndex(int[] codes, int count)
    {
        Codes = codes;
        Count = count;
    }

    public int[] Codes { get; }

    public int Count { get; }

    public static ClusterIndex Of(ReadOnlySpan<int> clusters, int rows)
    {
        RegressionGuard.SameRows(rows, clusters.Length, "clusters");
        var known = new Dictionary<int, int>();
        var codes = new int[rows];
        for (var i = 0; i < rows; i++)
        {
            if (!known.TryGetValue(clusters[i], out var code))
            {
                known.Add(clusters[i], code = known.Count);
            }

            codes[i] = code;
        }

        return known.Count >= 2 ? new ClusterIndex(codes, known.Count) : throw new TooFewRowsException("The clustered regression (by cluster)", known.Count, 2);
    }

    public ClusterIndex Crossed(ClusterIndex other)
    {
        var known = new Dictionary<long, int>();
        var codes = new int[Codes.Length];
        for (var i = 0; i < codes.Length; i++)
        {
            var key = ((long)Codes[i] << 32) | (uint)other.Codes[i];
            if (!known.TryGetValue(key, out var code))
            {
                known.Add(key, code = known.Count);
            }

            codes[i] = code;
        }

        return new ClusterIndex(codes, known.Count);
    }

    /// <summary>Rows of each cluster, ascending.</summary>
    public IReadOnlyList<int[]> Members()
    {
        var sizes = new int[Count];
        foreach (var code in Codes)
        {
            sizes[code]++;
        }

        var members = Array.ConvertAll(sizes, size => new int[size]);
        Array.Clear(sizes);
        for (var i = 0; i < Codes.Length; i++)
        {
            members[Codes[i]][sizes[Codes[i]]++] = i;
        }

        return members;
    }
}
