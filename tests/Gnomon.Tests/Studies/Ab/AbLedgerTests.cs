using Gnomon.Core.Checks;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Data.Ledger;
using Gnomon.Numerics.Random;
using Gnomon.Render.Json;
using Gnomon.Studies.Ab;
using Xunit;

namespace Gnomon.Tests.Studies.Ab;

/// <summary>The ledger turns peeking from an anecdote into a correction.</summary>
public sealed class AbLedgerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gnomon-ab-ledger").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Looks_at_a_growing_file_are_counted_and_a_late_win_is_corrected()
    {
        using var ledger = new SqliteLedger(Path.Combine(_folder, "ledger.db"));
        Finding finding = null!;
        for (var day = 1; day <= 6; day++)
        {
            finding = Look(ledger, units: 1_000 * day);
        }

        // z is about 2.2 at the sixth look: significant once, not among six looks (Pocock asks for 2.453).
        var check = AbData.Check(finding, "optional-stopping");
        Assert.Equal(CheckStatus.Fail, check.Status);
        Assert.Contains("6 looks", check.Evidence, StringComparison.Ordinal);
        Assert.Equal(DecisionAction.KeepRunning, finding.Decision.Action);
    }

    [Fact]
    public void The_same_data_again_are_not_another_look_and_give_the_same_bytes()
    {
        using var ledger = new SqliteLedger(Path.Combine(_folder, "ledger.db"));
        Look(ledger, 4_000);
        var first = Look(ledger, 6_000);
        var again = Look(ledger, 6_000);
        Assert.Contains("2 looks", AbData.Check(first, "optional-stopping").Evidence, StringComparison.Ordinal);
        Assert.Equal(Settled(first), Settled(again));
    }

    [Fact]
    public void Another_experiment_on_other_units_is_not_linked()
    {
        using var ledger = new SqliteLedger(Path.Combine(_folder, "ledger.db"));
        Look(ledger, 4_000);
        Assert.Contains("first look", AbData.Check(Look(ledger, 6_000, firstUnit: 1_000_000), "optional-stopping").Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_that_was_recorded_holds_later_runs_to_it()
    {
        using var ledger = new SqliteLedger(Path.Combine(_folder, "ledger.db"));
        var plan = Path.Combine(_folder, "plan.json");
        File.WriteAllText(plan, """{ "hypothesis": "h", "unit": "unit", "primary": ["converted"], "mde": "10%", "unitsPerArm": 5000 }""");
        Look(ledger, 2_000, plan: plan);
        var later = Look(ledger, 6_000);
        Assert.Contains("60 % of the plan", AbData.Check(later, "optional-stopping").Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_metric_that_was_tried_and_dropped_is_missed()
    {
        using var ledger = new SqliteLedger(Path.Combine(_folder, "ledger.db"));
        var table = Grown(4_000, 0);
        Ask.Ab(table, AbData.Options("converted", "minutes"), new AskSettings { Ledger = ledger });
        var finding = Ask.Ab(Grown(20_000, 0, effect: 0.05), AbData.Options("converted"), new AskSettings { Ledger = ledger });
        Assert.Equal(CheckStatus.Warn, AbData.Check(finding, "selective-reporting").Status);
    }

    private static Finding Look(SqliteLedger ledger, int units, int firstUnit = 0, string? plan = null) =>
        Ask.Ab(Grown(units, firstUnit), AbData.Options("converted") with { Plan = plan }, new AskSettings { Ledger = ledger });

    // Conversions are laid out, not drawn: 20 % against 20 % + 2.3 points, so that z is 2.2 at 6,000 units.
    private static Table Grown(int units, int firstUnit, double effect = 0.023)
    {
        var rng = new Rng(7).Stream("minutes");
        var all = Enumerable.Range(0, units).ToArray();
        return Table.With("unit", all.Select(i => (long)(i + firstUnit))).And("arm", all.Select(i => (string?)(i % 2 == 0 ? "A" : "B")))
            .And("converted", all.Select(i => (i / 2 * 7919L % 1000) < (i % 2 == 0 ? 200 : 200 + 1000 * effect) ? 1L : 0L))
            .And("minutes", all.Select(_ => rng.NextDouble()));
    }

    private static string Settled(Finding finding) =>
        FindingJson.Write(finding with { Provenance = finding.Provenance with { StartedAt = DateTimeOffset.UnixEpoch, Seconds = 0 } });
}
