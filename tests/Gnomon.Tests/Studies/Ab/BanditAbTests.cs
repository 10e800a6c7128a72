using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Methods.Bandits;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Ab;
using Gnomon.Studies.Design;
using Gnomon.Tests.Methods;
using Xunit;

namespace Gnomon.Tests.Studies.Ab;

/// <summary><c>ab --propensity</c>, <c>--policy</c> and <c>design --kind bandit</c>.</summary>
public sealed class BanditAbTests
{
    private static readonly AbOptions Weighted = new() { Variant = "arm", Metric = ["clicked"], Time = "day", Control = "A", Propensity = "chance" };

    [Fact]
    public void The_verb_gives_the_numbers_of_the_method_and_names_what_moved()
    {
        var (table, log) = Log(5, 0.21, 0.21);
        var finding = Ask.Ab(table, Weighted);
        var expected = AdaptiveMeans.Of(log).Differences[0];
        var difference = AbData.Primary(finding);
        Assert.Equal(expected.Value, difference.Value, 1e-12);
        Assert.Equal(expected.Low, difference.Low, 1e-12);
        Assert.Equal(expected.PValue, difference.P!.Value, 1e-12);
        Assert.Equal("B - A", difference.Contrast);
        Assert.True(finding.Estimates.Single(e => e.Name == "difference, at any look").Low < difference.Low);
        Assert.Equal(DecisionAction.Inconclusive, finding.Decision.Action);
        Assert.Equal("Warn", AbData.Check(finding, "adaptive-allocation-bias").Status.ToString());
        Assert.DoesNotContain(finding.Checks, c => c.Id == "sample-ratio-mismatch");
        Assert.Contains(finding.Plots, p => p.Id == "allocation");
    }

    [Fact]
    public void Plain_means_of_the_same_log_are_blocked_and_a_fixed_split_is_not()
    {
        var plain = Weighted with { Propensity = null };
        var check = AbData.Check(Ask.Ab(Log(5, 0.21, 0.21).Table, plain), "adaptive-allocation-bias");
        Assert.Equal("Fail", check.Status.ToString());
        Assert.Contains("followed the outcomes", check.Evidence, StringComparison.Ordinal);
        Assert.Equal("Pass", AbData.Check(Ask.Ab(Log(5, 0.21, 0.21, BanditRule.Even).Table, plain), "adaptive-allocation-bias").Status.ToString());
        Assert.Equal("Pass", AbData.Check(Ask.Ab(Log(5, 0.21, 0.21, BanditRule.Even).Table, Weighted), "adaptive-allocation-bias").Status.ToString());
    }

    // With a winner the share rises once and stays, much like a rollout: it need not be seen to follow the outcomes, but it never passes for a fixed split.
    [Theory]
    [InlineData(0.20, 0.24)]
    [InlineData(0.21, 0.21)]
    [Trait("speed", "slow")]
    public void Shares_that_a_bandit_moved_are_never_taken_for_a_fixed_split(double a, double b)
    {
        var plain = Weighted with { Propensity = null };
        static string Status(Finding finding) => AbData.Check(finding, "adaptive-allocation-bias").Status.ToString();
        Assert.InRange(Enumerable.Range(0, 60).Count(seed => Status(Ask.Ab(Log(seed, a, b, floor: 0.05).Table, plain)) != "Pass"), 57, 60);
        Assert.InRange(Enumerable.Range(0, 60).Count(seed => Status(Ask.Ab(Log(seed, a, b, BanditRule.Even).Table, plain)) != "Pass"), 0, 1);
    }

    [Fact]
    public void Logged_chances_with_which_nothing_was_shown_are_not_believed()
    {
        var (table, _) = Log(5, 0.21, 0.21);
        var wrong = Ask.Ab(table.And("half", Enumerable.Repeat(0.5, table.Rows).ToArray()), Weighted with { Propensity = "half" });
        var check = AbData.Check(wrong, "adaptive-allocation-bias");
        Assert.Equal("Fail", check.Status.ToString());
        Assert.Contains("of 400 rows where they expect 200", check.Evidence, StringComparison.Ordinal);
        Assert.Equal(DecisionAction.Inconclusive, wrong.Decision.Action);
    }

