using Gnomon.Core.Errors;
using Gnomon.Core.Tables;
using Gnomon.Methods.Planning;

namespace Gnomon.Studies.Design;

/// <summary>One item of the list as read.</summary>
internal sealed record PriorityRow(string Name, PriorityItem Item, bool Must, double? Realised);

/// <summary>Reads a list of items with reach, impact, confidence and effort: one column each, or three with the suffixes _low and _high beside the likeliest.</summary>
internal static class PriorityReader
{
    private const int MostItems = 500;
    private static readonly string[] Names = ["item", "name", "feature", "task", "title", "idea"];
    private static readonly string[] Musts = ["must", "must_have", "required", "mandatory"];
    private static readonly string[] Realised = ["realised", "realized", "realised_impact", "realized_impact", "actual_impact"];

    public static IReadOnlyList<PriorityRow> Read(IDataset data, CancellationToken cancellation)
    {
        var schema = data.Schema;
        string[] roles = ["reach", "impact", "confidence", "effort"];
        var ranges = roles.Select(r => Range(schema, r, data.Name)).ToList();
        var name = First(schema, Names) ?? throw new GnomonError("column-not-found", $"{data.Name} has no column with the items' names.", data.Name, "Call it item.");
        var (must, realised) = (First(schema, Musts), First(schema, Realised));
        var select = new List<Projection> { new("name", Scalar.Column(name.Name).ToText()), new("must", must is null ? Scalar.Value(string.Empty) : Scalar.Column(must.Name).ToText()), Number("realised", realised ?? ranges[0].Likely) };
        for (var r = 0; r < ranges.Count; r++)
        {
            select.AddRange([Number($"{roles[r]} low", ranges[r].Low), Number($"{roles[r]} likely", ranges[r].Likely), Number($"{roles[r]} high", ranges[r].High)]);
        }

        var table = data.Read(new Query { Select = select, Limit = MostItems + 1 }, cancellation);
        if (table.Rows > MostItems)
        {
            throw new GnomonError("too-many-items", $"{data.Name} has more than {MostItems} items to rank.", data.Name, "Leave out those that nobody would start, with --where.");
        }

        var percent = Enumerable.Range(0, table.Rows).Any(i => Cell(table, "confidence high", i) is > 1);
        return [.. Enumerable.Range(0, table.Rows).Select(i => Row(table, i, data.Name, percent, realised is not null))];
    }

    private static PriorityRow Row(Table table, int i, string source, bool percent, bool hasRealised)
    {
        var name = table["name"].Cell(i) as string ?? $"row {i + 1}";
        var ranges = new List<TriangularRange>();
        foreach (var role in new[] { "reach", "impact", "confidence", "effort" })
        {
            var scale = role == "confidence" && percent ? 0.01 : 1;
            var likely = Cell(table, $"{role} likely", i) * scale ?? throw new GnomonError("value-missing", $"{source}, {name}: no value of {role}.", role, "Give every item its four inputs.");
            var (low, high) = (Cell(table, $"{role} low", i) * scale ?? likely, Cell(table, $"{role} high", i) * scale ?? likely);
            if (!(low <= likely && likely <= high))
            {
                throw new GnomonError("bad-range", $"{source}, {name}: {role} goes from {low:0.###} over {likely:0.###} to {high:0.###}.", role, "A range goes from low over the likeliest to high.");
            }

            if (low < 0 || (role == "effort" && low == 0) || (role == "confidence" && high > 1))
            {
                throw new GnomonError("bad-range", $"{source}, {name}: {role} of {low:0.###} to {high:0.###} cannot be.", role, "Reach and impact are not negative, confidence is a share or a percentage, effort is positive.");
            }

            ranges.Add(new TriangularRange(low, likely, high));
        }

        var must = table["must"].Cell(i) as string;
        return new PriorityRow(name, new PriorityItem(ranges[0], ranges[1], ranges[2], ranges[3]), must?.Trim().ToLowerInvariant() is "yes" or "true" or "1" or "must" or "m" or "x", hasRealised ? Cell(table, "realised", i) : null);
    }

    private static double? Cell(Table table, string column, int i) => table[column].Cell(i) as double?;

    private static Projection Number(string name, Field field) => new(name, Scalar.Column(field.Name).ToDouble());

    private static (Field Low, Field Likely, Field High) Range(Schema schema, string role, string source)
    {
        var likely = First(schema, [$"{role}_likely", $"{role}_mode", $"{role}_mid", role]);
        var (low, high) = (First(schema, [$"{role}_low", $"{role}_min", $"{role}_lowest"]), First(schema, [$"{role}_high", $"{role}_max", $"{role}_highest"]));
        return likely is null
            ? throw new GnomonError("column-not-found", $"{source} has no column '{role}'. Columns: {string.Join(", ", schema.Take(30).Select(f => f.Name))}.", role, $"Give {role}, with {role}_low and {role}_high for its range.")
            : (low ?? likely, likely, high ?? likely);
    }

    private static Field? First(Schema schema, string[] names) => names.Select(n => schema.FirstOrDefault(f => string.Equals(f.Name.Trim().Replace(' ', '_'), n, StringComparison.OrdinalIgnoreCase))).FirstOrDefault(f => f is not null);
}
