using Gnomon.Core.Findings;
using Gnomon.Numerics;

namespace Gnomon.Studies.Assign;

/// <summary>How alike the arms are in what is known of the units before the start.</summary>
internal sealed record Balance(IReadOnlyList<BalanceRow> Rows, IReadOnlyList<string> Numbers, IReadOnlyList<CoMoments> ByArm)
{
    private const int MostLevels = 12;
    private const int MostArms = 6;

    /// <summary>The row in which two arms are least alike; null when nothing is known of the units.</summary>
    public BalanceRow? Worst => Rows.Where(r => r.Difference is not null).MaxBy(r => Math.Abs(r.Difference!.Value));

    public static Balance Of(UnitList list, IReadOnlyList<int> arms, int count)
    {
        var rows = new List<BalanceRow>();
        foreach (var column in list.Columns)
        {
            if (column.Numbers is { } numbers)
            {
                rows.Add(Row(column.Name, i => numbers[i], arms, count));
                if (Array.Exists(numbers, double.IsNaN))
                {
                    rows.Add(Row($"{column.Name} unknown", i => double.IsNaN(numbers[i]) ? 1 : 0, arms, count));
                }

                continue;
            }

            var levels = column.Texts!.GroupBy(t => t ?? string.Empty).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Select(g => g.Key).ToList();
            rows.AddRange(levels.Count > MostLevels ? [] : levels.Select(l => Row($"{column.Name} = {(l.Length == 0 ? "unknown" : l)}", i => (column.Texts![i] ?? string.Empty) == l ? 1 : 0, arms, count)));
        }

        var known = list.Columns.Where(c => c.Numbers is { } n && !Array.Exists(n, double.IsNaN) && n.Distinct().Take(2).Count() == 2).ToList();
        return new(
            rows, [.. known.Select(c => c.Name)],
            known.Count == 0 ? [] : [.. Enumerable.Range(0, count).Select(a => CoMoments.OfColumns([.. known.Select(c => c.Numbers!.Where((_, i) => arms[i] == a).ToArray())]))]);
    }

    public ResultTable Table(IReadOnlyList<string> arms) => new(
        "balance", "Are the arms alike before the start?", ["known before", .. arms.Take(MostArms), "standardised difference"],
        [.. Rows.Select(r => (IReadOnlyList<object?>)[r.Name, .. r.Means.Take(MostArms).Select(m => (object?)m), r.Difference])]);

    private static BalanceRow Row(string name, Func<int, double> value, IReadOnlyList<int> arms, int count)
    {
        var sums = Enumerable.Range(0, count).Select(_ => new MomentsAccumulator(0)).ToList();
        for (var i = 0; i < arms.Count; i++)
        {
            if (value(i) is var v && !double.IsNaN(v))
            {
                sums[arms[i]].Add(v);
            }
        }

        var moments = sums.ConvertAll(s => s.ToMoments());
        double? worst = null;
        for (var a = 1; a < count; a++)
        {
            if (moments[0].Count < 2 || moments[a].Count < 2)
            {
                continue;
            }

            var spread = Math.Sqrt((moments[0].Variance + moments[a].Variance) / 2);
            var difference = spread > 0 ? (moments[a].Mean - moments[0].Mean) / spread : 0;
            worst = worst is null || Math.Abs(difference) > Math.Abs(worst.Value) ? difference : worst;
        }

        return new(name, [.. moments.Select(m => m.Count == 0 ? (double?)null : m.Mean)], worst);
    }
}

/// <param name="Name">The column, or a level of it.</param>
/// <param name="Means">Mean or share in each arm.</param>
/// <param name="Difference">Largest difference of an arm from control, in standard deviations.</param>
internal sealed record BalanceRow(string Name, IReadOnlyList<double?> Means, double? Difference);
