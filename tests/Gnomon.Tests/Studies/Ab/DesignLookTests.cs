using Gnomon.Core.Checks;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Data.Ledger;
using Gnomon.Numerics.Random;
using Gnomon.Programme;
using Gnomon.Studies.Ab;
using Gnomon.Studies.Programme;
using Xunit;

namespace Gnomon.Tests.Studies.Ab;

/// <summary>Experiments of designs with a method of their own leave their looks in the ledger, and are counted.</summary>
public sealed class DesignLookTests : IDisposable
{
    private const int Start = 28;
    private static readonly DateOnly First = new(2026, 3, 2);
    private static readonly AbOptions Geo = new() { Geo = true, Cluster = "region", Time = "day", Variant = "arm", Control = "off", Metric = ["sales"], Start = "2026-03-30" };
    private static readonly AbOptions Crossover = new() { Crossover = true, Unit = "unit", Time = "period", Variant = "arm", Control = "A", Metric = ["y"] };
    private readonly string _folder = Directory.CreateTempSubdirectory("gnomon-design-looks").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // The same regions in the same arms, a day later: known by the regions, without a name.
    [Fact]
    public void A_geo_test_that_grows_is_one_experiment()
    {
        using var ledger = Ledger();
        var first = Ask.Ab(Regions(35, 20, 10), Geo, Settings(ledger));
        Assert.Contains("first look", AbData.Check(first, "optional-stopping").Evidence, StringComparison.Ordinal);
        Assert.DoesNotContain(first.Limitations, l => l.Contains("earlier look", StringComparison.Ordinal));
        Ask.Ab(Regions(36, 20, 10), Geo, Settings(ledger));
        var third = Ask.Ab(Regions(37, 20, 10), Geo, Settings(ledger));
        Assert.Contains("3 looks", AbData.Check(third, "optional-stopping").Evidence, StringComparison.Ordinal);
        Assert.Contains(third.Limitations, l => l.StartsWith("This is look 3 at this experiment", StringComparison.Ordinal));

        // The same data again are no further look; other regions in the treatment are another experiment.
        Assert.Contains("3 looks", AbData.Check(Ask.Ab(Regions(37, 20, 10), Geo, Settings(ledger)), "optional-stopping").Evidence, StringComparison.Ordinal);
        Assert.Contains("first look", AbData.Check(Ask.Ab(Regions(37, 20, 10, shift: 7), Geo, Settings(ledger)), "optional-stopping").Evidence, StringComparison.Ordinal);
    }

    // A barely clear answer at the sixth reading is not to be shipped; the same numbers read once are.
    [Fact]
    public void A_win_at_the_sixth_look_is_held_back()
    {
        using var ledger = Ledger();
        Finding last = null!;
        for (var units = 60; units <= 110; units += 10)
        {
            last = Ask.Ab(Crossed(units), Crossover with { Experiment = "cross" }, Settings(ledger));
        }

        var once = Ask.Ab(Crossed(110), Crossover);
        Assert.InRange(AbData.Primary(once).P!.Value, 0.02, 0.05);
        Assert.Equal(DecisionAction.Ship, once.Decision.Action);
        Assert.Equal(CheckStatus.Fail, AbData.Check(last, "optional-stopping").Status);
        Assert.Equal(DecisionAction.KeepRunning, last.Decision.Action);
    }

    [Fact]
    public void Every_design_is_a_row_of_the_programme_with_the_result_that_decides()
    {
        using (var ledger = Ledger())
        {
            Ask.Ab(Regions(42, 20, 10), Geo with { Experiment = "geo" }, Settings(ledger));
            Ask.Ab(Crossed(80), Crossover with { Experiment = "cross" }, Settings(ledger));
            Ask.Ab(Market(), new AbOptions { Buyers = "buyer:w", Sellers = "seller:v", Metric = ["spend"], Control = "off", Experiment = "market" }, Settings(ledger));
            Ask.Ab(Villages(), new AbOptions { Saturation = "share", Cluster = "village", Variant = "arm", Control = "no", Metric = ["y"], Experiment = "villages" }, Settings(ledger));
            Ask.Ab(Choices(), new AbOptions { Variant = "arm", Metric = ["clicked"], Propensity = "chance", Experiment = "bandit" }, Settings(ledger));

            // A policy that did not run is no experiment: it is remembered as a finding and leaves no test.
            Ask.Ab(Choices(), new AbOptions { Variant = "arm", Metric = ["clicked"], Propensity = "chance", Policy = "even", Experiment = "policy" }, Settings(ledger));
        }

        using var file = LedgerFile.Open(Path.Combine(_folder, "ledger.db"));
        var list = LedgerProgramme.List(file);
        var names = (TextColumn)list.Columns.Single(c => c.Name == "name");
        Assert.Equal(["geo", "cross", "market", "villages", "bandit"], Enumerable.Range(0, list.Rows).Select(i => names.Dictionary[names.Codes[i]]));
        var p = ((DoubleColumn)list.Columns.Single(c => c.Name == "p")).Values.ToArray();
        Assert.Equal(AbData.Primary(Ask.Ab(Crossed(80), Crossover)).P!.Value, p[1], 1e-12);
        Assert.Equal(Ask.Ab(Market(), new AbOptions { Buyers = "buyer:w", Sellers = "seller:v", Metric = ["spend"], Control = "off" }).Estimates.Single(e => e.Name == "total effect").P!.Value, p[2], 1e-12);
        Assert.All(p, v => Assert.InRange(v, 0, 1));
        Assert.NotEmpty(LedgerProgramme.Report(file, new ProgrammeOptions(), new AskSettings()).Tables);
    }

