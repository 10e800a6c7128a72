using System.Globalization;
using Gnomon.Core.Errors;

namespace Gnomon.Studies.Programme;

/// <summary>Wins or p-values typed in.</summary>
internal static class ProgrammeTyped
{
    private const int MostTests = 100_000;

    public static ProgrammeInput Read(ProgrammeOptions options)
    {
        if (options.Wins is { } wins)
        {
            var (k, n) = Pair(wins, "--wins", "4/15");
            return new ProgrammeInput { Tests = [], Typed = ((int)k, (int)n) };
        }

        return new ProgrammeInput { Tests = [.. options.Pvalues.Select((text, i) => new TestRow { Name = $"test {i + 1}", P = P(text) })] };
    }

    /// <summary>"31/400": so many of so many.</summary>
    public static (long K, long N) Pair(string text, string option, string example)
    {
        var parts = text.Split('/', StringSplitOptions.TrimEntries);
        return parts.Length == 2 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var k) && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n >= 1 && k <= n && n <= MostTests
            ? (k, n)
            : throw new GnomonError("bad-counts", $"{option} {text}: write how many of how many, whole numbers up to {MostTests:N0}.", option, $"Write {option} {example}.");
    }

    private static double P(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var p) && p >= 0 && p <= 1
            ? p
            : throw new GnomonError("bad-p-value", $"--pvalues: '{text}' is no number between 0 and 1.", "--pvalues", "Write --pvalues 0.0008,0.011,0.031.");
}
