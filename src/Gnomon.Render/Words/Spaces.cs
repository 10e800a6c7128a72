namespace Gnomon.Render.Words;

/// <summary>The space that keeps a number and its unit on one line.</summary>
internal static class Spaces
{
    internal const char Tie = '\u00A0';

    /// <summary>For places that show ties as ordinary spaces.</summary>
    internal static string Plain(string text) => text.Replace(Tie, ' ');
}
