using Gnomon.Checks.Experiments;
using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Numerics;
using Xunit;

namespace Gnomon.Tests.Checks;

/// <summary>A denominator that the treatment moves: a warning for what decides, a remark for a guardrail whose parts agree.</summary>
public sealed class RatioDenominatorTests
{
    private static readonly RatioDenominatorShift Check = new();

    [Fact]
    public void A_metric_that_decides_warns() => Assert.Equal(CheckStatus.Warn, Check.Evaluate(Evidence(guardrail: false, numerator: 1.1, verdict: 0)).Status);

    [Theory]
    [InlineData(1.1, 0)]
    [InlineData(1.1, 1)]
    [InlineData(1.0, -1)]
    [InlineData(0.9, -1)]
    public void A_guardrail_whose_numerator_does_not_move_against_it_is_a_remark(double numerator, int verdict)
    {
        var result = Check.Evaluate(Evidence(guardrail: true, numerator, verdict));
        Assert.Equal((CheckStatus.Pass, true), (result.Status, result.Noted));
        Assert.Contains("numerator per unit", result.Says, StringComparison.Ordinal);
        Assert.Contains("denominator per unit", result.Says, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1.1, -1)]
    [InlineData(0.9, 1)]
    public void A_guardrail_whose_numerator_moves_the_other_way_warns(double numerator, int verdict) =>
        Assert.Equal(CheckStatus.Warn, Check.Evaluate(Evidence(guardrail: true, numerator, verdict)).Status);

    [Fact]
    public void A_guardrail_without_a_numerator_to_show_warns() =>
        Assert.Equal(CheckStatus.Warn, Check.Evaluate(Evidence(guardrail: true, 1.1, 0) with { NumeratorTreatment = null }).Status);

    [Fact]
    public void A_denominator_that_stays_passes() =>
        Assert.Equal((CheckStatus.Pass, false), Check.Evaluate(Evidence(guardrail: true, 1.1, 0) with { Treatment = Of(2.0) }) is var r ? (r.Status, r.Noted) : default);

    // 10,000 units an arm; the denominator rises by a tenth, 10 standard errors.
    private static RatioDenominator Evidence(bool guardrail, double numerator, int verdict) => new()
    {
        Metric = "revenue/orders", Control = Of(2.0), Treatment = Of(2.2), RatioLift = 0.01, IsGuardrail = guardrail, RatioVerdict = verdict,
        NumeratorControl = Of(1), NumeratorTreatment = Of(numerator),
    };

    private static Moments Of(double mean) => new(10_000, mean, 10_000);
}
