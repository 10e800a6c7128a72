using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Methods.Interference;
using Gnomon.Studies.Ab.Geo;
using Gnomon.Studies.Ab.Touching;

namespace Gnomon.Studies.Ab.Special;

/// <summary>Units of a crossover by their order, read in one grouped query.</summary>
internal sealed record CrossoverUnits(IReadOnlyList<string> Arms, TwoPeriods ControlFirst, TwoPeriods TreatmentFirst, long SetAside, bool IsShare)
{
    /// <summary>Units that were seen in one arm and lack the other, by the arm that is missing.</summary>
    public required IReadOnlyList<long> Lacking { get; init; }

    private const double MicrosecondsPerDay = 86_400e6;

    public static CrossoverUnits Read(AbDesign design, StudyContext context)
    {
        var (options, data) = (design.Options, context.RequireData());
        var unit = Scalar.Column(data.Schema.Require(options.Unit!, "--unit").Name).ToText();
        var arm = Scalar.Column(data.Schema.Require(options.Variant!, "--variant").Name).ToText();
        var period = Period(options, data);
        var usable = MetricTotals.Named(arm).And(unit.IsNull().Not()).And(period.IsNull().Not());
        var parts = MetricTotals.Of([design.Metrics[0]], data, usable, context.Cancellation, _ => 0);
        var table = data.Read(
            new Query
            {
                Select = [new("unit", unit), new("period", period), new("first", Scalar.Aggregate(AggregateFunction.Min, arm)), new("last", Scalar.Aggregate(AggregateFunction.Max, arm)), .. MetricTotals.Select(parts).Take(2)],
                Where = usable, GroupBy = [unit, period], OrderBy = [new(unit), new(period)],
            },
            context.Cancellation);
        var periods = (TextColumn)table.Columns[1];
        List<string> two = [.. Enumerable.Range(0, table.Rows).Select(i => periods.Dictionary[periods.Codes[i]]).Distinct(StringComparer.Ordinal)];
        two = two.TrueForAll(t => double.TryParse(t, System.Globalization.CultureInfo.InvariantCulture, out _))
            ? [.. two.OrderBy(t => double.Parse(t, System.Globalization.CultureInfo.InvariantCulture))] : [.. two.Order(StringComparer.Ordinal)];
        if (two.Count != 2)
        {
            throw new GnomonError("crossover-periods", $"{data.Name}: a crossover has two periods; '{options.Time}' has {Figures.Count(two.Count)} different values.", "--time", two.Count > 2 ? "Say when the second period began with --start, or name a column with the number of the period." : "Name the column that tells the periods apart.");
        }

        return Sort(design, table, parts[0].IsShare, two[0], data.Name);
    }

    private static Scalar Period(AbOptions options, IDataset data)
    {
        var field = data.Schema.Require(options.Time!, "--time");
        if (options.Start is not { } start)
        {
            return Scalar.Column(field.Name).ToText();
        }

        var time = field.IsNumeric ? Scalar.Column(field.Name).ToDouble() : Scalar.Call(ScalarFunction.ToMicroseconds, Scalar.Column(field.Name)).ToDouble() / Scalar.Value(MicrosecondsPerDay);
        var at = Scalar.Value(RegionHistory.Parse(start, field, "--start"));
        return Scalar.Case([(Scalar.Call(ScalarFunction.Less, time, at), Scalar.Value("1")), (Scalar.Call(ScalarFunction.GreaterOrEqual, time, at), Scalar.Value("2"))], Scalar.Value(null));
    }

    private static CrossoverUnits Sort(AbDesign design, Table table, bool isShare, string firstPeriod, string source)
    {
        var (names, periods) = ((TextColumn)table.Columns[0], (TextColumn)table.Columns[1]);
        var (first, last) = ((TextColumn)table.Columns[2], (TextColumn)table.Columns[3]);
        var (sums, sizes) = ((DoubleColumn)table.Columns[4], (DoubleColumn)table.Columns[5]);
        string Text(TextColumn column, int i) => column.Dictionary[column.Codes[i]];
        var arms = design.OrderArms([.. Enumerable.Range(0, table.Rows).SelectMany(i => new[] { Text(first, i), Text(last, i) }).Distinct().Order(StringComparer.Ordinal)]);
        if (arms.Count != 2)
        {
            throw new GnomonError("crossover-arms", $"{source}: a crossover has two arms; '{design.Options.Variant}' has {arms.Count}.", "--variant", "Keep two with --where.");
        }

        List<double>[] values = [[], [], [], []];
        var aside = 0L;
        var lacking = new long[2];
        foreach (var rows in Enumerable.Range(0, table.Rows).GroupBy(i => names.Codes[i]))
        {
            var both = rows.Where(i => !sums.IsNull(i) && sizes.Values[i] > 0 && Text(first, i) == Text(last, i)).ToList();
            if (both.Count != 2 || Text(first, both[0]) == Text(first, both[1]))
            {
                aside++;
                if (both.Count == 1)
                {
                    lacking[Text(first, both[0]) == arms[0] ? 1 : 0]++;
                }

                continue;
            }

            var early = both.Find(i => Text(periods, i) == firstPeriod);
            var late = both.Find(i => i != early);
            var order = Text(first, early) == arms[0] ? 0 : 2;
            values[order].Add(sums.Values[early] / sizes.Values[early]);
            values[order + 1].Add(sums.Values[late] / sizes.Values[late]);
        }

        return new CrossoverUnits(arms, new TwoPeriods([.. values[0]], [.. values[1]]), new TwoPeriods([.. values[2]], [.. values[3]]), aside, isShare) { Lacking = lacking };
    }
}
