using Gnomon.Core.Errors;
using Gnomon.Data.Ledger;
using Xunit;

namespace Gnomon.Tests.Data.Ledger;

public sealed class LedgerFileTests
{
    [Fact]
    public void Entries_are_listed_oldest_first_on_one_line_each()
    {
        using var folder = LedgerVerifyTests.Filled();
        using var file = LedgerFile.Open(folder.LedgerPath);
        Assert.Equal(6, file.Entries);
        Assert.Equal(["plan", "finding", "finding", "finding", "override", "finding"], file.List().Select(l => l.Kind));
        var look = file.List()[2];
        Assert.Equal(
            new LedgerLine(3, LedgerFolder.Start.AddDays(1), "finding", "ab", "keep-running", "Does arm B change revenue?", null, 900, 2, 0.07, null, 5), look);
        Assert.Equal(3, file.List()[4].Target);
    }

    [Fact]
    public void A_filter_keeps_what_meets_every_condition()
    {
        using var folder = LedgerVerifyTests.Filled();
        using var file = LedgerFile.Open(folder.LedgerPath);
        Assert.Equal([2, 3, 4, 6], Listed(file, new LedgerFilter { Kind = "finding" }));
        Assert.Equal([6], Listed(file, new LedgerFilter { Verb = "profile" }));
        Assert.Equal([4], Listed(file, new LedgerFilter { Experiment = "checkout" }));
        Assert.Equal([2, 3, 4], Listed(file, new LedgerFilter { Metric = "visits" }));
        Assert.Equal([5], Listed(file, new LedgerFilter { Action = "ship" }));
        Assert.Equal([3, 4, 5], Listed(file, new LedgerFilter { Since = LedgerFolder.Start.AddDays(1), Until = LedgerFolder.Start.AddDays(4) }));
        Assert.Equal([5, 6], Listed(file, new LedgerFilter { Newest = 2 }));
        Assert.Equal([3, 4], Listed(file, new LedgerFilter { Kind = "finding", Verb = "ab", Newest = 2 }));
    }

    [Fact]
    public void An_entry_is_shown_with_everything_recorded()
    {
        using var folder = LedgerVerifyTests.Filled();
        using var file = LedgerFile.Open(folder.LedgerPath);
        var look = file.Show(3);
        Assert.Equal("d2", look.DataState);
        Assert.Equal(LedgerFolder.Units(0, 900).Units, look.Experiment?.Units);
        Assert.Equal(new Gnomon.Core.Ledger.Hypothesis("revenue", "B - A", 0.07, "primary"), look.Hypotheses[0]);
        Assert.Equal(new Gnomon.Core.Ledger.Exclusion("unit in both arms", 3), look.Exclusions[0]);
        Assert.Equal(LedgerFolder.FindingJson("revenue", "keep-running"), look.FindingJson);
        Assert.Equal(file.Show(2).Hash, look.PreviousHash);
        var plan = file.Show(1);
        Assert.Equal("""{"primary":"revenue"}""", plan.Plan?.Json);
        Assert.Equal(plan.Plan?.Hash, file.Show(2).PlanHash);
        Assert.Equal(new string('0', 64), plan.PreviousHash);
        Assert.Equal(new Gnomon.Core.Ledger.Override("R. Fisher", "ship", "The margin was agreed before the test.", 3), file.Show(5).Override);
    }

