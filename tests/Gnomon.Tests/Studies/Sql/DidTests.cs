using System.Text.Json;
using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Methods;
using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Sql;
using Gnomon.Tests.Data;
using Gnomon.Tests.Data.Postgres;
using Gnomon.Tests.Numerics;
using Xunit;

namespace Gnomon.Tests.Studies.Sql;

/// <summary>The recipe did against statsmodels (tests/reference/sql/did.py): estimates and errors to 1e-9, what it says of who is missing and of the trend before the start.</summary>
[Collection(PostgresCollection.Name)]
public sealed class DidTests(PostgresServer server) : IDisposable
{
    private readonly Sources _sources = new();

    public void Dispose() => _sources.Dispose();

    public static TheoryData<string> Cases => ["plain", "drifting", "few"];

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_estimate_is_that_of_the_clustered_regression(string name)
    {
        var file = ReferenceFile.Open("sql", "did.json");
        var expected = file.GetProperty("cases").GetProperty(name);
        var (finding, rows) = SqlData.Run(_sources, Options(expected));
        Check(expected, finding, rows);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void PostgreSQL_gives_the_finding_of_the_file(string name)
    {
        server.Require();
        var file = ReferenceFile.Open("sql", "did.json");
        var expected = file.GetProperty("cases").GetProperty(name);
        var options = Options(expected);
        _ = server.Script($"DROP TABLE IF EXISTS visits;\nCREATE TABLE visits (unit text, day date, region text, value double precision);\n\\copy visits FROM '{options.Data}' CSV HEADER\n");
        var (finding, rows) = SqlData.Run(_sources, options with { Data = server.Address("visits") }, "theirs.csv");
        Check(expected, finding, rows);
        SqlData.Same(SqlData.Run(_sources, options).Finding, finding);
    }

    [Fact]
    public void Rows_of_one_side_and_a_drift_before_the_start_are_said()
    {
        var file = ReferenceFile.Open("sql", "did.json");
        CheckReport Of(string name, string check) => Ask.Sql(Options(file.GetProperty("cases").GetProperty(name))).Checks.Single(c => c.Id == check);
        Assert.Equal(CheckStatus.Fail, Of("drifting", "diverging-pre-trend").Status);
        Assert.Equal(CheckStatus.Pass, Of("plain", "diverging-pre-trend").Status);
        Assert.Equal(CheckStatus.Warn, Of("plain", "query-scope-mismatch").Status);
        Assert.Contains("on one side only", Of("plain", "query-scope-mismatch").Evidence, StringComparison.Ordinal);
        Assert.Equal(CheckStatus.Pass, Of("plain", "differential-attrition").Status);
    }

    [Fact]
    public void A_group_that_loses_its_units_is_named_and_its_twin_is_not()
    {
        Assert.Equal(CheckStatus.Fail, Lost(0.35).Status);
        Assert.Equal(CheckStatus.Pass, Lost(0.1).Status);

        CheckReport Lost(double share)
        {
            var rng = new Rng(3).Stream("did-lost");
            var rows = string.Concat(Enumerable.Range(0, 600).Select(u => $"{u},2026-01-01,{u % 2},{rng.NextInt(9)}\n{(rng.NextDouble() < (u % 2 == 1 ? share : 0.1) ? string.Empty : $"{u},2026-02-01,{u % 2},{rng.NextInt(9)}\n")}"));
            return Ask.Sql(new SqlOptions { Data = _sources.Write("lost.csv", "unit,day,arm,value\n" + rows), Recipe = "did", Unit = "unit", Time = "day", Value = "value", Group = "arm", Treated = "1", Since = "2026-01-15" }).Checks.Single(c => c.Id == "differential-attrition");
        }
    }

    [Theory]
    [InlineData("unit,day,arm,value\n1,2026-01-01,a,1\n1,2026-02-01,a,2\n2,2026-01-01,b,1\n2,2026-02-01,b,2\n", "There is no difference in differences: 1 treated unit and 1 other unit")]
    [InlineData("unit,day,arm,value\n1,2026-01-01,a,1\n1,2026-02-01,a,2\n3,2026-01-01,a,1\n3,2026-02-01,a,2\n2,2026-01-01,b,1\n2,2026-02-01,b,1\n4,2026-01-01,b,3\n4,2026-02-01,b,3\n", "The treated changed by 1 more than the others. All units of a group change by the same amount")]
    [InlineData("unit,day,arm,value\n1,2026-01-01,a,1\n2,2026-01-01,b,1\n", "There is no difference in differences: 0 treated units and 0 other units")]
    public void Too_little_is_an_answer_without_a_number(string rows, string says)
    {
        var finding = Ask.Sql(new SqlOptions { Data = _sources.Write("few.csv", rows), Recipe = "did", Unit = "unit", Time = "day", Value = "value", Group = "arm", Treated = "a", Since = "2026-01-15" });
        Assert.StartsWith(says, finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Empty(finding.Estimates);
    }

    [Fact]
    public void What_is_missing_is_asked_for_by_name()
    {
        var wrong = Assert.Throws<GnomonError>(() => Ask.Sql(new SqlOptions { Recipe = "did", Unit = "u", Time = "t", Value = "v", Since = "March" }));
        foreach (var part in new[] { "--group", "--treated", "--since is the first day of the change; got 'March'" })
        {
            Assert.Contains(part, wrong.Message, StringComparison.Ordinal);
        }

        var file = _sources.Write("texts.csv", "unit,day,arm,value\n1,2026-01-01,a,x\n");
        Assert.Equal("not-a-number", Assert.Throws<GnomonError>(() => Ask.Sql(new SqlOptions { Data = file, Recipe = "did", Unit = "unit", Time = "day", Value = "value", Group = "arm", Treated = "a", Since = "2026-01-15" })).Code);
    }

    [Fact]
    public void Truth_values_are_shares_and_threads_change_nothing()
    {
        var rng = new Rng(8).Stream("did-truth");
        var rows = string.Concat(Enumerable.Range(0, 4000).Select(k => $"{k % 400},2026-0{1 + k / 2000}-0{1 + rng.NextInt(9)},{k % 400 % 2},{(rng.NextDouble() < 0.3 ? "true" : "false")}\n"));
        var options = new SqlOptions { Data = _sources.Write("truth.csv", "unit,day,arm,bought\n" + rows), Recipe = "did", Unit = "unit", Time = "day", Value = "bought", Group = "arm", Treated = "1", Since = "2026-02-01" };
        var (one, two) = (Ask.Sql(options with { Threads = 1 }), Ask.Sql(options with { Threads = 2 }));
        Assert.Equal(one.Estimates[0], two.Estimates[0]);
        Assert.InRange(one.Estimates[0].Value, -0.2, 0.2);
    }

    [Fact]
    [Trait("speed", "slow")]
    public void The_interval_covers_the_effect_at_its_level()
    {
        const int runs = 4000;
        var rng = new Rng(20).Stream("did-coverage");
        var covered = 0;
        for (var run = 0; run < runs; run++)
        {
            double[] treated = [.. Enumerable.Range(0, 25).Select(_ => 1.5 + rng.NextNormal() * 2)];
            double[] other = [.. Enumerable.Range(0, 40).Select(_ => rng.NextNormal() * 1.5)];
            var found = DifferenceInDifferences.OfChanges(Moments.MeanVariance(treated), Moments.MeanVariance(other));
            covered += found.Low <= 1.5 && 1.5 <= found.High ? 1 : 0;
        }

        Assert.InRange(covered / (double)runs, 0.938, 0.962);
    }

    [Fact]
    public void Too_few_units_have_no_error() => Assert.Throws<TooFewRowsException>(() => DifferenceInDifferences.OfChanges(new Moments(1, 1, 0), new Moments(5, 1, 1)));

    private SqlOptions Options(JsonElement expected)
    {
        var rows = string.Concat(expected.GetProperty("rows").EnumerateArray().Select(r => string.Join(',', r.EnumerateArray().Select(c => c.ValueKind == JsonValueKind.Null ? string.Empty : c.ToString())) + "\n"));
        return new SqlOptions { Data = _sources.Write("visits.csv", "unit,day,region,value\n" + rows), Recipe = "did", Unit = "unit", Time = "day", Value = "value", Group = "region", Treated = "north", Since = "2026-03-04" };
    }

    private static void Check(JsonElement expected, Finding finding, string[] rows)
    {
        double Number(string name) => expected.GetProperty(name).GetDouble();
        void Close(double wanted, double got) => Assert.Equal(wanted, got, 1e-9 * Math.Max(1, Math.Abs(wanted)));
        var estimate = Assert.Single(finding.Estimates);
        Close(Number("estimate"), estimate.Value);
        Close(Number("low"), estimate.Low);
        Close(Number("high"), estimate.High);
        Close(Number("p"), estimate.P!.Value);
        Assert.Equal(expected.GetProperty("units").GetInt64(), estimate.N);
        var table = rows.Select(r => r.Split(',')).ToList();
        Assert.Equal(["treated", "others", "difference"], table.Select(r => r[1]));
        Close(Number("standardError"), double.Parse(table[2][6], System.Globalization.CultureInfo.InvariantCulture));
        foreach (var cell in expected.GetProperty("cells").EnumerateArray())
        {
            Close(cell[2].GetDouble(), double.Parse(table[cell[0].GetInt32() == 1 ? 0 : 1][cell[1].GetInt32() == 1 ? 4 : 3], System.Globalization.CultureInfo.InvariantCulture));
        }

        var trend = finding.Checks.Single(c => c.Id == "diverging-pre-trend");
        Close(Number("drift"), trend.Statistic!.Value);
        Close(Number("trendP"), trend.P!.Value);
        Close(Number("allRows"), (double)finding.Tables.Single(t => t.Id == "averages").Rows[1][1]!);
    }
}
