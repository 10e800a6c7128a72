using Gnomon.Core.Ledger;
using Gnomon.Data.Ledger;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Data.Ledger;

/// <summary>Which looks are looks at one experiment: the same units in the same arms, whatever anything is called.</summary>
public sealed class SameExperimentTests
{
    private const string Roles = "ab|unit=user_id|variant=arm|control=A";

    [Theory]
    [InlineData(null, Roles)]
    [InlineData("another name", Roles)]
    [InlineData(null, "ab|unit=user_id|variant=group|control=A")]
    [InlineData(null, "ab|unit=user_id|variant=arm|control=B")]
    [InlineData("another name", "ab|unit=customer|variant=group|control=B")]
    public void A_look_at_the_same_units_in_the_same_arms_is_a_look_at_the_same_experiment(string? name, string roles)
    {
        using var folder = new LedgerFolder();
        using var ledger = folder.Open();
        ledger.Append(LedgerFolder.Entry(Key(4_000, salt: 1, name: "checkout"), "d1"));
        var later = Key(6_000, salt: 1, name: name) with { Roles = roles };
        var found = Assert.Single(ledger.LooksAt(later));
        Assert.Equal(("d1", "checkout"), (found.DataState, found.Name));
        ledger.Append(LedgerFolder.Entry(later, "d2", day: 1));
        Assert.Equal(2, ledger.LooksAt(Key(8_000, salt: 1)).Count);
        using var file = LedgerFile.Open(folder.LedgerPath);
        Assert.True(file.Verify().Intact, file.Verify().Summary);
    }

    // Clean twin: the same users, assigned anew.
    [Theory]
    [InlineData(0.5)]
    [InlineData(0.05)]
    public void Experiments_that_assign_the_same_users_anew_are_kept_apart(double share)
    {
        using var folder = new LedgerFolder();
        using var ledger = folder.Open();
        for (var e = 1; e <= 20; e++)
        {
            var key = Key(5_000, salt: e, share: share);
            Assert.Empty(ledger.LooksAt(key));
            ledger.Append(LedgerFolder.Entry(key, $"d{e}", day: e));
        }

        Assert.Equal("d7", Assert.Single(ledger.LooksAt(Key(9_000, salt: 7, share: share))).DataState);
    }

    [Fact]
    public void Arms_that_were_not_recorded_leave_it_open_and_it_is_said()
    {
        using var folder = new LedgerFolder();
        using var ledger = folder.Open();
        ledger.Append(LedgerFolder.Entry(Key(4_000, salt: 1, name: "old") with { Arms = [] }, "d1"));
        var later = Key(6_000, salt: 1);
        Assert.Empty(ledger.LooksAt(later));
        Assert.Equal(["old"], ledger.PerhapsAlso(later));
        Assert.Empty(ledger.PerhapsAlso(later with { Name = "old" }));
        Assert.Single(ledger.LooksAt(later with { Name = "old" }));
    }

    [Fact]
    public void The_very_same_data_are_known_again_without_units_and_other_columns_of_arms_are_not_mixed_up()
    {
        using var folder = new LedgerFolder();
        using var ledger = folder.Open();
        ledger.Append(LedgerFolder.Entry(Key(4_000, salt: 1, name: "checkout"), "d1"));
        var bare = new ExperimentKey("ab|unit=row|variant=arm|control=A", null, [], 4_000) { DataState = "d1" };
        Assert.Single(ledger.LooksAt(bare));
        Assert.Empty(ledger.LooksAt(bare with { DataState = "d2" }));
        Assert.Empty(ledger.LooksAt(bare with { Roles = "ab|unit=row|variant=other|control=A" }));
        Assert.Empty(ledger.LooksAt(bare with { Roles = "compare|unit=row|variant=arm|control=A" }));
        Assert.Equal(["user_id"], ledger.UnitColumns);
    }

