using Gnomon.Methods.Regression;

namespace Gnomon.Studies.Regress;

/// <summary>One change of one column: the rows as they are after it, and before.</summary>
/// <param name="Column">The column.</param>
/// <param name="Contrast">In words: <c>per 1 of area</c>, <c>north - south</c>, <c>area from 52 to 98</c>.</param>
/// <param name="Label">The design column that carries the whole change when the term is simple; null otherwise.</param>
/// <param name="Step">Units of the column that the change makes.</param>
/// <param name="At">Columns after the change.</param>
/// <param name="From">Columns before.</param>
internal sealed record DesignContrast(string Column, string Contrast, string? Label, double Step, IReadOnlyDictionary<string, ModelColumn> At, IReadOnlyDictionary<string, ModelColumn> From);

/// <summary>The changes that effects are read from: level against reference, one unit of a number, the middle half of a bent one.</summary>
internal sealed class DesignContrasts(ModelData data, ModelDesign design)
{
    private const int MostLevels = 30;

    public IEnumerable<DesignContrast> All() => data.Formula.Terms.SelectMany(t => t.Atoms).Select(a => a.Column).Distinct(StringComparer.Ordinal).SelectMany(Of);

    /// <summary>The design of changed rows, without the columns that have no coefficient.</summary>
    public DesignMatrix Kept(IReadOnlyDictionary<string, ModelColumn> columns, IReadOnlyCollection<string> terms)
    {
        var full = design.Build(columns, data.Rows);
        var kept = Enumerable.Range(0, full.Columns).Where(j => terms.Contains(full.Names[j])).ToList();
        return kept.Count == full.Columns ? full : new DesignMatrix([.. kept.Select(j => full.Column(j).ToArray())], [.. kept.Select(j => full.Names[j])]);
    }

    /// <summary>How much each coefficient moves with the change, averaged over the rows; null when other columns determine the changed one.</summary>
    public double[]? Weights(DesignContrast contrast, IReadOnlyList<string> terms)
    {
        var weights = new double[terms.Count];
        if (contrast.Label is not null && design.IsSimple(contrast.Column))
        {
            var place = Array.IndexOf([.. terms], contrast.Label);
            if (place < 0)
            {
                return null;
            }

            weights[place] = 1;
            return weights;
        }

        return Averaged(Kept(contrast.At, terms), Kept(contrast.From, terms), contrast.Step);
    }

    public static double[] Averaged(DesignMatrix high, DesignMatrix low, double step)
    {
        var weights = new double[high.Columns];
        for (var j = 0; j < weights.Length; j++)
        {
            var a = high.Column(j);
            var b = low.Column(j);
            for (var i = 0; i < a.Length; i++)
            {
                weights[j] += (a[i] - b[i]) / step / a.Length;
            }
        }

        return weights;
    }

    private IEnumerable<DesignContrast> Of(string column)
    {
        if (design.LevelsOf(column) is { Count: > 0 } levels)
        {
            return levels.Skip(1).Take(MostLevels).Select(l => new DesignContrast(column, $"{l} - {levels[0]}", $"{column} = {l}", 1, Level(column, l), Level(column, levels[0])));
        }

        var values = data.Columns[column].Numbers!;
        if (design.IsCurved(column))
        {
            var sorted = (double[])values.Clone();
            Array.Sort(sorted);
            var (low, high) = (sorted[(sorted.Length - 1) / 4], sorted[(sorted.Length - 1) * 3 / 4]);
            return high > low ? [new DesignContrast(column, $"{column} from {EffectReader.Shown(low)} to {EffectReader.Shown(high)}", null, 1, Constant(column, high), Constant(column, low))] : [];
        }

        // In a straight term any step gives the slope; a product with another column is averaged over its rows.
        var step = Math.Max(1e-300, values.Max() - values.Min()) / 1024;
        return [new DesignContrast(column, $"per 1 of {column}", column, step, Moved(column, 0.5 * step), Moved(column, -0.5 * step))];
    }

    private Dictionary<string, ModelColumn> Level(string column, string level)
    {
        var original = data.Columns[column];
        var code = original.Levels.ToList().IndexOf(level);
        return Replaced(column, original with { Codes = [.. Enumerable.Repeat(code, data.Rows)] });
    }

    private Dictionary<string, ModelColumn> Moved(string column, double by) => Replaced(column, data.Columns[column] with { Numbers = Array.ConvertAll(data.Columns[column].Numbers!, v => v + by) });

    private Dictionary<string, ModelColumn> Constant(string column, double value) => Replaced(column, data.Columns[column] with { Numbers = [.. Enumerable.Repeat(value, data.Rows)] });

    private Dictionary<string, ModelColumn> Replaced(string column, ModelColumn with)
    {
        var columns = data.Columns.ToDictionary(c => c.Key, c => c.Value, StringComparer.Ordinal);
        columns[column] = with;
        return columns;
    }
}
