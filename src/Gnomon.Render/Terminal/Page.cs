namespace Gnomon.Render.Terminal;

/// <summary>Collects finished lines for one width.</summary>
internal sealed class Page(int width, Glyphs glyphs)
{
    // Prose wider than this is hard to read, however wide the window is.
    private const int Measure = 100;

    private readonly List<TextLine> _lines = [];

    internal int Width { get; } = width;

    internal Glyphs Glyphs { get; } = glyphs;

    internal IReadOnlyList<TextLine> Lines => _lines;

    internal void Add(TextLine line) => _lines.Add(line);

    internal void Blank()
    {
        if (_lines.Count > 0 && _lines[^1].Pieces.Count > 0)
        {
            _lines.Add(TextLine.Empty);
        }
    }

    internal void Heading(string text)
    {
        Blank();
        Prose(text, Ink.Strong);
    }

    /// <summary>Wrapped text; every line is indented, the first one may carry a lead such as a bullet.</summary>
    internal void Prose(string text, Ink ink = Ink.Plain, string lead = "", Ink leadInk = Ink.Plain)
    {
        var indent = Fold.Width(lead);
        var first = true;
        foreach (var line in Fold.Lines(text, Math.Max(8, Math.Min(Width, Measure) - indent)))
        {
            _lines.Add(new TextLine([new Piece(first ? lead : new string(' ', indent), leadInk), new Piece(line, ink)]));
            first = false;
        }
    }
}
