using Gnomon.Methods.Data;
using Gnomon.Studies.Profile.Looks;

namespace Gnomon.Studies.Profile.Beside;

/// <summary>A column's groups here and in the population.</summary>
/// <param name="Column">The column here.</param>
/// <param name="Names">Its groups.</param>
/// <param name="Shares">Their shares of the population.</param>
/// <param name="Counts">Rows here that hold them, all rows counted.</param>
/// <param name="Codes">Group of each sampled row here; -1 for none.</param>
/// <param name="ReferenceCodes">Group of each sampled row of the population; null where only shares are known.</param>
/// <param name="ReferenceRows">Rows the shares were counted in; null when they are exact.</param>
internal sealed record PopulationMargin(SampleColumn Column, IReadOnlyList<string> Names, double[] Shares, long[] Counts, int[] Codes, int[]? ReferenceCodes, long? ReferenceRows)
{
    private const int Bands = 5;

    public string Name => Column.Name;

    public long Rows => Counts.Sum();

    public double Difference(int group) => (Counts[group] / (double)Math.Max(1, Rows)) - Shares[group];

    /// <summary>Largest difference of a share.</summary>
    public double Largest => Enumerable.Range(0, Names.Count).Max(g => Math.Abs(Difference(g)));

    public static PopulationMargin? Of(ColumnPair pair) => pair.IsNumber ? OfBands(pair) : OfGroups(pair);

    private static PopulationMargin? OfGroups(ColumnPair pair)
    {
        var levels = pair.Groups;
        var total = levels.There.Sum();
        return levels.Names.Count < 2 || total == 0 || levels.Here.Sum() == 0
            ? null
            : new PopulationMargin(pair.Here, levels.Names, [.. levels.There.Select(n => n / (double)total)], levels.Here, levels.Codes(pair.Here), levels.Codes(pair.There), total);
    }

    // Fifths of the population's own values.
    private static PopulationMargin? OfBands(ColumnPair pair)
    {
        var there = ColumnPair.Sorted(pair.There.Numbers);
        if (there.Length == 0 || pair.Here.Facts.Present == 0)
        {
            return null;
        }

        var cuts = Enumerable.Range(1, Bands - 1).Select(k => there[(int)((long)k * there.Length / Bands)]).Distinct().Where(c => c > there[0]).ToArray();
        if (cuts.Length == 0)
        {
            return null;
        }

        int Code(double v) => double.IsNaN(v) ? -1 : Array.FindLastIndex(cuts, c => v >= c) + 1;
        var referenceCodes = Array.ConvertAll(pair.There.Numbers, Code);
        var shares = new double[cuts.Length + 1];
        foreach (var code in referenceCodes.Where(c => c >= 0))
        {
            shares[code] += 1.0 / there.Length;
        }

        var codes = Array.ConvertAll(pair.Here.Numbers, Code);
        var counts = new long[shares.Length];
        foreach (var code in codes.Where(c => c >= 0))
        {
            counts[code]++;
        }

        var shown = cuts.Select(pair.Here.Facts.Show).ToList();
        string Name(int g) => g == 0 ? $"below {shown[0]}" : g == cuts.Length ? $"{shown[^1]} and more" : $"{shown[g - 1]} to {shown[g]}";
        return new PopulationMargin(pair.Here, [.. Enumerable.Range(0, shares.Length).Select(Name)], shares, counts, codes, referenceCodes, there.Length);
    }

    public double PValue(int group) => Rows == 0 ? 1 : StratumShare.PValue(Counts[group], Rows, Math.Clamp(Shares[group], 0, 1), ReferenceRows);
}
