using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Gnomon.Generators;

/// <summary>A concrete check class of the project.</summary>
/// <param name="Type">Fully qualified name.</param>
/// <param name="Id">The id on its card where it is written as a literal; null where it is not.</param>
/// <param name="Problem">Why it cannot be listed; null when it can.</param>
/// <param name="Place">Where it stands, for messages about two of them.</param>
internal sealed record CheckModel(string Type, string? Id, Problem? Problem, Problem Place)
{
    private const string BaseType = "Gnomon.Core.Checks.Check";

    public static CheckModel? From(INamedTypeSymbol type)
    {
        if (type.IsAbstract || !Names.IsOrDerivesFrom(type.BaseType, BaseType))
        {
            return null;
        }

        var listable = type.IsSealed && type.ContainingType is null && !type.IsGenericType && type.DeclaredAccessibility != Accessibility.Private
            && type.InstanceConstructors.Any(c => c.Parameters.IsEmpty && c.DeclaredAccessibility == Accessibility.Public);
        var problem = listable
            ? null
            : Problem.At(type, Problem.CheckCannotBeListed, $"Check '{type.Name}' must be a sealed top-level class with a public constructor without parameters");
        return new CheckModel(Names.Full(type), CardId(type), problem, Problem.At(type, Problem.DuplicateCheck, string.Empty));
    }

    private static string? CardId(INamedTypeSymbol type)
    {
        var arguments = type.GetMembers("Card").OfType<IPropertySymbol>()
            .SelectMany(p => p.DeclaringSyntaxReferences).Select(r => r.GetSyntax()).OfType<PropertyDeclarationSyntax>()
            .Select(p => p.Initializer?.Value ?? p.ExpressionBody?.Expression).OfType<BaseObjectCreationExpressionSyntax>()
            .Select(c => c.ArgumentList?.Arguments).FirstOrDefault();
        var id = arguments?.FirstOrDefault(a => a.NameColon?.Name.Identifier.Text == "Id")
            ?? arguments?.FirstOrDefault(a => a.NameColon is null);
        return (id?.Expression as LiteralExpressionSyntax)?.Token.Value as string;
    }
}
