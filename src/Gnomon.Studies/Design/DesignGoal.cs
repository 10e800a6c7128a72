using Gnomon.Core.Findings;
using Gnomon.Methods.Experiments;
using Gnomon.Methods.Planning;

namespace Gnomon.Studies.Design;

/// <summary>What the planned sample is to do, in words, and what each kind of design takes for granted.</summary>
internal sealed class DesignGoal(DesignFacts facts)
{
    private string Effect(double effect) => Figures.Effect(effect, facts.EffectUnit);

    private string Plain(double size) => Effect(Math.Abs(size)).TrimStart('+');

    /// <summary><c>find a change of +0.5 pp</c>: the verb and what it acts on.</summary>
    public string Of(double effect)
    {
        if (facts.Options.Width is not null)
        {
            return $"give a {Figures.Confidence(1 - facts.ComparisonAlpha)} interval no wider than ±{Plain(effect)}";
        }

        if (facts.Margin is not { } margin)
        {
            return $"find {Thing(effect)}";
        }

        var truth = effect == 0 ? "when there is none" : $"when it is {Effect(effect)}";
        return facts.Options.Equivalence
            ? $"show that the change of {facts.Metric} is less than {Plain(margin)} either way, {truth},"
            : $"show that the change of {facts.Metric} is above -{Plain(margin)}, {truth},";
    }

    /// <summary><c>a change of +0.5 pp</c>.</summary>
    public string Thing(double effect) => facts.Simulated is { } simulated ? simulated.Test.Thing(Effect(effect)) : facts.Kind switch
    {
        "correlation" => $"a correlation of {Plain(effect)}{(effect < 0 ? " below 0" : string.Empty)}",
        "table" => $"an association of w = {Plain(effect)}",
        "logistic" => $"a change of the odds of {Effect(effect)}",
        "regression" => $"an addition of {Plain(effect)} to the explained variance",
        "groups" => $"a difference of {Plain(effect)} between two of the groups",
        "factorial" when Factorial.FactorialLayout.Of(facts.Options) is { } layout => layout.IsInteraction ? $"an interaction {layout.Name(layout.Effect)} of {Plain(effect)}" : $"a difference of {Plain(effect)} between two levels of {layout.Name(layout.Effect)}",
        _ => $"a change of {Effect(effect)}",
    };

    /// <summary>What the size rests on, one sentence each.</summary>
    public IEnumerable<string> Assumptions()
    {
        var options = facts.Options;
        if (options.Metrics > 1)
        {
            yield return $"{Figures.Count(options.Metrics)} primary metrics share the size: each is tested at {facts.ComparisonAlpha:0.#####} (Bonferroni); Holm's procedure in the analysis is never weaker.";
        }

        if (options.Correction == "dunnett")
        {
            yield return $"{Figures.Count(options.Arms - 1)} arms are compared with one control by Dunnett's test; the power is that of one arm that was named before.";
        }

        if (options.CovariateCorrelation != 0)
        {
            var saved = options.CovariateCorrelation * options.CovariateCorrelation;
            yield return $"The size counts on a covariate that takes {Figures.WholePercent(saved)} of the variance (correlation {options.CovariateCorrelation:0.##}): without it {Figures.WholePercent(1 / (1 - saved) - 1)} more {facts.Noun} are needed, so analyse with ab --pre.";
        }

        if (options.Measures > 1 || options.MeasuresBefore > 0)
        {
            var factor = RepeatedMeasures.VarianceFactor((int)options.Measures, (int)options.MeasuresBefore, options.Correlation!.Value);
            yield return $"{Figures.Count(options.Measures, "measurement")} after the start{(options.MeasuresBefore > 0 ? $" and {Figures.Count(options.MeasuresBefore)} before it" : string.Empty)} leave {Figures.WholePercent(factor)} of the variance of a single one (Frison and Pocock 1992).";
        }

        var sentence = facts.Kind switch
        {
            "rank" => $"A chance of {Figures.WholePercent(0.5 + Math.Abs(facts.Effect ?? 0))} is what two normal groups {Math.Sqrt(2) * Numerics.Distributions.Normal.Quantile(Math.Clamp(0.5 + Math.Abs(facts.Effect ?? 0), 0.5, 0.999999)):0.00} standard deviations apart have.",
            "mcnemar" => $"Only the pairs that differ carry information: {Figures.WholePercent(options.Discordant!.Value)} of all were assumed.",
            "rmst" when facts.Effect is { } effect => $"Up to the end of follow-up the time without the event is {Figures.Percent(PowerRestrictedMean.Mean(facts.Baseline!.Value))} of it without the change, {Figures.Percent(PowerRestrictedMean.Mean(facts.Baseline.Value + effect))} with it.",
            "trimmed-mean" when facts.Simulated is null => "Units are taken as normal: with heavy tails the test needs fewer, so name history to draw from (DATA --metric COLUMN).",
            "correlation" => "Both columns are taken as jointly normal.",
            _ => null,
        };
        if (sentence is not null)
        {
            yield return sentence;
        }

        if (facts.IsLessWanted && options.Plan is not null)
        {
            yield return $"A fall of {(facts.IsTimeToEvent ? "the time to the event" : facts.Metric)} is wanted: the plan says so (lowerIsBetter), and the analysis reads a fall as a gain. Where a fall would be harm, plan it as a guardrail, or write the effect without its minus.";
        }

        if (facts.RestrictedMeanEffect is { } time && options.Plan is not null)
        {
            yield return $"The analysis reads the mean time without the event up to the end of follow-up: with a constant hazard this effect changes it by {Figures.Effect(time, "relative")}, which the plan writes as the smallest effect worth having.{(facts.Kind == "survival" ? " These units are those of the log-rank test, which stands beside it; --kind rmst plans for the mean time itself." : string.Empty)}";
        }

        if (facts.Margin is not null && !options.Equivalence)
        {
            yield return $"A higher {facts.Metric} is taken as better; for a metric that should fall, plan its complement.";
        }
    }

