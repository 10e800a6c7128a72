using System.Text.RegularExpressions;
using Xunit;

namespace Gnomon.Tests.Architecture;

/// <summary>A stranger finds things where the map says they are.</summary>
public sealed partial class FolderTests
{
    private static readonly string[] Libraries = ["Gnomon", "Gnomon.Core", "Gnomon.Numerics", "Gnomon.Methods", "Gnomon.Data", "Gnomon.Checks", "Gnomon.Studies", "Gnomon.Render", "Gnomon.Generators"];

    public static TheoryData<string> LibraryNames => [.. Libraries];

    [Fact]
    public void Every_check_has_a_file_of_its_own_in_a_room_and_a_page() => Assert.Empty(Catalogue.Checks.SelectMany(check =>
    {
        var type = check.GetType();
        var room = type.Namespace!["Gnomon.Checks".Length..].TrimStart('.').Replace('.', '/');
        var file = $"src/Gnomon.Checks/{(room.Length == 0 ? "<Room>" : room)}/{type.Name}.cs";
        var page = $"docs/checks/{check.Card.Id}.md";
        return Wrong(
            (!Exists(file), $"{type.FullName} belongs into {file}"),
            (Exists(file) && CheckClass().Count(SourceTree.Read(file)) != 1, $"{file} holds one check and no more"),
            (!Exists(page), $"{page} is missing: run tests/Gnomon.Conformance once with GNOMON_ACCEPT=1"));
    }));

    [Fact]
    public void Every_verb_has_a_folder_and_a_page() => Assert.Empty(Catalogue.Verbs.SelectMany(verb =>
    {
        var folder = $"src/Gnomon.Studies/{verb.GetType().Namespace!["Gnomon.Studies".Length..].TrimStart('.').Replace('.', '/')}";
        var page = $"docs/verbs/{verb.Name}.md";
        return Wrong(
            (folder.EndsWith('/') || !Exists(folder), $"the verb {verb.Name} belongs into a folder of src/Gnomon.Studies"),
            (!Exists(page), $"{page} is missing: run tests/Gnomon.Conformance once with GNOMON_ACCEPT=1 and write the prose"));
    }));

    // A file may also speak for the floor above, as an exception type that every room of it throws.
    [Theory]
    [MemberData(nameof(LibraryNames))]
    public void Namespaces_follow_folders(string project) =>
        Assert.All(SourceTree.Sources($"src/{project}"), file =>
        {
            var folder = Path.GetDirectoryName(file)!.Replace('\\', '/')[$"src/{project}".Length..].Trim('/').Replace('/', '.');
            var expected = folder.Length == 0 ? project : $"{project}.{folder}";
            var declared = Namespace().Match(SourceTree.Read(file));
            Assert.True(!declared.Success || $"{expected}.".StartsWith($"{declared.Groups["name"].Value}.", StringComparison.Ordinal) || declared.Groups["name"].Value == "System.Runtime.CompilerServices", $"{file} declares {declared.Groups["name"].Value}, its folder says {expected}");
        });

    [Theory]
    [MemberData(nameof(LibraryNames))]
    public void Libraries_print_nothing(string project) =>
        Assert.All(SourceTree.Sources($"src/{project}"), file =>
            Assert.False(PrintsToConsole().IsMatch(Code(SourceTree.Read(file))), $"{file} writes to the console; return the text, or write to a TextWriter that is passed in"));

    [Theory]
    [MemberData(nameof(LibraryNames))]
    public void Nothing_is_left_unfinished(string project) =>
        Assert.All(SourceTree.Sources($"src/{project}"), file =>
        {
            var text = SourceTree.Read(file);
            Assert.DoesNotContain("NotImplementedException", text, StringComparison.Ordinal);
            Assert.DoesNotMatch(Unfinished(), text);
        });

    private static bool Exists(string relativePath) => Path.Exists(Path.Combine(SourceTree.Root, relativePath));

    private static IEnumerable<string> Wrong(params IReadOnlyList<(bool Is, string Says)> rules) => rules.Where(r => r.Is).Select(r => r.Says);

    private static string Code(string text) => Comment().Replace(text, string.Empty);

    [GeneratedRegex(@"class\s+\w+\s*(?:\([^)]*\)\s*)?:\s*Check<")]
    private static partial Regex CheckClass();

    [GeneratedRegex(@"^namespace\s+(?<name>[\w.]+)\s*;", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"(?<![\w.])(?:System\.)?Console\.(?:Write|Error|Out|Read)")]
    private static partial Regex PrintsToConsole();

    [GeneratedRegex(@"//[^\n]*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"//.*\b(?:TODO|FIXME|HACK|XXX)\b")]
    private static partial Regex Unfinished();
}
