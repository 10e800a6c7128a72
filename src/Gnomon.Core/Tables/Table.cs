namespace Gnomon.Core.Tables;

/// <summary>Columns of one length in memory: small results, samples, and data that a .NET program brings itself.</summary>
public sealed class Table
{
    public Table(IReadOnlyList<Column> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        if (columns.Count > 0 && columns.Any(c => c.Length != columns[0].Length))
        {
            throw new ArgumentException("The columns of a table have one length.", nameof(columns));
        }

        Columns = columns;
    }

    public IReadOnlyList<Column> Columns { get; }

    public int Rows => Columns.Count == 0 ? 0 : Columns[0].Length;

    public Column this[string name] => Columns.FirstOrDefault(c => c.Name == name)
        ?? throw new ArgumentException($"The table has no column '{name}'.", nameof(name));

    /// <summary>Starts a table in code: <c>Table.With("arm", arms).And("converted", values)</c>.</summary>
    public static Table With(string name, IEnumerable<string?> values) => new Table([]).And(name, values);

    public static Table With(string name, IEnumerable<double> values) => new Table([]).And(name, values);

    public static Table With(string name, IEnumerable<long> values) => new Table([]).And(name, values);

    public Table And(string name, IEnumerable<string?> values)
    {
        var dictionary = new List<string>();
        var index = new Dictionary<string, int>(StringComparer.Ordinal);
        var codes = new List<int>();
        foreach (var value in values)
        {
            if (value is null)
            {
                codes.Add(-1);
                continue;
            }

            if (!index.TryGetValue(value, out var code))
            {
                index.Add(value, code = dictionary.Count);
                dictionary.Add(value);
            }

            codes.Add(code);
        }

        return And(new TextColumn(name, [.. codes], dictionary));
    }

    public Table And(string name, IEnumerable<double> values)
    {
        var all = values.ToArray();
        var nulls = Array.Exists(all, v => !double.IsFinite(v)) ? Array.ConvertAll(all, v => !double.IsFinite(v)) : null;
        return And(new DoubleColumn(name, nulls is null ? all : Array.ConvertAll(all, v => double.IsFinite(v) ? v : 0), nulls));
    }

    public Table And(string name, IEnumerable<long> values) => And(new IntegerColumn(name, ColumnType.Integer, [.. values]));

    public Table And(string name, IEnumerable<bool> values) =>
        And(new IntegerColumn(name, ColumnType.Boolean, [.. values.Select(v => v ? 1L : 0L)]));

    public Table And(string name, IEnumerable<DateOnly> values)
    {
        var epoch = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
        return And(new IntegerColumn(name, ColumnType.Date, [.. values.Select(v => (long)(v.DayNumber - epoch))]));
    }

    private Table And(Column column) => new([.. Columns, column]);
}
