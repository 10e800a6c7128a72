using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Ledger;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Profile;
using Gnomon.Studies.Profile.Explore;
using Gnomon.Studies.Profile.Looks;
using Gnomon.Studies.Profile.Scan;
using Xunit;

namespace Gnomon.Tests.Studies.Profile;

/// <summary>Patterns that were planted are found on one half and hold on the other; chance finds do not.</summary>
public sealed class ProfileExploreTests
{
    [Fact]
    public void Three_planted_patterns_hold_and_nothing_else()
    {
        var finding = Search(Wide(3, 6_000, planted: true));
        var says = finding.Tables.Single(t => t.Id == "patterns").Rows.Select(r => (string)r[0]!).ToList();
        Assert.Equal(3, says.Count);
        Assert.Contains(says, s => s.StartsWith("n2 rises from row ", StringComparison.Ordinal));
        Assert.Contains("n1 is higher where segment = rare", says);
        Assert.Contains(says, s => s.Contains("within the groups of plan", StringComparison.Ordinal) && s.Contains("offer", StringComparison.Ordinal));
        Assert.Equal(CheckStatus.Fail, ProfileData.Status(finding, "simpsons-paradox"));
        Assert.Equal(CheckStatus.Warn, ProfileData.Status(finding, "mix-shift"));
        Assert.Equal(CheckStatus.Pass, ProfileData.Status(finding, "double-dipping"));
        Assert.Contains("held on the other half", finding.Decision.Summary, StringComparison.Ordinal);

        // Effects on rows that did not choose them: the planted sizes lie inside the intervals.
        var rise = finding.Estimates.Single(e => e.Metric == "n1");
        Assert.InRange(0.6, rise.Low, rise.High);
        var step = finding.Estimates.Single(e => e.Metric == "n2");
        Assert.InRange(0.5, step.Low, step.High);
    }