    [Fact]
    public void A_real_difference_ships_and_both_readings_agreeing_is_a_remark()
    {
        var finding = Ask.Ab(Log(7, 0.15, 0.30, floor: 0.1).Table, Weighted);
        Assert.Equal(DecisionAction.Ship, finding.Decision.Action);
        Assert.Equal("Pass", AbData.Check(finding, "adaptive-allocation-bias").Status.ToString());
        Assert.Equal(DecisionAction.DoNotShip, Ask.Ab(Log(7, 0.15, 0.30, floor: 0.1).Table, Weighted with { LowerIsBetter = ["clicked"] }).Decision.Action);
    }

    // 10,000 rows of a Thompson log, weighted to even shares: by numpy (tests/reference/bandits/make.py), and near the 0.46 % that a random policy really earned.
    [Fact]
    public void The_open_bandit_log_says_what_even_shares_would_have_earned()
    {
        var e = MethodReference.Load("bandits/bandits.json").GetProperty("open_bandit");
        var finding = Ask.Ab(new AbOptions
        {
            Data = MethodReference.DataFile("experiments/open_bandit/bts_men.csv.gz"), Variant = "item_id", Metric = ["click"], Time = "timestamp", Propensity = "propensity_score", Policy = "even",
        });
        var value = AbData.Primary(finding, "value of the policy");
        Assert.Equal(e.GetProperty("dr").Number("value"), value.Value, 1e-10);
        Assert.Equal(e.GetProperty("difference").Number("value"), AbData.Primary(finding).Value, 1e-10);
        Assert.Equal(e.GetProperty("snips").Number("value"), finding.Estimates.Single(x => x.Name.EndsWith("self-normalised", StringComparison.Ordinal)).Value, 1e-10);
        Assert.Equal(e.GetProperty("ips").Number("value"), finding.Estimates.Single(x => x.Name.EndsWith("inverse propensity", StringComparison.Ordinal)).Value, 1e-10);
        Assert.InRange(e.Number("even"), value.Low, value.High);
        Assert.Equal(DecisionAction.Answer, finding.Decision.Action);
    }

    [Fact]
    public void A_policy_may_be_shares_or_a_column_and_a_stranger_to_the_log_is_not_valued()
    {
        var (table, _) = Log(9, 0.15, 0.30, floor: 0.1);
        var all = Ask.Ab(table, Weighted with { Policy = "A=0,B=1" });
        Assert.InRange(AbData.Primary(all, "value of the policy").Value, 0.27, 0.34);
        Assert.Contains(all.Estimates, x => x.Name == "value of the policy, self-normalised");
        var written = Ask.Ab(table.And("other", Enumerable.Repeat(0.5, table.Rows).ToArray()), Weighted with { Policy = "other" });
        Assert.Equal("self-normalised inverse propensity scoring", AbData.Primary(written, "value of the policy").Method);
        var rare = Table.With("arm", Enumerable.Range(0, 2_000).Select(i => (string?)(i % 400 == 0 ? "B" : "A"))).And("chance", Enumerable.Range(0, 2_000).Select(i => i % 400 == 0 ? 0.0025 : 0.9975).ToArray()).And("clicked", Enumerable.Range(0, 2_000).Select(i => i % 3 == 0 ? 1L : 0));
        Assert.Equal(DecisionAction.Inconclusive, Ask.Ab(rare, new AbOptions { Variant = "arm", Metric = ["clicked"], Propensity = "chance", Policy = "B=1" }).Decision.Action);
    }

