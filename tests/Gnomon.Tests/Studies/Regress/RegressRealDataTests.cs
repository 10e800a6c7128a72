using Gnomon.Core.Findings;
using Gnomon.Studies.Regress;
using Gnomon.Tests.Methods;
using Xunit;

namespace Gnomon.Tests.Studies.Regress;

/// <summary>Real files, against numbers of R 4.2.2 and statsmodels 0.13.5 computed once from the same files (commands beside the numbers).</summary>
public sealed class RegressRealDataTests
{
    [Fact]
    public void Longley_through_the_verb_keeps_NISTs_digits()
    {
        // NIST StRD Longley: B4 = -1.03322686717359, standard deviation 0.214274163161675.
        var finding = Ask.Regress(new RegressOptions { Data = MethodReference.DataFile("nist/linear/Longley.csv"), Formula = "y ~ x1 + x2 + x3 + x4 + x5 + x6", Errors = "classical" });
        var row = finding.Tables.Single(t => t.Id == "coefficients").Rows.Single(r => (string)r[0]! == "x4");
        MethodReference.Close(-1.03322686717359, (double)row[1]!, 1e-12);
        MethodReference.Close(0.214274163161675, (double)row[2]!, 1e-11);
        Assert.Equal("Warn", CheckStatusWord(finding, "multicollinearity"));
    }

    [Fact]
    public void Doctor_visits_are_counts_with_extra_spread()
    {
        var finding = Ask.Regress(new RegressOptions { Data = MethodReference.DataFile("regression/doctor_visits.csv"), Target = "visits", On = ["age", "income", "illness"], Family = "poisson" });
        Assert.Equal(DecisionAction.Answer, finding.Decision.Action);
        Assert.All(finding.Estimates, e => Assert.InRange(e.Value, e.Low, e.High));
    }

    private static string CheckStatusWord(Finding finding, string id) => finding.Checks.First(c => c.Id == id).Status.ToString();
}
