using Gnomon.Core.Ledger;
using Gnomon.Data.Ledger;
using Xunit;

namespace Gnomon.Tests.Data.Ledger;

public sealed class SqliteLedgerTests
{
    [Fact]
    public void Asking_creates_nothing()
    {
        using var folder = new LedgerFolder();
        using var ledger = folder.Open();
        Assert.Empty(ledger.LooksAt(LedgerFolder.Key("checkout")));
        Assert.Null(ledger.PlanFor(LedgerFolder.Key("checkout")));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Folder));
        Assert.Equal(folder.LedgerPath, ledger.Location);
    }

    [Fact]
    public void The_first_entry_makes_the_folder_the_ledger_and_its_head_and_nothing_else()
    {
        using var folder = new LedgerFolder();
        using (var ledger = folder.Open())
        {
            Assert.Equal(1, ledger.Append(LedgerFolder.Entry(LedgerFolder.Key("checkout"), "d1")));
            Assert.Equal(2, ledger.Append(LedgerFolder.Entry(LedgerFolder.Key("checkout"), "d2", day: 1)));
        }

        Assert.Equal(["ledger.db", "ledger.db.head"], Directory.GetFileSystemEntries(Path.GetDirectoryName(folder.LedgerPath)!).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Looks_come_back_oldest_first_with_all_their_fields()
    {
        using var folder = new LedgerFolder();
        var key = LedgerFolder.Units(0, 500);
        using (var ledger = folder.Open())
        {
            ledger.Append(LedgerFolder.Entry(key, "d1", day: 0, p: 0.04, action: "keep-running"));
            ledger.Append(LedgerFolder.Entry(LedgerFolder.Units(0, 700), "d2", day: 1, p: null, metric: "orders", action: "ship"));
        }

        using var again = folder.Open();
        var looks = again.LooksAt(LedgerFolder.Units(0, 900));
        Assert.Equal(2, looks.Count);
        Assert.Equal(LedgerFolder.Start, looks[0].At);
        Assert.Equal(("d1", 500L, 0.04, "keep-running"), (looks[0].DataState, looks[0].UnitCount, looks[0].PValue, looks[0].Action));
        Assert.Equal(["revenue", "visits"], looks[0].Metrics);
        Assert.Equal(("d2", 700L, (double?)null, "ship"), (looks[1].DataState, looks[1].UnitCount, looks[1].PValue, looks[1].Action));
        Assert.Equal(["orders", "visits"], looks[1].Metrics);
    }

    [Fact]
    public void A_second_run_on_the_same_data_is_not_another_look_but_what_it_read_is_remembered()
    {
        using var folder = new LedgerFolder();
        using var ledger = folder.Open();
        var key = LedgerFolder.Key("checkout");
        ledger.Append(LedgerFolder.Entry(key, "d1", day: 0, p: 0.3));
        ledger.Append(LedgerFolder.Entry(key, "d2", day: 1, p: 0.2));
        ledger.Append(LedgerFolder.Entry(key, "d1", day: 2, p: 0.01, metric: "clicks", action: "ship"));
        var looks = ledger.LooksAt(key);
        Assert.Equal(["d1", "d2"], looks.Select(l => l.DataState));
        Assert.Equal(LedgerFolder.Start, looks[0].At);
        Assert.Equal(["revenue", "visits", "clicks"], looks[0].Metrics);
        Assert.Equal(0.01, looks[0].PValue);
        Assert.Equal("ship", looks[0].Action);
    }

    [Fact]
    public void Names_decide_where_there_are_names_and_roles_always_do()
    {
        using var folder = new LedgerFolder();
        using var ledger = folder.Open();
        var units = LedgerFolder.Units(0, 400);
        ledger.Append(LedgerFolder.Entry(units with { Name = "checkout" }, "named"));
        ledger.Append(LedgerFolder.Entry(units, "unnamed"));
        ledger.Append(LedgerFolder.Entry(units with { Name = string.Empty }, "empty name"));
        Assert.Equal(["named"], States(ledger, LedgerFolder.Key("checkout")));
        Assert.Equal(["named"], States(ledger, LedgerFolder.Units(9_000, 400, "checkout")));
        Assert.Equal(["unnamed"], States(ledger, units));
        Assert.Equal(["empty name"], States(ledger, units with { Name = string.Empty }));
        Assert.Empty(States(ledger, units with { Name = "search" }));
        Assert.Empty(States(ledger, units with { Roles = "unit=session;variant=arm;arms=A,B" }));
        Assert.Empty(States(ledger, LedgerFolder.Key()));
    }

    [Fact]
    public void Early_small_looks_are_found_through_the_looks_between()
    {
        using var folder = new LedgerFolder();
        using var ledger = folder.Open();
        long[] sizes = [10, 300, 9_000, 250_000];
        foreach (var size in sizes)
        {
            ledger.Append(LedgerFolder.Entry(LedgerFolder.Units(0, size), $"d{size}"));
        }

        ledger.Append(LedgerFolder.Entry(LedgerFolder.Units(1_000_000, 9_000), "another experiment"));
        Assert.False(Linked(LedgerFolder.Units(0, 10), LedgerFolder.Units(0, 250_000)));
        Assert.Equal(["d10", "d300", "d9000", "d250000"], States(ledger, LedgerFolder.Units(0, 260_000)));
        Assert.Equal(["another experiment"], States(ledger, LedgerFolder.Units(1_000_000, 20_000)));
    }

    [Fact]
    public void A_plan_is_recorded_once_and_again_when_it_changes()
    {
        using var folder = new LedgerFolder();
        using var ledger = folder.Open();
        var key = LedgerFolder.Key("checkout");
        Assert.Equal(2, ledger.Append(LedgerFolder.Entry(key, string.Empty, plan: """{"primary":"revenue"}""")));
        Assert.Empty(ledger.LooksAt(key));
        Assert.Equal(3, ledger.Append(LedgerFolder.Entry(key, "d1", day: 1, plan: """{"primary":"revenue"}""")));
        var plan = ledger.PlanFor(key);
        Assert.Equal("""{"primary":"revenue"}""", plan?.Json);
        Assert.Equal(LedgerFolder.Start, plan?.At);

        // sha256sum of the text's bytes
        Assert.Equal("425c5b4e10816fb8f916f2c7db149beceee396492303bd846f94f83c1ed64255", plan?.Hash);

        // Another plan after the first look is kept and does not rule.
        Assert.Equal(5, ledger.Append(LedgerFolder.Entry(key, "d2", day: 2, plan: """{"primary":"orders"}""")));
        Assert.Equal("""{"primary":"revenue"}""", ledger.PlanFor(key)?.Json);
        Assert.Equal([(true, true), (false, false)], ledger.PlansFor(key).Select(p => (p.BeforeFirstLook, p.Rules)));
        Assert.Null(ledger.PlanFor(LedgerFolder.Key("search")));
    }

    [Fact]
    public void A_named_plan_is_found_whatever_the_roles_turn_out_to_be()
    {
        using var folder = new LedgerFolder();
        using var ledger = folder.Open();
        ledger.Append(LedgerFolder.Entry(LedgerFolder.Key("checkout", roles: "unit=user_id;variant=;arms="), string.Empty, plan: "{}"));
        Assert.Equal("{}", ledger.PlanFor(LedgerFolder.Key("checkout"))?.Json);
        Assert.Null(ledger.PlanFor(LedgerFolder.Key("search")));
        Assert.Null(ledger.PlanFor(LedgerFolder.Key()));
    }

    [Fact]
    public void A_plan_follows_the_units_of_a_growing_experiment()
    {
        using var folder = new LedgerFolder();
        using var ledger = folder.Open();
        ledger.Append(LedgerFolder.Entry(LedgerFolder.Units(0, 10), "d1", plan: "{}"));
        ledger.Append(LedgerFolder.Entry(LedgerFolder.Units(0, 600), "d2", day: 1, plan: "{}"));
        ledger.Append(LedgerFolder.Entry(LedgerFolder.Units(0, 40_000), "d3", day: 2, plan: "{}"));
        Assert.Equal("{}", ledger.PlanFor(LedgerFolder.Units(0, 60_000))?.Json);
        Assert.Null(ledger.PlanFor(LedgerFolder.Units(500_000, 60_000)));
    }

    [Fact]
    public void A_p_value_that_is_no_number_was_not_shown()
    {
        using var folder = new LedgerFolder();
        using var ledger = folder.Open();
        ledger.Append(LedgerFolder.Entry(LedgerFolder.Key("x"), "d1", p: double.NaN));
        Assert.Null(ledger.LooksAt(LedgerFolder.Key("x"))[0].PValue);
    }

    [Fact]
    public void A_sketch_that_does_not_ascend_is_refused_and_nothing_is_written()
    {
        using var folder = new LedgerFolder();
        using var ledger = folder.Open();
        Assert.Throws<ArgumentException>(() => ledger.Append(LedgerFolder.Entry(LedgerFolder.Key(units: [3, 2, 1]), "d1")));
        Assert.Equal(1, ledger.Append(LedgerFolder.Entry(LedgerFolder.Key(units: [1, 2, 3]), "d1")));
    }

    private static IEnumerable<string> States(SqliteLedger ledger, ExperimentKey key) => ledger.LooksAt(key).Select(l => l.DataState);

    private static bool Linked(ExperimentKey a, ExperimentKey b) =>
        SketchContainment.Linked([.. a.Units], a.UnitCount, [.. b.Units], b.UnitCount);
}
