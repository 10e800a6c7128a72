using Gnomon.Core.Tables;

namespace Gnomon.Studies.Ab.Touching;

/// <summary>One metric as the query sees it: values are centred at the control mean, so that squares keep their digits.</summary>
internal sealed class MetricTotals
{
    public MetricTotals(MetricSpec metric, double centre)
    {
        (Metric, Centre) = (metric, centre);
        var column = Scalar.Column(metric.Column);
        var value = metric.Expression ?? (metric.Event is null ? column.ToDouble() : column.ToText().EqualTo(Scalar.Value(metric.Event)).ToDouble());
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

    // Bits after the binary point that keep a sum exact to 2^-80 of the largest value.
    private static double Of(double largest) => largest == 0 ? 0 : Math.Clamp(80 - Math.Ceiling(Math.Log2(largest)), 0, 300);

    public static Scalar Named(Scalar arm) => arm.IsNull().Not().And(Scalar.Call(ScalarFunction.NotEqual, Scalar.Call(ScalarFunction.Trim, arm), Scalar.Value(string.Empty)));

    /// <summary>The metrics of a design, each with a centre near its mean and the digits its sums need.</summary>
    public static List<MetricTotals> Of(AbDesign design, IDataset data, Scalar usable, CancellationToken cancellation, Func<int, double> centre) => Of(design.Metrics, data, usable, cancellation, centre);

    /// <summary>The same for metrics outside of an experiment.</summary>
    public static List<MetricTotals> Of(IReadOnlyList<MetricSpec> metrics, IDataset data, Scalar usable, CancellationToken cancellation, Func<int, double> centre)
    {
        var parts = metrics.Select((m, i) => new MetricTotals(m, centre(i))).ToList();
        var select = parts.SelectMany((p, m) => new[]
        {
            new Projection($"a{m}", Scalar.Aggregate(AggregateFunction.Max, Scalar.Call(ScalarFunction.Abs, p.Centred))),
            new Projection($"q{m}", Scalar.Aggregate(AggregateFunction.Max, p.Square)),
            new Projection($"d{m}", Scalar.Aggregate(AggregateFunction.Max, p.Size is { } size ? Scalar.Call(ScalarFunction.Abs, size) : p.NotABit)),
        });
        var table = data.Read(new Query { Select = [.. select], Where = usable }, cancellation);
        for (var m = 0; m < parts.Count; m++)
        {
            var last = table.Columns[3 * m + 2].Cell(0) as double? ?? 0;
            parts[m].Largest = table.Columns[3 * m].Cell(0) as double? ?? 0;
            parts[m].LargestSquare = table.Columns[3 * m + 1].Cell(0) as double? ?? 0;
            parts[m].LargestSize = parts[m].Size is null ? 1 : last;
            parts[m].IsShare = parts[m].Metric.Kind == MetricKind.Rate || (parts[m].Size is null && last == 0);
        }

        return parts;
    }

    /// <summary>Three columns per metric: centred sum, size, sum of squares.</summary>
    public static IEnumerable<Projection> Select(List<MetricTotals> parts) => parts.SelectMany((part, m) => new[]
    {
        new Projection($"s{m}", Scalar.Aggregate(AggregateFunction.FixedPointSum, part.Centred, null, part.Bits(1))),
        new Projection($"n{m}", part.Size is { } size ? Scalar.Aggregate(AggregateFunction.FixedPointSum, size, part.Present, part.SizeBits) : Scalar.Aggregate(AggregateFunction.Count, part.Centred).ToDouble()),
        new Projection($"q{m}", Scalar.Aggregate(AggregateFunction.FixedPointSum, part.Square, null, part.Bits(2))),
    });
}
