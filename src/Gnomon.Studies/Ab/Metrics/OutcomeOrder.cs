using System.Globalization;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;

namespace Gnomon.Studies.Ab.Metrics;

/// <summary>Outcomes in an order that cannot be: a step of --funnel without the one before it, a unit last seen before it was assigned.</summary>
internal static class OutcomeOrder
{
    public static IEnumerable<EventOrder> Of(AbDesign design, AbReader? reader, StudyContext context)
    {
        if (reader is null)
        {
            return [];
        }

        var options = design.Options;
        var (found, select) = (new List<EventOrder>(), new List<Projection>());
        void Count(string start, string end, Scalar both, Scalar reversed, bool areSteps)
        {
            select.Add(new Projection($"both{found.Count}", Scalar.Aggregate(AggregateFunction.RowCount, null, both)));
            select.Add(new Projection($"reversed{found.Count}", Scalar.Aggregate(AggregateFunction.RowCount, null, both.And(reversed))));
            found.Add(new EventOrder { Start = start, End = end, Both = 0, Reversed = 0, Open = 0, AreSteps = areSteps });
        }

        for (var k = 1; k < options.Funnel.Count; k++)
        {
            var (before, after) = (MetricTexts.Step(options.Funnel[k - 1]), MetricTexts.Step(options.Funnel[k]));
            Count(options.Funnel[k - 1], options.Funnel[k], before.IsNull().Not().And(after.EqualTo(Scalar.Value(1.0))), before.EqualTo(Scalar.Value(0.0)), areSteps: true);
        }

        if (options is { Retention: { } text, Time: { } time })
        {
            var column = text[..text.LastIndexOf(':')].Trim();
            var (seen, assigned) = (Day(column), Day(time));
            Count(time, column, seen.IsNull().Not().And(assigned.IsNull().Not()), Scalar.Call(ScalarFunction.Less, seen, assigned), areSteps: false);
        }

        if (found.Count == 0)
        {
            return [];
        }

        var table = context.RequireData().Read(new Query { Select = select, Where = reader.Usable() }, context.Cancellation);
        long At(int i) => Convert.ToInt64(table.Columns[i].Cell(0), CultureInfo.InvariantCulture);
        return found.Select((o, i) => o with { Both = At(2 * i), Reversed = At(2 * i + 1) }).Where(o => o.Both > 0);
    }

    // A date beside a time of day: only whole days can be out of order.
    private static Scalar Day(string column) => Scalar.Call(ScalarFunction.ToMicroseconds, Scalar.Call(ScalarFunction.ToDay, Scalar.Column(column))).ToDouble();
}
