using Gnomon.Core.Studies;

namespace Gnomon.Studies.Onboard;

/// <summary>Small safe tasks in the newcomer's copy, from the easiest up: reproduce a run, fix a check, add a feature. Each run of the command marks them.</summary>
internal static class FirstTasks
{
    public static IReadOnlyList<FirstTask> Of(Project project, Sandbox sandbox, IReadOnlyList<JobReplay> replays, StudyContext context, long seed)
    {
        FirstTask?[] tasks =
        [
            replays.FirstOrDefault(r => r.IsSame) is { } same ? ReproduceTask.Of(same, sandbox) : null,
            RepeatedRowsTask.Of(project, sandbox, context, seed),
            replays.FirstOrDefault(r => r.Finding is not null && FeatureTask.Model(project, r.Job) is not null) is { } trained ? FeatureTask.Of(project, trained, sandbox, context) : null,
        ];
        return [.. tasks.OfType<FirstTask>()];
    }
}
