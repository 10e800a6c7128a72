namespace Gnomon.Studies.Profile.Beside;

/// <summary>A cell of the population and the rows that stand for it.</summary>
/// <param name="Where">The cell in words: <c>area = rural and age = below 30</c>.</param>
/// <param name="Rows">Rows here.</param>
/// <param name="Share">Share of the population.</param>
/// <param name="Implied">Rows that a proportional sample would hold.</param>
internal sealed record Cell(string Where, long Rows, double Share, double Implied);

/// <summary>Cells of the population with too few rows here: groups of every column, and crossings of the two columns that differ most.</summary>
/// <param name="Sparse">Cells with less than half the rows that a proportional sample would hold, and ten or more expected; emptiest first.</param>
/// <param name="UncoveredShare">Share of the population in cells without a row here, by the column or crossing that leaves most out.</param>
/// <param name="LargestUncovered">The largest of these.</param>
internal sealed record Coverage(IReadOnlyList<Cell> Sparse, double UncoveredShare, string LargestUncovered)
{
    private const double FewestImplied = 10;

    // A cell where fifteen rows are expected is empty by chance once in three million.
    private const double ImpliedWhenEmpty = 15;

    /// <param name="margins">All margins.</param>
    /// <param name="differing">Those that differ, most first.</param>
    public static Coverage Of(IReadOnlyList<PopulationMargin> margins, IReadOnlyList<PopulationMargin> differing)
    {
        var tables = margins.Select(OneWay).ToList();
        if (differing.Count >= 2 && differing[0].ReferenceCodes is not null)
        {
            tables.Add(TwoWay(differing[0], differing[1]));
        }

        var sparse = tables.SelectMany(t => t).Where(c => c.Implied >= FewestImplied && c.Rows < c.Implied / 2).OrderBy(c => c.Rows / c.Implied).ThenByDescending(c => c.Implied).ThenBy(c => c.Where, StringComparer.Ordinal).ToList();
        var empty = tables.Select(t => t.Where(c => c.Rows == 0 && c.Implied >= ImpliedWhenEmpty).ToList()).OrderByDescending(t => t.Sum(c => c.Share)).FirstOrDefault() ?? [];
        return new Coverage(sparse, empty.Sum(c => c.Share), empty.OrderByDescending(c => c.Share).FirstOrDefault()?.Where ?? string.Empty);
    }

    private static List<Cell> OneWay(PopulationMargin m) => [.. m.Names.Select((n, g) => new Cell($"{m.Name} = {n}", m.Counts[g], m.Shares[g], m.Shares[g] * m.Rows))];

    // Counted in the samples of both files.
    private static List<Cell> TwoWay(PopulationMargin a, PopulationMargin b)
    {
        var width = b.Names.Count;
        var (here, rows) = Count(a.Codes, b.Codes, a.Names.Count, width);
        var (there, all) = Count(a.ReferenceCodes!, b.ReferenceCodes!, a.Names.Count, width);
        return [.. Enumerable.Range(0, here.Length).Where(_ => all > 0).Select(i => new Cell($"{a.Name} = {a.Names[i / width]} and {b.Name} = {b.Names[i % width]}", here[i], there[i] / (double)all, there[i] * (double)rows / all))];
    }

    private static (long[] Counts, long Rows) Count(int[] a, int[] b, int first, int second)
    {
        var counts = new long[first * second];
        long rows = 0;
        for (var i = 0; i < a.Length; i++)
        {
            if (a[i] >= 0 && b[i] >= 0)
            {
                counts[(a[i] * second) + b[i]]++;
                rows++;
            }
        }

        return (counts, rows);
    }
}
