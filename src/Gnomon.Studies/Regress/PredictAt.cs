using System.Globalization;
using Gnomon.Core.Errors;
using Gnomon.Core.Evidence.Regression;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Numerics;

namespace Gnomon.Studies.Regress;

/// <summary>Reads --predict: columns at the values given, the others at their mean or most frequent level.</summary>
internal static class PredictAt
{
    public static (string At, IReadOnlyDictionary<string, ModelColumn> Columns) Read(string text, ModelData data)
    {
        var given = Given(text, data);
        var columns = data.Columns.ToDictionary(c => c.Key, c => One(c.Value, given.GetValueOrDefault(c.Key)), StringComparer.Ordinal);
        var at = string.Join(", ", data.Columns.Values.Select(c => $"{c.Name} = {(c.IsFactor ? columns[c.Name].Levels[columns[c.Name].Codes![0]] : Figures.Number(columns[c.Name].Numbers![0]))}{(given.ContainsKey(c.Name) ? string.Empty : c.IsFactor ? " (most frequent)" : " (mean)")}"));
        return (at, columns);
    }

    /// <summary>Where predictions are asked for, beside what the data cover; null without --predict.</summary>
    public static PredictionSupport? Support(RegressOptions options, ModelData data)
    {
        if (options.Predict.Count == 0)
        {
            return null;
        }

        var values = options.Predict.SelectMany(text => Given(text, data).Keys.Select(name => (Column: data.Columns[name], At: Read(text, data).Columns[name]))
            .Where(v => !v.Column.IsFactor).Select(v => new PredictedAt(v.Column.Name, v.At.Numbers![0], v.Column.Numbers!.Min(), v.Column.Numbers!.Max())));
        return new PredictionSupport { Outcome = data.Outcome, Rows = data.Rows, Values = [.. values] };
    }

    private static Dictionary<string, string> Given(string text, ModelData data)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in text.Split(','))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var name = equals > 0 ? part[..equals].Trim() : part.Trim();
            var column = data.Columns.Keys.FirstOrDefault(c => string.Equals(c, name, StringComparison.OrdinalIgnoreCase));
            if (equals <= 0 || column is null)
            {
                throw new GnomonError(
                    "option-out-of-range", column is null ? $"--predict '{part.Trim()}': the model has no column '{name}'. Columns: {string.Join(", ", data.Columns.Keys)}." : $"--predict '{part.Trim()}' has no value.",
                    "--predict", "Write --predict \"column=value,column=value\".");
            }

            given[column] = part[(equals + 1)..].Trim();
        }

        return given;
    }

    private static ModelColumn One(ModelColumn column, string? value)
    {
        if (column.IsFactor)
        {
            var level = value is null ? column.Codes!.GroupBy(c => c).OrderByDescending(g => g.Count()).ThenBy(g => g.Key).First().Key : column.Levels.ToList().IndexOf(value);
            return level >= 0
                ? column with { Codes = [level] }
                : throw new GnomonError("level-not-found", $"--predict: {column.Name} has no level '{value}'. Levels: {string.Join(", ", column.Levels.Take(10))}.", "--predict", NearestName.To(value!, column.Levels) is { } near ? $"Did you mean '{near}'?" : null);
        }

        if (value is null)
        {
            return column with { Numbers = [Moments.MeanVariance(column.Numbers).Mean] };
        }

        return double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? column with { Numbers = [number] }
            : throw new GnomonError("bad-number", $"--predict: '{value}' is not a number for {column.Name}.", "--predict", "Write numbers with '.' as decimal mark.");
    }
}
