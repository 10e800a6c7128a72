using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Metrics;
using Xunit;

namespace Gnomon.Tests.Studies.Metrics;

/// <summary><c>metrics</c>: from past tests to the metric that decides the next ones.</summary>
public sealed class MetricLabTests
{
    private const int Tests = 12;
    private const int Arm = 400;

    [Fact]
    public void The_metric_that_moves_with_the_goal_is_chosen_over_the_one_that_moves_most()
    {
        var finding = Ask.Metrics(Units(1), Options() with { Primary = "clicks" });
        Assert.Equal(DecisionAction.Answer, finding.Decision.Action);
        Assert.StartsWith("Primary: sessions; clicks is sensitive but disagrees with retained in ", finding.Decision.Summary, StringComparison.Ordinal);
        var lead = finding.Estimates.First(e => e.Role == "primary");
        Assert.Equal(("correlation of effects", "sessions", Tests), (lead.Name, lead.Metric, (int)lead.N));
        Assert.True(lead.Low >= 0.5);
        Assert.Equal(CheckStatus.Warn, Check(finding, "unvalidated-surrogate").Status);
        Assert.Contains("clicks", Check(finding, "unvalidated-surrogate").Evidence, StringComparison.Ordinal);
        Assert.Equal(CheckStatus.Pass, Check(Ask.Metrics(Units(1), Options()), "unvalidated-surrogate").Status);
        Assert.Contains(finding.Tables.Single(t => t.Id == "gameable").Rows, r => (string)r[0]! == "clicks" && ((string)r[1]!).StartsWith("rises without the goal", StringComparison.Ordinal));
        Assert.Contains(finding.Next, n => n.Contains("--metric sessions --guardrail \"clicks>=-", StringComparison.Ordinal));
    }

    [Fact]
    public void Counts_of_agreement_are_those_of_the_signs()
    {
        var table = Units(2);
        var finding = Ask.Metrics(table, Options());
        var (test, arm, clicks, retained) = (Text(table, "test"), Text(table, "arm"), Numbers(table, "clicks"), Numbers(table, "retained"));
        double Effect(double[] v, string t) => Mean(v, i => test[i] == t && arm[i] == "new") - Mean(v, i => test[i] == t && arm[i] == "control");
        double Mean(double[] v, Func<int, bool> rows) => v.Where((_, i) => rows(i)).Average();
        var agree = test.Distinct().Count(t => Effect(clicks, t!) * Effect(retained, t!) > 0);
        Assert.Equal((double)agree / Tests, finding.Estimates.Single(e => e is { Name: "same direction", Metric: "clicks" }).Value, 1e-15);
        Assert.Equal((long)agree, finding.Tables.Single(t => t.Id == "agreement").Rows.Single(r => (string)r[0]! == "clicks")[1]);
    }

    [Fact]
    public void A_A_tests_of_every_metric_keep_their_size()
    {
        var rows = Ask.Metrics(Units(3), Options() with { Relabel = 4_000 }).Tables.Single(t => t.Id == "relabelled").Rows;
        Assert.Equal(["clicks", "sessions"], rows.Select(r => (string)r[0]!));
        Assert.All(rows, r => Assert.InRange((double)r[2]!, 0.04, 0.06));
    }

    [Fact]
    public void Rows_of_effects_say_what_rows_of_units_say()
    {
        var units = Units(4);
        var whole = Ask.Metrics(units, Options());
        var effects = Ask.Metrics(Effects(units, correlated: true), new MetricsOptions { Test = "test", Goal = "retained", Effect = "effect", Se = "se", Users = "users", Correlation = "r" });
        Assert.Equal(whole.Decision.Action, effects.Decision.Action);
        foreach (var e in whole.Estimates.Where(e => e.Name is "correlation of effects" or "same direction"))
        {
            var other = effects.Estimates.Single(x => x.Name == e.Name && x.Metric == e.Metric);
            Assert.Equal(e.Value, other.Value, 1e-6);
            Assert.Equal(e.Low, other.Low, 1e-6);
        }

        Assert.DoesNotContain(effects.Tables, t => t.Id is "relabelled" or "foretold" or "oec");
        Assert.Contains(effects.Limitations, l => l.Contains("With effects alone", StringComparison.Ordinal));
        var plain = Ask.Metrics(Effects(units, correlated: false), new MetricsOptions { Test = "test", Goal = "retained", Effect = "effect", Se = "se" });
        Assert.Contains(plain.Limitations, l => l.Contains("taken as none", StringComparison.Ordinal));
        Assert.DoesNotContain(plain.Tables.Single(t => t.Id == "sensitivity").Columns, c => c.Contains("1,000 users", StringComparison.Ordinal));
    }

