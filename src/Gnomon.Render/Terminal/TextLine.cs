namespace Gnomon.Render.Terminal;

/// <summary>What a piece of a line means; the console turns it into colour, plain text drops it.</summary>
internal enum Ink
{
    Plain,
    Strong,
    Faint,
    Accent,
    Go,
    Stop,
    Wait,
}

internal readonly record struct Piece(string Text, Ink Ink);

/// <summary>One finished line: it is never wrapped again.</summary>
internal sealed record TextLine(IReadOnlyList<Piece> Pieces)
{
    internal static readonly TextLine Empty = new([]);

    internal TextLine(string text, Ink ink = Ink.Plain)
        : this([new Piece(text, ink)])
    {
    }

    internal string Text => string.Concat(Pieces.Select(p => p.Text)).TrimEnd();
}
