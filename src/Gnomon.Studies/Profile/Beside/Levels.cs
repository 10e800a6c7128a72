using Gnomon.Studies.Profile.Looks;

namespace Gnomon.Studies.Profile.Beside;

/// <summary>The values of a category in two files under common codes, with the rows of all data that hold them.</summary>
/// <param name="Names">Values as shown, most frequent first; "other values" last where there are more.</param>
/// <param name="Here">Rows of the data.</param>
/// <param name="There">Rows of the second file.</param>
internal sealed record Levels(IReadOnlyList<string> Names, long[] Here, long[] There)
{
    private const string Others = "other values";
    private readonly Dictionary<string, int> _codes = Names.Index().ToDictionary(n => n.Item, n => n.Index, StringComparer.Ordinal);

    /// <summary>True for columns whose values can all be listed: texts, or two values.</summary>
    public static bool CanList(ColumnFacts column) => column.Scan.IsText
        ? column.Scan.Texts is { IsComplete: true } && column.Role is Role.Category or Role.Flag or Role.Constant
        : column.Role is Role.Flag or Role.Constant;

    public static Levels Of(ColumnFacts here, ColumnFacts there, int most)
    {
        var (a, b) = (Counts(here), Counts(there));
        double n = Math.Max(1, a.Values.Sum()), m = Math.Max(1, b.Values.Sum());
        var names = a.Keys.Union(b.Keys).OrderByDescending(k => Math.Max(a.GetValueOrDefault(k) / n, b.GetValueOrDefault(k) / m)).ThenBy(k => k, StringComparer.Ordinal).ToList();
        var kept = names.Count > most ? names.Take(most - 1).ToList() : names;
        var rest = names.Skip(kept.Count).ToList();
        return new Levels(
            rest.Count > 0 ? [.. kept, Others] : kept,
            [.. kept.Select(k => a.GetValueOrDefault(k)), .. rest.Count > 0 ? [rest.Sum(k => a.GetValueOrDefault(k))] : Array.Empty<long>()],
            [.. kept.Select(k => b.GetValueOrDefault(k)), .. rest.Count > 0 ? [rest.Sum(k => b.GetValueOrDefault(k))] : Array.Empty<long>()]);
    }

    /// <summary>Rows by value, as shown.</summary>
    public static Dictionary<string, long> Counts(ColumnFacts column) => column.Scan.Texts is { IsComplete: true } t
        ? t.Texts.Zip(t.Counts).GroupBy(v => v.First, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Sum(v => v.Second), StringComparer.Ordinal)
        : (column.Distribution.Counts ?? []).GroupBy(c => column.Show(c.Value), StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Sum(v => v.Count), StringComparer.Ordinal);

    /// <summary>Code of each sampled row; -1 where it has no value.</summary>
    public int[] Codes(SampleColumn column)
    {
        var codes = new int[column.Rows];
        var last = Names.Count > 0 && Names[^1] == Others ? Names.Count - 1 : -1;
        for (var i = 0; i < codes.Length; i++)
        {
            codes[i] = column.IsMissing(i) ? -1 : _codes.GetValueOrDefault(Shown(column, i), last);
        }

        return codes;
    }

    private static string Shown(SampleColumn column, int row) =>
        column.Facts.Scan.Texts is { IsComplete: true } t ? t.Texts[column.Sample.Codes(column.Facts.Index)[row]] : column.Facts.Show(column.Numbers[row]);
}
