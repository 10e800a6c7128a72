namespace Gnomon.Data.Files.Expansion;

/// <summary>Takes a cell; false when no more are wanted.</summary>
internal delegate bool TakeCell(ReadOnlySpan<byte> cell, bool isNull);

/// <summary>The column of objects in parts, which put together in their order are all rows.</summary>
internal interface ICellParts
{
    int Count { get; }

    /// <summary>Hands over the cells of a part in their order.</summary>
    void Scan(int part, TakeCell take);

    /// <summary>A relation with the other columns, row by row in the same order; it can be asked again and again.</summary>
    string Others(IReadOnlyList<string> columns);
}
