using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;

namespace Gnomon.Tests.Studies.Label;

/// <summary>Small fleets: events of a few seconds, a rare scenario that decides by a column of its own, or none that does.</summary>
internal static class Fleet
{
    public static Table Of(int seed, bool isHard, int vehicles = 40, int seconds = 100, bool byRow = false, double unlabelled = 0, double rare = 0.04, double careless = 0.05, bool knowsTheRoad = false)
    {
        var rng = new Rng(seed).Stream("fleet");
        List<string?> vehicle = [], scenario = [], label = [], split = [], second = [];
        List<double> alarm = [], today = [];
        List<double>[] e = [.. Enumerable.Range(0, 9).Select(_ => new List<double>())];
        for (var v = 0; v < vehicles; v++)
        {
            var side = v % 4 > 0;
            for (var s = 0; s < seconds;)
            {
                var isRare = rng.NextDouble() < rare;
                double[] x = [.. Enumerable.Range(0, 9).Select(j => j < 8 ? rng.NextNormal() : isRare && isHard ? (rng.NextInt(2) == 0 ? -2 : 2) : 0)];
                var logit = isRare && isHard ? 6 * x[8] : 6 * x[0];
                var (isCase, fires) = (rng.NextDouble() < 1 / (1 + Math.Exp(-logit)), rng.NextDouble() < (isRare && isHard ? 0.8 : 0.1));
                for (var left = 4 + rng.NextInt(4); left > 0 && s < seconds; left--, s++)
                {
                    vehicle.Add($"v{v}");
                    scenario.Add(isRare ? "rare" : $"road {(int)(Math.Abs(x[7]) * 2) % 4}");
                    alarm.Add(fires ? 0.9 : 0.1);
                    today.Add(knowsTheRoad && !isRare ? (isCase ? 0.99 : 0.01) : 1 / (1 + Math.Exp(-6 * x[0])));
                    label.Add(rng.NextDouble() < unlabelled ? null : isCase ? "yes" : "no");
                    second.Add(isCase ^ rng.NextDouble() < careless ? "yes" : "no");
                    split.Add((byRow ? rng.NextInt(4) > 0 : side) ? "train" : "test");
                    for (var j = 0; j < 9; j++)
                    {
                        e[j].Add(x[j] + (0.02 * rng.NextNormal()));
                    }
                }
            }
        }

        var table = Table.With("vehicle", vehicle).And("scenario", scenario).And("alarm", alarm).And("today", today).And("cut_in", label).And("second", second).And("split", split);
        return Enumerable.Range(0, 9).Aggregate(table, (t, j) => t.And($"e{j + 1}", e[j]));
    }

    /// <summary>The rows in another order.</summary>
    public static Table Rows(Table table, int[] order) => new([.. table.Columns.Select(c => (Column)(c switch
    {
        TextColumn text => new TextColumn(text.Name, [.. order.Select(i => text.Codes[i])], text.Dictionary),
        DoubleColumn number => new DoubleColumn(number.Name, [.. order.Select(i => number.Values[i])]),
        _ => throw new NotSupportedException(c.Name),
    }))]);
}
