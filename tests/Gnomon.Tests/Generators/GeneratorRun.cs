using System.Reflection;
using System.Runtime.Loader;
using Gnomon.Core.Studies;
using Gnomon.Generators;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace Gnomon.Tests.Generators;

/// <summary>Compiles a source text with the generators, as a project named Sample.</summary>
internal sealed class GeneratorRun
{
    private const string Usings = """
        using System;
        using System.Collections.Generic;
        using Gnomon.Core.Checks;
        using Gnomon.Core.Findings;
        using Gnomon.Core.Studies;

        """;

    private static readonly IReadOnlyList<MetadataReference> References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(p => Path.GetFileName(p) is "System.Private.CoreLib.dll" or "System.Runtime.dll" or "System.Collections.dll" or "System.Linq.dll" or "netstandard.dll")
            .Append(typeof(StudyOptions).Assembly.Location)
            .Select(p => MetadataReference.CreateFromFile(p)),
    ];

    private readonly Compilation _compiled;

    public GeneratorRun(string source, DocumentationMode documentation = DocumentationMode.Parse)
    {
        var parse = new CSharpParseOptions(LanguageVersion.Latest, documentation);
        var compilation = CSharpCompilation.Create(
            "Sample", [CSharpSyntaxTree.ParseText(Usings + source, parse, "Sample.cs")], References,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        Driver = CSharpGeneratorDriver.Create(
            [new CheckCatalogueGenerator().AsSourceGenerator(), new VerbGenerator().AsSourceGenerator(), new AskGenerator().AsSourceGenerator(), new CaseCatalogueGenerator().AsSourceGenerator()],
            parseOptions: parse, driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true))
            .RunGeneratorsAndUpdateCompilation(compilation, out _compiled, out var problems);
        Problems = [.. problems.Select(p => $"{p.Id}: {p.GetMessage()}")];
    }

    public GeneratorDriver Driver { get; }

    public Compilation Compiled => _compiled;

    public IReadOnlyList<string> Problems { get; }

    public IReadOnlyList<string> Errors => [.. _compiled.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error).Select(d => d.ToString())];

    public T Value<T>(string type, string property)
    {
        Assert.Empty(Errors);
        using var bytes = new MemoryStream();
        Assert.True(_compiled.Emit(bytes).Success);
        bytes.Position = 0;
        var assembly = new AssemblyLoadContext("sample", isCollectible: true).LoadFromStream(bytes);
        return (T)assembly.GetType(type, throwOnError: true)!.GetProperty(property, BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;
    }
}
