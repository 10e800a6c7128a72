using System.Globalization;
using Gnomon.Cli.Help;
using Gnomon.Cli.Output;
using Gnomon.Cli.Parsing;
using Gnomon.Cli.Running;
using Gnomon.Core.Studies;
using Gnomon.Trust;

namespace Gnomon.Cli.Commands;

/// <summary><c>gnomon trust</c>: Gnomon's own error rates, measured now, on this machine.</summary>
internal sealed class TrustCommand : ICommand
{
    private const int TwinsPerTrap = CheckTrust.UsualTwins / CheckTrust.UsualTraps;

    public string Name => "trust";

    public string Summary => "Measure Gnomon's own error rates: planted flaws caught, false alarms.";

    public IReadOnlyList<OptionShape> Options { get; } =
    [
        OptionShape.Switch("checks", "Measure the checks (the default)."),
        new("check", "ID", "One check only; may be repeated."),
        new("draws", "N", "Planted flaws per check; four clean twins are drawn for each [100]."),
        new("seed", "N", "First seed [1]."),
        new("nist", "FOLDER", "Digits of NIST's certified data sets that are reproduced; the folder holds certified.json and one CSV per set."),
        OptionShape.Switch("json", "Print the figures as JSON."),
    ];

    public IReadOnlyList<string> Words => [];

    public IEnumerable<string> Help(int width) =>
        Columns.Two([.. Options.Select(s => (s.IsSwitch ? s.Dashed : $"{s.Dashed} {s.Value}", s.Summary))], width)
            .Prepend(string.Empty).Prepend("gnomon trust --checks [options]   Exit code 1 when a check breaks its promise.");

    public int Run(IReadOnlyList<string> words, Surface surface, CancellationToken cancellation)
    {
        var line = LineParser.Parse(Name, Options, words);
        line.Expect(mostPositionals: 0);
        if (line.Has("nist"))
        {
            return Nist(surface, NistTrust.Measure(NistSets.Read(line.Given["nist"][^1]), cancellation), line.Has("json"));
        }

        var draws = line.Has("draws") ? (int)OptionParser.Integer("draws", line.Given["draws"], 0, 1_000_001) : CheckTrust.UsualTraps;
        var seed = line.Has("seed") ? (int)OptionParser.Integer("seed", line.Given["seed"], -1, 1_000_000_001) : 1;
        var checks = line.Has("check") ? [.. OptionParser.List(line.Given["check"], commas: true).Select(Catalogue.Check)] : Catalogue.Checks;

        using var progress = ProgressLine.For(surface, line.Has("json"));
        var results = new List<CheckTrustResult>();
        foreach (var check in checks)
        {
            progress?.Report(new StudyProgress(check.Card.Id, (double)results.Count / checks.Count));
            results.Add(CheckTrust.Measure(check, draws, draws * TwinsPerTrap, seed, cancellation));
        }

        progress?.Dispose();
        Print(surface, results, seed, line.Has("json"));
        return results.TrueForAll(r => r.DetectionKept && r.FalseAlarmKept) ? ExitCode.Answered : ExitCode.Reached;
    }

    private static int Nist(Surface surface, IReadOnlyList<NistResult> results, bool json)
    {
        if (json)
        {
            surface.Out.WriteLine(JsonDocumentText.Write("gnomon.trust/1", writer =>
            {
                writer.WriteString("version", ProductVersion.Text);
                writer.WriteStartArray("nist");
                foreach (var r in results)
                {
                    writer.WriteStartObject();
                    writer.WriteString("set", r.Set);
                    writer.WriteString("kind", r.Kind);
                    writer.WriteString("level", r.Level);
                    writer.WriteString("quantity", r.Quantity);
                    writer.WriteNumber("digits", r.Digits);
                    writer.WriteNumber("promised", r.Promised);
                    writer.WriteBoolean("kept", r.Kept);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
            }));
        }
        else
        {
            IReadOnlyList<string> head = ["set", "kind", "level", "quantity", "digits", "promised", "kept"];
            foreach (var text in Columns.Grid([head, .. results.Select(r => (IReadOnlyList<string>)[r.Set, r.Kind, r.Level, r.Quantity, string.Create(CultureInfo.InvariantCulture, $"{r.Digits:0.0}"), string.Create(CultureInfo.InvariantCulture, $"{r.Promised:0}"), r.Kept ? "yes" : "NO"])]))
            {
                surface.Out.WriteLine(text);
            }

            var broken = results.Count(r => !r.Kept);
            surface.Out.WriteLine();
            surface.Out.WriteLine(broken == 0 ? $"All {results.Count} quantities keep their digits." : $"{broken} of {results.Count} quantities have fewer digits than promised.");
        }

        return results.All(r => r.Kept) ? ExitCode.Answered : ExitCode.Reached;
    }

    private static void Print(Surface surface, IReadOnlyList<CheckTrustResult> results, int seed, bool json)
    {
        if (json)
        {
            surface.Out.WriteLine(Json(results, seed));
            return;
        }

        IReadOnlyList<string> head = ["check", "level", "caught", "promised", "false alarms", "promised", "kept"];
        foreach (var text in Columns.Grid([head, .. results.Select(Row)]))
        {
            surface.Out.WriteLine(text);
        }

        var broken = results.Count(r => !r.DetectionKept || !r.FalseAlarmKept);
        surface.Out.WriteLine();
        surface.Out.WriteLine(broken == 0
            ? $"All {results.Count} checks keep their promise within binomial error (seed {seed})."
            : $"{broken} of {results.Count} checks break their promise (seed {seed}).");
    }

    private static IReadOnlyList<string> Row(CheckTrustResult r) =>
    [
        r.Card.Id, ChecksCommand.Word(r.Card.Level),
        $"{r.Caught}/{r.Traps}", $">= {Percent(r.Card.DetectionRate)}",
        $"{r.FalseAlarms}/{r.Twins}", $"<= {Percent(r.Card.FalseAlarmRate)}",
        r.DetectionKept && r.FalseAlarmKept ? "yes" : "NO",
    ];

    private static string Percent(double rate) => string.Create(CultureInfo.InvariantCulture, $"{rate * 100:0.###} %");

    private static string Json(IReadOnlyList<CheckTrustResult> results, int seed) => JsonDocumentText.Write("gnomon.trust/1", writer =>
    {
        writer.WriteString("version", ProductVersion.Text);
        writer.WriteNumber("seed", seed);
        writer.WriteStartArray("checks");
        foreach (var r in results)
        {
            writer.WriteStartObject();
            writer.WriteString("id", r.Card.Id);
            writer.WriteString("level", ChecksCommand.Word(r.Card.Level));
            writer.WriteNumber("traps", r.Traps);
            writer.WriteNumber("caught", r.Caught);
            writer.WriteNumber("detectionRate", r.Card.DetectionRate);
            writer.WriteNumber("twins", r.Twins);
            writer.WriteNumber("falseAlarms", r.FalseAlarms);
            writer.WriteNumber("falseAlarmRate", r.Card.FalseAlarmRate);
            writer.WriteBoolean("kept", r.DetectionKept && r.FalseAlarmKept);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });
}
