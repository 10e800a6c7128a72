using System.Text.RegularExpressions;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Ledger;
using Gnomon.Core.Studies;

namespace Gnomon;

/// <summary>A question as it is typed, asked inside a folder: every file it names is one of that folder, what it writes stays there, and no ledger remembers it.</summary>
/// <remarks>Options that say where the finding goes (<c>--json</c>, <c>--html FILE</c>, ...) are passed by: the caller has the finding.</remarks>
internal static partial class FolderQuestion
{
    private static readonly string[] OutputSwitches = ["json", "quiet", "no-ledger"];
    private static readonly string[] OutputFiles = ["html", "markdown", "junit", "sarif", "fail-on", "ledger"];

    /// <exception cref="GnomonError">The words are no question, or name something outside the folder.</exception>
    public static Finding Ask(IReadOnlyList<string> words, string folder, AskSettings settings)
    {
        List<string> said = [.. words.SkipWhile(w => w is "gnomon" or "./gnomon")];
        if (said.Count == 0)
        {
            throw new GnomonError("command-empty", "The command is empty.", null, "Write a verb and its options, as regress orders.csv --target amount --on visits.");
        }

        var verb = Catalogue.Verb(said[0]);
        if (verb.Name == "onboard")
        {
            throw new GnomonError("command-recursive", "A job of a project cannot be its own handbook.", "onboard", "Leave it out of the jobs.");
        }

        var options = verb.Bind(Given(verb, said, folder));
        return Gnomon.Ask.Run(verb, options, settings with { Ledger = NoLedger.Instance, Table = null, Command = said, Progress = null });
    }

    private static IEnumerable<KeyValuePair<string, IReadOnlyList<string>>> Given(VerbCard verb, List<string> words, string folder)
    {
        var given = new List<(string Name, string? Value)>();
        var first = true;
        for (var i = 1; i < words.Count; i++)
        {
            var word = words[i];
            if (!word.StartsWith("--", StringComparison.Ordinal))
            {
                var card = verb.Options.FirstOrDefault(o => o.Positional && o.Kind == "list" == !first) ?? verb.Options.FirstOrDefault(o => o.Positional && (first || o.Kind == "list"))
                    ?? throw new GnomonError("too-many-words", $"{verb.Name} does not take '{word}'.", word, "Quote what belongs together.");
                given.Add((card.Name, Placed(card, word, folder)));
                first = false;
                continue;
            }

            var equals = word.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? word[2..] : word[2..equals];
            var option = verb.Options.FirstOrDefault(o => o.Name == name || o.Alias == name);
            if (OutputSwitches.Contains(name) || option?.Kind == "flag")
            {
                if (option is not null)
                {
                    given.Add((option.Name, null));
                }

                continue;
            }

            var value = equals >= 0 ? word[(equals + 1)..] : i + 1 < words.Count && !words[i + 1].StartsWith("--", StringComparison.Ordinal) ? words[++i] : throw new GnomonError("option-needs-value", $"--{name} needs a value.", $"--{name}");
            if (!OutputFiles.Contains(name))
            {
                given.Add((option?.Name ?? name, option is null ? value : Placed(option, value, folder)));
            }
        }

        return given.GroupBy(g => g.Name, StringComparer.Ordinal).Select(g => KeyValuePair.Create(g.Key, (IReadOnlyList<string>)[.. g.Select(x => x.Value).OfType<string>()]));
    }

    private static string Placed(OptionCard card, string value, string folder)
    {
        if (card.Value == "SQL")
        {
            return Quoted().Replace(value, m => File.Exists(Path.Combine(folder, m.Groups["file"].Value)) ? $"'{Inside(m.Groups["file"].Value, folder)}'" : m.Value);
        }

        var isFile = card.Positional || card.Value.StartsWith("FILE", StringComparison.Ordinal) || card.Value == "DIR";
        return !isFile ? value : card.Kind == "list" ? string.Join(',', value.Split(',').Select(part => Named(part, folder))) : Named(value, folder);
    }

    // "orders=orders.csv" gives a file a name.
    private static string Named(string value, string folder)
    {
        var equals = value.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 && !value.Contains("://", StringComparison.Ordinal) ? $"{value[..(equals + 1)]}{Inside(value[(equals + 1)..], folder)}" : Inside(value, folder);
    }

    private static string Inside(string path, string folder)
    {
        var home = Path.GetFullPath(folder);
        var full = path.Contains("://", StringComparison.Ordinal) || path == "-" || Path.IsPathRooted(path) ? null : Path.GetFullPath(path, home);
        return full is not null && full.StartsWith(home.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? full
            : throw new GnomonError("command-outside", $"The command names {path}, which does not lie in the project's folder, so it cannot be run on a copy.", path, "Name files by their path inside the project.");
    }

    [GeneratedRegex("'(?<file>[^']+)'", RegexOptions.ExplicitCapture)]
    private static partial Regex Quoted();
}
