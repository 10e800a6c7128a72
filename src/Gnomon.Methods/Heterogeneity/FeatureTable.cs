namespace Gnomon.Methods.Heterogeneity;

/// <summary>Binned columns of all units, unit by unit in memory, so that a tree reads a unit's bins from one line of the cache.</summary>
public sealed class FeatureTable
{
    readonly byte[] _codes;

    FeatureTable(IReadOnlyList<Feature> features, byte[] codes, int units)
    {
        Features = features;
        _codes = codes;
        Units = units;
    }

    /// <summary>The columns.</summary>
    public IReadOnlyList<Feature> Features { get; }

    /// <summary>Number of units.</summary>
    public int Units { get; }

    /// <summary>Bin of a unit in a column.</summary>
    public byte this[int unit, int feature] => _codes[(unit * Features.Count) + feature];

    /// <summary>Bins of all columns, unit by unit.</summary>
    internal ReadOnlySpan<byte> Codes => _codes;

    /// <param name="features">The columns, at least one.</param>
    /// <param name="codes">Bins per column, all of one length.</param>
    public static FeatureTable Of(IReadOnlyList<Feature> features, IReadOnlyList<byte[]> codes)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(codes);
        if (features.Count == 0 || features.Count != codes.Count || codes.Any(c => c.Length != codes[0].Length))
        {
            throw new ArgumentException("At least one column is needed, all of one length.", nameof(codes));
        }

        var (units, width) = (codes[0].Length, features.Count);
        var all = new byte[(long)units * width];
        for (var f = 0; f < width; f++)
        {
            var column = codes[f];
            for (int i = 0, at = f; i < units; i++, at += width)
            {
                all[at] = column[i] < features[f].Bins ? column[i] : throw new ArgumentException($"{features[f].Name} has no bin {column[i]}.", nameof(codes));
            }
        }

        return new(features, all, units);
    }

    /// <summary>The same columns for some of the units, in the order given.</summary>
    public FeatureTable Select(ReadOnlySpan<int> units)
    {
        var width = Features.Count;
        var codes = new byte[(long)units.Length * width];
        for (var i = 0; i < units.Length; i++)
        {
            _codes.AsSpan(units[i] * width, width).CopyTo(codes.AsSpan(i * width));
        }

        return new(Features, codes, units.Length);
    }

    /// <summary>Bins that so many units can carry: about a hundred units each, 4 to 63.</summary>
    public static int BinsFor(long units) => (int)Math.Clamp(units / 100, 4, Feature.MostBins - 1);
}
