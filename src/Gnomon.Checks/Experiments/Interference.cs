using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Experiments;

/// <summary>One arm or period changes the other.</summary>
public sealed class Interference : Check<SpillOver>
{
    private const double Threshold = 0.01;
    private const long Fewest = 10;

    public override CheckCard Card { get; } = new(
        Id: "interference",
        Asks: "Is each outcome free of the arms of others?",
        FiresWhen: "outcomes respond to the treated share around them, to friends' arms, or to the arm of the block before (randomisation p < 0.01), unless the answer models it. "
            + "With --time every column that groups the units is looked at, named or not, at equal group and moment, and p is corrected for their number",
        Means: "One arm or period changes the other, so the difference is not the effect of launching to everybody.",
        Remedy: "Randomise clusters or blocks of time with a burn-in, model exposure, and report the total effect.",
        Source: "Hudgens and Halloran 2008; Ugander et al. 2013; Bojinov, Simchi-Levi and Zhao 2023")
    { Level = CheckLevel.Blocking, FalseAlarmRate = 0.01, Aliases = ["interference-between-units", "carryover-between-periods"] };

    public override CheckResult Evaluate(SpillOver evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.NotLooked is { } reason)
        {
            return evidence.HasCause ? CheckResult.Skip(reason) : CheckResult.Moot(reason);
        }

        if (evidence.PValue is not { } p)
        {
            return CheckResult.Pass($"{evidence.Compared}: {evidence.ResponseText}; links alone do not say that effects travel along them", evidence.Response, Threshold);
        }

        if (evidence.Looked < Fewest || evidence.SmallestP >= Threshold)
        {
            return CheckResult.Skip($"{Figures.Count(evidence.Looked)} {(evidence.Looked == 1 ? "outcome" : "outcomes")} with both kinds of neighbour, too few for a test that could find anything");
        }

        var says = $"{evidence.Compared}: {evidence.ResponseText}, {Figures.P(p)}";
        return p >= Threshold ? CheckResult.Pass(says, evidence.Response, Threshold, p)
            : evidence.IsModelled ? CheckResult.Pass($"{says}; the answer allows for it", evidence.Response, Threshold, p)
            : CheckResult.Fail(says, evidence.Response, Threshold, p) with { Remedy = evidence.Instead };
    }

    public override SpillOver Trap(int seed) => Simulate(seed, 6);

    public override SpillOver Clean(int seed) => Simulate(seed, 0);

    public override SpillOver? Tiny => Simulate(1, 6) with { Looked = 4 };

    // A response of so many standard errors, tested by 1,999 draws of the design.
    private static SpillOver Simulate(int seed, double signal)
    {
        const int draws = 1_999;
        var rng = new Rng(seed).Stream("interference");
        var z = signal + rng.NextNormal();
        var extreme = rng.NextBinomial(draws, Math.Min(1, 2 * Normal.Sf(Math.Abs(z))));
        return new SpillOver
        {
            Metric = "rides", Compared = "blocks after a treated block against blocks after a control block", Response = 0.01 * z, ResponseText = Figures.Number(0.01 * z), PValue = (extreme + 1.0) / (draws + 1),
            SmallestP = 1.0 / (draws + 1), Looked = 2_000,
        };
    }
}
