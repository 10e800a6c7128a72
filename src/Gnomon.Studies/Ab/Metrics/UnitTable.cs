using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;

namespace Gnomon.Studies.Ab.Metrics;

/// <summary>How a column becomes one value per unit where units repeat over rows.</summary>
internal enum UnitFold
{
    /// <summary>Sum of the rows' values; missing when no row has one.</summary>
    Sum,

    /// <summary>Rows that have a value.</summary>
    Count,

    /// <summary>Mean of the rows' values.</summary>
    Mean,

    /// <summary>The smallest.</summary>
    First,

    /// <summary>The largest.</summary>
    Last,

    /// <summary>Text; the first in the alphabet of the rows' values.</summary>
    Text,
}

/// <param name="Name">Key of the column in the table.</param>
/// <param name="Value">What is read per row.</param>
/// <param name="Fold">How rows become a unit.</param>
/// <param name="Bits">Bits after the binary point that keep sums exact.</param>
/// <param name="Present">Rows that count towards a sum; null where all do.</param>
internal sealed record UnitColumn(string Name, Scalar Value, UnitFold Fold, double Bits = 0, Scalar? Present = null);

/// <summary>
/// One line per unit in memory, for what moments alone do not answer: ranks, predictions, strata. Units are told apart, and those of several arms treated, as
/// <see cref="AbReader"/> does it; where units repeat they are put in the order of their hashes, so that no sum depends on the engine's threads.
/// </summary>
internal sealed class UnitTable
{
    private const long MostValues = 300_000_000;
    private readonly Dictionary<string, double[]> _numbers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int[]> _codes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<string>> _texts = new(StringComparer.Ordinal);

    private UnitTable(int[] arm, ulong[] hash) => (Arm, Hash) = (arm, hash);

    /// <summary>Place of the unit's arm among the input's arms.</summary>
    public int[] Arm { get; }

    /// <summary>Hash of the unit; the number of its row without a unit column.</summary>
    public ulong[] Hash { get; }

    public int Count => Arm.Length;

    /// <summary>Values of a column; NaN where the unit has none.</summary>
    public double[] Numbers(string name) => _numbers[name];

    /// <summary>Codes of a text column into <see cref="Levels"/>; -1 where the unit has none.</summary>
    public int[] Codes(string name) => _codes[name];

    public IReadOnlyList<string> Levels(string name) => _texts[name];

    /// <summary>Rows of one arm.</summary>
    public int[] Of(int arm) => [.. Enumerable.Range(0, Count).Where(i => Arm[i] == arm)];

    /// <exception cref="GnomonError"><c>too-many-units</c>: they would not fit into memory.</exception>
    public static UnitTable Read(AbReader reader, AbInput input, IReadOnlyList<UnitColumn> columns, StudyContext context)
    {
        if (input.TotalUnits * (columns.Count + 2) > MostValues)
        {
            throw new GnomonError(
                "too-many-units", $"{Figures.Count(input.TotalUnits, "unit")} with {Figures.Count(columns.Count, "column")} are more than are held in memory at once.", reader.Data.Name,
                "Ask for fewer metrics or covariates at a time, or keep a part of the units with --where.");
        }

        var (query, several) = Question(reader, input.Repeated, columns);
        var gathered = new Gathered(columns, input);
        reader.Data.Scan(query, chunk => gathered.Take(chunk, reader, several), context.Cancellation);
        return gathered.ToTable(input.Repeated);
    }

    /// <summary>
    /// Every row on its own where the reader's unit is a cluster that was assigned: the hash is that of the cluster. Rows lie in the order of clusters and values, so that no sum depends on the
    /// engine's threads; clusters in several arms are left out.
    /// </summary>
    public static UnitTable OfRows(AbReader reader, AbInput input, IReadOnlyList<UnitColumn> columns, StudyContext context) =>
        Read(reader, input with { Repeated = false }, columns, context).Grouped();

    /// <summary>Rows of one arm by cluster, in the order of the table.</summary>
    public IReadOnlyList<int[]> Clusters(int arm) => [.. Of(arm).GroupBy(i => Hash[i]).Select(g => g.ToArray())];

    private UnitTable Grouped()
    {
        var armOf = new Dictionary<ulong, int>();
        var mixed = new HashSet<ulong>();
        for (var i = 0; i < Count; i++)
        {
            if (!armOf.TryAdd(Hash[i], Arm[i]) && armOf[Hash[i]] != Arm[i])
            {
                mixed.Add(Hash[i]);
            }
        }

        int[] order = [.. Enumerable.Range(0, Count).Where(i => !mixed.Contains(Hash[i]))];
        double[][] numbers = [.. _numbers.OrderBy(n => n.Key, StringComparer.Ordinal).Select(n => n.Value)];
        string?[][] texts = [.. _codes.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => Array.ConvertAll(c.Value, code => code < 0 ? null : _texts[c.Key][code]))];
        Array.Sort(order, (i, j) =>
        {
            var by = Hash[i].CompareTo(Hash[j]);
            for (var c = 0; by == 0 && c < numbers.Length; c++)
            {
                by = numbers[c][i].CompareTo(numbers[c][j]);
            }

            for (var c = 0; by == 0 && c < texts.Length; c++)
            {
                by = string.CompareOrdinal(texts[c][i], texts[c][j]);
            }

            return by;
        });
        var table = new UnitTable(Array.ConvertAll(order, i => Arm[i]), Array.ConvertAll(order, i => Hash[i]));
        foreach (var (name, values) in _numbers)
        {
            table._numbers[name] = Array.ConvertAll(order, i => values[i]);
        }

