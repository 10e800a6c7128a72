using Gnomon.Core.Errors;
using Gnomon.Core.Studies;

namespace Gnomon.Studies.Onboard;

/// <summary>Grade 3: a described feature more, in the project file and in the model that is fitted with it.</summary>
internal static class FeatureTask
{
    /// <summary>The model that a job makes or reads.</summary>
    public static ProjectModel? Model(Project project, ProjectJob job) => job.Command is null ? null : project.Models.FirstOrDefault(m => job.Outputs.Contains(m.Id)) ?? project.Models.FirstOrDefault(m => job.From.Contains(m.Id));

    public static FirstTask Of(Project project, JobReplay trained, Sandbox sandbox, StudyContext context)
    {
        var model = Model(project, trained.Job)!;
        var file = Path.GetFileName(project.Path);
        var (state, why) = Mark(project, model, trained, Path.Combine(sandbox.Work, file), sandbox, context);
        return new FirstTask(
            3, "add-a-feature", $"Add a feature to {model.Id}",
            $"In work/{file}: add a feature with id, owner, description and from (table.column), name it among the features of {model.Id}, and add its column to the command of {trained.Job.Id}",
            $"{trained.Job.Id} runs with it and its finding has an estimate for the new column", state, why);
    }

    private static (string State, string Why) Mark(Project project, ProjectModel model, JobReplay trained, string file, Sandbox sandbox, StudyContext context)
    {
        if (!File.Exists(file))
        {
            return (FirstTask.NotYet, $"work/{Path.GetFileName(file)} is gone");
        }

        try
        {
            var mine = ProjectReader.Read(file);
            var added = mine.Features.Where(f => project.Features.All(o => o.Id != f.Id)).ToList();
            if (added.Count == 0)
            {
                return (FirstTask.Open, "no feature was added yet");
            }

            var used = added.Where(f => mine.Models.Any(m => m.Id == model.Id && m.From.Contains(f.Id))).ToList();
            if (used.Count == 0)
            {
                return (FirstTask.NotYet, $"{added[0].Id} is not among the features of {model.Id}");
            }

            if (used.Find(f => f.Owner is not null && f.Description is not null && f.From.Count > 0) is not { } feature)
            {
                return (FirstTask.NotYet, $"{used[0].Id} lacks an owner, a description or what it is made from");
            }

            if (mine.Jobs.FirstOrDefault(j => j.Id == trained.Job.Id) is not { Command: not null } job)
            {
                return (FirstTask.NotYet, $"{trained.Job.Id} has no command any more");
            }

            var before = trained.Finding!.Estimates.Select(e => e.Metric).ToHashSet(StringComparer.Ordinal);
            var names = feature.From.Select(f => f[(f.LastIndexOf('.') + 1)..]).Append(feature.Id).ToHashSet(StringComparer.Ordinal);
            var now = context.Rerun!(JobReplay.Words(job), sandbox.Work).Estimates.FirstOrDefault(e => e.Metric is { } m && !before.Contains(m) && names.Contains(m));
            return now is null ? (FirstTask.NotYet, $"the finding of {job.Id} has no estimate for {string.Join(" or ", names)}") : (FirstTask.Done, $"{job.Id} now says what {now.Metric} does: n = {now.N}");
        }
        catch (GnomonError wrong)
        {
            return (FirstTask.NotYet, wrong.Message.Replace(sandbox.Work + Path.DirectorySeparatorChar, string.Empty, StringComparison.Ordinal));
        }
    }
}
