using Gnomon.Core.Errors;
using Gnomon.Core.Studies;
using Gnomon.Studies.Profile.Selection;

namespace Gnomon.Studies.Profile.Substitute;

/// <summary>Options of a profile that asks what other data could stand in for these while a feed is repaired.</summary>
public abstract record SubstituteOptions : SelectionOptions
{
    /// <summary>Files that could stand in for DATA, the last good data, while newer ones are missing: a backup, a smaller extract, synthetic rows. Needs --target.</summary>
    [Option(Value = "FILE[,FILE]", Group = "Substitute")]
    public IReadOnlyList<string> Substitute { get; init; } = [];

    /// <summary>Day on which real data are expected to return, as 2026-03-02; dates of the schedule are counted from it.</summary>
    [Option(Value = "DATE", Group = "Substitute")]
    public string? Returns { get; init; }

    /// <summary>Days by which a substitute may end before DATA and still count as current.</summary>
    [Option(Value = "DAYS", Group = "Substitute", Above = 0)]
    public double FreshWithin { get; init; } = 7;

    /// <summary>What is wrong with these options.</summary>
    internal IEnumerable<GnomonError> SubstituteErrors(string? target)
    {
        if (Substitute.Count > 0 && target is null)
        {
            yield return new GnomonError("option-missing", "--substitute trains on one file and tests on the other, and no target is named.", "--target", "Add --target COLUMN with two values.");
        }

        if (Returns is not null && Substitute.Count == 0)
        {
            yield return new GnomonError("option-missing", "--returns dates the schedule of a substitute, and none is named.", "--substitute", "Add --substitute FILE, or leave --returns out.");
        }

        if (Returns is not null && !DateOnly.TryParseExact(Returns, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None, out _))
        {
            yield return new GnomonError("bad-date", $"--returns must be a date; got '{Returns}'.", "--returns", "Write it as 2026-03-02.");
        }
    }
}
