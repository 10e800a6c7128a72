using Gnomon.Core.Studies;

namespace Gnomon.Cases;

/// <summary>A command line as typed: to words, and from words to a verb's options.</summary>
public static class CommandText
{
    /// <summary>Splits at blanks; single or double quotes hold a word together, as in a shell.</summary>
    public static IReadOnlyList<string> Split(string line) => CommandWords.Split(line);

    /// <summary>The verb and its options. Words that name a file of the folder, or files by a pattern, become the full path.</summary>
    /// <exception cref="Core.Errors.GnomonError">A word is no option of the verb.</exception>
    public static Question Bind(IReadOnlyList<string> words, string folder)
    {
        ArgumentNullException.ThrowIfNull(words);
        var verb = Catalogue.Verb(words[0]);
        var given = new List<KeyValuePair<string, IReadOnlyList<string>>>();
        for (var i = 1; i < words.Count; i++)
        {
            if (!words[i].StartsWith("--", StringComparison.Ordinal))
            {
                var isFirst = !given.Exists(g => verb.Options.Any(o => o.Positional && o.Name == g.Key));
                var data = isFirst ? verb.Options.First(o => o is { Positional: true, Kind: not "list" }) : verb.Options.FirstOrDefault(o => o is { Positional: true, Kind: "list" }) ?? verb.Options.First(o => o.Positional);
                given.Add(KeyValuePair.Create(data.Name, (IReadOnlyList<string>)[words[i]]));
                continue;
            }

            var name = words[i][2..];
            var isFlag = verb.Options.FirstOrDefault(o => o.Name == name)?.Kind == "flag";
            given.Add(KeyValuePair.Create(name, (IReadOnlyList<string>)(isFlag ? [] : [words[++i]])));
        }

        var placed = given.GroupBy(g => g.Key).Select(g => KeyValuePair.Create(g.Key, (IReadOnlyList<string>)[.. g.SelectMany(x => x.Value).Select(v => IsFolder(verb, g.Key) && Directory.Exists(folder) ? Path.Combine(folder, v) : Place(v, folder))]));
        return new Question(verb, verb.Bind(placed));
    }

    private static bool IsFolder(VerbCard verb, string option) => verb.Options.Any(o => o.Name == option && o.Value == "DIR");

    // A list of files is placed file by file.
    private static string Place(string word, string folder) => string.Join(',', word.Split(',').Select(part => PlaceOne(part, folder)));

    private static string PlaceOne(string word, string folder)
    {
        var path = Path.Combine(folder, word);
        var isPattern = word.Contains('*', StringComparison.Ordinal) && word.AsSpan().IndexOfAny(" /\\(") < 0 && Directory.Exists(folder) && Directory.EnumerateFiles(folder, word).Any();
        return isPattern || (Path.GetExtension(word).Length > 0 && File.Exists(path)) ? path : word;
    }
}

/// <summary>A verb with its options, ready to be asked.</summary>
public sealed record Question(VerbCard Verb, StudyOptions Options);
