using System.Globalization;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Core.Ledger;
using Gnomon.Core.Tables;

namespace Gnomon.Studies.Onboard;

/// <summary>The project as tables of the finding; the handbook is drawn from them.</summary>
internal sealed class ProjectTables(
    Project project, IReadOnlyList<TableLook> looks, IReadOnlyList<DocumentationGap> gaps, IReadOnlyList<JobReplay> replays, IReadOnlyList<FirstTask> tasks, IReadOnlyList<HireClaim> claims, IReadOnlyList<RecordedEvent> ledger)
{
    /// <summary>The table that holds values of the data.</summary>
    public const string Columns = "columns";

    public IEnumerable<ResultTable> All() => new[]
    {
        Table("tour", "The tour: recorded runs, run again on a copy", ["job", "command", "metric", "on record", "again", "result"], replays.Where(r => r.Job.Command is not null).Select(Tour)),
        Table("gaps", "What is not written down", ["asset", "gap", "what is missing"], gaps.Select(g => Row(g.Asset, g.Kind, g.Says))),
        Table("claims", "What is said of onboarding, and what it rests on", ["claim", "hires with", "hires without", "what it shows"], claims.Select(c => Row(c.Claim.Says, (long)c.Claim.With.Count, (long)c.Claim.Without.Count, c.Verdict))),
        Table("tasks", "First tasks", ["grade", "task", "title", "what to do", "it counts when", "state", "marking"], tasks.Select(t => Row((long)t.Grade, t.Id, t.Title, t.Do, t.Passes, t.State, t.Why))),
        Table("progress", "Progress", ["what", "done", "of"], Progress().Where(r => (long)r[2]! > 0)),
        Reference("project", "The project", ["what", "text"], About()),
        Reference("people", "People", ["id", "name", "role", "contact"], project.People.Select(p => Row(p.Id, p.Name, p.Role, p.Contact))),
        Reference("assets", "What there is", ["id", "kind", "owner", "description", "details", "caveats"], project.Assets.Select(a => Row(a.Id, a.Kind, a.Owner, a.Description, Details(a), a.Caveats.Count == 0 ? null : string.Join(" ", a.Caveats)))),
        Reference("lineage", "What is made from what", ["from", "to"], project.Lineage.Select(l => Row(l.From, l.To))),
        Reference(Columns, "Columns of the tables", ["table", "column", "type", "description", "caveat", "examples"], looks.SelectMany(OfTable)),
        Reference("timeline", "Decisions, incidents and runs on record", ["date", "kind", "id", "title", "about", "text"], Timeline()),
        Reference("glossary", "Words", ["term", "meaning"], project.Glossary.OrderBy(t => t.Term, StringComparer.OrdinalIgnoreCase).Select(t => Row(t.Term, t.Meaning))),
    }.Where(t => t.Rows.Count > 0);

    private static ResultTable Table(string id, string title, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<object?>> rows) => new(id, title, columns, [.. rows]);

    private static ResultTable Reference(string id, string title, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<object?>> rows) => Table(id, title, columns, rows) with { IsReference = true };

    private static IReadOnlyList<object?> Row(params object?[] cells) => cells;

    private static IReadOnlyList<object?> Tour(JobReplay r) => Row(
        r.Job.Id, $"gnomon {ReproduceTask.Line(r.Job)}", r.Job.Metric?.Says, r.Recorded, r.Seen,
        r switch
        {
            { Job.Record: null } => r.Failure ?? "no record",
            { Changed.Count: > 0 } => $"other inputs: {string.Join(", ", r.Changed)}",
            { Failure: { } failure } => failure,
            { Finding: null } => "not run",
            { IsSame: true } => "the same",
            { Seen: null } => "no such number in the finding",
            _ when r.Outcome!.Missing.Count > 0 => $"record lacks {string.Join(", ", r.Outcome.Missing)}",
            _ => $"off by {(r.Seen!.Value - r.Recorded!.Value).ToString("0.##e+0", CultureInfo.InvariantCulture)}",
        });

    private IEnumerable<IReadOnlyList<object?>> Progress()
    {
        var recorded = replays.Where(r => r.Job.Record is not null).ToList();
        yield return Row("recorded runs that come out again", (long)recorded.Count(r => r.IsSame), (long)recorded.Count);
        yield return Row("first tasks done", (long)tasks.Count(t => t.State == FirstTask.Done), (long)tasks.Count);
        var all = project.Assets.Select(a => a.Id).Concat(project.Events.Select(e => e.Id)).ToList();
        var open = gaps.Select(g => g.Asset).ToHashSet(StringComparer.Ordinal);
        yield return Row("things fully written down", (long)all.Count(a => !open.Contains(a)), (long)all.Count);
    }

    private IEnumerable<IReadOnlyList<object?>> About()
    {
        yield return Row("name", project.Name);
        if (project.Purpose is { } purpose)
        {
            yield return Row("purpose", purpose);
        }

        foreach (var standard in project.Standards)
        {
            yield return Row("standard", standard);
        }
    }

    private static string? Details(ProjectAsset asset)
    {
        (string Name, string? Text)[] parts = asset switch
        {
            ProjectTable t => [("file", t.Path), ("one row is", t.Grain), ("renewed", t.Refresh)],
            ProjectFeature f => [("made of", f.From.Count == 0 ? null : string.Join(", ", f.From))],
            ProjectModel m => [("for", m.IntendedUse), ("trained on", m.Window), ("fails", m.FailureModes)],
            ProjectJob j => [("command", j.Command is null ? null : $"gnomon {ReproduceTask.Line(j)}"), ("recorded", j.Record?.At)],
            _ => [],
        };
        var said = parts.Append(("description read", asset.Reviewed?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))).Where(p => p.Item2 is not null).Select(p => $"{p.Item1}: {p.Item2}").ToList();
        return said.Count == 0 ? null : string.Join("\n", said);
    }

    private static IEnumerable<IReadOnlyList<object?>> OfTable(TableLook look)
    {
        for (var i = 0; i < look.Fields.Count; i++)
        {
            var field = look.Fields[i];
            var said = look.Table.Columns.FirstOrDefault(c => string.Equals(c.Name, field.Name, StringComparison.OrdinalIgnoreCase));
            var examples = i < look.Examples.Count ? look.Examples[i].Distinct(StringComparer.Ordinal).Select(e => e.Length == 0 ? "(empty)" : e) : [];
            yield return Row(look.Table.Id, field.Name, Type(field.Type), said?.Description, said?.Caveat, string.Join(" | ", examples));
        }
    }

    private static string Type(ColumnType type) => type switch
    {
        ColumnType.Double or ColumnType.Decimal => "number",
        ColumnType.Integer => "whole number",
        ColumnType.Boolean => "yes or no",
        ColumnType.Timestamp or ColumnType.LocalTimestamp => "moment",
        _ => type.ToString().ToLowerInvariant(),
    };

    private IEnumerable<IReadOnlyList<object?>> Timeline()
    {
        var own = project.Events.Select(e => (At: e.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), Row: Row(
            e.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), e.Kind, e.Id, e.Title, e.About.Count == 0 ? null : string.Join(", ", e.About.Select(project.Root).Distinct(StringComparer.Ordinal)),
            string.Join(" ", new[] { e.Description, Labelled("Cause", e.Cause), Labelled("Impact", e.Impact), Labelled("Seen again by", e.Test), Labelled("Decided by", e.By) }.OfType<string>()))));
        var kept = ledger.Where(e => e.Verb != "onboard").Select(e => (At: e.At.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), Row: Row(
            e.At.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), $"ledger {e.Kind}", $"entry-{e.Sequence}", e.Title ?? e.Experiment ?? $"{e.Kind} of {e.Verb}", null,
            $"gnomon {e.Verb}{(e.Action.Length == 0 ? string.Empty : $": {e.Action}")}{(e.Experiment is null || e.Title is null ? string.Empty : $" ({e.Experiment})")}")));
        return own.Concat(kept).OrderBy(e => e.At, StringComparer.Ordinal).Select(e => e.Row);
    }

    private static string? Labelled(string name, string? text) => text is null ? null : $"{name}: {text.TrimEnd('.')}.";
}
