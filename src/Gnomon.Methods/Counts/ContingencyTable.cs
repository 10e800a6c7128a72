using Gnomon.Methods.Data;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Random;
using Gnomon.Numerics.Special;

namespace Gnomon.Methods.Counts;

/// <summary>How a p-value of a table of counts was found.</summary>
public enum TableMethod
{
    /// <summary>Chi-square distribution.</summary>
    ChiSquare,

    /// <summary>All tables with these margins.</summary>
    Exact,

    /// <summary>Random tables with these margins.</summary>
    MonteCarlo,
}

/// <summary>Outcome of a test of independence in a table of counts.</summary>
/// <param name="Statistic">Pearson's chi-square without correction.</param>
/// <param name="DegreesOfFreedom">(rows - 1) (columns - 1) of rows and columns in use.</param>
/// <param name="PValue">p of independence.</param>
/// <param name="Method">How it was found.</param>
/// <param name="Tables">Tables with these margins, for exact; random tables, for Monte Carlo; 0 otherwise.</param>
/// <param name="SmallestExpected">Smallest expected count.</param>
/// <param name="CramersV">Bias-corrected Cramer's V (Bergsma 2013), 0 to 1.</param>
public sealed record TableResult(
    double Statistic, int DegreesOfFreedom, double PValue, TableMethod Method, long Tables, double SmallestExpected, double CramersV);

/// <summary>Independence of rows and columns in a table of counts, exact where the chi-square distribution is not to be trusted.</summary>
/// <remarks>
/// Sources: Pearson 1900; Freeman and Halton 1951, Biometrika 38 (exact given the margins); Patefield 1981, Applied Statistics 30, for the law of random tables.
/// The exact and Monte Carlo p order the tables by Pearson's statistic, so all three ways test one thing; <see cref="FreemanHalton"/> orders them by their chance, as R
/// <c>fisher.test</c> does.
/// </remarks>
public static class ContingencyTable
{
    /// <summary>Most tables that are enumerated.</summary>
    public const long MostTables = 500_000;

    const double TieTolerance = 1e-9;
    const double Rule = 5.0;

    /// <summary>Chi-square where every expected count is at least 5; else exact where there are at most <see cref="MostTables"/> tables; else Monte Carlo.</summary>
    /// <param name="counts">Table in row order.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="draws">Random tables, where they are needed.</param>
    /// <param name="seed">Seed of the random tables.</param>
    /// <exception cref="NotEstimableException">Fewer than two rows or columns hold a count.</exception>
    public static TableResult Test(ReadOnlySpan<long> counts, int columns, int draws = 9999, ulong seed = 1)
    {
        var (plain, table) = Read(counts, columns);
        if (plain.SmallestExpected >= Rule)
        {
            return Result(plain, counts, columns, plain.PValue, TableMethod.ChiSquare, 0);
        }

        return Exact(counts, columns) ?? MonteCarlo(plain, table, counts, columns, draws, seed);
    }

    /// <summary>p over all tables with these margins, ordered by Pearson's statistic; null when there are too many.</summary>
    /// <inheritdoc cref="Test"/>
    public static TableResult? Exact(ReadOnlySpan<long> counts, int columns)
    {
        var (plain, table) = Read(counts, columns);
        var bound = table.Statistic(table.Counts) * (1.0 - TieTolerance);
        var walk = new Enumeration(table, MostTables);
        return walk.Sum((log, statistic) => statistic >= bound) is { } p ? Result(plain, counts, columns, Math.Min(1.0, p), TableMethod.Exact, walk.Tables) : null;
    }

    /// <summary>Freeman and Halton's extension of Fisher's test: the chance of all tables no more likely than this one; null when there are too many.</summary>
    /// <inheritdoc cref="Test"/>
    public static double? FreemanHalton(ReadOnlySpan<long> counts, int columns)
    {
        var table = Read(counts, columns).Table;
        var bound = table.LogChance(table.Counts) + 1e-7;
        return new Enumeration(table, MostTables).Sum((log, statistic) => log <= bound) is { } p ? Math.Min(1.0, p) : null;
    }

    /// <summary>p over random tables with these margins; the table itself counts as one, so p is never 0.</summary>
    /// <inheritdoc cref="Test"/>
    public static TableResult MonteCarlo(ReadOnlySpan<long> counts, int columns, int draws = 9999, ulong seed = 1)
    {
        var (plain, table) = Read(counts, columns);
        return MonteCarlo(plain, table, counts, columns, draws, seed);
    }

