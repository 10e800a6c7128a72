namespace Gnomon.Methods.Survival;

/// <summary>One Cox model for the events up to the middle one, and one for those after it among the units that were left.</summary>
/// <remarks>
/// Source: Therneau and Grambsch 2000, Modeling Survival Data, section 6.5. The partial likelihood is a product over event times, so each half is the whole likelihood of its period: the first
/// with everybody's watch ended at the middle event, the second without the units whose time was over by then.
/// </remarks>
public static class HazardHalves
{
    const int FewestEvents = 10;

    /// <param name="times">Follow-up times.</param>
    /// <param name="events">Whether the unit had the event.</param>
    /// <param name="x">Columns, row by row.</param>
    /// <param name="columns">Number of columns.</param>
    /// <returns>The two fits; null for a half with fewer than 10 events or without finite coefficients.</returns>
    public static (CoxFit? Early, CoxFit? Late) Of(ReadOnlySpan<double> times, ReadOnlySpan<bool> events, ReadOnlySpan<double> x, int columns)
    {
        var eventTimes = new List<double>();
        for (var i = 0; i < times.Length; i++)
        {
            if (events[i])
                eventTimes.Add(times[i]);
        }
        if (eventTimes.Count < 2 * FewestEvents)
            return (null, null);
        eventTimes.Sort();
        var middle = eventTimes[(eventTimes.Count - 1) / 2];
        var (cut, ended) = (new double[times.Length], new bool[times.Length]);
        var (later, laterEnded, laterX) = (new List<double>(), new List<bool>(), new List<double>());
        for (var i = 0; i < times.Length; i++)
        {
            cut[i] = Math.Min(times[i], middle);
            ended[i] = events[i] && times[i] <= middle;
            if (times[i] > middle)
            {
                later.Add(times[i]);
                laterEnded.Add(events[i]);
                laterX.AddRange(x.Slice(i * columns, columns));
            }
        }
        return (Fit(cut, ended, x, columns), Fit([.. later], [.. laterEnded], laterX.ToArray(), columns));
    }

    static CoxFit? Fit(double[] times, bool[] events, ReadOnlySpan<double> x, int columns)
    {
        if (events.Count(e => e) < FewestEvents)
            return null;
        try
        {
            return CoxRegression.Fit(times, events, x, columns);
        }
        catch (Exception wrong) when (wrong is NotEstimableException or TooFewRowsException)
        {
            return null;
        }
    }
}
