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
}