    [Fact]
    public void A_table_of_independent_columns_has_no_pattern()
    {
        var finding = Search(Wide(5, 2_000, planted: false));
        Assert.DoesNotContain(finding.Tables, t => t.Id == "patterns");
        Assert.Equal(DecisionAction.Answer, finding.Decision.Action);
        Assert.Contains("none held", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Contains(finding.Tables, t => t.Id == "search");
    }

    // The bar of the method: of the patterns reported at most one in twenty is chance, here counted over 200 tables with true patterns beside noise, and 200 of noise alone.
    [Fact]
    [Trait("speed", "slow")]
    public void The_false_discovery_rate_is_held()
    {
        double share = 0;
        int any = 0, found = 0;
        for (var seed = 1; seed <= 200; seed++)
        {
            var held = Held(Wide(seed, 1_200, planted: true));
            var lines = PatternFold.Leads([.. held.Select(h => h.Pattern)]).Distinct().Select(l => held[l]).ToList();
            var wrong = lines.Count(h => !IsPlanted(h));
            share += lines.Count == 0 ? 0 : (double)wrong / lines.Count;
            found += lines.Count - wrong;
            any += Held(Wide(10_000 + seed, 600, planted: false)).Count > 0 ? 1 : 0;
        }

        // Three lines are planted. The share of chance among finds has a spread of about 0.1 a table.
        TestContext.Current.SendDiagnosticMessage($"false discovery rate {share / 200:0.0000}, {found} true finds; {any} of 200 independent tables had a find");
        Assert.InRange(share / 200, 0, 0.05 + (3.3 * 0.1 / Math.Sqrt(200)));
        Assert.InRange(any, 0, 20);
        Assert.InRange(found, 400, 5_000);
    }

    [Fact]
    public void Rows_that_follow_each_other_are_not_taken_for_patterns()
    {
        // Two random walks: every test for independent rows would call them dependent and broken.
        var rng = new Rng(8);
        double a = 0, b = 0;
        var x = Enumerable.Range(0, 1_000).Select(_ => a += rng.NextNormal()).ToArray();
        var y = Enumerable.Range(0, 1_000).Select(_ => b += rng.NextNormal()).ToArray();
        var finding = Search(Table.With("a", x).And("b", y).And("noise", x.Select(_ => rng.NextNormal())));
        Assert.DoesNotContain(finding.Tables, t => t.Id == "patterns");
        Assert.Contains(finding.Limitations, l => l.StartsWith("Neighbouring rows are alike in a, b", StringComparison.Ordinal));
    }

    [Fact]
    public void Gaps_ties_and_categories_are_searched_too()
    {
        var rng = new Rng(2);
        const int n = 1_500;
        var bent = ProfileData.Draw(n, rng.NextNormal);
        var colour = ProfileData.Text(n, () => "rgb"[rng.NextInt(3)].ToString());
        var table = Table.With("x", bent.Select(v => rng.NextDouble() < 0.2 ? double.NaN : v)).And("bent", bent.Select(v => v * v + 0.3 * rng.NextNormal()))
            .And("colour", colour).And("calls", ProfileData.Draw(n, () => rng.NextDouble() < 0.95 ? 0 : 1 + rng.NextInt(4)));
        var shade = Enumerable.Range(0, n).Select(i => rng.NextDouble() < 0.5 ? colour[i] + "1" : "none").ToArray();
        var finding = Search(table.And("shade", shade));
        var says = finding.Tables.Single(t => t.Id == "patterns").Rows.Select(r => (string)r[0]!).ToList();
        Assert.Contains("x and bent go together, but not along a rising or falling line", says);
        Assert.Contains(says, s => s.StartsWith("colour and shade go together: one tells ", StringComparison.Ordinal));
        Assert.Equal(2, says.Count);
    }

    [Fact]
    public void Threads_change_nothing_and_the_seed_cuts_other_halves()
    {
        var table = Wide(3, 2_000, planted: true);
        var one = Ask.Profile(table, new ProfileOptions { Explore = true, Threads = 1 });
        Assert.Equal(Text(one), Text(Ask.Profile(table, new ProfileOptions { Explore = true, Threads = 4 })));
        Assert.NotEqual(Text(one), Text(Ask.Profile(table, new ProfileOptions { Explore = true, Seed = 2 })));
    }

    [Fact]
    public void Small_tables_are_refused_by_name()
    {
        Assert.Equal("too-few-rows", Assert.Throws<GnomonError>(() => Search(Wide(1, 300, planted: false))).Code);
        Assert.Equal("too-few-columns", Assert.Throws<GnomonError>(() => Search(Table.With("x", Enumerable.Range(0, 900).Select(i => (double)(i * 37 % 900))))).Code);
    }

    private static Finding Search(Table table) => ProfileData.Ask(table, new ProfileOptions { Explore = true });

    // The search alone, without the rest of a profile.
    private static List<TestedPattern> Held(Table table)
    {
        var columns = Columns(table);
        var search = new PatternSearch([.. columns.Select(PatternColumn.Of).OfType<PatternColumn>()], [.. Enumerable.Range(0, columns[0].Rows)], null, ordered: true, 1, new StudyContext(null, NoLedger.Instance, 2, default, default));
        return [.. search.Run(0.95).Where(t => t.Held)];
    }

    private static List<SampleColumn> Columns(Table table)
    {
        using var engine = Engines.Embedded();
        using var data = engine.Open(new SourceOptions { Memory = table }, default);
        var scan = new ProfileScan([.. data.Schema], [], [], new StudyContext(data, NoLedger.Instance, 2, default, default)).Run();
        return [.. scan.Columns.Select((c, i) => new SampleColumn(new ColumnFacts(c, i, isKey: false), scan.Sample))];
    }

    private static string Text(Finding finding) => string.Join('\n', finding.Tables.Where(t => t.Id is "patterns" or "search").SelectMany(t => t.Rows).Select(r => string.Join('|', r)));

    [Fact]
    public void With_no_finds_to_fold_the_adjustment_is_benjamini_and_hochbergs()
    {
        // Patterns of different columns: nothing belongs to anything.
        var column = PatternColumn.Of(Columns(Wide(1, 400, planted: false))[4])!;
        var rng = new Rng(3);
        var p = Enumerable.Range(0, 30).Select(_ => rng.NextDouble() * rng.NextDouble()).Order().ToArray();
        var tested = p.Select(v => new TestedPattern(new Gnomon.Studies.Profile.Explore.Pattern(PatternKind.Step, column, null, 0.01), v, 1)).ToList();
        var expected = Gnomon.Methods.Inference.Multiplicity.BenjaminiHochberg(p);
        Assert.All(PatternFold.Adjust(tested).Zip(expected), a => Assert.Equal(a.Second, a.First, 1e-15));
    }

    // A find is true when it is of columns that were tied together: n1 and segment, n2 along the rows, cost, offer and plan among themselves.
    private static bool IsPlanted(TestedPattern found)
    {
        var names = found.Pattern.Names.ToList();
        return names.SequenceEqual(["n2"]) || (names.Contains("n1") && names.Contains("segment")) || names.Count(n => n is "cost" or "offer" or "plan") >= 2;
    }

    // Eight numbers, two categories and a flag of noise; planted: a rare segment higher by 0.6 of a spread, a rise by half a spread from 60 % of the rows on, and an offer that goes to dear
    // plans and lowers their cost.
    private static Table Wide(int seed, int rows, bool planted)
    {
        var rng = new Rng(seed).Stream("wide");
        string[] segment = [.. Enumerable.Range(0, rows).Select(_ => rng.NextDouble() < 0.1 ? "rare" : "s" + rng.NextInt(5))];
        bool[] dear = [.. Enumerable.Range(0, rows).Select(_ => rng.NextDouble() < 0.5)];
        bool[] offer = [.. dear.Select(d => rng.NextDouble() < (planted ? d ? 0.75 : 0.25 : 0.5))];
        var table = Table.With("segment", segment).And("plan", dear.Select(d => (d ? "dear" : "cheap") + rng.NextInt(3))).And("offer", offer)
            .And("cost", dear.Zip(offer, (d, o) => (planted ? (d ? 1.6 : 0) - (o ? 0.35 : 0) : 0) + rng.NextNormal()))
            .And("n1", segment.Select(s => (planted && s == "rare" ? 0.6 : 0) + rng.NextNormal()))
            .And("n2", Enumerable.Range(0, rows).Select(i => (planted && i >= 0.6 * rows ? 0.5 : 0) + rng.NextNormal()));
        for (var k = 3; k <= 8; k++)
        {
            table = table.And($"n{k}", ProfileData.Draw(rows, () => k % 2 == 0 ? rng.NextNormal() : Math.Exp(rng.NextNormal())));
        }

        return table.And("noise", ProfileData.Text(rows, () => "abcdef"[rng.NextInt(6)].ToString())).And("flag", ProfileData.Draw(rows, () => rng.NextInt(2)).Select(v => v > 0));
    }
}
