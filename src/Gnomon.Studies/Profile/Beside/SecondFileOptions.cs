using Gnomon.Core.Errors;
using Gnomon.Core.Studies;
using Gnomon.Studies.Profile.Entities;

namespace Gnomon.Studies.Profile.Beside;

/// <summary>Options of a profile that reads a second file beside the data.</summary>
public abstract record SecondFileOptions : EntityOptions
{
    /// <summary>The population that the rows should stand for: a file of its rows with the same columns, or of its margins (columns variable, value, share).</summary>
    [Option(Value = "FILE", Group = "Second file")]
    public string? Reference { get; init; }

    /// <summary>The file a model was trained on, where DATA are the rows it is tested on or used for: rows in both, shared groups, drift and new values are looked for.</summary>
    [Option(Value = "FILE", Group = "Second file")]
    public string? Train { get; init; }

    /// <summary>Column that names the customer, patient or place of a row, for --train: who is on both sides is counted. Identifier columns that repeat are taken when it is left out.</summary>
    [Option(Value = "COLUMN[,COLUMN]", Group = "Second file")]
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>Everybody who started, such as the log of sign-ups, where DATA hold those who are still there; compared by --key.</summary>
    [Option(Value = "FILE", Group = "Second file")]
    public string? Cohort { get; init; }

    /// <summary>What is wrong with the second file's options; <paramref name="key"/> is what --key names.</summary>
    internal IEnumerable<GnomonError> SecondFileErrors(IReadOnlyList<string> key)
    {
        foreach (var wrong in EntityErrors())
        {
            yield return wrong;
        }

        if (Groups.Count > 0 && Train is null)
        {
            yield return new GnomonError("option-missing", "--groups says whose rows must not be on both sides, and there is one side only.", "--train", "Name the other file with --train FILE, or leave --groups out.");
        }

        if (Cohort is not null && key.Count != 1)
        {
            yield return new GnomonError("option-missing", "--cohort needs the one column that names a unit in both files.", "--key", "Add --key COLUMN, for example --key customer_id.");
        }
    }
}
