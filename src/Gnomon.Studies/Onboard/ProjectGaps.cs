using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;

namespace Gnomon.Studies.Onboard;

/// <summary>What is used and not written down, or written down and gone.</summary>
internal static class ProjectGaps
{
    public const string NoOwner = "no owner";
    private const int MostNamed = 8;

    public static IReadOnlyList<DocumentationGap> Of(Project project, IReadOnlyList<TableLook> looks)
    {
        var gaps = new List<DocumentationGap>();
        foreach (var asset in project.Assets)
        {
            gaps.AddRange(Shared(asset, project));
            gaps.AddRange(asset switch
            {
                ProjectTable table => OfTable(table, looks.First(l => l.Table == table)),
                ProjectModel model => Lacks(model.Id, ("no intended use", model.IntendedUse, "nobody wrote what it is for"), ("no data window", model.Window, "nobody wrote from when its training data are"), ("no failure modes", model.FailureModes, "nobody wrote where it fails")),
                ProjectJob job => OfJob(job, project),
                _ => [],
            });
        }

        foreach (var incident in project.Events.Where(e => e.Kind == "incident"))
        {
            gaps.AddRange(Lacks(incident.Id, ("no cause", incident.Cause, "the cause is not written down"), ("no impact", incident.Impact, "how many were hit is not written down"), ("no test against its return", incident.Test, "nothing is named that would show it coming back")));
        }

        foreach (var one in project.Events)
        {
            gaps.AddRange(Lacks(one.Id, ("no description", one.Description, "only its title is there")));
            gaps.AddRange(one.About.Where(a => !Known(project, a)).Select(a => Unknown(one.Id, a, project)));
            if (one.By is { } by && IsStranger(by, project))
            {
                gaps.Add(Stranger(one.Id, by));
            }
        }

        return gaps;
    }

    private static IEnumerable<DocumentationGap> Shared(ProjectAsset asset, Project project)
    {
        if (asset.Owner is null)
        {
            yield return new DocumentationGap(asset.Id, NoOwner, "nobody answers for it");
        }
        else if (IsStranger(asset.Owner, project))
        {
            yield return Stranger(asset.Id, asset.Owner);
        }

        if (asset.Description is null)
        {
            yield return new DocumentationGap(asset.Id, "no description", "nobody wrote what it is");
        }

        foreach (var reference in asset.From.Concat(asset is ProjectJob job ? job.Outputs : []).Where(r => !Known(project, project.Root(r))))
        {
            yield return Unknown(asset.Id, reference, project);
        }

        if (asset.Reviewed is { } read && project.Events.Where(e => e.Kind == "incident" && e.About.Contains(asset.Id) && e.Date > read).MaxBy(e => e.Date) is { } since)
        {
            yield return new DocumentationGap(asset.Id, "stale description", $"last read on {read:yyyy-MM-dd}, before the incident of {since.Date:yyyy-MM-dd} ({since.Id})");
        }
    }

    private static IEnumerable<DocumentationGap> OfTable(ProjectTable table, TableLook look)
    {
        foreach (var gap in Lacks(table.Id, ("no grain", table.Grain, "nobody wrote what one row is"), ("no refresh", table.Refresh, "nobody wrote when it is renewed")))
        {
            yield return gap;
        }

        if (look.Problem is { } problem)
        {
            yield return new DocumentationGap(table.Id, "no file", problem);
            yield break;
        }

        var described = table.Columns.Where(c => c.Description is not null).Select(c => c.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        List<string> bare = [.. look.Fields.Select(f => f.Name).Where(n => !described.Contains(n))];
        if (bare.Count > 0)
        {
            yield return new DocumentationGap(table.Id, "columns without a description", $"{Figures.Count(bare.Count, "column")} of {look.Fields.Count} without a description: {Some(bare)}");
        }

        var there = look.Fields.Select(f => f.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        List<string> gone = [.. table.Columns.Select(c => c.Name).Where(n => !there.Contains(n))];
        if (gone.Count > 0)
        {
            yield return new DocumentationGap(table.Id, "stale description", $"{Figures.Count(gone.Count, "column")} described that the file does not have: {Some(gone)}");
        }
    }

    private static IEnumerable<DocumentationGap> OfJob(ProjectJob job, Project project)
    {
        if (job.Command is null)
        {
            yield return new DocumentationGap(job.Id, "no command", "nobody wrote how it is run");
        }
        else if (job.Record is null)
        {
            yield return new DocumentationGap(job.Id, "no recorded run", "no result is on record to compare with");
        }

        if (job.From.Count == 0 && project.Assets.Count() > 1)
        {
            yield return new DocumentationGap(job.Id, "no inputs", "nobody wrote what it reads");
        }
    }

    private static IEnumerable<DocumentationGap> Lacks(string id, params (string Kind, string? Text, string Says)[] fields) =>
        fields.Where(f => f.Text is null).Select(f => new DocumentationGap(id, f.Kind, f.Says));

    private static bool Known(Project project, string id) => project.Assets.Any(a => a.Id == id) || project.Events.Any(e => e.Id == id);

    private static bool IsStranger(string person, Project project) => project.People.Count > 0 && project.People.All(p => p.Id != person);

    private static DocumentationGap Stranger(string id, string person) => new(id, "unknown person", $"'{person}' is not among the people of the project");

    private static DocumentationGap Unknown(string id, string reference, Project project) => new(
        id, "dead reference", $"it names '{reference}', which is not in the project{(NearestName.To(reference, project.Assets.Select(a => a.Id)) is { } near ? $"; '{near}' is" : string.Empty)}");

    private static string Some(IReadOnlyList<string> names) => string.Join(", ", names.Take(MostNamed)) + (names.Count > MostNamed ? $" and {names.Count - MostNamed} more" : string.Empty);
}