    [Fact]
    public void Less_that_is_better_turns_a_metric_round()
    {
        var units = Units(5);
        var turned = Table.With("test", Text(units, "test")).And("arm", Text(units, "arm")).And("clicks", Numbers(units, "clicks")).And("sessions", Numbers(units, "sessions").Select(v => -v)).And("retained", Numbers(units, "retained"));
        var (a, b) = (Ask.Metrics(units, Options()), Ask.Metrics(turned, Options() with { LowerIsBetter = ["sessions"] }));
        Assert.Equal(a.Estimates.First().Low, b.Estimates.First().Low, 1e-9);
        Assert.Equal(a.Tables.Single(t => t.Id == "candidates").Rows.Select(r => r[1]), b.Tables.Single(t => t.Id == "candidates").Rows.Select(r => r[1]));
        Assert.Equal(-(double)a.Tables.Single(t => t.Id == "oec").Rows[1][1]!, (double)b.Tables.Single(t => t.Id == "oec").Rows[1][1]!, 1e-9);
        Assert.Contains(b.Tables.Single(t => t.Id == "definition").Rows, r => (string)r[1]! == "less is better");
        Assert.Contains("clicks>=-", (string)b.Tables.Single(t => t.Id == "definition").Rows[^1][1]!, StringComparison.Ordinal);
    }

    [Fact]
    public void A_ratio_is_judged_by_its_totals_and_its_denominator_is_watched()
    {
        var rng = new Rng(6);
        var units = Units(6);
        var arm = Text(units, "arm");
        double[] visits = [.. arm.Select(a => 1.0 + rng.NextInt(5) + (a == "new" ? 1 : 0))];
        var data = Table.With("test", Text(units, "test")).And("arm", arm).And("retained", Numbers(units, "retained")).And("visits", visits).And("sessions", Numbers(units, "sessions"));
        var finding = Ask.Metrics(data, new MetricsOptions { Test = "test", Variant = "arm", Metric = ["sessions/visits", "sessions"], Goal = "retained" });
        Assert.Contains(finding.Tables.Single(t => t.Id == "gameable").Rows, r => ((string)r[1]!).StartsWith("its denominator moves: visits per user differs between the arms in 12 of 12 tests", StringComparison.Ordinal));
        var test = Text(units, "test");
        double Total(double[] v, string a) => v.Where((_, i) => test[i] == "t0" && arm[i] == a).Sum();
        var sessions = Numbers(units, "sessions");
        var t0 = finding.Tables.Single(t => t.Id == "past-tests").Rows[0];
        Assert.Equal(Math.Sign(Total(sessions, "new") / Total(visits, "new") - Total(sessions, "control") / Total(visits, "control")), Math.Sign((double)t0[3]!));
    }

    [Fact]
    public void Few_tests_name_no_metric_and_few_users_who_carry_one_are_named()
    {
        var units = Units(7);
        var few = Ask.Metrics(Where(units, t => t is "t0" or "t1" or "t2" or "t3"), Options());
        Assert.Equal(DecisionAction.Inconclusive, few.Decision.Action);
        Assert.Contains("There are 4 of them, and 10 are needed.", few.Decision.Summary, StringComparison.Ordinal);
        Assert.Equal(CheckStatus.Warn, Check(few, "unvalidated-surrogate").Status);
        Assert.Equal("too-few-tests", Assert.Throws<GnomonError>(() => Ask.Metrics(Where(units, t => t == "t0"), Options())).Code);
        var rng = new Rng(8);
        var heavy = Table.With("test", Text(units, "test")).And("arm", Text(units, "arm")).And("sessions", Numbers(units, "sessions")).And("retained", Numbers(units, "retained")).And("minutes", Text(units, "test").Select(_ => Math.Exp(2.5 * rng.NextNormal())));
        var finding = Ask.Metrics(heavy, Options() with { Metric = ["sessions", "minutes"] });
        Assert.Contains(finding.Tables.Single(t => t.Id == "gameable").Rows, r => (string)r[0]! == "minutes" && ((string)r[1]!).StartsWith("few heavy users", StringComparison.Ordinal));
        Assert.Equal(CheckStatus.Warn, Check(finding, "heavy-tailed-mean").Status);
    }

