using Gnomon.Cli.Parsing;

namespace Gnomon.Cli.Commands;

/// <summary>A word after <c>gnomon</c> that is not a study: it lists, shows or measures. Adding one is a file and a line in <see cref="CommandList"/>.</summary>
internal interface ICommand
{
    string Name { get; }

    /// <summary>One line for the first page of help.</summary>
    string Summary { get; }

    /// <summary>What may follow the name, for help and completions.</summary>
    IReadOnlyList<OptionShape> Options { get; }

    /// <summary>Words that may follow the name, for completions.</summary>
    IReadOnlyList<string> Words { get; }

    IEnumerable<string> Help(int width);

    /// <returns>The exit code.</returns>
    int Run(IReadOnlyList<string> words, Surface surface, CancellationToken cancellation);
}