    // Rows of a log have no unit: a name links its looks, and without one that is said. A log that may be read at any time says so instead.
    [Fact]
    public void A_log_is_known_by_its_name()
    {
        using var ledger = Ledger();
        var options = new AbOptions { Variant = "arm", Metric = ["clicked"], Propensity = "chance", Experiment = "log" };
        Ask.Ab(Choices(3_000), options, Settings(ledger));
        Assert.Contains("2 looks", AbData.Check(Ask.Ab(Choices(), options, Settings(ledger)), "optional-stopping").Evidence, StringComparison.Ordinal);
        Assert.Contains("look 3 under a stopping rule", AbData.Check(Ask.Ab(Choices(5_000), options with { OpenEnded = true }, Settings(ledger)), "optional-stopping").Evidence, StringComparison.Ordinal);
        Assert.Contains(Ask.Ab(Choices(2_000), options with { Experiment = null }, Settings(ledger)).Limitations, l => l.Contains("the experiment no name (--experiment)", StringComparison.Ordinal));
    }

    private SqliteLedger Ledger() => new(Path.Combine(_folder, "ledger.db"));

    private static AskSettings Settings(SqliteLedger ledger) => new() { Ledger = ledger };

    private static Table Regions(int days, int regions, int treated, int shift = 0)
    {
        var rng = new Rng(3).Stream("regions");
        double[][] sales = [.. Enumerable.Range(0, regions).Select(_ => Enumerable.Range(0, 60).Select(_ => 100 + 5 * rng.NextNormal()).ToArray())];
        var rows = (from i in Enumerable.Range(0, regions) from d in Enumerable.Range(0, days) select (i, d)).ToList();
        return Table.With("region", rows.Select(r => (string?)$"r{r.i:00}")).And("day", rows.Select(r => First.AddDays(r.d)))
            .And("arm", rows.Select(r => (string?)((r.i + shift) % regions < treated ? "on" : "off"))).And("sales", rows.Select(r => sales[r.i][r.d] + (r.d >= Start && (r.i + shift) % regions < treated ? 1 : 0)));
    }

    // Differences within units are laid out, not drawn: an effect of 0.087 at a spread that makes p about 0.03 with 110 units of each order.
    private static Table Crossed(int each)
    {
        var rows = new List<(string Unit, string Period, string Arm, double Y)>();
        for (var i = 0; i < 2 * each; i++)
        {
            var (treatedFirst, level, wobble) = (i % 2 == 1, i % 17, (i / 2 * 7919 % 101 / 50.0) - 1);
            rows.Add(($"u{i:000}", "1", treatedFirst ? "B" : "A", level + (treatedFirst ? 0.087 : 0) + wobble * 0.7));
            rows.Add(($"u{i:000}", "2", treatedFirst ? "A" : "B", level + (treatedFirst ? 0 : 0.087) - wobble * 0.3));
        }

        return Table.With("unit", rows.Select(r => (string?)r.Unit)).And("period", rows.Select(r => (string?)r.Period)).And("arm", rows.Select(r => (string?)r.Arm)).And("y", rows.Select(r => r.Y));
    }

    private static Table Market()
    {
        var rng = new Rng(14);
        var rows = (from i in Enumerable.Range(0, 40) from j in Enumerable.Range(0, 30) select (Buyer: $"b{i:00}", Seller: $"s{j:00}", W: i % 2 == 1 ? "on" : "off", V: j % 2 == 1 ? "on" : "off", Y: 5 + rng.NextNormal() + (i % 2 == 1 && j % 2 == 1 ? 2 : 0))).ToList();
        return Table.With("buyer", rows.Select(r => (string?)r.Buyer)).And("w", rows.Select(r => (string?)r.W)).And("seller", rows.Select(r => (string?)r.Seller)).And("v", rows.Select(r => (string?)r.V)).And("spend", rows.Select(r => r.Y));
    }

    private static Table Villages()
    {
        var rng = new Rng(5);
        var rows = (from v in Enumerable.Range(0, 40) from i in Enumerable.Range(0, 20) let share = v % 2 == 0 ? 0.0 : 0.5 select (Village: $"v{v:00}", Share: share, On: i < share * 20, Y: rng.NextNormal() + share)).ToList();
        return Table.With("village", rows.Select(r => (string?)r.Village)).And("share", rows.Select(r => r.Share)).And("arm", rows.Select(r => (string?)(r.On ? "yes" : "no"))).And("y", rows.Select(r => r.Y + (r.On ? 0.5 : 0)));
    }

    private static Table Choices(int rows = 4_000)
    {
        var rng = new Rng(6);
        bool[] second = [.. Enumerable.Range(0, rows).Select(_ => rng.NextDouble() < 0.5)];
        return Table.With("arm", second.Select(b => (string?)(b ? "B" : "A"))).And("chance", second.Select(_ => 0.5)).And("clicked", second.Select(b => rng.NextDouble() < (b ? 0.24 : 0.2) ? 1L : 0));
    }
}
