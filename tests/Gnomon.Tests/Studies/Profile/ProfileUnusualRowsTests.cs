using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Profile;
using Xunit;

namespace Gnomon.Tests.Studies.Profile;

/// <summary>Rows whose values do not go together are named; tables without them stay without a remark.</summary>
public sealed class ProfileUnusualRowsTests
{
    [Fact]
    public void A_height_with_the_weight_of_another_is_named()
    {
        var finding = Profiled(People(seed: 1, swapped: 3));
        var rows = finding.Tables.Single(t => t.Id == "unusual-rows").Rows.Select(r => (long)r[0]!).Order().ToArray();
        Assert.Equal([101L, 201, 301], rows);
        Assert.Contains(finding.Limitations, l => l.StartsWith("3 of 500 complete rows looked at combine values of height, weight, income that do not go together", StringComparison.Ordinal));

        // It is a remark: no check speaks of it and the decision is none the worse.
        Assert.Equal(Profiled(People(seed: 1, swapped: 0)).Decision.Action, finding.Decision.Action);
    }

    [Fact]
    public void Tables_without_such_rows_have_no_remark()
    {
        // Of 100 tables at most five.
        var remarks = Enumerable.Range(1, 100).Count(seed => Has(Profiled(People(seed, swapped: 0))));
        TestContext.Current.SendDiagnosticMessage($"{remarks} of 100 tables had a remark");
        Assert.InRange(remarks, 0, 5);
    }

    [Fact]
    public void Twins_and_columns_in_one_plane_are_no_reason_to_speak()
    {
        var rng = new Rng(2);
        var x = Enumerable.Range(0, 400).Select(_ => rng.NextNormal()).ToArray();
        var y = x.Select(_ => rng.NextNormal()).ToArray();
        var table = Table.With("x", x).And("twice", x.Select(v => 2 * v)).And("y", y).And("sum", x.Zip(y, (a, b) => a + b));
        Assert.False(Has(Profiled(table)));
    }

    [Fact]
    public void A_second_population_is_not_called_rows_out_of_place()
    {
        var rng = new Rng(2);
        var x = Enumerable.Range(0, 600).Select(_ => rng.NextNormal()).ToArray();
        Assert.False(Has(Profiled(Table.With("x", x).And("y", x.Select((v, i) => (i % 4 == 0 ? -v : v) + 0.05 * rng.NextNormal())))));
    }

    [Fact]
    public void The_answer_does_not_depend_on_threads()
    {
        var table = People(seed: 3, swapped: 3);
        Assert.Equal(Rows(Ask.Profile(table, new ProfileOptions { Threads = 1 })), Rows(Ask.Profile(table, new ProfileOptions { Threads = 4 })));
    }

    private static Finding Profiled(Table table) => Ask.Profile(table, new ProfileOptions());

    private static IEnumerable<object?> Rows(Finding finding) => finding.Tables.Single(t => t.Id == "unusual-rows").Rows.SelectMany(r => r);

    private static bool Has(Finding finding) => finding.Tables.Any(t => t.Id == "unusual-rows");

    // Weight follows height closely; income is skewed and stands apart. Each swapped row has a tall person's height and a light person's weight.
    private static Table People(int seed, int swapped)
    {
        var rng = new Rng(seed).Stream("people");
        const int n = 500;
        var height = Enumerable.Range(0, n).Select(_ => 170 + 8 * rng.NextNormal()).ToArray();
        var weight = height.Select(h => 70 + 0.9 * (h - 170) + 1.5 * rng.NextNormal()).ToArray();
        for (var k = 1; k <= swapped; k++)
        {
            (height[100 * k], weight[100 * k]) = (180, 61);
        }

        return Table.With("height", height).And("weight", weight).And("income", height.Select(_ => Math.Exp(10 + rng.NextNormal())));
    }
}
