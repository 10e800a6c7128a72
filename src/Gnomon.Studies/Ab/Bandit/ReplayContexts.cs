using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;

namespace Gnomon.Studies.Ab.Bandit;

/// <summary>Features of every row: a constant, numbers in units of their spread, and one column per value of a text but its most frequent one.</summary>
internal sealed record ReplayContexts(IReadOnlyList<string> Names, IReadOnlyList<double[]> Rows)
{
    private const int MostFeatures = 100;

    /// <param name="columns">The columns, as read.</param>
    /// <param name="names">Their names.</param>
    /// <param name="rows">Rows kept, in order.</param>
    public static ReplayContexts Of(IReadOnlyList<Column> columns, IReadOnlyList<string> names, int[] rows)
    {
        List<string> features = ["constant"];
        List<Func<int, double>> values = [_ => 1.0];
        for (var c = 0; c < columns.Count; c++)
        {
            if (columns[c] is DoubleColumn number)
            {
                var (mean, spread) = Spread(number, rows);
                if (spread > 0)
                {
                    features.Add(names[c]);
                    values.Add(i => (number.Values[i] - mean) / spread);
                }

                continue;
            }

            var text = (TextColumn)columns[c];
            foreach (var level in rows.GroupBy(i => text.Codes[i]).OrderByDescending(g => g.Count()).ThenBy(g => text.Dictionary[g.Key], StringComparer.Ordinal).Skip(1).Select(g => g.Key).ToList())
            {
                features.Add($"{names[c]} = {text.Dictionary[level]}");
                values.Add(i => text.Codes[i] == level ? 1.0 : 0.0);
            }
        }

        if (features.Count > MostFeatures)
        {
            throw new GnomonError("too-many-features", $"The context has {Figures.Count(features.Count)} features; at most {MostFeatures} are learned from.", "--replay", "Name columns with fewer different values.");
        }

        return new(features, [.. rows.Select(i => values.Select(v => v(i)).ToArray())]);
    }

    private static (double Mean, double Spread) Spread(DoubleColumn column, int[] rows)
    {
        var moments = Gnomon.Numerics.Moments.Of([.. rows.Select(i => column.Values[i])]);
        return (moments.Mean, moments.Count > 1 ? moments.StandardDeviation : 0);
    }
}
