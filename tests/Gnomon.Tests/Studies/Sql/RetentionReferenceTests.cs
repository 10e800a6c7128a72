using Gnomon.Core.Checks;
using Gnomon.Studies.Sql;
using Gnomon.Tests.Data;
using Xunit;

namespace Gnomon.Tests.Studies.Sql;

/// <summary>The cohort recipes against plain loops, with days cut in the zone of the business.</summary>
public sealed class RetentionReferenceTests : IDisposable
{
    // A zone without summer time , so that the loop can shift by a constant.
    private const string Zone = "America/Phoenix";
    private const int HoursBehind = 7;

    private readonly Sources _sources = new();

    public void Dispose() => _sources.Dispose();

    [Theory]
    [InlineData(1, null)]
    [InlineData(2, Zone)]
    [InlineData(3, Zone)]
    public void Retention_blanks_cohorts_that_are_too_young(int seed, string? zone)
    {
        var (options, people, end) = People(seed, "retention", zone);
        var (finding, rows) = SqlData.Run(_sources, options with { Days = 30 });
        var expected = people.GroupBy(p => Monday(p.Start)).OrderBy(g => g.Key).Select(g =>
        {
            var youngest = g.Max(p => p.Start);
            int On(Func<int, bool> age) => g.Count(p => p.Days.Any(d => age(d - p.Start)));
            var day = youngest + 30 <= end ? $"{On(a => a == 30)}" : string.Empty;
            var week = youngest + 36 <= end ? $"{On(a => a is >= 30 and <= 36)}" : string.Empty;
            var later = youngest + 30 <= end ? $"{On(a => a >= 30)}" : string.Empty;
            return $"{SqlData.Date(g.Key)},{g.Count()},{day},{week},{later},{On(a => a == 30)}";
        });
        Assert.Equal(expected, rows);
        if (zone is null)
        {
            Assert.Contains(rows, r => r.Contains(",,", StringComparison.Ordinal));
        }
        else
        {
            Assert.Equal(CheckStatus.Warn, finding.Checks.Single(c => c.Id == "timezone-mismatch").Status);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Cohorts_fill_weeks_that_are_over(int seed)
    {
        var (options, people, end) = People(seed, "cohort", null);
        var (_, rows) = SqlData.Run(_sources, options with { Count = 10 });
        var expected = people.GroupBy(p => Monday(p.Start)).OrderBy(g => g.Key).SelectMany(g => Enumerable.Range(0, 10).Select(w =>
        {
            var isOver = g.Max(p => p.Start) + 7 * w + 6 <= end;
            return $"{SqlData.Date(g.Key)},{w},{g.Count()},{(isOver ? $"{g.Count(p => p.Days.Any(d => d >= p.Start && (d - p.Start) / 7 == w))}" : string.Empty)}";
        }));
        Assert.Equal(expected, rows);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Rolling_retention_counts_each_user_once_per_window(int seed)
    {
        var (options, people, end) = People(seed, "rolling-retention", Zone);
        var (finding, rows) = SqlData.Run(_sources, options with { Days = 20, Grain = "month" });
        var expected = people.GroupBy(p => Month(p.Start)).OrderBy(g => g.Key).SelectMany(g => Enumerable.Range(1, 20).Select(n =>
        {
            var active = g.Count(p => p.Days.Any(d => d - p.Start >= n && d - p.Start <= n + 6));
            return $"{SqlData.Date(g.Key)},{n},{g.Count()},{(g.Max(p => p.Start) + n + 6 <= end ? $"{active}" : string.Empty)},{active}";
        }));
        Assert.Equal(expected, rows);
        Assert.Equal(CheckStatus.Warn, finding.Checks.Single(c => c.Id == "non-additive-aggregate").Status);
    }

    [Fact]
    public void Starts_and_returns_can_be_named()
    {
        var events = SqlData.Events(4);
        var file = _sources.Write("events.csv", SqlData.Csv(events));
        var (_, rows) = SqlData.Run(_sources, new SqlOptions { Data = file, Recipe = "retention", Unit = "user_id", Time = "at", Event = "kind", Start = ["signup"], Return = ["buy", "cart"], Days = 7, Grain = "month" });
        var kept = events.Where(e => e is { User: not null, At: not null }).ToList();
        var end = kept.Concat(events.Where(e => e.At is not null)).Max(e => SqlData.Day(e.At!.Value));
        var people = kept.GroupBy(e => e.User).Where(g => g.Any(e => e.Kind == "signup")).Select(g => (Start: g.Where(e => e.Kind == "signup").Min(e => SqlData.Day(e.At!.Value)), Days: g.Where(e => e.Kind is "buy" or "cart").Select(e => SqlData.Day(e.At!.Value)).ToHashSet())).ToList();
        Assert.Equal(
            people.GroupBy(p => Month(p.Start)).OrderBy(g => g.Key).Select(g => $"{SqlData.Date(g.Key)},{g.Count()},{(g.Max(p => p.Start) + 7 <= end ? $"{g.Count(p => p.Days.Contains(p.Start + 7))}" : string.Empty)}"),
            rows.Select(r => string.Join(',', r.Split(',').Take(3))));
    }

    private (SqlOptions Options, List<(int Start, HashSet<int> Days)> People, int End) People(int seed, string recipe, string? zone)
    {
        var events = SqlData.Events(seed);
        var file = _sources.Write("events.csv", SqlData.Csv(events));
        int Day(DateTime at) => SqlData.Day(zone is null ? at : at.AddHours(-HoursBehind));
        var people = events.Where(e => e is { User: not null, At: not null }).GroupBy(e => e.User!.Value).Select(g => g.Select(e => Day(e.At!.Value)).ToHashSet()).Select(days => (days.Min(), days)).ToList();
        return (new SqlOptions { Data = file, Recipe = recipe, Unit = "user_id", Time = "at", Zone = zone }, people, events.Where(e => e.At is not null).Max(e => Day(e.At!.Value)));
    }

    private static int Monday(int day) => day - (day + 3) % 7;

    private static int Month(int day) => DateTime.UnixEpoch.AddDays(day) is var d ? SqlData.Day(new DateTime(d.Year, d.Month, 1, 0, 0, 0, DateTimeKind.Utc)) : 0;
}
