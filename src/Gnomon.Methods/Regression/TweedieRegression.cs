using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Optimizers;

namespace Gnomon.Methods.Regression;

/// <summary>A Tweedie regression with its power.</summary>
/// <param name="Fit">The generalised linear model at that power.</param>
/// <param name="Power">Power of the variance function.</param>
/// <param name="PowerInterval">Interval of the power by its profile likelihood; null when the power was given.</param>
/// <param name="Dispersion">Dispersion by maximum likelihood.</param>
/// <param name="LogLikelihood">Log-likelihood at means, dispersion and power.</param>
/// <param name="RowsForPower">Rows from which the power was estimated; 0 when it was given.</param>
public sealed record TweedieFit(GlmFit Fit, double Power, Interval? PowerInterval, double Dispersion, double LogLikelihood, int RowsForPower)
{
    /// <summary>Akaike's criterion; dispersion and an estimated power count as parameters.</summary>
    public double Aic => 2.0 * (Fit.Coefficients.Count + (RowsForPower > 0 ? 2 : 1) - LogLikelihood);
}

/// <summary>Regression of amounts that are often exactly 0: claims, spend, rainfall. Means by quasi-score at a power; the power by profile likelihood.</summary>
/// <remarks>
/// Sources: Jorgensen 1987, JRSS B 49; Dunn and Smyth 2005. The profile is over coefficients and dispersion; beyond 20,000 rows the power is estimated from every so many rows, evenly spaced, and its
/// interval from as many. Coefficients and errors agree with statsmodels <c>GLM(Tweedie)</c>, the likelihood with mgcv <c>ldTweedie</c>.
/// </remarks>
public static class TweedieRegression
{
    const double LowestPower = 1.02;
    const double HighestPower = 1.98;
    const double FirstPower = 1.5;
    const double RunOff = 1e-6;
    const int MostRowsForPower = 20_000;

    /// <param name="design">Columns of the model.</param>
    /// <param name="y">Outcome: not negative; some exactly 0 when the power is to be estimated.</param>
    /// <param name="power">Power in (1, 2); null to estimate it.</param>
    /// <param name="options">Weights, offset, limits; the family is set here.</param>
    /// <param name="level">Confidence level of the power's interval.</param>
    /// <exception cref="NotEstimableException">The power is to be estimated and no outcome is 0, or all are.</exception>
    public static TweedieFit Fit(DesignMatrix design, ReadOnlySpan<double> y, double? power = null, GlmOptions? options = null, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(design);
        InferenceGuard.Level(level);
        options ??= new GlmOptions();
        var outcome = y.ToArray();
        if (power is { } given)
        {
            var known = Require(GeneralisedLinearModel.Fit(design, y, options with { Family = GlmFamily.Tweedie(given) }));
            var (phi, likelihood) = Dispersion(known);
            return new TweedieFit(known, given, null, phi, likelihood, 0);
        }

        var zeros = outcome.Count(v => v == 0);
        if (zeros == 0 || zeros == outcome.Length)
        {
            throw new NotEstimableException(zeros == 0 ? "No outcome is exactly 0, so its power cannot be told from a gamma law: give the power, or take the gamma family." : "Every outcome is 0.");
        }

        Require(GeneralisedLinearModel.Fit(design, y, options with { Family = GlmFamily.Tweedie(FirstPower) }));
        var every = (outcome.Length + MostRowsForPower - 1) / MostRowsForPower;
        var sample = every == 1 ? (Design: design, Y: outcome, Options: options) : Thinned(design, outcome, options, every);
        double Negative(double p) => -Dispersion(GeneralisedLinearModel.Fit(sample.Design, sample.Y, sample.Options with { Family = GlmFamily.Tweedie(p) })).LogLikelihood;
        var best = Lowest(Negative);
        var fit = GeneralisedLinearModel.Fit(design, y, options with { Family = GlmFamily.Tweedie(best.X) });
        fit.IsPowerEstimated = true;
        var (dispersion, logLikelihood) = Dispersion(fit);
        fit.PowerInterval = Limits(Negative, best, level);
        return new TweedieFit(fit, best.X, fit.PowerInterval, dispersion, logLikelihood, sample.Y.Length);
    }

    // Where a combination of columns has only zeros, its mean runs off to 0.
    static GlmFit Require(GlmFit fit)
    {
        var overall = 0.0;
        foreach (var v in fit.Outcome)
        {
            overall += v / fit.Rows;
        }

        foreach (var mean in fit.Fitted)
        {
            if (mean < RunOff * overall)
            {
                throw new NotEstimableException("Every outcome is 0 in some rows that the columns set apart: their mean runs off to 0.");
            }
        }

        return fit;
    }

    /// <summary>Dispersion by maximum likelihood at the fitted means, and the log-likelihood there.</summary>
    internal static (double Dispersion, double LogLikelihood) Dispersion(GlmFit fit)
    {
        var start = Math.Log(Math.Max(1e-12, fit.PearsonDispersion));
        double Negative(double logPhi)
        {
            var phi = Math.Exp(logPhi);
            var sum = 0.0;
            for (var i = 0; i < fit.Rows; i++)
            {
                sum -= TweedieDensity.Log(fit.Outcome[i], fit.Fitted[i], phi / (fit.Options.Weights?[i] ?? 1.0), fit.Family.Power);
            }

            return sum;
        }

        var found = Brent.Minimize(Negative, start - 4.0, start + 4.0, 1e-7);
        return (Math.Exp(found.X), -found.Value);
    }

    // The profile can be flat near its ends: a grid first, then Brent's method around its lowest point.
    static MinimumResult Lowest(Func<double, double> negative)
    {
        const int steps = 8;
        var values = new double[steps + 1];
        double At(int i) => LowestPower + (HighestPower - LowestPower) * i / steps;
        for (var i = 0; i <= steps; i++)
        {
            values[i] = negative(At(i));
        }

        var lowest = Array.IndexOf(values, values.Min());
        return Brent.Minimize(negative, At(Math.Max(0, lowest - 1)), At(Math.Min(steps, lowest + 1)), 1e-6);
    }

    static Interval Limits(Func<double, double> negative, MinimumResult best, double level)
    {
        var z = Normal.UpperQuantile(0.5 * (1.0 - level));
        double Above(double p) => negative(p) - best.Value - 0.5 * z * z;
        var low = Above(LowestPower) > 0 ? Brent.Root(Above, LowestPower, best.X, 1e-5).X : LowestPower;
        var high = Above(HighestPower) > 0 ? Brent.Root(Above, best.X, HighestPower, 1e-5).X : HighestPower;
        return new Interval(low, high);
    }

    static (DesignMatrix Design, double[] Y, GlmOptions Options) Thinned(DesignMatrix design, double[] y, GlmOptions options, int every)
    {
        double[] Pick(double[] values) => [.. Enumerable.Range(0, (values.Length + every - 1) / every).Select(i => values[i * every])];
        return (
            new DesignMatrix([.. design.Raw.Select(Pick)], design.Names), Pick(y),
            options with { Weights = options.Weights is null ? null : Pick([.. options.Weights]), Offset = options.Offset is null ? null : Pick([.. options.Offset]) });
    }
}
