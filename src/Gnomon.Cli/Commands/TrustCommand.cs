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
    // 20,000 data sets per method beside 100 planted flaws per check.
    private const int DrawsPerTrap = MethodTrust.UsualDraws / CheckTrust.UsualTraps;
    private const int TwinsPerTrap = CheckTrust.UsualTwins / CheckTrust.UsualTraps;

    public string Name => "trust";

    public string Summary => "Measure Gnomon's own error rates: size and coverage of its methods, planted flaws caught, false alarms.";

    public IReadOnlyList<OptionShape> Options { get; } =
    [
        OptionShape.Switch("methods", "Measure the methods: size without an effect, coverage with one."),
        OptionShape.Switch("checks", "Measure the checks: planted flaws caught, false alarms on clean twins."),
        new("check", "ID", "One check only; may be repeated."),
        new("draws", "N", "Planted flaws per check [100]; four clean twins are drawn for each, and 200 data sets per method."),
        OptionShape.Switch("quick", "A fifth of the draws: under a minute."),
        new("seed", "N", "First seed [1]."),
        new("threads", "N", "Threads to use; the figures do not depend on it."),
        new("nist", "FOLDER", "Digits of NIST's certified data sets that are reproduced; the folder holds certified.json and one CSV per set."),
        OptionShape.Switch("json", "Print the figures as JSON."),
    ];

    public IReadOnlyList<string> Words => [];

    public IEnumerable<string> Help(int width) =>
        Columns.Two([.. Options.Select(s => (s.IsSwitch ? s.Dashed : $"{s.Dashed} {s.Value}", s.Summary))], width)
            .Prepend(string.Empty).Prepend("gnomon trust [--methods] [--checks] [options]   Both when neither is named. Exit code 1 when a promise is broken.");

    public int Run(IReadOnlyList<string> words, Surface surface, CancellationToken cancellation)
    {
        var line = LineParser.Parse(Name, Options, words);
        line.Expect(mostPositionals: 0);
        if (line.Has("nist"))
        {
            return Nist(surface, NistTrust.Measure(NistSets.Read(line.Given["nist"][^1]), cancellation), line.Has("json"));
        }

        var usual = line.Has("quick") ? CheckTrust.UsualTraps / 5 : CheckTrust.UsualTraps;
        var draws = line.Has("draws") ? (int)OptionParser.Integer("draws", line.Given["draws"], 0, 10_000_001) : usual;
        var seed = line.Has("seed") ? (int)OptionParser.Integer("seed", line.Given["seed"], -1, 1_000_000_001) : 1;
        var threads = line.Has("threads") ? (int)OptionParser.Integer("threads", line.Given["threads"], 0, 1025) : Environment.ProcessorCount;
        var checks = line.Has("check") ? [.. OptionParser.List(line.Given["check"], commas: true).Select(Catalogue.Check)] : Catalogue.Checks;
        var onlyChecks = line.Has("check") || (line.Has("checks") && !line.Has("methods"));
        var onlyMethods = line.Has("methods") && !line.Has("checks") && !line.Has("check");
        IReadOnlyList<TrustPath> paths = onlyChecks ? [] : TrustPaths.All;
        checks = onlyMethods ? [] : checks;

        using var progress = ProgressLine.For(surface, line.Has("json"));
        double all = paths.Count + checks.Count;
        var methods = new List<MethodTrustResult>();
        foreach (var path in paths)
        {
            progress?.Report(new StudyProgress(path.Id, methods.Count / all));
            methods.Add(MethodTrust.Measure(path, draws * DrawsPerTrap, seed, threads, cancellation));
        }

        var results = new List<CheckTrustResult>();
        foreach (var check in checks)
        {
            progress?.Report(new StudyProgress(check.Card.Id, (methods.Count + results.Count) / all));
            results.Add(CheckTrust.Measure(check, draws, draws * TwinsPerTrap, seed, cancellation));
        }

        progress?.Dispose();
        if (line.Has("json"))
        {
            surface.Out.WriteLine(Json(methods, results, seed));
        }
        else
        {
            Print(surface, methods, seed);
            surface.Out.Write(methods.Count > 0 && results.Count > 0 ? Environment.NewLine : string.Empty);
            Print(surface, results, seed);
        }

        return methods.TrueForAll(m => m.IsKept) && results.TrueForAll(r => r.DetectionKept && r.FalseAlarmKept) ? ExitCode.Answered : ExitCode.Reached;
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

    private static void Print(Surface surface, IReadOnlyList<MethodTrustResult> methods, int seed)
    {
        if (methods.Count == 0)
        {
            return;
        }

        IReadOnlyList<string> head = ["path", "size", "promised", "coverage", "promised", "power", "kept"];
        foreach (var text in Columns.Grid([head, .. methods.Select(Row)]))
        {
            surface.Out.WriteLine(text);
        }

        surface.Out.WriteLine();
        foreach (var method in methods)
        {
            surface.Out.WriteLine($"{method.Path.Id}: {method.Path.Method}; {method.Path.Situation}.");
        }

        var broken = methods.Count(m => !m.IsKept);
        surface.Out.WriteLine();
        surface.Out.WriteLine(broken == 0
            ? $"All {methods.Count} paths keep their promise within binomial error ({methods[0].Draws} data sets each without and with an effect, seed {seed})."
            : $"{broken} of {methods.Count} paths break their promise ({methods[0].Draws} data sets each without and with an effect, seed {seed}).");
    }

    private static IReadOnlyList<string> Row(MethodTrustResult m) =>
    [
        m.Path.Id, Fixed(m.Size, m.Path.Alpha < 0.01 ? 3 : 2), m.Path.IsConservative ? $"<= {Percent(1.1 * m.Path.Alpha)}" : $"{Percent(0.8 * m.Path.Alpha)} to {Percent(1.1 * m.Path.Alpha)}",
        m.Path.HasInterval ? Fixed(m.Coverage, 2) : "-", !m.Path.HasInterval ? "-" : m.Path.IsConservative ? ">= 94 %" : "94 % to 96 %", Fixed(m.Power, 1), m.IsKept ? "yes" : "NO",
    ];

    private static string Fixed(double rate, int decimals) => (rate * 100).ToString("F" + decimals, CultureInfo.InvariantCulture) + " %";

    private static void Print(Surface surface, IReadOnlyList<CheckTrustResult> results, int seed)
    {
        if (results.Count == 0)
        {
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

    private static string Json(IReadOnlyList<MethodTrustResult> methods, IReadOnlyList<CheckTrustResult> results, int seed) => JsonDocumentText.Write("gnomon.trust/1", writer =>
    {
        writer.WriteString("version", ProductVersion.Text);
        writer.WriteNumber("seed", seed);
        writer.WriteStartArray("methods");
        foreach (var m in methods)
        {
            writer.WriteStartObject();
            writer.WriteString("id", m.Path.Id);
            writer.WriteString("method", m.Path.Method);
            writer.WriteString("situation", m.Path.Situation);
            writer.WriteNumber("draws", m.Draws);
            writer.WriteNumber("alpha", m.Path.Alpha);
            writer.WriteNumber("size", m.Size);
            if (m.Path.HasInterval)
            {
                writer.WriteNumber("coverage", m.Coverage);
            }

            writer.WriteNumber("power", m.Power);
            writer.WriteBoolean("kept", m.IsKept);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
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
