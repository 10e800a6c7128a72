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

    /// <summary>Clusters of a column; null when some lie in several arms and <paramref name="strict"/> asks for none.</summary>
    /// <exception cref="GnomonError"><c>cluster-not-randomised</c>: most clusters hold several arms.</exception>
    public ClusterSet? Read(string column, bool strict)
    {
        var cluster = Scalar.Column(_data.Schema.Require(column, "--cluster").Name).ToText();
        var arm = Scalar.Column(_data.Schema.Require(_design.Options.Variant!).Name).ToText();
        var usable = arm.IsNull().Not().And(Scalar.Call(ScalarFunction.NotEqual, Scalar.Call(ScalarFunction.Trim, arm), Scalar.Value(string.Empty))).And(cluster.IsNull().Not());
        var parts = _design.Metrics.Select((m, i) => new Part(m, _input.Metrics[i].Arms[0].Values is { Count: > 0 } v ? v.Mean : 0)).ToList();
        Scale(parts, usable);
        var select = new List<Projection> { new("cluster", cluster), new("arm", arm) };
        foreach (var (part, m) in parts.Select((p, m) => (p, m)))
        {
            select.Add(new Projection($"s{m}", Scalar.Aggregate(AggregateFunction.FixedPointSum, part.Centred, null, part.Bits(1))));
            select.Add(new Projection($"n{m}", part.Size is { } size ? Scalar.Aggregate(AggregateFunction.FixedPointSum, size, part.Present, part.SizeBits) : Scalar.Aggregate(AggregateFunction.Count, part.Centred).ToDouble()));
            select.Add(new Projection($"q{m}", Scalar.Aggregate(AggregateFunction.FixedPointSum, part.Square, null, part.Bits(2))));
        }

        var table = _data.Read(new Query { Select = select, Where = usable, GroupBy = [cluster, arm], OrderBy = [new(Scalar.Column("cluster")), new(Scalar.Column("arm"))] }, _cancellation);
        var names = (TextColumn)table.Columns[0];
        var arms = (TextColumn)table.Columns[1];
        var mixed = Mixed(names, table.Rows, out var distinct);
        if (strict && mixed.Count > 0)
        {
            return null;
        }

        if (mixed.Count > MostMixed * distinct)
        {
            throw NotRandomised(column, mixed.Count, distinct);
        }

        var metrics = parts.Select((part, m) => Collect(part, (DoubleColumn)table.Columns[2 + 3 * m], (DoubleColumn)table.Columns[3 + 3 * m], (DoubleColumn)table.Columns[4 + 3 * m], names, arms, mixed));
        return new ClusterSet(column, [.. metrics]) { Mixed = mixed.Count };
    }

    private GnomonError NotRandomised(string column, int mixed, int distinct) => new(
        "cluster-not-randomised",
        $"{_data.Name}: {Figures.Count(mixed)} of {Figures.Count(distinct, "value")} of '{column}' {(mixed == 1 ? "holds" : "hold")} several arms, so the arm was not assigned by {column}.",
        "--cluster",
        _design.Options.Time is null
            ? $"Leave out --cluster, or write --segment {column}. If each {column} switches between arms over time, add --switchback --time COLUMN."
            : $"Leave out --cluster, or write --segment {column}. If each {column} switches between arms over time, add --switchback.");

    private static HashSet<string> Mixed(TextColumn names, int rows, out int distinct)
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

        distinct = seen.Count;
        return mixed;
    }

    private ClusterMetric Collect(Part part, DoubleColumn sums, DoubleColumn sizes, DoubleColumn squares, TextColumn names, TextColumn arms, HashSet<string> mixed)
    {
        var of = _input.Arms.Select((name, i) => (name, i)).ToDictionary(a => a.name, a => a.i, StringComparer.Ordinal);
        var s = _input.Arms.Select(_ => new List<double>()).ToList();
        var n = _input.Arms.Select(_ => new List<double>()).ToList();
        var q = new double[s.Count];
        for (var i = 0; i < sums.Length; i++)
        {
            if (sums.IsNull(i) || !(sizes.Values[i] > 0) || mixed.Contains(names.Dictionary[names.Codes[i]]) || !of.TryGetValue(arms.Dictionary[arms.Codes[i]], out var arm))
            {
                continue;
            }

            s[arm].Add(sums.Values[i]);
            n[arm].Add(sizes.Values[i]);
            q[arm] += squares.Values[i];
        }

        return new ClusterMetric
        {
            Name = part.Metric.Name,
            Centre = part.Centre,
            Arms = [.. s.Zip(n, (a, b) => new ClusterTotals([.. a], [.. b]))],
            Squares = part.Metric.Kind == MetricKind.Ratio ? null : q,
            IsShare = part.IsShare,
        };
    }

    // Bits after the binary point, as AbReader keeps them: exact to 2^-80 of the largest value.
    private void Scale(List<Part> parts, Scalar usable)
    {
        var select = parts.SelectMany((p, m) => new[]
        {
            new Projection($"a{m}", Scalar.Aggregate(AggregateFunction.Max, Scalar.Call(ScalarFunction.Abs, p.Centred))),
            new Projection($"q{m}", Scalar.Aggregate(AggregateFunction.Max, p.Square)),
            new Projection($"d{m}", p.Size is { } size ? Scalar.Aggregate(AggregateFunction.Max, Scalar.Call(ScalarFunction.Abs, size)) : Scalar.Aggregate(AggregateFunction.Max, p.NotABit)),
        });
        var table = _data.Read(new Query { Select = [.. select], Where = usable }, _cancellation);
        for (var m = 0; m < parts.Count; m++)
        {
            parts[m].Largest = table.Columns[3 * m].Cell(0) as double? ?? 0;
            parts[m].LargestSquare = table.Columns[3 * m + 1].Cell(0) as double? ?? 0;
            var last = table.Columns[3 * m + 2].Cell(0) as double? ?? 0;
            parts[m].LargestSize = parts[m].Size is null ? 1 : last;
            parts[m].IsShare = parts[m].Metric.Kind == MetricKind.Rate || (parts[m].Size is null && last == 0);
        }
    }

    /// <summary>One metric as the query sees it: values are centred at the control mean, so that squares keep their digits.</summary>
    private sealed class Part
    {
        public Part(MetricSpec metric, double centre)
        {
            (Metric, Centre) = (metric, centre);
            var column = Scalar.Column(metric.Column);
            var value = metric.Event is null ? column.ToDouble() : column.ToText().EqualTo(Scalar.Value(metric.Event)).ToDouble();
            Size = metric.Denominator is null ? null : Scalar.Column(metric.Denominator).ToDouble();
            Centred = Size is null ? value - Scalar.Value(centre) : value - Scalar.Value(centre) * Size;
            Present = Centred.IsNull().Not();

            // For events of trials, the squares of the zeros and ones behind them.
            Square = metric.Kind == MetricKind.Rate && Size is not null
                ? value * Scalar.Value((1 - centre) * (1 - centre)) + (Size - value) * Scalar.Value(centre * centre)
                : Centred * Centred;
            NotABit = Scalar.Call(ScalarFunction.Abs, value * value - value);
        }

        public MetricSpec Metric { get; }

        public double Centre { get; }

        public Scalar Centred { get; }

        public Scalar? Size { get; }

        public Scalar Present { get; }

        public Scalar Square { get; }

        public Scalar NotABit { get; }

        public bool IsShare { get; set; }

        public double Largest { get; set; }

        public double LargestSquare { get; set; }

        public double LargestSize { get; set; }

        public double SizeBits => Of(LargestSize);

        public double Bits(int power) => Of(power == 1 ? Largest : LargestSquare);

        private static double Of(double largest) => largest == 0 ? 0 : Math.Clamp(80 - Math.Ceiling(Math.Log2(largest)), 0, 300);
    }
}
