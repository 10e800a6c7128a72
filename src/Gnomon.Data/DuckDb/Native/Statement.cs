using System.Runtime.InteropServices;
using System.Text;

namespace Gnomon.Data.DuckDb.Native;

/// <summary>A prepared statement with its bound values.</summary>
internal sealed class Statement(StatementHandle handle) : IDisposable
{
    private static readonly DateTimeOffset Epoch = DateTimeOffset.UnixEpoch;

    public bool IsSelect => StatementApi.Type(handle) == StatementApi.SelectStatement;

    public IReadOnlyList<ColumnLayout> Columns()
    {
        var columns = new ColumnLayout[(int)StatementApi.ColumnCount(handle)];
        for (var i = 0; i < columns.Length; i++)
        {
            using var type = TypeOf(i);
            columns[i] = ColumnLayout.Of(DatabaseApi.TakeText(StatementApi.ColumnName(handle, (ulong)i)), type);
        }

        return columns;
    }

    /// <summary>The type of a column of the result; the caller disposes it.</summary>
    public LogicalTypeHandle TypeOf(int column) => StatementApi.ColumnType(handle, (ulong)column);

    public Statement Bind(IReadOnlyList<object?> values)
    {
        for (var i = 0; i < values.Count; i++)
        {
            if (Bind((ulong)i + 1, values[i]) != 0)
            {
                throw new EngineException($"The value {values[i]} of parameter {i + 1} was refused.");
            }
        }

        return this;
    }

    private int Bind(ulong index, object? value) => value switch
    {
        null => StatementApi.BindNull(handle, index),
        bool b => StatementApi.Bind(handle, index, b),
        int n => StatementApi.Bind(handle, index, (long)n),
        long n => StatementApi.Bind(handle, index, n),
        double x => StatementApi.Bind(handle, index, x),
        string text => BindText(index, Encoding.UTF8.GetBytes(text)),
        DateOnly day => StatementApi.BindDate(handle, index, day.DayNumber - DateOnly.FromDateTime(Epoch.UtcDateTime).DayNumber),
        DateTimeOffset moment => StatementApi.BindInstant(handle, index, (moment - Epoch).Ticks / TimeSpan.TicksPerMicrosecond),
        _ => throw new ArgumentException($"A value of type {value.GetType().Name} cannot be bound.", nameof(value)),
    };

    private int BindText(ulong index, byte[] utf8) => StatementApi.BindText(handle, index, utf8, (ulong)utf8.Length);

    /// <summary>Starts the statement. A streaming result holds a few chunks at a time; the other kind holds all rows.</summary>
    public ResultReader Run(bool streaming)
    {
        PendingHandle pending;
        var state = streaming ? StatementApi.PendingStreaming(handle, out pending) : StatementApi.Pending(handle, out pending);
        using (pending)
        {
            if (state != 0)
            {
                throw new EngineException(Marshal.PtrToStringUTF8(StatementApi.PendingError(pending)) ?? "");
            }

            var result = new ResultHandle();
            if (StatementApi.Execute(pending, result) == 0)
            {
                return new ResultReader(result);
            }

            using (result)
            {
                throw new EngineException(Marshal.PtrToStringUTF8(ResultApi.Error(result)) ?? "");
            }
        }
    }

    public void Dispose() => handle.Dispose();
}

/// <summary>Fetches chunks until there are none.</summary>
internal sealed class ResultReader(ResultHandle handle) : IDisposable
{
    public IReadOnlyList<ColumnLayout> Columns()
    {
        var columns = new ColumnLayout[(int)ResultApi.ColumnCount(handle)];
        for (var i = 0; i < columns.Length; i++)
        {
            using var type = ResultApi.ColumnType(handle, (ulong)i);
            columns[i] = ColumnLayout.Of(Marshal.PtrToStringUTF8(ResultApi.ColumnName(handle, (ulong)i)) ?? "", type);
        }

        return columns;
    }

    /// <summary>The next chunk, or null at the end; the caller disposes it.</summary>
    public ChunkHandle? Next()
    {
        var chunk = ResultApi.Fetch(handle.Value);
        if (!chunk.IsInvalid)
        {
            return chunk;
        }

        chunk.Dispose();
        var error = Marshal.PtrToStringUTF8(ResultApi.Error(handle));
        return string.IsNullOrEmpty(error) ? null : throw new EngineException(error);
    }

    public void Dispose() => handle.Dispose();
}
