using System.Diagnostics;
using Gnomon.Cli.Help;
using Gnomon.Cli.Output;
using Gnomon.Cli.Parsing;
using Gnomon.Cli.Running;
using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
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
        new("path", "ID", "One path of methods only; may be repeated."),
        new("check", "ID", "One check only; may be repeated."),
        new("draws", "N", "Planted flaws per check [100]; four clean twins are drawn for each, and 200 data sets per method."),
        OptionShape.Switch("quick", "A fifth of the draws: under a minute."),
        new("seed", "N", "First seed [1]."),
        new("threads", "N", "Threads to use; the figures do not depend on it."),
        new("nist", "FOLDER", "Digits of NIST's certified data sets that are reproduced; the folder holds certified.json and one CSV per set."),
        new("html", "FILE", "Write the figures as a page that can be audited: every promise, what was drawn, what was counted."),
        OptionShape.Switch("json", "Print the figures as JSON."),
    ];

    public IReadOnlyList<string> Words => [];

    public IEnumerable<string> Help(int width) =>
        Columns.Two([.. Options.Select(s => (s.IsSwitch ? s.Dashed : $"{s.Dashed} {s.Value}", s.Summary))], width)
            .Prepend(string.Empty).Prepend("gnomon trust [--methods] [--checks] [--nist FOLDER] [options]   Methods and checks when none is named. Exit code 1 when a promise is broken.");

    public int Run(IReadOnlyList<string> words, Surface surface, CancellationToken cancellation)
    {
        var line = LineParser.Parse(Name, Options, words);
        line.Expect(mostPositionals: 0);
        var started = surface.Clock.GetUtcNow();
        var asked = new Asked(line);
        var clock = Stopwatch.StartNew();
        using var progress = ProgressLine.For(surface, line.Has("json"));
        var digits = line.Has("nist") ? NistTrust.Measure(NistSets.Read(line.Given["nist"][^1]), cancellation) : [];
        double all = asked.Paths.Count + asked.Checks.Count;
        var methods = new List<MethodTrustResult>();
        foreach (var path in asked.Paths)
        {
            progress?.Report(new StudyProgress(path.Id, methods.Count / all));
            methods.Add(MethodTrust.Measure(path, asked.Draws * DrawsPerTrap, asked.Seed, asked.Threads, cancellation));
        }

        var checks = new List<CheckTrustResult>();
        foreach (var check in asked.Checks)
        {
            progress?.Report(new StudyProgress(check.Card.Id, (methods.Count + checks.Count) / all));
            checks.Add(CheckTrust.Measure(check, asked.Draws, asked.Draws * TwinsPerTrap, asked.Seed, cancellation));
        }

        progress?.Dispose();
        if (line.Has("json"))
        {
            surface.Out.WriteLine(TrustText.Json(methods, checks, digits, asked.Seed));
        }
        else
        {
            TrustText.Print(surface, methods, checks, digits, asked.Seed);
        }

        if (line.Has("html"))
        {
            var provenance = new Provenance
            {
                Version = ProductVersion.Text, Command = ["gnomon", Name, .. words], Seed = asked.Seed, Engine = "simulation", Data = [], StartedAt = started, Seconds = clock.Elapsed.TotalSeconds,
            };
            if (new OutputFile(line.Given["html"][^1], "--html", () => FindingText.Html(TrustReport.Of(methods, checks, digits, provenance))).Save() is { } failure)
            {
                Complaint.Print(surface, failure, line.Has("json"));
                return ExitCode.Unusable;
            }
        }

        return methods.TrueForAll(m => m.IsKept) && checks.TrueForAll(r => r.DetectionKept && r.FalseAlarmKept) && digits.All(d => d.Kept) ? ExitCode.Answered : ExitCode.Reached;
    }

    // Methods and checks when neither is named; digits alone when only a folder is named.
    private sealed class Asked
    {
        public Asked(ParsedLine line)
        {
            var onlyChecks = line.Has("check") || line.Has("checks");
            var methods = line.Has("methods") || line.Has("path");
            var onlyDigits = line.Has("nist") && !onlyChecks && !methods;
            Draws = line.Has("draws") ? (int)OptionParser.Integer("draws", line.Given["draws"], 0, 10_000_001) : line.Has("quick") ? CheckTrust.UsualTraps / 5 : CheckTrust.UsualTraps;
            Seed = line.Has("seed") ? (int)OptionParser.Integer("seed", line.Given["seed"], -1, 1_000_000_001) : 1;
            Threads = line.Has("threads") ? (int)OptionParser.Integer("threads", line.Given["threads"], 0, 1025) : Environment.ProcessorCount;
            Paths = onlyDigits || (onlyChecks && !methods) ? [] : line.Has("path") ? [.. OptionParser.List(line.Given["path"], commas: true).Select(Path)] : TrustPaths.All;
            var named = line.Has("check") ? [.. OptionParser.List(line.Given["check"], commas: true).Select(Catalogue.Check)] : Catalogue.Checks;
            Checks = onlyDigits || (methods && !onlyChecks) ? [] : named;
        }

        private static TrustPath Path(string id) => TrustPaths.All.FirstOrDefault(p => p.Id == id) ?? throw new GnomonError(
            "unknown-path", $"There is no path '{id}'.", "--path",
            Core.Tables.NearestName.To(id, [.. TrustPaths.All.Select(p => p.Id)]) is { } nearest ? $"Did you mean '{nearest}'?" : $"Paths: {string.Join(", ", TrustPaths.All.Select(p => p.Id))}.");

        public int Draws { get; }

        public int Seed { get; }

        public int Threads { get; }

        public IReadOnlyList<TrustPath> Paths { get; }

        public IReadOnlyList<Check> Checks { get; }
    }
}
