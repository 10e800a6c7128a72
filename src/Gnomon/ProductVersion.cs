using System.Reflection;

namespace Gnomon;

/// <summary>The version that findings state.</summary>
public static class ProductVersion
{
    /// <summary>For example <c>0.1.0</c>; without the build's source revision.</summary>
    public static string Text { get; } =
        typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";
}
