using Gnomon.Methods.Data;
using Gnomon.Studies.Profile.Scan;

namespace Gnomon.Studies.Profile.Looks;

/// <summary>A column in the sample, ready for looks at several columns: numbers with NaN for none, or groups with -1 for none.</summary>
internal sealed class SampleColumn
{
    private const int MostGroups = 40;
    private double[]? _numbers;
    private int[]? _groups;
    private double[]? _ranks;

    public SampleColumn(ColumnFacts facts, RowSample sample) => (Facts, Sample) = (facts, sample);

    public ColumnFacts Facts { get; }

    public RowSample Sample { get; }

    public string Name => Facts.Name;

    public int Rows => Sample.Count;

    /// <summary>Compared by order: numbers and times.</summary>
    public bool IsOrdered => !Facts.Scan.IsText && Facts.IsModerate;

    /// <summary>Groups in use; rare ones share the last.</summary>
    public int GroupCount { get; private set; }

    public bool IsMissing(int row) => Sample.IsMissing(Facts.Index, row);

    public double[] Numbers => _numbers ??= Sample.Numbers(Facts.Index).ToArray();

    /// <summary>Midranks among the values that are there; NaN where missing.</summary>
    public double[] Ranks => _ranks ??= RankAll();

    /// <summary>Groups by value: the most frequent ones, the rest in one; -1 where missing.</summary>
    public int[] Groups => _groups ??= GroupAll();

    /// <summary>The value of a group, or "other".</summary>
    public string GroupName(int group)
    {
        _ = Groups;
        return group < _names.Count ? _names[group] : "other values";
    }

    /// <summary>True for the group that holds all values without a group of their own.</summary>
    public bool IsLeftover(int group) => group >= _names.Count;

    private List<string> _names = [];

    private double[] RankAll()
    {
        var present = Array.FindAll(Numbers, v => !double.IsNaN(v));
        var ranks = Midranks.Of(present);
        var all = new double[Numbers.Length];
        for (int i = 0, k = 0; i < all.Length; i++)
        {
            all[i] = double.IsNaN(Numbers[i]) ? double.NaN : ranks[k++];
        }

        return all;
    }

    private int[] GroupAll()
    {
        var keys = new double[Rows];
        for (var i = 0; i < Rows; i++)
        {
            keys[i] = IsMissing(i) ? double.NaN : Facts.Scan.IsText ? Sample.Codes(Facts.Index)[i] : Numbers[i];
        }

        var counts = new Dictionary<double, int>();
        foreach (var key in keys)
        {
            if (!double.IsNaN(key))
            {
                counts[key] = counts.GetValueOrDefault(key) + 1;
            }
        }

        var kept = counts.OrderByDescending(c => c.Value).ThenBy(c => c.Key).Take(MostGroups).Select(c => c.Key).ToList();
        var groups = new Dictionary<double, int>();
        foreach (var key in kept.Order())
        {
            groups[key] = groups.Count;
        }

        _names = [.. groups.Keys.Select(k => Facts.Scan.IsText ? Facts.Scan.Texts is { IsComplete: true } t ? t.Texts[(int)k] : "text" : Facts.Show(k))];
        GroupCount = groups.Count + (counts.Count > groups.Count ? 1 : 0);
        return Array.ConvertAll(keys, k => double.IsNaN(k) ? -1 : groups.GetValueOrDefault(k, groups.Count));
    }
}
