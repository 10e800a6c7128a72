using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;

namespace Gnomon.Studies.Onboard;

/// <summary>The sentences of the finding.</summary>
internal sealed class OnboardWords(
    OnboardOptions options, Project project, IReadOnlyList<TableLook> looks, IReadOnlyList<DocumentationGap> gaps, IReadOnlyList<JobReplay> replays, IReadOnlyList<FirstTask> tasks, IReadOnlyList<HireClaim> claims)
{
    private const int MostNamed = 6;

    private List<JobReplay> Recorded { get; } = [.. replays.Where(r => r.Job is { Command: not null, Record: not null })];

    private List<string> Ownerless { get; } = [.. gaps.Where(g => g.Kind == ProjectGaps.NoOwner).Select(g => g.Asset)];

    /// <summary>Something waits for an answer: a gap, a run that did not come out, a claim without evidence.</summary>
    public bool IsOpen => gaps.Count > 0 || claims.Any(c => !c.HasGroups) || (options.Sandbox is not null && Recorded.Any(r => !r.IsSame));

    public string Summary() => string.Join(' ', new[] { Tour(), Gaps(), Claims() }.OfType<string>());

    public IEnumerable<string> Limitations()
    {
        if (options.Sandbox is null && replays.Any(r => r.Job.Command is not null))
        {
            yield return $"{Figures.Count(replays.Count(r => r.Job.Command is not null), "job")} were not run: name a folder for copies with --sandbox.";
        }

        if (options.Sandbox is not null && tasks.Count < 3)
        {
            yield return $"{tasks.Count} of 3 kinds of first tasks could be set: they take a recorded run that comes out the same, a text table of more than 40 rows without repeats, and a job that names a model.";
        }

        if (looks.Any(l => l.IsAboutPeople) && options.Examples > 0)
        {
            yield return $"Examples of {Names([.. looks.Where(l => l.IsAboutPeople).Select(l => l.Table.Id)])} come from different rows in each column, so that no line is a person's; columns that name people are hidden. Texts written freely may still hold names.";
        }

        if (claims.Any(c => c.HasGroups))
        {
            yield return "Hires were not drawn by lot for the handbook: other things changed with the time.";
        }

        yield return "The handbook says what the project file says: whether a description is true, its owner knows.";
    }

    public IEnumerable<string> Next()
    {
        if (options.Record is { } written)
        {
            yield return $"Look at the numbers before you keep {Path.GetFileName(written)}: it says that these runs are right.";
        }

        if (options.Sandbox is null)
        {
            yield return "Run the tour on copies and set the first tasks: add --sandbox DIR.";
        }
        else if (tasks.Any(t => t.State != FirstTask.Done))
        {
            yield return $"Do the first tasks in {Place(options.Sandbox)}/work and run this command again: it marks them ({tasks.Count(t => t.State == FirstTask.Done)} of {tasks.Count} done).";
            foreach (var task in tasks.Where(t => t.State != FirstTask.Done))
            {
                yield return $"Task {task.Grade}, {task.Title}. {task.Do}.";
            }
        }

        if (Ownerless.Count > 0)
        {
            yield return $"Find an owner for {Names(Ownerless)}.";
        }

        if (claims.Any(c => !c.HasGroups))
        {
            yield return "Note the days to the first change of every hire, before the handbook too, and say how many there were beside every percentage.";
        }

        yield return "Read it as a page: add --html handbook.html.";
    }

    // As seen from the project where it lies inside, as typed elsewhere.
    private string Place(string sandbox) => Path.GetRelativePath(project.Folder, Path.GetFullPath(sandbox)) is var inside && !inside.StartsWith("..", StringComparison.Ordinal) && !Path.IsPathRooted(inside) ? inside : Path.TrimEndingDirectorySeparator(sandbox);

    private string? Tour()
    {
        if (Recorded.Count == 0)
        {
            return "No run is on record, so nothing can be held against it.";
        }

        if (options.Sandbox is null)
        {
            var changed = Recorded.Where(r => r.Changed.Count > 0).ToList();
            return changed.Count > 0 ? $"The inputs of {changed.Count} of {Figures.Count(Recorded.Count, "recorded run")} are no longer those on record ({Names([.. changed.Select(r => r.Job.Id)])})." : $"{Figures.Count(Recorded.Count, "recorded run")} {(Recorded.Count == 1 ? "was" : "were")} not repeated.";
        }

        var off = Recorded.Where(r => !r.IsSame).ToList();
        return off.Count == 0
            ? $"The tour passes: {Recorded.Count} of {Figures.Count(Recorded.Count, "recorded run")} give the same number again on a copy."
            : $"The tour stops: {off.Count} of {Figures.Count(Recorded.Count, "recorded run")} {(off.Count == 1 ? "does" : "do")} not give the same number again ({Names([.. off.Select(r => r.Job.Id)])}).";
    }

    private string Gaps()
    {
        if (gaps.Count == 0)
        {
            return $"All {Figures.Count(project.Assets.Count(), "asset")} are described and have an owner.";
        }

        var others = gaps.Select(g => g.Asset).Distinct(StringComparer.Ordinal).Count(a => !Ownerless.Contains(a));
        return (Ownerless.Count, others) switch
        {
            (0, _) => $"{Figures.Count(others, "asset")} {(others == 1 ? "is" : "are")} not fully described.",
            (_, 0) => $"{Figures.Count(Ownerless.Count, "asset")} of {project.Assets.Count()} {(Ownerless.Count == 1 ? "lacks" : "lack")} an owner: {Names(Ownerless)}.",
            _ => $"{Figures.Count(Ownerless.Count, "asset")} of {project.Assets.Count()} {(Ownerless.Count == 1 ? "lacks" : "lack")} an owner: {Names(Ownerless)}; {others} more are not fully described.",
        };
    }

    private string? Claims()
    {
        var bare = claims.Where(c => !c.HasGroups).ToList();
        return bare.Count switch
        {
            0 => null,
            1 => $"\"{bare[0].Claim.Says}\" is no evidence: it rests on {Figures.Count(bare[0].Claim.With.Count, "hire")}{(bare[0].Claim.Without.Count > 0 ? $" against {bare[0].Claim.Without.Count}" : string.Empty)}.",
            _ => $"{bare.Count} claims on the speed of onboarding rest on fewer than two hires on a side and are no evidence.",
        };
    }

    private static string Names(IReadOnlyList<string> names) => string.Join(", ", names.Take(MostNamed)) + (names.Count > MostNamed ? $" and {names.Count - MostNamed} more" : string.Empty);
}
