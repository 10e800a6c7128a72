using Gnomon.Methods.Experiments;
using Gnomon.Methods.Inference;
using Gnomon.Numerics;

namespace Gnomon.Methods.Heterogeneity;

/// <summary>A rule that treats some units, valued per unit of all, cost of treatment taken off.</summary>
/// <param name="Share">Share of units that the rule treats.</param>
/// <param name="OverNobody">What the rule brings over treating nobody.</param>
/// <param name="OverEverybody">What the rule brings over treating everybody.</param>
/// <param name="Everybody">What treating everybody brings over treating nobody.</param>
public sealed record TargetingValueResult(double Share, ContrastResult OverNobody, ContrastResult OverEverybody, ContrastResult Everybody);

/// <summary>Value of a treatment rule against treating everybody and treating nobody.</summary>
/// <remarks>
/// Source: Athey and Wager 2021 (policy values by doubly robust scores). The rule must come from units other than these; then the value is that of this very rule, and its interval is the plain one of a mean.
/// </remarks>
public static class TargetingValue
{
    /// <param name="scores">Scores of units, in the metric's unit, the larger the better (<see cref="EffectScores"/>).</param>
    /// <param name="treat">Units that the rule treats; made from other units.</param>
    /// <param name="cost">Cost of treating one unit, in the metric's unit.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="TooFewRowsException">Fewer than 2 units.</exception>
    /// <exception cref="NotEstimableException">The scores do not vary.</exception>
    public static TargetingValueResult Of(ReadOnlySpan<double> scores, ReadOnlySpan<bool> treat, double cost = 0, double level = 0.95)
    {
        InferenceGuard.Level(level);
        InferenceGuard.Finite(cost);
        if (scores.Length != treat.Length)
        {
            throw new ArgumentException($"{scores.Length} scores for a rule over {treat.Length} units.", nameof(treat));
        }

        if (scores.Length < 2)
        {
            throw new TooFewRowsException("The rule", scores.Length, 2);
        }

        var (rule, against, all) = (new double[scores.Length], new double[scores.Length], new double[scores.Length]);
        var treated = 0;
        for (var i = 0; i < scores.Length; i++)
        {
            var net = scores[i] - cost;
            all[i] = net;
            rule[i] = treat[i] ? net : 0;
            against[i] = treat[i] ? 0 : -net;
            treated += treat[i] ? 1 : 0;
        }

        return new(
            (double)treated / scores.Length,
            Mean(rule, level, "value of the rule over treating nobody"),
            Mean(against, level, "value of the rule over treating everybody"),
            Mean(all, level, "value of treating everybody over nobody"));
    }

    // A rule that treats nobody is nobody's treatment: 0 over it, without error.
    static ContrastResult Mean(double[] values, double level, string method)
    {
        var m = Moments.MeanVariance(values);
        if (m.M2 > 0)
        {
            return NormalContrast.Of(m.Mean, m.StandardError, level, method);
        }

        return m.Mean == 0
            ? new ContrastResult(0, 0, 0, 0, 0, null, 1, level, method + ", exact")
            : throw new NotEstimableException("The scores do not vary, so the value has no error.");
    }
}
