using Gnomon.Methods.Regression;

namespace Gnomon.Studies.Regress;

/// <summary>A column of complete rows: numbers, or levels.</summary>
/// <param name="Name">As the schema spells it.</param>
/// <param name="Numbers">Values; null for levels.</param>
/// <param name="Codes">Index of each row's level; null for numbers.</param>
/// <param name="Levels">Levels that occur, in alphabetical (numbers: numerical) order.</param>
internal sealed record ModelColumn(string Name, double[]? Numbers, int[]? Codes, IReadOnlyList<string> Levels)
{
    public bool IsFactor => Codes is not null;

    public int Length => Numbers?.Length ?? Codes!.Length;

    public ModelColumn Rows(int[] rows) => Numbers is not null
        ? this with { Numbers = Array.ConvertAll(rows, i => Numbers[i]) }
        : this with { Codes = Array.ConvertAll(rows, i => Codes![i]) };
}

/// <summary>Everything the model needs from the table, complete rows only, in order of time where one is given.</summary>
internal sealed record ModelData
{
    public required Formula Formula { get; init; }

    /// <summary>What the outcome is called in sentences.</summary>
    public required string Outcome { get; init; }

    public required double[] Y { get; init; }

    /// <summary>For a yes/no outcome: what 1 means.</summary>
    public string? Event { get; init; }

    /// <summary>Categories of the outcome in their order, when <see cref="Y"/> holds their numbers; empty otherwise.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>For times: whether each ended with the event; null for other outcomes.</summary>
    public bool[]? Ended { get; init; }

    /// <summary>What the event is called in sentences.</summary>
    public string? EndedBy { get; init; }

    public required IReadOnlyDictionary<string, ModelColumn> Columns { get; init; }

    public required IReadOnlyList<int[]> Clusters { get; init; }

    /// <summary>Columns that group rows for random effects.</summary>
    public IReadOnlyDictionary<string, ModelColumn> Groups { get; init; } = new Dictionary<string, ModelColumn>(StringComparer.Ordinal);

    /// <summary>Identifier columns that nobody named, with the code of each row.</summary>
    public required IReadOnlyList<(string Name, int[] Codes)> Candidates { get; init; }

    public required double[]? Weights { get; init; }

    public required double[]? Offset { get; init; }

    /// <summary>Row in the data as read, from 0, of each row here.</summary>
    public required int[] Source { get; init; }

    public required long RowsRead { get; init; }

    /// <summary>Rows without a usable value, by column.</summary>
    public required IReadOnlyList<(string Column, long Rows)> Missing { get; init; }

    /// <summary>Distinct times among the rows; 0 without a time column.</summary>
    public required int Times { get; init; }

    public int Rows => Y.Length;
}
