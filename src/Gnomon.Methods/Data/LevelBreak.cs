using Gnomon.Methods.Inference;

namespace Gnomon.Methods.Data;

/// <summary>Whether a series changed its level once, where, by how much, and whether the new level forecasts better.</summary>
/// <param name="Before">Values before the break: those at index 0 to <paramref name="Before"/> - 1.</param>
/// <param name="SupF">Largest F statistic over all places of the break, errors allowed to be correlated.</param>
/// <param name="PValue">p-value of "no break"; 1 below a statistic of 2.5, where the tail is not resolved.</param>
/// <param name="MeanBefore">Level before the break, in the unit of the series.</param>
/// <param name="MeanAfter">Level after it.</param>
/// <param name="Deviation">Standard deviation of the residuals around the two levels.</param>
/// <param name="ErrorOfAll">Root mean square error of one-step forecasts after the break by the mean of everything before them.</param>
/// <param name="ErrorOfNew">The same by the mean since the break.</param>
public sealed record LevelBreakResult(int Before, double SupF, double PValue, double MeanBefore, double MeanAfter, double Deviation, double ErrorOfAll, double ErrorOfNew)
{
    /// <summary>Shift of the level in residual standard deviations.</summary>
    public double Shift => Deviation > 0 ? (MeanAfter - MeanBefore) / Deviation : MeanAfter == MeanBefore ? 0 : double.MaxValue * Math.Sign(MeanAfter - MeanBefore);
}

/// <summary>One break of the level at an unknown place, for a series whose neighbours may be alike: sup-F with a long-run variance.</summary>
/// <remarks>
/// Sources: Andrews 1993, Econometrica 61 (statistic, 15 % of the series kept on either side); Newey and West 1987, 1994 for the long-run variance, from the residuals of the best break, or that of a first-order series where it is larger;
/// tail of its limit: DeLong 1981, Estrella 2003, Econometric Theory 19, for one parameter. Agrees with the critical values of Andrews 2003 (7.12, 8.68, 12.16) within a twentieth of the p-value.
/// </remarks>
public static class LevelBreak
{
    const double Trim = 0.15;
    const double LeastResolved = 2.5;
    const int BurnIn = 3;
    const double MostAlike = 0.97;

    /// <summary>Fewest values.</summary>
    public const int FewestValues = 20;

    /// <param name="values">Finite values at equal distances, in their order; at least <see cref="FewestValues"/>.</param>
    /// <exception cref="TooFewRowsException">Fewer than 20 values.</exception>
    /// <exception cref="NotEstimableException">The values do not vary.</exception>
    public static LevelBreakResult Find(ReadOnlySpan<double> values)
    {
        var n = values.Length;
        if (n < FewestValues)
            throw new TooFewRowsException("The series", n, FewestValues);
        var mean = 0.0;
        for (var i = 0; i < n; i++)
        {
            InferenceGuard.Finite(values[i], nameof(values));
            mean += (values[i] - mean) / (i + 1);
        }
        var (first, last) = ((int)Math.Ceiling(Trim * n), (int)Math.Floor((1 - Trim) * n));
        var (before, gain) = Best(values, mean, first, last);
        if (!(gain > 0))
            throw new NotEstimableException("The series does not vary, so its level cannot change.");
        var (a, b) = (Mean(values[..before]), Mean(values[before..]));
        var residuals = new double[n];
        for (var i = 0; i < n; i++)
            residuals[i] = values[i] - (i < before ? a : b);
        var squares = 0.0;
        foreach (var r in residuals)
            squares += r * r;
        var deviation = Math.Sqrt(squares / (n - 2));
        var variance = LongRun(residuals) * n / (n - 2.0);
        // The best place under one variance is the best place of F: the sum of squares that a break explains is F times that variance.
        var supF = variance > 0 ? gain / variance : double.MaxValue;
        var (all, fresh) = Forecasts(values, before);
        return new(before, supF, Tail(supF, first / (double)n, last / (double)n), a, b, deviation, all, fresh);
    }

    /// <summary>Chance that the limit of the statistic exceeds <paramref name="statistic"/> when there is no break.</summary>
    /// <param name="statistic">sup-F.</param>
    /// <param name="from">First share of the series after which a break is looked for.</param>
    /// <param name="to">Last one.</param>
    public static double Tail(double statistic, double from = Trim, double to = 1 - Trim)
    {
        if (statistic < LeastResolved)
            return 1;
        if (statistic > 1_400)
            return 0;
        var logRange = Math.Log(to * (1 - from) / (from * (1 - to)));
        // Density factor of chi-square with one degree of freedom: sqrt(c) exp(-c/2) / (sqrt(2) Gamma(1/2)).
        var factor = Math.Sqrt(statistic) * Math.Exp(-statistic / 2) / Math.Sqrt(2 * Math.PI);
        return Math.Min(1, factor * ((1 - 1 / statistic) * logRange + 2 / statistic));
    }

    static (int Before, double Gain) Best(ReadOnlySpan<double> values, double mean, int first, int last)
    {
        var n = values.Length;
        double sum = 0, best = -1;
        var at = first;
        for (var k = 1; k <= last; k++)
        {
            sum += values[k - 1] - mean;
            var gain = sum * sum * n / ((double)k * (n - k));
            if (k >= first && gain > best)
                (at, best) = (k, gain);
        }
        return (at, best);
    }

    // Bartlett weights, lags by the rule of thumb of Newey and West 1994 for economic series.
    static double LongRun(double[] residuals)
    {
        var n = residuals.Length;
        var lags = (int)Math.Floor(4 * Math.Pow(n / 100.0, 2.0 / 9));
        var total = 0.0;
        for (var lag = 0; lag <= lags; lag++)
        {
            var product = 0.0;
            for (var i = lag; i < n; i++)
                product += residuals[i] * residuals[i - lag];
            total += (lag == 0 ? 1 : 2 * (1 - lag / (lags + 1.0))) * product / n;
        }
        // In short series the sum over lags runs low where neighbours are alike: the variance of a first-order series stands beside it, its correlation corrected for the two levels taken out
        // (Marriott and Pope 1954). It is never taken below that of independent values.
        double own = 0, neighbours = 0;
        for (var i = 0; i < n; i++)
        {
            own += residuals[i] * residuals[i] / n;
            neighbours += i > 0 ? residuals[i] * residuals[i - 1] / n : 0;
        }
        var rho = own > 0 ? neighbours / own : 0;
        rho = Math.Clamp(rho + (2 + 4 * rho) / n, 0, MostAlike);
        return Math.Max(total, own * (1 + rho) / (1 - rho));
    }

    static (double All, double Fresh) Forecasts(ReadOnlySpan<double> values, int before)
    {
        double all = 0, fresh = 0, allMean = Mean(values[..before]), freshMean = 0;
        var counted = 0;
        for (var i = before; i < values.Length; i++)
        {
            var since = i - before;
            if (since >= BurnIn)
            {
                all += (values[i] - allMean) * (values[i] - allMean);
                fresh += (values[i] - freshMean) * (values[i] - freshMean);
                counted++;
            }
            allMean += (values[i] - allMean) / (i + 1);
            freshMean += (values[i] - freshMean) / (since + 1);
        }
        return counted == 0 ? (0, 0) : (Math.Sqrt(all / counted), Math.Sqrt(fresh / counted));
    }

    static double Mean(ReadOnlySpan<double> values)
    {
        var mean = 0.0;
        for (var i = 0; i < values.Length; i++)
            mean += (values[i] - mean) / (i + 1);
        return mean;
    }
}
