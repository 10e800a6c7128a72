using System.Text.Json;
using System.Text.RegularExpressions;
using Gnomon.Cases;
using Gnomon.Core.Errors;
using Xunit;

namespace Gnomon.Conformance.Cases;

/// <summary>What every case must hold, whatever it is about.</summary>
public sealed partial class CaseContractTests
{
    public static TheoryData<string> Ids => CaseSubjects.Ids;

    public static TheoryData<string, string> Scenes => CaseSubjects.Scenes;

    [Fact]
    public void Ids_are_unique() => Assert.Distinct(Casebook.All.Select(c => c.Card.Id));

    [Fact]
    public void Every_folder_holds_a_case_that_is_listed()
    {
        var root = Path.Combine(Repository.Root, "cases");
        var folders = Directory.GetDirectories(root).Where(a => Path.GetFileName(a) is not ("Casebook" or "bin" or "obj"))
            .SelectMany(a => Directory.GetDirectories(a).Select(s => $"{Path.GetFileName(a)}/{Path.GetFileName(s)}"));
        Assert.Equal(Casebook.All.Select(c => c.Card.Id).Order(StringComparer.Ordinal), folders.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void The_card_is_complete(string id)
    {
        var one = Casebook.Find(id);
        Assert.Matches(Kebab(), one.Card.Slug);
        Assert.False(one.Card.Title.EndsWith('.'), "A title is a headline.");
        Assert.EndsWith(".", one.Card.Lesson, StringComparison.Ordinal);
        Assert.NotEmpty(one.Card.Keywords);
        Assert.Contains(Catalogue.Verbs, v => v.Name == one.Card.Verbs[0]);
        Assert.NotEmpty(one.Traps);
        Assert.Equal(Scene.TwinName, one.Twin.Name);
        Assert.Empty(one.Twin.Fires);
        Assert.NotNull(one.Traps[0].InCode);
        Assert.Distinct(one.Scenes.Select(s => s.Name));
        Assert.All(one.Traps, t => Assert.NotEmpty(t.Fires));
        Assert.All(one.Catches, check => Assert.Equal(check, Catalogue.Check(check).Card.Id));
        Assert.All(one.Scenes, s => Assert.EndsWith(".", s.Data, StringComparison.Ordinal));
        Assert.True(Directory.GetFiles(Path.Combine(Repository.Root, "cases", id), "*.cs").Length == 1, $"cases/{id} holds the one class of the case.");
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void The_question_in_code_is_the_question_on_the_command_line(string id)
    {
        var scene = Casebook.Find(id).Traps[0];
        var typed = CommandText.Bind(scene.Words(new Draw(1, Full: true)), Path.Combine(Path.GetTempPath(), "gnomon-none")).Options;
        var coded = scene.InCode!.Options();
        Assert.Equal(JsonSerializer.Serialize(typed, typed.GetType()), JsonSerializer.Serialize(coded, coded.GetType()));
        Assert.StartsWith($"new {coded.GetType().Name}", scene.InCode.Text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Scenes))]
    public void The_same_seed_makes_the_same_files_and_another_seed_others(string id, string name)
    {
        var scene = Casebook.Find(id).Scenes.Single(s => s.Name == name);
        if (scene.Files is not { } files)
        {
            return;
        }

        var first = Text(files(new Draw(1, Full: false)));
        Assert.Equal(first, Text(files(new Draw(1, Full: false))));
        Assert.NotEqual(first, Text(files(new Draw(2, Full: false))));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Another_tool_agrees_on_numbers_of_every_case(string id) => Assert.Contains(Reference.All, n => n.Case == id);

    [Fact]
    public void A_case_is_found_by_id_and_by_slug_and_a_misspelt_one_is_guessed()
    {
        var known = Casebook.Find("experiments/three-day-winner");
        Assert.Same(known, Casebook.Find("three-day-winner"));
        Assert.Equal("Did you mean 'three-day-winner'?", Assert.Throws<GnomonError>(() => Casebook.Find("three-days-winner")).Hint);
        Assert.Equal("Did you mean 'experiments/three-day-winner'?", Assert.Throws<GnomonError>(() => Casebook.Find("experiment/three-day-winner")).Hint);
        Assert.Equal("unknown-scene", Assert.Throws<GnomonError>(() => Casebook.Scene(known, "twins")).Code);
    }

    [Fact]
    public void Filters_narrow_the_list()
    {
        Assert.Equal(Casebook.All.Count, Casebook.Select(new CaseFilter()).Count);
        Assert.All(Casebook.Select(new CaseFilter(Area: "experiments", Level: CaseLevel.Basic)), c => Assert.Equal(("experiments", CaseLevel.Basic), (c.Card.Area, c.Card.Level)));
        Assert.All(Casebook.Select(new CaseFilter(Check: "optional-stopping")), c => Assert.Contains("optional-stopping", c.Catches));
        Assert.Contains(Casebook.Select(new CaseFilter(Text: "Banner clicked")), c => c.Card.Slug == "banner-click-through");
        Assert.Empty(Casebook.Select(new CaseFilter(Text: "no such word anywhere")));
    }

    [Theory]
    [InlineData("ab x.csv --metric a,b", "ab|x.csv|--metric|a,b")]
    [InlineData("ab --where \"day < '2026-03-03'\"  --claim 'p=0.03, lift=2%'", "ab|--where|day < '2026-03-03'|--claim|p=0.03, lift=2%")]
    public void A_command_is_split_as_a_shell_splits_it(string line, string words) => Assert.Equal(words.Split('|'), CommandText.Split(line));

    private static string Text(IReadOnlyList<CaseFile> files) => string.Join('\n', files.SelectMany(f => f.Lines.Prepend(f.Name)));

    [GeneratedRegex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
    private static partial Regex Kebab();
}