    [Fact]
    public void The_card_is_written_with_its_owner()
    {
        var path = Path.Combine(Path.GetTempPath(), $"gnomon-card-{Guid.NewGuid():N}.md");
        try
        {
            var finding = Ask.Metrics(Units(1), Options() with { Card = path, Owner = "Growth | analytics", Window = "14 days" });
            var text = File.ReadAllText(path);
            Assert.StartsWith("# sessions\n", text, StringComparison.Ordinal);
            foreach (var line in new[] { "| owner | Growth \\| analytics |", "| window | 14 days |", "| direction | more is better |", "| denominator | units of the arm, with or without any sessions |" })
            {
                Assert.Contains(line, text, StringComparison.Ordinal);
            }

            Assert.DoesNotContain(finding.Next, n => n.Contains("definition card", StringComparison.Ordinal));
            Assert.Contains(Ask.Metrics(Units(1), Options()).Next, n => n == "Complete the definition card of sessions: --owner and --window.");
            Assert.Equal("file-not-written", Assert.Throws<GnomonError>(() => Ask.Metrics(Units(1), Options() with { Card = Path.Combine(path, "no", "card.md") })).Code);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void The_answer_does_not_depend_on_threads_or_the_order_of_rows()
    {
        var units = Units(9);
        int[] order = [.. Enumerable.Range(0, units.Rows)];
        new Rng(1).Shuffle<int>(order);
        var mixed = Rows(units, order);
        var (a, b, c) = (Ask.Metrics(units, Options() with { Threads = 1 }), Ask.Metrics(units, Options() with { Threads = 2 }), Ask.Metrics(mixed, Options()));
        Assert.Equal(a.Estimates, b.Estimates);
        Assert.Equal(a.Decision.Summary, c.Decision.Summary);
        Assert.All(a.Estimates.Zip(c.Estimates), e => Assert.Equal(e.First.Low, e.Second.Low, 1e-5));
    }

    [Fact]
    public void What_cannot_be_read_is_named()
    {
        var units = Units(1);
        string Code(Table table, MetricsOptions options) => Assert.Throws<GnomonError>(() => Ask.Metrics(table, options)).Code;
        Assert.Equal("option-missing", Code(units, Options() with { Goal = null }));
        Assert.Equal("option-missing", Code(units, Options() with { Metric = [] }));
        Assert.Equal("option-missing", Code(units, Options() with { Variant = null }));
        Assert.Equal("options-conflict", Code(units, Options() with { Metric = ["clicks", "retained"] }));
        Assert.Equal("column-not-found", Code(units, Options() with { Metric = ["clicsk"] }));
        Assert.Equal("metric-not-a-number", Code(units, Options() with { Metric = ["arm"] }));
        Assert.Equal("metric-not-found", Code(units, Options() with { Primary = "sesions" }));
        Assert.Equal("arm-not-found", Code(units, Options() with { Control = "old" }));
        Assert.Equal("units-repeat", Code(units.And("one", Numbers(units, "clicks").Select(_ => "u1")), Options() with { Unit = "one" }));
        var effects = new MetricsOptions { Test = "test", Goal = "retained", Effect = "effect", Se = "se" };
        Assert.Equal("metric-not-found", Code(Effects(units, false), effects with { Goal = "kept" }));
        Assert.Equal("bad-standard-error", Code(Table.With("test", ["a", "a"]).And("metric", ["x", "retained"]).And("effect", [1.0, 2]).And("se", [0.0, 1]), effects));
        Assert.Equal("rows-repeat", Code(Table.With("test", ["a", "a", "a"]).And("metric", ["x", "x", "retained"]).And("effect", [1.0, 1, 2]).And("se", [1.0, 1, 1]), effects));
    }

    [Fact]
    public void Metrics_that_never_move_and_units_that_lack_a_value_are_survived()
    {
        var units = Units(1);
        var still = units.And("still", Numbers(units, "clicks").Select(_ => 3.0)).And("holes", Numbers(units, "clicks").Select((v, i) => i % 50 == 0 ? double.NaN : v));
        var finding = Ask.Metrics(still, Options() with { Metric = ["sessions", "still", "holes"] });
        Assert.StartsWith("Primary: sessions", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Contains(finding.Limitations, l => l.Contains("units without a value of every metric are left out", StringComparison.Ordinal));
        Assert.Contains(finding.Limitations, l => l.Contains("The effects on still stand out too little", StringComparison.Ordinal));
        Assert.All(finding.Estimates, e => Assert.True(double.IsFinite(e.Value + e.Low + e.High)));
    }

    private static MetricsOptions Options() => new() { Test = "test", Variant = "arm", Metric = ["clicks", "sessions"], Goal = "retained" };

    private static CheckReport Check(Finding finding, string id) => finding.Checks.Single(c => c.Id == id);

    private static string?[] Text(Table table, string name) => [.. Enumerable.Range(0, table.Rows).Select(i => table[name].Cell(i) as string)];

    private static double[] Numbers(Table table, string name) => ((DoubleColumn)table[name]).Values.ToArray();

    private static Table Where(Table table, Func<string, bool> keep) => Rows(table, [.. Text(table, "test").Select((t, i) => (t, i)).Where(r => keep(r.t!)).Select(r => r.i)]);

    private static Table Rows(Table table, int[] rows)
    {
        var result = new[] { "test", "arm" }.Aggregate(new Table([]), (t, n) => Text(table, n) is var texts ? t.And(n, rows.Select(i => texts[i])) : t);
        return new[] { "clicks", "sessions", "retained" }.Aggregate(result, (t, n) => Numbers(table, n) is var numbers ? t.And(n, rows.Select(i => numbers[i])) : t);
    }

    // Effects on sessions follow those on the goal; clicks move twice as much, on their own.
    private static Table Units(int seed)
    {
        var rng = new Rng(seed).Stream("past tests");
        var rows = new List<(string Test, string Arm, double Clicks, double Sessions, double Retained)>();
        for (var t = 0; t < Tests; t++)
        {
            var goal = 0.5 * (t % 2 == 0 ? 1 : -1) * (0.6 + 0.8 * rng.NextDouble());
            var (sessions, clicks) = (1.3 * goal + 0.04 * rng.NextNormal(), (t % 3 == 0 ? -1 : 1) * Math.Sign(goal) * (1 + 0.4 * rng.NextDouble()));
            for (var u = 0; u < 2 * Arm; u++)
            {
                var (on, liking) = (u % 2, rng.NextNormal());
                rows.Add(($"t{t}", on == 1 ? "new" : "control", 5 + on * clicks + 0.2 * liking + rng.NextNormal(), 4 + on * sessions + 0.5 * liking + rng.NextNormal(), 2 + on * goal + 0.5 * liking + rng.NextNormal()));
            }
        }

        return Table.With("test", rows.Select(r => (string?)r.Test)).And("arm", rows.Select(r => (string?)r.Arm)).And("clicks", rows.Select(r => r.Clicks)).And("sessions", rows.Select(r => r.Sessions)).And("retained", rows.Select(r => r.Retained));
    }

    private static Table Effects(Table units, bool correlated)
    {
        var (test, arm) = (Text(units, "test"), Text(units, "arm"));
        var rows = new List<(string Test, string Metric, double Effect, double Error, double Users, double R)>();
        foreach (var t in test.Distinct())
        {
            Gnomon.Numerics.CoMoments Part(string m, string a) => Gnomon.Numerics.CoMoments.OfColumns([.. Numbers(units, m).Where((_, i) => test[i] == t && arm[i] == a)], [.. Numbers(units, "retained").Where((_, i) => test[i] == t && arm[i] == a)]);
            foreach (var m in new[] { "clicks", "sessions", "retained" })
            {
                var (b, a) = (Part(m, "new"), Part(m, "control"));
                double Variance(int i, int j) => b.Covariance(i, j) / b.Count + a.Covariance(i, j) / a.Count;
                rows.Add((t!, m, b.Mean(0) - a.Mean(0), Math.Sqrt(Variance(0, 0)), b.Count + a.Count, Variance(0, 1) / Math.Sqrt(Variance(0, 0) * Variance(1, 1))));
            }
        }

        var table = Table.With("test", rows.Select(r => (string?)r.Test)).And("metric", rows.Select(r => (string?)r.Metric)).And("effect", rows.Select(r => r.Effect)).And("se", rows.Select(r => r.Error)).And("users", rows.Select(r => r.Users));
        return correlated ? table.And("r", rows.Select(r => r.R)) : table;
    }
}
