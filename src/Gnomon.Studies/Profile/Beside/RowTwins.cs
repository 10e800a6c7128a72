using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Studies.Profile.Scan;

namespace Gnomon.Studies.Profile.Beside;

/// <summary>
/// Which rows of the data have an equal, or an equal but for one column, in another file. A sample of the data is kept as hashes; the other file, of any size, streams by.
/// A match counts where chance would not have made it: by the frequencies of the row's values, and by how many rows of the other file differ from it in one column.
/// </summary>
internal sealed class RowTwins
{
    private const int MostRows = 20_000;
    private const int MostColumns = 60;
    private const int FewestForNear = 5;
    private const double ExpectedForEqual = 0.05;
    private const double ExpectedForNear = 0.001;
    private readonly IReadOnlyList<string> _columns;
    private readonly HashSet<string> _repeated;
    private readonly Dictionary<ulong, int> _seen = [];
    private readonly Dictionary<ulong, int>[] _values;
    private readonly List<ulong[]> _rows = [];
    private long _there;

    private RowTwins(IReadOnlyList<string> columns, HashSet<string> repeated)
    {
        _columns = [.. columns.Take(MostColumns)];
        _repeated = repeated;
        _values = [.. _columns.Select(_ => new Dictionary<ulong, int>())];
    }

    public long Rows => _rows.Count;

    public long Equal { get; private set; }

    public long AllButOne { get; private set; }

    public long ByChance { get; private set; }

    /// <param name="columns">Columns in both files that are compared.</param>
    /// <param name="repeated">Of these, columns that repeat another and count once.</param>
    /// <param name="rows">Rows of the data.</param>
    /// <param name="here">The data.</param>
    /// <param name="there">The other file.</param>
    public static RowTwins Find(IReadOnlyList<string> columns, HashSet<string> repeated, long rows, IDataset here, IDataset there, StudyContext context)
    {
        var twins = new RowTwins(columns, repeated);
        if (columns.Count == 0)
        {
            return twins;
        }

        var numeric = twins._columns.Select(c => here.Schema.Require(c).IsNumeric && there.Schema.Require(c).IsNumeric).ToArray();
        var step = Math.Max(1, (rows + MostRows - 1) / MostRows);
        var at = 0L;
        Stream(here, twins._columns, numeric, cells =>
        {
            if (at++ % step == 0)
            {
                twins.Keep(cells);
            }
        }, context);
        Stream(there, twins._columns, numeric, twins.Meet, context);
        twins.Judge();
        return twins;
    }

    // Cells as hashes: numbers by value, texts without case and outer blanks.
    private static void Stream(IDataset data, IReadOnlyList<string> columns, bool[] numeric, Action<ulong[]> row, StudyContext context)
    {
        var query = new Query
        {
            Select = [.. columns.Select((c, i) => new Projection(FormattableString.Invariant($"c{i}"), numeric[i] ? Scalar.Column(data.Schema.Require(c).Name).ToDouble() : Scalar.Column(data.Schema.Require(c).Name).ToText()))],
        };
        var texts = columns.Select(_ => new List<ulong>()).ToArray();
        var cells = new ulong[columns.Count];
        data.Scan(query, chunk =>
        {
            for (var c = 0; c < columns.Count; c++)
            {
                // The dictionary holds the texts of this chunk once its codes were asked for.
                if (!numeric[c] && chunk.Codes(c).Length >= 0)
                {
                    var dictionary = chunk.Dictionary(c);
                    for (var k = texts[c].Count; k < dictionary.Count; k++)
                    {
                        texts[c].Add(Hash(dictionary[k]));
                    }
                }
            }

            for (var i = 0; i < chunk.Rows; i++)
            {
                for (var c = 0; c < columns.Count; c++)
                {
                    cells[c] = chunk.IsNull(c, i) ? 0x9E37UL : numeric[c] ? ValueTable.Hash(BitConverter.DoubleToUInt64Bits(chunk.Doubles(c)[i] + 0.0)) : texts[c][chunk.Codes(c)[i]];
                }

                row(cells);
            }

            return true;
        }, context.Cancellation);
    }

    private static ulong Hash(string text)
    {
        var hash = 14_695_981_039_346_656_037UL;
        foreach (var c in text.AsSpan().Trim())
        {
            hash = (hash ^ char.ToLowerInvariant(c)) * 1_099_511_628_211UL;
        }

        return ValueTable.Hash(hash);
    }

    private static ulong Part(ulong cell, int column) => ValueTable.Hash(cell + (0x9E3779B97F4A7C15UL * (ulong)(column + 1)));

    private static ulong Without(ulong row, ulong cell, int column) => row - Part(cell, column) + ValueTable.Hash(0xD1B54A32D192ED03UL + (ulong)column);

    private static ulong Whole(ulong[] cells)
    {
        var sum = 0UL;
        for (var c = 0; c < cells.Length; c++)
        {
            sum += Part(cells[c], c);
        }

        return sum;
    }

    private void Keep(ulong[] cells)
    {
        _rows.Add((ulong[])cells.Clone());
        var whole = Whole(cells);
        _seen[whole] = 0;
        for (var c = 0; c < cells.Length; c++)
        {
            _seen[Without(whole, cells[c], c)] = 0;
            _values[c][cells[c]] = 0;
        }
    }

    private void Meet(ulong[] cells)
    {
        _there++;
        var whole = Whole(cells);
        Count(_seen, whole);
        for (var c = 0; c < cells.Length; c++)
        {
            Count(_seen, Without(whole, cells[c], c));
            Count(_values[c], cells[c]);
        }
    }

    private static void Count(Dictionary<ulong, int> counts, ulong key)
    {
        ref var count = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrNullRef(counts, key);
        if (!System.Runtime.CompilerServices.Unsafe.IsNullRef(ref count))
        {
            count++;
        }
    }

    private void Judge()
    {
        foreach (var cells in _rows)
        {
            var whole = Whole(cells);
            var equal = _seen[whole];
            var (near, expected) = Neighbours(cells, whole, equal);
            if (equal > 0)
            {
                (Equal, ByChance) = Math.Max(expected, Product(cells, -1)) < ExpectedForEqual ? (Equal + 1, ByChance) : (Equal, ByChance + 1);
            }
            else if (near >= 0)
            {
                AllButOne++;
            }
        }
    }

    // A column by which alone a row differs from one there although chance would not have it; and how many equals the density around the row would make.
    private (int Near, double Expected) Neighbours(ulong[] cells, ulong whole, int equal)
    {
        var (near, expected) = (-1, 0.0);
        for (var c = 0; c < cells.Length; c++)
        {
            var others = _seen[Without(whole, cells[c], c)] - equal;
            if (others <= 0)
            {
                continue;
            }

            var share = (_values[c][cells[c]] + 0.5) / (_there + 1.0);
            expected = Math.Max(expected, others * share / (1 - share));
            near = near < 0 && cells.Length >= FewestForNear && Product(cells, c) < ExpectedForNear ? c : near;
        }

        return (near, expected);
    }

    // Rows there that would agree if columns were independent, columns that repeat another counted once.
    private double Product(ulong[] cells, int without)
    {
        double product = _there;
        for (var c = 0; c < cells.Length; c++)
        {
            product *= c == without || _repeated.Contains(_columns[c]) ? 1 : Math.Min(1, (_values[c][cells[c]] + 0.5) / (_there + 1.0));
        }

        return product;
    }
}
