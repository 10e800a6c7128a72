using System.Globalization;
using System.Text;
using Gnomon.Numerics.Random;

namespace Gnomon.Tests.Data.Files.Streaming;

/// <summary>Plain delimited text with random columns, types, nulls and quotes.</summary>
internal static class RandomTable
{
    private const int KindCount = 6;
    private static readonly string[] Words = ["a", "b", "control", "treatment", "Straße", "日本", "a much longer text than twelve bytes", "x y", "7", "a,b", "say \"so\"", "two\nlines", "two\r\nlines"];

    public static string Text(Rng random)
    {
        var width = 2 + random.NextInt(5);
        var kinds = Enumerable.Range(0, width).Select(_ => random.NextInt(KindCount)).ToArray();
        var lineEnd = random.NextInt(2) == 0 ? "\n" : "\r\n";
        var delimiter = ",;\t|"[random.NextInt(4)];
        var nullShare = random.NextInt(2) == 0 ? 0 : random.NextDouble() / 2;
        var rows = 1 + random.NextInt(random.NextInt(3) > 0 ? 5 : 2_500);
        var text = new StringBuilder(string.Join(delimiter, Enumerable.Range(0, width).Select(c => FormattableString.Invariant($"col{c}")))).Append(lineEnd);
        for (var row = 0; row < rows; row++)
        {
            for (var c = 0; c < width; c++)
            {
                // The first row is whole, so that every column has a type.
                var cell = row > 0 && random.NextDouble() < nullShare ? "" : Cell(random, kinds[c], row);
                var needsQuotes = cell.AsSpan().IndexOfAny("\"\r\n,;\t|") >= 0;
                text.Append(needsQuotes || random.NextInt(40) == 0 ? "\"" + cell.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"" : cell)
                    .Append(c < width - 1 ? delimiter : row < rows - 1 || random.NextInt(2) == 0 ? lineEnd : "");
            }
        }

        return text.ToString();
    }

    private static string Cell(Rng random, int kind, int row)
    {
        var day = new DateTime(1, 1, 1).AddDays(random.NextInt(3_652_058));
        return kind switch
        {
            0 => ((long)random.NextUInt64() >> random.NextInt(63)).ToString(CultureInfo.InvariantCulture),
            1 => Real(random),
            2 => random.NextInt(2) == 0 ? "true" : "False",
            3 => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            4 => day.AddSeconds(random.NextInt(86_400)).ToString(row % 2 == 0 ? "yyyy-MM-dd HH:mm:ss" : "yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture)
                + (random.NextInt(3) == 0 ? "." + random.NextInt(1_000_000).ToString(CultureInfo.InvariantCulture) : ""),
            _ => row == 0 ? "word" : Words[random.NextInt(Words.Length)],
        };
    }

    /// <summary>Short decimals, and doubles of every size written so that they come back.</summary>
    private static string Real(Rng random) => random.NextInt(3) switch
    {
        0 => (random.NextInt(2_000_000) / 100.0 - 10_000).ToString("F" + random.NextInt(9).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture),
        1 => (random.NextNormal() * Math.Pow(10, random.NextInt(600) - 300)).ToString("R", CultureInfo.InvariantCulture),
        _ => random.NextNormal().ToString("F" + (1 + random.NextInt(20)).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture),
    };
}
