using System.Globalization;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;

namespace Gnomon.Studies.Ab;

/// <summary>Texts in --time that are no dates as they stand: every question about days is lost with them, so it is said.</summary>
internal static class AbDates
{
    private const double Few = 0.001;

    public static AbPart Of(AbReader? reader, StudyContext context)
    {
        if (reader?.Time is not { } time || reader.Data.Schema.Require(time).Type is not (ColumnType.Text or ColumnType.Category))
        {
            return new();
        }

        var column = Scalar.Column(time);
        var day = Scalar.Call(ScalarFunction.ToDay, column);
        var counts = reader.Data.Read(
            Query.Of(new Projection("rows", Scalar.Aggregate(AggregateFunction.RowCount)), new Projection("filled", Scalar.Aggregate(AggregateFunction.Count, column)), new Projection("read", Scalar.Aggregate(AggregateFunction.Count, day))), context.Cancellation);
        long At(int i) => Convert.ToInt64(counts.Columns[i].Cell(0), CultureInfo.InvariantCulture);
        var (rows, filled, unread) = (At(0), At(1), At(1) - At(2));
        if (unread <= Few * filled)
        {
            return new();
        }

        var example = reader.Data.Read(new Query { Select = [new Projection("example", Scalar.Aggregate(AggregateFunction.Min, column))], Where = day.IsNull().And(column.IsNull().Not()) }, context.Cancellation).Columns[0].Cell(0);
        var says = $"{(unread == filled ? $"none of the {Figures.Count(filled)} texts" : $"{Figures.Count(unread)} of {Figures.Count(filled)} texts")} in {time} could be read as a date, for example '{example}'";
        return new()
        {
            Evidence = [new ReadingLosses { Rows = rows, Losses = [new ReadingLoss("unread-dates", unread, (double)unread / rows, IsIrreversible: false, says)] }],
            Limitations = [$"{char.ToUpperInvariant(says[0])}{says[1..]}: those rows count in the totals, and what happened day by day, on which weekdays and in which order of arms was read without them. Write dates as 2026-10-11, with the year, or make them so with --query."],
        };
    }
}
