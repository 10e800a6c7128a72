using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Evaluation;

/// <summary>Some outcomes have not had time to happen.</summary>
public sealed class IncompleteFollowUp : Check<FollowUp>
{
    private const double TooMany = 0.05;
    private const double Some = 0.01;
    private const long SmallestUnits = 30;

    public override CheckCard Card { get; } = new(
        Id: "incomplete-follow-up",
        Asks: "Has every counted unit had time for its outcome?",
        FiresWhen: "units whose outcome window is still open at the end of the data are more than 5 %, or more than 1 % while counting only matured units moves the difference by more than half its standard error",
        Means: "Some outcomes have not had time to happen.",
        Remedy: "Restrict the reading to units whose window has closed, or wait.",
        Source: "Kaplan and Meier 1958; Siddiqi 2017")
    { Level = CheckLevel.Blocking, ActsBy = DecisionAction.KeepRunning };

    public override CheckResult Evaluate(FollowUp evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Units < SmallestUnits)
        {
            return CheckResult.Skip($"{Figures.Count(evidence.Units, "unit")} with a date, too few; {SmallestUnits} are needed");
        }

        var share = (double)evidence.Immature / evidence.Units;
        var shift = evidence is { DifferenceAll: { } all, DifferenceMature: { } mature, StandardError: > 0 } ? Math.Abs(all - mature) / evidence.StandardError.Value : 0;
        var effect = evidence.Immature == 0 ? "every window has closed"
            : evidence.Immature == evidence.Units ? "none is mature"
            : evidence.DifferenceMature is null ? "too few are mature to compare the arms on them alone"
            : $"matured units alone move the {(evidence.IsLeftOut ? "figure" : "difference")} by {shift:0.0} standard errors";
        var says = $"{Figures.Percent(share)} of units are within {Figures.Count(evidence.WindowDays, "day")} of the end of the data; {effect}";
        if (share <= TooMany && !(share > Some && shift > 0.5))
        {
            return CheckResult.Pass(says, share, TooMany);
        }

        return evidence.IsLeftOut ? CheckResult.Warn($"{says}; the answer leaves them out", share, TooMany) : CheckResult.Fail(says, share, TooMany);
    }

    public override FollowUp Trap(int seed) => Simulate(seed, 0.2);

    public override FollowUp Clean(int seed) => Simulate(seed, 0);

    public override FollowUp? Tiny => new() { Metric = "retained", WindowDays = 7, Units = 9, Immature = 3 };

    // The matured units alone differ from all by a quarter of a standard error at most: the share of open windows decides.
    private static FollowUp Simulate(int seed, double share)
    {
        var rng = new Rng(seed).Stream("incomplete-follow-up");
        return new FollowUp
        {
            Metric = "retained", WindowDays = 7, Units = 10_000, Immature = rng.NextBinomial(10_000, share),
            DifferenceAll = 0.01, DifferenceMature = 0.01 + 0.001 * (rng.NextDouble() - 0.5), StandardError = 0.002,
        };
    }
}
