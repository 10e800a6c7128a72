using Gnomon.Core.Findings;
using Spectre.Console;

namespace Gnomon.Render.Terminal;

/// <summary>A finding for a person at a terminal, or for a pipe.</summary>
public static class TerminalRenderer
{
    /// <summary>Writes to a console in its own width, with colour and Unicode only where it has them.</summary>
    /// <remarks>Where colours are off (NO_COLOR, a pipe) no escape code is written at all.</remarks>
    public static void Write(Finding finding, IAnsiConsole console, TerminalOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(finding);
        ArgumentNullException.ThrowIfNull(console);
        var settings = (options ?? new()) with { Width = console.Profile.Width, Unicode = console.Profile.Capabilities.Unicode };
        var plain = !console.Profile.Capabilities.Ansi || console.Profile.Capabilities.ColorSystem == ColorSystem.NoColors;
        foreach (var line in FindingText.Lines(finding, settings))
        {
            console.Write(plain ? new Text(line.Text + "\n") : Styled(line));
        }
    }

    /// <summary>Writes plain text without escape codes.</summary>
    public static void Write(Finding finding, TextWriter writer, TerminalOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(Text(finding, options));
    }

    /// <summary>Plain text, lines ended by a line feed.</summary>
    public static string Text(Finding finding, TerminalOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(finding);
        return string.Concat(FindingText.Lines(finding, options ?? new()).Select(l => l.Text + "\n"));
    }

    // Pieces are appended as text, never parsed as markup: brackets in a column name stay brackets.
    private static Paragraph Styled(TextLine line)
    {
        var paragraph = new Paragraph();
        foreach (var piece in line.Pieces)
        {
            paragraph.Append(piece.Text, StyleOf(piece.Ink));
        }

        return paragraph.Append("\n");
    }

    private static Style StyleOf(Ink ink) => ink switch
    {
        Ink.Strong => new Style(decoration: Decoration.Bold),
        Ink.Faint => new Style(decoration: Decoration.Dim),
        Ink.Accent => new Style(Color.Teal),
        Ink.Go => new Style(Color.Green, decoration: Decoration.Bold),
        Ink.Stop => new Style(Color.Red, decoration: Decoration.Bold),
        Ink.Wait => new Style(Color.Yellow, decoration: Decoration.Bold),
        _ => Style.Plain,
    };
}
