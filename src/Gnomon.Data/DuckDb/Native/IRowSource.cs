namespace Gnomon.Data.DuckDb.Native;

/// <summary>Rows that are made outside the engine, as often as a query asks for them.</summary>
internal interface IRowSource
{
    /// <summary>Names and types of the columns.</summary>
    IReadOnlyList<(string Name, TypeId Type)> Columns { get; }

    /// <summary>How many rows there are, or about how many.</summary>
    (long Rows, bool IsExact) Expected { get; }

    /// <summary>Threads that may make rows side by side.</summary>
    int Threads { get; }

    /// <summary>Begins a pass over all rows.</summary>
    /// <param name="columns">The columns that are asked for, by number.</param>
    IRowScan Begin(IReadOnlyList<int> columns);
}

/// <summary>One pass over the rows of a source.</summary>
internal interface IRowScan : IDisposable
{
    /// <summary>The part of a thread; one thread alone gets all rows, in their order.</summary>
    IRowCursor Cursor();
}

/// <summary>Makes rows for one thread.</summary>
internal interface IRowCursor
{
    /// <returns>How many rows were written; 0 when there are no more.</returns>
    int Fill(FeedChunk chunk);
}
