using System.Globalization;
using Gnomon.Cli.Help;
using Gnomon.Cli.Output;
using Gnomon.Cli.Parsing;
using Gnomon.Cli.Running;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Data.Ledger;
using Gnomon.Programme;
using Gnomon.Render.Json;

namespace Gnomon.Cli.Commands;

/// <summary><c>gnomon ledger WORD</c>: what was planned, looked at, tried and decided, read from the ledger file.</summary>
internal sealed class LedgerCommand : ICommand
{
    private const double UsualRate = 0.05;

    private static readonly string[] Known = ["list", "show", "discoveries", "report", "export", "import", "verify", "override", "onboard"];

    public string Name => "ledger";

    public string Summary => "Show what was planned, looked at, tried and decided; verify it, export it, override a decision.";

    public IReadOnlyList<OptionShape> Options { get; } =
    [
        new("ledger", "WHERE", "Ledger file or folder; .gnomon/ledger.db in the current folder when left out.") { IsFile = true },
        new("kind", "KIND", "list: finding, plan or override.") { Choices = ["finding", "plan", "override"] },
        new("verb", "VERB", "list: entries of one verb."),
        new("experiment", "NAME", "list: entries of one experiment."),
        new("metric", "METRIC", "list: entries that tested a metric."),
        new("newest", "N", "list: the newest N entries."),
        new("rate", "RATE", "discoveries, report: rate of false results that is accepted [0.05]."),
        new("head", "HASH", "verify: a hash noted elsewhere, which must be there."),
        new("action", "ACTION", "override: what is done instead; list: entries with this decision."),
        new("by", "NAME", "override: who decides."),
        new("reason", "TEXT", "override: why."),
        .. LedgerReport.Options,
        OptionShape.Switch("json", "Print JSON."),
    ];

    public IReadOnlyList<string> Words => Known;

    public IEnumerable<string> Help(int width) =>
    [
        "gnomon ledger list [--kind KIND] [--verb VERB] [--experiment NAME] [--metric METRIC] [--newest N]",
        "gnomon ledger show N               one entry with everything recorded",
        "gnomon ledger discoveries [--rate RATE] which results stand when false discoveries must stay rare",
        "gnomon ledger report [--html FILE] the whole programme: which wins stand, what is missing, what came of it",
        "gnomon ledger onboard PROJECT.json the handbook of a project with what this ledger recorded; options as gnomon onboard",
        "gnomon ledger verify [--head HASH] recompute every hash; exit code 1 when something was changed",
        "gnomon ledger export > FILE        everything as JSON Lines",
        "gnomon ledger import FILE          fill an empty ledger from an export",
        "gnomon ledger override N --action ACTION --reason TEXT --by NAME",
        string.Empty,
        .. Columns.Two([.. Options.Select(s => (s.IsSwitch ? s.Dashed : $"{s.Dashed} {s.Value}", s.Summary))], width),
    ];

    public int Run(IReadOnlyList<string> words, Surface surface, CancellationToken cancellation)
    {
        if (words.Count > 0 && words[0] == "onboard")
        {
            return Onboard(words, surface, cancellation);
        }

        var line = LineParser.Parse(Name, Options, words);
        line.Expect(mostPositionals: 2);
        var word = line.Positionals.FirstOrDefault() ?? "list";
        var path = LedgerLocation.For(null, line.Value("ledger"), Environment.CurrentDirectory);
        return word switch
        {
            "list" => List(line, path, surface),
            "show" => Show(line, path, surface),
            "discoveries" => Found(line, path, surface),
            "report" => LedgerReport.Run(line, path, [Name, .. words], surface, cancellation),
            "export" => Export(path, surface, cancellation),
            "import" => Import(line, path, surface),
            "verify" => Verify(line, path, surface, cancellation),
            "override" => Override(line, path, surface),
            "onboard" => throw new GnomonError("word-order", "onboard takes options of its own, so it stands right after ledger.", "onboard", "Write gnomon ledger onboard PROJECT.json ..."),
            _ => throw new GnomonError(
                "unknown-word", $"gnomon ledger has no word '{word}'.", word,
                Core.Tables.NearestName.To(word, Known) is { } nearest ? $"Did you mean '{nearest}'?" : $"Words: {string.Join(", ", Known)}."),
        };
    }

    // The handbook is a verb's finding: here it reads this ledger, also where the project lies elsewhere.
    private static int Onboard(IReadOnlyList<string> words, Surface surface, CancellationToken cancellation)
    {
        var names = words.Any(w => w is "--ledger" or "--no-ledger" || w.StartsWith("--ledger=", StringComparison.Ordinal));
        return new VerbRun(Catalogue.Verb("onboard"), surface, cancellation).Run(names ? words : [.. words, "--ledger", LedgerLocation.DefaultFile]);
    }

