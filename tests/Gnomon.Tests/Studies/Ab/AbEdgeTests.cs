using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Render.Json;
using Gnomon.Studies.Ab;
using Xunit;

namespace Gnomon.Tests.Studies.Ab;

/// <summary>Edge data end in an answer or a named refusal; the JSON writer throws on any number that is not finite, so writing the finding is the test of "never NaN".</summary>
public sealed class AbEdgeTests
{
    [Fact]
    public void Nobody_against_three_of_twenty_is_tested_exactly()
    {
        var finding = Ask.Ab(new AbOptions { Counts = ["A=0/20", "B=3/20"] });
        Assert.Equal(DecisionAction.Inconclusive, finding.Decision.Action);
        Assert.Contains("Boschloo", AbData.Primary(finding).Method, StringComparison.Ordinal);
        FindingJson.Write(finding);
    }

    [Theory]
    [InlineData(300_000, 0)]
    [InlineData(300_000, 299_999)]
    [InlineData(40_000, 12_345)]
    public void One_repeated_unit_among_many_is_found(int units, int repeated)
    {
        var rows = Enumerable.Range(0, units).Append(repeated).ToArray();
        var table = Table.With("unit", rows.Select(i => (long)i)).And("arm", rows.Select(i => (string?)(i % 2 == 1 ? "B" : "A"))).And("y", rows.Select(i => i * 7919L % 1_000 / 10.0));
        var single = Table.With("unit", rows.SkipLast(1).Select(i => (long)i)).And("arm", rows.SkipLast(1).Select(i => (string?)(i % 2 == 1 ? "B" : "A")))
            .And("y", rows.SkipLast(1).Select(i => i * 7919L % 1_000 / 10.0));
        Assert.Contains(Ask.Ab(table, AbData.Options("y")).Estimates, IsNaive);
        Assert.DoesNotContain(Ask.Ab(single, AbData.Options("y")).Estimates, IsNaive);

        static bool IsNaive(Estimate e) => e.Method.StartsWith("rows taken", StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_whose_last_row_is_unlike_the_first_is_answered_with_care()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".csv");
        try
        {
            var text = new System.Text.StringBuilder("unit,arm,y\n");
            for (var i = 0; i < 120_000; i++)
            {
                text.Append(i).Append(i % 2 == 0 ? ",A," : ",B,").Append(i * 7919L % 1_000).Append('\n');
            }

            File.WriteAllText(path, text + "extra,A,7\n");
            var finding = Ask.Ab(AbData.Options("y") with { Data = path });
            Assert.Equal(120_001, finding.Provenance.Data[0].Rows);
            Assert.Equal(120_001, AbData.Primary(finding).N);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Two_units_an_arm_are_answered()
    {
        var table = Table.With("unit", [1L, 2, 3, 4]).And("arm", ["A", "A", "B", "B"]).And("y", [1.0, 2.5, 3.0, 5.0]);
        FindingJson.Write(Ask.Ab(table, AbData.Options("y")));
    }

    [Fact]
    public void One_unit_in_an_arm_is_named()
    {
        var table = Table.With("unit", [1L, 2, 3]).And("arm", ["A", "A", "B"]).And("y", [1.0, 2.5, 3.0]);
        var finding = Ask.Ab(table, AbData.Options("y"));
        Assert.Equal(DecisionAction.Inconclusive, finding.Decision.Action);
        Assert.Contains(finding.Limitations, l => l.Contains("arm B has 1 unit", StringComparison.Ordinal));
        FindingJson.Write(finding);
    }

    [Theory]
    [InlineData(5.0, 5.0)]
    [InlineData(5.0, 6.0)]
    public void Values_that_never_vary_are_refused_by_name(double a, double b)
    {
        var arms = Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? "A" : "B").ToArray();
        var table = Table.With("unit", Enumerable.Range(0, 40).Select(i => (long)i)).And("arm", arms).And("y", arms.Select(x => x == "A" ? a : b));
        var finding = Ask.Ab(table, AbData.Options("y"));
        Assert.Equal(DecisionAction.Inconclusive, finding.Decision.Action);
        Assert.NotEmpty(finding.Limitations);
        FindingJson.Write(finding);
    }

    [Fact]
    public void All_converted_in_both_arms_is_refused_by_name()
    {
        var finding = Ask.Ab(AbData.Binary(("A", 30, 30), ("B", 30, 30)), AbData.Options("converted"));
        Assert.Equal(DecisionAction.Inconclusive, finding.Decision.Action);
        FindingJson.Write(finding);
    }

    [Fact]
    public void One_arm_is_refused()
    {
        var error = Assert.Throws<GnomonError>(() => Ask.Ab(AbData.Binary(("A", 3, 30)), AbData.Options("converted")));
        Assert.Equal("one-arm", error.Code);
    }

    [Fact]
    public void An_arm_that_the_plan_names_and_nobody_reached_breaks_the_split()
    {
        var finding = Ask.Ab(AbData.Binary(("A", 30, 300), ("B", 40, 300)), AbData.Options("converted") with { Split = "A=40,B=40,C=20" });
        Assert.Equal(["sample-ratio-mismatch"], finding.Decision.Because);
        FindingJson.Write(finding);
    }

    // A column named like a unit whose values lie in both arms is no unit: it is neither clustered by nor the end of the answer.
    [Theory]
    [InlineData("device", false)]
    [InlineData("device", true)]
    [InlineData("customer", false)]
    public void A_column_named_like_a_unit_that_both_arms_share_is_left_alone(string name, bool segment)
    {
        var all = Enumerable.Range(0, 400).ToArray();
        var table = Table.With("unit", all.Select(i => (long)i)).And("arm", all.Select(i => (string?)(i % 2 == 0 ? "A" : "B")))
            .And(name, all.Select(i => (string?)(i % 3 == 0 ? "phone" : "tablet"))).And("y", all.Select(i => (double)(i * 37 % 101)));
        var finding = Ask.Ab(table, AbData.Options("y") with { Segment = segment ? [name] : [] });
        Assert.DoesNotContain(finding.Estimates, e => e.Method.Contains($"clustered by {name}", StringComparison.Ordinal));
        FindingJson.Write(finding);
    }

    [Fact]
    public void Units_in_an_arm_planned_to_be_empty_are_a_leak()
    {
        var finding = Ask.Ab(AbData.Binary(("A", 30, 300), ("B", 40, 300), ("C", 1, 5)), AbData.Options("converted") with { Split = "A=50,B=50,C=0" });
        Assert.Contains("planned to receive none", AbData.Check(finding, "sample-ratio-mismatch").Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_thousand_arms_are_answered()
    {
        var rows = Enumerable.Range(0, 20_000).ToArray();
        var table = Table.With("unit", rows.Select(i => (long)i)).And("arm", rows.Select(i => (string?)$"arm{i % 1000:0000}")).And("y", rows.Select(i => (double)(i * 7919L % 1009)));
        var finding = Ask.Ab(table, AbData.Options("y"));
        FindingJson.Write(finding);
        Assert.Equal(999, finding.Estimates.Count(e => e is { Name: "difference", Role: "primary" }));
    }

    [Fact]
    public void An_arm_named_like_the_control_is_its_own_arm()
    {
        var finding = Ask.Ab(AbData.Binary(("Control", 30, 300), ("control", 31, 300)), AbData.Options("converted") with { Control = "control" });
        Assert.Equal("Control - control", AbData.Primary(finding).Contrast);
    }

    [Fact]
    public void Nulls_in_every_role_are_counted_and_shown()
    {
        var n = 400;
        var table = Table.With("unit", Enumerable.Range(0, n).Select(i => i % 50 == 0 ? null : $"u{i}"))
            .And("arm", Enumerable.Range(0, n).Select(i => i % 41 == 0 ? null : i % 2 == 0 ? "A" : "B"))
            .And("y", Enumerable.Range(0, n).Select(i => i % 7 == 0 ? double.NaN : i % 10));
        var finding = Ask.Ab(table, AbData.Options("y"));
        Assert.Contains(finding.Limitations, l => l.Contains("no arm", StringComparison.Ordinal));
        Assert.Contains(finding.Limitations, l => l.Contains("no unit id", StringComparison.Ordinal));
        Assert.Contains(finding.Limitations, l => l.Contains("no usable value of y", StringComparison.Ordinal));
        FindingJson.Write(finding);
    }

    [Fact]
    public void Contaminated_units_are_set_aside_without_a_time_and_kept_by_first_arm_with_one()
    {
        var n = 600;
        var units = Enumerable.Range(0, 2 * n).Select(i => (long)(i / 2)).ToArray();
        var arms = Enumerable.Range(0, 2 * n).Select(i => (string?)((i / 2) % 10 == 0 && i % 2 == 1 ? "B" : (i / 2) % 2 == 0 ? "A" : "B")).ToArray();
        var table = Table.With("unit", units).And("arm", arms).And("y", units.Select(u => (double)(u % 13)));
        var aside = Ask.Ab(table, AbData.Options("y"));
        Assert.Equal(["variant-contamination"], aside.Decision.Because.Where(b => b == "variant-contamination"));
        Assert.Contains(aside.Limitations, l => l.Contains("unit in several arms", StringComparison.Ordinal));
        var timed = table.And("day", Enumerable.Range(0, 2 * n).Select(i => new DateOnly(2026, 1, 1).AddDays(i % 14)));
        var first = Ask.Ab(timed, AbData.Options("y") with { Time = "day" });
        Assert.Contains("first", AbData.Check(first, "variant-contamination").Evidence, StringComparison.Ordinal);
        Assert.Equal(n, first.Tables.First(t => t.Id == "arms").Rows.Sum(r => (long)r[1]!));
    }

    [Theory]
    [InlineData("bad-guardrail", "--guardrail")]
    public void A_guardrail_without_a_margin_is_one_clear_message(string code, string where)
    {
        var error = Assert.Throws<GnomonError>(() => Ask.Ab(AbData.Binary(("A", 3, 30), ("B", 4, 30)), AbData.Options("converted") with { Guardrail = ["converted"] }));
        Assert.Equal(code, error.Code);
        Assert.Equal(where, error.Where);
    }

    [Fact]
    public void Missing_columns_are_all_named_at_once_with_the_nearest_name()
    {
        var error = Assert.Throws<GnomonError>(() => Ask.Ab(AbData.Binary(("A", 3, 30), ("B", 4, 30)), AbData.Options("convertd") with { Time = "day" }));
        Assert.Contains("Did you mean 'converted'?", error.Message, StringComparison.Ordinal);
        Assert.Contains("no column 'day'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_answer_does_not_depend_on_threads_or_the_order_of_rows()
    {
        var table = AbData.Reference();
        var options = AbData.Options("y") with { Pre = ["pre"] };
        var one = AbData.Primary(Ask.Ab(table, options with { Threads = 1 }));
        var two = AbData.Primary(Ask.Ab(table, options with { Threads = 2 }));
        Assert.Equal(one, two);
        var order = Enumerable.Range(0, AbData.Units).OrderBy(i => i * 7919L % 2003).ToArray();
        var shuffled = Table.With("unit", order.Select(i => (long)i)).And("arm", order.Select(i => (string?)(i % 2 == 1 ? "B" : "A")))
            .And("pre", order.Select(i => (double)table["pre"].Cell(i)!)).And("y", order.Select(i => (double)table["y"].Cell(i)!));
        var other = AbData.Primary(Ask.Ab(shuffled, options));
        Assert.Equal(one.Value, other.Value, 12);
        Assert.Equal(one.Low, other.Low, 12);
    }

    // Where no unit converted nothing varied: what such a test could have seen is not known from it.
    [Fact]
    public void Arms_without_any_event_are_not_said_to_see_an_effect_of_nothing()
    {
        var finding = Ask.Ab(new AbOptions { Counts = ["A=0/20", "B=0/20"] });
        Assert.DoesNotContain(finding.Next, n => n.Contains("can see", StringComparison.Ordinal));
        Assert.Contains(Ask.Ab(new AbOptions { Counts = ["A=3/20", "B=5/20"] }).Next, n => n.Contains("can see", StringComparison.Ordinal));
    }
}
