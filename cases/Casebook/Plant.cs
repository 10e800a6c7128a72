using System.Globalization;
using Gnomon.Numerics.Random;

namespace Gnomon.Cases;

/// <summary>Pieces from which the cases build their data: exact counts in random places, days, files.</summary>
internal static class Plant
{
    // A Monday, so that day 0..6 is one whole week.
    private static readonly DateOnly FirstDay = new(2026, 3, 2);

    /// <summary>Day 0 is Monday 2 March 2026.</summary>
    public static string Date(int day) => FirstDay.AddDays(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Exactly <paramref name="ones"/> of n are true, every placement equally likely.</summary>
    public static bool[] Ones(Rng rng, int n, int ones)
    {
        var flags = new bool[n];
        Array.Fill(flags, true, 0, ones);
        rng.Shuffle<bool>(flags);
        return flags;
    }

    /// <summary>n units spread evenly over the days.</summary>
    public static int Day(int unit, int units, int days) => (int)((long)unit * days / units);

    /// <summary>A lognormal sample that lies on its own quantiles, in random order: its mean and spread do not depend on the seed.</summary>
    public static double[] Lognormal(Rng rng, int n, double logMean, double logDeviation)
    {
        double[] values = [.. Enumerable.Range(0, n).Select(i => Math.Exp(logMean + logDeviation * Numerics.Distributions.Normal.Quantile((i + 0.5) / n)))];
        rng.Shuffle<double>(values);
        return values;
    }

    /// <summary>A normal sample on its own quantiles, in random order, with exactly this mean and standard deviation.</summary>
    public static double[] Normal(Rng rng, int n, double mean, double deviation)
    {
        double[] scores = [.. Enumerable.Range(0, n).Select(i => Numerics.Distributions.Normal.Quantile((i + 0.5) / n))];
        var spread = Math.Sqrt(scores.Sum(z => z * z) / (n - 1));
        double[] values = [.. scores.Select(z => mean + deviation * z / spread)];
        rng.Shuffle<double>(values);
        return values;
    }

    public static string Bit(bool flag) => flag ? "1" : "0";

    /// <summary>A CSV of one row per unit in the order of days, arms mixed within a day; ids count up in that order.</summary>
    /// <param name="header">The columns after the id and the day.</param>
    public static IEnumerable<string> Log(Rng rng, string idColumn, string dayColumn, string header, List<LogRow> rows)
    {
        var mixed = rows.ToArray();
        rng.Shuffle<LogRow>(mixed);
        yield return $"{idColumn},{dayColumn},{header}";
        var id = 100_000;
        foreach (var row in mixed.OrderBy(r => r.Day))
        {
            id++;
            yield return $"{idColumn[0]}{id},{Date(row.Day)},{row.Rest}";
        }
    }

    /// <summary>Two or more arms with exact counts of converted units: <c>user_id,day,variant,converted</c>.</summary>
    public static CaseFile Counts(Draw draw, string name, int days, params ArmCounts[] arms)
    {
        var rows = new List<LogRow>();
        foreach (var arm in arms)
        {
            var converted = Ones(draw.Stream(arm.Name), arm.Units, arm.Ones);
            rows.AddRange(converted.Select((c, i) => new LogRow(Day(i, arm.Units, days), $"{arm.Name},{Bit(c)}")));
        }

        return new CaseFile(name, Log(draw.Stream("order"), "user_id", "day", "variant,converted", rows));
    }

    public static CaseFile Plan(string experiment, string hypothesis, string unit, string primary, string mde, int unitsPerArm, int days) => new(
        "plan.json",
        [
            "{",
            "  \"schema\": \"gnomon.plan/1\",",
            $"  \"experiment\": \"{experiment}\",",
            $"  \"hypothesis\": \"{hypothesis}\",",
            $"  \"unit\": \"{unit}\",",
            $"  \"primary\": [\"{primary}\"],",
            $"  \"mde\": \"{mde}\",",
            $"  \"unitsPerArm\": {unitsPerArm},",
            $"  \"days\": {days}",
            "}",
        ]);
}

/// <summary>A row of a log: its day and the cells after id and day.</summary>
internal readonly record struct LogRow(int Day, string Rest);

/// <summary>An arm with exact counts.</summary>
internal readonly record struct ArmCounts(string Name, int Units, int Ones);
