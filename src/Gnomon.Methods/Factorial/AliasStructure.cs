namespace Gnomon.Methods.Factorial;

/// <summary>Which effects of a factorial experiment are confounded: with each other, with the mean, with blocks.</summary>
/// <remarks>
/// Each term's columns are taken less their regression on blocks and on the terms before it (lower order first); a term of which nothing is left is aliased.
/// For regular two-level fractions this is the alias structure of the defining relation. Source: Box, Hunter and Hunter 2005, Statistics for Experimenters, chapter 6.
/// </remarks>
public sealed class AliasStructure
{
    private const double Tolerance = 1e-9;

    private AliasStructure(IReadOnlyList<AliasSet> kept, IReadOnlyList<IReadOnlyList<int>> mean, IReadOnlyList<IReadOnlyList<int>> blocks, IReadOnlyList<IReadOnlyList<int>> partial) =>
        (Kept, WithMean, WithBlocks, Partial) = (kept, mean, blocks, partial);

    /// <summary>Terms that can be estimated, each with the terms it cannot be told from.</summary>
    public IReadOnlyList<AliasSet> Kept { get; }

    /// <summary>Terms that are constant over the runs: the defining relation of a fraction.</summary>
    public IReadOnlyList<IReadOnlyList<int>> WithMean { get; }

    /// <summary>Terms that are constant within blocks.</summary>
    public IReadOnlyList<IReadOnlyList<int>> WithBlocks { get; }

    /// <summary>Terms tied to a mixture of others, or in part only: cells are empty without the pattern of a regular fraction.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Partial { get; }

    /// <summary>Smallest order of the defining relation, 0 for a full factorial: 3 ties main effects to pairs, 4 ties pairs to pairs.</summary>
    public int Resolution => WithMean.Count == 0 ? 0 : WithMean.Min(t => t.Count);

    /// <param name="grid">The crossed factors.</param>
    /// <param name="runs">Cell and block of every kind of run that was made; block 0 throughout without blocks.</param>
    public static AliasStructure Of(FactorialGrid grid, IReadOnlyList<(int Cell, int Block)> runs)
    {
        ArgumentNullException.ThrowIfNull(grid);
        ArgumentNullException.ThrowIfNull(runs);
        var basis = new List<double[]>();
        bool Add(double[] column)
        {
            var rest = Rest(column, basis);
            var length = Norm(rest);
            if (length <= Tolerance * Math.Max(1, Norm(column)))
            {
                return false;
            }

            basis.Add([.. rest.Select(v => v / length)]);
            return true;
        }

        Add([.. runs.Select(_ => 1.0)]);
        var means = basis.Count;
        foreach (var block in runs.Select(r => r.Block).Distinct().Order().Skip(1))
        {
            Add([.. runs.Select(r => r.Block == block ? 1.0 : 0.0)]);
        }

        var fixedSpan = basis.ToList();
        var kept = new List<(IReadOnlyList<int> Term, List<IReadOnlyList<int>> With, double[][] Columns)>();
        List<IReadOnlyList<int>> mean = [], blocks = [], partial = [];
        foreach (var term in grid.Terms)
        {
            var columns = ColumnsOf(grid, term, runs);
            var fresh = columns.Count(Add);
            if (fresh == columns.Length)
            {
                kept.Add((term, [], columns));
            }
            else if (fresh > 0)
            {
                partial.Add(term);
            }
            else if (columns.All(c => Inside(c, [.. fixedSpan.Take(means)])))
            {
                mean.Add(term);
            }
            else if (columns.All(c => Inside(c, fixedSpan)))
            {
                blocks.Add(term);
            }
            else if (kept.Find(k => k.Columns.Length == columns.Length && columns.All(c => k.Columns.Any(o => Same(c, o)))) is { With: { } with })
            {
                with.Add(term);
            }
            else
            {
                partial.Add(term);
            }
        }

        return new AliasStructure([.. kept.Select(k => new AliasSet(k.Term, k.With))], mean, blocks, partial);
    }

    private static double[][] ColumnsOf(FactorialGrid grid, IReadOnlyList<int> term, IReadOnlyList<(int Cell, int Block)> runs)
    {
        var rows = runs.Select(r => grid.Row(term, r.Cell)).ToList();
        return [.. Enumerable.Range(0, grid.Columns(term)).Select(j => rows.Select(r => r[j]).ToArray())];
    }

    private static bool Inside(double[] column, List<double[]> basis) => Norm(Rest(column, basis)) <= Tolerance * Math.Max(1, Norm(column));

    private static bool Same(double[] a, double[] b) => a.Zip(b).All(p => Math.Abs(p.First - p.Second) <= Tolerance) || a.Zip(b).All(p => Math.Abs(p.First + p.Second) <= Tolerance);

    // Twice, so that what is left of a column in the span is rounding alone.
    private static double[] Rest(double[] column, List<double[]> basis)
    {
        double[] rest = [.. column];
        for (var pass = 0; pass < 2; pass++)
        {
            foreach (var direction in basis)
            {
                var along = 0.0;
                for (var i = 0; i < rest.Length; i++)
                {
                    along += rest[i] * direction[i];
                }

                for (var i = 0; i < rest.Length; i++)
                {
                    rest[i] -= along * direction[i];
                }
            }
        }

        return rest;
    }

    private static double Norm(double[] v) => Math.Sqrt(v.Sum(x => x * x));
}
