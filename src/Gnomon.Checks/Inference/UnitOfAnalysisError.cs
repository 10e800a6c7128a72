using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Inference;

/// <summary>Repeated rows from one unit are counted as separate evidence.</summary>
public sealed class UnitOfAnalysisError : Check<UnitRepeats>
{
    private const double LargestInflation = 1.10;
    private const double LargestRepeat = 1.2;
    private const long SmallestUnits = 30;

    // Clusters that hold one arm each were assigned as they are: the error by row is wrong however few they are.
    private const long SmallestClusters = 5;

    public override CheckCard Card { get; } = new(
        Id: "unit-of-analysis-error",
        Asks: "Is each unit that was randomised or sampled counted once?",
        FiresWhen: "rows repeat within a unit (more than 1.2 rows a unit), the lower limit of the intra-class correlation is above 0, and the error that respects the unit exceeds the one used by more than 10 %",
        Means: "Repeated rows from one unit are counted as separate evidence.",
        Remedy: "Name the unit that was randomised or sampled, so that the error respects it.",
        Source: "Moulton 1990; Deng, Knoblich and Lu 2018")
    { Level = CheckLevel.Blocking, FalseAlarmRate = 0.01 };

    public override CheckResult Evaluate(UnitRepeats evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Units < (evidence.ArmIsConstant ? SmallestClusters : SmallestUnits))
        {
            return CheckResult.Skip($"{Figures.Count(evidence.Units, "unit")}, too few; {SmallestUnits} are needed");
        }

        var perUnit = (double)evidence.Rows / evidence.Units;
        var inflation = evidence.ClusteredError / evidence.NaiveError;
        var says = $"{perUnit:0.0} rows for each {evidence.UnitColumn}, intra-class correlation {Figures.Correlation(evidence.IntraClassCorrelation)}; the error by {evidence.UnitColumn} is {inflation:0.00} times the error by row";
        if (evidence.AnalysedByUnit)
        {
            return CheckResult.Pass($"analysed by {evidence.UnitColumn}: {says}", inflation, LargestInflation);
        }

        return perUnit > LargestRepeat && evidence.IntraClassLow > 0 && inflation > LargestInflation
            ? CheckResult.Fail(says, inflation, LargestInflation) with { Remedy = evidence.Instead ?? $"Run again with {evidence.Option} {evidence.UnitColumn}, so that the error respects it." }
            : CheckResult.Pass(says, inflation, LargestInflation);
    }

    public override UnitRepeats Trap(int seed) => Simulate(seed, icc: 0.25);

    public override UnitRepeats Clean(int seed) => Simulate(seed, icc: 0) with { AnalysedByUnit = true };

    public override UnitRepeats? Tiny => Simulate(1, 0.2) with { Units = 4, Rows = 12 };

    // 3.1 sessions a user; the correlation is estimated with a standard error of 0.01.
    private static UnitRepeats Simulate(int seed, double icc)
    {
        var seen = icc + 0.01 * new Rng(seed).Stream("unit-of-analysis-error").NextNormal();
        return new UnitRepeats
        {
            Metric = "converted", UnitColumn = "user_id", AnalysedByUnit = false, Rows = 31_000, Units = 10_000, IntraClassCorrelation = seen, IntraClassLow = seen - 0.0196,
            NaiveError = 0.004, ClusteredError = 0.004 * Math.Sqrt(1 + 2.1 * Math.Max(0, seen)),
        };
    }
}
