using System.Globalization;
using Gnomon.Core.Errors;
using Gnomon.Core.Evidence.Models;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;

namespace Gnomon.Studies.Onboard;

/// <summary>A job of the project, run again on a copy where there is one.</summary>
/// <param name="Finding">The finding of the rerun; null when it was not run, or failed.</param>
/// <param name="Inputs">Files it reads, with their hash now; null where the file is gone.</param>
internal sealed record JobReplay(ProjectJob Job, Finding? Finding, string? Failure, IReadOnlyList<(string File, string? Sha256)> Inputs)
{
    private const double Identical = 1e-12;

    public double? Recorded => Job.Record?.Value;

    public double? Seen => Finding is null ? null : Job.Metric?.In(Finding);

    /// <summary>The number is the recorded one, rounding aside, from the recorded bytes.</summary>
    public bool IsSame => Changed.Count == 0 && Job.Record is { } record && Missing(record).Count == 0 && Recorded is { } was && Seen is { } now && AreSame(was, now);

    public IReadOnlyList<string> Changed => [.. (Job.Record?.Inputs ?? []).Where(i => Inputs.FirstOrDefault(f => f.File == i.File).Sha256 is not { } now || !string.Equals(now, i.Sha256, StringComparison.OrdinalIgnoreCase)).Select(i => i.File)];

    public static bool AreSame(double was, double now) => was == now || Math.Abs(was - now) <= Identical * Math.Abs(was);

    public static JobReplay Of(ProjectJob job, Project project, Sandbox? sandbox, StudyContext context)
    {
        var inputs = Files(job, project).Select(f => (f, Sandbox.Hash(project, f))).ToList();
        if (sandbox is null || job.Command is null)
        {
            return new JobReplay(job, null, null, inputs);
        }

        try
        {
            return new JobReplay(job, context.Rerun!(Words(job), sandbox.Tour), null, inputs);
        }
        catch (GnomonError wrong)
        {
            return new JobReplay(job, null, wrong.Message.Replace(sandbox.Tour + Path.DirectorySeparatorChar, string.Empty, StringComparison.Ordinal), inputs);
        }
    }

    /// <summary>For the check; null for a job without a command or a record, which is a gap and nothing to repeat.</summary>
    public ReplayOutcome? Outcome => Job is not { Command: not null, Record: { } record } ? null : new ReplayOutcome
    {
        Job = Job.Id,
        Recorded = Recorded,
        Seen = Seen,
        Inputs = record.Inputs.Count,
        Changed = Changed,
        Missing = [.. Missing(record)],
        Failure = Failure ?? (Finding is not null && record.Metric is { } metric && Seen is null ? $"its finding has no {metric.Says}" : null),
    };

    /// <summary>The command as typed, with the seed on record where it names none.</summary>
    public static IReadOnlyList<string> Words(ProjectJob job)
    {
        var words = CommandWords.Split(job.Command!);
        return job.Record?.Seed is { } seed && !words.Any(w => w == "--seed" || w.StartsWith("--seed=", StringComparison.Ordinal)) ? [.. words, "--seed", seed.ToString(CultureInfo.InvariantCulture)] : words;
    }

    private static List<string> Missing(JobRecord record) =>
        [.. new (string Name, bool IsThere)[] { ("metric", record is { Metric: not null, Value: not null }), ("hashes of the inputs", record.Inputs.Count > 0), ("version", record.Version is not null), ("seed", record.Seed is not null) }.Where(p => !p.IsThere).Select(p => p.Name)];

    // Those on record; before there is a record, what the job reads.
    private static IEnumerable<string> Files(ProjectJob job, Project project) => job.Record is { Inputs.Count: > 0 } record ? record.Inputs.Select(i => i.File) : Sandbox.Files(job, project);
}
