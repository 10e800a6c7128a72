using Gnomon.Core.Checks;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Profile;

namespace Gnomon.Tests.Studies.Profile;

/// <summary>Small tables in memory, clean or with one flaw.</summary>
internal static class ProfileData
{
    /// <summary>Customers as they should be: an identifier, numbers of several shapes, categories, a date, cells missing by accident, a yes/no outcome of fair strength.</summary>
    public static Table Clean(int seed, int rows = 600)
    {
        var rng = new Rng(seed).Stream("profile-clean");
        double Normal() => rng.NextNormal();
        string Pick(params string[] words) => words[rng.NextInt(words.Length)];
        var age = Draw(rows, () => Math.Round(45 + (12 * Normal())));
        var churn = age.Select(a => rng.NextDouble() < 1 / (1 + Math.Exp(0.8 + ((a - 45) / 20))) ? "yes" : "no").ToArray();
        return Table.With("customer_id", Order(rows, rng).Select(i => 10_000L + i))
            .And("age", age)
            .And("income", Draw(rows, () => rng.NextDouble() < 0.1 ? double.NaN : Math.Round(Math.Exp(10 + (0.6 * Normal())), 2)))
            .And("balance", Draw(rows, () => rng.NextDouble() < 0.06 ? double.NaN : 1000 * Normal()))
            .And("visits", Draw(rows, () => rng.NextPoisson(4)))
            .And("rate", Draw(rows, rng.NextDouble))
            .And("wait", Draw(rows, rng.NextExponential))
            .And("region", Text(rows, () => Pick("north", "south", "east", "west")))
            .And("plan", Text(rows, () => rng.NextDouble() < 0.05 ? null : Pick("basic", "plus", "premium")))
            .And("active", Draw(rows, () => rng.NextInt(2)).Select(v => v > 0))
            .And("joined", Enumerable.Range(0, rows).Select(_ => new DateOnly(2023, 1, 1).AddDays(rng.NextInt(700))).ToList())
            .And("score", Draw(rows, () => Math.Round(100 * rng.NextDouble())))
            .And("churn", churn);
    }

    public static double[] Draw(int rows, Func<double> draw)
    {
        var values = new double[rows];
        for (var i = 0; i < rows; i++)
        {
            values[i] = draw();
        }

        return values;
    }

    public static string?[] Text(int rows, Func<string?> draw)
    {
        var values = new string?[rows];
        for (var i = 0; i < rows; i++)
        {
            values[i] = draw();
        }

        return values;
    }

    public static int[] Order(int rows, Rng rng)
    {
        var order = Enumerable.Range(0, rows).ToArray();
        rng.Shuffle<int>(order);
        return order;
    }

    public static Finding Ask(Table table, ProfileOptions? options = null) => Gnomon.Ask.Profile(table, options ?? new ProfileOptions());

    public static CheckStatus Status(Finding finding, string id) => finding.Checks.Single(c => c.Id == id).Status;

    /// <summary>A cell of a table of the finding, by its row's first cell and its column's name.</summary>
    public static object? Cell(Finding finding, string table, string row, string column)
    {
        var found = finding.Tables.Single(t => t.Id == table);
        return found.Rows.Single(r => (string?)r[0] == row)[found.Columns.ToList().IndexOf(column)];
    }
}
