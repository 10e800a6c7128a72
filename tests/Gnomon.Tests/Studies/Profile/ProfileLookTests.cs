using Gnomon.Core.Checks;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Profile;
using Xunit;

namespace Gnomon.Tests.Studies.Profile;

/// <summary>Units, damaged text, labels in conflict and knowledge of the future, each planted in a whole table.</summary>
public sealed class ProfileLookTests
{
    private const int Rows = 3_000;

    [Fact]
    public void Three_months_in_cents_are_seen_and_named()
    {
        var rng = new Rng(1).Stream("cents");
        var day = Enumerable.Range(0, Rows).Select(i => new DateOnly(2024, 1, 1).AddDays(i / 10)).ToList();
        var amount = day.Select(d => Math.Round(Math.Exp(3 + (0.8 * rng.NextNormal())) * (d.Month is 4 or 5 or 6 ? 100 : 1), 2)).ToArray();
        var finding = ProfileData.Ask(Table.With("amount", amount).And("day", day), new ProfileOptions { Time = "day" });
        Says(finding, "unit-mismatch", CheckStatus.Fail, "rows from 2024-04-01 to 2024-06-", "rows from 2024-03-31 to 2024-06-");
        Says(finding, "unit-mismatch", CheckStatus.Fail, "divide by 100");
    }

    [Fact]
    public void A_source_in_pounds_is_seen()
    {
        var rng = new Rng(2).Stream("pounds");
        var site = Enumerable.Range(0, Rows).Select(_ => rng.NextInt(3)).ToArray();
        var weight = site.Select(s => (70 + (6 * rng.NextNormal())) * (s == 2 ? 2.204622622 : 1)).ToArray();
        var finding = ProfileData.Ask(Table.With("weight", weight).And("site", site.Select(s => $"s{s}")));
        Says(finding, "unit-mismatch", CheckStatus.Fail, "site = s2");
        Says(finding, "unit-mismatch", CheckStatus.Fail, "kilograms and pounds");
    }

    [Fact]
    public void Milliseconds_among_seconds_are_seen_anywhere()
    {
        var rng = new Rng(3).Stream("epoch");
        var at = Enumerable.Range(0, Rows).Select(_ => (1_700_000_000L + rng.NextInt(8_000_000)) * (rng.NextDouble() < 0.1 ? 1_000 : 1));
        Says(ProfileData.Ask(Table.With("at", at).And("x", ProfileData.Draw(Rows, rng.NextNormal))), "unit-mismatch", CheckStatus.Fail, "values from 1,7", "values from 17");
    }

    [Fact]
    public void Damaged_text_is_counted_and_repaired()
    {
        var rng = new Rng(4).Stream("text");
        string[] sound = ["München", "Oslo", "Zürich", "Kraków"];
        var city = Enumerable.Range(0, Rows).Select(i => i % 100 == 0 ? "MÃ¼nchen" : i % 150 == 1 ? "New&nbsp;York &amp; more" : sound[rng.NextInt(4)]);
        var finding = ProfileData.Ask(Table.With("city", city));
        Says(finding, "parsing-loss", CheckStatus.Warn, "'MÃ¼nchen' reads 'München'");
        var table = finding.Tables.Single(t => t.Id == "damaged-text");
        Assert.Contains(table.Rows, r => (string)r[1]! == "mojibake-text" && (long)r[2]! == 30);
        Assert.Contains(table.Rows, r => (string)r[1]! == "html-entities" && (string?)r[4] == "New York & more");
    }

    [Fact]
    public void Copies_with_another_label_are_counted_with_the_lowest_error()
    {
        var rng = new Rng(5).Stream("labels");
        var (x, z) = (ProfileData.Draw(Rows, rng.NextNormal), ProfileData.Text(Rows, () => rng.NextInt(2) == 0 ? "A " : "b"));
        var y = Enumerable.Range(0, Rows).Select(_ => rng.NextInt(2) == 0 ? "yes" : "no").ToArray();
        int[] rows = [.. Enumerable.Range(0, Rows), .. Enumerable.Range(0, 40)];
        var table = Table.With("x", rows.Select(i => x[i])).And("z", rows.Select((r, i) => i >= Rows ? z[r]!.Trim().ToUpperInvariant() : z[r]))
            .And("y", rows.Select((r, i) => i >= Rows && r < 25 ? (y[r] == "yes" ? "no" : "yes") : y[r]).ToArray());
        var finding = ProfileData.Ask(table, new ProfileOptions { Target = "y" });
        Says(finding, "conflicting-labels", CheckStatus.Warn, "50 of 3,040 rows (1.64 %)");
        Says(finding, "conflicting-labels", CheckStatus.Warn, "fewer than 25 of them wrong");
    }

