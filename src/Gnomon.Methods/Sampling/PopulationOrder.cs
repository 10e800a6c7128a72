using Gnomon.Numerics.Random;

namespace Gnomon.Methods.Sampling;

/// <summary>The order in which rows of the whole come up when they are drawn at random, read from a stratified sample of them.</summary>
/// <remarks>
/// The stratum of the next row is drawn with the number of rows of it that are left; the row is the next one of the stratum's sample in random order. As long as no sample runs out, the first rows are a
/// simple random sample of the whole, and those of any part of the whole are one of that part.
/// </remarks>
public static class PopulationOrder
{
    /// <param name="strata">Stratum of each row of the sample.</param>
    /// <param name="sizes">Rows of each stratum in the whole.</param>
    /// <param name="rng">Random numbers of this order alone.</param>
    /// <returns>Rows of the sample; it ends where a stratum is asked for a row that was not sampled.</returns>
    public static int[] Draw(ReadOnlySpan<int> strata, ReadOnlySpan<long> sizes, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(rng);
        var rows = new List<int>[sizes.Length];
        for (var h = 0; h < rows.Length; h++)
            rows[h] = [];
        for (var i = 0; i < strata.Length; i++)
            rows[strata[i]].Add(i);
        var left = sizes.ToArray();
        long all = 0;
        for (var h = 0; h < rows.Length; h++)
        {
            if (rows[h].Count > left[h])
                throw new ArgumentException($"Stratum {h} has {left[h]} rows and {rows[h].Count} sampled.", nameof(sizes));
            rng.Shuffle<int>(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(rows[h]));
            all += left[h];
        }

        var order = new List<int>(strata.Length);
        var next = new int[rows.Length];
        while (all > 0)
        {
            var at = rng.NextDouble() * all;
            var h = 0;
            while (at >= left[h] && h < left.Length - 1)
                at -= left[h++];
            if (left[h] == 0 || next[h] == rows[h].Count)
                break;
            order.Add(rows[h][next[h]++]);
            left[h]--;
            all--;
        }

        return [.. order];
    }
}
