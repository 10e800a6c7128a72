using Gnomon.Core.Errors;
using Gnomon.Core.Tables;
using Gnomon.Studies.Profile.Looks;

namespace Gnomon.Studies.Profile.Beside;

/// <summary>A population described by its margins: one line per group with the columns variable, value and share.</summary>
internal static class MarginsFile
{
    private const double Near = 0.02;

    public static bool Is(Schema schema) => schema.Count == 3 && schema.Select(f => f.Name.ToLowerInvariant()).Order(StringComparer.Ordinal).SequenceEqual(["share", "value", "variable"]);

    /// <exception cref="GnomonError">A column is not in the data or cannot be listed, a share is no number, shares do not add up.</exception>
    public static IReadOnlyList<PopulationMargin> Read(IDataset data, IReadOnlyList<SampleColumn> columns, CancellationToken cancellation)
    {
        var table = data.Read(Query.Of(
            new Projection("variable", Scalar.Column(data.Schema.Require("variable").Name).ToText()),
            new Projection("value", Scalar.Column(data.Schema.Require("value").Name).ToText()),
            new Projection("share", Scalar.Column(data.Schema.Require("share").Name).ToDouble())), cancellation);
        var lines = Enumerable.Range(0, table.Rows).Select(i => (Variable: (string?)table["variable"].Cell(i), Value: (string?)table["value"].Cell(i), Share: (double?)table["share"].Cell(i))).ToList();
        var bad = lines.FindIndex(l => l.Variable is null || l.Value is null || l.Share is not { } s || !(s >= 0));
        if (bad >= 0)
        {
            throw new GnomonError("bad-margins", $"{data.Name}, line {bad + 2}: a variable, a value and a share of 0 or more are needed.", "--reference", "Write one line per group: variable,value,share.");
        }

        return [.. lines.GroupBy(l => l.Variable!, StringComparer.Ordinal).Select(g => Margin(data.Name, g.Key, [.. g.Select(l => (l.Value!, l.Share!.Value))], columns))];
    }

    private static PopulationMargin Margin(string file, string variable, IReadOnlyList<(string Value, double Share)> lines, IReadOnlyList<SampleColumn> columns)
    {
        var column = columns.FirstOrDefault(c => c.Name == variable) ?? columns.FirstOrDefault(c => string.Equals(c.Name, variable, StringComparison.OrdinalIgnoreCase))
            ?? throw new GnomonError("column-not-found", $"{file} gives margins of '{variable}', which the data do not have. Columns: {string.Join(", ", columns.Take(30).Select(c => c.Name))}.", "--reference", NearestName.To(variable, columns.Select(c => c.Name)) is { } near ? $"Did you mean '{near}'?" : null);
        var total = lines.Sum(l => l.Share);
        var whole = Math.Abs(total - 100) < 100 * Near ? 100 : Math.Abs(total - 1) < Near ? 1 : 0;
        if (whole == 0)
        {
            throw new GnomonError("bad-margins", $"{file}: the shares of {variable} add up to {total:0.###}.", "--reference", "Give shares that add up to 1, or to 100 in per cent.");
        }

        if (lines.Select(l => l.Value).Distinct(StringComparer.Ordinal).Count() < lines.Count)
        {
            throw new GnomonError("bad-margins", $"{file} names a value of {variable} twice.", "--reference", "Give each value one line.");
        }

        if (!Levels.CanList(column.Facts))
        {
            throw new GnomonError("bad-margins", $"{file} gives margins of {variable}, which here holds {column.Facts.Role.Word()} with {column.Facts.Scan.Distinct} values.", "--reference", "Cut it into bands first, for example with --query, and name the bands in the margins.");
        }

        var counts = Levels.Counts(column.Facts);
        var names = lines.Select(l => l.Value).Concat(counts.Keys.Except(lines.Select(l => l.Value)).Order(StringComparer.Ordinal)).ToList();
        if (lines.All(l => !counts.ContainsKey(l.Value)))
        {
            throw new GnomonError("bad-margins", $"{file}: no value of {variable} occurs in the data, which hold {string.Join(", ", counts.Keys.Take(5))}.", "--reference", "Spell values as the data do.");
        }

        var levels = new Levels(names, [.. names.Select(n => counts.GetValueOrDefault(n))], new long[names.Count]);
        return new PopulationMargin(column, names, [.. lines.Select(l => l.Share / total), .. new double[names.Count - lines.Count]], levels.Here, levels.Codes(column), null, null);
    }
}
