using System.Runtime.InteropServices;

namespace Gnomon.Data.DuckDb.Native;

/// <summary>Aggregate functions written outside the engine.</summary>
internal static unsafe partial class AggregateApi
{
    private const string Library = "duckdb";

    [LibraryImport(Library, EntryPoint = "duckdb_create_aggregate_function")]
    internal static partial AggregateHandle Create();

    [LibraryImport(Library, EntryPoint = "duckdb_destroy_aggregate_function")]
    internal static partial void Destroy(ref nint function);

    [LibraryImport(Library, EntryPoint = "duckdb_aggregate_function_set_name", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void SetName(AggregateHandle function, string name);

    [LibraryImport(Library, EntryPoint = "duckdb_aggregate_function_add_parameter")]
    internal static partial void AddParameter(AggregateHandle function, LogicalTypeHandle type);

    [LibraryImport(Library, EntryPoint = "duckdb_aggregate_function_set_return_type")]
    internal static partial void SetReturnType(AggregateHandle function, LogicalTypeHandle type);

    [LibraryImport(Library, EntryPoint = "duckdb_aggregate_function_set_functions")]
    internal static partial void SetFunctions(
        AggregateHandle function,
        delegate* unmanaged[Cdecl]<nint, ulong> stateSize,
        delegate* unmanaged[Cdecl]<nint, long*, void> initialise,
        delegate* unmanaged[Cdecl]<nint, nint, long**, void> update,
        delegate* unmanaged[Cdecl]<nint, long**, long**, ulong, void> combine,
        delegate* unmanaged[Cdecl]<nint, long**, nint, ulong, ulong, void> finish);

    [LibraryImport(Library, EntryPoint = "duckdb_aggregate_function_set_special_handling")]
    internal static partial void TakeNulls(AggregateHandle function);

    [LibraryImport(Library, EntryPoint = "duckdb_aggregate_function_set_extra_info")]
    internal static partial void SetExtra(AggregateHandle function, nint extra, nint destroy);

    [LibraryImport(Library, EntryPoint = "duckdb_aggregate_function_get_extra_info")]
    internal static partial nint Extra(nint info);

    [LibraryImport(Library, EntryPoint = "duckdb_aggregate_function_set_error", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void SetError(nint info, string error);

    [LibraryImport(Library, EntryPoint = "duckdb_register_aggregate_function")]
    internal static partial int Register(ConnectionHandle connection, AggregateHandle function);
}
