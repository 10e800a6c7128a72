using Gnomon.Core.Errors;
using Gnomon.Core.Studies;

namespace Gnomon.Studies.Programme;

/// <summary>Which wins of a programme of experiments are real.</summary>
/// <remarks>
/// DATA is a list of experiments, one row each; columns are found by their names (name, p, effect, se, control_users, control_events, ...) or named here. With --tests the rows are
/// units that were in several experiments at once: every pair is then scanned for interactions. Without data, type --wins or --pvalues.
/// </remarks>
[Verb("programme", "Which wins of all our experiments are real, and what are they worth together?", Example = "gnomon programme --wins 4/15")]
public sealed record ProgrammeOptions : StudyOptions
{
    /// <summary>Column with the experiment's name.</summary>
    [Option(Value = "COLUMN", Group = "Columns")]
    public string? Name { get; init; }

    /// <summary>Column with the two-sided p-value.</summary>
    [Option(Value = "COLUMN", Group = "Columns")]
    public string? P { get; init; }

    /// <summary>Column with the effect, all in one unit; a column called lift is read as a relative effect.</summary>
    [Option(Value = "COLUMN", Group = "Columns")]
    public string? Effect { get; init; }

    /// <summary>Column with the effect's standard error. Without it the error follows from low and high, or from the effect and its p-value.</summary>
    [Option(Value = "COLUMN", Group = "Columns")]
    public string? Se { get; init; }

    /// <summary>Columns with the users and the events of the control arm; effects are then relative lifts, computed here.</summary>
    [Option(Value = "USERS,EVENTS", Group = "Columns")]
    public IReadOnlyList<string> Control { get; init; } = [];

    /// <summary>Columns with the users and the events of the treated arm.</summary>
    [Option(Value = "USERS,EVENTS", Group = "Columns")]
    public IReadOnlyList<string> Treatment { get; init; } = [];

    /// <summary>Column with the number of times the experiment was read.</summary>
    [Option(Value = "COLUMN", Group = "Columns")]
    public string? Looks { get; init; }

    /// <summary>Column with the planned split, control first: 50/50. Equal shares when there is none.</summary>
    [Option(Value = "COLUMN", Group = "Columns")]
    public string? Split { get; init; }

    /// <summary>Column with the effect that was predicted beforehand, in the unit of the effect.</summary>
    [Option(Value = "COLUMN", Group = "Columns")]
    public string? Predicted { get; init; }

    /// <summary>Column with what was decided: ship, launched, rolled out; anything else counts as not launched.</summary>
    [Option(Value = "COLUMN", Group = "Columns")]
    public string? Decision { get; init; }

    /// <summary>Column that tells A/A tests (aa) and holdouts of everything launched (holdout) from experiments.</summary>
    [Option(Value = "COLUMN", Group = "Columns")]
    public string? Kind { get; init; }

    /// <summary>Column with the day on which the experiment started.</summary>
    [Option(Value = "COLUMN", Group = "Columns")]
    public string? Date { get; init; }

    /// <summary>Column with the idea or hypothesis in words, for --search.</summary>
    [Option(Value = "COLUMN", Group = "Columns")]
    public string? Idea { get; init; }

    /// <summary>Columns of unit-level data that each name the unit's arm in one experiment; empty where the unit was not in it.</summary>
    [Option(Value = "COLUMN[,COLUMN]", Group = "Units")]
    public IReadOnlyList<string> Tests { get; init; } = [];

    /// <summary>The metric of unit-level data: a number or true/false.</summary>
    [Option(Value = "COLUMN", Group = "Units")]
    public string? Metric { get; init; }

    /// <summary>Wins and tests typed in: 4/15.</summary>
    [Option(Value = "K/N", Group = "Typed in")]
    public string? Wins { get; init; }

    /// <summary>Two-sided p-values typed in.</summary>
    [Option(Value = "P[,P2]", Group = "Typed in")]
    public IReadOnlyList<string> Pvalues { get; init; } = [];