    /// <summary>Bias-corrected Cramer's V with the interval that inverts the noncentral chi-square (Smithson 2003): sqrt((lambda) / (n min(rows - 1, columns - 1))).</summary>
    /// <param name="counts">Table in row order.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="NotEstimableException">Fewer than two rows or columns hold a count.</exception>
    public static Inference.EffectSizeResult CramersV(ReadOnlySpan<long> counts, int columns, double level = 0.95)
    {
        Inference.InferenceGuard.Level(level);
        var plain = Read(counts, columns).Plain;
        var room = plain.Total * (Math.Min(plain.Rows, plain.Columns) - 1.0);
        var tail = 0.5 * (1.0 - level);
        var low = Noncentrality(plain.Statistic, plain.DegreesOfFreedom, 1.0 - tail);
        var high = Noncentrality(plain.Statistic, plain.DegreesOfFreedom, tail);
        return new(
            Association.CramersV(counts, columns)?.Value ?? 0.0, Math.Min(1.0, Math.Sqrt(low / room)), Math.Min(1.0, Math.Sqrt(high / room)), level,
            "Cramer's V, bias-corrected, noncentral chi-square interval");
    }

    static double Noncentrality(double statistic, double degrees, double target)
    {
        double Gap(double lambda) => NoncentralChiSquared.Cdf(statistic, degrees, lambda) - target;
        if (!(statistic > 0) || Gap(0.0) <= 0)
        {
            return 0.0;
        }

        var high = Math.Max(10.0, 2.0 * statistic);
        for (var k = 0; k < 60 && Gap(high) > 0; k++)
        {
            high *= 2.0;
        }

        return Numerics.Optimizers.Brent.Root(Gap, 0.0, high, 1e-10 * high).X;
    }

