using System.Runtime.InteropServices;

namespace Gnomon.Data.DuckDb.Native;

/// <summary>Functions in FROM that are written outside the engine.</summary>
internal static unsafe partial class TableFunctionApi
{
    private const string Library = "duckdb";

    [LibraryImport(Library, EntryPoint = "duckdb_create_table_function")]
    internal static partial TableFunctionHandle Create();

    [LibraryImport(Library, EntryPoint = "duckdb_destroy_table_function")]
    internal static partial void Destroy(ref nint function);

    [LibraryImport(Library, EntryPoint = "duckdb_table_function_set_name", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void SetName(TableFunctionHandle function, string name);

    [LibraryImport(Library, EntryPoint = "duckdb_table_function_set_extra_info")]
    internal static partial void SetExtra(TableFunctionHandle function, nint extra, nint destroy);

    [LibraryImport(Library, EntryPoint = "duckdb_table_function_set_bind")]
    internal static partial void SetBind(TableFunctionHandle function, delegate* unmanaged[Cdecl]<nint, void> bind);

    [LibraryImport(Library, EntryPoint = "duckdb_table_function_set_init")]
    internal static partial void SetBegin(TableFunctionHandle function, delegate* unmanaged[Cdecl]<nint, void> begin);

    [LibraryImport(Library, EntryPoint = "duckdb_table_function_set_local_init")]
    internal static partial void SetBeginThread(TableFunctionHandle function, delegate* unmanaged[Cdecl]<nint, void> begin);

    [LibraryImport(Library, EntryPoint = "duckdb_table_function_set_function")]
    internal static partial void SetFunction(TableFunctionHandle function, delegate* unmanaged[Cdecl]<nint, nint, void> fill);

    [LibraryImport(Library, EntryPoint = "duckdb_table_function_supports_projection_pushdown")]
    internal static partial void TakeProjection(TableFunctionHandle function, [MarshalAs(UnmanagedType.U1)] bool takes);

    [LibraryImport(Library, EntryPoint = "duckdb_register_table_function")]
    internal static partial int Register(ConnectionHandle connection, TableFunctionHandle function);

    [LibraryImport(Library, EntryPoint = "duckdb_bind_get_extra_info")]
    internal static partial nint BindExtra(nint info);

    [LibraryImport(Library, EntryPoint = "duckdb_bind_add_result_column", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void AddColumn(nint info, string name, LogicalTypeHandle type);

    [LibraryImport(Library, EntryPoint = "duckdb_bind_set_cardinality")]
    internal static partial void SetRows(nint info, ulong rows, [MarshalAs(UnmanagedType.U1)] bool isExact);

    [LibraryImport(Library, EntryPoint = "duckdb_init_get_extra_info")]
    internal static partial nint BeginExtra(nint info);

    [LibraryImport(Library, EntryPoint = "duckdb_init_get_column_count")]
    internal static partial ulong ColumnCount(nint info);

    [LibraryImport(Library, EntryPoint = "duckdb_init_get_column_index")]
    internal static partial ulong ColumnIndex(nint info, ulong column);

    [LibraryImport(Library, EntryPoint = "duckdb_init_set_init_data")]
    internal static partial void SetData(nint info, nint data, delegate* unmanaged[Cdecl]<nint, void> destroy);

    [LibraryImport(Library, EntryPoint = "duckdb_init_set_max_threads")]
    internal static partial void SetThreads(nint info, ulong threads);

    [LibraryImport(Library, EntryPoint = "duckdb_init_set_error", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void SetBeginError(nint info, string error);

    [LibraryImport(Library, EntryPoint = "duckdb_function_get_extra_info")]
    internal static partial nint Extra(nint info);

    [LibraryImport(Library, EntryPoint = "duckdb_function_get_init_data")]
    internal static partial nint Data(nint info);

    [LibraryImport(Library, EntryPoint = "duckdb_function_get_local_init_data")]
    internal static partial nint ThreadData(nint info);

    [LibraryImport(Library, EntryPoint = "duckdb_function_set_error", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void SetError(nint info, string error);
}
