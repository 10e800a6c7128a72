using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Studies.Sql;
using Gnomon.Tests.Data;
using Xunit;

namespace Gnomon.Tests.Studies.Sql;

/// <summary>Names and values that look like SQL are names and values: never another statement, never a crash, and the answer of plain names.</summary>
public sealed class HostileNameTests : IDisposable
{
    private static readonly System.Collections.Concurrent.ConcurrentDictionary<string, string> Plain = new(StringComparer.Ordinal);

    private readonly Sources _sources = new();

    public void Dispose() => _sources.Dispose();

    public static TheoryData<string> Names =>
    [
        "x\"; DROP TABLE data; --", "x'; COPY (SELECT 1) TO 'pwned.csv'; --", "x\" OR 1=1 --", "*/ x /*", "-- comment", "a\tb", "naïve 名前 😀", "select", "\"", "''", "x\\'; DELETE", "$1", "{0}", "%s", "a.b.c", new string('n', 4_000),
        "x\") AS q; ATTACH 'pwned.db'; SELECT (\"x",
    ];

    [Theory]
    [MemberData(nameof(Names))]
    [Trait("speed", "slow")]
    public void Recipes_give_the_answer_of_plain_names(string name)
    {
        foreach (var recipe in new[] { "anti-join", "retention", "streak", "rolling", "within", "funnel", "next-event", "top-n", "dedupe", "sessions", "rolling-retention", "cohort" })
        {
            Assert.Equal(Plain.GetOrAdd(recipe, r => Answer(r, "k", "a")), Answer(recipe, name, name));
        }

        Assert.Empty(Directory.EnumerateFiles(Environment.CurrentDirectory, "pwned*"));
        Assert.Empty(Directory.EnumerateFiles(_sources.Folder, "pwned*"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Names_of_files_and_tables_are_names(string name)
    {
        var plain = name.Length > 200 ? name[..200] : name;
        var file = _sources.Write("t-" + plain.Replace('/', '_').Replace("\0", string.Empty, StringComparison.Ordinal) + ".csv", "k,v\n1,2\n3,4\n");
        try
        {
            var finding = Ask.Sql(new SqlOptions { Data = file, Query = "SELECT SUM(v) AS s FROM data" });
            Assert.Equal(6L, finding.Tables.Single(t => t.Id == "rows").Rows[0][0]);
        }
        catch (GnomonError e)
        {
            // A star or a question mark is a pattern.
            Assert.Contains(e.Code, new[] { "no-files-match", "file-not-found" });
        }

        Assert.Empty(Directory.EnumerateFiles(Environment.CurrentDirectory, "pwned*"));
    }

    // Every verb and every option that takes a column or a text: an answer or one error, never another exception.
    [Theory]
    [InlineData("x\"; DROP TABLE data; --")]
    [InlineData("x'); COPY (SELECT 1) TO 'pwned.csv'; --")]
    [InlineData("\"")]
    [Trait("speed", "slow")]
    public void Options_of_every_verb_take_any_text(string name)
    {
        var file = _sources.Write("rows.csv", $"{Quoted(name)},n,g\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i % 5},{i},{(i % 2 == 0 ? "a" : "b")}\n")));
        foreach (var verb in Catalogue.Verbs)
        {
            foreach (var option in verb.Options.Where(o => !o.Positional && (o.Value.Contains("COLUMN", StringComparison.Ordinal) || o.Name is "where" or "event" or "has" or "never" or "steps")))
            {
                try
                {
                    var options = verb.Bind([new("where", option.Name == "where" ? [name] : ["n >= 0"]), .. option.Name == "where" ? [] : new KeyValuePair<string, IReadOnlyList<string>>[] { new(option.Name, [name]) }]) with { Data = file };
                    _ = Ask.Run(verb, options, new AskSettings());
                }
                catch (GnomonError e)
                {
                    Assert.NotEmpty(e.Code);
                }
            }
        }

        Assert.Empty(Directory.EnumerateFiles(Environment.CurrentDirectory, "pwned*"));
    }

    private string Answer(string recipe, string name, string value)
    {
        string N(string role) => name + role;
        var rows = Enumerable.Range(0, 60).Select(i => string.Join(',', Quoted($"{i % 7}"), $"2026-01-{1 + (i % 28):00} 10:00:00", Quoted(i % 3 == 0 ? value : $"{value}{i % 3}"), $"{i}", $"{i}"));
        var file = _sources.Write("events.csv", string.Join(',', new[] { "u", "t", "e", "v", "i" }.Select(r => Quoted(N(r)))) + "\n" + string.Join('\n', rows) + "\n");
        var finding = Ask.Sql(new SqlOptions
        {
            Data = file, Recipe = recipe, Unit = N("u"), Time = N("t"), Event = recipe is "retention" or "streak" or "rolling" ? null : N("e"), Value = recipe is "rolling" or "top-n" ? N("v") : null, Id = recipe is "within" or "sessions" ? N("i") : null,
            Key = recipe == "dedupe" ? [N("i")] : [], Has = recipe == "anti-join" ? [value] : [], Never = recipe == "anti-join" ? [$"{value}1"] : [], Steps = recipe == "funnel" ? [value, $"{value}1"] : [], Days = 7,
        });
        var table = finding.Tables.FirstOrDefault(t => t.Id is "rows" or "cohorts" or "funnel");
        return recipe + string.Join('/', table!.Rows.Select(r => string.Join('|', r.Select(c => c is string s ? s.Replace(value, "V", StringComparison.Ordinal) : $"{c}"))));
    }

    private static string Quoted(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
