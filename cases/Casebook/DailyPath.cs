namespace Gnomon.Cases;

/// <summary>
/// Conversions by day and arm with nothing going on, kept only when the running test first passes 1.96 on a given day: the path of a test that
/// was stopped because it looked good. Among streams 0, 1, 2, ... of the seed the first such path is taken.
/// </summary>
internal sealed record DailyPath(long[] Control, long[] Treatment)
{
    private const int MostPaths = 400_000;
    private const double Line = 1.959963984540054;

    /// <param name="perDay">Units per arm and day.</param>
    /// <param name="rate">Conversion rate of a day, the same in both arms.</param>
    /// <param name="stop">The day (1 is the first) on which the test is stopped.</param>
    /// <param name="low">Smallest z on that day.</param>
    /// <param name="high">Largest z on that day.</param>
    public static DailyPath StoppedOn(Draw draw, int perDay, Func<int, double> rate, int stop, double low, double high)
    {
        for (var attempt = 0; attempt < MostPaths; attempt++)
        {
            var rng = draw.Stream("path", attempt);
            var control = new long[stop];
            var treatment = new long[stop];
            var z = 0.0;
            var day = 0;
            while (day < stop && Math.Abs(z) < Line)
            {
                control[day] = rng.NextBinomial(perDay, rate(day));
                treatment[day] = rng.NextBinomial(perDay, rate(day));
                day++;
                z = PooledZ(treatment.Sum(), control.Sum(), (long)perDay * day);
            }

            if (day == stop && z >= low && z <= high)
            {
                return new DailyPath(control, treatment);
            }
        }

        throw new InvalidOperationException($"No path of {MostPaths} stops on day {stop} with z from {low} to {high}.");
    }

    /// <summary>Both arms with their own rate, every day drawn.</summary>
    public static DailyPath Drawn(Draw draw, int perDay, int days, Func<int, double> control, Func<int, double> treatment)
    {
        var rng = draw.Stream("days");
        return new DailyPath(
            [.. Enumerable.Range(0, days).Select(d => rng.NextBinomial(perDay, control(d)))],
            [.. Enumerable.Range(0, days).Select(d => rng.NextBinomial(perDay, treatment(d)))]);
    }

    /// <summary><c>user_id,day,variant,converted</c>.</summary>
    public CaseFile File(Draw draw, string name, int perDay, string treatmentName)
    {
        var rows = new List<LogRow>();
        for (var day = 0; day < Control.Length; day++)
        {
            rows.AddRange(Plant.Ones(draw.Stream("control", day), perDay, (int)Control[day]).Select(c => new LogRow(day, $"control,{Plant.Bit(c)}")));
            rows.AddRange(Plant.Ones(draw.Stream("treatment", day), perDay, (int)Treatment[day]).Select(c => new LogRow(day, $"{treatmentName},{Plant.Bit(c)}")));
        }

        return new CaseFile(name, Plant.Log(draw.Stream("order"), "user_id", "day", "variant,converted", rows));
    }

    private static double PooledZ(long x, long y, long n)
    {
        var pooled = (x + y) / (2.0 * n);
        return (x - y) / (double)n / Math.Sqrt(2 * pooled * (1 - pooled) / n);
    }
}
