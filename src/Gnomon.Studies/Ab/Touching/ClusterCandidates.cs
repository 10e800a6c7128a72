using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Methods;
using Gnomon.Methods.Inference;

namespace Gnomon.Studies.Ab.Touching;

/// <summary>A column inside whose values the arm never changes, with the comparison by it.</summary>
internal sealed record ClusterCandidate(string Column, string MetricName, string ContrastName, string Unit, ClusterContrast Contrast)
{
    public string Metric => $"{MetricName} ({ContrastName})";
}

/// <summary>
/// Looks for the clusters nobody named: columns that repeat over rows and hold one arm each. Units assigned one by one would put both arms into nearly every value of such a column,
/// so what survives was assigned with it, or follows from the arm. A look at the first rows rules out almost all columns; the rest are read in full.
/// </summary>
internal static class ClusterCandidates
{
    private const int FirstRows = 20_000;
    private const int MostColumns = 100;
    private const int MostRead = 2;
    private const double RowsPerValue = 2;
    private const int FewestValuesPerArm = 2;

    public static IReadOnlyList<ClusterCandidate> Find(AbDesign design, AbInput input, StudyContext context)
    {
        if (input.Repeated || input.Arms.Count < 2 || design.Metrics.Any(m => m.Kind != MetricKind.Value))
        {
            return [];
        }

        var found = new List<ClusterCandidate>();
        foreach (var column in Survivors(design, context).Take(MostRead))
        {
            if (new ClusterReader(design, input, context).Read(column, strict: true) is { } set && Lead(set, design, input, column) is { } candidate)
            {
                found.Add(candidate);
            }
        }

        return found;
    }

    private static ClusterCandidate? Lead(ClusterSet set, AbDesign design, AbInput input, string column)
    {
        var lead = Math.Max(0, input.Metrics.ToList().FindIndex(m => m.Spec.Role == MetricRole.Primary));
        var metric = input.Metrics[lead];
        for (var arm = 1; arm < input.Arms.Count; arm++)
        {
            var (t, c) = (set.Metrics[lead].Arms[arm], set.Metrics[lead].Arms[0]);
            if (t.Count < FewestValuesPerArm || c.Count < FewestValuesPerArm || t.Sizes.Sum() + c.Sizes.Sum() < RowsPerValue * (t.Count + c.Count))
            {
                continue;
            }

            try
            {
                var contrast = set.Contrast(metric.Spec.Name, arm, design.Level, (ulong)design.Options.Seed);
                if (contrast is { Naive: not null, Variation: not null })
                {
                    return new ClusterCandidate(column, metric.Spec.Name, $"{input.Arms[arm]} - {input.Arms[0]}", metric.Unit, contrast);
                }
            }
            catch (Exception e) when (e is NotEstimableException or TooFewRowsException)
            {
                // No comparison by so few clusters: nothing to set beside the answer.
            }
        }

        return null;
    }

    private static IEnumerable<string> Survivors(AbDesign design, StudyContext context)
    {
        var options = design.Options;
        var used = new[] { options.Unit, options.Variant, options.Time }.Concat(options.Pre).Concat(design.Metrics.Select(m => m.Column)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var data = context.RequireData();
        var columns = data.Schema.Where(f => f.Type is ColumnType.Text or ColumnType.Category or ColumnType.Integer && !used.Contains(f.Name)).Take(MostColumns).Select(f => new Suspect(f.Name)).ToList();
        if (columns.Count == 0)
        {
            return [];
        }

        var left = FirstRows;
        data.Scan(
            new Query { Select = [new Projection("arm", Scalar.Column(data.Schema.Require(options.Variant!).Name).ToText()), .. columns.SelectMany((c, i) => new[] { new Projection($"h{i}", Scalar.Column(c.Name).Hash()), new Projection($"n{i}", Scalar.Column(c.Name).IsNull()) })] },
            chunk =>
            {
                for (var i = 0; i < columns.Count; i++)
                {
                    columns[i].Look(chunk.Codes(0), chunk.Hashes(1 + 2 * i), chunk.Integers(2 + 2 * i), Math.Min(left, chunk.Rows));
                }

                left -= chunk.Rows;
                return left > 0 && columns.Exists(c => c.IsAlive);
            },
            context.Cancellation);
        return columns.Where(c => c.IsAlive && c.Repeats(RowsPerValue)).Select(c => c.Name);
    }

    private sealed class Suspect(string name)
    {
        private const double MostMissing = 0.05;
        private readonly Dictionary<ulong, int> _arm = [];
        private long _rows;
        private long _missing;

        public string Name => name;

        public bool IsAlive { get; private set; } = true;

        public bool Repeats(double rowsPerValue) =>
            _rows >= rowsPerValue * _arm.Count && _missing <= MostMissing * (_rows + _missing) && _arm.Values.GroupBy(a => a).Count(g => g.Count() >= FewestValuesPerArm) >= 2;

        public void Look(ReadOnlySpan<int> arms, ReadOnlySpan<ulong> hashes, ReadOnlySpan<long> missing, int rows)
        {
            if (!IsAlive)
            {
                return;
            }

            for (var i = 0; i < rows; i++)
            {
                if (missing[i] != 0 || arms[i] < 0)
                {
                    _missing++;
                    continue;
                }

                _rows++;
                if (!_arm.TryAdd(hashes[i], arms[i]) && _arm[hashes[i]] != arms[i])
                {
                    IsAlive = false;
                    return;
                }
            }
        }
    }
}
