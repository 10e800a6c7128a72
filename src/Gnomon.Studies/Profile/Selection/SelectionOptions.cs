using Gnomon.Core.Errors;
using Gnomon.Core.Studies;
using Gnomon.Studies.Profile.Beside;

namespace Gnomon.Studies.Profile.Selection;

/// <summary>Options of a profile of rows that stand here because of a decision, or because they stayed.</summary>
public abstract record SelectionOptions : SecondFileOptions
{
    /// <summary>Column of the decision that let some rows through, such as approved: the target is known there and missing elsewhere.</summary>
    [Option(Value = "COLUMN", Group = "Selection")]
    public string? SelectedBy { get; init; }

    /// <summary>Columns that moved the decision and have no bearing on the outcome, such as who decided: with them a selection model can be fitted.</summary>
    [Option(Value = "COLUMN[,COLUMN]", Group = "Selection")]
    public IReadOnlyList<string> DecisionOnly { get; init; } = [];

    /// <summary>Column that marks rows let through at random, whatever their columns say: they speak for everybody.</summary>
    [Option(Value = "COLUMN", Group = "Selection")]
    public string? RandomSlice { get; init; }

    /// <summary>Column of --cohort with the day on which a unit started; with --left retention is rebuilt from everybody who started.</summary>
    [Option(Value = "COLUMN", Group = "Selection")]
    public string? Entered { get; init; }

    /// <summary>Column of --cohort with the day on which a unit left; empty where it is still here.</summary>
    [Option(Value = "COLUMN", Group = "Selection")]
    public string? Left { get; init; }

    /// <summary>Column of --cohort whose groups are compared in retention.</summary>
    [Option(Value = "COLUMN", Group = "Selection")]
    public string? By { get; init; }

    /// <summary>What is wrong with these options.</summary>
    internal IEnumerable<GnomonError> SelectionErrors(string? target)
    {
        if (SelectedBy is not null && (target is null || target == SelectedBy))
        {
            yield return new GnomonError("option-missing", "--selected-by asks which outcomes a decision hides, and no outcome is named.", "--target", "Add --target COLUMN: the outcome that is known only where the decision allowed it.");
        }

        if (SelectedBy is null && (DecisionOnly.Count > 0 || RandomSlice is not null))
        {
            yield return new GnomonError("option-missing", $"{(RandomSlice is null ? "--decision-only" : "--random-slice")} belongs to a decision, and none is named.", "--selected-by", "Add --selected-by COLUMN.");
        }

        if ((Entered is null) != (Left is null) || (By is not null && Entered is null) || (Entered is not null && Cohort is null))
        {
            yield return new GnomonError("option-missing", "Retention is rebuilt from the file of those who started, the day of entry and the day of leaving.", "--cohort, --entered, --left", "Name all three: --cohort signups.csv --entered signed_up --left left_on.");
        }
    }
}