    [Fact]
    public void An_export_comes_back_as_the_same_chain_and_exports_to_the_same_text()
    {
        using var folder = LedgerVerifyTests.Filled();
        using var target = new LedgerFolder();
        var text = Export(folder);
        Assert.Equal(7, text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        var head = LedgerFile.Import(target.LedgerPath, new StringReader(text));
        using var copy = LedgerFile.Open(target.LedgerPath);
        using var original = LedgerFile.Open(folder.LedgerPath);
        Assert.Equal(original.Verify().Head, head);
        Assert.Equal((true, HeadWitness.Agrees), (copy.Verify().Intact, copy.Verify().Witness));
        Assert.Equal(text, Export(target));
        using var ledger = target.Open();
        Assert.Equal(7, ledger.Append(LedgerFolder.Entry(LedgerFolder.Key("checkout"), "d9")));
        Assert.True(copy.Verify().Intact);
    }

    [Fact]
    public void Odd_texts_survive_the_ledger_and_its_export()
    {
        using var folder = new LedgerFolder();
        var odd = "Umsatz € 😀 \"'\\ \0 \n \u2028 end";
        using (var ledger = folder.Open())
        {
            ledger.Append(LedgerFolder.Entry(LedgerFolder.Key(odd, roles: string.Empty), odd, metric: odd, action: odd) with { FindingJson = odd });
            ledger.Append(LedgerFolder.Entry(LedgerFolder.Key("broken \ud800 surrogate"), "d"));
            Assert.Equal([odd, "visits"], ledger.LooksAt(LedgerFolder.Key(odd, roles: string.Empty))[0].Metrics);
        }

        using var target = new LedgerFolder();
        LedgerFile.Import(target.LedgerPath, new StringReader(Export(folder)));
        using var copy = LedgerFile.Open(target.LedgerPath);
        Assert.True(copy.Verify().Intact);
        Assert.Equal(odd, copy.Show(1).FindingJson);
        Assert.Null(copy.List()[0].Title);
    }

    [Fact]
    public void An_import_takes_all_or_nothing()
    {
        using var folder = LedgerVerifyTests.Filled();
        var lines = Export(folder).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Refused([.. lines[..^1]], "Line 7 of the export does not hold: the text ends too early. Nothing was imported.");
        Refused([.. lines, "{}"], "Line 7 of the export does not hold: the end is not the one the first line announces. Nothing was imported.");
        Refused([lines[0], .. lines[2..]], "Line 2 of the export does not hold: it is not entry 1. Nothing was imported.");
        Refused(lines.Select(l => l.Replace("0.07", "0.04", StringComparison.Ordinal)), "Line 4 of the export does not hold: entry 3 does not have the hash it claims, or does not follow the entry before. Nothing was imported.");
        Refused(["hello"], "Line 1 of the export does not hold: it is not a line of an export. Nothing was imported.");
        Refused([], "Line 1 of the export does not hold: the text ends too early. Nothing was imported.");
        Refused(["""{"schema":"gnomon.ledger/9","entries":0,"head":""}"""], "Line 1 of the export does not hold: the schema is not gnomon.ledger/1. Nothing was imported.");
        var error = Assert.Throws<GnomonError>(() => LedgerFile.Import(folder.LedgerPath, new StringReader(string.Join('\n', lines))));
        Assert.Equal(("ledger-not-empty", $"The ledger {folder.LedgerPath} already holds entries 1 to 6; an import needs an empty one."), (error.Code, error.Message));
    }

    [Theory]
    [InlineData(9, "x", "why", "ledger-entry-not-found")]
    [InlineData(1, "x", "why", "ledger-not-a-finding")]
    [InlineData(5, "x", "why", "ledger-not-a-finding")]
    [InlineData(3, "x", "  ", "reason-missing")]
    [InlineData(3, "", "why", "name-missing")]
    public void An_override_needs_a_finding_a_person_and_a_reason(long sequence, string by, string reason, string code)
    {
        using var folder = LedgerVerifyTests.Filled();
        using var file = LedgerFile.Open(folder.LedgerPath);
        Assert.Equal(code, Assert.Throws<GnomonError>(() => file.Override(sequence, by, "ship", reason, LedgerFolder.Start)).Code);
        Assert.Equal(6, file.Entries);
    }

    private static void Refused(IEnumerable<string> lines, string message)
    {
        using var target = new LedgerFolder();
        var error = Assert.Throws<GnomonError>(() => LedgerFile.Import(target.LedgerPath, new StringReader(string.Join('\n', lines))));
        Assert.Equal(("ledger-import-broken", message), (error.Code, error.Message));
        using var ledger = target.Open();
        Assert.Equal(1, ledger.Append(LedgerFolder.Entry(LedgerFolder.Key("x"), "d1")));
    }

    private static IEnumerable<int> Listed(LedgerFile file, LedgerFilter filter) => file.List(filter).Select(l => (int)l.Sequence);

    private static string Export(LedgerFolder folder)
    {
        using var file = LedgerFile.Open(folder.LedgerPath);
        using var writer = new StringWriter();
        file.Export(writer);
        return writer.ToString();
    }
}
