using Microsoft.CodeAnalysis;

namespace Gnomon.Generators;

/// <summary>Where a project's catalogues live: its root namespace, or its assembly's name when the build does not say.</summary>
internal static class RootNamespace
{
    public static IncrementalValueProvider<string> Of(IncrementalGeneratorInitializationContext context) =>
        context.AnalyzerConfigOptionsProvider
            .Select(static (o, _) => o.GlobalOptions.TryGetValue("build_property.RootNamespace", out var name) ? name : string.Empty)
            .Combine(context.CompilationProvider.Select(static (c, _) => c.AssemblyName ?? "Gnomon"))
            .Select(static (pair, _) => pair.Left.Length > 0 ? pair.Left : pair.Right);
}
