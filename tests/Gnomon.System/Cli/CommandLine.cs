using System.Text;
using Gnomon.Cli;

namespace Gnomon.System.Cli;

/// <summary>Runs the command line in this process, with its two streams as text. For what a process alone can show, see <see cref="GnomonProcess"/>.</summary>
internal static class CommandLine
{
    public static CommandResult Run(params string[] words) => Run(new Dictionary<string, string>(), words);

    public static CommandResult Run(IReadOnlyDictionary<string, string> environment, params string[] words)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var surface = new Surface(output, error, OutIsTerminal: false, ErrorIsTerminal: false, Width: 100, environment.GetValueOrDefault, TimeProvider.System);
        var code = new App(surface).Run(words);
        return new CommandResult(code, output.ToString(), error.ToString());
    }
}

/// <summary>What a run left: exit code and both streams.</summary>
internal sealed record CommandResult(int Code, string Out, string Error)
{
    public override string ToString() => new StringBuilder().Append("exit ").Append(Code).AppendLine().AppendLine(Out).Append("stderr: ").Append(Error).ToString();
}
