using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Methods.Inference;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Features;

/// <summary>A column that was filled in after the outcome.</summary>
public sealed class TargetLeakage : Check<LeakSuspects>
{
    private const double PatternThreshold = 0.5;
    private const double StrengthThreshold = 0.9;
    private const long FewestRows = 30;

    public override CheckCard Card { get; } = new(
        Id: "target-leakage",
        Asks: "Would every column be known before the outcome is?",
        FiresWhen: "a column is empty or zero by class of the target, with an interval of the rate difference beyond 50 points: it fails. Strength alone (single-column AUC, R squared or Cramer's V with a lower limit above 0.9) is a note that starts the audit",
        Means: "This column knows the answer.",
        Remedy: "Trace when the value becomes available, remove it and its siblings, restate the score.",
        Source: "Kaufman et al. 2012; Kapoor and Narayanan 2023")
    { Level = CheckLevel.Blocking, FalseAlarmRate = 0.001, Aliases = ["dominant-features"] };

    public override CheckResult Evaluate(LeakSuspects evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Rows < FewestRows || evidence.Tested == 0)
        {
            return CheckResult.Skip($"{Figures.Count(evidence.Rows, "row")} with a value of {evidence.Target} and {Figures.Count(evidence.Tested, "column")} to compare; {FewestRows} rows and 1 column are needed");
        }

        var patterns = evidence.Patterns.Where(p => p.Low > PatternThreshold).OrderByDescending(p => p.Low).ToList();
        if (patterns.Count > 0)
        {
            var p = patterns[0];
            var more = patterns.Count > 1 ? $"; likewise {string.Join(", ", patterns.Skip(1).Take(3).Select(x => x.Column))}" : string.Empty;
            return CheckResult.Fail(
                $"{p.Column} is {p.Pattern} in {Figures.Percent(p.Rate)} of rows with {evidence.Target} = {p.Class} and in {Figures.Percent(p.RateElsewhere)} of the others{more}", p.Low, PatternThreshold);
        }

        var strong = evidence.Strengths.Where(s => s.Low > StrengthThreshold).OrderByDescending(s => s.Low).ToList();
        if (strong.Count > 0)
        {
            return CheckResult.Note(
                $"{(strong.Count == 1 ? "one column nearly tells" : $"{strong.Count} columns nearly tell")} {evidence.Target} alone: {string.Join(", ", strong.Take(4).Select(s => $"{s.Column} ({s.Measure} {Figures.Number(s.Value)})"))}; find out when {(strong.Count == 1 ? "it is" : "they are")} known",
                strong[0].Low, StrengthThreshold);
        }

        var best = evidence.Strengths.OrderByDescending(s => s.Low).FirstOrDefault();
        return CheckResult.Pass(
            best is null ? $"no column of {evidence.Tested} is empty or zero by class of {evidence.Target}" : $"the strongest of {Figures.Count(evidence.Tested, "column")} is {best.Column} ({best.Measure} {Figures.Number(best.Value)})", best?.Low ?? 0, StrengthThreshold);
    }

    public override LeakSuspects Trap(int seed) => Simulate(seed, 0.9);

    public override LeakSuspects Clean(int seed) => Simulate(seed, 0.3);

    public override LeakSuspects? Tiny => new() { Target = "default", Rows = 8, Tested = 2, Patterns = [], Strengths = [] };

    // 2,000 loans, a tenth in default; a collection fee stands at nearly all of these and at hardly any other, or is spread by chance.
    private static LeakSuspects Simulate(int seed, double filled)
    {
        var rng = new Rng(seed).Stream("target-leakage");
        var empty = rng.NextBinomial(200, 1 - filled);
        var emptyElsewhere = rng.NextBinomial(1_800, filled > 0.5 ? 0.98 : 1 - filled);
        var difference = TwoProportions.Score(empty, 200, emptyElsewhere, 1_800);
        var low = Math.Max(0, Math.Max(difference.Low, -difference.High));
        return new LeakSuspects
        {
            Target = "default", Rows = 2_000, Tested = 10, Strengths = [], Patterns = [new LeakPattern("collection_fee", "empty", "yes", empty / 200.0, emptyElsewhere / 1_800.0, low)],
        };
    }
}
