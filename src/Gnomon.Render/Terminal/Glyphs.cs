namespace Gnomon.Render.Terminal;

/// <summary>The marks drawn by the terminal renderer, in two sets: for consoles with Unicode and for plain ASCII.</summary>
internal sealed record Glyphs
{
    internal static readonly Glyphs Unicode = new()
    {
        IsUnicode = true, Bullet = "• ", Arrow = "→ ", Fail = "✖ ", Warn = "▲ ", Separator = " · ", Ellipsis = "…", Rule = "─",
        Bar = '─', Point = '●', LeftEnd = '├', RightEnd = '┤', CutLeft = '◄', CutRight = '►', NoEffect = '│', Axis = '─', Tick = '┴', Lines = ['┊', '╎', '┇', '╏'],
    };

    internal static readonly Glyphs Ascii = new()
    {
        IsUnicode = false, Bullet = "- ", Arrow = "-> ", Fail = "x ", Warn = "! ", Separator = " | ", Ellipsis = "..", Rule = "-",
        Bar = '-', Point = 'o', LeftEnd = '[', RightEnd = ']', CutLeft = '<', CutRight = '>', NoEffect = '|', Axis = '-', Tick = '+', Lines = [':', ';', '!', '\''],
    };

    public required bool IsUnicode { get; init; }

    public required string Bullet { get; init; }

    public required string Arrow { get; init; }

    public required string Fail { get; init; }

    public required string Warn { get; init; }

    public required string Separator { get; init; }

    public required string Ellipsis { get; init; }

    public required string Rule { get; init; }

    public required char Bar { get; init; }

    public required char Point { get; init; }

    public required char LeftEnd { get; init; }

    public required char RightEnd { get; init; }

    public required char CutLeft { get; init; }

    public required char CutRight { get; init; }

    public required char NoEffect { get; init; }

    public required char Axis { get; init; }

    public required char Tick { get; init; }

    /// <summary>One per reference line name, in order of appearance.</summary>
    public required IReadOnlyList<char> Lines { get; init; }
}
