using Gnomon.Core.Checks;
using Gnomon.Core.Findings;
using Gnomon.Studies.Ab;
using Xunit;

namespace Gnomon.Tests.Studies.Ab;

/// <summary>Public experiments, read where they are present; the numbers are those the data sets are known for.</summary>
public sealed class AbRealDataTests
{
    [Fact]
    public void Cookie_cats_keeps_the_gate_where_it_is()
    {
        var finding = Ask.Ab(new AbOptions
        {
            Data = File("cookie_cats.csv.gz"), Unit = "userid", Variant = "test_version", Metric = ["retention_1", "retention_7"], Secondary = ["sum_gamerounds"],
        });
        Assert.Equal(DecisionAction.DoNotShip, finding.Decision.Action);
        var retention = finding.Estimates.Single(e => e is { Metric: "retention_7", Name: "difference" });
        Assert.Equal(-0.0082, retention.Value, 4);
        Assert.Equal(0.0016, retention.P!.Value, 4);
        var split = AbData.Check(finding, "sample-ratio-mismatch");
        Assert.Equal(CheckStatus.Pass, split.Status);
        Assert.Equal(6.90, split.Statistic!.Value, 2);
        Assert.Equal(CheckStatus.Warn, AbData.Check(finding, "heavy-tailed-mean").Status);
        Assert.Equal(CheckStatus.Warn, AbData.Check(finding, "outlier-driven-effect").Status);
    }

    [Fact]
    public void Marketing_is_not_called_broken_for_its_planned_split()
    {
        var options = new AbOptions { Data = File("marketing_ab_sample.csv"), Unit = "user id", Variant = "test group", Metric = ["converted"], Split = "psa=4,ad=96" };
        var finding = Ask.Ab(options);
        Assert.Equal(DecisionAction.Ship, finding.Decision.Action);
        Assert.Equal(CheckStatus.Pass, AbData.Check(finding, "sample-ratio-mismatch").Status);
        Assert.Equal(["sample-ratio-mismatch"], Ask.Ab(options with { Split = "50/50" }).Decision.Because);
    }

    [Fact]
    public void Udacity_payments_are_not_cleared()
    {
        var control = File("udacity_free_trial_control.csv");
        var experiment = File("udacity_free_trial_experiment.csv");
        const string day = "strptime(\"Date\" || ' 2014', '%a, %b %d %Y')::date as day";
        var finding = Ask.Ab(new AbOptions
        {
            Query = $"select 'control' as arm, {day}, * from '{control}' union all by name select 'experiment' as arm, {day}, * from '{experiment}'",
            Variant = "arm", Rate = ["Enrollments/Clicks"], LowerIsBetter = ["Enrollments/Clicks"], Guardrail = ["Payments/Clicks>=-0.0075"], Time = "day",
        });
        Assert.Equal(DecisionAction.Inconclusive, finding.Decision.Action);

        // Gross conversion -0.0206 (-0.0291 to -0.0120), net conversion -0.0049 (-0.0116 to +0.0019): the course's own answer.
        var gross = finding.Estimates.Single(e => e is { Metric: "Enrollments/Clicks", Name: "difference" });
        Assert.Equal(-0.0206, gross.Value, 4);
        Assert.Equal(-0.0291, gross.Low, 4);
        Assert.Equal(-0.0120, gross.High, 4);
        var net = finding.Estimates.Single(e => e is { Metric: "Payments/Clicks", Name: "difference" });
        Assert.Equal(-0.0049, net.Value, 4);
        Assert.Equal(-0.0116, net.Low, 4);
        Assert.Contains("23 days", AbData.Check(finding, "partial-week-cycle").Evidence, StringComparison.Ordinal);
        Assert.Contains(finding.Limitations, l => l.StartsWith("28 rows", StringComparison.Ordinal));
    }

    [Fact]
    public void Berkeley_reverses_inside_departments()
    {
        var finding = Ask.Ab(new AbOptions
        {
            Query = $"select Gender, Dept, sum(Freq) as applicants, sum(case when Admit = 'Admitted' then Freq else 0 end) as admitted from '{File("ucb_admissions.csv")}' group by all order by all",
            Variant = "Gender", Control = "Male", Rate = ["admitted/applicants"], Segment = ["Dept"], Split = "Male=2691,Female=1835",
        });
        Assert.Equal(DecisionAction.Investigate, finding.Decision.Action);
        Assert.Equal(["simpsons-paradox"], finding.Decision.Because);
        Assert.Equal(-0.1416, AbData.Primary(finding).Value, 4);
    }

    private static string File(string name)
    {
        var folder = Environment.GetEnvironmentVariable("GNOMON_DATA") ?? Path.Combine(Root(), "..", "shared", "data");
        var path = Path.GetFullPath(Path.Combine(folder, "experiments", name));
        if (!System.IO.File.Exists(path))
        {
            Assert.Skip($"{name} is not here: set GNOMON_DATA to the folder of public data sets.");
        }

        return path;
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!System.IO.File.Exists(Path.Combine(folder!.FullName, "Gnomon.slnx")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }
}
