using System.Globalization;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Sql;
using Gnomon.Tests.Data;
using Xunit;

namespace Gnomon.Tests.Studies.Sql;

/// <summary>An event as the reference computations see it; the same rows stand in the file.</summary>
internal sealed record Event(string Id, int? User, string Kind, int? Amount, DateTime? At);

/// <summary>Generated rows with the edges that recipes meet: NULL, ties, retries, touching intervals, New Year.</summary>
internal static class SqlData
{
    private static readonly DateTime Start = new(2025, 11, 3, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>About 4,000 events of 150 users over five months and a New Year: 2 % without a user, 1 % without a time, 4 % retried, 5 % refunds.</summary>
    public static List<Event> Events(int seed)
    {
        var rng = new Rng(seed).Stream("sql-events");
        string[] kinds = ["signup", "visit", "cart", "buy"];
        var events = new List<Event>();
        for (var user = 1; user <= 150; user++)
        {
            var (from, n) = (rng.NextInt(70 * 1440), 1 + rng.NextInt(50));
            for (var k = 0; k < n; k++)
            {
                DateTime? at = rng.NextDouble() < 0.01 ? null : Start.AddMinutes(from + (rng.NextDouble() < 0.3 ? rng.NextInt(3 * 1440) : rng.NextInt(80 * 1440)));
                var row = new Event($"e{events.Count:00000}", rng.NextDouble() < 0.02 ? null : user, kinds[rng.NextInt(4)], rng.NextDouble() < 0.01 ? null : rng.NextDouble() < 0.05 ? -5 : 1 + rng.NextInt(40), at);
                events.Add(row);
                if (rng.NextDouble() < 0.04)
                {
                    events.Add(row);
                }
            }
        }

        return events;
    }

    public static string Csv(IEnumerable<Event> events) =>
        "event_id,user_id,kind,amount,at\n" + string.Concat(events.Select(e => $"{e.Id},{e.User},{e.Kind},{e.Amount},{e.At?.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}\n"));

    /// <summary>Runs a question over files and returns the finding with all rows written as CSV.</summary>
    public static (Finding Finding, string[] Rows) Run(Sources sources, SqlOptions options, string name = "rows.csv")
    {
        var path = Path.Combine(sources.Folder, name);
        File.Delete(path);
        var finding = Ask.Sql(options with { Out = path });
        return (finding, [.. File.ReadAllLines(path).Skip(1)]);
    }

    /// <summary>Two findings say the same: decision, estimates to 1e-9, checks with their words, and all tables but those of rows and SQL.</summary>
    public static void Same(Finding file, Finding server)
    {
        Assert.Equal(file.Decision.Summary, server.Decision.Summary);
        Assert.Equal(file.Checks.Select(c => (c.Id, c.Status, c.Evidence)), server.Checks.Select(c => (c.Id, c.Status, c.Evidence)));
        Assert.Equal(file.Estimates.Select(e => (e.Name, e.Metric, e.N)), server.Estimates.Select(e => (e.Name, e.Metric, e.N)));
        foreach (var (ours, theirs) in file.Estimates.Zip(server.Estimates))
        {
            Assert.Equal(ours.Value, theirs.Value, 1e-9 * Math.Max(1, Math.Abs(ours.Value)));
            Assert.Equal(ours.Low, theirs.Low, 1e-9 * Math.Max(1, Math.Abs(ours.Low)));
            Assert.Equal(ours.High, theirs.High, 1e-9 * Math.Max(1, Math.Abs(ours.High)));
        }

        foreach (var (ours, theirs) in file.Tables.Where(t => t.Id is not ("rows" or "sql")).Zip(server.Tables.Where(t => t.Id is not ("rows" or "sql"))))
        {
            Assert.Equal(ours.Rows.SelectMany(r => r).Select(Cell), theirs.Rows.SelectMany(r => r).Select(Cell));
        }
    }

    private static string Cell(object? cell) => cell switch
    {
        double x => x.ToString("G10", CultureInfo.InvariantCulture),
        _ => Convert.ToString(cell, CultureInfo.InvariantCulture) ?? string.Empty,
    };

    public static int Day(DateTime at) => (int)(at.Date - DateTime.UnixEpoch).TotalDays;

    public static string Date(int day) => DateTime.UnixEpoch.AddDays(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static string Moment(DateTime at) => at.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
