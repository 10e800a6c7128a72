using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Profile;
using Xunit;

namespace Gnomon.Tests.Studies.Profile;

/// <summary>A profile with data that could stand in for the real ones: what differs is named, and each kind of work is told whether it can go on.</summary>
public sealed class ProfileSubstituteTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gnomon-substitute-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_substitute_of_the_same_source_carries_all_work()
    {
        var finding = Ask(Rows(1, 4_000), Rows(2, 8_000));
        Assert.All(Tasks(finding), t => Assert.Equal("go on", t.Value));
        Assert.Equal(CheckStatus.Pass, ProfileData.Status(finding, "unrepresentative-sample"));
        Assert.Equal(CheckStatus.Pass, ProfileData.Status(finding, "structural-break"));
        Assert.Equal(CheckStatus.Pass, ProfileData.Status(finding, "stale-data"));
        Assert.Equal(CheckStatus.Pass, ProfileData.Status(finding, "rank-instability"));
        Assert.Contains("can stand in for all 6 kinds of work", finding.Decision.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lower_rate_holds_the_level_and_lets_the_order_go_on()
    {
        var finding = Ask(Rows(1, 6_000), Rows(2, 12_000, level: -0.6, daysBack: 40));
        var tasks = Tasks(finding);
        Assert.Equal(("go on", "go on", "go on"), (tasks["pipeline and code"], tasks["feature work"], tasks["tuning ranges"]));
        Assert.Equal(("wait", "wait"), (tasks["calibration"], tasks["launch decision"]));
        Assert.Equal(CheckStatus.Warn, ProfileData.Status(finding, "structural-break"));
        Assert.Equal(CheckStatus.Warn, ProfileData.Status(finding, "stale-data"));
        Assert.InRange(finding.Estimates.Single(e => e.Name == "events seen over expected").Value, 1.3, 2);
        Assert.Contains("hold ", finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Contains(finding.Plots, p => p.Id == "learning-curve");
    }

    [Fact]
    public void A_column_that_lost_its_bend_ends_feature_work()
    {
        var finding = Ask(Rows(1, 4_000), Rows(2, 8_000, bend: 0));
        Assert.Equal("wait", Tasks(finding)["feature work"]);
        Assert.Equal(CheckStatus.Warn, ProfileData.Status(finding, "rank-instability"));
    }

    [Fact]
    public void A_missing_column_ends_the_pipeline() => Assert.Equal("wait", Tasks(Ask(Rows(1, 3_000), Without(Rows(2, 3_000), "c")))["pipeline and code"]);

    [Fact]
    public void What_cannot_be_judged_is_refused_by_name()
    {
        Assert.Equal("column-not-found", Refused(Rows(1, 2_000), Without(Rows(2, 2_000), "y"), "y"));
        Assert.Equal("too-few-rows", Refused(Rows(1, 2_000), Rows(2, 60), "y"));
        Assert.Equal("target-not-two-values", Refused(Rows(1, 2_000), Rows(2, 2_000), "a"));
        Assert.Equal("nothing-to-compare", Refused(Rows(1, 2_000), Without(Rows(2, 2_000), "a", "b", "c"), "y"));
        Assert.Equal("option-missing", Assert.Throws<GnomonError>(() => ProfileData.Ask(Rows(1, 100), new ProfileOptions { Substitute = ["other.csv"] })).Code);
        Assert.Equal("bad-date", Assert.Throws<GnomonError>(() => ProfileData.Ask(Rows(1, 100), new ProfileOptions { Substitute = ["other.csv"], Target = "y", Returns = "9 March" })).Code);
    }

    [Fact]
    public void Threads_change_nothing()
    {
        var path = Write("other.csv", Rows(2, 3_000, level: -0.5));
        var findings = new[] { 1, 2 }.Select(t => ProfileData.Ask(Rows(1, 3_000), Options(path) with { Threads = t })).ToList();
        Assert.Equal(findings[0].Estimates.Select(e => (e.Name, e.Value, e.Low)), findings[1].Estimates.Select(e => (e.Name, e.Value, e.Low)));
        Assert.Equal(findings[0].Decision.Summary, findings[1].Decision.Summary);
    }

    // Of 60 draws of 2,400 rows the expected area at 12,000 rows is within two standard errors of the truth nearly always, and within one about twice in three. The truth: eight models of
    // 12,000 rows each, tested on 100,000.
    [Fact]
    [Trait("speed", "slow")]
    public void The_learning_curve_foretells_more_rows()
    {
        var test = new LogisticDraw(9_999, 60_000);
        var truth = Enumerable.Range(0, 6).Average(k => test.AreaOf(new LogisticDraw(5_000 + k, 12_000)));
        int one = 0, two = 0;
        const int Draws = 60;
        for (var d = 0; d < Draws; d++)
        {
            var (score, error) = new LogisticDraw(d, 2_400).Curve().At(12_000);
            one += Math.Abs(score - truth) <= error ? 1 : 0;
            two += Math.Abs(score - truth) <= 2 * error ? 1 : 0;
        }

        Assert.InRange(one / (double)Draws, 0.48, 0.9);
        Assert.InRange(two / (double)Draws, 0.87, 1);
    }

    private Finding Ask(Table here, Table there) => ProfileData.Ask(here, Options(Write("other.csv", there)));

    private static ProfileOptions Options(string path) => new() { Target = "y", Time = "day", Substitute = [path], Returns = "2026-06-01" };

    private string Refused(Table here, Table there, string target) =>
        Assert.Throws<GnomonError>(() => ProfileData.Ask(here, Options(Write("wrong.csv", there)) with { Target = target })).Code;

    private static Dictionary<string, string> Tasks(Finding finding) => finding.Tables.Single(t => t.Id == "substitute-tasks").Rows.ToDictionary(r => (string)r[1]!, r => (string)r[2]!);

    private static Table Rows(int seed, int rows, double level = 0, double bend = 0.9, int daysBack = 0)
    {
        var rng = new Rng(seed).Stream("substitute-rows");
        var (a, b, y) = (new double[rows], new double[rows], new string[rows]);
        for (var i = 0; i < rows; i++)
        {
            (a[i], b[i]) = (Math.Round(rng.NextNormal(), 4), Math.Round(rng.NextNormal(), 4));
            y[i] = rng.NextDouble() < 1 / (1 + Math.Exp(1.6 - level - (bend * ((a[i] * a[i]) - 1)) - (0.5 * b[i]))) ? "yes" : "no";
        }

        return Table.With("a", a).And("day", Enumerable.Range(0, rows).Select(i => new DateOnly(2026, 1, 1).AddDays((int)(60L * i / rows) - daysBack)).ToList())
            .And("b", b).And("c", Enumerable.Range(0, rows).Select(_ => (string?)$"{(char)('p' + rng.NextInt(3))}")).And("y", y);
    }

    private static Table Without(Table table, params string[] names) => new([.. table.Columns.Where(c => !names.Contains(c.Name))]);

    private string Write(string name, Table table)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllLines(path, [string.Join(',', table.Columns.Select(c => c.Name)), .. Enumerable.Range(0, table.Rows).Select(i => string.Join(',', table.Columns.Select(c => Cell(c, i))))]);
        return path;
    }

    private static string Cell(Column column, int row) => column.Cell(row) switch
    {
        DateOnly day => day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
        var other => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{other}"),
    };
}
