using System.Globalization;
using Gnomon.Data.DuckDb.Native;

namespace Gnomon.Data.DuckDb;

/// <summary>The engine's words, cut down to the sentence that says what is wrong.</summary>
internal static class EngineMessages
{
    /// <summary>The first line without the engine's class of error, for example <c>column "revenu" not found</c>.</summary>
    public static string Plain(EngineException error)
    {
        var line = error.Message.Split('\n', 2)[0].Trim();
        var mark = line.IndexOf("Error: ", StringComparison.Ordinal);
        return mark >= 0 && mark < 30 ? line[(mark + "Error: ".Length)..] : line;
    }

    /// <summary>The engine's way to write sizes, for example <c>18.8 GiB</c>.</summary>
    public static double Bytes(string size)
    {
        var parts = size.Split(' ', 2);
        var unit = parts.Length < 2 ? 1 : parts[1] switch
        {
            "KiB" => 1024d,
            "MiB" => 1024d * 1024,
            "GiB" => 1024d * 1024 * 1024,
            "TiB" => 1024d * 1024 * 1024 * 1024,
            _ => 1,
        };
        return double.Parse(parts[0], CultureInfo.InvariantCulture) * unit;
    }
}
