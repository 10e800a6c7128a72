using System.Globalization;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;

namespace Gnomon.Studies.Ab.Metrics;

/// <summary>Settles what metrics made from several columns need to know of the data: until when units were watched, how far components spread.</summary>
internal static class ComputedMetrics
{
    private const double MicrosecondsPerDay = 86_400_000_000.0;

    public static AbDesign Settle(AbDesign design, StudyContext context)
    {
        if (design.Options.Retention is null && design.Options.Oec is null)
        {
            return design;
        }

        var scales = design.Options.Oec is { } text ? Scales(OecSpec.Parse(text, context.RequireData().Schema), design, context) : null;
        return design with
        {
            OecScales = scales,
            Metrics = [.. design.Metrics.Select(m =>
                m.RetentionDay is { } day ? m with { Expression = Retained(m.Column, day, design.Options, context) }
                : m.IsIndex ? m with { Expression = OecSpec.Parse(design.Options.Oec!, context.RequireData().Schema).Value(scales!) } : m)],
        };
    }

    /// <exception cref="GnomonError"><c>units-repeat</c>: these metrics need one row per unit.</exception>
    public static void RequireOneRow(AbDesign design, AbInput input)
    {
        if (input.Repeated && input.Designed is null && (design.Options.Funnel.Count > 0 || design.Options.Retention is not null || design.Options.Oec is not null || design.Options.TwoPart.Count > 0))
        {
            var option = design.Options.Funnel.Count > 0 ? "--funnel" : design.Options.Retention is not null ? "--retention" : design.Options.Oec is not null ? "--oec" : "--two-part";
            throw new GnomonError(
                "units-repeat", $"{option} needs one row per {design.Options.Unit}; there are {Figures.Count(input.Rows, "row")} of {Figures.Count(input.TotalUnits, "unit")}.", option,
                $"Bring the rows together first: --query \"SELECT {design.Options.Unit}, {design.Options.Variant}, ... FROM data GROUP BY ALL\". Or leave out --unit and write --cluster {design.Options.Unit}: every row then counts for itself, with errors by {design.Options.Unit}.");
        }
    }

    /// <summary>The same where clusters were assigned: rows are taken as units, so a unit that is named must not repeat.</summary>
    /// <exception cref="GnomonError"><c>units-repeat</c>.</exception>
    public static void RequireOneRowInClusters(AbDesign design, StudyContext context)
    {
        var options = design.Options;
        var option = options.Funnel.Count > 0 ? "--funnel" : options.Retention is not null ? "--retention" : options.Oec is not null ? "--oec" : options.TwoPart.Count > 0 ? "--two-part" : options.Survival is not null ? "--survival" : options.Surrogates.Count > 0 ? "--surrogates" : options.Edges is not null && design.Metrics.Any(m => m.Derived is QuantileMetric) ? "--quantile" : null;
        if (option is null || options.Unit is null)
        {
            return;
        }

        var data = context.RequireData();
        var unit = Scalar.Column(data.Schema.Require(options.Unit, "--unit").Name);
        var counts = data.Read(
            new Query
            {
                Select = [new Projection("repeats", Scalar.Aggregate(AggregateFunction.RowCount, null, Scalar.Call(ScalarFunction.Greater, Scalar.Column("rows").ToDouble(), Scalar.Value(1.0))))],
                From = new Query { Select = [new Projection("rows", Scalar.Aggregate(AggregateFunction.RowCount))], Where = unit.IsNull().Not(), GroupBy = [unit] },
            },
            context.Cancellation);
        if (counts.Columns[0].Cell(0) is long and > 0 and var repeats)
        {
            throw new GnomonError(
                "units-repeat", $"{option} needs one row per {options.Unit}; {Figures.Count(repeats, "unit")} {(repeats == 1 ? "has" : "have")} several.", option,
                $"Bring the rows together first: --query \"SELECT {options.Unit}, {(options.Cluster is null ? string.Empty : $"{options.Cluster}, ")}{options.Variant}, ... FROM data GROUP BY ALL\".");
        }
    }

    // 1 when last seen so many days after assignment or later, 0 when not; nothing for units that are not yet so old.
    private static Scalar Retained(string column, int day, AbOptions options, StudyContext context)
    {
        var data = context.RequireData();
        var seen = Microseconds(data.Schema.Require(column, "--retention").Name);
        var assigned = Microseconds(data.Schema.Require(options.Time!, "--time").Name);
        var span = Scalar.Value(day * MicrosecondsPerDay);
        var isOld = Scalar.Call(ScalarFunction.GreaterOrEqual, Scalar.Value(Until(options, column, data, context)) - assigned, span);
        var isBack = Scalar.Call(ScalarFunction.GreaterOrEqual, seen - assigned, span);
        return Scalar.Case([(isOld.And(isBack), Scalar.Value(1.0)), (isOld, Scalar.Value(0.0))], Scalar.Value(null));
    }

    private static double Until(AbOptions options, string column, IDataset data, StudyContext context)
    {
        if (options.AsOf is { } text)
        {
            return (DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture).DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber) * MicrosecondsPerDay;
        }

        var last = data.Read(
            Query.Of(
                new Projection("seen", Scalar.Aggregate(AggregateFunction.Max, Microseconds(data.Schema.Require(column).Name))),
                new Projection("assigned", Scalar.Aggregate(AggregateFunction.Max, Microseconds(data.Schema.Require(options.Time!).Name)))),
            context.Cancellation);
        double[] moments = [.. last.Columns.Select(c => c.Cell(0)).OfType<double>()];
        return moments.Length > 0 ? moments.Max() : throw new GnomonError("bad-date", $"{data.Name}: neither '{column}' nor '{options.Time}' holds a date.", "--retention", "Name columns of dates.");
    }

    private static double[] Scales(OecSpec oec, AbDesign design, StudyContext context)
    {
        if (oec.IsRaw)
        {
            return [.. oec.Terms.Select(_ => 1.0)];
        }

        var components = design with { Metrics = [.. oec.Terms.Select(t => new MetricSpec { Name = t.Column, Kind = MetricKind.Value, Column = t.Column })], Options = design.Options with { Pre = [], Segment = [], Time = null } };
        var input = new AbReader(components, context, design.Options.Switchback ? null : design.Options.Randomised).Read();


        // Of units, also where clusters were assigned.
        return [.. input.Metrics.Select(m => ((design.Options.Cluster is null ? null : m.Arms[0].RowValues) ?? m.Arms[0].Values) is { Count: >= 2, M2: > 0 } v
            ? v.StandardDeviation
            : throw new GnomonError("not-estimable", $"--oec: {m.Spec.Name} does not vary in the control arm, so it has no standard deviation to count in.", "--oec", $"Leave out {m.Spec.Name}, or write --oec \"raw: ...\"."))];
    }

    private static Scalar Microseconds(string column) => Scalar.Call(ScalarFunction.ToMicroseconds, Scalar.Column(column)).ToDouble();
}
