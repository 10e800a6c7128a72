namespace Gnomon.Methods.Survival;

/// <summary>Follow-up times in the order that every method here reads them.</summary>
internal static class SurvivalData
{
    /// <summary>Row numbers by time, earliest first; at one time events come before censored rows, then by row.</summary>
    /// <exception cref="TooFewRowsException">Fewer than 2 rows.</exception>
    /// <exception cref="ArgumentException">A time is negative or not finite, or lengths differ.</exception>
    public static int[] Order(ReadOnlySpan<double> times, ReadOnlySpan<bool> events)
    {
        if (times.Length != events.Length)
            throw new ArgumentException("There must be one event mark per time.", nameof(events));
        if (times.Length < 2)
            throw new TooFewRowsException("The set of follow-up times", times.Length, 2);
        var keys = new (double Time, bool IsCensored, int Row)[times.Length];
        for (var i = 0; i < times.Length; i++)
        {
            if (!(times[i] >= 0) || !double.IsFinite(times[i]))
                throw new ArgumentException($"The time at index {i} is {times[i]}; a follow-up time is finite and not negative.", nameof(times));
            keys[i] = (times[i], !events[i], i);
        }
        Array.Sort(keys);
        return Array.ConvertAll(keys, k => k.Row);
    }
}
