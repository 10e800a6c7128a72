namespace Gnomon.Cli.Parsing;

/// <summary>How an option is written on a command line.</summary>
/// <param name="Name">Without dashes.</param>
/// <param name="Value">Placeholder in help; empty for a switch.</param>
/// <param name="Summary">What it does, for help.</param>
internal sealed record OptionShape(string Name, string Value = "", string Summary = "")
{
    public string Alias { get; init; } = string.Empty;

    public bool IsSwitch { get; init; }

    /// <summary>Words the value can be, for completions.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>The value is a file or folder, for completions.</summary>
    public bool IsFile { get; init; }

    public string Dashed => $"--{Name}";

    public static OptionShape Switch(string name, string summary) => new(name, Summary: summary) { IsSwitch = true };
}
