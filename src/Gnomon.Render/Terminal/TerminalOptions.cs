namespace Gnomon.Render.Terminal;

/// <summary>How a finding is written as text.</summary>
public sealed record TerminalOptions
{
    /// <summary>Narrowest and widest page, in cells.</summary>
    public const int MinWidth = 40;

    /// <inheritdoc cref="MinWidth"/>
    public const int MaxWidth = 200;

    /// <summary>Width in cells; held between 40 and 200. A console's own width wins where there is one.</summary>
    public int Width { get; init; } = 80;

    /// <summary>Draw with Unicode marks; otherwise the renderer's own marks are ASCII. A console's own ability wins where there is one.</summary>
    public bool Unicode { get; init; }

    /// <summary>Verdict and summary only.</summary>
    public bool Quiet { get; init; }

    /// <summary>What the ledger has to add, as the last line: looks, tests, where it is kept.</summary>
    public string? LedgerLine { get; init; }
}
