using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Gnomon.Generators;

/// <summary>One [Option] property: everything its card says, and the expression that reads its value from text.</summary>
internal sealed record OptionModel(
    string Property, string Name, string Alias, string Kind, string Value, string Group, string Summary, string Default,
    EquatableList<string> Choices, bool Positional, string Parse, Problem? Problem)
{
    public const string AttributeName = "Gnomon.Core.Studies.OptionAttribute";

    private const string Parser = "global::Gnomon.Core.Studies.OptionParser";

    public static bool Marks(IPropertySymbol property) => Attribute(property) is not null;

    public static OptionModel From(IPropertySymbol property, Compilation compilation)
    {
        var given = Attribute(property)!.NamedArguments;
        var name = Names.Kebab(property.Name);
        var choices = Text(given, "Choices").Split(['|'], StringSplitOptions.RemoveEmptyEntries);
        var (kind, parse) = Reading(property.Type, name, choices, Number(given, "Above", double.NegativeInfinity), Number(given, "Below", double.PositiveInfinity), Bool(given, "Commas", fallback: true), DefaultText(property, compilation));
        var summary = DocComment.Summary(property);
        return new OptionModel(
            property.Name, name, Text(given, "Alias"), kind, Text(given, "Value"), Text(given, "Group"), summary, DefaultText(property, compilation),
            new EquatableList<string>(choices), Bool(given, "Positional", fallback: false), parse, Fault(property, kind, summary));
    }

    /// <summary>The C# that builds its card; the owner is the record that declares it.</summary>
    public string Card(string owner) =>
        $"new({Names.Literal(Name)}, {Names.Literal(Alias)}, {Names.Literal(Kind)}, {Names.Literal(Value)}, {Names.Literal(Group)}, {Names.Literal(Summary)}, "
        + $"{Names.Literal(Default)}, {Names.Literals(Choices)}, {(Positional ? "true" : "false")}, "
        + $"static (o, v) => (({owner})o) with {{ {Property} = {Parse} }})";

    private static Problem? Fault(IPropertySymbol property, string kind, string summary)
    {
        if (kind.Length == 0)
        {
            return Problem.At(property, Problem.OptionType, $"Option '{property.Name}' has a type that no option can have; use string?, bool, double, long, int (each also nullable) or IReadOnlyList<string>");
        }

        return summary.Length > 0
            ? null
            : Problem.At(property, Problem.OptionWithoutSummary, $"Option '{property.Name}' needs a doc comment with a summary: help, API and documentation show it");
    }

    private static (string Kind, string Parse) Reading(ITypeSymbol type, string name, string[] choices, double above, double below, bool commas, string preset)
    {
        var option = Names.Literal(name);
        var range = $"{Names.Literal(above)}, {Names.Literal(below)}, {Names.Literal(preset)}";
        return Underlying(type).SpecialType switch
        {
            SpecialType.System_String when choices.Length > 0 => ("choice", $"{Parser}.Choice({option}, v, {Names.Literals(choices)})"),
            SpecialType.System_String => ("text", $"{Parser}.Text({option}, v)"),
            SpecialType.System_Boolean => ("flag", $"{Parser}.Flag({option}, v)"),
            SpecialType.System_Double => ("number", $"{Parser}.Number({option}, v, {range})"),
            SpecialType.System_Int64 => ("integer", $"{Parser}.Integer({option}, v, {range})"),
            SpecialType.System_Int32 => ("integer", $"(int){Parser}.Integer({option}, v, {Names.Literal(Math.Max(above, int.MinValue - 1d))}, {Names.Literal(Math.Min(below, int.MaxValue + 1d))}, {Names.Literal(preset)})"),
            _ when type.OriginalDefinition.ToDisplayString() != "System.Collections.Generic.IReadOnlyList<T>" => (string.Empty, "default!"),
            _ when choices.Length > 0 => ("list", $"[.. global::System.Linq.Enumerable.Select({Parser}.List(v, {(commas ? "true" : "false")}), static x => {Parser}.Choice({option}, [x], {Names.Literals(choices)}))]"),
            _ => ("list", $"{Parser}.List(v, {(commas ? "true" : "false")})"),
        };
    }

    private static ITypeSymbol Underlying(ITypeSymbol type) =>
        type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable ? nullable.TypeArguments[0] : type;

    private static string DefaultText(IPropertySymbol property, Compilation compilation)
    {
        var value = property.DeclaringSyntaxReferences.Select(r => r.GetSyntax()).OfType<PropertyDeclarationSyntax>().Select(p => p.Initializer?.Value).FirstOrDefault();
        return value switch
        {
            null => string.Empty,
            CollectionExpressionSyntax list => string.Join(",", list.Elements.OfType<ExpressionElementSyntax>().Select(e => Constant(e.Expression, compilation))),
            _ => Constant(value, compilation),
        };
    }

    private static string Constant(ExpressionSyntax value, Compilation compilation)
    {
#pragma warning disable RS1030 // an initialiser may name a constant of another file: its tree's own model is needed
        var constant = compilation.GetSemanticModel(value.SyntaxTree).GetConstantValue(value);
#pragma warning restore RS1030
        return constant is { HasValue: true, Value: { } found }
            ? found is bool flag ? (flag ? "true" : string.Empty) : Convert.ToString(found, CultureInfo.InvariantCulture) ?? string.Empty
            : string.Empty;
    }

    private static AttributeData? Attribute(IPropertySymbol property) =>
        property.GetAttributes().FirstOrDefault(a => a.AttributeClass is { } type && Names.MetadataName(type) == AttributeName);

    private static TypedConstant? Find(ImmutableArray<KeyValuePair<string, TypedConstant>> given, string name) =>
        given.Where(a => a.Key == name).Select(a => (TypedConstant?)a.Value).FirstOrDefault();

    private static string Text(ImmutableArray<KeyValuePair<string, TypedConstant>> given, string name) => Find(given, name)?.Value as string ?? string.Empty;

    private static double Number(ImmutableArray<KeyValuePair<string, TypedConstant>> given, string name, double fallback) => Find(given, name)?.Value is double value ? value : fallback;

    private static bool Bool(ImmutableArray<KeyValuePair<string, TypedConstant>> given, string name, bool fallback) => Find(given, name)?.Value is bool value ? value : fallback;
}
