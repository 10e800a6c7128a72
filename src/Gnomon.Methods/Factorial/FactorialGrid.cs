namespace Gnomon.Methods.Factorial;

/// <summary>The cells of crossed factors, the last factor turning fastest, and their effect coding.</summary>
/// <remarks>
/// A factor of L levels has L - 1 columns that add to 0 over its levels, level 0 the reference: with two levels -1 and +1. A term's columns are the products of its
/// factors' columns. Source: Montgomery 2017, Design and Analysis of Experiments, chapters 5 and 6.
/// </remarks>
public sealed class FactorialGrid
{
    private readonly int[] _levels;

    /// <param name="levels">Levels of each factor, at least 2 each; at least one factor.</param>
    public FactorialGrid(IReadOnlyList<int> levels)
    {
        ArgumentNullException.ThrowIfNull(levels);
        if (levels.Count == 0 || levels.Any(l => l < 2))
        {
            throw new ArgumentException("A grid has at least one factor, and each at least 2 levels.", nameof(levels));
        }

        _levels = [.. levels];
        Cells = _levels.Aggregate(1, (n, l) => checked(n * l));
        Terms = [.. Enumerable.Range(1, (1 << _levels.Length) - 1).Select(Factors).OrderBy(t => t.Count).ThenBy(t => string.Join(",", t.Select(f => f.ToString("00", System.Globalization.CultureInfo.InvariantCulture))), StringComparer.Ordinal)];
    }

    /// <summary>Levels of each factor.</summary>
    public IReadOnlyList<int> Levels => _levels;

    /// <summary>Number of cells.</summary>
    public int Cells { get; }

    /// <summary>Every set of factors, single ones first, then pairs, and so on: the main effects and the interactions.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Terms { get; }

    /// <summary>Level of one factor in one cell.</summary>
    public int Level(int cell, int factor)
    {
        for (var f = _levels.Length - 1; f > factor; f--)
        {
            cell /= _levels[f];
        }

        return cell % _levels[factor];
    }

    /// <summary>The cell with these levels, one per factor.</summary>
    public int Cell(IReadOnlyList<int> levels)
    {
        ArgumentNullException.ThrowIfNull(levels);
        var cell = 0;
        for (var f = 0; f < _levels.Length; f++)
        {
            cell = cell * _levels[f] + levels[f];
        }

        return cell;
    }

    /// <summary>Columns of a term: the product of levels less 1.</summary>
    public int Columns(IReadOnlyList<int> term) => term.Aggregate(1, (n, f) => n * (_levels[f] - 1));

    /// <summary>A term's columns in one cell.</summary>
    public double[] Row(IReadOnlyList<int> term, int cell) => Product(term, f => Coded(f, Level(cell, f)));

    /// <summary>Weights on a term's columns that give its contrast: levels <paramref name="to"/> less the reference levels, of every factor of the term (differences of differences for pairs).</summary>
    public double[] Contrast(IReadOnlyList<int> term, IReadOnlyList<int> to)
    {
        ArgumentNullException.ThrowIfNull(term);
        var place = term.Select((f, i) => (f, i)).ToDictionary(x => x.f, x => x.i);
        return Product(term, f =>
        {
            var (high, low) = (Coded(f, to[place[f]]), Coded(f, 0));
            return [.. high.Zip(low, (h, l) => h - l)];
        });
    }

    private static double[] Product(IReadOnlyList<int> term, Func<int, double[]> of)
    {
        double[] row = [1.0];
        foreach (var f in term)
        {
            var own = of(f);
            row = [.. row.SelectMany(r => own.Select(o => r * o))];
        }

        return row;
    }

    // Level 0 is -1 in every column, level j is +1 in column j - 1.
    private double[] Coded(int factor, int level)
    {
        var row = new double[_levels[factor] - 1];
        if (level == 0)
        {
            Array.Fill(row, -1.0);
        }
        else
        {
            row[level - 1] = 1.0;
        }

        return row;
    }

    private IReadOnlyList<int> Factors(int mask) => [.. Enumerable.Range(0, _levels.Length).Where(f => (mask >> f & 1) == 1)];
}
