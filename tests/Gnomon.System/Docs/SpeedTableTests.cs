using System.Globalization;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Gnomon.System.Docs;

/// <summary>The README's table of speed is written from the committed result files, never by hand.</summary>
[Collection("README")]
public sealed class SpeedTableTests
{
    private const string Begin = "<!-- speed: written from bench/results -->";
    private const string End = "<!-- /speed -->";

    [Fact]
    public void The_table_shows_the_committed_results()
    {
        var readme = Path.Combine(DocumentedCommandTests.Root(), "README.md");
        var text = File.ReadAllText(readme);
        var from = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var to = text.IndexOf(End, StringComparison.Ordinal);
        var results = Path.Combine(DocumentedCommandTests.Root(), "bench", "results");
        Assert.True(Directory.Exists(results), "bench/results is missing: run bench/run.py and commit what it writes.");
        var fresh = text[..from] + "\n" + string.Concat(Directory.GetFiles(results, "results.json", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal).Select(Table)) + text[to..];
        if (Environment.GetEnvironmentVariable("GNOMON_ACCEPT") == "1")
        {
            File.WriteAllText(readme, fresh);
        }

        Assert.Equal(text, fresh);
    }

    private static string Table(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        var root = document.RootElement;
        var table = new StringBuilder();
        table.Append(CultureInfo.InvariantCulture, $"\n{root.GetProperty("machine").GetString()}, {root.GetProperty("date").GetString()}; {root.GetProperty("peers").GetString()}.\n\n");
        table.Append("| what, against which peer | Gnomon | peer | ratio | bar | peak memory |\n|---|---|---|---|---|---|\n");
        foreach (var row in root.GetProperty("rows").EnumerateArray())
        {
            var memory = row.GetProperty("gnomonPeakMb").ValueKind == JsonValueKind.Number ? $"{row.GetProperty("gnomonPeakMb").GetDouble():N0} MB, peer {row.GetProperty("peerPeakMb").GetDouble():N0} MB" : "";
            table.Append(CultureInfo.InvariantCulture, $"| {row.GetProperty("name").GetString()} | {Seconds(row, "gnomonSeconds")} | {Seconds(row, "peerSeconds")} | {row.GetProperty("ratio").GetDouble():0.000} | {row.GetProperty("bar").GetDouble():0.##} | {memory} |\n");
        }

        return table.Append('\n').ToString();
    }

    private static string Seconds(JsonElement row, string name)
    {
        var seconds = row.GetProperty(name).GetDouble();
        return seconds < 1 ? string.Create(CultureInfo.InvariantCulture, $"{seconds * 1000:0} ms") : string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0} s");
    }
}
