using Gnomon.Core.Tables;

namespace Gnomon.Studies.Profile.Looks;

/// <summary>Times that lie where no other time of the column is. Measured against the column's own bulk, never against the clock, so that the answer does not age.</summary>
internal static class DateRange
{
    private const double DaysTo1900 = -25_567;
    private const double MicrosecondsPerDay = 86_400e6;
    private const double Far = 3;

    /// <returns>Null when nothing lies apart.</returns>
    public static OddDates? Of(ColumnFacts column)
    {
        if (!column.IsTemporal || column.Present < 20)
        {
            return null;
        }

        var d = column.Distribution;
        if (d.Quantile(0.005) is not { } low || d.Quantile(0.995) is not { } high || !(high > low))
        {
            return null;
        }

        var unit = column.Type == ColumnType.Date ? 1 : MicrosecondsPerDay;
        var reach = Math.Max(Far * (high - low), 365 * unit);
        var floor = Math.Max(low - reach, low > DaysTo1900 * unit ? DaysTo1900 * unit : double.NegativeInfinity);
        var ceiling = high + reach;
        var before = d.Min < floor ? d.CountAtMost(floor) : 0;
        var after = d.Max > ceiling ? d.Count - d.CountAtMost(ceiling) : 0;
        return before + after == 0 ? null : new OddDates(column, before, after, low, high);
    }
}

/// <param name="Column">The column.</param>
/// <param name="Before">Rows far before the bulk, or before 1900.</param>
/// <param name="After">Rows far after the bulk.</param>
/// <param name="Low">0.5 % quantile.</param>
/// <param name="High">99.5 % quantile.</param>
internal sealed record OddDates(ColumnFacts Column, long Before, long After, double Low, double High);
