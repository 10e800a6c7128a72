namespace Gnomon.Core.Studies;

/// <summary>Marks the options record of a verb. The generator turns it into the verb's card: help, API, documentation come from it.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class VerbAttribute(string name, string question) : Attribute
{
    public string Name { get; } = name;

    /// <summary>The question the verb answers, one sentence.</summary>
    public string Question { get; } = question;

    /// <summary>A command line that works on bundled or typed-in data.</summary>
    public string Example { get; init; } = string.Empty;
}

/// <summary>Marks one option. The summary comes from the property's doc comment; the name from the property's, in kebab-case.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OptionAttribute : Attribute
{
    /// <summary>The placeholder in help: <c>COLUMN</c>, <c>FILE</c>, <c>NUM/DEN</c>.</summary>
    public string Value { get; init; } = string.Empty;

    /// <summary>Heading in help: <c>Roles</c>, <c>Design</c>, <c>Data</c>, <c>Output</c>.</summary>
    public string Group { get; init; } = string.Empty;

    public double Above { get; init; } = double.NegativeInfinity;

    public double Below { get; init; } = double.PositiveInfinity;

    /// <summary>Closed list of words, if any, separated by <c>|</c>.</summary>
    public string Choices { get; init; } = string.Empty;

    /// <summary>A positional argument (the data) rather than <c>--option</c>.</summary>
    public bool Positional { get; init; }

    /// <summary>May be written several times; also splits at commas when the property is a list of strings and this is true.</summary>
    public bool Commas { get; init; } = true;

    /// <summary>An older or shorter spelling, without dashes.</summary>
    public string Alias { get; init; } = string.Empty;
}
