namespace Gnomon.Core.Tables;

/// <summary>Which JSON column to take apart.</summary>
/// <param name="Table">Its table.</param>
/// <param name="Column">The column; each cell an object, or nothing.</param>
/// <param name="Into">The name of the table with the columns.</param>
/// <param name="Rejects">Where cells go that are no objects; null when only the first of them are to be told.</param>
/// <param name="MostKeys">With more keys than this there is one row per key instead of one column.</param>
/// <param name="Threads">Parts that are read side by side; the result does not depend on it.</param>
public sealed record ExpansionOrder(string Table, string Column, string Into, string? Rejects, int MostKeys, int Threads);

/// <summary>A JSON column taken apart. In the wide form the table has as many rows as before; in the long form, one per row and key.</summary>
public sealed record JsonExpansion
{
    /// <summary>Rows of the table.</summary>
    public required long Rows { get; init; }

    /// <summary>Cells without a text.</summary>
    public required long Empty { get; init; }

    /// <summary>Cells that are no JSON object: they are in the file of rejects, and their row has no value in the new columns.</summary>
    public required long Malformed { get; init; }

    /// <summary>Objects that name a key twice; the last one counts.</summary>
    public required long Repeated { get; init; }

    /// <summary>One row per row and key, because there are too many keys.</summary>
    public required bool IsLong { get; init; }

    /// <summary>The keys in the order in which they were met; in the long form those that were met before there were too many.</summary>
    public required IReadOnlyList<ExpandedKey> Keys { get; init; }

    /// <summary>The file of rejects; null when there are none, or none was asked for.</summary>
    public string? Rejects { get; init; }

    /// <summary>The first cells that are no objects, by row.</summary>
    public IReadOnlyList<RejectedCell> FirstRejects { get; init; } = [];
}

/// <param name="Row">The row of the table, from 1.</param>
/// <param name="Reason">What is wrong with the cell.</param>
/// <param name="Text">Its beginning.</param>
public sealed record RejectedCell(long Row, string Reason, string Text);

/// <summary>A key of the objects and the column that it became.</summary>
/// <param name="Path">Keys from the outermost one, joined by dots.</param>
/// <param name="Column">The column's name.</param>
/// <param name="NativeType">The engine's word for its type.</param>
/// <param name="Present">Objects that have the key with a value.</param>
/// <param name="Nulls">Objects that have it with an explicit null.</param>
/// <param name="Why">Why it is text although other values could be read as numbers; null when there is nothing to say.</param>
/// <param name="Mixed">Values of another kind than most; 0 when all are alike.</param>
public sealed record ExpandedKey(string Path, string Column, string NativeType, long Present, long Nulls, string? Why, long Mixed);
