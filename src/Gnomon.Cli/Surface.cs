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

    public string Dim(string text) => ErrorIsTerminal && Variable("NO_COLOR") is null or "" ? $"\u001b[2m{text}\u001b[0m" : text;
}
