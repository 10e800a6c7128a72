using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Label;
using Xunit;

namespace Gnomon.Tests.Studies.Label;

/// <summary>The verb <c>label</c> on small fleets: what triggers keep is counted again here, choices follow from the curves, the version follows the rows alone.</summary>
public sealed class LabelTests : IDisposable
{
    private static readonly LabelOptions Question = new()
    {
        Group = "vehicle", Scenario = "scenario", Embedding = ["e*"], Target = "cut_in", Second = "second", Score = "today", Keep = ["alarm>0.5"], Budget = 120, AuditLeast = 150, Rare = 0.1, Repeats = 5, Raw = 1,
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("gnomon-label-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Labels_go_to_the_scenario_that_is_hard()
    {
        var finding = Ask.Label(Fleet.Of(1, isHard: true, vehicles: 200, rare: 0.01), Question);
        Assert.Equal(DecisionAction.Ship, finding.Decision.Action);
        Assert.InRange(Estimate(finding, "error difference").Value, -0.5, -0.05);
        Assert.Equal(CheckStatus.Warn, Check(finding, "subgroup-performance-gap"));
        Assert.Contains("random slice", finding.Decision.Summary, StringComparison.Ordinal);
    }

    // Today's model makes no error on the common road and a model of few labels does: the gate holds back what the curve would adopt.
    [Fact]
    public void A_scenario_that_gets_worse_holds_the_choice_back()
    {
        var finding = Ask.Label(Fleet.Of(1, isHard: true, vehicles: 200, rare: 0.01, knowsTheRoad: true), Question);
        Assert.Equal(DecisionAction.Investigate, finding.Decision.Action);
        Assert.Contains("hurts elsewhere", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Contains(finding.Tables.Single(t => t.Id == "scenarios").Rows, r => ((string)r[0]!).StartsWith("road", StringComparison.Ordinal) && (double?)r[7] < 0.05);
    }

    [Fact]
    public void Annotators_who_hardly_agree_are_warned_of_and_careful_ones_are_not()
    {
        var table = Fleet.Of(13, isHard: false, careless: 0.05);
        var (careless, careful) = (Ask.Label(Fleet.Of(13, isHard: false, careless: 0.3), Question), Ask.Label(table, Question));
        Assert.Equal(CheckStatus.Warn, Check(careless, "label-noise"));
        Assert.Contains("kappa", careless.Checks.Single(c => c.Id == "label-noise").Evidence, StringComparison.Ordinal);
        Assert.Equal(CheckStatus.Pass, Check(careful, "label-noise"));

        // Kappa of all rows, by its definition; within four standard errors of the slice (its interval covers, see the tests of sampling).
        bool[] first = [.. Enumerable.Range(0, table.Rows).Select(i => (string)table["cut_in"].Cell(i)! == "yes")], second = [.. Enumerable.Range(0, table.Rows).Select(i => (string)table["second"].Cell(i)! == "yes")];
        double a = first.Average(x => x ? 1 : 0), b = second.Average(x => x ? 1 : 0), same = first.Zip(second).Average(p => p.First == p.Second ? 1 : 0), chance = (a * b) + ((1 - a) * (1 - b));
        var kappa = Estimate(careful, "agreement of annotators");
        Assert.Equal((same - chance) / (1 - chance), kappa.Value, kappa.High - kappa.Low);
        Assert.InRange(kappa.High - kappa.Low, 0.03, 0.15);
    }

    [Fact]
    public void Where_all_is_equally_hard_random_rows_do()
    {
        var finding = Ask.Label(Fleet.Of(2, isHard: false, vehicles: 150), Question with { Budget = 200, AuditLeast = 400 });
        Assert.Equal(DecisionAction.UseSimplerModel, finding.Decision.Action);
        Assert.Equal(CheckStatus.Pass, Check(finding, "subgroup-performance-gap"));
        Assert.StartsWith("Draw rows at random", finding.Decision.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void A_split_by_row_is_stopped_and_one_by_vehicle_passes()
    {
        var leaked = Ask.Label(Fleet.Of(3, isHard: true, byRow: true), Question with { Split = "split" });
        Assert.Equal(DecisionAction.FixDataFirst, leaked.Decision.Action);
        Assert.Equal(["group-leakage-across-splits", "near-duplicate-across-split"], leaked.Decision.Because.Order(StringComparer.Ordinal));
        var clean = Ask.Label(Fleet.Of(3, isHard: true), Question with { Split = "split" });
        Assert.Equal(CheckStatus.Pass, Check(clean, "group-leakage-across-splits"));
        Assert.Equal(CheckStatus.Pass, Check(clean, "near-duplicate-across-split"));
    }

    // Every number of the funnel is counted from the table itself.
    [Fact]
    public void Triggers_keep_what_their_rules_say()
    {
        var table = Fleet.Of(4, isHard: true);
        var (alarm, scenario) = ((DoubleColumn)table["alarm"], (TextColumn)table["scenario"]);
        var finding = Ask.Label(table, new LabelOptions { Keep = ["alarm>0.5&scenario!=rare", "scenario=rare", "alarm<=-1"], Budget = 50 });
        Assert.Equal(DecisionAction.Answer, finding.Decision.Action);
        var (loud, rare) = (Enumerable.Range(0, table.Rows).Count(i => alarm.Values[i] > 0.5 && (string)scenario.Cell(i)! != "rare"), Enumerable.Range(0, table.Rows).Count(i => (string)scenario.Cell(i)! == "rare"));
        Assert.Equal([(long)loud, rare, 0L], finding.Tables.Single(t => t.Id == "triggers").Rows.Select(r => (long)r[1]!));
        Assert.Equal([(long)loud, rare, 0L], finding.Tables.Single(t => t.Id == "triggers").Rows.Select(r => (long)r[3]!));
        Assert.Equal((long)(loud + rare), Row(finding, "rows", "kept by a trigger")[1]);
        Assert.Equal((long)Math.Ceiling(0.05 * table.Rows) is var slice && slice < 300 ? 300 : slice, Row(finding, "rows", "drawn for the audit slice")[1]);
        Assert.Equal(50L, Row(finding, "rows", "to label")[1]);
    }

    [Fact]
    public void A_missing_value_meets_no_rule()
    {
        var table = Table.With("a", [1, 2, double.NaN, 4]).And("b", ["x", null, "y", "y"]);
        var finding = Ask.Label(table, new LabelOptions { Keep = ["a>=2", "b!=x", "a!=1"], Budget = 20, AuditLeast = 2 });
        Assert.Equal([2L, 2L, 2L], finding.Tables.Single(t => t.Id == "triggers").Rows.Select(r => (long)r[1]!));
        Assert.Equal([0L, 1L, 0L], finding.Tables.Single(t => t.Id == "triggers").Rows.Select(r => (long)r[3]!));
    }

    // Everything that the triggers keep is bought, so that the set does not depend on the draw of the slice.
    [Fact]
    public void The_same_rows_have_the_same_version_in_any_order()
    {
        var table = Fleet.Of(5, isHard: true, vehicles: 10);
        var options = new LabelOptions { Keep = ["alarm>0.5"], Budget = 1_000, Explore = 0 };
        string Hash(Table t, LabelOptions o, int row) => (string)Ask.Label(t, o).Tables.Single(x => x.Id == "version").Rows[row][1]!;
        int[] order = [.. Enumerable.Range(0, table.Rows)];
        new Rng(1).Shuffle<int>(order);
        var (rows, lineage) = (Hash(table, options, 1), Hash(table, options, 2));
        Assert.Matches("^[0-9a-f]{64}$", rows);
        var turned = Fleet.Rows(new Table([.. table.Columns.Reverse()]), order);
        Assert.Equal((rows, lineage), (Hash(turned, options, 1), Hash(turned, options, 2)));

        // One row fewer, one cell other, another rule, another parent.
        Assert.NotEqual(rows, Hash(Fleet.Of(6, isHard: true, vehicles: 10), options, 1));
        Assert.NotEqual(rows, Hash(table, options with { Budget = 20 }, 1));
        Assert.Equal(rows, Hash(table, options with { Parent = rows }, 1));
        Assert.NotEqual(lineage, Hash(table, options with { Parent = rows }, 2));
    }

    [Fact]
    public void The_queue_names_rows_chances_and_second_annotators()
    {
        var (table, file) = (Fleet.Of(7, isHard: true), Path.Combine(_folder, "queue.csv"));
        _ = Ask.Label(table, Question with { Queue = file });
        var lines = File.ReadAllLines(file).Skip(1).Select(l => l.Split(',')).ToList();
        Assert.Equal(120, lines.Count);
        Assert.Equal(120, lines.Select(l => l[1]).Distinct().Count());
        Assert.Equal(12, lines.Count(l => l[7] == "2"));
        Assert.InRange(lines.Count(l => l[5] == "audit"), 15, 30);
        Assert.All(lines.Where(l => l[5] == "audit"), l => Assert.InRange(double.Parse(l[6], System.Globalization.CultureInfo.InvariantCulture), 0.05, 1));
        var alarm = (DoubleColumn)table["alarm"];
        Assert.All(lines.Where(l => l[5] == "trigger"), l => Assert.True(alarm.Values[int.Parse(l[1], System.Globalization.CultureInfo.InvariantCulture) - 1] > 0.5));
        Assert.Equal("file-exists", Assert.Throws<GnomonError>(() => Ask.Label(table, Question with { Queue = file })).Code);
    }

    // No two rows of one drive that are near copies are both chosen from the triggers.
    [Fact]
    public void Near_copies_are_not_labelled_twice()
    {
        var (table, file) = (Fleet.Of(8, isHard: true), Path.Combine(_folder, "queue.csv"));
        _ = Ask.Label(table, new LabelOptions { Group = "vehicle", Embedding = ["e*"], Keep = ["alarm>0.5"], Budget = 500, Explore = 0, Queue = file });
        var rows = File.ReadAllLines(file).Skip(1).Select(l => int.Parse(l.Split(',')[1], System.Globalization.CultureInfo.InvariantCulture) - 1).ToList();
        double[] Point(int i) => [.. Enumerable.Range(1, 9).Select(j => ((DoubleColumn)table[$"e{j}"]).Values[i])];
        static double Cosine(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum() / Math.Sqrt(a.Sum(x => x * x) * b.Sum(x => x * x));
        foreach (var drive in rows.GroupBy(i => table["vehicle"].Cell(i)))
        {
            var points = drive.Select(Point).ToList();
            Assert.All(points.SelectMany((p, k) => points.Skip(k + 1).Select(q => Cosine(p, q))), c => Assert.True(c < 0.98 + 1e-9));
        }

        Assert.InRange(rows.Count, 30, 499);
    }

    // Rows without a label are bought next; those that have one are not asked for again.
    [Fact]
    public void The_queue_holds_what_has_no_label_yet()
    {
        var (table, file) = (Fleet.Of(9, isHard: true, unlabelled: 0.3, vehicles: 60), Path.Combine(_folder, "queue.csv"));
        var finding = Ask.Label(table, Question with { Queue = file, Second = null });
        var label = (TextColumn)table["cut_in"];
        Assert.All(File.ReadAllLines(file).Skip(1), l => Assert.True(label.IsNull(int.Parse(l.Split(',')[1], System.Globalization.CultureInfo.InvariantCulture) - 1)));
        Assert.Contains(finding.Limitations, l => l.Contains("have no label", StringComparison.Ordinal));
    }

    [Fact]
    public void The_slice_knows_the_share_of_cases()
    {
        var table = Fleet.Of(10, isHard: true, vehicles: 60);
        var label = (TextColumn)table["cut_in"];
        var truth = Enumerable.Range(0, table.Rows).Count(i => (string)label.Cell(i)! == "yes") / (double)table.Rows;
        var share = Estimate(Ask.Label(table, Question), "share of cases");
        Assert.InRange(truth, share.Low, share.High);
        Assert.Equal("Horvitz-Thompson, gamma limits", share.Method);
    }

    [Fact]
    public void Storage_adds_up()
    {
        var finding = Ask.Label(Fleet.Of(11, isHard: true), new LabelOptions { Keep = ["alarm>0.5"], Raw = 2000, Tiers = ["hot=20:30", "cold=2:100"], Audit = 0.1, Budget = 20 });
        var kept = (double)Row(finding, "rows", "kept by a trigger")[2]!;
        var all = Row(finding, "storage", "all tiers");
        Assert.Equal((2000.0 * 130, (2000.0 * 30 * 20) + (2000.0 * 100 * 2)), ((double)all[3]!, (double)all[5]!));
        Assert.Equal((kept + (0.1 * (1 - kept))) * (double)all[5]!, (double)all[6]!, 1e-6);
    }

    [Theory]
    [InlineData("bad-rule", "alarm>loud")]
    [InlineData("bad-rule", "scenario>3")]
    [InlineData("column-not-found", "alarn>0.5")]
    public void A_rule_that_cannot_be_asked_is_refused(string code, string rule) => Assert.Equal(code, Assert.Throws<GnomonError>(() => Ask.Label(Fleet.Of(1, isHard: true), new LabelOptions { Keep = [rule] })).Code);

    [Fact]
    public void What_cannot_be_answered_is_refused_by_name()
    {
        var table = Fleet.Of(1, isHard: true);
        string Code(LabelOptions o) => Assert.Throws<GnomonError>(() => Ask.Label(table, o)).Code;
        Assert.Equal("target-not-two-values", Code(Question with { Target = "scenario" }));
        Assert.Equal("column-not-numeric", Code(Question with { Embedding = ["vehicle"] }));
        Assert.Equal("column-not-found", Code(Question with { Embedding = ["z*"] }));
        Assert.Equal("too-few-groups", Code(Question with { Group = "scenario" }));
        Assert.Equal("too-few-rows", Code(Question with { Budget = 5_000 }));
        Assert.Equal("no-rows-kept", Code(Question with { Keep = ["alarm>5", "alarm<0"] }));
        Assert.Equal("bad-second", Code(Question with { Second = "scenario" }));
        Assert.Equal("options-conflict", Code(Question with { Second = "alarm", Embedding = ["e*", "alarm"] }));
        Assert.Equal("score-not-probability", Code(Question with { Score = "e1" }));
        Assert.Equal("bad-split", Code(Question with { Split = "scenario" }));
        Assert.Equal("options-conflict", Code(Question with { Target = "alarm", Embedding = ["e*", "alarm"] }));
        Assert.Equal(["bad-rule", "bad-tier", "bad-hash", "option-missing"], new LabelOptions { Data = "x.csv", Keep = ["alarm"], Tiers = ["hot=1"], Parent = "abc", Split = "split" }.Validate().Select(e => e.Code).OrderBy(c => Array.IndexOf(["bad-rule", "bad-tier", "bad-hash", "option-missing"], c)));
    }

    [Fact]
    public void Threads_change_nothing()
    {
        var table = Fleet.Of(12, isHard: true);
        var (one, two) = (Ask.Label(table, Question with { Threads = 1 }), Ask.Label(table, Question with { Threads = 2 }));
        Assert.Equal(one.Estimates, two.Estimates);
        Assert.Equal(one.Decision.Summary, two.Decision.Summary);
    }

    private static Estimate Estimate(Finding finding, string name) => finding.Estimates.Single(e => e.Name == name);

    private static CheckStatus Check(Finding finding, string id) => finding.Checks.Single(c => c.Id == id).Status;

    private static IReadOnlyList<object?> Row(Finding finding, string table, string first) => finding.Tables.Single(t => t.Id == table).Rows.Single(r => (string?)r[0] == first);
}
