using System.Globalization;
using System.Numerics;
using Gnomon.Core.Findings;
using Gnomon.Methods.Heterogeneity;

namespace Gnomon.Studies.Ab.Effects;

/// <summary>Segments in words: <c>age above 30 and at most 45, plan is basic or pro</c>.</summary>
internal sealed record SegmentWords(IReadOnlyList<Feature> Features, IReadOnlyList<bool> IsDay)
{
    private const int MostLevels = 5;

    public string Of(EffectSegment segment) => segment.Conditions.Count == 0 ? "everybody" : string.Join(", ", segment.Conditions.OrderBy(c => c.Feature).Select(c => Bins(c.Feature, c.Bins)));

    public string Bins(int index, ulong bins)
    {
        var feature = Features[index];
        var missing = feature.MissingBin >= 0 ? 1UL << feature.MissingBin : 0;
        var all = feature.Bins == Feature.MostBins ? ulong.MaxValue : (1UL << feature.Bins) - 1;
        var (known, unknown) = (bins & ~missing, (bins & missing) != 0);
        if (known == 0)
        {
            return $"{feature.Name} unknown";
        }

        if (known == (all & ~missing))
        {
            return unknown ? $"any {feature.Name}" : missing == 0 ? $"any {feature.Name}" : $"{feature.Name} known";
        }

        return $"{(feature.IsNumber ? Range(index, known) : Levels(feature, known, all & ~missing))}{(unknown ? " or unknown" : string.Empty)}";
    }

    private string Range(int index, ulong known)
    {
        var feature = Features[index];
        var (low, high) = (BitOperations.TrailingZeroCount(known), 63 - BitOperations.LeadingZeroCount(known));
        var from = low == 0 ? null : $"above {Value(index, feature.Edges[low - 1])}";
        var until = high >= feature.Edges.Count ? null : $"at most {Value(index, feature.Edges[high])}";
        return $"{feature.Name} {string.Join(" and ", new[] { from, until }.OfType<string>())}";
    }

    private string Value(int index, double edge) => IsDay[index]
        ? DateOnly.FromDayNumber((int)edge + DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
        : Figures.Number(edge);

    private static string Levels(Feature feature, ulong known, ulong all)
    {
        var (inside, outside) = (Names(feature, known), Names(feature, all & ~known));
        return outside.Count < inside.Count && outside.Count <= MostLevels
            ? $"{feature.Name} is not {Join(outside)}"
            : $"{feature.Name} is {Join(inside)}";
    }

    private static List<string> Names(Feature feature, ulong bins) => [.. Enumerable.Range(0, feature.Levels.Count).Where(b => (bins >> b & 1) == 1).Select(b => feature.Levels[b])];

    private static string Join(List<string> names) => names.Count <= MostLevels
        ? string.Join(" or ", names)
        : $"{string.Join(", ", names.Take(MostLevels - 1))} or one of {names.Count - MostLevels + 1} others";
}
