using Gnomon.Core.Errors;
using Gnomon.Core.Tables;

namespace Gnomon.Cli.Parsing;

/// <summary>A command line taken apart; nothing is judged yet but which options exist.</summary>
/// <param name="Given">Options that were written, with their values in order; a switch has none.</param>
/// <param name="Positionals">Words that belong to no option.</param>
/// <param name="Unknown">Options that do not exist, without dashes.</param>
internal sealed record ParsedLine(
    string Command, IReadOnlyDictionary<string, IReadOnlyList<string>> Given, IReadOnlyList<string> Positionals, IReadOnlyList<string> Unknown, IReadOnlyList<string> Known)
{
    public bool Has(string name) => Given.ContainsKey(name);

    /// <summary>The single value of an option; null when it was not written.</summary>
    /// <exception cref="GnomonError"><c>option-needs-value</c> or <c>option-repeated</c>.</exception>
    public string? Value(string name) => Given.TryGetValue(name, out var values) ? Core.Studies.OptionParser.Text(name, values) : null;

    /// <summary>Options that the unknown ones were probably meant to be.</summary>
    public IEnumerable<string> Meant => Unknown.Select(name => NearestName.To(name, Known)).OfType<string>();

    public IEnumerable<GnomonError> UnknownOptions() => Unknown.Select(name =>
    {
        var nearest = NearestName.To(name, Known);
        return new GnomonError(
            "unknown-option", $"gnomon {Command} has no option '--{name}'.", $"--{name}", nearest is null ? $"See gnomon {Command} --help." : $"Did you mean '--{nearest}'?");
    });

    /// <summary>For commands without data: words too many are refused, and unknown options with them.</summary>
    /// <exception cref="GnomonError">Every wrong word together.</exception>
    public void Expect(int mostPositionals)
    {
        var errors = UnknownOptions().ToList();
        if (errors.Count == 0 && Positionals.Count > mostPositionals)
        {
            errors.Add(new GnomonError("too-many-words", $"gnomon {Command} does not take '{Positionals[mostPositionals]}'.", Positionals[mostPositionals], $"See gnomon {Command} --help."));
        }

        if (errors.Count > 0)
        {
            throw GnomonError.Join(errors);
        }
    }
}
