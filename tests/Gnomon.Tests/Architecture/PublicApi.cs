using System.Reflection;
using System.Runtime.CompilerServices;

namespace Gnomon.Tests.Architecture;

/// <summary>The public face of an assembly as lines of text, one per type and member, sorted.</summary>
internal static class PublicApi
{
    private const BindingFlags Own = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly NullabilityInfoContext Nullability = new();

    public static string Of(Assembly assembly) =>
        string.Concat(assembly.GetExportedTypes().OrderBy(t => t.FullName, StringComparer.Ordinal).Select(Describe));

    private static string Describe(Type type)
    {
        var members = Members(type).Distinct().Order(StringComparer.Ordinal);
        return $"{Kind(type)} {Name(type)}{Bases(type)}\n{string.Concat(members.Select(m => $"  {m}\n"))}";
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
        {
            return type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => $"{f.Name} = {Convert.ToInt64(f.GetRawConstantValue(), System.Globalization.CultureInfo.InvariantCulture)}");
        }

        return type.GetConstructors(Own).Where(c => IsOpen(c) && !c.IsStatic).Select(c => $"new({Parameters(c)})")
            .Concat(type.GetMethods(Own).Where(m => IsOpen(m) && !IsMachinery(type, m)).Select(m => $"{Modifier(m)}{Name(m.ReturnType)}{Mark(m.ReturnType, Nullability.Create(m.ReturnParameter).ReadState)} {m.Name}{Generic(m.GetGenericArguments())}({Parameters(m)})"))
            .Concat(type.GetProperties(Own).Where(p => p.GetAccessors(nonPublic: true).Any(IsOpen) && p.Name != "EqualityContract").Select(p => $"{Modifier(p.GetAccessors(nonPublic: true)[0])}{Name(p.PropertyType)}{Mark(p.PropertyType, Nullability.Create(p).ReadState)} {Indexer(p)} {{ {Accessors(p)}}}"))
            .Concat(type.GetFields(Own).Where(f => (f.IsPublic || f.IsFamily) && !f.IsSpecialName).Select(f => $"{(f.IsLiteral ? "const " : f.IsStatic ? "static " : string.Empty)}{Name(f.FieldType)} {f.Name}"))
            .Concat(type.GetEvents(Own).Where(e => e.AddMethod is { } add && IsOpen(add)).Select(e => $"event {e.Name}"));
    }

    // What the compiler adds to every record is not a decision of ours.
    private static bool IsMachinery(Type type, MethodInfo m) =>
        m.IsSpecialName && !m.Name.StartsWith("op_", StringComparison.Ordinal)
        || m.Name is "<Clone>$" or "PrintMembers" or "Deconstruct"
        || m.GetCustomAttribute<CompilerGeneratedAttribute>() is not null
        || m.Name is "ToString" or "GetHashCode" or "Equals" && m.DeclaringType == type && m.GetBaseDefinition().DeclaringType == typeof(object);

    private static bool IsOpen(MethodBase m) => m.IsPublic || m.IsFamily || m.IsFamilyOrAssembly;

    private static string Kind(Type type) => type switch
    {
        { IsEnum: true } => "enum",
        { IsInterface: true } => "interface",
        { IsValueType: true } => type.IsDefined(typeof(IsReadOnlyAttribute)) ? "readonly struct" : "struct",
        _ when type.IsSubclassOf(typeof(Delegate)) => "delegate",
        { IsAbstract: true, IsSealed: true } => "static class",
        { IsAbstract: true } => "abstract class",
        { IsSealed: true } => "sealed class",
        _ => "class",
    };

    private static string Bases(Type type)
    {
        var bases = new[] { type.BaseType }.Where(b => b is not null && b != typeof(object) && b != typeof(ValueType) && b != typeof(Enum) && b != typeof(MulticastDelegate)).Select(b => Name(b!))
            .Concat(type.GetInterfaces().Where(i => i.IsPublic && !(i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IEquatable<>)) && !type.IsEnum).Select(Name).Order(StringComparer.Ordinal)).ToList();
        return bases.Count == 0 ? string.Empty : $" : {string.Join(", ", bases)}";
    }

    private static string Modifier(MethodBase m) =>
        $"{(m.IsPublic ? string.Empty : "protected ")}{(m.IsStatic ? "static " : m.IsAbstract && !m.DeclaringType!.IsInterface ? "abstract " : string.Empty)}";

    private static string Accessors(PropertyInfo p)
    {
        var set = p.SetMethod is { } s && IsOpen(s)
            ? s.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? "init; " : "set; "
            : string.Empty;
        return $"{(p.GetMethod is { } g && IsOpen(g) ? "get; " : string.Empty)}{set}";
    }

    private static string Indexer(PropertyInfo p) => p.GetIndexParameters() is { Length: > 0 } index ? $"this[{string.Join(", ", index.Select(i => Name(i.ParameterType)))}]" : p.Name;

    private static string Parameters(MethodBase m) => string.Join(", ", m.GetParameters().Select(p => $"{Name(p.ParameterType)}{Mark(p.ParameterType, Nullability.Create(p).WriteState)} {p.Name}{(p.HasDefaultValue ? " = " + (p.RawDefaultValue ?? "default") : string.Empty)}"));

    private static string Mark(Type type, NullabilityState state) => state == NullabilityState.Nullable && !type.IsValueType && !type.IsByRef ? "?" : string.Empty;

    private static string Generic(Type[] arguments) => arguments.Length == 0 ? string.Empty : $"<{string.Join(", ", arguments.Select(Name))}>";

    private static string Name(Type type)
    {
        if (type.IsByRef)
        {
            return $"ref {Name(type.GetElementType()!)}";
        }

        if (type.IsArray)
        {
            return $"{Name(type.GetElementType()!)}[]";
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return $"{Name(underlying)}?";
        }

        var name = type.IsGenericParameter ? type.Name : type.Namespace?.StartsWith("Gnomon", StringComparison.Ordinal) == true ? type.FullName ?? $"{type.Namespace}.{type.Name}" : type.Name;
        var tick = name.IndexOf('`', StringComparison.Ordinal);
        return tick < 0 ? name : $"{name[..tick]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>";
    }
}
