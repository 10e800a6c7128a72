using System.Globalization;
using Gnomon.Core.Findings;

namespace Gnomon.Studies.Privacy;

/// <summary>One way to write a column more coarsely.</summary>
/// <param name="Says">How, in words: "bands of 10".</param>
/// <param name="Loss">Share of the column's entropy that is gone, 0 to 1.</param>
/// <param name="Codes">Code of each row.</param>
/// <param name="Labels">What each code says.</param>
/// <param name="Middles">Number that stands for each code, for models; null where it is no number.</param>
internal sealed record Rung(string Says, double Loss, int[] Codes, IReadOnlyList<string> Labels, double[]? Middles);

/// <summary>The ways to write a column more coarsely, from its own values to nothing.</summary>
internal sealed class Ladder
{
    private const string Nothing = "*";
    private const double RareShare = 0.05;
    private const int FewestBands = 2;
    private const int MostBands = 40;
    private const int MostCut = 6;
    private const int FewestCodes = 12;

    private Ladder(PrivacyColumn column, IReadOnlyList<Rung> rungs) => (Column, Rungs) = (column, rungs);

    public PrivacyColumn Column { get; }

    public IReadOnlyList<Rung> Rungs { get; }

    public static Ladder Of(PrivacyColumn column)
    {
        var rungs = new List<Rung> { new("as it is", 0, column.Codes, column.Values, Middles(column)) };
        rungs.AddRange(column.IsDate ? Dates(column) : column.IsNumber && column.Distinct > FewestBands ? Bands(column) : Texts(column));
        rungs.Add(new Rung("left out", 1, new int[column.Codes.Length], [Nothing], null));
        var whole = Entropy(column.Codes, column.Values.Count);
        return new Ladder(column, [.. rungs.Select((r, i) => r with { Loss = i == 0 ? 0 : r.Labels.Count == 1 || whole <= 0 ? 1 : Math.Clamp(1 - (Entropy(r.Codes, r.Labels.Count) / whole), 0, 1) })]);
    }

    private static double Entropy(int[] codes, int count)
    {
        var counts = new long[count];
        foreach (var code in codes)
        {
            counts[code]++;
        }

        return counts.Where(n => n > 0).Sum(n => -(n / (double)codes.Length) * Math.Log(n / (double)codes.Length));
    }

    private static double[]? Middles(PrivacyColumn column)
    {
        if (!column.IsNumber)
        {
            return null;
        }

        var middles = new double[column.Values.Count];
        for (var i = 0; i < column.Codes.Length; i++)
        {
            middles[column.Codes[i]] = column.Numbers![i];
        }

        return middles;
    }

    // Widths of 1, 2 and 5 times a power of ten, from a fortieth of the range to half of it.
    private static IEnumerable<Rung> Bands(PrivacyColumn column)
    {
        var present = column.Numbers!.Where(v => !double.IsNaN(v)).ToList();
        if (present.Count == 0)
        {
            yield break;
        }

        var (low, high) = (present.Min(), present.Max());
        var isWhole = column.Type == Core.Tables.ColumnType.Integer;
        foreach (var width in Widths((high - low) / MostBands, (high - low) / FewestBands).Where(w => !isWhole || w >= 2))
        {
            yield return Recoded(column, $"bands of {Figures.Number(width)}", v =>
            {
                if (v < 0)
                {
                    return (string.Empty, double.NaN);
                }

                var from = Math.Floor(column.Numbers![v] / width) * width;
                return isWhole ? ($"{Plain(from)} to {Plain(from + width - 1)}", from + ((width - 1) / 2)) : ($"{Plain(from)} to below {Plain(from + width)}", from + (width / 2));
            });
        }
    }

    private static IEnumerable<double> Widths(double from, double to)
    {
        for (var power = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(1e-12, from)))); power <= to; power *= 10)
        {
            foreach (var width in new[] { power, 2 * power, 5 * power })
            {
                if (width >= from && width <= to)
                {
                    yield return width;
                }
            }
        }
    }

    private static IEnumerable<Rung> Dates(PrivacyColumn column)
    {
        (string Says, Func<string, string> Cut)[] cuts =
        [
            ("by month", d => d[..7]), ("by quarter", d => $"{d[..4]}-Q{((int.Parse(d.AsSpan(5, 2), CultureInfo.InvariantCulture) - 1) / 3) + 1}"), ("by year", d => d[..4]), ("by decade", d => $"{d[..3]}0s"),
        ];
        return cuts.Select(c => Relabelled(column, c.Says, t => t.Length >= 10 && t[4] == '-' ? c.Cut(t) : t));
    }

    private static IEnumerable<Rung> Texts(PrivacyColumn column)
    {
        var length = column.Values.Where(v => v.Length > 0).Select(v => v.Length).DefaultIfEmpty(0).Max();
        if (length >= 3 && column.Distinct > FewestCodes && column.Values.Count(v => v.Length == length && v.All(char.IsLetterOrDigit)) > 0.9 * column.Distinct)
        {
            // Codes such as postcodes, read from the left.
            for (var cut = 1; cut < Math.Min(length, MostCut); cut++)
            {
                var gone = cut;
                yield return Relabelled(column, $"first {length - cut} of {length} characters", t => t.Length > gone ? t[..^gone] + new string('*', gone) : t);
            }

            yield break;
        }

        var counts = new long[column.Values.Count];
        foreach (var code in column.Codes)
        {
            counts[code]++;
        }

        var rare = Enumerable.Range(0, counts.Length).Where(v => counts[v] < RareShare * column.Codes.Length).ToHashSet();
        if (rare.Count > 1 && rare.Count < counts.Length)
        {
            yield return Recoded(column, "rare values together", row => row >= 0 && rare.Contains(column.Codes[row]) ? ("other", double.NaN) : (row < 0 ? string.Empty : column.Values[column.Codes[row]], double.NaN));
        }
    }

    private static Rung Relabelled(PrivacyColumn column, string says, Func<string, string> cut) =>
        Recoded(column, says, row => (row < 0 ? string.Empty : cut(column.Values[column.Codes[row]]), double.NaN));

    // One label for each different value; the row of its first occurrence speaks for it, -1 for none.
    private static Rung Recoded(PrivacyColumn column, string says, Func<int, (string Label, double Middle)> label)
    {
        var map = new int[column.Values.Count];
        Array.Fill(map, -1);
        var labels = new List<string>();
        var middles = new List<double>();
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        var codes = new int[column.Codes.Length];
        for (var i = 0; i < codes.Length; i++)
        {
            var value = column.Codes[i];
            if (map[value] < 0)
            {
                var (text, middle) = label(column.Values[value].Length == 0 ? -1 : i);
                if (!known.TryGetValue(text, out var code))
                {
                    known[text] = code = labels.Count;
                    labels.Add(text);
                    middles.Add(middle);
                }

                map[value] = code;
            }

            codes[i] = map[value];
        }

        return new Rung(says, 0, codes, labels, column.IsNumber ? [.. middles] : null);
    }

    private static string Plain(double value) => Math.Round(value, 9).ToString("0.#########", CultureInfo.InvariantCulture);
}
