using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gnomon.Core.Errors;

namespace Gnomon.Studies.Onboard;

/// <summary>The project file with the record of each job as it came out now, as a new file.</summary>
internal static class RecordFile
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <exception cref="GnomonError"><c>file-exists</c>.</exception>
    public static void RequireFree(OnboardOptions options)
    {
        if (options.Record is { } path && Path.Exists(path))
        {
            throw new GnomonError("file-exists", $"{path} exists; a project file is not written over another.", "--record", "Name another file.");
        }
    }

    /// <exception cref="GnomonError"><c>file-not-written</c>.</exception>
    public static void Write(OnboardOptions options, Project project, IReadOnlyList<JobReplay> replays)
    {
        var root = (JsonObject)JsonNode.Parse(File.ReadAllText(project.Path), documentOptions: new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip })!;
        foreach (var (node, replay) in ((JsonArray?)root["jobs"] ?? []).Zip(replays))
        {
            if (replay is { Finding: { } finding, Job.Metric: { } metric } && replay.Seen is { } seen)
            {
                var inputs = new JsonObject();
                foreach (var (file, hash) in replay.Inputs.Where(i => i.Sha256 is not null))
                {
                    inputs[file] = hash;
                }

                var where = new JsonObject { ["of"] = metric.Of };
                foreach (var (name, text) in new[] { ("metric", metric.Metric), ("contrast", metric.Contrast), ("field", metric.Field == "value" ? null : metric.Field) }.Where(f => f.Item2 is not null))
                {
                    where[name] = text;
                }

                node!["record"] = new JsonObject
                {
                    ["metric"] = where, ["value"] = seen, ["inputs"] = inputs, ["version"] = finding.Provenance.Version, ["seed"] = finding.Provenance.Seed,
                    ["at"] = finding.Provenance.StartedAt.UtcDateTime.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
                };
            }
        }

        CsvFile.Write(options.Record!, "--record", "The project with its records", writer => writer.Write(root.ToJsonString(Indented) + "\n"));
    }
}
