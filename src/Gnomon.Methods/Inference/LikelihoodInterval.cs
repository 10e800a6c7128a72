using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Optimizers;
using Gnomon.Numerics.Special;

namespace Gnomon.Methods.Inference;

/// <summary>A maximum-likelihood estimate with its profile interval.</summary>
/// <param name="Value">The estimate.</param>
/// <param name="Interval">Values that the likelihood-ratio test does not reject; an end may be the end of the parameter's range.</param>
/// <param name="Deviance">Twice the log-likelihood lost at no effect.</param>
/// <param name="PValue">Of no effect, chi-square with one degree of freedom.</param>
public sealed record LikelihoodResult(double Value, Interval Interval, double Deviance, double PValue);

/// <summary>Likelihood of two independent shares: the difference and the log odds ratio, the other parameter profiled out.</summary>
/// <remarks>
/// Sources: Pawitan 2001, chapter 3; Venzon and Moolgavkar 1988. The log odds ratio is the coefficient of a logistic regression: agreement with R's <c>confint(glm)</c> is 1e-5, that of
/// <c>profile</c>'s spline; with scipy's root finding on the likelihood 1e-8.
/// </remarks>
public static class LikelihoodInterval
{
    const double Tolerance = 1e-13;

    /// <summary>Share of x minus share of y.</summary>
    /// <param name="xEvents">Events of the first group.</param>
    /// <param name="xUnits">Its units, at least 1.</param>
    /// <param name="yEvents">Events of the second group.</param>
    /// <param name="yUnits">Its units, at least 1.</param>
    /// <param name="level">Level of the interval.</param>
    public static LikelihoodResult Difference(long xEvents, long xUnits, long yEvents, long yUnits, double level = 0.95)
    {
        var t = TwoByTwo.Of(xEvents, xUnits, yEvents, yUnits, level);
        var limit = ChiSquared.UpperQuantile(1 - level, 1);
        var value = t.Difference;
        var deviance = Lost(0);
        return new(value, new(End(-1), End(1)), deviance, ChiSquared.Sf(deviance, 1));

        double Lost(double delta) => DevianceAt(xEvents, xUnits, yEvents, yUnits, delta);

        double End(int side) => value == side || Lost(side) <= limit ? side : Brent.Root(d => Finite(Lost(d)) - limit, value, side, Tolerance).X;
    }

    /// <summary>Twice the log-likelihood lost at a difference of shares: compared with chi-square on one degree of freedom.</summary>
    /// <param name="xEvents">Events of the first group.</param>
    /// <param name="xUnits">Its units, at least 1.</param>
    /// <param name="yEvents">Events of the second group.</param>
    /// <param name="yUnits">Its units, at least 1.</param>
    /// <param name="difference">Difference in [-1, 1].</param>
    public static double DevianceAt(long xEvents, long xUnits, long yEvents, long yUnits, double difference)
    {
        var t = TwoByTwo.Of(xEvents, xUnits, yEvents, yUnits, 0.5);
        if (!(difference >= -1 && difference <= 1))
            throw new ArgumentOutOfRangeException(nameof(difference), difference, "A difference of shares lies between -1 and 1.");
        var rates = RestrictedRates.ForDifference(t, difference);
        return Math.Max(0, 2 * (Log(t.Xs, t.Xn, t.RateX) + Log(t.Ys, t.Yn, t.RateY) - Log(t.Xs, t.Xn, rates.X) - Log(t.Ys, t.Yn, rates.Y)));
    }

    /// <summary>Logarithm of the odds ratio of x against y.</summary>
    /// <inheritdoc cref="Difference"/>
    /// <exception cref="NotEstimableException">A group has no events, or nothing but events: the estimate is infinite.</exception>
    public static LikelihoodResult LogOddsRatio(long xEvents, long xUnits, long yEvents, long yUnits, double level = 0.95)
    {
        var t = TwoByTwo.Of(xEvents, xUnits, yEvents, yUnits, level);
        if (t.Xs == 0 || t.Ys == 0 || t.Xs == t.Xn || t.Ys == t.Yn)
            throw new NotEstimableException("A group without events, or with nothing but events, has no finite odds ratio.");
        var best = Log(t.Xs, t.Xn, (double)t.Xs / t.Xn) + Log(t.Ys, t.Yn, (double)t.Ys / t.Yn);
        var limit = ChiSquared.UpperQuantile(1 - level, 1);
        var value = Math.Log((double)t.Xs / (t.Xn - t.Xs)) - Math.Log((double)t.Ys / (t.Yn - t.Ys));
        var error = Math.Sqrt(1.0 / t.Xs + 1.0 / (t.Xn - t.Xs) + 1.0 / t.Ys + 1.0 / (t.Yn - t.Ys));
        var deviance = Lost(0);
        return new(value, new(End(-1), End(1)), deviance, ChiSquared.Sf(deviance, 1));

        // At a fixed odds ratio both shares follow from the second one's log odds, which solves expected events = events.
        double Lost(double psi)
        {
            var reach = 40 + Math.Abs(psi);
            var at = Brent.Root(b => t.Xn * Logistic(b + psi) + t.Yn * Logistic(b) - (t.Xs + t.Ys), -reach, reach, 1e-14).X;
            return 2 * (best - LogAt(t.Xs, t.Xn, at + psi) - LogAt(t.Ys, t.Yn, at));
        }

        double End(int side)
        {
            var far = value + 2 * side * error;
            while (Lost(far) <= limit)
                far += 2 * side * error;
            return Brent.Root(p => Lost(p) - limit, value, far, Tolerance).X;
        }
    }

    static double Finite(double lost) => Math.Min(lost, 1e300);

    static double Log(long k, long n, double p) => (k == 0 ? 0 : k * Math.Log(p)) + (k == n ? 0 : (n - k) * Elementary.Log1p(-p));

    static double LogAt(long k, long n, double logOdds) => k * logOdds - n * (logOdds > 0 ? logOdds + Elementary.Log1p(Math.Exp(-logOdds)) : Elementary.Log1p(Math.Exp(logOdds)));

    static double Logistic(double x) => 1 / (1 + Math.Exp(-x));
}
