namespace Gnomon.Cli.Commands;

/// <summary>The commands that are not studies, in the order of help.</summary>
internal static class CommandList
{
    public static IReadOnlyList<ICommand> All { get; } =
        [new CasesCommand(), new ChecksCommand(), new LedgerCommand(), new TrustCommand(), new CompletionsCommand(), new HelpCommand()];
}
