using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Methods.Privacy;

namespace Gnomon.Studies.Privacy;

/// <summary>A private model with the names of its coefficients, the intercept first.</summary>
internal sealed record NamedFit(IReadOnlyList<string> Names, PrivateLogisticFit Fit);

/// <summary>The rows as a model takes them: a target of true and false, and features from the columns as they are or coarsened.</summary>
internal sealed class ModelRows
{
    private const int MostGroups = 10;
    private const int MostListed = 50;
    private const int FewestOfClass = 30;
    private readonly PrivacyTable _table;
    private readonly IReadOnlyList<PrivacyColumn> _columns;

    private ModelRows(PrivacyTable table, IReadOnlyList<PrivacyColumn> columns, bool[] target, string positive) => (_table, _columns, Target, Positive) = (table, columns, target, positive);

    public bool[] Target { get; }

    /// <summary>The target's rarer value, as "fraud = yes".</summary>
    public string Positive { get; }

    /// <exception cref="GnomonError">The target has not two values, one of them is too rare, or nothing is left to predict it.</exception>
    public static ModelRows? Of(PrivacyOptions options, PrivacyScan scan)
    {
        if (options.Target is null)
        {
            return null;
        }

        var target = scan.Table.Find(options.Target, "--target");
        var counts = new long[target.Distinct];
        foreach (var code in target.Codes)
        {
            counts[code]++;
        }

        if (counts.Length != 2 || target.Values.Any(v => v.Length == 0))
        {
            throw new GnomonError("target-not-two-values", $"{target.Name} has {Figures.Count(counts.Length, "value")}, those that are missing counted; a model of it needs two.", "--target", "Name a column such as yes and no, and leave missing ones out with --where.");
        }

        var rare = counts[0] <= counts[1] ? 0 : 1;
        if (counts[rare] < FewestOfClass)
        {
            throw new GnomonError("too-few-rows", $"{target.Name} = {target.Values[rare]} stands in {Figures.Count(counts[rare], "row")}; a model to compare with needs {FewestOfClass}.", "--target", "Give more rows, or leave --target out.");
        }

        var aside = scan.Direct.Select(d => d.Column).Append(target.Name).Append(options.Sensitive).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var columns = scan.Table.Columns.Where(c => !aside.Contains(c.Name) && !c.IsDate && c.Distinct > 1).ToList();
        return columns.Count == 0
            ? throw new GnomonError("nothing-to-compare", $"No column but {target.Name} is left for a model once identifiers are out.", "--target", "Leave --target out.")
            : new ModelRows(scan.Table, columns, Array.ConvertAll(target.Codes, c => c == rare), $"{target.Name} = {target.Values[rare]}");
    }

    /// <summary>Features of all rows, coarsened where <paramref name="made"/> says so.</summary>
    public double[][] Features(Generalisation? made)
    {
        var features = new List<double[]>();
        foreach (var column in _columns)
        {
            var at = made is null ? -1 : made.Ladders.ToList().FindIndex(l => l.Column.Name == column.Name);
            var (codes, middles) = at < 0 ? (column.Codes, Own(column)) : (made![at].Codes, made[at].Middles);
            features.AddRange(middles is null ? Groups(codes).Select(g => g.Values) : [Standard(codes, middles)]);
        }

        return [.. features.Where(f => f.AsSpan().ContainsAnyExcept(f[0]))];
    }

    /// <summary>A private model of all rows, or of some of them.</summary>
    /// <param name="bounds">Stated ranges.</param>
    /// <param name="people">Most rows of one person.</param>
    /// <param name="penalty">Penalty.</param>
    /// <param name="strict">True for a release: every number needs a stated range. Otherwise the range of the data stands in.</param>
    public NamedFit Private(PrivacyBounds bounds, int people, double penalty, bool strict)
    {
        var named = Bounded(bounds, strict);
        return new NamedFit(["(intercept)", .. named.Select(n => n.Name)], PrivateLogistic.Fit([.. named.Select(n => n.Values)], Target, penalty, people));
    }

    /// <summary>Features between -1 and 1.</summary>
    public IReadOnlyList<(string Name, double[] Values)> Bounded(PrivacyBounds bounds, bool strict)
    {
        var named = new List<(string, double[])>();
        foreach (var column in _columns)
        {
            if (!column.IsNumber)
            {
                named.AddRange(Listed(column, strict).Select(g => ($"{column.Name} = {column.Values[g.Code]}", g.Values)));
                continue;
            }

            var (low, high) = strict || bounds.Has(column.Name) ? bounds.Require(column.Name) : Range(column);
            named.Add(($"{column.Name}, {Figures.Number(low)} to {Figures.Number(high)}", Array.ConvertAll(column.Numbers!, v => double.IsNaN(v) ? 0 : Math.Clamp((2 * (v - low) / (high - low)) - 1, -1, 1))));
        }

        return named;
    }

    // For a release the values stand in their own order: which are frequent is told by the data.
    private static IEnumerable<(int Code, double[] Values)> Listed(PrivacyColumn column, bool strict)
    {
        if (column.Distinct <= MostListed)
        {
            return Enumerable.Range(0, column.Distinct).OrderBy(v => column.Values[v], StringComparer.Ordinal).Skip(1).Select(v => (v, Array.ConvertAll(column.Codes, c => c == v ? 1.0 : 0)));
        }

        return strict
            ? throw new GnomonError("too-many-values", $"{column.Name} has {Figures.Count(column.Distinct)} values; a private model takes columns of at most {MostListed}.", "--ask", "Leave it out with --query, or make it coarser first.")
            : Groups(column.Codes);
    }

    private static (double Low, double High) Range(PrivacyColumn column)
    {
        var present = column.Numbers!.Where(v => !double.IsNaN(v)).Order().ToList();
        var (low, high) = present.Count == 0 ? (0, 1) : (present[present.Count / 200], present[^(1 + (present.Count / 200))]);
        return high > low ? (low, high) : (low - 1, low + 1);
    }

    private static double[]? Own(PrivacyColumn column)
    {
        if (!column.IsNumber)
        {
            return null;
        }

        var middles = new double[column.Distinct];
        for (var i = 0; i < column.Codes.Length; i++)
        {
            middles[column.Codes[i]] = column.Numbers![i];
        }

        return middles;
    }

    private static double[] Standard(int[] codes, double[] middles)
    {
        var values = Array.ConvertAll(codes, c => middles[c]);
        var present = values.Where(v => !double.IsNaN(v)).ToList();
        var mean = present.Count == 0 ? 0 : present.Average();
        var deviation = present.Count < 2 ? 0 : Math.Sqrt(present.Sum(v => (v - mean) * (v - mean)) / (present.Count - 1));
        return Array.ConvertAll(values, v => double.IsNaN(v) || deviation == 0 ? 0 : (v - mean) / deviation);
    }

    // The most frequent value is what the others are compared with.
    private static IEnumerable<(int Code, double[] Values)> Groups(int[] codes) =>
        codes.CountBy(c => c).OrderByDescending(g => g.Value).ThenBy(g => g.Key).Skip(1).Take(MostGroups).Select(g => (g.Key, Array.ConvertAll(codes, c => c == g.Key ? 1.0 : 0)));
}
