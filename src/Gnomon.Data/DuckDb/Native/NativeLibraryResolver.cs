using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Gnomon.Core.Errors;

namespace Gnomon.Data.DuckDb.Native;

/// <summary>Finds the native engine when the first call needs it, not before.</summary>
internal static class NativeLibraryResolver
{
    public const string Variable = "GNOMON_DUCKDB";

    [ModuleInitializer]
    internal static void Register() =>
        NativeLibrary.SetDllImportResolver(typeof(NativeLibraryResolver).Assembly, Resolve);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (name != "duckdb")
        {
            return 0;
        }

        string? there = null;
        foreach (var candidate in Candidates(AppContext.BaseDirectory, Environment.GetEnvironmentVariable(Variable)))
        {
            if (File.Exists(candidate))
            {
                if (NativeLibrary.TryLoad(candidate, out var handle))
                {
                    return handle;
                }

                there ??= candidate;
            }
        }

        if (there is not null)
        {
            throw new GnomonError(
                "engine-not-loaded", $"The native engine {there} is there but cannot be loaded.", there,
                "Under a limit of address space (ulimit -v) leave it room: set DOTNET_GCRegionRange=0x20000000, or limit the memory itself (ulimit -d, a control group).");
        }

        throw new GnomonError(
            "engine-missing",
            $"The native engine {FileName} for {RuntimeId} was not found next to the program.",
            AppContext.BaseDirectory,
            $"Install Gnomon again, or set {Variable} to the file {FileName}.");
    }

    /// <summary>Where the library may lie, in order: beside the program, the variable, then node_modules of a source tree.</summary>
    internal static IEnumerable<string> Candidates(string baseDirectory, string? variable)
    {
        yield return Path.Combine(baseDirectory, "runtimes", RuntimeId, "native", FileName);
        yield return Path.Combine(baseDirectory, FileName);
        if (!string.IsNullOrEmpty(variable))
        {
            yield return Directory.Exists(variable) ? Path.Combine(variable, FileName) : variable;
        }

        for (var folder = new DirectoryInfo(baseDirectory); folder is not null; folder = folder.Parent)
        {
            yield return Path.Combine(folder.FullName, "node_modules", "@duckdb", "node-bindings-" + PackageSuffix, FileName);
        }
    }

    internal static string FileName =>
        OperatingSystem.IsWindows() ? "duckdb.dll" : OperatingSystem.IsMacOS() ? "libduckdb.dylib" : "libduckdb.so";

    private static string Architecture => RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "x64";

    private static bool IsMusl => RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal);

    internal static string RuntimeId =>
        OperatingSystem.IsWindows() ? $"win-{Architecture}"
        : OperatingSystem.IsMacOS() ? $"osx-{Architecture}"
        : IsMusl ? $"linux-musl-{Architecture}"
        : $"linux-{Architecture}";

    private static string PackageSuffix =>
        OperatingSystem.IsWindows() ? $"win32-{Architecture}"
        : OperatingSystem.IsMacOS() ? $"darwin-{Architecture}"
        : IsMusl ? $"linux-{Architecture}-musl"
        : $"linux-{Architecture}";
}
