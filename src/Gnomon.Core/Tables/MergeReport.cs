namespace Gnomon.Core.Tables;

/// <summary>Rows to bring into a file.</summary>
/// <param name="Table">The table or kept answer that holds them.</param>
/// <param name="Into">A Parquet file; made when it is not there.</param>
/// <param name="Key">Columns that name a row once.</param>
/// <param name="Latest">Of several incoming rows of a key the one with the largest value here is taken; null where differing rows of a key are conflicts.</param>
/// <param name="Shown">Changed rows to tell in full.</param>
public sealed record MergeOrder(string Table, string Into, IReadOnlyList<string> Key, string? Latest, int Shown);

/// <summary>What a merge did: every incoming row is added, changed, unchanged, a duplicate, superseded, or set aside.</summary>
public sealed record MergeReport
{
    /// <summary>Incoming rows.</summary>
    public required long Incoming { get; init; }

    /// <summary>Rows of the file before.</summary>
    public required long Before { get; init; }

    /// <summary>Rows of the file afterwards, as the file itself says.</summary>
    public required long After { get; init; }

    public required long Added { get; init; }

    /// <summary>Rows of the file that have another value in at least one column now.</summary>
    public required long Changed { get; init; }

    /// <summary>Rows of the file that an incoming row repeats as they were.</summary>
    public required long Unchanged { get; init; }

    /// <summary>Incoming rows beyond the first that are equal in all columns.</summary>
    public required long Duplicates { get; init; }

    /// <summary>Incoming rows for which a later one of the same key was taken.</summary>
    public required long Superseded { get; init; }

    /// <summary>Incoming rows of keys that stand for differing rows, none of them later than the others: their keys keep what the file has.</summary>
    public required long ConflictRows { get; init; }

    /// <summary>Those keys.</summary>
    public required long ConflictKeys { get; init; }

    /// <summary>Incoming rows without a value in a key column.</summary>
    public required long NoKey { get; init; }

    /// <summary>Changed cells by column, for columns with at least one.</summary>
    public required IReadOnlyList<ChangedCells> ChangedColumns { get; init; }

    /// <summary>Columns that the file did not have: rows that no incoming row meets have no value there.</summary>
    public required IReadOnlyList<string> NewColumns { get; init; }

    /// <summary>Columns of the file that the incoming rows do not have: they keep their values.</summary>
    public required IReadOnlyList<string> KeptColumns { get; init; }

    /// <summary>Changed cells: key, column, before, after.</summary>
    public required Table FirstChanges { get; init; }

    /// <summary>Keys in conflict with the number of their rows.</summary>
    public required Table FirstConflicts { get; init; }
}

/// <param name="Column">A column of the file.</param>
/// <param name="Cells">Its cells that have another value now.</param>
public sealed record ChangedCells(string Column, long Cells);
