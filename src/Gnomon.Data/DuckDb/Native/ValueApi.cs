using System.Runtime.InteropServices;

namespace Gnomon.Data.DuckDb.Native;

/// <summary>Single values; here only lists of names.</summary>
internal static partial class ValueApi
{
    private const string Library = "duckdb";

    [LibraryImport(Library, EntryPoint = "duckdb_destroy_value")]
    internal static partial void Destroy(ref nint value);

    [LibraryImport(Library, EntryPoint = "duckdb_get_list_size")]
    internal static partial ulong ListSize(ValueHandle value);

    [LibraryImport(Library, EntryPoint = "duckdb_get_list_child")]
    internal static partial ValueHandle ListChild(ValueHandle value, ulong index);

    [LibraryImport(Library, EntryPoint = "duckdb_get_varchar")]
    internal static partial nint Text(ValueHandle value);
}
