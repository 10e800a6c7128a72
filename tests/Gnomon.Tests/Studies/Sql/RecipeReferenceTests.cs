using System.Globalization;
using Gnomon.Core.Checks;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Sql;
using Gnomon.Tests.Data;
using Xunit;

namespace Gnomon.Tests.Studies.Sql;

/// <summary>Every recipe's rows against a plain loop over the same generated rows: exactly equal, edges included.</summary>
public sealed class RecipeReferenceTests : IDisposable
{
    private readonly Sources _sources = new();

    public void Dispose() => _sources.Dispose();

    public static TheoryData<int> Seeds => [1, 2, 3];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Anti_join_is_set_algebra(int seed)
    {
        var (options, events) = Options(seed, "anti-join");
        var (finding, rows) = SqlData.Run(_sources, options with { Event = "kind", Has = ["cart", "visit"], Never = ["signup"] });
        var by = events.Where(e => e.User is not null).ToLookup(e => e.Kind, e => e.User!.Value);
        Assert.Equal(by["cart"].Intersect(by["visit"]).Except(by["signup"]).Order().Select(u => $"{u}"), rows);
        Assert.Equal(CheckStatus.Warn, Status(finding, "query-scope-mismatch"));
        Assert.Equal(CheckStatus.Warn, Status(finding, "null-semantics"));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Streaks_are_runs_of_distinct_months_over_New_Year(int seed)
    {
        var (options, events) = Options(seed, "streak");
        var (_, rows) = SqlData.Run(_sources, options with { Time = "at", Count = 2 });
        var expected = new List<string>();
        foreach (var user in Kept(events).GroupBy(e => e.User!.Value).OrderBy(g => g.Key))
        {
            var months = user.Select(e => e.At!.Value.Year * 12 + e.At.Value.Month - 1).ToHashSet();
            var best = months.Where(m => !months.Contains(m - 1)).Select(m => (First: m, Length: Enumerable.Range(0, 100).TakeWhile(k => months.Contains(m + k)).Count())).OrderByDescending(r => r.Length).ThenBy(r => r.First).First();
            if (best.Length >= 2)
            {
                expected.Add($"{user.Key},{best.First / 12}-{best.First % 12 + 1:00}-01,{best.Length}");
            }
        }

        Assert.Equal(expected, rows);
        Assert.Contains(rows, r => r.Contains("-12-01,", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Streaks_of_weeks_begin_on_Monday(int seed)
    {
        var (options, events) = Options(seed, "streak");
        var (_, rows) = SqlData.Run(_sources, options with { Time = "at", Count = 3, Grain = "week" });
        var expected = new List<string>();
        foreach (var user in Kept(events).GroupBy(e => e.User!.Value).OrderBy(g => g.Key))
        {
            var weeks = user.Select(e => SqlData.Day(e.At!.Value.AddDays(-(((int)e.At.Value.DayOfWeek + 6) % 7)))).ToHashSet();
            var best = weeks.Where(w => !weeks.Contains(w - 7)).Select(w => (First: w, Length: Enumerable.Range(0, 100).TakeWhile(k => weeks.Contains(w + 7 * k)).Count())).OrderByDescending(r => r.Length).ThenBy(r => r.First).First();
            if (best.Length >= 3)
            {
                expected.Add($"{user.Key},{SqlData.Date(best.First)},{best.Length}");
            }
        }

        Assert.Equal(expected, rows);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Overlaps_are_found_by_a_sweep_over_all_pairs(int seed)
    {
        var rng = new Rng(seed).Stream("intervals");
        var start = new DateTime(2025, 12, 20, 0, 0, 0, DateTimeKind.Utc);
        var intervals = Enumerable.Range(0, 900).Select(k =>
        {
            var from = start.AddMinutes(5 * rng.NextInt(20 * 288));
            DateTime? to = rng.NextDouble() < 0.01 ? null : from.AddMinutes(rng.NextInt(20) switch { 0 => 0, 1 => -10, < 5 => 600, _ => 5 + 5 * rng.NextInt(6) });
            return (Id: k, User: 1 + rng.NextInt(120), From: from, To: to);
        }).ToList();
        intervals.AddRange(intervals.Take(20));
        var file = _sources.Write("sessions.csv", "id,user_id,started,ended\n" + string.Concat(intervals.Select(i => $"{i.Id},{i.User},{SqlData.Moment(i.From)},{(i.To is { } to ? SqlData.Moment(to) : string.Empty)}\n")));
        var (finding, rows) = SqlData.Run(_sources, new SqlOptions { Data = file, Recipe = "overlaps", Unit = "user_id", Time = "started", End = "ended", Id = "id" });

        var clean = intervals.Distinct().Where(i => i.To is null || i.To > i.From).ToList();
        var horizon = clean.Max(i => i.To ?? i.From);
        var expected = new List<string>();
        foreach (var user in clean.GroupBy(i => i.User).OrderBy(g => g.Key))
        {
            var own = user.OrderBy(i => i.From).ThenBy(i => i.Id).ToList();
            var (pairs, seconds) = (0, 0.0);
            var flagged = new HashSet<int>();
            for (var b = 1; b < own.Count; b++)
            {
                for (var a = 0; a < b; a++)
                {
                    if (own[b].From < (own[a].To ?? DateTime.MaxValue))
                    {
                        flagged.Add(own[b].Id);
                        pairs++;
                        var end = new[] { own[a].To ?? horizon, own[b].To ?? horizon, horizon }.Min();
                        seconds += (end - own[b].From).TotalSeconds;
                    }
                }
            }

            if (pairs > 0)
            {
                expected.Add($"{user.Key},{flagged.Count},{pairs},{seconds.ToString("0.0", CultureInfo.InvariantCulture)}");
            }
        }

        Assert.Equal(expected, rows);
        Assert.Equal(CheckStatus.Warn, Status(finding, "event-order-violation"));
        Assert.Equal(CheckStatus.Warn, Status(finding, "duplicate-records"));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Rolling_sums_follow_calendar_days(int seed)
    {
        var (options, events) = Options(seed, "rolling");
        var (finding, rows) = SqlData.Run(_sources, options with { Time = "at", Value = "amount", Days = 7 });
        var expected = new List<string>();
        foreach (var user in Kept(events).Where(e => e.Amount is not null).GroupBy(e => e.User!.Value).OrderBy(g => g.Key))
        {
            var days = user.GroupBy(e => SqlData.Day(e.At!.Value)).ToDictionary(g => g.Key, g => g.Sum(e => e.Amount!.Value));
            foreach (var day in days.Keys.Order())
            {
                var window = days.Where(d => d.Key > day - 7 && d.Key <= day).ToList();
                expected.Add($"{user.Key},{SqlData.Date(day)},{days[day]}.0000,{window.Sum(d => d.Value)}.0000,{window.Count}");
            }
        }

        Assert.Equal(expected, rows.Select(r => string.Join(',', r.Split(',').Take(5))));
        Assert.Equal(CheckStatus.Warn, Status(finding, "window-frame-mismatch"));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Within_is_a_sliding_window_over_sorted_times(int seed)
    {
        var (options, events) = Options(seed, "within");
        var (_, rows) = SqlData.Run(_sources, options with { Time = "at", Id = "event_id", Days = 5, Count = 4 });
        var expected = new List<string>();
        foreach (var user in Kept(events).DistinctBy(e => e.Id).GroupBy(e => e.User!.Value).OrderBy(g => g.Key))
        {
            var times = user.Select(e => e.At!.Value).Order().ToList();
            var windows = Enumerable.Range(3, Math.Max(0, times.Count - 3)).Where(k => times[k] - times[k - 3] <= TimeSpan.FromDays(5)).ToList();
            if (windows.Count > 0)
            {
                expected.Add($"{user.Key},{SqlData.Moment(times[windows[0] - 3])},{SqlData.Moment(times[windows[0]])},{windows.Count}");
            }
        }

        Assert.Equal(expected, rows);
        Assert.NotEmpty(rows);
    }

    [Fact]
    public void A_window_includes_its_edges_to_the_second()
    {
        var file = _sources.Write("orders.csv", "order_id,user_id,at\n1,1,2025-12-15 10:00:00\n2,1,2026-01-01 00:00:00\n3,1,2026-01-14 10:00:00\n4,2,2025-12-15 10:00:00\n5,2,2026-01-01 00:00:00\n6,2,2026-01-14 10:00:01\n");
        var (finding, rows) = SqlData.Run(_sources, new SqlOptions { Data = file, Recipe = "within", Unit = "user_id", Time = "at", Id = "order_id" });
        Assert.Equal(["1,2025-12-15 10:00:00,2026-01-14 10:00:00,1"], rows);
        Assert.Contains("would miss 1 of 1 users", finding.Checks.Single(c => c.Id == "window-frame-mismatch").Evidence, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Sessions_end_after_a_quiet_gap(int seed)
    {
        var (options, events) = Options(seed, "sessions");
        var (_, rows) = SqlData.Run(_sources, options with { Time = "at", Id = "event_id", Gap = 240 });
        var expected = new List<string>();
        foreach (var user in Kept(events).DistinctBy(e => e.Id).GroupBy(e => e.User!.Value).OrderBy(g => g.Key))
        {
            var sessions = new List<List<DateTime>>();
            foreach (var at in user.Select(e => e.At!.Value).Order())
            {
                if (sessions.Count == 0 || at - sessions[^1][^1] > TimeSpan.FromMinutes(240))
                {
                    sessions.Add([]);
                }

                sessions[^1].Add(at);
            }

            expected.AddRange(sessions.Select((s, k) => $"{user.Key},{k + 1},{SqlData.Moment(s[0])},{SqlData.Moment(s[^1])},{s.Count}"));
        }

        Assert.Equal(expected, rows);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_funnel_takes_the_first_occurrence_after_the_step_before(int seed)
    {
        var (options, events) = Options(seed, "funnel");
        string[] steps = ["signup", "cart", "buy"];
        var (finding, rows) = SqlData.Run(_sources, options with { Time = "at", Event = "kind", Steps = steps, Days = 20 });
        var last = events.Max(e => e.At)!.Value;
        var waits = new List<(double Hours, bool Came)>[] { [], [], [] };
        var (reached, matured) = (new int[3], new int[3]);
        foreach (var user in Kept(events).GroupBy(e => e.User!.Value))
        {
            DateTime? first = null, at = null;
            for (var k = 0; k < 3; k++)
            {
                var next = user.Where(e => e.Kind == steps[k] && (at is null || (e.At >= at && e.At <= first!.Value.AddDays(20)))).Select(e => e.At).Min();
                if (at is { } from)
                {
                    var until = first!.Value.AddDays(20);
                    waits[k].Add((((next ?? (until < last ? until : last)) - from).TotalHours, next is not null));
                }

                if (next is null)
                {
                    break;
                }

                at = next;
                first ??= at;
                reached[k]++;
                matured[k] += first.Value.AddDays(20) <= last ? 1 : 0;
            }
        }

        Assert.Equal(steps.Select((s, k) => $"{k + 1},{s},{reached[k]},{matured[k]}"), rows.Select(r => string.Join(',', r.Split(',').Take(4))));

        // The curve itself agrees with R (its own tests); here it is fitted to waits that plain loops found.
        foreach (var (k, row) in new[] { 1, 2 }.Zip(finding.Tables.Single(t => t.Id == "waits").Rows))
        {
            var curve = Gnomon.Methods.Survival.KaplanMeier.Fit([.. waits[k].Select(w => w.Hours)], [.. waits[k].Select(w => w.Came)]);
            Assert.Equal([$"{steps[k - 1]} to {steps[k]}", (long)curve.Count, (long)curve.Events], row.Take(3));
            foreach (var (expected, shown) in new[] { curve.Median, curve.MedianLimits.Low, curve.MedianLimits.High }.Zip(row.Skip(3)))
            {
                Assert.Equal(expected is null, shown is null);
                Assert.Equal(expected ?? 0, (double?)shown ?? 0, 1e-9);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_next_event_is_the_next_distinct_day(int seed)
    {
        var (options, events) = Options(seed, "next-event");
        var (finding, rows) = SqlData.Run(_sources, options with { Time = "at", Event = "kind", Days = 14 });
        var end = events.Where(e => e.At is not null).Max(e => SqlData.Day(e.At!.Value));
        var expected = new List<string>();
        foreach (var pair in Kept(events).GroupBy(e => (e.User!.Value, e.Kind)).OrderBy(g => g.Key.Value).ThenBy(g => g.Key.Kind, StringComparer.Ordinal))
        {
            var days = pair.Select(e => SqlData.Day(e.At!.Value)).Distinct().Order().ToList();
            for (var k = 0; k < days.Count; k++)
            {
                int? next = k + 1 < days.Count ? days[k + 1] : null;
                var label = days[k] + 14 > end ? string.Empty : next - days[k] <= 14 ? "1" : "0";
                expected.Add($"{pair.Key.Value},{pair.Key.Kind},{SqlData.Date(days[k])},{(next is { } n ? SqlData.Date(n) : string.Empty)},{next - days[k]},{(next is null ? 1 : 0)},{label}");
            }
        }

        Assert.Equal(expected, rows);
        Assert.Equal(CheckStatus.Warn, Status(finding, "order-dependent-result"));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_second_highest_value_is_the_second_distinct_one(int seed)
    {
        var rng = new Rng(seed).Stream("salaries");
        var staff = Enumerable.Range(1, 600).Select(k => (Id: k, Dept: rng.NextInt(50) is 49 ? null : $"d{rng.NextInt(60):00}", Pay: rng.NextDouble() < 0.02 ? (int?)null : 1000 * (30 + rng.NextInt(8)))).ToList();
        staff.Add((601, "d99", 30_000));
        var file = _sources.Write("staff.csv", "emp_id,department,salary\n" + string.Concat(staff.Select(s => $"{s.Id},{s.Dept},{s.Pay}\n")));
        var (finding, rows) = SqlData.Run(_sources, new SqlOptions { Data = file, Recipe = "top-n", Unit = "department", Value = "salary", Id = "emp_id" });
        var expected = new List<string>();
        foreach (var dept in staff.Where(s => s.Dept is not null).GroupBy(s => s.Dept!).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var second = dept.Select(s => s.Pay).OfType<int>().Distinct().OrderDescending().Skip(1).Cast<int?>().FirstOrDefault();
            expected.AddRange(second is null ? [$"{dept.Key},,"] : dept.Where(s => s.Pay == second).OrderBy(s => s.Id).Select(s => $"{s.Dept},{s.Id},{s.Pay}"));
        }

        Assert.Equal(expected, rows);
        Assert.Equal(CheckStatus.Warn, Status(finding, "order-dependent-result"));
        Assert.Equal(CheckStatus.Warn, Status(finding, "row-count-changed"));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Dedupe_keeps_the_latest_row_of_each_key(int seed)
    {
        var rng = new Rng(seed).Stream("dedupe");
        var list = Enumerable.Range(0, 800).Select(_ => (Key: rng.NextInt(20) == 0 ? (int?)null : rng.NextInt(300), At: new DateTime(2025, 12, 28, 0, 0, 0, DateTimeKind.Utc).AddDays(rng.NextInt(8)), Value: rng.NextInt(50))).ToList();
        var file = _sources.Write("orders.csv", "order_id,updated,amount\n" + string.Concat(list.Select(r => $"{r.Key},{SqlData.Moment(r.At)},{r.Value}\n")));
        var (_, rows) = SqlData.Run(_sources, new SqlOptions { Data = file, Recipe = "dedupe", Key = ["order_id"], Time = "updated" });
        Assert.Equal(
            list.Where(r => r.Key is not null).GroupBy(r => r.Key!.Value).OrderBy(g => g.Key).Select(g => g.OrderByDescending(r => r.At).ThenBy(r => r.Value).First()).Select(r => $"{r.Key},{SqlData.Moment(r.At)},{r.Value}"),
            rows);
    }

    private static IEnumerable<Event> Kept(IEnumerable<Event> events) => events.Where(e => e is { User: not null, At: not null });

    private static CheckStatus Status(Finding finding, string id) => finding.Checks.Single(c => c.Id == id).Status;

    private (SqlOptions Options, List<Event> Events) Options(int seed, string recipe)
    {
        var events = SqlData.Events(seed);
        return (new SqlOptions { Data = _sources.Write("events.csv", SqlData.Csv(events)), Recipe = recipe, Unit = "user_id" }, events);
    }

    [Fact]
    public void A_lookup_says_what_finds_its_partner()
    {
        var orders = _sources.Write("orders.csv", "id,plan\n1,free\n2, FREE\n3,pro\n4,none\n5,\n6,pro\n");
        var plans = _sources.Write("plans.csv", "plan,label\nfree,Free\npro,Pro\npro,Professional\nteam,Team\n,Nobody\n");
        var table = Ask.Sql(new SqlOptions { Data = orders, More = [plans], Recipe = "lookup", Key = ["plan"] }).Tables.Single(t => t.Id == "match");
        Assert.Equal([4L, 1L, 1L, 3L, 1L, 2L, 2L], table.Rows.Select(r => (long)r[1]!));
    }
}
