namespace Gnomon.Cli;

/// <summary>What the command line may touch of the outside: two streams, what they are attached to, and the environment.</summary>
internal sealed record Surface(TextWriter Out, TextWriter Error, bool OutIsTerminal, bool ErrorIsTerminal, int Width, Func<string, string?> Variable, TimeProvider Clock)
{
    private const int PipedWidth = 100;

    public static Surface Console()
    {
        var outIsTerminal = !System.Console.IsOutputRedirected;
        return new Surface(
            System.Console.Out, System.Console.Error, outIsTerminal, !System.Console.IsErrorRedirected,
            outIsTerminal ? Math.Clamp(System.Console.WindowWidth - 1, 60, 140) : PipedWidth, Environment.GetEnvironmentVariable, TimeProvider.System);
    }

    /// <summary>Colours only on a terminal, and never when NO_COLOR is set (no-color.org).</summary>
    public bool Colour => OutIsTerminal && Variable("NO_COLOR") is null or "" && Variable("TERM") != "dumb";

    /// <summary>Line drawing and marks beyond ASCII: where the output is declared to be UTF-8.</summary>
    public bool Unicode => Out.Encoding is System.Text.UTF8Encoding
        && (OperatingSystem.IsWindows() || Charset().Contains("UTF-8", StringComparison.OrdinalIgnoreCase) || Charset().Contains("UTF8", StringComparison.OrdinalIgnoreCase));

    public string Dim(string text) => ErrorIsTerminal && Variable("NO_COLOR") is null or "" ? $"\u001b[2m{text}\u001b[0m" : text;

    // POSIX: LC_ALL wins over LC_CTYPE, which wins over LANG.
    private string Charset() => new[] { "LC_ALL", "LC_CTYPE", "LANG" }.Select(Variable).FirstOrDefault(v => !string.IsNullOrEmpty(v)) ?? string.Empty;
}
