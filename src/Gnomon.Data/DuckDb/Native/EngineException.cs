namespace Gnomon.Data.DuckDb.Native;

/// <summary>The engine's own complaint, before it is translated for the user.</summary>
internal sealed class EngineException(string message) : Exception(message)
{
    public bool IsInterrupt => Message.StartsWith("INTERRUPT", StringComparison.Ordinal);
}
