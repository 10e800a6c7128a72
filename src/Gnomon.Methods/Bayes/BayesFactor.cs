using Gnomon.Numerics.Optimizers;
using Gnomon.Numerics.Special;

namespace Gnomon.Methods.Bayes;

/// <summary>A Bayes factor at one width of the prior.</summary>
/// <param name="PriorScale">Width of the prior under the alternative.</param>
/// <param name="Factor">How many times likelier the data are with an effect than without: above 1 for an effect. It is not the odds of an effect: those need prior odds.</param>
public sealed record BayesFactorPoint(double PriorScale, double Factor);

/// <summary>Bayes factors for an effect against none. They depend on the width of the prior, so they are given as a curve over it.</summary>
/// <remarks>
/// Normal prior: closed form. Cauchy prior on the standardised effect: Rouder, Speckman, Sun, Morey and Iverson 2009, Psychonomic Bulletin and Review 16, by quadrature over its
/// normal mixture; a scale of 0.707 is the default of JASP and of R's BayesFactor. Agreement with scipy's adaptive quadrature: 1e-8 relative.
/// </remarks>
public static class BayesFactor
{
    public const double UsualCauchyScale = 0.70710678118654757;
    const int Panels = 24;
    static readonly GaussLegendre Rule = new(32);

    /// <summary>An estimate with its standard error against a normal prior around 0.</summary>
    /// <param name="estimate">Estimated effect.</param>
    /// <param name="standardError">Its standard error.</param>
    /// <param name="priorDeviation">Standard deviation of effects under the alternative, in the same unit.</param>
    public static double Normal(double estimate, double standardError, double priorDeviation)
    {
        Positive(standardError, nameof(standardError));
        Positive(priorDeviation, nameof(priorDeviation));
        var z = estimate / standardError;
        var share = priorDeviation * priorDeviation / (priorDeviation * priorDeviation + standardError * standardError);
        return Math.Sqrt(1 - share) * Math.Exp(0.5 * z * z * share);
    }

    /// <summary>A t statistic against a Cauchy prior on the standardised effect.</summary>
    /// <param name="t">Student's t.</param>
    /// <param name="degreesOfFreedom">n - 1 for one sample or pairs, n1 + n2 - 2 for two samples.</param>
    /// <param name="effectiveSize">n for one sample or pairs, n1 n2 / (n1 + n2) for two samples.</param>
    /// <param name="scale">Scale of the Cauchy prior.</param>
    public static double Cauchy(double t, double degreesOfFreedom, double effectiveSize, double scale = UsualCauchyScale)
    {
        Positive(degreesOfFreedom, nameof(degreesOfFreedom));
        Positive(effectiveSize, nameof(effectiveSize));
        Positive(scale, nameof(scale));
        if (!double.IsFinite(t))
            throw new ArgumentOutOfRangeException(nameof(t), t, "t must be finite.");

        // In u = ln g the integrand is smooth; outside of these ends exp(-1 / (2 g)) or g^(-1) leaves less than 1e-16.
        const double low = -5;
        const double high = 80;
        var width = (high - low) / Panels;
        var logs = new List<double>(Panels * Rule.Nodes.Length);
        var none = -0.5 * (degreesOfFreedom + 1) * Elementary.Log1p(t * t / degreesOfFreedom);
        for (var panel = 0; panel < Panels; panel++)
        {
            for (var i = 0; i < Rule.Nodes.Length; i++)
            {
                var u = low + (panel + 0.5 + 0.5 * Rule.Nodes[i]) * width;
                var g = Math.Exp(u);
                var spread = 1 + effectiveSize * g * scale * scale;
                var log = -0.5 * Math.Log(spread) - 0.5 * (degreesOfFreedom + 1) * Elementary.Log1p(t * t / (spread * degreesOfFreedom)) - none
                    - 0.5 * Math.Log(2 * Math.PI) - 0.5 * u - 0.5 / g;
                logs.Add(log + Math.Log(Rule.Weights[i] * 0.5 * width));
            }
        }
        return Math.Exp(Elementary.LogSumExp(logs.ToArray()));
    }

    /// <summary>The factor over widths of the prior: a claim that holds at one width only is a claim about the prior.</summary>
    /// <param name="factor">A Bayes factor as a function of the prior's width.</param>
    /// <param name="narrowest">First width, positive.</param>
    /// <param name="widest">Last width.</param>
    /// <param name="points">At least 2, evenly spaced in the logarithm.</param>
    public static IReadOnlyList<BayesFactorPoint> Curve(Func<double, double> factor, double narrowest, double widest, int points = 25)
    {
        ArgumentNullException.ThrowIfNull(factor);
        Positive(narrowest, nameof(narrowest));
        if (!(widest > narrowest) || !double.IsFinite(widest))
            throw new ArgumentOutOfRangeException(nameof(widest), widest, "The widest prior must be wider than the narrowest.");
        ArgumentOutOfRangeException.ThrowIfLessThan(points, 2);
        return [.. Enumerable.Range(0, points).Select(i => narrowest * Math.Pow(widest / narrowest, (double)i / (points - 1))).Select(w => new BayesFactorPoint(w, factor(w)))];
    }

    static void Positive(double value, string name)
    {
        if (!(value > 0) || !double.IsFinite(value))
            throw new ArgumentOutOfRangeException(name, value, "Must be positive and finite.");
    }
}
