using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Gnomon.Generators;

/// <summary>
/// Turns options records into option cards, [Verb] records into verb cards, and a project's verbs into <c>VerbCatalogue.All</c>.
/// A record in another assembly brings its own cards, written there, because its doc comments cannot be read from here.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class VerbGenerator : IIncrementalGenerator
{
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var records = context.SyntaxProvider
            .CreateSyntaxProvider(
                static (node, _) => node is RecordDeclarationSyntax,
                static (c, cancel) => c.SemanticModel.GetDeclaredSymbol((RecordDeclarationSyntax)c.Node, cancel) is { } type ? OptionsModel.From(type, c.SemanticModel.Compilation) : null)
            .Where(static m => m is not null).Select(static (m, _) => m!);
        var studies = context.SyntaxProvider
            .CreateSyntaxProvider(
                static (node, _) => node is ClassDeclarationSyntax { BaseList: not null },
                static (c, cancel) => c.SemanticModel.GetDeclaredSymbol((ClassDeclarationSyntax)c.Node, cancel) is { } type ? StudyModel.From(type) : null)
            .Where(static m => m is not null).Select(static (m, _) => m!)
            .Collect().Select(static (all, _) => new EquatableList<StudyModel>(all.Distinct()));

        context.RegisterSourceOutput(records, static (output, record) => WriteCards(output, record));
        context.RegisterSourceOutput(records.Where(static r => r.Verb is not null).Combine(studies), static (output, pair) => WriteVerb(output, pair.Left, pair.Right));
        var verbs = records.Where(static r => r.Verb is not null).Collect();
        context.RegisterSourceOutput(verbs.Combine(RootNamespace.Of(context)), static (output, pair) => WriteCatalogue(output, pair.Left, pair.Right));
    }

    private static void WriteCards(SourceProductionContext output, OptionsModel record)
    {
        foreach (var problem in record.Problems)
        {
            output.ReportDiagnostic(problem.ToDiagnostic());
        }

        if (record.Options.Count == 0)
        {
            return;
        }

        var cards = string.Concat(record.Options.Select(o => $"        {o.Card(record.Type)},\n"));
        Add(output, $"{record.Namespace}.{record.CardsClass}", $$"""
            namespace {{record.Namespace}};

            /// <summary>The options that {{record.Name}} itself declares, as data.</summary>
            {{record.Access}} static class {{record.CardsClass}}
            {
                private static global::System.Collections.Generic.IReadOnlyList<global::Gnomon.Core.Studies.OptionCard>? own;

                public static global::System.Collections.Generic.IReadOnlyList<global::Gnomon.Core.Studies.OptionCard> Own => own ??=
                [
            {{cards}}    ];
            }

            """);
    }

    private static void WriteVerb(SourceProductionContext output, OptionsModel record, EquatableList<StudyModel> studies)
    {
        var verb = record.Verb!;
        var candidates = studies.Where(s => s.Options == record.Type).ToList();
        if (candidates.Count != 1)
        {
            var found = candidates.Count == 0 ? "none was found" : $"found {string.Join(", ", candidates.Select(c => c.Type))}";
            output.ReportDiagnostic((verb.Place with { Id = Problem.StudyOfVerb, Message = $"Verb '{verb.Name}' needs exactly one concrete Study<{record.Name}> in its project; {found}" }).ToDiagnostic());
            return;
        }

        var own = record.Options.Count == 0 ? [] : new[] { $".. global::{record.Namespace}.{record.CardsClass}.Own" };
        var lists = string.Join(", ", own.Concat(record.BaseCards.Select(b => $".. {b}.Own")));
        Add(output, $"{record.Namespace}.{ClassName(record)}", $$"""
            namespace {{record.Namespace}};

            /// <summary>The verb <c>{{verb.Name}}</c> as data.</summary>
            {{record.Access}} sealed class {{ClassName(record)}} : global::Gnomon.Core.Studies.VerbCard
            {
                private global::System.Collections.Generic.IReadOnlyList<global::Gnomon.Core.Studies.OptionCard>? options;

                public static {{ClassName(record)}} Instance { get; } = new();

                public override string Name => {{Names.Literal(verb.Name)}};

                public override string Question => {{Names.Literal(verb.Question)}};

                public override string Example => {{Names.Literal(verb.Example)}};

                public override string Remarks => {{Names.Literal(verb.Remarks)}};

                public override global::System.Collections.Generic.IReadOnlyList<global::Gnomon.Core.Studies.OptionCard> Options => options ??= [{{lists}}];

                public override global::Gnomon.Core.Studies.StudyOptions Defaults => new {{record.Type}}();

                public override global::Gnomon.Core.Studies.IStudy Study => new {{candidates[0].Type}}();
            }

            """);
    }

    private static void WriteCatalogue(SourceProductionContext output, ImmutableArray<OptionsModel> records, string home)
    {
        if (records.IsEmpty)
        {
            return;
        }

        var distinct = records.Distinct().OrderBy(r => r.Verb!.Name, StringComparer.Ordinal).ThenBy(r => r.Type, StringComparer.Ordinal).ToList();
        foreach (var repeated in distinct.GroupBy(r => r.Verb!.Name).SelectMany(g => g.Skip(1)))
        {
            output.ReportDiagnostic((repeated.Verb!.Place with { Id = Problem.DuplicateVerb, Message = $"The verb name '{repeated.Verb.Name}' is taken" }).ToDiagnostic());
        }

        var cards = string.Concat(distinct.Select(r => $"        global::{r.Namespace}.{ClassName(r)}.Instance,\n"));
        Add(output, "VerbCatalogue", $$"""
            namespace {{home}};

            /// <summary>Every verb of this assembly, ordered by name.</summary>
            public static class VerbCatalogue
            {
                private static global::System.Collections.Generic.IReadOnlyList<global::Gnomon.Core.Studies.VerbCard>? all;

                public static global::System.Collections.Generic.IReadOnlyList<global::Gnomon.Core.Studies.VerbCard> All => all ??=
                [
            {{cards}}    ];
            }

            """);
    }

    private static string ClassName(OptionsModel record) =>
        (record.Name.EndsWith("Options", StringComparison.Ordinal) ? record.Name.Substring(0, record.Name.Length - "Options".Length) : record.Name) + "Verb";

    private static void Add(SourceProductionContext output, string name, string source) =>
        output.AddSource($"{name}.g.cs", SourceText.From($"// <auto-generated/>\n#nullable enable\n{source}", Encoding.UTF8));
}
