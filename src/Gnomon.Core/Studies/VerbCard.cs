using Gnomon.Core.Errors;

namespace Gnomon.Core.Studies;

/// <summary>A verb as data: what help, the API, the documentation and completions read. Written by the generator.</summary>
public abstract class VerbCard
{
    public abstract string Name { get; }

    public abstract string Question { get; }

    public abstract string Example { get; }

    /// <summary>The remarks of the options record's doc comment: a paragraph for help and docs.</summary>
    public abstract string Remarks { get; }

    public abstract IReadOnlyList<OptionCard> Options { get; }

    public abstract StudyOptions Defaults { get; }

    public abstract IStudy Study { get; }

    /// <summary>Reads options by name; every wrong one is collected before anything is thrown.</summary>
    /// <param name="given">Names, without dashes, with their values as written.</param>
    /// <param name="meant">Options that were meant but misspelt, where the caller has said so already: they are not reported as missing.</param>
    /// <exception cref="GnomonError">All wrong options together.</exception>
    public StudyOptions Bind(IEnumerable<KeyValuePair<string, IReadOnlyList<string>>> given, IEnumerable<string>? meant = null)
    {
        ArgumentNullException.ThrowIfNull(given);
        var tried = new HashSet<string>(meant ?? [], StringComparer.Ordinal);
        var options = Defaults;
        var errors = new List<GnomonError>();
        foreach (var (name, values) in given)
        {
            var card = Options.FirstOrDefault(o => o.Name == name || o.Alias == name);
            if (card is null)
            {
                var nearest = Tables.NearestName.To(name, Options.Select(o => o.Name));
                tried.Add(nearest ?? string.Empty);
                errors.Add(new GnomonError("unknown-option", $"{Name} has no option '--{name}'.", $"--{name}", nearest is null ? $"See gnomon {Name} --help." : $"Did you mean '--{nearest}'?"));
                continue;
            }

            try
            {
                options = card.Apply(options, values);
            }
            catch (GnomonError wrong)
            {
                tried.Add(card.Name);
                errors.Add(wrong);
            }
        }

        errors.AddRange(options.Validate().Where(e => !(e.Code == "option-missing" && IsTried(e.Where, tried))));
        return errors.Count == 0 ? options : throw GnomonError.Join(errors);
    }

    // "--metric, --ratio": an error may be mended by any of several options.
    private static bool IsTried(string? where, HashSet<string> tried) =>
        where is not null && where.Split(", ").Any(option => tried.Contains(option.TrimStart('-')));
}

/// <summary>One option as data.</summary>
/// <param name="Name">Without dashes, kebab-case.</param>
/// <param name="Kind">flag, text, number, integer, list, choice.</param>
/// <param name="Summary">What it does: one or two sentences.</param>
/// <param name="Default">The default as text; empty when there is none.</param>
/// <param name="Apply">Returns the options with this one set from text; throws <see cref="GnomonError"/> on a wrong value.</param>
public sealed record OptionCard(
    string Name, string Alias, string Kind, string Value, string Group, string Summary, string Default, IReadOnlyList<string> Choices, bool Positional,
    Func<StudyOptions, IReadOnlyList<string>, StudyOptions> Apply);
