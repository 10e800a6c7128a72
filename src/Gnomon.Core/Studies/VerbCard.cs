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
    /// <exception cref="GnomonError">All wrong options together.</exception>
    public StudyOptions Bind(IEnumerable<KeyValuePair<string, IReadOnlyList<string>>> given)
    {
        var options = Defaults;
        var errors = new List<GnomonError>();
        foreach (var (name, values) in given)
        {
            var card = Options.FirstOrDefault(o => o.Name == name || o.Alias == name);
            if (card is null)
            {
                var nearest = Tables.NearestName.To(name, Options.Select(o => o.Name));
                errors.Add(new GnomonError("unknown-option", $"{Name} has no option '--{name}'.", $"--{name}", nearest is null ? $"See gnomon {Name} --help." : $"Did you mean '--{nearest}'?"));
                continue;
            }

            try
            {
                options = card.Apply(options, values);
            }
            catch (GnomonError wrong)
            {
                errors.Add(wrong);
            }
        }

        errors.AddRange(options.Validate());
        return errors.Count == 0 ? options : throw GnomonError.Join(errors);
    }
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
