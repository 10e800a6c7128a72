using System.Text.RegularExpressions;

namespace Gnomon.Data.Servers;

/// <summary>What the addresses of all servers have in common.</summary>
internal static partial class ServerAddress
{
    /// <summary>The text with the password of any address in it taken out, up to the last @ before the next slash.</summary>
    public static string WithoutPassword(string text) => Secret().Replace(text, "${before}@");

    /// <summary>The parameters behind the question mark, by name; the last of a name counts.</summary>
    public static Dictionary<string, string> Parameters(Uri uri)
    {
        var said = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var pair = part.Split('=', 2);
            said[Uri.UnescapeDataString(pair[0])] = pair.Length > 1 ? Uri.UnescapeDataString(pair[1]) : string.Empty;
        }

        return said;
    }

    [GeneratedRegex(@"(?<before>(postgres(ql)?|clickhouses?)://[^:/@?]*):[^/?]*@", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Secret();
}
