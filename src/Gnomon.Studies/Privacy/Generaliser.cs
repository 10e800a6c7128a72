using Gnomon.Methods.Privacy;

namespace Gnomon.Studies.Privacy;

/// <summary>Columns written coarsely enough that every combination has k rows, but for a share of rows that is left out.</summary>
/// <param name="Ladders">The columns.</param>
/// <param name="Levels">How coarse each is.</param>
/// <param name="Suppressed">Rows whose combination stays rare.</param>
internal sealed record Generalisation(IReadOnlyList<Ladder> Ladders, int[] Levels, HashSet<int> Suppressed)
{
    private const int MostNamed = 2;

    public Rung this[int column] => Ladders[column].Rungs[Levels[column]];

    /// <summary>Mean share of the columns' entropy that is gone.</summary>
    public double Loss => Ladders.Count == 0 ? 0 : Ladders.Select((l, c) => l.Rungs[Levels[c]].Loss).Average();

    /// <summary>How the columns were coarsened, in words; those that stayed are not named.</summary>
    public string Says
    {
        get
        {
            var coarser = Ladders.Select((l, c) => (l.Column.Name, Rung: this[c])).Where((x, c) => Levels[c] > 0).ToList();
            var words = coarser.Where(x => x.Rung.Loss < 1).Select(x => $"{x.Name} {x.Rung.Says}").ToList();
            var gone = coarser.Where(x => x.Rung.Loss >= 1).Select(x => x.Name).ToList();
            if (gone.Count > 0)
            {
                words.Add(gone.Count <= MostNamed ? $"{string.Join(" and ", gone)} left out" : $"{string.Join(", ", gone.Take(2))} and {gone.Count - 2} other columns left out");
            }

            return words.Count == 0 ? "every column as it is" : string.Join(", ", words);
        }
    }
}

/// <summary>Finds how coarse each column has to be.</summary>
/// <remarks>Source: Sweeney 2002, Datafly: whole columns are coarsened one step at a time, rare rows are left out. The step taken is the one that saves most rows for what it loses; at the end every step that is not needed is taken back. The result keeps k, and need not be the one with the least loss.</remarks>
internal static class Generaliser
{
    public static Generalisation Of(IReadOnlyList<Ladder> ladders, int rows, int k, double suppress)
    {
        var levels = new int[ladders.Count];
        var allowed = (long)Math.Floor(suppress * rows);
        var below = Below(ladders, levels, rows, k).Rows;
        while (below > allowed && Enumerable.Range(0, levels.Length).Any(c => levels[c] + 1 < ladders[c].Rungs.Count))
        {
            (levels, below) = Step(ladders, levels, rows, k, below);
        }

        levels = Back(ladders, levels, rows, k, Math.Max(allowed, below));
        var (_, classes, sizes) = Below(ladders, levels, rows, k);
        return new Generalisation(ladders, levels, [.. Enumerable.Range(0, rows).Where(i => sizes[classes[i]] < k)]);
    }

    private static (int[] Levels, long Below) Step(IReadOnlyList<Ladder> ladders, int[] levels, int rows, int k, long below)
    {
        (int Column, long Below, double Score) best = (-1, 0, double.NegativeInfinity);
        for (var c = 0; c < levels.Length; c++)
        {
            if (levels[c] + 1 >= ladders[c].Rungs.Count)
            {
                continue;
            }

            levels[c]++;
            var left = Below(ladders, levels, rows, k).Rows;
            var loss = ladders[c].Rungs[levels[c]].Loss - ladders[c].Rungs[levels[c] - 1].Loss;
            levels[c]--;

            // Where no step saves a row, the column with most different values goes on.
            var score = below > left ? (below - left) / Math.Max(1e-6, loss) : -1.0 / ladders[c].Rungs[levels[c]].Labels.Count;
            if (score > best.Score)
            {
                best = (c, left, score);
            }
        }

        var next = (int[])levels.Clone();
        next[best.Column]++;
        return (next, best.Below);
    }

    private static int[] Back(IReadOnlyList<Ladder> ladders, int[] levels, int rows, int k, long allowed)
    {
        foreach (var c in Enumerable.Range(0, levels.Length).OrderByDescending(c => ladders[c].Rungs[levels[c]].Loss).ThenBy(c => c))
        {
            while (levels[c] > 0)
            {
                levels[c]--;
                if (Below(ladders, levels, rows, k).Rows > allowed)
                {
                    levels[c]++;
                    break;
                }
            }
        }

        return levels;
    }

    private static (long Rows, int[] Classes, int[] Sizes) Below(IReadOnlyList<Ladder> ladders, int[] levels, int rows, int k)
    {
        var (classes, count) = Anonymity.Classes([.. ladders.Select((l, c) => l.Rungs[levels[c]]).Where(r => r.Labels.Count > 1).Select(r => r.Codes)], rows);
        var sizes = Anonymity.Sizes(classes, count);
        return (sizes.Where(s => s < k).Sum(s => (long)s), classes, sizes);
    }
}