    [Fact]
    public void Until_the_first_look_a_plan_may_be_replaced_and_afterwards_only_amended()
    {
        using var folder = new LedgerFolder();
        using var ledger = folder.Open();
        var planned = new ExperimentKey("ab|unit=user_id|variant=|control=", "checkout", [], 0);
        ledger.Append(LedgerFolder.Entry(planned, string.Empty, plan: """{"mde":"5%"}"""));
        ledger.Append(LedgerFolder.Entry(planned, string.Empty, day: 1, plan: """{"mde":"3%"}"""));
        Assert.Equal("""{"mde":"3%"}""", ledger.PlanFor(planned)?.Json);
        var look = LedgerFolder.Entry(Key(4_000, salt: 1, name: "checkout"), "d1", day: 2, plan: """{"mde":"3%"}""");
        ledger.Append(look with { Trace = look.Trace! with { AmendmentJson = """{"mde":"1%"}""" } });
        ledger.Append(LedgerFolder.Entry(planned, string.Empty, day: 3, plan: """{"mde":"2%"}"""));

        // Found by the units alone; nothing that was stored is lost.
        var plans = ledger.PlansFor(Key(6_000, salt: 1));
        Assert.Equal(["""{"mde":"5%"}""", """{"mde":"3%"}""", """{"mde":"1%"}""", """{"mde":"2%"}"""], plans.Select(p => p.Json));
        Assert.Equal("""{"mde":"3%"}""", plans.Single(p => p.Rules).Json);
        Assert.Equal([true, true, true, false], plans.Select(p => p.BeforeFirstLook));
    }

    [Fact]
    public void Arms_travel_through_export_and_import_and_a_change_of_them_is_seen()
    {
        using var folder = new LedgerFolder();
        using (var ledger = folder.Open())
        {
            ledger.Append(LedgerFolder.Entry(Key(4_000, salt: 1, name: "checkout"), "d1"));
        }

        var text = new StringWriter();
        using (var file = LedgerFile.Open(folder.LedgerPath))
        {
            file.Export(text);
        }

        Assert.Contains("\"arms\":", text.ToString(), StringComparison.Ordinal);
        var copy = Path.Combine(folder.Folder, "copy.db");
        LedgerFile.Import(copy, new StringReader(text.ToString()));
        using var again = new SqliteLedger(copy);
        Assert.Single(again.LooksAt(Key(6_000, salt: 1, name: "other")));
        Assert.Empty(again.LooksAt(Key(6_000, salt: 2, name: "other")));
    }

    [Theory]
    [InlineData("UPDATE arms SET assigned = zeroblob(256)", "the arms of the units")]
    [InlineData("DELETE FROM arms", "the arms of the units")]
    [InlineData("INSERT INTO arms VALUES (7, zeroblob(3))", "belong to no entry")]
    public void A_later_change_of_the_arms_is_found(string sql, string words)
    {
        using var folder = new LedgerFolder();
        using (var ledger = folder.Open())
        {
            ledger.Append(LedgerFolder.Entry(Key(4_000, salt: 1, name: "checkout"), "d1"));
        }

        Tamper.Behind(folder.LedgerPath, sql);
        using var file = LedgerFile.Open(folder.LedgerPath);
        Assert.Contains(words, file.Verify().Difference, StringComparison.Ordinal);
    }

    // Hubert and Arabie 1985, by hand: 4 shared units, the pairs of both partitions: identical, crossed, and one of four moved (index (1 - 2*3/6)/((2+3)/2 - 1) = 0).
    [Fact]
    public void Agreement_is_the_adjusted_rand_index()
    {
        ulong[] units = [1, 2, 3, 4];
        Assert.True(SketchArms.SameAssigned(units, [0, 0, 1, 1], units, [1, 1, 0, 0]));
        Assert.False(SketchArms.SameAssigned(units, [0, 0, 1, 1], units, [0, 1, 0, 1]));
        Assert.False(SketchArms.SameAssigned(units, [0, 0, 1, 1], units, [0, 0, 0, 1]));
        Assert.Null(SketchArms.SameAssigned(units, [0, 0, 0, 0], units, [0, 0, 0, 0]));
        Assert.Null(SketchArms.SameAssigned(units, [0, 0, 1, 1], units, []));
        Assert.Null(SketchArms.SameAssigned(units, [0, 1, 255, 255], units, [0, 1, 0, 1]));
    }

    // A sketch of units numbered from 0, each in B with the share given, by a salted draw.
    private static ExperimentKey Key(long count, ulong salt, string? name = null, double share = 0.5)
    {
        var key = LedgerFolder.Units(0, count, name, Roles);
        return key with { Arms = [.. key.Units.Select(u => new Rng((int)(u % 1_000_003)).Stream($"salt {salt}").NextDouble() < share ? 1 : 0)] };
    }

    private static ExperimentKey Key(long count, int salt, string? name = null, double share = 0.5) => Key(count, (ulong)salt, name, share);
}
