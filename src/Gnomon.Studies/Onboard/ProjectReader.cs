using System.Text.Json;
using Gnomon.Core.Errors;

namespace Gnomon.Studies.Onboard;

/// <summary>A project file to a <see cref="Project"/>.</summary>
internal static class ProjectReader
{
    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };
    private static readonly string[] Shared = ["id", "description", "owner", "caveats", "reviewed", "from"];

    /// <exception cref="GnomonError">The file cannot be read, or a field is not what it should be.</exception>
    public static Project Read(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(path), Lenient);
            return Checked(Of(document.RootElement, Path.GetFileName(path), Path.GetFullPath(path)) with { TypedFolder = Path.GetDirectoryName(path) ?? string.Empty });
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw new GnomonError("project-unreadable", $"The project file {path} cannot be read: {wrong.Message}", "DATA", "Name a file that exists; docs/verbs/onboard.md shows what stands in it.", wrong);
        }
        catch (JsonException wrong)
        {
            throw new GnomonError("project-not-json", $"{path} is not valid JSON: line {wrong.LineNumber + 1}, character {wrong.BytePositionInLine + 1}.", "DATA", "Mend the file at that place.", wrong);
        }
    }

    private static Project Of(JsonElement root, string where, string path)
    {
        var f = new ProjectFields(root, where, "schema", "name", "purpose", "standards", "people", "tables", "features", "models", "jobs", "incidents", "decisions", "glossary", "claims");
        if (f.Required("schema") is var schema && schema != Project.SchemaName)
        {
            throw new GnomonError("project-schema", $"{where} is a '{schema}', not a '{Project.SchemaName}'.", where, $"Write \"schema\": \"{Project.SchemaName}\".");
        }

        return new Project
        {
            Path = path,
            Name = f.Required("name"),
            Purpose = f.Text("purpose"),
            Standards = f.List("standards"),
            People = f.Objects("people", Person),
            Tables = f.Objects("tables", Table),
            Features = f.Objects("features", Feature),
            Models = f.Objects("models", Model),
            Jobs = f.Objects("jobs", Job),
            Events = [.. f.Objects("incidents", Incident), .. f.Objects("decisions", Decision)],
            Glossary = f.Objects("glossary", Term),
            Claims = f.Objects("claims", Claim),
        };
    }

    private static Project Checked(Project project)
    {
        foreach (var ids in new[] { project.Assets.Select(a => a.Id).Concat(project.Events.Select(e => e.Id)), project.People.Select(p => p.Id) })
        {
            if (ids.GroupBy(i => i, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            {
                throw new GnomonError("project-id-repeated", $"{project.Path}: the id '{twice.Key}' is given {twice.Count()} times.", twice.Key, "Give each thing an id of its own.");
            }
        }

        return project.Assets.Any() ? project : throw new GnomonError("project-empty", $"{project.Path} names no table, feature, model or job.", "DATA", "Name at least one, with id, owner and description.");
    }

    private static ProjectPerson Person(JsonElement e, string where)
    {
        var f = new ProjectFields(e, where, "id", "name", "role", "contact");
        var id = f.Id();
        return new ProjectPerson(id, f.Text("name") ?? id, f.Text("role"), f.Text("contact"));
    }

    private static ProjectTable Table(JsonElement e, string where)
    {
        var f = new ProjectFields(e, where, [.. Shared, "path", "grain", "refresh", "columns"]);
        return Common(new ProjectTable { Id = f.Id(), Path = f.Required("path"), Grain = f.Text("grain"), Refresh = f.Text("refresh"), Columns = f.Objects("columns", Column) }, f);
    }

    private static ProjectColumn Column(JsonElement e, string where)
    {
        var f = new ProjectFields(e, where, "name", "description", "caveat", "personal");
        return new ProjectColumn(f.Required("name"), f.Text("description"), f.Text("caveat"), f.Flag("personal"));
    }

    private static ProjectFeature Feature(JsonElement e, string where)
    {
        var f = new ProjectFields(e, where, Shared);
        return Common(new ProjectFeature { Id = f.Id() }, f);
    }

    private static ProjectModel Model(JsonElement e, string where)
    {
        var f = new ProjectFields(e, where, [.. Shared, "features", "intendedUse", "window", "failureModes"]);
        var model = Common(new ProjectModel { Id = f.Id(), IntendedUse = f.Text("intendedUse"), Window = f.Text("window"), FailureModes = f.Text("failureModes") }, f);
        return model with { From = [.. model.From, .. f.List("features")] };
    }

    private static ProjectJob Job(JsonElement e, string where)
    {
        var f = new ProjectFields(e, where, [.. Shared, "command", "outputs", "record"]);
        var record = f.Object("record", Record);
        return Common(new ProjectJob { Id = f.Id(), Command = f.Text("command"), Outputs = f.List("outputs"), Metric = record?.Metric, Record = record is { IsBlank: true } ? null : record }, f);
    }

    private static JobRecord Record(JsonElement e, string where)
    {
        var f = new ProjectFields(e, where, "metric", "value", "inputs", "version", "seed", "at");
        return new JobRecord(f.Object("metric", Metric), f.Number("value"), f.Pairs("inputs"), f.Text("version"), f.Whole("seed"), f.Text("at"));
    }

    private static RecordedMetric Metric(JsonElement e, string where)
    {
        var f = new ProjectFields(e, where, "of", "metric", "contrast", "field");
        var field = f.Text("field") ?? "value";
        return RecordedMetric.Fields.Contains(field)
            ? new RecordedMetric(f.Required("of"), f.Text("metric"), f.Text("contrast"), field)
            : throw new GnomonError("project-field", $"{where}: the field '{field}' is none of {string.Join(", ", RecordedMetric.Fields)}.", where, "Write \"field\": \"value\" for an estimate, \"statistic\" for a check.");
    }

    private static ProjectEvent Incident(JsonElement e, string where)
    {
        var f = new ProjectFields(e, where, "id", "date", "title", "description", "by", "about", "cause", "impact", "test");
        return Event("incident", f, where) with { Cause = f.Text("cause"), Impact = f.Text("impact"), Test = f.Text("test") };
    }

    private static ProjectEvent Decision(JsonElement e, string where) => Event("decision", new ProjectFields(e, where, "id", "date", "title", "description", "by", "about"), where);

    private static ProjectEvent Event(string kind, ProjectFields f, string where) => new(
        kind, f.Id(), f.Date("date") ?? throw new GnomonError("project-field", $"{where} has no date.", where, "Add \"date\": \"2026-03-31\"."), f.Required("title"), f.Text("description"), f.Text("by"), f.List("about"));

    private static ProjectTerm Term(JsonElement e, string where)
    {
        var f = new ProjectFields(e, where, "term", "meaning");
        return new ProjectTerm(f.Required("term"), f.Required("meaning"));
    }

    private static ProjectClaim Claim(JsonElement e, string where)
    {
        var f = new ProjectFields(e, where, "says", "change", "difference", "with", "without");
        return new ProjectClaim(f.Required("says"), f.Share("change"), f.Number("difference"), f.Numbers("with"), f.Numbers("without"));
    }

    private static T Common<T>(T asset, ProjectFields f)
        where T : ProjectAsset => asset with { Description = f.Text("description"), Owner = f.Text("owner"), Caveats = f.List("caveats"), Reviewed = f.Date("reviewed"), From = f.List("from") };
}