    // Two yes/no columns make rows alike by chance: that is what the columns can tell, not an error of the labels.
    [Fact]
    public void Coarse_features_are_a_note()
    {
        var rng = new Rng(6).Stream("coarse");
        var table = Table.With("a", ProfileData.Text(Rows, () => rng.NextInt(2) == 0 ? "p" : "q")).And("b", ProfileData.Text(Rows, () => rng.NextInt(3) == 0 ? "u" : "v")).And("y", ProfileData.Text(Rows, () => rng.NextInt(4) == 0 ? "yes" : "no"));
        var finding = ProfileData.Ask(table, new ProfileOptions { Target = "y" });
        Assert.Equal(CheckStatus.Pass, ProfileData.Status(finding, "conflicting-labels"));
        Assert.Contains(finding.Limitations, l => l.Contains("no model of these columns gets fewer than", StringComparison.Ordinal));
    }

    [Fact]
    public void Columns_of_the_future_are_seen_beside_a_time_and_a_target()
    {
        var rng = new Rng(7).Stream("future");
        var at = Enumerable.Range(0, Rows).Select(_ => new DateOnly(2024, 1, 1).AddDays(rng.NextInt(300))).ToList();
        var table = Table.With("at", [.. at.Select(d => d.ToString("yyyy-MM-dd", null))]).And("x", ProfileData.Draw(Rows, rng.NextNormal)).And("y", ProfileData.Text(Rows, () => rng.NextInt(2) == 0 ? "yes" : "no"));
        table = new Table([.. table.Columns.Skip(1)]).And("at", at).And("last_contact", at.Select(d => d.AddDays(rng.NextInt(60) - 50)).ToList())
            .And("reason", at.Select(d => d > new DateOnly(2024, 9, 20) ? null : "told"));
        var finding = ProfileData.Ask(table, new ProfileOptions { Target = "y", Time = "at" });
        Says(finding, "future-information-feature", CheckStatus.Fail, "last_contact lies after at in");
        Says(finding, "future-information-feature", CheckStatus.Fail, "reason is missing in 100 % of the newest tenth");
        Assert.DoesNotContain(ProfileData.Ask(table, new ProfileOptions { Target = "y" }).Checks, c => c.Id == "future-information-feature");
    }

    [Fact]
    public void Columns_that_move_with_the_target_are_seen_within_entities()
    {
        var rng = new Rng(8).Stream("moves");
        const int Units = 400, Steps = 6;
        var unit = Enumerable.Range(0, Units * Steps).Select(i => 1_000L + (i / Steps)).ToArray();
        var at = Enumerable.Range(0, Units * Steps).Select(i => new DateOnly(2024, 1, 1).AddDays((i % Steps * 30) + rng.NextInt(20))).ToList();
        var flip = Enumerable.Range(0, Units).Select(_ => rng.NextInt(12)).ToArray();
        var y = unit.Select((u, i) => i % Steps >= flip[u - 1_000] ? "churned" : "active").ToArray();
        var status = unit.Select((u, i) => i % Steps >= flip[u - 1_000] ? "closed" : "open").ToArray();
        var free = unit.Select(_ => rng.NextInt(3) == 0 ? "a" : "b").ToArray();
        var finding = ProfileData.Ask(Table.With("unit", unit).And("at", at).And("y", y).And("status", status).And("free", free), new ProfileOptions { Target = "y", Time = "at", Key = ["unit"] });
        Says(finding, "future-information-feature", CheckStatus.Fail, "status changes at 100 % of the steps where y changes and at 0 % of the others");
    }

    private static void Says(Finding finding, string id, CheckStatus status, params string[] any)
    {
        var check = finding.Checks.Single(c => c.Id == id);
        Assert.True(check.Status == status && any.Any(a => check.Evidence.Contains(a, StringComparison.Ordinal)), $"{check.Status}: {check.Evidence}");
    }
}
