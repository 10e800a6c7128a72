using Gnomon.Core.Errors;
using Gnomon.Core.Studies;
using Gnomon.Studies.Profile.Substitute;

namespace Gnomon.Studies.Profile.Question;

/// <summary>Options of a profile that holds a question against the data before anything is computed for it.</summary>
public abstract record QuestionOptions : SubstituteOptions
{
    /// <summary>The question card: a JSON file with unit, outcome, as-of date, horizon, action, costs and the rest, as far as they are known; each field is checked against the data.</summary>
    [Option(Value = "FILE", Group = "Question")]
    public string? Question { get; init; }

    /// <summary>Write the question card with what the data suggest filled in, to be completed by whoever asked.</summary>
    [Option(Value = "FILE", Group = "Question")]
    public string? WriteQuestion { get; init; }

    /// <summary>What is wrong with these options.</summary>
    internal IEnumerable<GnomonError> QuestionErrors()
    {
        if (WriteQuestion is not null && new[] { Question, Data }.Any(f => f is not null && Path.GetFullPath(f) == Path.GetFullPath(WriteQuestion)))
        {
            yield return new GnomonError("options-conflict", $"--write-question would overwrite {WriteQuestion}.", "--write-question", "Name another file.");
        }
    }
}
