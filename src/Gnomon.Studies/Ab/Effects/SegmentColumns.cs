using Gnomon.Core.Evidence.Experiments;
using Gnomon.Methods.Heterogeneity;

namespace Gnomon.Studies.Ab.Effects;

/// <summary>The columns that may make segments, cut into bins; those that the treatment moved are kept out.</summary>
/// <param name="Moved">Columns kept out because the arms hold different values of them.</param>
internal sealed record SegmentColumns(IReadOnlyList<Feature> Features, IReadOnlyList<byte[]> Codes, IReadOnlyList<bool> IsDay, IReadOnlyList<SegmentColumnBalance> Balance, IReadOnlyList<string> Moved)
{
    private const int BalanceBins = 10;

    public static SegmentColumns Of(UnitRows rows, IReadOnlyList<string> arms)
    {
        var bins = FeatureTable.BinsFor(rows.Count / 2);
        var (features, codes, days, balance, moved) = (new List<Feature>(), new List<byte[]>(), new List<bool>(), new List<SegmentColumnBalance>(), new List<string>());
        foreach (var column in rows.Columns)
        {
            var cut = new byte[rows.Count];
            var feature = column.Codes is { } levels ? Feature.OfCategories(column.Name, levels, column.Levels, bins, cut) : Feature.OfNumbers(column.Name, column.Numbers, bins, cut);
            var judged = Count(rows, arms, feature, cut);
            balance.Add(judged);
            if (ColumnBalance.Test(judged.Counts)?.PValue < ColumnBalance.Threshold)
            {
                moved.Add(feature.Name);
            }
            else if (feature.Bins > 1)
            {
                features.Add(feature);
                codes.Add(cut);
                days.Add(column.IsDay);
            }
        }

        return new(features, codes, days, balance, moved);
    }

    // Neighbouring bins of a number are counted together: ten groups see a shift better than sixty.
    private static SegmentColumnBalance Count(UnitRows rows, IReadOnlyList<string> arms, Feature feature, byte[] cut)
    {
        var known = feature.Bins - (feature.HasMissing ? 1 : 0);
        var groups = feature.IsNumber ? Math.Min(known, BalanceBins) : known;
        var counts = new long[(groups + 1) * arms.Count];
        for (var i = 0; i < rows.Count; i++)
        {
            var group = cut[i] == feature.MissingBin ? groups : feature.IsNumber ? cut[i] * groups / known : cut[i];
            counts[(group * arms.Count) + rows.Arm[i]]++;
        }

        var words = new SegmentWords([feature], [false]);
        return new SegmentColumnBalance
        {
            Column = feature.Name,
            Arms = arms,
            Groups = [.. Enumerable.Range(0, groups).Select(g => words.Bins(0, feature.IsNumber ? Range(known, groups, g) : 1UL << g)), "no value"],
            Counts = [.. Enumerable.Range(0, groups + 1).Select(g => (IReadOnlyList<long>)counts[(g * arms.Count)..((g + 1) * arms.Count)])],
        };
    }

    private static ulong Range(int known, int groups, int group) =>
        Enumerable.Range(0, known).Where(b => b * groups / known == group).Aggregate(0UL, (mask, b) => mask | 1UL << b);
}
