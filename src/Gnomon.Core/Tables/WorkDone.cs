namespace Gnomon.Core.Tables;

/// <summary>What answering a query cost the engine.</summary>
public sealed record WorkDone
{
    /// <summary>Rows of the answer.</summary>
    public required long Rows { get; init; }

    /// <summary>Rows that were read from tables and files.</summary>
    public required long RowsScanned { get; init; }

    /// <summary>Bytes that the scans handed on, uncompressed and of the columns in use alone.</summary>
    public required long BytesScanned { get; init; }

    /// <summary>Most memory that the engine held, in bytes.</summary>
    public required long PeakMemory { get; init; }

    /// <summary>Most bytes that lay in the spill folder.</summary>
    public required long PeakSpill { get; init; }

    /// <summary>Wall time.</summary>
    public required double Seconds { get; init; }

    /// <summary>Time of all threads together.</summary>
    public required double CpuSeconds { get; init; }

    public required int Threads { get; init; }

    /// <summary>The steps of the plan, the last one first.</summary>
    public required IReadOnlyList<PlanStep> Steps { get; init; }
}

/// <summary>One step of a plan.</summary>
/// <param name="Name">The engine's word: <c>HASH_JOIN</c>.</param>
/// <param name="Depth">0 for the last step; a step feeds the next one above it with a smaller depth.</param>
/// <param name="Rows">Rows that it handed on.</param>
/// <param name="Seconds">Time of all threads in this step alone.</param>
/// <param name="Detail">Table, keys or condition.</param>
public sealed record PlanStep(string Name, int Depth, long Rows, double Seconds, string Detail);

/// <summary>What the engine may use.</summary>
/// <param name="MemoryBytes">Beyond it, intermediate results go to disk.</param>
/// <param name="MemoryFrom">Where the limit comes from, in words.</param>
/// <param name="Threads">Threads that work on one query.</param>
/// <param name="SpillFolder">The folder for what does not fit.</param>
/// <param name="SpillRoom">Bytes that are free there.</param>
public sealed record EngineLimits(long MemoryBytes, string MemoryFrom, int Threads, string SpillFolder, long SpillRoom);
