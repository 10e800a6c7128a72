using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Experiments;

/// <summary>The decision rests on a metric picked after seeing the data.</summary>
public sealed class MetricSwitching : Check<PrimaryUse>
{
    public override CheckCard Card { get; } = new(
        Id: "metric-switching",
        Asks: "Does the decision rest on the metric that was declared?",
        FiresWhen: "a win is read on a metric other than the declared primary; or no primary was declared and two deciding metrics of one arm differ from 0 in opposite directions after Bonferroni's correction for the number of all comparisons",
        Means: "The decision rests on a metric picked after seeing the data.",
        Remedy: "Return to the declared primary, or declare one overall criterion with margins and test again.",
        Source: "ICH E9; Dmitrienko and D'Agostino 2013; Deng and Shi 2016")
    { Level = CheckLevel.Blocking, ActsBy = DecisionAction.Investigate, FalseAlarmRate = 0.01, Aliases = ["metric-tradeoff-unspecified"] };

    public override CheckResult Evaluate(PrimaryUse evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Headlines.Count == 0)
        {
            return CheckResult.Skip("0 deciding metrics could be computed");
        }

        var undeclared = evidence.Used.Except(evidence.Declared).ToList();
        if (evidence.Declared.Count > 0)
        {
            var says = $"declared {string.Join(", ", evidence.Declared)}; read as deciding {string.Join(", ", evidence.Used)} ({undeclared.Count} not declared)";
            return undeclared.Count > 0 && evidence.AnyWin ? CheckResult.Fail(says, undeclared.Count, 0) : CheckResult.Pass(says, undeclared.Count, 0);
        }

        // With many metrics some intervals miss 0 by luck, on both sides: each is widened to Bonferroni's level for their number.
        var widening = Normal.Quantile((1 - evidence.Level) / 2 / evidence.Headlines.Count) / Normal.Quantile((1 - evidence.Level) / 2);
        bool Misses((string Metric, string Contrast, double Low, double High) h, int sign) => sign * (h.High + h.Low) > widening * (h.High - h.Low);

        // One arm that is better and another that is worse contradict nothing: metrics are traded within an arm.
        foreach (var arm in evidence.Headlines.Where(h => evidence.Shipped is null || h.Contrast == evidence.Shipped).GroupBy(h => h.Contrast))
        {
            var up = arm.Where(h => Misses(h, 1)).Select(h => h.Metric).Distinct().ToList();
            var down = arm.Where(h => Misses(h, -1)).Select(h => h.Metric).Distinct().ToList();
            if (up.Count > 0 && down.Count > 0)
            {
                var where = evidence.Headlines.Any(h => h.Contrast != arm.Key) ? $" ({arm.Key})" : string.Empty;
                return CheckResult.Fail($"no primary was declared, and {string.Join(", ", up)} improved while {string.Join(", ", down)} got worse{where} ({up.Count} against {down.Count})", down.Count, 0);
            }
        }

        return CheckResult.Pass($"{evidence.Used.Count} deciding metrics, none contradicts another", 0, 0);
    }

    public override PrimaryUse Trap(int seed)
    {
        var shift = 0.5 * new Rng(seed).Stream("metric-switching").NextDouble();
        return new PrimaryUse { Declared = [], Used = ["clicks", "watch time"], Headlines = [("clicks", "B - A", 0.5 + shift, 2), ("watch time", "B - A", -2, -0.2 - shift)], AnyWin = true };
    }

    public override PrimaryUse Clean(int seed)
    {
        var center = 1.5 + 0.3 * new Rng(seed).Stream("metric-switching").NextNormal();
        return new PrimaryUse { Declared = ["watch time"], Used = ["watch time"], Headlines = [("watch time", "B - A", center - 1, center + 1)], AnyWin = true };
    }

    public override PrimaryUse? Tiny => new() { Declared = [], Used = [], Headlines = [], AnyWin = false };
}
