using System.Text.Json;
using Gnomon.Core.Checks;
using Gnomon.Core.Findings;
using Gnomon.Render.Json;
using Xunit;

namespace Gnomon.Tests.Render;

public sealed class FindingSchemaTests
{
    private static readonly JsonElement Schema = Parse(File.ReadAllText(Path.Combine(Golden.Root, "docs", "finding.schema.json")));

    public static TheoryData<string> Names => [.. Samples.Golden.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Samples_fit_the_published_schema(string name) => Assert.Empty(Errors(FindingJson.Write(Samples.Golden[name])));

    [Fact]
    public void Every_action_and_every_status_is_in_the_schema()
    {
        Assert.All(Enum.GetValues<DecisionAction>(), a => Assert.Empty(Errors(FindingJson.Write(Samples.Minimal(a)))));
        Assert.Equal(Enum.GetValues<DecisionAction>().Select(a => a.Word()).Order(), Words("decision", "action"));
        Assert.Equal(Enum.GetValues<CheckStatus>().Length, Words("check", "status").Count());
    }

    [Fact]
    public void Every_field_that_is_written_is_described_in_the_same_order()
    {
        var written = Parse(FindingJson.Write(Samples.Ship()));
        Fits(written, Schema);
        Fits(written.GetProperty("decision"), Definition("decision"));
        Fits(written.GetProperty("estimates")[0], Definition("estimate"));
        Fits(written.GetProperty("checks")[0], Definition("check"));
        Fits(written.GetProperty("plots")[0], Definition("plot"));
        Fits(written.GetProperty("tables")[0], Definition("table"));
        Fits(written.GetProperty("provenance"), Definition("provenance"));
        Fits(written.GetProperty("provenance").GetProperty("data")[0], Definition("provenance").GetProperty("properties").GetProperty("data").GetProperty("items"));
    }

    [Theory]
    [InlineData("\"gnomon.finding/1\"", "\"gnomon.finding/2\"", "$.schema: const")]
    [InlineData("\"do-not-ship\"", "\"dance\"", "$.decision.action: enum")]
    [InlineData("\"level\": 0.95", "\"level\": 95", "$.estimates[0].level: exclusiveMaximum")]
    [InlineData("\"value\": 0.0031", "\"value\": \"0.0031\"", "$.estimates[0].value: type")]
    [InlineData("\"status\": \"fail\"", "\"status\": \"FAIL\"", "$.checks[1].status: enum")]
    [InlineData("\"seed\": 1,", "", "$.provenance: required")]
    [InlineData("00:00:00Z", "00:00:00+01:00", "$.provenance.startedAt: pattern")]
    public void What_breaks_the_contract_is_found(string was, string becomes, string error)
    {
        var text = FindingJson.Write(Samples.SplitBroken());
        Assert.Contains(was, text, StringComparison.Ordinal);
        Assert.Contains(Errors(text.Replace(was, becomes, StringComparison.Ordinal)), e => e.StartsWith(error, StringComparison.Ordinal));
    }

    private static void Fits(JsonElement written, JsonElement schema)
    {
        var described = schema.GetProperty("properties").EnumerateObject().Select(p => p.Name).ToList();
        var names = written.EnumerateObject().Select(p => p.Name).ToList();
        Assert.Equal(described.Where(names.Contains), names);
    }

    private static IEnumerable<string?> Words(string definition, string property) =>
        Definition(definition).GetProperty("properties").GetProperty(property).GetProperty("enum").EnumerateArray().Select(w => w.GetString()).Order();

    private static JsonElement Definition(string name) => Schema.GetProperty("$defs").GetProperty(name);

    private static IReadOnlyList<string> Errors(string json) => new SchemaValidator(Schema).Validate(Parse(json));

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
