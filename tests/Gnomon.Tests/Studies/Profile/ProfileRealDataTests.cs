using Gnomon.Core.Checks;
using Gnomon.Core.Findings;
using Gnomon.Studies.Profile;
using Gnomon.Tests.Methods;
using Xunit;

namespace Gnomon.Tests.Studies.Profile;

/// <summary>Published files with known faults: what their own documentation and counts by hand say is found, and what is sound is left alone.</summary>
[Trait("speed", "slow")]
public sealed class ProfileRealDataTests
{
    /// <summary>Files in which no unit, label or time is wrong, whatever else is: none of these checks may speak.</summary>
    public static TheoryData<string, string?> Sound() => new()
    {
        { "profiling/disasters.csv", null }, { "profiling/stocks.csv", null }, { "profiling/iowa-electricity.csv", null }, { "profiling/flights-5k.json.gz", null }, { "profiling/birdstrikes.csv.gz", null },
        { "retail/groceries.csv.gz", null }, { "retail/bank_full.csv.gz", "y" }, { "credit/german_credit.csv", "credit_risk" }, { "credit/lending_club.csv.gz", "Class" }, { "fairness/hmda_boston.csv", "deny" },
        { "fairness/adult_test.csv.gz", null }, { "regression/car_prices.csv", null }, { "regression/medical_insurance.csv", null }, { "regression/concrete.csv", null },
    };

    [Theory]
    [MemberData(nameof(Sound))]
    public void Sound_files_are_left_alone(string file, string? target)
    {
        var finding = Ask(file, target);
        Assert.DoesNotContain(finding.Checks, c => c.Status is (CheckStatus.Warn or CheckStatus.Fail) && c.Id is ("unit-mismatch" or "conflicting-labels" or "future-information-feature"));
        Assert.DoesNotContain(finding.Tables, t => t.Id == "damaged-text");
    }

    // The publisher's page: letters replaced by x in 509 of 19,000 cells; its readers know no other fault.
    [Fact]
    public void Hospital_spellings_lead_the_list()
    {
        var fix = Ask("quality/hospital/hospital.csv", null).Tables.Single(t => t.Id == "fix-first");
        Assert.Contains(fix.Rows, r => (string)r[0]! == "one value in several spellings" && (string)r[1]! == "HospitalType" && (long)r[2]! >= 25);
        Assert.Contains(fix.Rows, r => (string)r[0]! == "one value in several spellings" && (string)r[1]! == "Condition");
    }

    // pandas: 6,865 exact copies of 525,461 lines; descriptions such as RETRO SPOT and RETROSPOT, DOOR MAT and DOORMAT are one product.
    [Fact]
    public void Retail_has_copies_and_one_product_in_two_spellings()
    {
        var finding = Ask("retail/online_retail.parquet", null);
        Assert.Contains(finding.Tables.Single(t => t.Id == "spellings").Rows, r => ((string)r[1]!).Contains("RETROSPOT CAKE CASES", StringComparison.Ordinal));
        Assert.InRange((long)finding.Tables.Single(t => t.Id == "fix-first").Rows.Single(r => (string)r[0]! == "rows written more than once")[2]!, 6_700, 7_000);
    }

    // README of the collection: -1 under pdays means "never contacted" (81.74 %); age, balance and duration are sound.
    [Fact]
    public void Bank_contacts_hold_a_code()
    {
        var finding = Ask("retail/bank_full.csv.gz", "y");
        Assert.Contains(finding.Checks, c => c.Id == "sentinel-value" && c.Evidence.StartsWith("-1 fills 81.74 % of pdays", StringComparison.Ordinal));
    }

    // UCI: rows alike but for the label among 30,000 named clients: what the columns can tell, not copies.
    [Fact]
    public void Credit_card_clients_alike_are_a_note()
    {
        var finding = Ask("credit/uci_credit_card_default.csv.gz", "default.payment.next.month");
        Assert.Equal(CheckStatus.Pass, ProfileData.Status(finding, "conflicting-labels"));
        Assert.Contains(finding.Limitations, l => l.Contains("share all 23 features with a row of another default.payment.next.month", StringComparison.Ordinal));
    }

    private static Finding Ask(string file, string? target) => Gnomon.Ask.Profile(new ProfileOptions { Data = MethodReference.DataFile(file), Target = target });
}
