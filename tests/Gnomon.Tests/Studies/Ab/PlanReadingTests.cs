using Gnomon.Core.Errors;
using Gnomon.Studies.Ab;
using Xunit;

namespace Gnomon.Tests.Studies.Ab;

/// <summary>A promise in a form that is not understood is refused by name, never dropped.</summary>
public sealed class PlanReadingTests
{
    [Theory]
    [InlineData("{ \"unitsPerArm\": \"59191\" }", "unitsPerArm holds the text \"59191\"; it must be a number")]
    [InlineData("{ \"level\": \"0.99\" }", "level holds the text")]
    [InlineData("{ \"split\": [95, 5] }", "split holds a list; it must be a text")]
    [InlineData("{ \"guardrails\": { \"revenue\": 1 } }", "guardrails holds an object; it must be a list of texts")]
    [InlineData("{ \"guardrails\": [1] }", "guardrails holds the number 1")]
    [InlineData("{ \"stopping\": null }", "stopping holds null")]
    [InlineData("{ \"primary\": true }", "primary holds true")]
    [InlineData("{ \"mde\": \"5%\", \"mde\": \"1%\" }", "'mde' stands twice")]
    [InlineData("{ \"assumptions\": { \"a\": [ { \"b\": 1, \"b\": 2 } ] } }", "'b' stands twice")]
    [InlineData("{ \"assignment\": { \"kind\": \"stratified\", \"strata\": [3] } }", "assignment: strata holds the number 3")]
    [InlineData("{ \"assignment\": \"stratified\" }", "assignment is no object")]
    public void A_field_of_the_wrong_kind_is_named(string json, string says)
    {
        var wrong = Assert.Throws<GnomonError>(() => AbPlan.Parse(json, "plan.json"));
        Assert.Equal("plan-field", wrong.Code);
        Assert.Contains(says, wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fields_of_the_right_kind_are_read()
    {
        var plan = AbPlan.Parse("""{ "unit": "u", "primary": "y", "guardrails": ["a>=-1%", "b>=-2%"], "mde": 0.5, "level": 0.9, "unitsPerArm": 500, "assignment": { "kind": "stratified", "strata": ["country"] } }""", "plan.json");
        Assert.Equal(("u", "0.5", 0.9, 500L), (plan.Unit, plan.Mde, plan.Level, plan.UnitsPerArm));
        Assert.Equal(["y"], plan.Primary);
        Assert.Equal(2, plan.Guardrails.Count);
        Assert.Equal(["country"], plan.Assignment!.Strata);
    }
}
