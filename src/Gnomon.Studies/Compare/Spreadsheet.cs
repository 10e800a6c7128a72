namespace Gnomon.Studies.Compare;

/// <summary>The values compared as CSV, one column per group, as the test functions of a spreadsheet want them.</summary>
internal static class Spreadsheet
{
    public static void Write(string path, CompareInput input) => CsvFile.Write(path, "--export", "The values", writer =>
    {
        writer.WriteLine(string.Join(',', input.Groups.Select(g => CsvFile.Cell(g.Name))));
        var longest = input.Groups.Max(g => g.Values.Length);
        for (var i = 0; i < longest; i++)
        {
            writer.WriteLine(string.Join(',', input.Groups.Select(g => i < g.Values.Length ? Cell(input, g.Values[i]) : string.Empty)));
        }
    });

    private static string Cell(CompareInput input, double value) => input.Kind == MetricKind.Category ? CsvFile.Cell(input.Categories[(int)value]) : CsvFile.Cell(value);
}
