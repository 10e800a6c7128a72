using Gnomon.Core.Errors;
using Gnomon.Core.Studies;

namespace Gnomon.Studies.Profile.Entities;

/// <summary>Options of a profile that looks for rows of one entity.</summary>
public abstract record EntityOptions : StudyOptions
{
    /// <summary>Columns by which rows of one person, firm or place are found although they are spelt differently: names, addresses, dates of birth, numbers; auto takes columns that are named so.</summary>
    [Option(Value = "COLUMN[,COLUMN]|auto", Group = "Entities")]
    public IReadOnlyList<string> Entities { get; init; } = [];

    /// <summary>Rows are one entity from this probability on.</summary>
    [Option(Value = "PROBABILITY", Group = "Entities", Above = 0, Below = 1)]
    public double MatchFrom { get; init; } = 0.9;

    /// <summary>Write a line for every row with the number of its entity: a CSV file.</summary>
    [Option(Value = "FILE", Group = "Entities")]
    public string? Out { get; init; }

    internal bool InfersEntities => Entities is ["auto"];

    /// <summary>What is wrong with these options.</summary>
    internal IEnumerable<GnomonError> EntityErrors()
    {
        if (Entities.Count == 1 && !InfersEntities)
        {
            yield return new GnomonError("too-few-columns", "--entities needs two columns or more: rows that agree in one column only may be namesakes.", "--entities", "Add an address, a date of birth or a number, or write --entities auto.");
        }

        if (Entities.Count > 24)
        {
            yield return new GnomonError("too-many-columns", $"--entities takes at most 24 columns; got {Entities.Count}.", "--entities", "Name those that tell people apart.");
        }

        if (Out is not null && Entities.Count == 0)
        {
            yield return new GnomonError("option-missing", "--out writes the entities that --entities finds.", "--entities", "Add --entities COLUMN,COLUMN or --entities auto.");
        }
    }
}
