using System.Globalization;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;

namespace Gnomon.Studies.Ab;

/// <summary>Why an experiment cannot be read, by what the data hold: no rows, no values, no unit that counts, values whose powers no number holds.</summary>
internal static class AbRefusals
{
    // Fourth powers of values, which tails are read from, and their sums stay finite below this.
    internal const double Largest = 1e74;

    /// <exception cref="GnomonError">The reading failed for a reason that can be named.</exception>
    public static T Named<T>(AbReader reader, StudyContext context, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (GnomonError e) when (e.Code == "no-arms")
        {
            throw NoArms(reader, context) ?? e;
        }
        catch (Exception e) when (e is InvalidOperationException or OverflowException or ArithmeticException && TooLarge(reader, context) is { } column)
        {
            throw new GnomonError(
                "values-too-large", $"{reader.Data.Name}: column '{column}' holds values beyond {Largest.ToString("0E+0", CultureInfo.InvariantCulture)}, whose fourth powers no number holds.", column,
                "Divide the column by a power of ten with --query, or leave broken values out with --where.", e);
        }
    }

    /// <summary>A column without any value, or data without any row.</summary>
    public static GnomonError NoValue(AbReader reader, StudyContext context, string column)
    {
        var rows = Count(reader, context, Scalar.Aggregate(AggregateFunction.RowCount));
        return rows == 0
            ? new GnomonError("no-rows", $"{reader.Data.Name} has no rows to analyse.", reader.Data.Name, reader.Design.Options.Where is null ? "Check the file." : "Check --where.")
            : new GnomonError("no-values", $"{reader.Data.Name}: column '{column}' is empty in {(rows == 1 ? "its only row" : $"all {Figures.Count(rows)} rows")}.", column, "Name a column with values, or check how the file was written.");
    }

    private static GnomonError? NoArms(AbReader reader, StudyContext context)
    {
        var armed = Count(reader, context, Scalar.Aggregate(AggregateFunction.Count, reader.Arm.ToText()));
        if (armed == 0 || reader.Unit is not { } unit)
        {
            return null;
        }

        return Count(reader, context, Scalar.Aggregate(AggregateFunction.Count, Scalar.Column(unit))) == 0
            ? new GnomonError("no-units", $"{reader.Data.Name}: column '{unit}' is empty in {(armed == 1 ? "the only row with an arm" : $"all {Figures.Count(armed)} rows with an arm")}, so no row belongs to a unit.", "--unit", "Name the column of the unit, or leave --unit out where each row is one.")
            : new GnomonError(
                "no-units", $"{reader.Data.Name}: every unit of '{unit}' met several arms, and without --time nothing tells which came first.", "--unit",
                "Name the moment in --time, so that each unit counts in the arm it met first; where units took both arms in random order, write --crossover.");
    }

    private static string? TooLarge(AbReader reader, StudyContext context) =>
        reader.Design.Metrics.SelectMany(m => new[] { m.IsWritten ? null : m.Column, m.Denominator }).Concat(reader.Pre).OfType<string>().Distinct().FirstOrDefault(c =>
            reader.Data.Read(Query.Of(new Projection("largest", Scalar.Aggregate(AggregateFunction.Max, Scalar.Call(ScalarFunction.Abs, Scalar.Column(c).ToDouble())))), context.Cancellation).Columns[0].Cell(0) is double v && v > Largest);

    private static long Count(AbReader reader, StudyContext context, Scalar what) =>
        Convert.ToInt64(reader.Data.Read(Query.Of(new Projection("count", what)), context.Cancellation).Columns[0].Cell(0), CultureInfo.InvariantCulture);
}