    static TableResult MonteCarlo(ContingencyResult plain, Margins table, ReadOnlySpan<long> counts, int columns, int draws, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 99);
        const int BlockLength = 64;
        var bound = table.Statistic(table.Counts) * (1.0 - TieTolerance);
        var root = new Rng(seed);
        var blocks = new long[(draws + BlockLength - 1) / BlockLength];
        Parallel.For(0, blocks.Length, block =>
        {
            var rng = root.Stream("table", block);
            var cells = new long[table.Counts.Length];
            for (var i = block * BlockLength; i < Math.Min(draws, (block + 1) * BlockLength); i++)
            {
                table.Draw(cells, rng);
                blocks[block] += table.Statistic(cells) >= bound ? 1 : 0;
            }
        });
        return Result(plain, counts, columns, (blocks.Sum() + 1.0) / (draws + 1.0), TableMethod.MonteCarlo, draws);
    }

    static TableResult Result(ContingencyResult plain, ReadOnlySpan<long> counts, int columns, double p, TableMethod method, long tables) =>
        new(plain.Statistic, plain.DegreesOfFreedom, p, method, tables, plain.SmallestExpected, Association.CramersV(counts, columns)?.Value ?? 0.0);

    static (ContingencyResult Plain, Margins Table) Read(ReadOnlySpan<long> counts, int columns)
    {
        var plain = ContingencyTest.ChiSquare(counts, columns)
            ?? throw new NotEstimableException("Fewer than two rows or columns hold a count, so independence cannot be asked.");
        return (plain, Margins.Of(counts, columns));
    }

    /// <summary>A table without its empty rows and columns, with its margins.</summary>
    sealed class Margins
    {
        readonly double _logConstant;

        Margins(long[] rows, long[] columns, long[] counts)
        {
            Rows = rows;
            Columns = columns;
            Counts = counts;
            Total = rows.Sum();
            _logConstant = rows.Sum(LogFactorial) + columns.Sum(LogFactorial) - LogFactorial(Total);
        }

        public long[] Rows { get; }

        public long[] Columns { get; }

        public long[] Counts { get; }

        public long Total { get; }

        public static double LogFactorial(long n) => Gamma.Log(n + 1.0);

        public static Margins Of(ReadOnlySpan<long> counts, int columns)
        {
            var all = counts.ToArray();
            var height = all.Length / columns;
            int[] usedRows = [.. Enumerable.Range(0, height).Where(r => Enumerable.Range(0, columns).Any(c => all[r * columns + c] > 0))];
            int[] usedColumns = [.. Enumerable.Range(0, columns).Where(c => Enumerable.Range(0, height).Any(r => all[r * columns + c] > 0))];
            long[] kept = [.. usedRows.SelectMany(r => usedColumns.Select(c => all[r * columns + c]))];
            long[] rows = [.. Enumerable.Range(0, usedRows.Length).Select(r => Enumerable.Range(0, usedColumns.Length).Sum(c => kept[r * usedColumns.Length + c]))];
            long[] sums = [.. Enumerable.Range(0, usedColumns.Length).Select(c => Enumerable.Range(0, usedRows.Length).Sum(r => kept[r * usedColumns.Length + c]))];
            return new(rows, sums, kept);
        }

        public double Statistic(long[] cells)
        {
            var sum = 0.0;
            for (var r = 0; r < Rows.Length; r++)
            {
                for (var c = 0; c < Columns.Length; c++)
                {
                    sum += Term(r, c, cells[r * Columns.Length + c]);
                }
            }

            return sum;
        }

        public double Term(int r, int c, long cell)
        {
            var expected = (double)Rows[r] / Total * Columns[c];
            return (cell - expected) * (cell - expected) / expected;
        }

        public double LogChance(long[] cells) => _logConstant - cells.Sum(LogFactorial);

        // Inversion outwards from the mode: as many steps as the distribution is wide, one factor each.
        static long Hyper(double u, long population, long successes, long draws)
        {
            var low = Math.Max(0, draws + successes - population);
            var high = Math.Min(successes, draws);
            if (low == high)
            {
                return low;
            }

            double rest = population - successes - draws;
            var mode = Math.Clamp((long)((draws + 1.0) * (successes + 1.0) / (population + 2.0)), low, high);
            var up = Hypergeometric.Pmf(mode, population, successes, draws);
            var down = up;
            u -= up;
            var (above, below) = (mode, mode);
            while (u >= 0 && (above < high || below > low) && up + down > double.Epsilon)
            {
                if (above < high)
                {
                    up *= (successes - above) * (double)(draws - above) / ((above + 1.0) * (rest + above + 1.0));
                    above++;
                    u -= up;
                    if (u < 0)
                    {
                        return above;
                    }
                }

                if (below > low)
                {
                    down *= below * (rest + below) / ((successes - below + 1.0) * (draws - below + 1.0));
                    below--;
                    u -= down;
                    if (u < 0)
                    {
                        return below;
                    }
                }
            }

            return mode;
        }

        // Row by row, each cell hypergeometric given what is left of its row and of the columns.
        public void Draw(long[] cells, Rng rng)
        {
            var left = (long[])Columns.Clone();
            for (var r = 0; r < Rows.Length; r++)
            {
                var row = Rows[r];
                var population = left.Sum();
                for (var c = 0; c < left.Length; c++)
                {
                    var cell = c == left.Length - 1 ? row : Hyper(rng.NextDouble(), population, left[c], row);
                    cells[r * left.Length + c] = cell;
                    population -= left[c];
                    left[c] -= cell;
                    row -= cell;
                }
            }
        }
    }

    /// <summary>Every table with the margins, cell by cell.</summary>
    sealed class Enumeration(Margins margins, long limit)
    {
        readonly long[] _left = (long[])margins.Columns.Clone();
        double _sum;
        Func<double, double, bool> _counts = (_, _) => false;

        public long Tables { get; private set; }

        /// <summary>Chance of the tables that count; null past the limit.</summary>
        public double? Sum(Func<double, double, bool> counts)
        {
            _counts = counts;
            _sum = 0.0;
            Tables = 0;
            var constant = margins.LogChance([]);
            return Row(0, constant, 0.0) ? _sum : null;
        }

        bool Row(int r, double log, double statistic)
        {
            if (r == margins.Rows.Length - 1)
            {
                // The last row is what the columns have left.
                for (var c = 0; c < _left.Length; c++)
                {
                    log -= Margins.LogFactorial(_left[c]);
                    statistic += margins.Term(r, c, _left[c]);
                }

                _sum += _counts(log, statistic) ? Math.Exp(log) : 0.0;
                return ++Tables <= limit;
            }

            return Cell(r, 0, margins.Rows[r], log, statistic);
        }

        bool Cell(int r, int c, long row, double log, double statistic)
        {
            if (c == _left.Length - 1)
            {
                if (row > _left[c])
                {
                    return true;
                }

                _left[c] -= row;
                var goesOn = Row(r + 1, log - Margins.LogFactorial(row), statistic + margins.Term(r, c, row));
                _left[c] += row;
                return goesOn;
            }

            var rest = 0L;
            for (var k = c + 1; k < _left.Length; k++)
            {
                rest += _left[k];
            }

            for (var cell = Math.Max(0, row - rest); cell <= Math.Min(row, _left[c]); cell++)
            {
                _left[c] -= cell;
                var goesOn = Cell(r, c + 1, row - cell, log - Margins.LogFactorial(cell), statistic + margins.Term(r, c, cell));
                _left[c] += cell;
                if (!goesOn)
                {
                    return false;
                }
            }

            return true;
        }
    }
}
