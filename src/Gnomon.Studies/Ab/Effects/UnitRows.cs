using Gnomon.Core.Errors;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Methods.Experiments;

namespace Gnomon.Studies.Ab.Effects;

/// <summary>A column of units in memory: numbers (NaN for none) or codes of levels (-1 for none).</summary>
internal sealed record UnitColumn(string Name, double[]? Numbers, int[]? Codes, IReadOnlyList<string> Levels, bool IsDay);

/// <summary>Single units with an arm, in the order of the file: for methods that need each of them.</summary>
internal sealed record UnitRows
{
    // Halves come from a line of their own: independent of every experiment's salt, and the same in every reading of the same units.
    private const string HalvesSalt = "halves";

    /// <summary>Index of the arm among those asked for.</summary>
    public required int[] Arm { get; init; }

    /// <summary>The metric; NaN for none.</summary>
    public required double[] Value { get; init; }

    /// <summary>Place of the unit in [0, 1), by a hash of its id; by its row where there is no id.</summary>
    public required double[] Place { get; init; }

    public required IReadOnlyList<UnitColumn> Columns { get; init; }

    public int Count => Arm.Length;

    /// <param name="data">The data.</param>
    /// <param name="unit">Column of the unit; null when each row is one.</param>
    /// <param name="variant">Column of the arm.</param>
    /// <param name="metric">The metric, one value per row.</param>
    /// <param name="arms">Arms to read, in their order; rows of others are passed by.</param>
    /// <param name="columns">Columns to read beside it.</param>
    /// <param name="context">For cancellation and progress.</param>
    public static UnitRows Read(IDataset data, string? unit, string variant, MetricSpec metric, IReadOnlyList<string> arms, IReadOnlyList<Field> columns, StudyContext context)
    {
        var value = metric.Event is null ? Scalar.Column(metric.Column).ToDouble() : Scalar.Column(metric.Column).ToText().EqualTo(Scalar.Value(metric.Event)).ToDouble();
        var select = new List<Projection> { new("arm", Scalar.Column(variant).ToText()), new("value", value) };
        if (unit is not null)
        {
            select.Add(new Projection("unit", Scalar.Column(unit).ToText()));
        }

        var first = select.Count;
        select.AddRange(columns.Select((c, i) => new Projection($"c{i}", c.IsTemporal ? Scalar.Call(ScalarFunction.ToDay, Scalar.Column(c.Name)) : IsNumber(c) ? Scalar.Column(c.Name).ToDouble() : Scalar.Column(c.Name).ToText())));
        var index = arms.Select((name, i) => (name, i)).ToDictionary(a => a.name, a => a.i);
        var (armOf, values, places) = (new List<int>(), new List<double>(), new List<double>());
        var numbers = columns.Select(c => IsNumber(c) || c.IsTemporal ? new List<double>() : null).ToArray();
        var codes = columns.Select(c => IsNumber(c) || c.IsTemporal ? null : new List<int>()).ToArray();
        var levels = new IReadOnlyList<string>[columns.Count];
        var row = 0L;
        data.Scan(
            new Query { Select = select },
            chunk =>
            {
                var arm = chunk.Codes(0);
                var known = chunk.Dictionary(0);
                var read = chunk.Doubles(1);
                var ids = unit is null ? default : chunk.Codes(2);
                var names = unit is null ? [] : chunk.Dictionary(2);
                for (var i = 0; i < chunk.Rows; i++)
                {
                    row++;
                    if (arm[i] < 0 || !index.TryGetValue(known[arm[i]], out var at) || (unit is not null && ids[i] < 0))
                    {
                        continue;
                    }

                    armOf.Add(at);
                    values.Add(chunk.IsNull(1, i) ? double.NaN : read[i]);
                    places.Add(Assignment.Place(HalvesSalt, unit is null ? row.ToString(System.Globalization.CultureInfo.InvariantCulture) : names[ids[i]]));
                    for (var c = 0; c < columns.Count; c++)
                    {
                        if (codes[c] is { } text)
                        {
                            text.Add(chunk.Codes(first + c)[i]);
                        }
                        else
                        {
                            numbers[c]!.Add(chunk.IsNull(first + c, i) ? double.NaN : columns[c].IsTemporal ? chunk.Integers(first + c)[i] : chunk.Doubles(first + c)[i]);
                        }
                    }
                }

                for (var c = 0; c < columns.Count; c++)
                {
                    levels[c] = codes[c] is null ? [] : chunk.Dictionary(first + c);
                }

                return true;
            },
            context.Cancellation);
        return new UnitRows
        {
            Arm = [.. armOf],
            Value = [.. values],
            Place = [.. places],
            Columns = [.. columns.Select((c, i) => new UnitColumn(c.Name, numbers[i]?.ToArray(), codes[i]?.ToArray(), [.. levels[i] ?? []], c.IsTemporal))],
        };
    }

    /// <exception cref="GnomonError">The column holds lists or structures.</exception>
    public static Field Require(Schema schema, string name, string option)
    {
        var field = schema.Require(name, option);
        return field.Type == ColumnType.Nested
            ? throw new GnomonError("column-not-usable", $"{field.Name} holds {field.NativeType}; units cannot be cut by it.", option, "Name a column of numbers, dates, texts or true/false values.")
            : field;
    }

    private static bool IsNumber(Field field) => field.IsNumeric && field.Type != ColumnType.Boolean;
}