    /// <summary>The command that analyses what was planned.</summary>
    public string AnalyseWith()
    {
        var options = facts.Options;
        var metric = options.Metric ?? "METRIC";
        var named = options.Experiment is null ? string.Empty : $" --experiment {options.Experiment}";
        if (facts.Simulated?.Test.AnalyseWith is { } command)
        {
            return command;
        }

        return facts.Kind switch
        {
            "factorial" => $"Analyse with: gnomon ab DATA --unit {options.Unit ?? "UNIT"} --factors {(Factorial.FactorialLayout.Of(options) is { AreNamed: true } layout ? string.Join(",", layout.Names) : "A,B")} --metric {metric} --plan {options.Plan}{named}",
            "proportion" or "mean" or "ratio" or "cluster" => $"Analyse with: gnomon ab DATA --unit {options.Unit ?? "UNIT"} --variant ARM --metric {metric} --plan {options.Plan}{named}",
            "survival" or "rmst" => $"Analyse with: gnomon ab DATA --unit {options.Unit ?? "UNIT"} --variant ARM --survival {(metric.Contains('/', StringComparison.Ordinal) ? metric : "TIME/EVENT")}{(options.Plan is null ? string.Empty : $" --plan {options.Plan}")}{named}",
            "regression" or "logistic" => $"Analyse with: gnomon regress DATA \"{metric} ~ COLUMNS\"",
            _ => $"Analyse with: gnomon compare DATA --metric {metric} --by GROUP{named}",
        };
    }

    /// <summary>Power by enumeration where the formula is an approximation and the sum is short; null elsewhere.</summary>
    public double? ExactPower()
    {
        if (facts.Effect is not { } effect || facts.Options.Width is not null || facts.Sequential is not null)
        {
            return null;
        }

        var options = facts.Options;
        var arms = facts.PerArm;
        var alpha = facts.ComparisonAlpha;
        return facts.Kind switch
        {
            "one-proportion" when facts.Total <= PowerOneProportion.MostExactUnits => PowerOneProportion.ExactPower((int)facts.Total, facts.Baseline!.Value, facts.Baseline.Value + effect, new PowerOptions { Alpha = alpha }),
            "mcnemar" when facts.Total <= PowerPairedProportions.MostExactPairs && Math.Abs(effect) <= options.Discordant => PowerPairedProportions.ExactPower((int)facts.Total, effect, options.Discordant!.Value, alpha),
            "rate" when options.Dispersion == 1 && Events(effect) is var (first, second) && first + second <= PowerEventRates.MostExactEvents =>
                PowerEventRates.ExactPower(first, second, (double)arms.Skip(1).Min() / arms[0], alpha),
            "proportion" when facts.Margin is { } margin && arms.Max() <= PowerMargin.MostExactUnits => PowerMargin.ExactProportions(
                (int)arms[0], (int)arms.Skip(1).Min(), facts.Baseline!.Value, facts.Baseline.Value + effect, -margin, options.Equivalence ? margin : null, options.Equivalence ? alpha : alpha / 2),
            _ => null,
        };

        (double First, double Second) Events(double change) => (arms[0] * facts.Baseline!.Value, arms.Skip(1).Min() * (facts.Baseline.Value + change));
    }
}
