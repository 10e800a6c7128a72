using Gnomon.Core.Errors;
using Gnomon.Core.Studies;

namespace Gnomon.Studies.Onboard;

/// <summary>A project as it is written down, for somebody who starts on it.</summary>
/// <remarks>
/// Reads a project file (gnomon.project/1): people, tables, features, models, jobs, incidents, decisions, glossary. Says what is not written down, shows each column with examples that name nobody, runs every
/// recorded job again on a copy and compares the numbers, sets first tasks and marks them, and reads claims on the speed of onboarding against the hires behind them. With --html the finding is the handbook.
/// Nothing of the project itself is changed.
/// </remarks>
[Verb("onboard", "What must a newcomer know of this project, and does what it recorded still come out?", Example = "gnomon onboard gnomon-project.json --sandbox newcomer --html handbook.html")]
public sealed record OnboardOptions : StudyOptions
{
    /// <summary>Folder for copies: the tour runs there, and the first tasks are done there. Made when it is not there; without it nothing is run.</summary>
    [Option(Value = "DIR", Group = "Tour")]
    public string? Sandbox { get; init; }

    /// <summary>Writes the project with the record of each job as it came out now: metric, hashes of the inputs, version, seed. A file that exists is not overwritten.</summary>
    [Option(Value = "FILE", Group = "Tour")]
    public string? Record { get; init; }

    /// <summary>Example values shown of each column; 0 shows none.</summary>
    [Option(Value = "N", Group = "Handbook", Above = -1, Below = 11)]
    public long Examples { get; init; } = 3;

    /// <summary>Confidence level of the intervals.</summary>
    [Option(Value = "LEVEL", Group = "Handbook", Above = 0, Below = 1)]
    public double Level { get; init; } = 0.95;

    /// <inheritdoc/>
    public override bool NamesData => false;

    /// <inheritdoc/>
    public override IEnumerable<GnomonError> Validate()
    {
        if (Data is null)
        {
            yield return new GnomonError("data-missing", "No project file was named.", "DATA", "Write gnomon onboard gnomon-project.json; docs/verbs/onboard.md shows what stands in it.");
        }

        foreach (var (given, option) in new[] { (Query is not null, "--query"), (Where is not null, "--where") })
        {
            if (given)
            {
                yield return new GnomonError("options-conflict", $"{option} asks for rows; onboard reads a project file.", option, "Leave it out.");
            }
        }

        if (Record is not null && Sandbox is null)
        {
            yield return new GnomonError("option-missing", "A record is written of runs, and runs take a folder for copies.", "--sandbox", "Add --sandbox DIR.");
        }
    }
}
