namespace Gnomon.Cli.Commands;

/// <summary>A word after <c>gnomon</c> that is not a study: it lists, shows or measures. Adding one is a line in <see cref="App"/>.</summary>
internal interface ICommand
{
    string Name { get; }

    /// <summary>One line for the first page of help.</summary>
    string Summary { get; }

    IEnumerable<string> Help(int width);

    /// <returns>The exit code.</returns>
    int Run(IReadOnlyList<string> words, Surface surface, CancellationToken cancellation);
}
