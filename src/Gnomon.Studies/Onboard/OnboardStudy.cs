using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;

namespace Gnomon.Studies.Onboard;

/// <summary>The story of a first day: what there is, what is missing, what still comes out, what to do first, and what is known of how fast others were.</summary>
public sealed class OnboardStudy : Study<OnboardOptions>
{
    private const int MostEvents = 500;

    /// <inheritdoc/>
    public override StudyReport Run(OnboardOptions options, StudyContext context)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(context);
        if (options.Data is null || context.Visit is null || context.Rerun is null)
        {
            throw new GnomonError("data-missing", "onboard reads a project file from disk.", "DATA", "Name the file: gnomon onboard gnomon-project.json.");
        }

        var project = ProjectReader.Read(options.Data);
        RecordFile.RequireFree(options);
        context.Progress?.Report(new StudyProgress("looking at the tables", null));
        List<TableLook> looks = [.. project.Tables.Select(t => Step(() => TableLook.Of(t, project, context, (int)options.Examples, options.Seed), context))];
        var gaps = ProjectGaps.Of(project, looks);
        var sandbox = options.Sandbox is null ? null : Sandbox.Open(project, options.Sandbox);
        context.Progress?.Report(new StudyProgress("running the tour", null));
        List<JobReplay> replays = [.. project.Jobs.Select(j => Step(() => JobReplay.Of(j, project, sandbox, context), context))];
        IReadOnlyList<FirstTask> tasks = sandbox is null ? [] : FirstTasks.Of(project, sandbox, replays, context, options.Seed);
        List<HireClaim> claims = project.Claims.Select(c => HireClaim.Of(c, options.Level)).ToList();
        if (options.Record is not null)
        {
            RecordFile.Write(options, project, replays);
        }

        var words = new OnboardWords(options, project, looks, gaps, replays, tasks, claims);
        return new StudyReport
        {
            Question = "onboard",
            Title = $"What must a newcomer to {project.Name} know?",
            Propose = _ => new Proposal(words.IsOpen ? DecisionAction.Investigate : DecisionAction.Answer, words.Summary(), new Dictionary<string, string>(StringComparer.Ordinal) { ["not-reproducible"] = words.Summary() }),
            Evidence = [.. Evidence(project, looks, gaps, replays, claims)],
            Estimates = [.. claims.SelectMany((c, i) => c.Estimates(i, options.Level))],
            Limitations = [.. words.Limitations()],
            Next = [.. words.Next()],
            Tables = [.. new ProjectTables(project, looks, gaps, replays, tasks, claims, context.Ledger.Events(MostEvents)).All()],
            HoldsRows = [ProjectTables.Columns],
        };
    }

    private static IEnumerable<IEvidence> Evidence(Project project, List<TableLook> looks, IReadOnlyList<DocumentationGap> gaps, List<JobReplay> replays, List<HireClaim> claims)
    {
        yield return new DocumentationReview { Assets = project.Assets.Count() + project.Events.Count, Gaps = gaps };
        foreach (var outcome in replays.Select(r => r.Outcome).OfType<IEvidence>())
        {
            yield return outcome;
        }

        foreach (var claim in claims)
        {
            yield return claim.Evidence;
        }

        yield return new SensitiveColumns
        {
            Looked = looks.Sum(l => l.Looked),
            Columns = [.. looks.SelectMany(l => l.Masked.Where(m => m.Kind != TableLook.Label).Select(m => m with { Column = $"{l.Table.Id}.{m.Column}" }))],
        };
    }

    private static T Step<T>(Func<T> step, StudyContext context)
    {
        context.Cancellation.ThrowIfCancellationRequested();
        return step();
    }
}
