using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;

namespace Gnomon.Cli.Parsing;

/// <summary>Where the finding goes and what the exit code means; the same for every verb.</summary>
internal sealed record OutputSettings
{
    private static readonly string[] FailOnWords = ["warn", "fail", "rules", "never"];

    /// <summary>Standard output, where a file name is expected.</summary>
    public const string StandardOutput = "-";

    public static IReadOnlyList<OptionShape> Shapes { get; } =
    [
        OptionShape.Switch("json", "Print the finding as JSON."),
        new("html", "FILE", "Write the finding as one HTML page that needs no network.") { IsFile = true },
        new("markdown", "[FILE.md]", "Write the finding as Markdown; prints it when no file is named.") { IsFile = true },
        new("junit", "FILE", "Write the checks as JUnit test results, for CI.") { IsFile = true },
        new("sarif", "FILE", "Write the checks as SARIF 2.1, for code scanning.") { IsFile = true },
        new("fail-on", "warn|fail|rules|never", "Exit with 1 when a check reaches this level, or when a rule is broken.") { Choices = FailOnWords },
        OptionShape.Switch("quiet", "Print the decision only; no progress and no hints."),
        new("ledger", "WHERE", "Ledger to use; one per user when left out.") { IsFile = true },
        OptionShape.Switch("no-ledger", "Neither read nor write the ledger."),
    ];

    public bool Json { get; init; }

    public string? Html { get; init; }

    public string? Markdown { get; init; }

    public string? Junit { get; init; }

    public string? Sarif { get; init; }

    public CheckStatus? FailOn { get; init; }

    /// <summary>A broken rule of --rules ends with 1, whatever else the checks say.</summary>
    public bool FailOnRules { get; init; }

    public bool Quiet { get; init; }

    public string? Ledger { get; init; }

    public bool NoLedger { get; init; }

    /// <summary>
    /// <c>--markdown</c> may stand alone, so it must not swallow the data that follows it: it takes the next word only when that names a Markdown file.
    /// </summary>
    public static IReadOnlyList<string> Untangle(IReadOnlyList<string> words)
    {
        var result = new List<string>(words.Count);
        for (var i = 0; i < words.Count; i++)
        {
            if (words[i] != "--markdown")
            {
                result.Add(words[i]);
            }
            else if (i + 1 < words.Count && (words[i + 1].EndsWith(".md", StringComparison.OrdinalIgnoreCase) || words[i + 1].EndsWith(".markdown", StringComparison.OrdinalIgnoreCase)))
            {
                result.Add($"--markdown={words[++i]}");
            }
            else
            {
                result.Add($"--markdown={StandardOutput}");
            }
        }

        return result;
    }

    /// <exception cref="GnomonError">All wrong options together.</exception>
    public static OutputSettings From(ParsedLine line)
    {
        var errors = new List<GnomonError>();
        var settings = new OutputSettings
        {
            Json = line.Has("json"),
            Html = Read(errors, () => line.Value("html")),
            Markdown = Read(errors, () => line.Value("markdown")),
            Junit = Read(errors, () => line.Value("junit")),
            Sarif = Read(errors, () => line.Value("sarif")),
            FailOnRules = line.Has("fail-on") && line.Given["fail-on"] is ["rules"],
            FailOn = Read(errors, () => line.Has("fail-on") ? OptionParser.Choice("fail-on", line.Given["fail-on"], FailOnWords) : null) switch
            {
                "warn" => CheckStatus.Warn,
                "fail" => CheckStatus.Fail,
                _ => null,
            },
            Quiet = line.Has("quiet"),
            Ledger = Read(errors, () => line.Value("ledger")),
            NoLedger = line.Has("no-ledger"),
        };
        errors.AddRange(settings.Conflicts(line.Positionals));
        return errors.Count == 0 ? settings : throw GnomonError.Join(errors);
    }

    /// <summary>True when a check of the finding reached the level given with <c>--fail-on</c>.</summary>
    public bool Reached(Finding finding) => FailOn switch
    {
        CheckStatus.Warn => finding.Checks.Any(c => c.Status is CheckStatus.Warn or CheckStatus.Fail),
        CheckStatus.Fail => finding.Checks.Any(c => c.Status == CheckStatus.Fail),
        _ => FailOnRules && RuleTable.Of(finding).Any(r => r.IsBroken),
    };

    private IEnumerable<GnomonError> Conflicts(IReadOnlyList<string> data)
    {
        if (Json && Markdown == StandardOutput)
        {
            yield return new GnomonError("options-conflict", "--json and --markdown would both print.", "--json, --markdown", "Name a file: --markdown FILE.md.");
        }

        if (Ledger is not null && NoLedger)
        {
            yield return new GnomonError("options-conflict", "--ledger and --no-ledger were both given.", "--ledger, --no-ledger", "Give one of them.");
        }

        foreach (var (option, file) in new[] { ("--html", Html), ("--markdown", Markdown), ("--junit", Junit), ("--sarif", Sarif) })
        {
            if (file is not null && file != StandardOutput && data.Any(d => Path.GetFullPath(d) == Path.GetFullPath(file)))
            {
                yield return new GnomonError("output-is-data", $"{option} would overwrite the data file {file}.", option, "Name another file.");
            }
        }
    }

    private static string? Read(List<GnomonError> errors, Func<string?> read)
    {
        try
        {
            return read();
        }
        catch (GnomonError wrong)
        {
            errors.Add(wrong);
            return null;
        }
    }
}
