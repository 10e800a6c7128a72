using System.Runtime.InteropServices;

namespace Gnomon.Data.DuckDb.Native;

/// <summary>A native resource; released once, also when the owner forgets.</summary>
internal abstract class NativeHandle(bool isOurs = true) : SafeHandle(0, isOurs)
{
    public override bool IsInvalid => handle == 0;
}

internal sealed class DatabaseHandle : NativeHandle
{
    protected override bool ReleaseHandle()
    {
        DatabaseApi.Close(ref handle);
        return true;
    }
}

internal sealed class ConfigHandle : NativeHandle
{
    protected override bool ReleaseHandle()
    {
        DatabaseApi.DestroyConfig(ref handle);
        return true;
    }
}

internal sealed class ConnectionHandle : NativeHandle
{
    protected override bool ReleaseHandle()
    {
        DatabaseApi.Disconnect(ref handle);
        return true;
    }
}

internal sealed class StatementHandle : NativeHandle
{
    protected override bool ReleaseHandle()
    {
        StatementApi.Destroy(ref handle);
        return true;
    }
}

internal sealed class PendingHandle : NativeHandle
{
    protected override bool ReleaseHandle()
    {
        StatementApi.DestroyPending(ref handle);
        return true;
    }
}

internal sealed class ChunkHandle : NativeHandle
{
    public ChunkHandle()
    {
    }

    /// <summary>A chunk that the engine lends.</summary>
    public ChunkHandle(nint lent)
        : base(isOurs: false) => SetHandle(lent);

    protected override bool ReleaseHandle()
    {
        VectorApi.DestroyChunk(ref handle);
        return true;
    }
}

internal sealed class LogicalTypeHandle : NativeHandle
{
    protected override bool ReleaseHandle()
    {
        TypeApi.Destroy(ref handle);
        return true;
    }
}

internal sealed class AggregateHandle : NativeHandle
{
    protected override bool ReleaseHandle()
    {
        AggregateApi.Destroy(ref handle);
        return true;
    }
}

internal sealed class ScalarHandle : NativeHandle
{
    protected override bool ReleaseHandle()
    {
        ScalarApi.Destroy(ref handle);
        return true;
    }
}

internal sealed class TableFunctionHandle : NativeHandle
{
    protected override bool ReleaseHandle()
    {
        TableFunctionApi.Destroy(ref handle);
        return true;
    }
}

internal sealed class AppenderHandle : NativeHandle
{
    protected override bool ReleaseHandle() => AppenderApi.Destroy(ref handle) == 0;
}

/// <summary>The engine's result structure, kept in native memory because the engine wants it by address and by value.</summary>
internal sealed unsafe class ResultHandle : NativeHandle
{
    public ResultHandle() => SetHandle((nint)NativeMemory.AllocZeroed((nuint)sizeof(NativeResult)));

    public NativeResult Value => *(NativeResult*)handle;

    protected override bool ReleaseHandle()
    {
        ResultApi.Destroy(handle);
        NativeMemory.Free((void*)handle);
        return true;
    }
}

/// <summary><c>duckdb_result</c>: six words, of which only the engine knows the meaning.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeResult
{
    private readonly ulong _columns;
    private readonly ulong _rows;
    private readonly ulong _changed;
    private readonly nint _cells;
    private readonly nint _message;
    private readonly nint _data;
}
