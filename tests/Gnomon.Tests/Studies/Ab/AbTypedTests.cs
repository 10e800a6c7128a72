using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Studies.Ab;
using Xunit;

namespace Gnomon.Tests.Studies.Ab;

/// <summary>Numbers typed in: what needs rows is refused by name, and a plan's guardrail that nobody typed is not cleared.</summary>
public sealed class AbTypedTests
{
    private static readonly AbOptions Typed = new() { Counts = ["A=500/10000", "B=620/10000"] };

    public static TheoryData<string, AbOptions> NeedRows => new()
    {
        { "--guardrail", Typed with { Guardrail = ["revenue>=-1%"] } }, { "--secondary", Typed with { Secondary = ["clicks"] } }, { "--pre", Typed with { Pre = ["before"] } }, { "--segment", Typed with { Segment = ["country"] } },
        { "--time", Typed with { Time = "day" } }, { "--cluster", Typed with { Cluster = "store" } }, { "--unit", Typed with { Unit = "id" } }, { "--variant", Typed with { Variant = "arm" } }, { "--ratio", Typed with { Ratio = ["a/b"] } },
        { "--rate", Typed with { Rate = ["a/b"] } }, { "--where", Typed with { Where = "country = 'DE'" } }, { "--effects-by", Typed with { EffectsBy = ["age"] } }, { "--exposed", Typed with { Exposed = "met" } },
    };

    [Theory]
    [MemberData(nameof(NeedRows))]
    public void Options_that_read_rows_are_refused_by_name(string option, AbOptions options)
    {
        var wrong = Assert.Throws<GnomonError>(() => Ask.Ab(options));
        Assert.Contains(option, wrong.Message, StringComparison.Ordinal);
        Assert.Contains("--counts", wrong.Where, StringComparison.Ordinal);
        Assert.Contains("--stats", Assert.Throws<GnomonError>(() => Ask.Ab(options with { Counts = [], Stats = ["A=100,1,1", "B=100,1,1"] })).Where, StringComparison.Ordinal);
    }

    [Fact]
    public void Totals_of_one_metric_bear_one_name()
    {
        Assert.Contains("--metric names 2", Assert.Throws<GnomonError>(() => Ask.Ab(Typed with { Metric = ["bought", "stayed"] })).Message, StringComparison.Ordinal);
        Assert.Equal("bought", AbData.Primary(Ask.Ab(Typed with { Metric = ["bought"] })).Metric);
        Assert.Contains(Ask.Ab(Typed with { Relabel = 1_000 }).Limitations, l => l.Contains("drawn again at random", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{ "guardrails": ["revenue>=-1%"] }""", DecisionAction.Inconclusive)]
    [InlineData("{}", DecisionAction.Ship)]
    public void A_planned_guardrail_that_was_not_typed_holds_the_launch(string more, DecisionAction expected)
    {
        var path = Path.Combine(Path.GetTempPath(), $"plan-{Guid.NewGuid():N}.json");
        File.WriteAllText(path, """{ "schema": "gnomon.plan/1", "hypothesis": "h", "primary": ["converted"], "mde": "4%", "unitsPerArm": 10000, """ + (more == "{}" ? "\"looks\": 1 }" : more[1..]));
        try
        {
            var finding = Ask.Ab(Typed with { Plan = path });
            Assert.Equal(expected, finding.Decision.Action);
            if (expected == DecisionAction.Ship)
            {
                return;
            }

            Assert.Contains("harm to revenue beyond the margin is not ruled out", finding.Decision.Summary, StringComparison.Ordinal);
            Assert.Contains("planned guardrail not read: revenue>=-1%", AbData.Check(finding, "plan-incomplete").Evidence, StringComparison.Ordinal);
            Assert.Contains(finding.Limitations, l => l.Contains("the plan's guardrail revenue>=-1% was not typed in", StringComparison.Ordinal));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Statistics_whose_powers_no_number_holds_are_refused()
    {
        Assert.Equal("values-too-large", Assert.Throws<GnomonError>(() => Ask.Ab(new AbOptions { Stats = ["A=5000,1e308,1e308", "B=5000,1,1"] })).Code);
        Assert.Equal("values-too-large", Assert.Throws<GnomonError>(() => Ask.Ab(new AbOptions { Stats = ["A=5000,-1e80,1", "B=5000,1,1"] })).Code);
        Assert.Equal(CheckStatus.Pass, AbData.Check(Ask.Ab(new AbOptions { Stats = ["A=5000,1e70,1e70", "B=5000,1e70,1e70"] }), "sample-ratio-mismatch").Status);
    }

    // A control below 0: a percentage of it has the other sign, so none is given, and the difference decides.
    [Fact]
    public void Of_a_negative_control_no_relative_effect_is_given()
    {
        var finding = Ask.Ab(new AbOptions { Stats = ["A=2000,-10,2", "B=2000,-9.5,2"] });
        Assert.Equal(DecisionAction.Ship, finding.Decision.Action);
        Assert.Equal(0.5, AbData.Primary(finding).Value, 1e-12);
        Assert.DoesNotContain(finding.Estimates, e => e.Name == "lift");
        Assert.Contains(finding.Limitations, l => l.Contains("the control's mean is negative, and a percentage of it would turn the sign round.", StringComparison.Ordinal) && !l.Contains("..", StringComparison.Ordinal));
    }
}
