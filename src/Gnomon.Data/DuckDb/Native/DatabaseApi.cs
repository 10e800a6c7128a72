using System.Runtime.InteropServices;

namespace Gnomon.Data.DuckDb.Native;

/// <summary>Databases, connections and their configuration.</summary>
internal static partial class DatabaseApi
{
    private const string Library = "duckdb";

    [LibraryImport(Library, EntryPoint = "duckdb_open_ext", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Open(string? path, out DatabaseHandle database, ConfigHandle config, out nint error);

    [LibraryImport(Library, EntryPoint = "duckdb_close")]
    internal static partial void Close(ref nint database);

    [LibraryImport(Library, EntryPoint = "duckdb_create_config")]
    internal static partial int CreateConfig(out ConfigHandle config);

    [LibraryImport(Library, EntryPoint = "duckdb_set_config", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SetConfig(ConfigHandle config, string name, string option);

    [LibraryImport(Library, EntryPoint = "duckdb_destroy_config")]
    internal static partial void DestroyConfig(ref nint config);

    [LibraryImport(Library, EntryPoint = "duckdb_connect")]
    internal static partial int Connect(DatabaseHandle database, out ConnectionHandle connection);

    [LibraryImport(Library, EntryPoint = "duckdb_disconnect")]
    internal static partial void Disconnect(ref nint connection);

    [LibraryImport(Library, EntryPoint = "duckdb_interrupt")]
    internal static partial void Interrupt(ConnectionHandle connection);

    [LibraryImport(Library, EntryPoint = "duckdb_query_progress")]
    internal static partial QueryProgress Progress(ConnectionHandle connection);

    [LibraryImport(Library, EntryPoint = "duckdb_free")]
    internal static partial void Free(nint memory);

    [LibraryImport(Library, EntryPoint = "duckdb_vector_size")]
    internal static partial ulong VectorSize();

    /// <summary>Takes over and frees a text that the engine allocated.</summary>
    internal static string TakeText(nint text)
    {
        if (text == 0)
        {
            return "";
        }

        var result = Marshal.PtrToStringUTF8(text) ?? "";
        Free(text);
        return result;
    }
}

/// <summary>How far a running query is; the share is -1 while the engine does not know.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct QueryProgress
{
    internal readonly double Percentage;
    internal readonly ulong RowsProcessed;
    internal readonly ulong TotalRows;
}
