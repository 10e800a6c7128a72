using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Experiments;

/// <summary>A metric that was promised not to be hurt is hurt, or not cleared.</summary>
public sealed class GuardrailMetricRegression : Check<GuardrailResult>
{
    private const double MostShown = 1e6;
    private const string LeaveOut = "Leave that arm out: the others do not answer for it.";
    private const string Accept = "Hold the launch, or, where this much harm is a fair price for the gain, have its owner waive the guardrail in writing, with the price.";

    public override CheckCard Card { get; } = new(
        Id: "guardrail-metric-regression",
        Asks: "Is every guardrail cleared of harm beyond its margin?",
        FiresWhen: "the final interval of a declared guardrail lies wholly on the harmful side, inside its margin or beyond it, or at any of several looks, this one or an earlier one, the e-value of harm reaches 1 / alpha (fails); or non-inferiority to its margin is not shown (warns). Of several arms the one that would be shipped is judged; harm in another one is named and warns",
        Means: "A metric that you promised not to hurt is hurt, or not cleared of it.",
        Remedy: "Hold the launch; price the trade in common units, or ask for an explicit waiver.",
        Source: "Schultzberg, Ankargren and Franberg 2024; Howard, Ramdas, McAuliffe and Sekhon 2021")
    { Level = CheckLevel.Blocking, ActsBy = DecisionAction.DoNotShip, FalseAlarmRate = 0.025, Aliases = ["canary-regression"] };

    public override CheckResult Evaluate(GuardrailResult evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        var unit = evidence.Relative ? "relative" : string.Empty;
        var (sign, low, high) = evidence.LowerIsBetter ? (-1, -evidence.High, -evidence.Low) : (1, evidence.Low, evidence.High);
        var text = Figures.Interval(sign * evidence.Effect, low, high, FigureUnit.Of(unit, change: true));
        var says = $"{evidence.Declared}: effect {text.Point}, interval {text.Range}, where {(evidence.LowerIsBetter ? "more" : "less")} is worse and {Figures.Effect(-sign * evidence.Margin, unit)} is the margin";
        if (evidence is { Interim: true, HarmEValue: { } e })
        {
            says += $"; evidence of harm at any look {Figures.Number(Math.Min(e, MostShown))}, where {Figures.Number(1 / evidence.Alpha)} stops";
        }

        var isRemembered = evidence is { Interim: true, EarlierHarmEValue: not null } && evidence.EarlierHarmEValue >= 1 / evidence.Alpha;
        if (isRemembered)
        {
            says += $"; the alarm was raised at look {evidence.EarlierHarmLook}, with evidence of harm {Figures.Number(Math.Min(evidence.EarlierHarmEValue!.Value, MostShown))}, and stands: it holds at any look";
        }

        var isWithin = evidence.NonInferiorityP < evidence.Alpha;
        if (evidence.IsHarmShown)
        {
            says += isWithin ? "; the harm stays within its margin, and it is harm" : string.Empty;
            var (statistic, threshold) = evidence.Interim ? (isRemembered ? evidence.EarlierHarmEValue!.Value : evidence.HarmEValue ?? 0, 1 / evidence.Alpha) : (evidence.High, 0);
            return evidence.Beside is { } beside ? CheckResult.Warn($"{says}; {beside}", statistic, threshold) with { Remedy = LeaveOut }
                : CheckResult.Fail(says, statistic, threshold) with { Remedy = isWithin ? Accept : null };
        }

        if (evidence.High < 0)
        {
            return CheckResult.Warn($"{says}; its interval is on the harmful side, which many looks reach by chance", evidence.High, 0);
        }

        return isWithin ? CheckResult.Pass(says, evidence.Low, -evidence.Margin, evidence.NonInferiorityP)
            : CheckResult.Warn($"{says}; harm beyond the margin is not ruled out ({Figures.P(evidence.NonInferiorityP)}){(evidence.Beside is { } other ? $"; {other}" : string.Empty)}", evidence.Low, -evidence.Margin, evidence.NonInferiorityP) with { Remedy = evidence.Beside is null ? null : LeaveOut };
    }

    public override GuardrailResult Trap(int seed) => seed % 3 == 0 ? Remembered(Simulate(seed, effect: 0)) : Simulate(seed, effect: -0.03);

    public override GuardrailResult Clean(int seed) => Simulate(seed, effect: 0);

    public override GuardrailResult? Tiny => null;

    // A third of the traps are an alarm of an earlier look that later data hide.
    private static GuardrailResult Remembered(GuardrailResult now) => now with { Interim = true, HarmEValue = 0.8, EarlierHarmEValue = 340, EarlierHarmLook = 2 };

    // Relative effect with a standard error of 0.4 %, margin 2 %.
    private static GuardrailResult Simulate(int seed, double effect)
    {
        const double se = 0.004;
        const double margin = 0.02;
        var seen = effect + se * new Rng(seed).Stream("guardrail-metric-regression").NextNormal();
        return new GuardrailResult
        {
            Metric = "revenue", Contrast = "B - A", Effect = seen, Low = seen - 1.96 * se, High = seen + 1.96 * se, Margin = margin,
            NonInferiorityP = Normal.Sf((seen + margin) / se), Alpha = 0.05, Relative = true,
            LowerIsBetter = seed % 2 == 1, Declared = seed % 2 == 1 ? "refunds<=+2%" : "revenue>=-2%",
        };
    }
}
