using Gnomon.Core.Checks;
using Gnomon.Core.Findings;
using Gnomon.Studies.Profile;
using Gnomon.Tests.Methods;
using Xunit;

namespace Gnomon.Tests.Studies.Profile;

/// <summary>Published files; counts checked with pandas 1.5.3 where stated.</summary>
public sealed class ProfileFileTests
{
    [Fact]
    public void Telco_churn_has_blanks_in_total_charges_and_a_label_column()
    {
        var finding = Profile("churn/telco_customer_churn.csv.gz", "Churn");
        Assert.Equal(DecisionAction.Answer, finding.Decision.Action);
        Assert.Equal("identifier", ProfileData.Cell(finding, "columns", "customerID", "role"));

        // pandas: (TotalCharges == ' ').sum() = 11; (Churn == 'Yes').mean() = 1869 / 7043.
        Assert.Equal(11.0 / 7043, ProfileData.Cell(finding, "columns", "TotalCharges", "missing share"));
        Assert.Equal(1869.0 / 7043, finding.Estimates.Single(e => e.Role == "primary").Value, 1e-15);
    }

    [Fact]
    public void Movies_miss_values_for_a_reason()
    {
        var finding = Profile("profiling/movies.json.gz", null);
        Assert.Equal(DecisionAction.Investigate, finding.Decision.Action);
        Assert.Equal(CheckStatus.Warn, ProfileData.Status(finding, "informative-missingness"));
        Assert.Equal(3201L, finding.Provenance.Data[0].Rows);
    }

    [Fact]
    public void Hospital_has_slips_of_the_pen()
    {
        var finding = Profile("quality/hospital/hospital.csv", null);
        Assert.Contains(finding.Tables.Single(t => t.Id == "spellings").Rows, r => (string)r[0]! == "Condition" && ((string)r[1]!).Contains("pneumonia", StringComparison.Ordinal));
        Assert.Equal(CheckStatus.Warn, ProfileData.Status(finding, "parsing-loss"));
    }

    [Fact]
    public void Retail_lines_repeat()
    {
        var finding = Profile("retail/online_retail.parquet", null);

        // pandas: duplicated().sum() = 6865 of 525461.
        Assert.Equal(6865.0 / 525_461, finding.Estimates.Single(e => e.Metric == "rows").Value, 2e-4);
        Assert.Equal(CheckStatus.Warn, ProfileData.Status(finding, "duplicate-records"));
    }

    private static Finding Profile(string file, string? target) => Gnomon.Ask.Profile(new ProfileOptions { Data = MethodReference.DataFile(file), Target = target });
}
