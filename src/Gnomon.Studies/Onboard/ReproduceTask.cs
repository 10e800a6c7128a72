using System.Globalization;
using System.Text.Json;

namespace Gnomon.Studies.Onboard;

/// <summary>Grade 1: run a recorded job and hand in its finding.</summary>
internal static class ReproduceTask
{
    private const string Answer = "answers/reproduce.json";

    public static FirstTask Of(JobReplay job, Sandbox sandbox)
    {
        var (state, why) = Mark(job, Path.Combine(sandbox.Work, Answer));
        return new FirstTask(
            1, "reproduce", $"Reproduce {job.Job.Id}", $"In work/, run: gnomon {Line(job.Job)}{Handed(job.Job)} > {Answer}",
            $"{job.Job.Record!.Metric!.Says} in {Answer} is the recorded one to 1e-12, from data with the recorded hash", state, why);
    }

    public static string Line(ProjectJob job) => string.Join(' ', JobReplay.Words(job).SkipWhile(w => w is "gnomon" or "./gnomon").Select(w => w.AsSpan().ContainsAny(' ', '"', '*') || w.AsSpan().ContainsAny("()<>|&;$") ? $"\"{w}\"" : w));

    // What the command does not say already.
    private static string Handed(ProjectJob job)
    {
        var words = JobReplay.Words(job);
        return string.Concat(new[] { "--no-ledger", "--json" }.Where(o => !words.Contains(o) && !(o == "--no-ledger" && words.Contains("--ledger"))).Select(o => $" {o}"));
    }

    private static (string State, string Why) Mark(JobReplay job, string file)
    {
        if (!File.Exists(file))
        {
            return (FirstTask.Open, $"{Answer} is not there yet");
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(file));
            var finding = document.RootElement;
            if (finding.ValueKind != JsonValueKind.Object || job.Job.Record!.Metric!.In(finding) is not { } seen)
            {
                return (FirstTask.NotYet, $"{Answer} holds no {job.Job.Record!.Metric!.Says}");
            }

            var hashes = Hashes(finding);
            return !JobReplay.AreSame(job.Recorded!.Value, seen) ? (FirstTask.NotYet, $"{Exact(seen)} is not the recorded {Exact(job.Recorded.Value)}")
                : hashes.Count == 0 || !hashes.TrueForAll(h => job.Job.Record.Inputs.Any(i => string.Equals(i.Sha256, h, StringComparison.OrdinalIgnoreCase))) ? (FirstTask.NotYet, "the number is right, the data are not those on record")
                : (FirstTask.Done, $"{Exact(seen)}, as on record");
        }
        catch (Exception wrong) when (wrong is JsonException or IOException or UnauthorizedAccessException)
        {
            return (FirstTask.NotYet, $"{Answer} is not a finding as JSON");
        }
    }

    private static List<string> Hashes(JsonElement finding) =>
        finding.TryGetProperty("provenance", out var origin) && origin.ValueKind == JsonValueKind.Object && origin.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Array
            ? [.. data.EnumerateArray().Select(d => d.ValueKind == JsonValueKind.Object && d.TryGetProperty("sha256", out var h) && h.ValueKind == JsonValueKind.String ? h.GetString()! : "none")]
            : [];

    private static string Exact(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