        foreach (var (name, codes) in _codes)
        {
            table._codes[name] = Array.ConvertAll(order, i => codes[i]);
            table._texts[name] = _texts[name];
        }

        return table;
    }

    private static (Query Query, bool Several) Question(AbReader reader, bool repeated, IReadOnlyList<UnitColumn> columns)
    {
        var arm = reader.Arm.ToText();
        var select = new List<Projection>();
        if (!repeated)
        {
            select.Add(new("arm", arm));
            select.Add(new("unit", reader.Unit is { } unit ? Scalar.Column(unit).Hash() : arm.Hash()));
            select.AddRange(columns.Select((c, i) => new Projection($"v{i}", c.Fold == UnitFold.Count ? c.Value.IsNull().Not().ToDouble() : c.Value)));
            return (new Query { Select = select, Where = reader.Usable() }, false);
        }

        select.Add(new("arm", reader.Time is null ? Scalar.Aggregate(AggregateFunction.Min, arm) : reader.First(arm, reversed: false)));
        select.Add(new("unit", Scalar.Column(reader.Unit!).Hash()));
        select.Add(new("several", Scalar.Call(ScalarFunction.NotEqual, Scalar.Aggregate(AggregateFunction.Min, arm), Scalar.Aggregate(AggregateFunction.Max, arm))));
        select.AddRange(columns.Select((c, i) => new Projection($"v{i}", Folded(c))));
        return (new Query { Select = select, Where = reader.Usable(), GroupBy = [Scalar.Column(reader.Unit!)] }, reader.Time is null);
    }

    private static Scalar Folded(UnitColumn c) => c.Fold switch
    {
        UnitFold.Sum => Scalar.Aggregate(AggregateFunction.FixedPointSum, c.Value, c.Present, c.Bits),
        UnitFold.Count => Scalar.Aggregate(AggregateFunction.Count, c.Value).ToDouble(),
        UnitFold.Mean => Scalar.Aggregate(AggregateFunction.FixedPointSum, c.Value, null, c.Bits) / Scalar.Aggregate(AggregateFunction.Count, c.Value).ToDouble(),
        UnitFold.Last => Scalar.Aggregate(AggregateFunction.Max, c.Value),
        _ => Scalar.Aggregate(AggregateFunction.Min, c.Value),
    };

    /// <summary>The lines of one scan.</summary>
    private sealed class Gathered(IReadOnlyList<UnitColumn> columns, AbInput input)
    {
        private readonly Dictionary<string, int> _arms = input.Arms.Select((name, i) => (name, i)).ToDictionary(a => a.name, a => a.i, StringComparer.Ordinal);
        private readonly List<int> _arm = new((int)input.TotalUnits);
        private readonly List<ulong> _hash = new((int)input.TotalUnits);
        private readonly List<double>?[] _values = [.. columns.Select(c => c.Fold == UnitFold.Text ? null : new List<double>((int)input.TotalUnits))];
        private readonly List<int>?[] _codes = [.. columns.Select(c => c.Fold == UnitFold.Text ? new List<int>((int)input.TotalUnits) : null)];
        private readonly IReadOnlyList<string>[] _levels = new IReadOnlyList<string>[columns.Count];

        public bool Take(Chunk chunk, AbReader reader, bool several)
        {
            var arms = chunk.Codes(0);
            var dictionary = chunk.Dictionary(0);
            var hashes = chunk.Hashes(1);
            var first = reader.Unit is not null && chunk.ColumnCount == columns.Count + 3 ? 3 : 2;
            var aside = several ? chunk.Integers(2) : default;
            var kept = new List<int>(chunk.Rows);
            for (var i = 0; i < chunk.Rows; i++)
            {
                if (arms[i] < 0 || (several && aside[i] != 0) || !_arms.TryGetValue(dictionary[arms[i]], out var arm))
                {
                    continue;
                }

                kept.Add(i);
                _hash.Add(reader.Unit is null ? (ulong)_arm.Count : hashes[i]);
                _arm.Add(arm);
            }

            for (var c = 0; c < columns.Count; c++)
            {
                if (_codes[c] is { } codes)
                {
                    var seen = chunk.Codes(first + c);
                    foreach (var i in kept)
                    {
                        codes.Add(seen[i]);
                    }

                    _levels[c] = chunk.Dictionary(first + c);
                    continue;
                }

                var doubles = chunk.Doubles(first + c);
                foreach (var i in kept)
                {
                    _values[c]!.Add(chunk.IsNull(first + c, i) ? double.NaN : doubles[i]);
                }
            }

            return true;
        }

        public UnitTable ToTable(bool sort)
        {
            var order = Enumerable.Range(0, _arm.Count).ToArray();
            if (sort)
            {
                Array.Sort([.. _hash], order);
            }

            var table = new UnitTable([.. order.Select(i => _arm[i])], [.. order.Select(i => _hash[i])]);
            for (var c = 0; c < columns.Count; c++)
            {
                if (_codes[c] is { } codes)
                {
                    table._codes[columns[c].Name] = [.. order.Select(i => codes[i])];
                    table._texts[columns[c].Name] = [.. _levels[c] ?? []];
                }
                else
                {
                    table._numbers[columns[c].Name] = [.. order.Select(i => _values[c]![i])];
                }
            }

            return table;
        }
    }
}
