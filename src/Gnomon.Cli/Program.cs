namespace Gnomon.Cli;

internal static class Program
{
    private static int Main(string[] words) => new App(Surface.Console()).Run(words);
}
