using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;

namespace Gnomon.Studies.Assign;

/// <summary>What is known of the units: numbers (NaN for none) or texts.</summary>
internal sealed record ListColumn(string Name, double[]? Numbers, string?[]? Texts);

/// <summary>The list of units that arms are given to, in the order of the file.</summary>
internal sealed record UnitList(IReadOnlyList<string> Units, IReadOnlyList<ListColumn> Columns, long WithoutId, long OutsideLayer)
{
    private const int MostColumns = 40;

    public ListColumn Column(string name) => Columns.First(c => string.Equals(c.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <exception cref="GnomonError">A unit is listed twice, or a column is missing or of the wrong kind.</exception>
    public static UnitList Read(AssignOptions options, StudyContext context)
    {
        var data = context.RequireData();
        var unit = data.Schema.Require(options.Unit!, "--unit").Name;
        foreach (var name in options.Strata)
        {
            _ = data.Schema.Require(name, "--strata");
        }

        foreach (var name in options.Rerandomise)
        {
            if (!data.Schema.Require(name, "--rerandomise").IsNumeric)
            {
                throw new GnomonError("column-not-usable", $"{name} holds no numbers; the arms' means of it cannot be made alike.", "--rerandomise", $"Use --strata {name}.");
            }
        }

        var named = options.Strata.Concat(options.Rerandomise).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var fields = data.Schema.Where(f => f.Name != unit && (named.Contains(f.Name) || (f.Type != ColumnType.Nested && !f.IsTemporal && f.Type != ColumnType.Time)))
            .OrderBy(f => named.Contains(f.Name) ? 0 : 1).Take(Math.Max(MostColumns, named.Count)).ToList();
        bool IsNumber(Field f) => f.IsNumeric && f.Type != ColumnType.Boolean && !options.Strata.Contains(f.Name, StringComparer.OrdinalIgnoreCase);
        var units = new List<string>();
        var numbers = fields.Select(f => IsNumber(f) || options.Rerandomise.Contains(f.Name, StringComparer.OrdinalIgnoreCase) ? new List<double>() : null).ToArray();
        var texts = numbers.Select(n => n is null ? new List<string?>() : null).ToArray();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var (withoutId, outside, slot) = (0L, 0L, options.Slot);
        data.Scan(
            new Query { Select = [new Projection("unit", Scalar.Column(unit).ToText()), .. fields.Select((f, i) => new Projection($"c{i}", numbers[i] is null ? Scalar.Column(f.Name).ToText() : Scalar.Column(f.Name).ToDouble()))] },
            chunk =>
            {
                var codes = chunk.Codes(0);
                var ids = chunk.Dictionary(0);
                for (var i = 0; i < chunk.Rows; i++)
                {
                    if (codes[i] < 0)
                    {
                        withoutId++;
                        continue;
                    }

                    var id = ids[codes[i]];
                    if (!seen.Add(id))
                    {
                        throw new GnomonError("unit-repeats", $"{data.Name}: {unit} {id} is listed more than once; a unit has one arm.", "--unit", "Give one row per unit, for example with --query \"SELECT DISTINCT ...\".");
                    }

                    if (slot is not null && !slot.Holds(id))
                    {
                        outside++;
                        continue;
                    }

                    units.Add(id);
                    for (var c = 0; c < fields.Count; c++)
                    {
                        numbers[c]?.Add(chunk.IsNull(c + 1, i) ? double.NaN : chunk.Doubles(c + 1)[i]);
                        texts[c]?.Add(chunk.Codes(c + 1)[i] is var code && code < 0 ? null : chunk.Dictionary(c + 1)[code]);
                    }
                }

                return true;
            },
            context.Cancellation);
        return units.Count == 0
            ? throw new GnomonError("no-rows", $"{data.Name} has no unit to assign{(outside > 0 ? $": {Figures.Count(outside)} lie outside {options.Share} of layer {options.Layer}" : string.Empty)}.", "DATA", "Name a list of units.")
            : new(units, [.. fields.Select((f, i) => new ListColumn(f.Name, numbers[i]?.ToArray(), texts[i]?.ToArray()))], withoutId, outside);
    }
}
