using Gnomon.Methods.Regression;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Mixed;

/// <summary>Does an effect differ between groups at all?</summary>
/// <param name="Group">Grouping column.</param>
/// <param name="Effect">The effect that is taken away.</param>
/// <param name="Statistic">How much the criterion rises without it.</param>
/// <param name="Degrees">Parameters taken away: its variance and its covariances.</param>
/// <param name="PValue">Upper tail of the equal mixture of chi-squares with <paramref name="Degrees"/> - 1 and <paramref name="Degrees"/> degrees.</param>
public sealed record RandomTermResult(string Group, string Effect, double Statistic, int Degrees, double PValue);

/// <summary>Likelihood ratio tests of random effects. A variance of 0 lies on the edge of what is possible, so the chi-square is a mixture.</summary>
/// <remarks>
/// Sources: Self and Liang 1987, J. Am. Stat. Assoc. 82; Stram and Lee 1994, Biometrics 50. The mixture holds for one effect at a time, the other variances above 0; with few groups it is
/// a little conservative.
/// </remarks>
public static class RandomTermTest
{
    /// <summary>One test per effect that can be taken away: slopes, and intercepts without slopes correlated to them.</summary>
    /// <param name="fit">A mixed model.</param>
    /// <exception cref="NotEstimableException">A smaller model did not converge.</exception>
    public static IReadOnlyList<RandomTermResult> All(MixedFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        var result = new List<RandomTermResult>();
        foreach (var term in fit.Terms)
        {
            foreach (var name in term.Names)
            {
                var correlated = term is { IsCorrelated: true, Names.Count: > 1 };
                if (!(name == RandomTerm.InterceptName && correlated))
                {
                    result.Add(Without(fit, term, name, correlated ? term.Names.Count : 1));
                }
            }
        }

        return result;
    }

    static RandomTermResult Without(MixedFit fit, RandomTerm term, string name, int degrees)
    {
        RandomTerm[] left = [.. fit.Terms.Select(t => ReferenceEquals(t, term) ? t.Without(name) : t).OfType<RandomTerm>()];
        var smaller = left.Length > 0 ? LinearMixedModel.Fit(fit.Problem.Plain, left, fit.IsRestricted).Criterion : Plain(fit);
        var statistic = Math.Max(0.0, smaller - fit.Criterion);
        var p = 0.5 * (degrees > 1 ? ChiSquared.Sf(statistic, degrees - 1) : statistic > 0.0 ? 0.0 : 1.0) + 0.5 * ChiSquared.Sf(statistic, degrees);
        return new RandomTermResult(term.Group, name, statistic, degrees, Math.Min(1.0, p));
    }

    // The criterion without any random effect.
    static double Plain(MixedFit fit) => fit.Problem.Deviance(Array.ConvertAll(fit.Theta, _ => 0.0));
}
