using System.Globalization;
using Gnomon.Cli.Help;
using Gnomon.Core.Findings;
using Gnomon.Programme;

namespace Gnomon.Cli.Output;

/// <summary>The discoveries of a programme as text and as JSON.</summary>
internal static class DiscoveryText
{
    private const double UsualAlpha = 0.05;

    public static IEnumerable<string> Lines(string location, IReadOnlyList<Discovery> found, double rate, int width)
    {
        if (found.Count == 0)
        {
            return [$"{location} holds no primary result with a p-value yet. Name experiments with --experiment and they are counted."];
        }

        List<string> lines = [.. Columns.Grid([["entry", "first look", "experiment", "metric", "looks", "p", "SAFFRON", "LORD++", "BH p", "discovery"], .. found.Select(Row)]), string.Empty];
        foreach (var sentence in Sentences(found, rate))
        {
            lines.AddRange(Columns.Wrap(sentence, width));
        }

        return lines;
    }

    public static string Json(string location, IReadOnlyList<Discovery> found, double rate) => JsonDocumentText.Write("gnomon.ledger-discoveries/1", writer =>
    {
        writer.WriteString("ledger", location);
        writer.WriteNumber("rate", rate);
        writer.WriteStartArray("tests");
        foreach (var d in found)
        {
            writer.WriteStartObject();
            writer.WriteNumber("first", d.Test.First);
            writer.WriteNumber("last", d.Test.Last);
            writer.WriteString("at", d.Test.At.ToString("O", CultureInfo.InvariantCulture));
            writer.WriteString("verb", d.Test.Verb);
            if (d.Test.Experiment is { } name)
            {
                writer.WriteString("experiment", name);
            }

            writer.WriteString("metric", d.Test.Metric);
            writer.WriteString("contrast", d.Test.Contrast);
            writer.WriteNumber("looks", d.Test.Looks);
            writer.WriteNumber("p", d.Test.PValue);
            writer.WriteNumber("saffronThreshold", d.SaffronThreshold);
            writer.WriteBoolean("saffron", d.Saffron);
            writer.WriteNumber("lordThreshold", d.LordThreshold);
            writer.WriteBoolean("lord", d.Lord);
            writer.WriteNumber("adjusted", d.Adjusted);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    private static IReadOnlyList<string> Row(Discovery d) =>
    [
        d.Test.First.ToString(CultureInfo.InvariantCulture), d.Test.At.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), d.Test.Experiment ?? "-", $"{d.Test.Metric}, {d.Test.Contrast}",
        d.Test.Looks.ToString(CultureInfo.InvariantCulture), Value(d.Test.PValue), Figures.Number(d.SaffronThreshold), Figures.Number(d.LordThreshold), Value(d.Adjusted), d.Saffron ? "yes" : "no",
    ];

    private static IEnumerable<string> Sentences(IReadOnlyList<Discovery> found, double rate)
    {
        var small = found.Count(d => d.Test.PValue < UsualAlpha);
        var stand = found.Count(d => d.Saffron);
        yield return $"{Figures.Count(stand)} of {Figures.Count(found.Count, "primary result")} {(stand == 1 ? "is a discovery" : "are discoveries")} at a false discovery rate of {Figures.WholePercent(rate)} (SAFFRON); {Figures.Count(small)} {(small == 1 ? "has" : "have")} p below 0.05. "
            + $"LORD++ counts {Figures.Count(found.Count(d => d.Lord))}, Benjamini and Hochberg in hindsight {Figures.Count(found.Count(d => d.Adjusted <= rate))}.";
        yield return "Each result was judged on arrival, at the size that the results before it left over; the columns SAFFRON and LORD++ show that size.";
        var repeated = found.Count(d => d.Test.Looks > 1);
        if (repeated > 0)
        {
            yield return $"{Figures.Count(repeated, "result")} {(repeated == 1 ? "was" : "were")} read more than once and {(repeated == 1 ? "counts" : "count")} with the newest p-value: the rate holds for them only where the looks were planned.";
        }
    }

    private static string Value(double p) => Figures.P(p).Replace("p = ", string.Empty, StringComparison.Ordinal).Replace("p ", string.Empty, StringComparison.Ordinal);
}
