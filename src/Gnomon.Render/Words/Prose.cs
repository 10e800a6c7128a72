using System.Text;
using Gnomon.Core.Findings;

namespace Gnomon.Render.Words;

/// <summary>Sentences that several renderers share.</summary>
internal static class Prose
{
    // More headline numbers than this are a table, not sentences: the picture carries them.
    private const int MostSentences = 3;

    /// <summary>Said over the numbers when a failed check turned the decision.</summary>
    internal const string ForCompleteness = "The numbers, for completeness: the check above decides.";

    /// <summary>The primary estimates, when they are few enough to be said; none when a check turned the decision.</summary>
    internal static IReadOnlyList<Estimate> Headlines(Finding finding)
    {
        var primary = finding.Estimates.Where(e => e.Role == "primary").ToList();
        return primary.Count <= MostSentences && finding.Decision.Because.Count == 0 ? primary : [];
    }

    /// <summary><c>converted, B - A</c>.</summary>
    internal static string Subject(Estimate e) => string.Join(", ", new[] { e.Metric ?? e.Name, e.Contrast }.OfType<string>());

    /// <summary><c>+0.31 pp (95 % interval +0.02 to +0.60 pp), p = 0.034, n = 100,000</c>; an n of 0 is one that nobody stated.</summary>
    internal static string Sentence(Estimate e)
    {
        var text = Paper.Interval(e);
        var p = e.P is { } value ? $", {Tied(Figures.P(value))}" : string.Empty;
        return $"{text.Point} ({Paper.Level(e.Level)} interval {text.Range}){p}{(e.N > 0 ? $", {Tied($"n = {Figures.Count(e.N)}")}" : string.Empty)}";
    }

    /// <summary>Where the numbers come from: data, seed, time.</summary>
    internal static IReadOnlyList<string> Origin(Provenance p)
    {
        var data = p.Data.Select(d => d.Rows is { } rows
            ? $"{d.Source}: {Count(rows, "row")}, {Count(d.Columns, "column")}"
            : $"{d.Source}: {Count(d.Columns, "column")}");
        return [.. data, Tied($"seed {p.Seed}"), Paper.Seconds(p.Seconds), Tied($"gnomon {p.Version}")];
    }

    /// <summary>The command as it could be typed again.</summary>
    internal static string Command(Provenance p) => "gnomon " + string.Join(' ', p.Command.Select(Quoted));

    private static string Quoted(string word) =>
        word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "-_./:=,@%+".Contains(c, StringComparison.Ordinal))
            ? word
            : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string Count(long n, string noun) => $"{Figures.Count(n)}{Spaces.Tie}{noun}{(n == 1 ? string.Empty : "s")}";

    private static string Tied(string text) => text.Replace(' ', Spaces.Tie);

    /// <summary>
    /// User text on a terminal or in a document: control characters become spaces and the marks that reorder text are taken out,
    /// so that a column name can neither send escape codes nor hide what stands behind it.
    /// </summary>
    internal static string Clean(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\u0000', '\u001F') && !text.AsSpan().ContainsAnyInRange('\u007F', '\u009F') && !text.Any(IsDirectionMark))
        {
            return text;
        }

        var clean = new StringBuilder(text.Length);
        foreach (var c in text.Where(c => !IsDirectionMark(c)))
        {
            clean.Append(char.IsControl(c) ? ' ' : c);
        }

        return clean.ToString();
    }

    internal static bool IsDirectionMark(char c) => c is >= '\u202A' and <= '\u202E' or >= '\u2066' and <= '\u2069' or '\u200E' or '\u200F' or '\u2028' or '\u2029';
}
