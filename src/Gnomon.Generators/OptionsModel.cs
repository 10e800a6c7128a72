using Microsoft.CodeAnalysis;

namespace Gnomon.Generators;

/// <summary>A record with [Option] properties of its own; a verb when it carries [Verb] too.</summary>
/// <param name="BaseCards">Card classes of its base records that declare options, nearest first.</param>
internal sealed record OptionsModel(
    string Type, string Name, string Namespace, string Access, EquatableList<OptionModel> Options, EquatableList<string> BaseCards, VerbModel? Verb, EquatableList<Problem> Problems)
{
    private const string VerbAttributeName = "Gnomon.Core.Studies.VerbAttribute";
    private const string BaseType = "Gnomon.Core.Studies.StudyOptions";

    public string CardsClass => $"{Name}Cards";

    public static OptionsModel? From(INamedTypeSymbol type, Compilation compilation)
    {
        if (!type.IsRecord || !Names.IsOrDerivesFrom(type, BaseType))
        {
            return null;
        }

        var own = Own(type);
        var verb = VerbModel.From(type, type.GetAttributes().FirstOrDefault(a => a.AttributeClass is { } c && Names.MetadataName(c) == VerbAttributeName));
        if (own.Count == 0 && verb is null)
        {
            return null;
        }

        var options = own.Select(p => OptionModel.From(p, compilation)).ToList();
        var bases = Bases(type).ToList();
        return new OptionsModel(
            Names.Full(type), type.Name, type.ContainingNamespace.ToDisplayString(), Names.Access(type), new EquatableList<OptionModel>(options),
            new EquatableList<string>(bases.Select(b => $"global::{b.ContainingNamespace.ToDisplayString()}.{b.Name}Cards")),
            verb, new EquatableList<Problem>(options.Select(o => o.Problem).OfType<Problem>().Concat(Repeated(own, bases)).Concat(Unlistable(type, verb))));
    }

    private static IReadOnlyList<IPropertySymbol> Own(INamedTypeSymbol type) => [.. type.GetMembers().OfType<IPropertySymbol>().Where(OptionModel.Marks)];

    private static IEnumerable<INamedTypeSymbol> Bases(INamedTypeSymbol type)
    {
        for (var parent = type.BaseType; parent is not null; parent = parent.BaseType)
        {
            if (Own(parent).Count > 0)
            {
                yield return parent;
            }
        }
    }

    private static IEnumerable<Problem> Repeated(IReadOnlyList<IPropertySymbol> own, IReadOnlyList<INamedTypeSymbol> bases)
    {
        var inherited = new HashSet<string>(bases.SelectMany(Own).Select(p => Names.Kebab(p.Name)), StringComparer.Ordinal);
        return own.Where(p => inherited.Contains(Names.Kebab(p.Name)))
            .Select(p => Problem.At(p, Problem.DuplicateOption, $"Option '--{Names.Kebab(p.Name)}' is already declared by a base record; give it another name"));
    }

    private static IEnumerable<Problem> Unlistable(INamedTypeSymbol type, VerbModel? verb) =>
        verb is not null && (type.IsAbstract || type.ContainingType is not null || type.IsGenericType)
            ? [Problem.At(type, Problem.VerbCannotBeListed, $"The options record of verb '{verb.Name}' must be a concrete top-level record")]
            : [];
}

/// <summary>What [Verb] and the record's doc comment say.</summary>
internal sealed record VerbModel(string Name, string Question, string Example, string Remarks, Problem Place)
{
    public static VerbModel? From(INamedTypeSymbol type, AttributeData? attribute) => attribute is null ? null : new VerbModel(
        attribute.ConstructorArguments[0].Value as string ?? string.Empty,
        attribute.ConstructorArguments[1].Value as string ?? string.Empty,
        attribute.NamedArguments.Where(a => a.Key == "Example").Select(a => a.Value.Value as string).FirstOrDefault() ?? string.Empty,
        DocComment.Remarks(type),
        Problem.At(type, string.Empty, string.Empty));
}

/// <summary>A concrete study and the options record it answers.</summary>
internal sealed record StudyModel(string Type, string Options)
{
    public static StudyModel? From(INamedTypeSymbol type)
    {
        if (type.IsAbstract || type.IsGenericType)
        {
            return null;
        }

        for (var parent = type.BaseType; parent is not null; parent = parent.BaseType)
        {
            if (Names.MetadataName(parent) == "Gnomon.Core.Studies.Study`1")
            {
                return new StudyModel(Names.Full(type), Names.Full(parent.TypeArguments[0]));
            }
        }

        return null;
    }
}
