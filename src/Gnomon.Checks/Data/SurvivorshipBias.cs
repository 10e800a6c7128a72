using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Methods.Inference;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Data;

/// <summary>Units that started are not in the data any more.</summary>
public sealed class SurvivorshipBias : Check<CohortPresence>
{
    private const double MostMissing = 0.05;
    private const double Level = 0.98;
    private const long FewestUnits = 30;

    public override CheckCard Card { get; } = new(
        Id: "survivorship-bias",
        Asks: "Are all units that started still in the data?",
        FiresWhen: "of the units that started, the share without a row in the data has a lower 99 % limit above 5 %. Fewer than 30 units that started: undecided",
        Means: "Only those who lasted are in the data.",
        Remedy: "Rebuild from entry with censoring; start from the cohort and left-join activity.",
        Source: "Wald 1943; Brown et al. 1992")
    { Level = CheckLevel.Blocking, FalseAlarmRate = 0.015, Aliases = ["inactive-users-dropped"] };

    public override CheckResult Evaluate(CohortPresence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Started < FewestUnits)
        {
            return CheckResult.Skip($"{Figures.Count(evidence.Started, "unit")} in {evidence.Cohort}; {FewestUnits} are needed");
        }

        // One-sided 99 %: the lower end of a two-sided 98 % interval.
        var low = OneProportion.Wilson(evidence.Missing, evidence.Started, Level).Low;
        var says = $"{Figures.Count(evidence.Missing)} of {Figures.Count(evidence.Started, "unit")} of {evidence.Cohort} ({Figures.Percent(evidence.Missing / (double)evidence.Started)}) have no row here{(evidence.Differ.Length > 0 && evidence.Missing > 0 ? $"; {evidence.Differ}" : string.Empty)}";
        return low > MostMissing ? CheckResult.Fail(says, low, MostMissing) : CheckResult.Pass(says, low, MostMissing);
    }

    public override CohortPresence Trap(int seed) => Simulate(seed, 0.08);

    public override CohortPresence Clean(int seed) => Simulate(seed, 0.04);

    public override CohortPresence? Tiny => new() { Cohort = "signups.csv", Key = "customer_id", Started = 8, Missing = 4 };

    // 2,000 sign-ups; 8 % have no activity, or 4 % by late loading.
    private static CohortPresence Simulate(int seed, double gone) => new()
    {
        Cohort = "signups.csv", Key = "customer_id", Started = 2_000, Missing = new Rng(seed).Stream("survivorship-bias").NextBinomial(2_000, gone),
    };
}
