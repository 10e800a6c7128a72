using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Methods.Experiments;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Experiments;

/// <summary>The arms do not have the sizes that the plan promised.</summary>
public sealed class SampleRatioMismatch : Check<AssignmentCounts>
{
    private const double Threshold = 0.001;
    private const double ThresholdManyLooks = 0.0005;
    private const int ManyLooks = 50;
    private const double EValueThreshold = 100;
    private const long SmallestTotal = 10;
    private const double MostShown = 1e6;

    // A certain fault of this size is harmless in most tables: named in amber, with its worst case, instead of stopping the reading.
    private const double TrivialShare = 0.003;

    public override CheckCard Card { get; } = new(
        Id: "sample-ratio-mismatch",
        Asks: "Did each arm receive the share of units it was planned to receive?",
        FiresWhen: "chi-square of the units against the planned shares, p < 0.001 (exact multinomial when an expected count is below 5; p < 0.0005 beyond 50 looks), "
            + "or the Dirichlet-multinomial e-value (concentration 10,000) passes 100, or any unit in an arm planned to receive none. "
            + "A warning when the e-value passed 100 at an earlier look of the ledger and the split is right now; "
            + "a warning instead of a failure when at most 0.3 % of an arm is missing and the bias it could cause stays below the smallest worthwhile effect.",
        Means: "The arms do not have the sizes the design promised, so assignment or logging is broken.",
        Remedy: "Find where units are lost before analysing, mend it and run again; do not reweight.",
        Source: "Fabijan et al., KDD 2019; Lindon and Malek, NeurIPS 2022; Lee 2009")
    { Level = CheckLevel.Blocking, FalseAlarmRate = 0.002 };

    public override CheckResult Evaluate(AssignmentCounts evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.RecordedP is { } recorded)
        {
            var record = $"the split test on record gave {Figures.P(recorded)}";
            return recorded < Threshold ? CheckResult.Fail(record, recorded, Threshold, recorded) : CheckResult.Pass(record, recorded, Threshold, recorded);
        }

        long[] observed = [.. evidence.Observed];
        double[] shares = [.. evidence.PlannedShares];
        var total = observed.Sum();
        if (total < SmallestTotal)
        {
            return CheckResult.Skip($"{Figures.Count(total, "unit")}, too few to judge the split; {SmallestTotal} are needed");
        }

        var split = Split(evidence, observed, shares);
        var leaked = shares.Zip(observed).Where(x => x.First == 0).Sum(x => x.Second);
        if (leaked > 0)
        {
            return CheckResult.Fail($"{Figures.Count(leaked, "unit")} in an arm planned to receive none; {split}", leaked, 0);
        }

        if (shares.Count(s => s > 0) < 2)
        {
            return CheckResult.Skip("the plan gives only one arm a share: 1 arm has no split to judge");
        }

        var test = SampleRatio.ChiSquare(observed, shares);
        var sequential = SampleRatio.EProcess(observed, shares);
        var threshold = evidence.Looks > ManyLooks ? ThresholdManyLooks : Threshold;
        if (test.PValue >= threshold && sequential.EValue <= EValueThreshold)
        {
            if (Raised(evidence, shares) is var (look, e) && look > 0)
            {
                return CheckResult.Warn($"{split}, {Figures.P(test.PValue)}; look {look} raised the alarm with an e-value of {Figures.Number(Math.Min(e, MostShown))}, which may be read at any look: later units do not take it back, mended data would", e, EValueThreshold, test.PValue)
                    with { Remedy = "Say what was mended since that look; if nothing was, find where units were lost then." };
            }

            return CheckResult.Pass($"{split}, {Figures.P(test.PValue)}", test.Statistic, threshold, test.PValue);
        }

        var says = $"{split}, {Figures.P(test.PValue)}";
        return Severity(evidence, observed, shares) is { } mild
            ? CheckResult.Warn($"{says}; {mild}", test.Statistic, threshold, test.PValue)
            : CheckResult.Fail(says, test.Statistic, threshold, test.PValue);
    }

    // A third of the traps are an alarm of an earlier look that later units hide.
    public override AssignmentCounts Trap(int seed) => seed % 3 == 0 ? Simulate(seed, lost: 0) with { Earlier = [[30_000, 29_000]] } : Simulate(seed, lost: 0.04);

    public override AssignmentCounts Clean(int seed) => Simulate(seed, lost: 0);

    public override AssignmentCounts? Tiny => new() { Arms = ["A", "B"], Observed = [2, 1], PlannedShares = [0.5, 0.5], SplitDeclared = true };

    // 100,000 units drawn evenly; a share of arm B is never logged.
    private static AssignmentCounts Simulate(int seed, double lost)
    {
        var rng = new Rng(seed).Stream("sample-ratio-mismatch");
        var a = rng.NextBinomial(100_000, 0.5);
        return new AssignmentCounts
        {
            Arms = ["A", "B"],
            Observed = [a, rng.NextBinomial(100_000 - a, 1 - lost)],
            PlannedShares = [0.5, 0.5],
            SplitDeclared = true,
        };
    }

    // The first of the earlier looks at which the e-value stopped. What was read then may have been mended since, so it warns and does not block.
    private static (int Look, double EValue) Raised(AssignmentCounts e, double[] shares)
    {
        for (var k = 0; k < e.Earlier.Count; k++)
        {
            if (e.Earlier[k] is { } counts && counts.Count == shares.Length && counts.Sum() >= SmallestTotal && SampleRatio.EProcess([.. counts], shares) is { EValue: > EValueThreshold } found)
            {
                return (k + 1, found.EValue);
            }
        }

        return default;
    }

    private static string Split(AssignmentCounts e, long[] observed, double[] shares)
    {
        const int shown = 6;
        var counts = string.Join(" / ", observed.Take(shown).Select(Figures.Count)) + (observed.Length > shown ? $" / ... ({observed.Length} arms)" : string.Empty);
        var plan = string.Join(" / ", shares.Take(shown).Select(s => Figures.Percent(s)));
        return $"observed {counts}, {(e.SplitDeclared ? "planned" : "equal shares assumed:")} {plan}";
    }

    // Lee's question: the fault is certain, but how far could the missing units move the answer?
    private static string? Severity(AssignmentCounts e, long[] observed, double[] shares)
    {
        if (e.Outcomes.Count != 2 || observed.Length != 2 || observed.Contains(0) || e.Outcomes.Any(o => o.Count < 2))
        {
            return null;
        }

        var bounded = e.Outcomes.All(o => o.Min is >= 0 && o.Max is <= 1);
        var bound = bounded
            ? SrmSeverity.RangeBounds(observed, shares, e.Outcomes[0], e.Outcomes[1], 0, 1)
            : SrmSeverity.MomentBounds(observed, shares, e.Outcomes[0], e.Outcomes[1]);
        var harmless = bound.MissingShare <= TrivialShare && (e.Worthwhile is null || bound.WorstBias < e.Worthwhile);
        return harmless
            ? $"{Figures.Percent(bound.MissingShare)} of an arm is missing, which could bias the difference by at most {Figures.Number(bound.WorstBias)}"
            : null;
    }
}
