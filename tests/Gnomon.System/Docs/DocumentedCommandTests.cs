using System.Text.RegularExpressions;
using Gnomon.System.Cli;
using Xunit;

namespace Gnomon.System.Docs;

/// <summary>
/// Commands shown in README and docs run here and print what is shown. A block that begins with <c>$ ./gnomon</c> holds a command and its output;
/// GNOMON_ACCEPT=1 writes the output anew.
/// </summary>
[Collection("README")]
public sealed partial class DocumentedCommandTests
{
    public static TheoryData<string> Pages() => [.. Directory.GetFiles(Root(), "README.md").Concat(Directory.GetFiles(Path.Combine(Root(), "docs"), "*.md", SearchOption.AllDirectories))
        .Where(f => Block().IsMatch(File.ReadAllText(f))).Select(f => Path.GetRelativePath(Root(), f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_command_prints_what_the_page_shows(string page)
    {
        var path = Path.Combine(Root(), page);
        var text = File.ReadAllText(path);
        var fresh = Block().Replace(text, match =>
        {
            var result = GnomonProcess.Run(Root(), Words(match.Groups["command"].Value));
            Assert.True(result.Code is 0 or 1, $"{page}: {match.Groups["command"].Value}{Environment.NewLine}{result}");
            return $"```console\n$ ./gnomon {match.Groups["command"].Value}\n{Settled(result.Out).TrimEnd()}\n```";
        });
        if (Environment.GetEnvironmentVariable("GNOMON_ACCEPT") == "1")
        {
            File.WriteAllText(path, fresh);
        }

        Assert.Equal(text, fresh);
    }

    // What differs from run to run is the time it took.
    private static string Settled(string output) => Seconds().Replace(output.ReplaceLineEndings("\n"), "| 0.3 s |");

    private static string[] Words(string command) => [.. Word().Matches(command).Select(m => m.Groups["quoted"].Success ? m.Groups["quoted"].Value : m.Value)];

    internal static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Gnomon.slnx")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }

    [GeneratedRegex(@"```console\n\$ \./gnomon (?<command>[^\n]+)\n(?<output>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Block();

    [GeneratedRegex(@"\| \d+(\.\d+)? m?s \|", RegexOptions.ExplicitCapture)]
    private static partial Regex Seconds();

    [GeneratedRegex("\"(?<quoted>[^\"]*)\"|\\S+", RegexOptions.ExplicitCapture)]
    private static partial Regex Word();
}
