using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Experiments;

/// <summary>Treated regions drifted away from the others before the start.</summary>
public sealed class DivergingPreTrend : Check<PreTrend>
{
    private const double Threshold = 0.01;
    private const double Suspicious = 0.05;
    private const int FewestPeriods = 4;
    private const int FewestRegions = 4;

    public override CheckCard Card { get; } = new(
        Id: "diverging-pre-trend",
        Asks: "Did treated and other regions move alike before the start?",
        FiresWhen: "the trend before the start differs between arms, or a pretended start before the true one shows an effect (p < 0.01; a warning at 0.05 where so few assignments cannot give less)",
        Means: "What moved the regions apart before the start may still be moving them, so the gap after it is not the effect alone.",
        Remedy: "Find what moved the treated regions before the start; compare with regions that moved with them, or assign regions at random.",
        Source: "Abadie, Diamond and Hainmueller 2010; Roth 2022")
    { Level = CheckLevel.Blocking, ActsBy = DecisionAction.Investigate, FalseAlarmRate = 0.01, Aliases = ["parallel-trends-violated", "pre-trend"] };

    public override CheckResult Evaluate(PreTrend evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Periods < FewestPeriods || evidence.Regions < FewestRegions)
        {
            return CheckResult.Skip($"{Figures.Count(evidence.Periods, "period")} of {Figures.Count(evidence.Regions, "region")} before the start are too few to see a trend");
        }

        var visible = evidence.VisibleText is { } text ? $"; a drift of {text} would have been seen with 80 % power" : string.Empty;
        if (evidence.SmallestP >= Threshold)
        {
            // So few assignments cannot reach the threshold: standing out at 5 % is a reason to look, no more.
            var limited = $"{evidence.Compared}: {evidence.DriftText}, {Figures.P(evidence.PValue)}, where {Figures.P(evidence.SmallestP)} is the least that so few assignments can give{visible}";
            return evidence.PValue <= Suspicious ? CheckResult.Warn(limited, evidence.Drift, Suspicious, evidence.PValue) : CheckResult.Pass(limited, evidence.Drift, Suspicious, evidence.PValue);
        }

        var says = $"{evidence.Compared}: {evidence.DriftText}, {Figures.P(evidence.PValue)}{visible}";
        return evidence.PValue < Threshold ? CheckResult.Fail(says, evidence.Drift, Threshold, evidence.PValue) : CheckResult.Pass(says, evidence.Drift, Threshold, evidence.PValue);
    }

    public override PreTrend Trap(int seed) => Simulate(seed, 5.5);

    public override PreTrend Clean(int seed) => Simulate(seed, 0);

    public override PreTrend? Tiny => Simulate(1, 0) with { Periods = 2 };

    // Slopes of 40 regions over 60 days; in the trap those of the treated are apart by 5.5 standard errors.
    private static PreTrend Simulate(int seed, double signal)
    {
        const int each = 20;
        var rng = new Rng(seed).Stream("diverging-pre-trend");
        var (treated, control) = (Simulated.Normal(rng, each, signal * Math.Sqrt(2.0 / each), 1), Simulated.Normal(rng, each, 0, 1));
        var drift = treated.Mean - control.Mean;
        var t = drift / Math.Sqrt(treated.VarianceOfMean + control.VarianceOfMean);
        return new PreTrend
        {
            Metric = "sales", Compared = "trend before the start, treated less other regions, carried on to the test", Drift = drift, DriftText = Figures.Number(drift),
            PValue = Math.Min(1, 2 * StudentT.Sf(Math.Abs(t), 2 * each - 2)), Regions = 2 * each, Periods = 60,
        };
    }
}
