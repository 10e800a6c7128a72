using Gnomon.Methods.Inference;
using Gnomon.Methods.Regression;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Interference;

/// <summary>Two units of every pair, one of them treated by the toss of a coin: the mean difference within pairs at equal covariate, with HC2 errors and Bell-McCaffrey degrees of freedom, and its exact test.</summary>
/// <remarks>
/// Sources: Fogarty 2018, JRSS B 80 (regression adjustment in paired experiments); Bell and McCaffrey 2002, Survey Methodology 28; Fisher 1935. Differences of the outcome are regressed on an intercept
/// and differences of the covariate; the intercept is the effect. The test swaps the two units of every pair, in all 2^n ways where they are few.
/// </remarks>
public static class PairedAncova
{
    const int Fewest = 4;

    /// <param name="outcome">Treated minus control unit of each pair, at least 4 pairs; finite.</param>
    /// <param name="covariate">The same of the covariate.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="TooFewRowsException">Fewer than 4 pairs.</exception>
    /// <exception cref="NotEstimableException">Pairs do not differ beyond the covariate.</exception>
    public static ContrastResult Compare(ReadOnlySpan<double> outcome, ReadOnlySpan<double> covariate, double level = 0.95)
    {
        InferenceGuard.Level(level);
        Require(outcome, covariate);
        double[] x = covariate.ToArray(), ones = [.. Enumerable.Repeat(1.0, x.Length)];
        var fit = LeastSquares.Fit(new DesignMatrix(Varies(x) ? [ones, x] : [ones], Varies(x) ? [DesignMatrix.InterceptName, "covariate"] : [DesignMatrix.InterceptName]), outcome);
        var errors = BellMcCaffrey.Errors(fit, 1);
        var (value, error, degrees) = (fit.Coefficients[0], errors.StandardError(0), errors.DegreesOfFreedom[0]);
        var scale = 0.0;
        foreach (var v in outcome)
            scale = Math.Max(scale, Math.Abs(v));
        if (!(error > 1e-13 * scale))
            throw new NotEstimableException("Pairs do not differ beyond their covariate, so the difference has no standard error.");
        var reach = StudentT.UpperQuantile(0.5 * (1.0 - level), degrees) * error;
        var t = value / error;
        return new(value, value - reach, value + reach, error, t, degrees, Math.Min(1.0, 2.0 * StudentT.Sf(Math.Abs(t), degrees)), level, $"differences within {outcome.Length} pairs adjusted for the covariate, HC2 with Bell-McCaffrey degrees of freedom");
    }

    /// <summary>Would swapping the units of some pairs have shown as much?</summary>
    /// <param name="outcome">Treated minus control unit of each pair, at least 4 pairs.</param>
    /// <param name="covariate">The same of the covariate.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    public static RerandomisationResult Test(ReadOnlySpan<double> outcome, ReadOnlySpan<double> covariate, RerandomisationOptions? options = null)
    {
        Require(outcome, covariate);
        var again = Swaps(outcome.Length, options);
        return new(P(again, outcome.ToArray(), covariate.ToArray(), 0.0), again.Run, again.IsExact, again.SmallestP);
    }

    /// <summary>The effects, the same for every pair, that the test does not reject; null where no bounded interval exists at this level.</summary>
    /// <param name="outcome">Treated minus control unit of each pair, at least 4 pairs.</param>
    /// <param name="covariate">The same of the covariate.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <param name="options">Settings; null for the defaults.</param>
    public static Interval? Invert(ReadOnlySpan<double> outcome, ReadOnlySpan<double> covariate, double level = 0.95, RerandomisationOptions? options = null)
    {
        InferenceGuard.Level(level);
        Require(outcome, covariate);
        var again = Swaps(outcome.Length, options);
        double[] y = outcome.ToArray(), x = covariate.ToArray();
        var (value, variance) = Intercept(y, x, 0.0, new bool[y.Length]);
        return again.Invert(delta => P(again, y, x, delta), value, variance > 0 ? Math.Sqrt(variance) : Math.Max(y.Max(Math.Abs), 1e-12), 1.0 - level);
    }

    static Reassignment Swaps(int pairs, RerandomisationOptions? options)
    {
        var (treated, partner) = (new bool[2 * pairs], new int[2 * pairs]);
        for (var i = 0; i < pairs; i++)
            (treated[2 * i], partner[2 * i], partner[2 * i + 1]) = (true, 2 * i + 1, 2 * i);
        return new Reassignment(treated, partner, options ?? new());
    }

    static double P(Reassignment again, double[] y, double[] x, double delta)
    {
        var flipped = new bool[y.Length];
        return again.P(arms =>
        {
            for (var i = 0; i < flipped.Length; i++)
                flipped[i] = arms[2 * i + 1];
            var (value, variance) = Intercept(y, x, delta, flipped);
            return variance > 0 ? value * value / variance : value == 0 ? 0.0 : double.PositiveInfinity;
        });
    }

    // Intercept and its HC2 variance, with the signs of the flipped pairs turned.
    static (double Value, double Variance) Intercept(double[] y, double[] x, double delta, bool[] flipped)
    {
        var n = y.Length;
        double meanX = 0, meanY = 0;
        for (var i = 0; i < n; i++)
        {
            var sign = flipped[i] ? -1.0 : 1.0;
            meanX += sign * x[i] / n;
            meanY += sign * (y[i] - delta) / n;
        }

        double sxx = 0, sxy = 0, largest = 0;
        for (var i = 0; i < n; i++)
        {
            var sign = flipped[i] ? -1.0 : 1.0;
            sxx += (sign * x[i] - meanX) * (sign * x[i] - meanX);
            sxy += (sign * x[i] - meanX) * (sign * (y[i] - delta) - meanY);
            largest = Math.Max(largest, Math.Abs(x[i]));
        }

        var isFlat = !(sxx > 1e-24 * n * largest * largest);
        var slope = isFlat ? 0.0 : sxy / sxx;
        double value = meanY - slope * meanX, variance = 0;
        for (var i = 0; i < n; i++)
        {
            var sign = flipped[i] ? -1.0 : 1.0;
            var dx = sign * x[i] - meanX;
            var weight = 1.0 / n - (isFlat ? 0.0 : meanX * dx / sxx);
            var residual = sign * (y[i] - delta) - meanY - slope * dx;
            variance += weight * weight * residual * residual / Math.Max(1e-9, 1.0 - 1.0 / n - (isFlat ? 0.0 : dx * dx / sxx));
        }

        return (value, variance);
    }

    static bool Varies(double[] x) => x.Max() - x.Min() > 1e-12 * x.Max(Math.Abs);

    static void Require(ReadOnlySpan<double> outcome, ReadOnlySpan<double> covariate)
    {
        if (outcome.Length != covariate.Length)
            throw new ArgumentException("There must be one covariate per pair.", nameof(covariate));
        if (outcome.Length < Fewest)
            throw new TooFewRowsException("The set of pairs", outcome.Length, Fewest);
        for (var i = 0; i < outcome.Length; i++)
        {
            if (!double.IsFinite(outcome[i]) || !double.IsFinite(covariate[i]))
                throw new ArgumentOutOfRangeException(nameof(outcome), "Differences are finite.");
        }
    }
}