    [Theory]
    [InlineData("--policy", "C=1", "level-not-found", "C")]
    [InlineData("--policy", "A=0.5,B=0.6", "option-out-of-range", "1.1")]
    [InlineData("--policy", "A=x,B=1", "option-out-of-range", "A=x")]
    [InlineData("--propensity", "bad", "value-out-of-range", "row 1")]
    [InlineData("--propensity", "arm", "column-not-numeric", "arm")]
    [InlineData("--propensity", "nothing", "column-not-found", "nothing")]
    [InlineData("--control", "Z", "level-not-found", "Z")]
    public void What_cannot_be_read_is_refused_by_name(string option, string value, string code, string part)
    {
        var table = Log(5, 0.21, 0.21).Table;
        table = table.And("bad", Enumerable.Repeat(1.5, table.Rows).ToArray());
        var options = option switch { "--policy" => Weighted with { Policy = value }, "--propensity" => Weighted with { Propensity = value }, _ => Weighted with { Control = value } };
        var error = Assert.Throws<GnomonError>(() => Ask.Ab(table, options));
        Assert.Equal(code, error.Code);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    // Every option that the question carries is honoured or refused by its name.
    [Fact]
    public void Options_are_honoured_or_refused_by_name()
    {
        var table = Log(7, 0.15, 0.30, floor: 0.1).Table;
        foreach (var (option, options) in new[]
        {
            ("--bayes", Weighted with { Bayes = "flat" }), ("--relabel", Weighted with { Relabel = 100 }), ("--cluster", Weighted with { Cluster = "day" }), ("--value", Weighted with { Value = 5, Reach = "100/month" }),
            ("--policy, --mde", Weighted with { Policy = "even", Mde = "5%" }), ("--policy, --open-ended", Weighted with { Policy = "even", OpenEnded = true }), ("--as-of", Weighted with { AsOf = "2026-03-31" }),
        })
        {
            var refused = Assert.Throws<GnomonError>(() => Ask.Ab(table, options));
            Assert.Contains(refused.Code, new[] { "options-conflict", GnomonError.SeveralCode });
            Assert.Contains(option.Split(", ")[^1], refused.Message, StringComparison.Ordinal);
        }

        // The whole interval lies below what is worth having.
        var small = Ask.Ab(table, Weighted with { Mde = "400%" });
        Assert.Equal(DecisionAction.DoNotShip, small.Decision.Action);
        Assert.StartsWith("No effect worth having", small.Decision.Summary, StringComparison.Ordinal);
        Assert.Equal(DecisionAction.Ship, Ask.Ab(table, Weighted with { Mde = "5%" }).Decision.Action);

        var open = Ask.Ab(table, Weighted with { OpenEnded = true });
        var once = AbData.Primary(Ask.Ab(table, Weighted));
        var any = AbData.Primary(open);
        Assert.Equal(once.Value, any.Value, 1e-12);
        var expected = Gnomon.Methods.Experiments.AlwaysValid.Interval(once.Value, AdaptiveMeans.Of(Log(7, 0.15, 0.30, floor: 0.1).Log).Differences[0].StandardError, table.Rows, 10_000);
        Assert.Equal(expected.Low, any.Low, 1e-9);
        Assert.Equal(expected.PValue, any.P!.Value, 1e-9);
        Assert.Equal(once.Low, open.Estimates.Single(e => e.Name == "difference, as if read once").Low, 1e-12);
        Assert.Equal(DecisionAction.KeepRunning, Ask.Ab(Log(5, 0.21, 0.21).Table, Weighted with { OpenEnded = true }).Decision.Action);
    }

    // The first rows show a clear difference, the later ones take it back on average: a sequence holds at all its looks together, so the look that called it stands.
    [Fact]
    public void A_sequence_of_a_log_keeps_what_an_earlier_look_left_out()
    {
        var folder = Directory.CreateTempSubdirectory("gnomon-test-").FullName;
        try
        {
            using var ledger = new Gnomon.Data.Ledger.SqliteLedger(Path.Combine(folder, "ledger.db"));
            var settings = new AskSettings { Ledger = ledger };
            var open = Weighted with { OpenEnded = true, Experiment = "log" };
            var (early, late) = (Turning(6, 0), Turning(21, -0.04));
            var first = Ask.Ab(early, open, settings);
            Assert.Equal(DecisionAction.Ship, first.Decision.Action);
            var alone = AbData.Primary(Ask.Ab(late, open with { Experiment = null }));
            Assert.InRange(alone.P!.Value, 0.05, 1);

            var second = Ask.Ab(late, open, settings);
            var primary = AbData.Primary(second);
            Assert.Equal(DecisionAction.Ship, second.Decision.Action);
            Assert.Equal(AbData.Primary(first).P!.Value, primary.P!.Value, 1e-12);
            Assert.Equal(Math.Max(alone.Low, AbData.Primary(first).Low), primary.Low, 1e-12);
            Assert.Equal(Math.Min(alone.High, AbData.Primary(first).High), primary.High, 1e-12);
            Assert.Contains(second.Limitations, l => l.Contains("Look 1 called it", StringComparison.Ordinal));

            // Where nothing is left, the look that found the most is the answer, and the contradiction is told.
            var turned = Ask.Ab(Turning(21, -0.09), open, settings);
            Assert.Equal(AbData.Primary(first).High, AbData.Primary(turned).High, 1e-12);
            Assert.Contains(turned.Limitations, l => l.Contains("lies within the intervals of all looks", StringComparison.Ordinal) && l.Contains("Look 1 found the most", StringComparison.Ordinal));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // An even split whose second arm is better by 10 points for six days, and by another amount after them.
    private static Table Turning(int days, double later)
    {
        var rng = new Rng(9).Stream("turning log");
        const int perDay = 400;
        var rows = Enumerable.Range(0, days * perDay).Select(t => (Day: new DateOnly(2026, 3, 2).AddDays(t / perDay), Arm: rng.NextDouble() < 0.5, Luck: rng.NextDouble(), Better: t / perDay < 6 ? 0.1 : later)).ToList();
        return Table.With("arm", rows.Select(r => (string?)(r.Arm ? "B" : "A"))).And("day", rows.Select(r => r.Day)).And("chance", rows.Select(_ => 0.5)).And("clicked", rows.Select(r => r.Luck < 0.3 + (r.Arm ? r.Better : 0) ? 1L : 0L));
    }

    // The arms were shown 80/20, or 50/30/20, and the log says that each was as likely as any other.
    [Theory]
    [InlineData(2, "even")]
    [InlineData(2, "B=1")]
    [InlineData(3, "even")]
    [InlineData(3, "C=1")]
    public void Another_policy_is_not_valued_from_probabilities_that_were_not_in_force(int arms, string policy)
    {
        double[] shown = arms == 2 ? [0.8, 0.2] : [0.5, 0.3, 0.2];
        var wrong = AbData.Check(Ask.Ab(Fixed(shown, _ => 1.0 / arms), Weighted with { Policy = policy }), "adaptive-allocation-bias");
        Assert.Equal("Fail", wrong.Status.ToString());
        Assert.Contains("the arms were not shown with the logged probabilities", wrong.Evidence, StringComparison.Ordinal);
        var right = Ask.Ab(Fixed(shown, a => shown[a]), Weighted with { Policy = policy });
        Assert.Equal("Pass", AbData.Check(right, "adaptive-allocation-bias").Status.ToString());
        Assert.NotEqual(DecisionAction.FixDataFirst, right.Decision.Action);
    }

    // Outcomes that are missing say nothing of how the arms were drawn; that more of them are missing in one arm does matter, and rows without one are told.
    [Theory]
    [InlineData(null)]
    [InlineData("even")]
    public void Missing_outcomes_are_not_blamed_on_the_allocation(string? policy)
    {
        var options = Weighted with { Policy = policy };
        var lost = Ask.Ab(Fixed([0.8, 0.2], a => a == 0 ? 0.8 : 0.2, lost: 0.4), options);
        Assert.NotEqual("Fail", AbData.Check(lost, "adaptive-allocation-bias").Status.ToString());
        Assert.Contains(AbData.Check(lost, "differential-attrition").Status.ToString(), new[] { "Fail", "Warn" });
        Assert.Contains(lost.Limitations, l => l.Contains("rows with a gap are left out", StringComparison.Ordinal));
        var whole = Ask.Ab(Fixed([0.8, 0.2], a => a == 0 ? 0.8 : 0.2), options);
        Assert.Equal("Pass", AbData.Check(whole, "differential-attrition").Status.ToString());
        Assert.DoesNotContain(whole.Limitations, l => l.Contains("with a gap", StringComparison.Ordinal));
    }

    // 6,000 rows of fixed shares over 20 days; the probability is as given. Outcomes of 0 of the second arm are lost with a chance.
    private static Table Fixed(double[] shown, Func<int, double> logged, double lost = 0)
    {
        var rng = new Rng(21).Stream("fixed log");
        var rows = Enumerable.Range(0, 6_000).Select(t =>
        {
            var (u, arm) = (rng.NextDouble(), 0);
            while (arm < shown.Length - 1 && (u -= shown[arm]) > 0)
            {
                arm++;
            }

            var hit = rng.NextDouble() < 0.11 + (0.05 * arm);
            return (Day: new DateOnly(2026, 3, 2).AddDays(t / 300), Arm: arm, Clicked: hit ? 1.0 : arm == 1 && rng.NextDouble() < lost ? double.NaN : 0.0);
        }).ToList();
        return Table.With("arm", rows.Select(r => (string?)((char)('A' + r.Arm)).ToString())).And("day", rows.Select(r => r.Day)).And("chance", rows.Select(r => logged(r.Arm))).And("clicked", rows.Select(r => r.Clicked));
    }

    // Arms that are alike, a nightly Thompson bandit, read at the end of every day from the third on: the sequence calls a difference at any of them in at most one log of twenty.
    [Fact]
    [Trait("speed", "slow")]
    public void The_sequence_of_a_log_may_be_read_every_day()
    {
        const int draws = 200;
        var (sequence, once) = (0, 0);
        for (var seed = 1; seed <= draws; seed++)
        {
            var log = Log(seed, 0.21, 0.21, floor: 0.1).Table;
            double[] Column(string name) => ((DoubleColumn)log.Columns.Single(c => c.Name == name)).Values.ToArray();
            var arms = (TextColumn)log.Columns.Single(c => c.Name == "arm");
            int[] chosen = [.. Enumerable.Range(0, log.Rows).Select(t => arms.Dictionary[arms.Codes[t]] == "A" ? 0 : 1)];
            double[] clicks = [.. ((IntegerColumn)log.Columns.Single(c => c.Name == "clicked")).Values.ToArray().Select(v => (double)v)];
            var chance = Column("chance");
            var (hit, naive) = (false, false);
            for (var day = 3; day <= 21; day++)
            {
                var rows = day * 400;
                var d = AdaptiveMeans.Of(ChoiceLog.OfChosen(2, chosen.AsSpan(0, rows), clicks.AsSpan(0, rows), chance.AsSpan(0, rows), [])).Differences[0];
                hit |= Gnomon.Methods.Experiments.AlwaysValid.Interval(d.Value, d.StandardError, rows, 10_000).PValue < 0.05;
                naive |= d.PValue < 0.05;
            }

            sequence += hit ? 1 : 0;
            once += naive ? 1 : 0;
        }

        TestContext.Current.SendDiagnosticMessage($"any of 19 looks: sequence {sequence}, single readings {once} of {draws}");
        Assert.True(sequence <= 0.05 * draws + 3.3 * Math.Sqrt(draws * 0.05 * 0.95), $"{sequence} of {draws}");
        Assert.True(once > 0.12 * draws, $"{once} of {draws}");
    }

    [Fact]
    public void A_bandit_is_planned_by_simulation()
    {
        var finding = Ask.Design(new DesignOptions { Kind = "bandit", Baseline = 0.21, Mde = "0.02", Traffic = "300/day", Days = 21 });
        Assert.Contains("6,734 per arm", finding.Decision.Summary, StringComparison.Ordinal);
        var gap = finding.Estimates.Single(e => e.Name.StartsWith("chance of a gap", StringComparison.Ordinal));
        Assert.InRange(gap.Value, 0.19, 0.255);
        var rules = finding.Tables.Single(t => t.Id == "rules").Rows;
        Assert.Equal(4, rules.Count);
        Assert.True((double)rules[0][1]! < (double)rules.Single(r => (string)r[0]! == "an even split")[1]!);
        Assert.Equal("option-missing", Assert.Throws<GnomonError>(() => Ask.Design(new DesignOptions { Kind = "bandit", Baseline = 0.21, Mde = "0.02", Traffic = "300/day" })).Code);
        Assert.Equal("option-out-of-range", Assert.Throws<GnomonError>(() => Ask.Design(new DesignOptions { Kind = "bandit", Baseline = 0.21, Mde = "0.02", Traffic = "300/day", Days = 21, Floor = 0.6 })).Code);
    }

    private static (Table Table, ChoiceLog Log) Log(int seed, double a, double b, BanditRule rule = BanditRule.Thompson, double floor = 0.01)
    {
        var rng = new Rng(seed).Stream("bandit log");
        var policy = new BanditPolicy(rule, floor);
        const int perDay = 400, days = 21;
        long[] successes = [0, 0], trials = [0, 0];
        var (arm, chance, reward, shares) = (new int[perDay * days], new double[perDay * days], new double[perDay * days], new double[2]);
        for (var t = 0; t < arm.Length; t++)
        {
            if (t % perDay == 0)
            {
                policy.Shares(successes, trials, shares);
            }

            arm[t] = rng.NextDouble() < shares[0] ? 0 : 1;
            chance[t] = shares[arm[t]];
            reward[t] = rng.NextDouble() < (arm[t] == 0 ? a : b) ? 1 : 0;
            trials[arm[t]]++;
            successes[arm[t]] += (long)reward[t];
        }

        var day = new DateOnly(2026, 3, 2);
        var table = Table.With("arm", arm.Select(v => (string?)(v == 0 ? "A" : "B"))).And("day", Enumerable.Range(0, arm.Length).Select(t => day.AddDays(t / perDay))).And("chance", chance).And("clicked", reward.Select(v => (long)v));
        return (table, ChoiceLog.OfChosen(2, arm, reward, chance, []));
    }
}