    private static int List(ParsedLine line, string path, Surface surface)
    {
        using var ledger = LedgerFile.Open(path);
        var entries = ledger.List(new LedgerFilter
        {
            Kind = line.Has("kind") ? OptionParser.Choice("kind", line.Given["kind"], ["finding", "plan", "override"]) : null,
            Verb = line.Value("verb"),
            Action = line.Value("action"),
            Experiment = line.Value("experiment"),
            Metric = line.Value("metric"),
            Newest = line.Has("newest") ? (int)OptionParser.Integer("newest", line.Given["newest"], 0, int.MaxValue) : null,
        });
        if (line.Has("json"))
        {
            surface.Out.WriteLine(LedgerText.Json(ledger.Location, entries));
        }
        else
        {
            foreach (var text in LedgerText.List(ledger.Location, entries))
            {
                surface.Out.WriteLine(text);
            }
        }

        return ExitCode.Answered;
    }

    private static int Show(ParsedLine line, string path, Surface surface)
    {
        using var ledger = LedgerFile.Open(path);
        var entry = ledger.Show(Sequence(line, "show"));
        if (line.Has("json"))
        {
            surface.Out.WriteLine(LedgerText.Json(ledger.Location, entry));
            return ExitCode.Answered;
        }

        foreach (var text in LedgerText.Show(entry, surface.Width))
        {
            surface.Out.WriteLine(text);
        }

        if (entry.FindingJson is { } finding)
        {
            surface.Out.WriteLine();
            FindingText.Terminal(FindingJson.Read(finding), surface, quiet: false);
        }

        return ExitCode.Answered;
    }

    private static int Found(ParsedLine line, string path, Surface surface)
    {
        var rate = line.Has("rate") ? OptionParser.Number("rate", line.Given["rate"], 0, 1) : UsualRate;
        using var ledger = LedgerFile.Open(path);
        var found = Discoveries.Of(ledger.PrimaryTests(), rate);
        if (line.Has("json"))
        {
            surface.Out.WriteLine(DiscoveryText.Json(ledger.Location, found, rate));
            return ExitCode.Answered;
        }

        foreach (var text in DiscoveryText.Lines(ledger.Location, found, rate, surface.Width))
        {
            surface.Out.WriteLine(text);
        }

        return ExitCode.Answered;
    }

    private static int Export(string path, Surface surface, CancellationToken cancellation)
    {
        using var ledger = LedgerFile.Open(path);
        ledger.Export(surface.Out, cancellation);
        return ExitCode.Answered;
    }

    private static int Import(ParsedLine line, string path, Surface surface)
    {
        var file = line.Positionals.ElementAtOrDefault(1) ?? throw new GnomonError("option-missing", "Which export?", "import", "Write gnomon ledger import FILE.");
        if (!File.Exists(file))
        {
            throw new GnomonError("file-not-found", $"There is no file {file}.", file);
        }

        using var lines = File.OpenText(file);
        var head = LedgerFile.Import(path, lines);
        surface.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{head.Entries} entries into {path}, head {head.Hash}"));
        return ExitCode.Answered;
    }

    private static int Verify(ParsedLine line, string path, Surface surface, CancellationToken cancellation)
    {
        using var ledger = LedgerFile.Open(path);
        var outcome = ledger.Verify(line.Value("head"), cancellation);
        surface.Out.WriteLine(line.Has("json") ? LedgerText.Json(ledger.Location, outcome) : LedgerText.Verified(ledger.Location, outcome));
        return outcome.Intact ? ExitCode.Answered : ExitCode.Reached;
    }

    private static int Override(ParsedLine line, string path, Surface surface)
    {
        var action = line.Has("action") ? OptionParser.Choice("action", line.Given["action"], [.. Enum.GetValues<DecisionAction>().Select(a => a.Word())]) : string.Empty;
        using var ledger = LedgerFile.Open(path);
        var target = Sequence(line, "override");
        var entry = ledger.Override(target, line.Value("by") ?? string.Empty, action, line.Value("reason") ?? string.Empty, surface.Clock.GetUtcNow());
        surface.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Entry {entry}: the decision of entry {target} is overridden with {action}. The finding itself stays as it is."));
        return ExitCode.Answered;
    }

    private static long Sequence(ParsedLine line, string word) => line.Positionals.ElementAtOrDefault(1) is { } text
        ? OptionParser.Integer("entry", [text], 0, double.PositiveInfinity)
        : throw new GnomonError("option-missing", "Which entry?", word, $"Write gnomon ledger {word} N; gnomon ledger list shows the numbers.");
}
