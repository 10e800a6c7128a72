using Gnomon.Core.Tables;
using Gnomon.Methods;
using Gnomon.Methods.Regression;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Regress;
using Xunit;

namespace Gnomon.Tests.Studies.Regress;

/// <summary>Quantile regression of an outcome that repeats: the finding says that its errors are off, and they are.</summary>
public sealed class RepeatedOutcomeTests
{
    [Fact]
    public void The_finding_says_that_the_outcome_repeats_and_is_silent_otherwise()
    {
        var rng = new Rng(4);
        var x = RegressData.Draw(300, rng.NextNormal);
        var counts = Sentence(x, RegressData.Draw(300, () => rng.NextPoisson(3)));
        Assert.NotNull(counts);
        Assert.Contains("of cases", counts, StringComparison.Ordinal);
        Assert.Null(Sentence(x, RegressData.Draw(300, rng.NextNormal)));

        // Read to 0.02 of a standard deviation: pairs are alike in under 1 % of cases.
        Assert.Null(Sentence(x, RegressData.Draw(300, () => Math.Round(50 * rng.NextNormal()))));
        Assert.DoesNotContain("repeats", string.Join(' ', RegressData.Ask(Table.With("visits", RegressData.Draw(300, () => rng.NextPoisson(3))).And("x", x), new RegressOptions { Target = "visits", On = ["x"], Family = "huber" }).Limitations), StringComparison.Ordinal);
    }

    // If this fails because counts keep their size, the sentence has to go.
    [Fact]
    [Trait("speed", "slow")]
    public void Errors_are_too_small_for_counts_and_right_for_values_that_do_not_repeat()
    {
        Assert.InRange(Called(r => r.NextPoisson(3)), 0.09, 0.17);
        Assert.InRange(Called(r => r.NextExponential()), 0.02, 0.07);
    }

    private static double Called(Func<Rng, double> draw)
    {
        const int rounds = 600;
        var (called, answered) = (0, 0);
        for (var round = 0; round < rounds; round++)
        {
            var rng = new Rng(round).Stream("repeated outcome");
            var y = RegressData.Draw(100, () => draw(rng));
            var noise = RegressData.Draw(100, rng.NextNormal);
            double[] group = [.. Enumerable.Range(0, 100).Select(i => (double)(i % 2))];
            try
            {
                called += QuantileRegression.Fit(DesignMatrix.WithIntercept([group, noise]), y).Coefficients[1].PValue < 0.05 ? 1 : 0;
                answered++;
            }
            catch (NotEstimableException)
            {
                // Few samples of counts have no answer at all.
            }
        }

        Assert.InRange(answered, 0.95 * rounds, rounds);
        return (double)called / answered;
    }

    private static string? Sentence(double[] x, double[] y) => RegressData.Ask(Table.With("visits", y).And("x", x), new RegressOptions { Target = "visits", On = ["x"], Family = "quantile" })
        .Limitations.FirstOrDefault(l => l.Contains("visits repeats", StringComparison.Ordinal) || l.Contains("Visits repeats", StringComparison.Ordinal));
}
