using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Profile;
using Xunit;

namespace Gnomon.Tests.Studies.Profile;

/// <summary>What to mend first, and ways to fill gaps: numbers follow from the planted flaw by arithmetic.</summary>
public sealed class ProfileCostTests
{
    private const int Rows = 2_000;

    [Fact]
    public void A_clean_table_has_nothing_to_mend() =>
        Assert.DoesNotContain(ProfileData.Ask(ProfileData.Clean(1)).Tables, t => t.Id == "fix-first" && t.Rows.Any(r => (string)r[0]! != "missing values"));

    [Fact]
    public void Problems_come_in_the_order_of_their_cost()
    {
        var rng = new Rng(2).Stream("cost");
        var age = ProfileData.Draw(Rows, () => Math.Round(45 + (12 * rng.NextNormal())));
        var coded = age.Select((a, i) => i % 20 == 0 ? 999 : a).ToArray();
        string[] plans = ["basic", "premium", "Premium"];
        var plan = Enumerable.Range(0, Rows).Select(i => i % 50 == 3 ? plans[2] : plans[rng.NextInt(2)]).ToArray();
        int[] rows = [.. Enumerable.Range(0, Rows), .. Enumerable.Range(0, 30)];
        var amount = ProfileData.Draw(Rows, () => Math.Exp(3 + rng.NextNormal()));
        var finding = ProfileData.Ask(Table.With("age", rows.Select(i => coded[i])).And("plan", rows.Select(i => plan[i])).And("amount", rows.Select(i => amount[i])));
        var fix = finding.Tables.Single(t => t.Id == "fix-first");
        Assert.Equal(["999 as a code", "one value in several spellings", "rows written more than once"], fix.Rows.Select(r => (string)r[0]!));
        var costs = fix.Rows.Select(r => (double)r[4]!).ToList();
        Assert.Equal(costs.OrderDescending(), costs);

        // Means with and without 999, from the values themselves.
        var all = rows.Select(i => coded[i]).ToArray();
        Assert.Contains($"the mean reads {Figures.Number(all.Average())} where it is {Figures.Number(all.Where(a => a != 999).Average())}", (string)fix.Rows[0][5]!, StringComparison.Ordinal);
        Assert.Equal(30L, fix.Rows[2][2]);
        Assert.Contains("totals count 30 rows again", (string)fix.Rows[2][5]!, StringComparison.Ordinal);
        Assert.StartsWith("Mend first: 999 as a code (age). Otherwise ", finding.Next[0], StringComparison.Ordinal);
    }

    [Fact]
    public void The_simplest_filling_that_is_no_worse_is_named()
    {
        var rng = new Rng(3).Stream("filling");
        var x = ProfileData.Draw(Rows, rng.NextNormal);
        var tied = x.Select(v => rng.NextDouble() < 0.2 ? double.NaN : (3 * v) + rng.NextNormal()).ToArray();
        var free = ProfileData.Draw(Rows, () => rng.NextDouble() < 0.2 ? double.NaN : rng.NextNormal());
        var finding = ProfileData.Ask(Table.With("x", x).And("tied", tied).And("free", free));
        Assert.Equal("regression", Recommended(finding, "tied"));
        Assert.Equal("mean", Recommended(finding, "free"));
        var error = (double)finding.Tables.Single(t => t.Id == "imputation").Rows.Single(r => (string)r[0]! == "tied" && (string)r[1]! == "regression")[2]!;
        Assert.InRange(error, 0.25, 0.4);
        Assert.Contains(finding.Limitations, l => l.StartsWith("tied, missing in", StringComparison.Ordinal) && l.Contains("cannot be tested", StringComparison.Ordinal));

        // A shift of one sd of the missing fifth moves the mean by a fifth of an sd.
        var shifts = finding.Tables.Single(t => t.Id == "not-at-random").Rows.Where(r => (string)r[0]! == "free").ToDictionary(r => (double)r[1]!, r => (double)r[2]!);
        Assert.Equal(0.2, shifts[1] - shifts[0], 0.03);
        Assert.Equal(shifts[1] - shifts[0], shifts[0] - shifts[-1], 1e-9);
    }

    private static string Recommended(Finding finding, string column) => (string)finding.Tables.Single(t => t.Id == "imputation").Rows.Single(r => (string)r[0]! == column && r[7] is true)[1]!;
}
