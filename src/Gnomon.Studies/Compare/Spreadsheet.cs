using System.Globalization;
using Gnomon.Core.Errors;

namespace Gnomon.Studies.Compare;

/// <summary>The values compared as CSV, one column per group, as the test functions of a spreadsheet want them.</summary>
internal static class Spreadsheet
{
    public static void Write(string path, CompareInput input)
    {
        try
        {
            using var writer = new StreamWriter(path) { NewLine = "\n" };
            writer.WriteLine(string.Join(',', input.Groups.Select(g => Quoted(g.Name))));
            var longest = input.Groups.Max(g => g.Values.Length);
            for (var i = 0; i < longest; i++)
            {
                writer.WriteLine(string.Join(',', input.Groups.Select(g => i < g.Values.Length ? Cell(input, g.Values[i]) : string.Empty)));
            }
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw new GnomonError("file-not-written", $"The values could not be written to {path}: {wrong.Message}", "--export", "Name a file in a folder that exists and can be written.", wrong);
        }
    }

    private static string Cell(CompareInput input, double value) =>
        input.Kind == MetricKind.Category ? Quoted(input.Categories[(int)value]) : value.ToString("R", CultureInfo.InvariantCulture);

    private static string Quoted(string name) => name.AsSpan().ContainsAny(',', '"', '\n') ? $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : name;
}
