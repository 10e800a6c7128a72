using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Ledger;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Render.Json;

namespace Gnomon;

/// <summary>
/// The front door: a question in, a finding out. Opens the data, runs the study, runs every check that applies, decides, remembers.
/// Each verb has its own typed call beside <see cref="Run"/>, for example <c>Ask.Ab(table, new AbOptions { ... })</c>.
/// </summary>
public static partial class Ask
{
    /// <summary>Asks one verb.</summary>
    /// <param name="verb">From <see cref="Catalogue.Verbs"/>.</param>
    /// <param name="options">That verb's options record.</param>
    /// <param name="settings">Data in memory, ledger, clock, cancellation.</param>
    /// <returns>The finding, with every check that ran and every check that could not.</returns>
    /// <exception cref="GnomonError">The question or the data cannot be used; all wrong options are in one error.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static Finding Run(VerbCard verb, StudyOptions options, AskSettings settings)
    {
        ArgumentNullException.ThrowIfNull(verb);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(settings);
        var startedAt = settings.Clock.GetUtcNow();
        var stopwatch = settings.Clock.GetTimestamp();
        RefuseWrongOptions(options, settings);

        // One pass over a file answers most questions, if its rows are all like the first; where they are not, the question is asked again with care.
        try
        {
            return Answer(verb, options, settings, trustsHead: true, startedAt, stopwatch);
        }
        catch (HeadNotTypicalException)
        {
            return Answer(verb, options, settings, trustsHead: false, startedAt, stopwatch);
        }
    }

    private static Finding Answer(VerbCard verb, StudyOptions options, AskSettings settings, bool trustsHead, DateTimeOffset startedAt, long stopwatch)
    {
        using var engine = NamesData(options, settings) ? settings.Engine() : null;
        using var data = engine?.Open(Source(options, settings) with { TrustsHead = trustsHead }, settings.Cancellation);
        using var beside = new SourcesBeside(settings);
        var checks = settings.Checks ?? Catalogue.Checks;
        var context = new StudyContext(
            data, settings.Ledger, options.Threads ?? Environment.ProcessorCount, startedAt, settings.Cancellation, settings.Progress)
        {
            Beside = beside.Open,
            Visit = beside.Visit,
            Rerun = (words, folder) => FolderQuestion.Ask(words, folder, settings),
        };
        var report = verb.Study.Run(options, context);

        var runs = CheckRunner.Run(checks, report.Evidence);
        var provenance = new Provenance
        {
            Version = ProductVersion.Text,
            Command = [.. (settings.Command ?? DefaultCommand(verb, options)).Select(Engines.WithoutPassword)],
            Seed = options.Seed,
            Engine = engine?.Name ?? "none",
            Data =
            [
                .. data switch
                {
                    null => [],
                    IDatabase several => several.Sources(settings.Cancellation),
                    IServerDatabase server => server.Sources(settings.Cancellation),
                    _ => new[] { data.Identify(settings.Cancellation) },
                },
                .. beside.Identify(),
            ],
            StartedAt = startedAt,
            Seconds = settings.Clock.GetElapsedTime(stopwatch).TotalSeconds,
        };
        var finding = FindingBuilder.Build(report, runs, data?.Issues ?? [], provenance);
        return Remember(verb, report, finding, settings);
    }

    // A table in memory stands in for the file, so the rule that a file must be named cannot be asked of the options as they are.
    private static void RefuseWrongOptions(StudyOptions options, AskSettings settings)
    {
        if (settings.Table is not null && options.Data is not null)
        {
            throw new GnomonError("options-conflict", "A table was given and the options name data too.", "Data", "Leave one of them out.");
        }

        var errors = (settings.Table is null ? options : options with { Data = "table" }).Validate().ToList();
        if (errors.Count > 0)
        {
            throw GnomonError.Join(errors);
        }
    }

    private static bool NamesData(StudyOptions options, AskSettings settings) =>
        settings.Table is not null || options.NamesData;

    private static SourceOptions Source(StudyOptions options, AskSettings settings) =>
        settings.Table is null ? options.Source() : options.Source() with { Memory = settings.Table };

    private static IReadOnlyList<string> DefaultCommand(VerbCard verb, StudyOptions options) =>
        options.Data is null ? [verb.Name] : [verb.Name, options.Data];

    // Findings are kept, rows of the data are not.
    private static Finding WithoutRows(Finding finding, StudyReport report) => report.HoldsRows.Count == 0 ? finding : finding with
    {
        Tables = [.. finding.Tables.Where(t => !report.HoldsRows.Contains(t.Id))],
        Plots = [.. finding.Plots.Where(p => !report.HoldsRows.Contains(p.Id))],
    };

    // The answer outlives a ledger that cannot be written; that it was not remembered is part of the answer.
    private static Finding Remember(VerbCard verb, StudyReport report, Finding finding, AskSettings settings)
    {
        if (settings.Ledger.Location is null)
        {
            return finding;
        }

        try
        {
            settings.Ledger.Append(new LedgerEntry(
                finding.Provenance.StartedAt, verb.Name, FindingJson.Write(WithoutRows(finding, report)), report.Trace, finding.Decision.Action.Word()));
            return finding;
        }
        catch (GnomonError unwritten)
        {
            return finding with { Limitations = [.. finding.Limitations, $"This run is not in the ledger, so later looks will not know of it: {unwritten.Message}"] };
        }
    }
}
