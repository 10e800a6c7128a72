using System.Globalization;
using Gnomon.Core.Errors;
using Gnomon.Core.Studies;
using Gnomon.Methods.Preparation;
using Gnomon.Studies.Profile.Question;

namespace Gnomon.Studies.Profile.Prepare;

/// <summary>Options of a profile that prepares columns for a model of the target.</summary>
public abstract record PrepareOptions : QuestionOptions
{
    private static readonly string[] Names = ["impute", "clip", "twins", "best", "scale"];

    /// <summary>Steps that prepare the columns for a model of --target, in order: impute (median), clip (values beyond the outer fences go to the fence), twins (one of columns that say the same), best=K (the K columns with the largest F), scale. They are fitted on the whole table and inside each fold, and the two scores are compared.</summary>
    [Option(Value = "STEP[,STEP]", Group = "Preparation")]
    public IReadOnlyList<string> Prepare { get; init; } = [];

    /// <summary>Folds of the cross-validation, dealt at random so that each has its share of every class.</summary>
    [Option(Value = "K", Group = "Preparation", Above = 1, Below = 51)]
    public int Folds { get; init; } = 5;

    /// <summary>Column that says in which fold a row is, where rows of one customer must stay together or another tool's folds are to be used.</summary>
    [Option(Value = "COLUMN", Group = "Preparation")]
    public string? Fold { get; init; }

    /// <summary>Write the steps and the model, fitted on all rows for later use, with their out-of-fold score: a JSON file.</summary>
    [Option(Value = "FILE", Group = "Preparation")]
    public string? WritePrepared { get; init; }

    /// <summary>Apply steps and model of such a file to these rows and grade them by --target; nothing is fitted.</summary>
    [Option(Value = "FILE", Group = "Preparation")]
    public string? Prepared { get; init; }

    /// <summary>Script that prepares such data, in Python or R: lines that fit a step before the split, or on the rows that grade, are named.</summary>
    [Option(Value = "FILE", Group = "Preparation")]
    public string? Script { get; init; }

    /// <summary>The steps as they are to be fitted.</summary>
    internal IReadOnlyList<PreparationStep> Steps => [.. Prepare.Select(Step)];

    /// <summary>What is wrong with these options.</summary>
    internal IEnumerable<GnomonError> PrepareErrors(string? target, string? data)
    {
        if (target is null && (Prepare.Count > 0 || Prepared is not null))
        {
            yield return new GnomonError("option-missing", "A preparation is graded by how well a model then tells the target, and none was named.", "--target", "Add --target COLUMN.");
        }

        if (Prepare.Count > 0 && Prepared is not null)
        {
            yield return new GnomonError("options-conflict", "--prepare fits steps, --prepared takes fitted ones from a file.", "--prepare, --prepared", "Leave one of them out.");
        }

        if (Prepare.Count == 0 && (WritePrepared is not null || Fold is not null))
        {
            yield return new GnomonError("option-missing", "There is no preparation to write or to fold.", "--prepare", "Add --prepare impute,clip,scale.");
        }

        if (WritePrepared is not null && new[] { data, Prepared, Script }.Any(f => f is not null && Path.GetFullPath(f) == Path.GetFullPath(WritePrepared)))
        {
            yield return new GnomonError("options-conflict", $"--write-prepared would overwrite {WritePrepared}.", "--write-prepared", "Name another file.");
        }

        foreach (var wrong in Prepare.Where(w => !IsStep(w)))
        {
            yield return new GnomonError("unknown-step", $"--prepare names '{wrong}'; the steps are impute, clip, twins, best=K with K from 1 on, and scale.", "--prepare", "Write: --prepare impute,clip,twins,best=20,scale.");
        }

        if (Prepare.Select(Name).GroupBy(n => n, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            yield return new GnomonError("unknown-step", $"--prepare names '{twice.Key}' twice.", "--prepare", "Name each step once.");
        }
    }

    private static string Name(string word) => word.Split('=')[0].Trim();

    private static bool IsStep(string word) => Names.Contains(Name(word), StringComparer.OrdinalIgnoreCase)
        && (Name(word).Equals("best", StringComparison.OrdinalIgnoreCase) ? word.Split('=') is [_, var k] && int.TryParse(k, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n > 0 : !word.Contains('=', StringComparison.Ordinal));

    private static PreparationStep Step(string word)
    {
        var kind = Enum.Parse<PreparationKind>(Name(word), ignoreCase: true);
        return new PreparationStep(kind, kind == PreparationKind.Best ? int.Parse(word.Split('=')[1], CultureInfo.InvariantCulture) : 0);
    }
}