    /// <summary>Experiments that were started, when the list shows fewer; those that are missing count as not significant.</summary>
    [Option(Value = "N", Group = "Programme", Above = 0, Below = 100001)]
    public long? Started { get; init; }

    /// <summary>Correction that a win must survive: holm keeps the chance of any false launch at the level, bh the expected share of false ones among the launched.</summary>
    [Option(Value = "NAME", Group = "Programme", Choices = "holm|bh")]
    public string Correction { get; init; } = "holm";

    /// <summary>Two-sided size of each test.</summary>
    [Option(Value = "ALPHA", Group = "Programme", Above = 0, Below = 0.5)]
    public double Alpha { get; init; } = 0.05;

    /// <summary>Share of ideas that truly work, from elsewhere. Without it the wins seen tell, at a power of 0.8.</summary>
    [Option(Value = "SHARE", Group = "Programme", Above = 0, Below = 1)]
    public double? SuccessRate { get; init; }

    /// <summary>A/A tests run on the platform and how many of them were significant: 31/400.</summary>
    [Option(Value = "K/N", Group = "Programme")]
    public string? Aa { get; init; }

    /// <summary>A fall of the metric is the win.</summary>
    [Option(Group = "Programme")]
    public bool LowerIsBetter { get; init; }

    /// <summary>Words to look for in the names, ideas and metrics of the experiments: was this tried before, and what came of it? Losses and unsettled results are listed too.</summary>
    [Option(Value = "WORDS", Group = "Programme", Commas = false)]
    public string? Search { get; init; }

    /// <summary>Days after which an experiment that was left without an answer, a repetition or a launch is listed as stale, counted back from the newest date in the list.</summary>
    [Option(Value = "DAYS", Group = "Programme", Above = 0, Below = 36501)]
    public long StaleAfter { get; init; } = 180;

    /// <summary>True when the numbers were typed in and no data are read.</summary>
    public bool IsTyped => Wins is not null || Pvalues.Count > 0;

    /// <inheritdoc/>
    public override IEnumerable<GnomonError> Validate()
    {
        if (Wins is not null && Pvalues.Count > 0)
        {
            yield return new GnomonError("options-conflict", "--wins and --pvalues were both given.", "--wins, --pvalues", "Give one of them.");
        }

        if (IsTyped && (Data is not null || Query is not null))
        {
            yield return new GnomonError("options-conflict", "Data were given and numbers were typed in.", "DATA", "Leave out the file, or leave out --wins and --pvalues.");
        }

        if (!IsTyped && Data is null && Query is null)
        {
            yield return new GnomonError("data-missing", "No list of experiments was given.", "DATA", "Name a file with a row per experiment, or write --wins 4/15.");
        }

        if (Control.Count is not (0 or 2) || Treatment.Count is not (0 or 2) || Control.Count != Treatment.Count)
        {
            yield return new GnomonError("bad-columns", "--control and --treatment each name two columns, users and events.", "--control, --treatment", "Write --control n_a,x_a --treatment n_b,x_b.");
        }

        if (Search is not null && (IsTyped || Tests.Count > 0))
        {
            yield return new GnomonError("options-conflict", "--search looks through a list of experiments, and there is none.", "--search", "Give a list with a row per experiment, or leave out --search.");
        }

        if (Search is not null && !ProgrammeSearch.Words(Search).Any())
        {
            yield return new GnomonError("bad-search", $"--search holds no word; got '{Search}'.", "--search", "Write --search \"checkout button\".");
        }

        if (Tests.Count == 1)
        {
            yield return new GnomonError("option-missing", "--tests names one experiment; an overlap needs two.", "--tests", "Name at least two columns, or use gnomon ab for one experiment.");
        }

        if (Tests.Count > 0 && Metric is null)
        {
            yield return new GnomonError("option-missing", "--tests needs --metric, the column that the experiments are read on.", "--metric", "Add --metric COLUMN.");
        }

        if (Metric is not null && Tests.Count == 0)
        {
            yield return new GnomonError("option-missing", "--metric needs --tests, the columns that name the arms.", "--tests", "Add --tests COLUMN,COLUMN, or leave out --metric for a list of experiments.");
        }
    }
}
