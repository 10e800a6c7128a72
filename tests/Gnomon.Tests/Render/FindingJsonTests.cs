using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Render.Json;
using Xunit;

namespace Gnomon.Tests.Render;

public sealed class FindingJsonTests
{
    public static TheoryData<string> Names => [.. Samples.Golden.Keys];

    [Fact]
    public void The_text_is_the_contract_name_by_name_and_in_its_order()
    {
        var finding = new Finding
        {
            Question = "ab",
            Title = "Does arm B change converted?",
            Decision = new Decision(DecisionAction.DoNotShip, "The split is broken: 52.1 % / 47.9 % where 50/50 was planned.", ["sample-ratio-mismatch"]),
            Estimates = [Samples.Effect("converted", 0.0031, 0.0002, 0.0060, "proportion", 0.034, "primary", "two-proportion, unpooled z")],
            Checks = [new CheckReport("sample-ratio-mismatch", CheckStatus.Fail, 176.4, 0.001, 3.0e-40, "observed 52,100 / 47,900, planned 50 / 50", "Find where units are lost.", "Fabijan et al. 2019"), new CheckReport("x", CheckStatus.Skipped, null, null, null, "no column", "Name one.", "house rule")],
            Tables = [new ResultTable("arms", "Arms", ["arm", "n", "mean"], [["A", 50000L, 0.045], [null, true, 5.0]])],
            Provenance = new Provenance
            {
                Version = "0.1.0", Command = ["ab", "visits.csv"], Seed = 1, Engine = "duckdb", Data = [new DataIdentity("visits.csv", 100000, 6, "ab"), new DataIdentity("-", null, 2, null)],
                StartedAt = new DateTimeOffset(2026, 1, 1, 2, 0, 0, TimeSpan.FromHours(2)), Seconds = 0.21,
            },
        };
        const string Expected = """
            {
              "schema": "gnomon.finding/1",
              "question": "ab",
              "title": "Does arm B change converted?",
              "decision": {
                "action": "do-not-ship",
                "summary": "The split is broken: 52.1 % / 47.9 % where 50/50 was planned.",
                "because": [
                  "sample-ratio-mismatch"
                ]
              },
              "estimates": [
                {
                  "name": "difference",
                  "metric": "converted",
                  "contrast": "B - A",
                  "value": 0.0031,
                  "low": 0.0002,
                  "high": 0.006,
                  "level": 0.95,
                  "unit": "proportion",
                  "p": 0.034,
                  "n": 100000,
                  "method": "two-proportion, unpooled z",
                  "role": "primary"
                }
              ],
              "checks": [
                {
                  "id": "sample-ratio-mismatch",
                  "status": "fail",
                  "statistic": 176.4,
                  "threshold": 0.001,
                  "p": 3E-40,
                  "evidence": "observed 52,100 / 47,900, planned 50 / 50",
                  "remedy": "Find where units are lost.",
                  "source": "Fabijan et al. 2019"
                },
                {
                  "id": "x",
                  "status": "skipped",
                  "evidence": "no column",
                  "remedy": "Name one.",
                  "source": "house rule"
                }
              ],
              "limitations": [],
              "next": [],
              "plots": [],
              "tables": [
                {
                  "id": "arms",
                  "title": "Arms",
                  "columns": [
                    "arm",
                    "n",
                    "mean"
                  ],
                  "rows": [
                    ["A",50000,0.045],
                    [null,true,5.0]
                  ]
                }
              ],
              "provenance": {
                "version": "0.1.0",
                "command": [
                  "ab",
                  "visits.csv"
                ],
                "seed": 1,
                "engine": "duckdb",
                "data": [
                  {
                    "source": "visits.csv",
                    "rows": 100000,
                    "columns": 6,
                    "sha256": "ab"
                  },
                  {
                    "source": "-",
                    "columns": 2
                  }
                ],
                "startedAt": "2026-01-01T00:00:00Z",
                "seconds": 0.21
              }
            }
            """;
        Assert.Equal(Expected.ReplaceLineEndings("\n"), FindingJson.Write(finding));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Written_and_read_and_written_again_is_the_same_text(string name)
    {
        var text = FindingJson.Write(Samples.Golden[name]);
        Assert.Equal(text, FindingJson.Write(FindingJson.Read(text)));
    }

    [Fact]
    public void Cells_keep_their_type()
    {
        object?[] cells = ["5", 5L, 5.0, -0.0, 1e300, long.MinValue, 9_007_199_254_740_993L, 0.1, true, false, null, "é \u0001 \"\\"];
        var finding = Samples.Minimal(DecisionAction.Answer) with { Tables = [new ResultTable("t", "t", [.. cells.Select((_, i) => $"c{i}")], [cells])] };
        var read = FindingJson.Read(FindingJson.Write(finding)).Tables[0].Rows[0];
        Assert.Equal(cells, read);
        Assert.True(double.IsNegative((double)read[3]!));
    }

    [Fact]
    public void Every_double_survives_bit_for_bit() =>
        Prop.ForAll(ArbMap.Default.ArbFor<NormalFloat>(), x =>
        {
            var finding = Samples.Minimal(DecisionAction.Answer) with { Estimates = [Samples.Effect("m", x.Get, x.Get, x.Get, "EUR", 0.5, "primary", "z")], Tables = [new ResultTable("t", "t", ["c"], [[x.Get]])] };
            var read = FindingJson.Read(FindingJson.Write(finding));
            return Same(read.Estimates[0].Value, x.Get) && Same((double)read.Tables[0].Rows[0][0]!, x.Get);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Start_times_keep_their_fraction_and_are_utc()
    {
        var at = new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.FromHours(-5)).AddTicks(1234567);
        var finding = Samples.Minimal(DecisionAction.Answer);
        var text = FindingJson.Write(finding with { Provenance = finding.Provenance with { StartedAt = at } });
        Assert.Contains("\"2026-03-04T10:06:07.1234567Z\"", text, StringComparison.Ordinal);
        Assert.Equal(at, FindingJson.Read(text).Provenance.StartedAt);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Numbers_that_are_not_finite_are_a_defect(double bad)
    {
        var fine = Samples.Minimal(DecisionAction.Answer);
        Finding[] findings =
        [
            fine with { Estimates = [Samples.Effect("m", bad, 0, 1, "EUR", 0.5, "primary", "z")] },
            fine with { Estimates = [Samples.Effect("m", 0, bad, 1, "EUR", 0.5, "primary", "z")] },
            fine with { Estimates = [Samples.Effect("m", 0, 0, 1, "EUR", bad, "primary", "z")] },
            fine with { Checks = [new CheckReport("c", CheckStatus.Pass, bad, null, null, "e", "r", "s")] },
            fine with { Tables = [new ResultTable("t", "t", ["c"], [[bad]])] },
            fine with { Plots = [new Plot("p", "p", new System.Text.Json.Nodes.JsonObject { ["x"] = bad })] },
            fine with { Provenance = fine.Provenance with { Seconds = bad } },
        ];
        Assert.All(findings, f => Assert.Throws<InvalidOperationException>(() => FindingJson.Write(f)));
    }

    [Fact]
    public void Fields_it_does_not_know_are_ignored_and_missing_lists_are_empty()
    {
        const string Text = """
            {"schema":"gnomon.finding/1","question":"q","title":"t","extra":{"a":[1]},"decision":{"action":"answer","summary":"s","mood":"good"},
             "provenance":{"version":"9","command":[],"seed":3,"engine":"e","data":[],"startedAt":"2026-01-01T00:00:00+01:00","seconds":1,"host":"x"}}
            """;
        var finding = FindingJson.Read(Text);
        Assert.Empty(finding.Checks);
        Assert.Empty(finding.Decision.Because);
        Assert.Equal(TimeSpan.Zero, finding.Provenance.StartedAt.Offset);
        Assert.Equal(23, finding.Provenance.StartedAt.Hour);
    }

    [Theory]
    [InlineData("", "finding-not-json", "The text is not JSON")]
    [InlineData("[1]", "finding-schema", "The JSON has no 'schema'; 'gnomon.finding/1' was expected.")]
    [InlineData("{}", "finding-schema", "The JSON has no 'schema'")]
    [InlineData("{\"schema\":7}", "finding-schema", "The JSON has no 'schema'")]
    [InlineData("{\"schema\":\"gnomon.finding/2\"}", "finding-schema", "The JSON is 'gnomon.finding/2'; this version reads 'gnomon.finding/1'.")]
    [InlineData("{\"schema\":\"gnomon.finding/1\"}", "finding-malformed", "The finding has no 'question'.")]
    [InlineData("{\"schema\":\"gnomon.finding/1\",\"question\":5}", "finding-malformed", "'question' of the finding must be a text; it is 5.")]
    [InlineData("{\"schema\":\"gnomon.finding/1\",\"question\":\"q\",\"title\":\"t\",\"decision\":{\"action\":\"dance\"}}", "finding-malformed", "'decision.action' of the finding must be one of answer, ship,")]
    [InlineData("{\"schema\":\"gnomon.finding/1\",\"question\":\"q\",\"title\":\"t\",\"decision\":{\"action\":\"ship\",\"summary\":\"s\"},\"estimates\":[{\"name\":\"x\",\"value\":\"1\"}]}", "finding-malformed", "'estimates[0].value' of the finding must be a number; it is \"1\".")]
    public void Text_that_is_not_a_finding_is_named(string text, string code, string message)
    {
        var error = Assert.Throws<GnomonError>(() => FindingJson.Read(text));
        Assert.Equal(code, error.Code);
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Hint);
    }

    [Fact]
    public void Errors_follow_their_contract()
    {
        Assert.Equal(
            "{\n  \"schema\": \"gnomon.error/1\",\n  \"error\": {\n    \"code\": \"column-not-found\",\n    \"message\": \"visits.csv has no column 'revenu'.\",\n    \"where\": \"--metric\",\n    \"hint\": \"Did you mean 'revenue'?\"\n  }\n}",
            ErrorJson.Write(new GnomonError("column-not-found", "visits.csv has no column 'revenu'.", "--metric", "Did you mean 'revenue'?")));
        using var bare = JsonDocument.Parse(ErrorJson.Write(new GnomonError("c", "m")));
        Assert.Equal(["code", "message"], bare.RootElement.GetProperty("error").EnumerateObject().Select(p => p.Name));
    }

    private static bool Same(double a, double b) => BitConverter.DoubleToInt64Bits(a) == BitConverter.DoubleToInt64Bits(b);
}
