using System.Globalization;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;

namespace Gnomon.Studies.Privacy;

/// <summary>One column of all rows: a code for each different value, what it says, and the number where it is one.</summary>
internal sealed record PrivacyColumn(string Name, ColumnType Type, int[] Codes, IReadOnlyList<string> Values, double[]? Numbers)
{
    public bool IsDate => Type is ColumnType.Date or ColumnType.Timestamp or ColumnType.LocalTimestamp;

    public bool IsNumber => Numbers is not null && !IsDate && Type is ColumnType.Integer or ColumnType.Double or ColumnType.Decimal;

    /// <summary>Different values, a missing one counted.</summary>
    public int Distinct => Values.Count;

    /// <summary>Only some rows.</summary>
    public PrivacyColumn Only(int[] rows) => this with { Codes = Array.ConvertAll(rows, i => Codes[i]), Numbers = Numbers is null ? null : Array.ConvertAll(rows, i => Numbers[i]) };
}

/// <summary>All rows in memory, as codes.</summary>
internal sealed class PrivacyTable
{
    private readonly string _name;

    private PrivacyTable(string name, IReadOnlyList<PrivacyColumn> columns, int rows) => (_name, Columns, Rows) = (name, columns, rows);

    public IReadOnlyList<PrivacyColumn> Columns { get; }

    public int Rows { get; }

    /// <param name="data">The table.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <param name="most">The first rows only; all when left out.</param>
    public static PrivacyTable Read(IDataset data, CancellationToken cancellation, long? most = null)
    {
        var table = data.Read(new Query { Select = [.. data.Schema.Select(f => Projection.Column(f.Name))], Limit = most }, cancellation);
        return table.Rows == 0
            ? throw new GnomonError("no-rows", $"{data.Name} has {Figures.Count(data.Schema.Count(), "column")} and no rows.", data.Name, "Check the file, or the condition of --where.")
            : new PrivacyTable(data.Name, [.. table.Columns.Select(Of)], table.Rows);
    }

    /// <exception cref="GnomonError"><c>column-not-found</c>.</exception>
    public PrivacyColumn Find(string name, string option) =>
        Columns.FirstOrDefault(c => c.Name == name) ?? Columns.FirstOrDefault(c => string.Equals(c.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new GnomonError("column-not-found", $"{_name} has no column '{name}'. Columns: {string.Join(", ", Columns.Take(30).Select(c => c.Name))}.", option,
            NearestName.To(name, Columns.Select(c => c.Name)) is { } nearest ? $"Did you mean '{nearest}'?" : null);

    /// <summary>The table without some rows.</summary>
    public PrivacyTable Without(HashSet<int> rows)
    {
        int[] kept = [.. Enumerable.Range(0, Rows).Where(i => !rows.Contains(i))];
        return new PrivacyTable(_name, [.. Columns.Select(c => c.Only(kept))], kept.Length);
    }

    private static PrivacyColumn Of(Column column)
    {
        var codes = new int[column.Length];
        var values = new List<string>();
        var numbers = column is TextColumn ? null : new double[column.Length];
        var known = new Dictionary<object, int>();
        var missing = -1;
        for (var i = 0; i < codes.Length; i++)
        {
            if (column.IsNull(i) || column.Cell(i) is not { } cell)
            {
                codes[i] = missing < 0 ? missing = Add(string.Empty) : missing;
                Set(numbers, i, double.NaN);
                continue;
            }

            if (!known.TryGetValue(cell, out var code))
            {
                known[cell] = code = Add(Text(cell));
            }

            codes[i] = code;
            Set(numbers, i, column switch { IntegerColumn whole => whole.Values[i], DoubleColumn d => d.Values[i], _ => double.NaN });
        }

        return new PrivacyColumn(column.Name, column.Type, codes, values, numbers);

        int Add(string text)
        {
            values.Add(text);
            return values.Count - 1;
        }
    }

    private static void Set(double[]? numbers, int at, double value)
    {
        if (numbers is not null)
        {
            numbers[at] = value;
        }
    }

    private static string Text(object cell) => cell switch
    {
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTimeOffset moment => moment.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture),
        DateTime moment => moment.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        _ => string.Create(CultureInfo.InvariantCulture, $"{cell}"),
    };
}
