using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Methods.Interference;
using Gnomon.Numerics;

namespace Gnomon.Studies.Ab.Touching;

/// <summary>Totals of each metric per cluster, in one grouped query ordered by the cluster's name, so that no thread changes a bit.</summary>
internal sealed class ClusterReader
{
    // Past this share the arm was not assigned by this column.
    private const double MostMixed = 0.5;
    private readonly AbDesign _design;
    private readonly AbInput _input;
    private readonly IDataset _data;
    private readonly CancellationToken _cancellation;

    public ClusterReader(AbDesign design, AbInput input, StudyContext context)
    {
        (_design, _input, _data, _cancellation) = (design, input, context.RequireData(), context.Cancellation);
    }

    /// <exception cref="GnomonError"><c>cluster-not-randomised</c>: most clusters hold several arms.</exception>
    public static void RequireAssigned(AbDesign design, string column, StudyContext context)
    {
        var data = context.RequireData();
        var cluster = Scalar.Column(data.Schema.Require(column, "--cluster").Name);
        var arm = Scalar.Column(data.Schema.Require(design.Options.Variant!).Name).ToText();
        var counts = data.Read(
            new Query
            {
                Select = [new Projection("all", Scalar.Aggregate(AggregateFunction.RowCount)), new Projection("mixed", Scalar.Aggregate(AggregateFunction.RowCount, null, Scalar.Call(ScalarFunction.NotEqual, Scalar.Column("first"), Scalar.Column("last"))))],
                From = new Query
                {
                    Select = [new Projection("first", Scalar.Aggregate(AggregateFunction.Min, arm)), new Projection("last", Scalar.Aggregate(AggregateFunction.Max, arm))],
                    Where = MetricTotals.Named(arm).And(cluster.IsNull().Not()),
                    GroupBy = [cluster],
                },
            },
            context.Cancellation);
        var (all, mixed) = ((long)counts.Columns[0].Cell(0)!, (long)counts.Columns[1].Cell(0)!);
        if (mixed > MostMixed * all)
        {
            throw NotRandomised(data.Name, design, column, mixed, all);
        }
    }

    /// <summary>Clusters of a column; null when some lie in several arms and <paramref name="strict"/> asks for none.</summary>
    public ClusterSet? Read(string column, bool strict)
    {
        var cluster = Scalar.Column(_data.Schema.Require(column, "--cluster").Name).ToText();
        var arm = Scalar.Column(_data.Schema.Require(_design.Options.Variant!).Name).ToText();
        var usable = MetricTotals.Named(arm).And(cluster.IsNull().Not());
        var parts = MetricTotals.Of(_design, _data, usable, _cancellation, m => _input.Metrics[m].Arms[0].Values is { Count: > 0 } v ? v.Mean : 0);
        List<Projection> select = [new("cluster", cluster), new("arm", arm), .. MetricTotals.Select(parts)];
        var table = _data.Read(new Query { Select = select, Where = usable, GroupBy = [cluster, arm], OrderBy = [new(cluster), new(arm)] }, _cancellation);
        var names = (TextColumn)table.Columns[0];
        var arms = (TextColumn)table.Columns[1];
        var mixed = Mixed(names, table.Rows);
        if (strict && mixed.Count > 0)
        {
            return null;
        }

        var before = strict ? null : ClusterCovariates.Read(_design, _data, cluster, usable, _cancellation);
        var metrics = parts.Select((part, m) => Collect(part, before, (DoubleColumn)table.Columns[2 + 3 * m], (DoubleColumn)table.Columns[3 + 3 * m], (DoubleColumn)table.Columns[4 + 3 * m], names, arms, mixed));
        return new ClusterSet(column, [.. metrics]) { Mixed = mixed.Count, Adjusts = before is not null };
    }

    private static GnomonError NotRandomised(string data, AbDesign design, string column, long mixed, long distinct) => new(
        "cluster-not-randomised",
        $"{data}: {Figures.Count(mixed)} of {Figures.Count(distinct, "value")} of '{column}' {(mixed == 1 ? "holds" : "hold")} several arms, so the arm was not assigned by {column}.",
        "--cluster",
        design.Options.Time is null
            ? $"Leave out --cluster, or write --segment {column}. If each {column} switches between arms over time, add --switchback --time COLUMN."
            : $"Leave out --cluster, or write --segment {column}. If each {column} switches between arms over time, add --switchback.");

    private static HashSet<string> Mixed(TextColumn names, int rows)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var mixed = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < rows; i++)
        {
            var name = names.Dictionary[names.Codes[i]];
            if (!seen.Add(name))
            {
                mixed.Add(name);
            }
        }

        return mixed;
    }

    private ClusterMetric Collect(MetricTotals part, ClusterCovariates? before, DoubleColumn sums, DoubleColumn sizes, DoubleColumn squares, TextColumn names, TextColumn arms, HashSet<string> mixed)
    {
        var of = _input.Arms.Select((name, i) => (name, i)).ToDictionary(a => a.name, a => a.i, StringComparer.Ordinal);
        var s = _input.Arms.Select(_ => new List<double>()).ToList();
        var n = _input.Arms.Select(_ => new List<double>()).ToList();
        var q = new double[s.Count];
        var members = _input.Arms.Select(_ => new List<string>()).ToList();
        for (var i = 0; i < sums.Length; i++)
        {
            if (sums.IsNull(i) || !(sizes.Values[i] > 0) || mixed.Contains(names.Dictionary[names.Codes[i]]) || !of.TryGetValue(arms.Dictionary[arms.Codes[i]], out var arm))
            {
                continue;
            }

            s[arm].Add(sums.Values[i]);
            n[arm].Add(sizes.Values[i]);
            members[arm].Add(names.Dictionary[names.Codes[i]]);
            q[arm] += squares.Values[i];
        }

        return new ClusterMetric
        {
            Name = part.Metric.Name,
            Centre = part.Centre,
            Arms = [.. s.Zip(n, (a, b) => new ClusterTotals([.. a], [.. b]))],
            Squares = part.Metric.Kind == MetricKind.Ratio ? null : q,
            IsShare = part.IsShare,
            Before = before is null ? [] : [.. members.Select(before.Of)],
        };
    }
}
