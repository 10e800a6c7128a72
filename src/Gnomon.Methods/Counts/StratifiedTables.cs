using Gnomon.Methods.Inference;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Counts;

/// <summary>Successes and trials of two groups in one stratum.</summary>
/// <param name="Xs">Successes of the first group.</param>
/// <param name="Xn">Size of the first group.</param>
/// <param name="Ys">Successes of the second group.</param>
/// <param name="Yn">Size of the second group.</param>
[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
public readonly record struct Stratum(long Xs, long Xn, long Ys, long Yn);

/// <summary>Outcome of a stratified comparison of two proportions.</summary>
/// <param name="OddsRatio">Mantel-Haenszel common odds ratio, x over y, with its interval and the Cochran-Mantel-Haenszel test; null when the data give no finite one.</param>
/// <param name="Difference">Mantel-Haenszel common difference of rates, x - y.</param>
/// <param name="CochranMantelHaenszel">Chi-square of no association in any stratum, one degree of freedom, without correction.</param>
/// <param name="BreslowDay">Test that the odds ratio is one and the same in all strata, with Tarone's adjustment; null when there is no finite odds ratio or one stratum only.</param>
/// <param name="StrataUsed">Strata in which both groups and both outcomes occur.</param>
public sealed record StratifiedTablesResult(
    ContrastResult? OddsRatio, ContrastResult Difference, Groups.OmnibusResult CochranMantelHaenszel, Groups.OmnibusResult? BreslowDay, int StrataUsed);

/// <summary>Two proportions compared within strata.</summary>
/// <remarks>
/// Sources: Cochran 1954; Mantel and Haenszel 1959, JNCI 22; Robins, Breslow and Greenland 1986, Biometrics 42 (interval of the odds ratio); Greenland and
/// Robins 1985, Biometrics 41 (common difference); Breslow and Day 1980 with Tarone 1985, Biometrika 72. Agrees with R <c>mantelhaen.test(correct = FALSE)</c> and
/// statsmodels <c>StratifiedTable</c> to 1e-10.
/// </remarks>
public static class StratifiedTables
{
    /// <param name="strata">At least one stratum.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="NotEstimableException">No stratum holds both groups and both outcomes.</exception>
    public static StratifiedTablesResult Test(IReadOnlyList<Stratum> strata, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(strata);
        InferenceGuard.Level(level);
        double gap = 0, variance = 0, weight = 0, rateGap = 0, rateVariance = 0;
        double r = 0, s = 0, pr = 0, mixed = 0, qs = 0;
        var used = 0;
        foreach (var t in strata)
        {
            Check(t);
            double a = t.Xs, b = t.Xn - t.Xs, c = t.Ys, d = t.Yn - t.Ys;
            double n = t.Xn + t.Yn, m = t.Xs + t.Ys;
            if (t.Xn == 0 || t.Yn == 0)
            {
                continue;
            }

            // Strata with one outcome only still tell that the difference is 0 there.
            var w = (double)t.Xn * t.Yn / n;
            weight += w;
            rateGap += w * (a / t.Xn - c / t.Yn);
            rateVariance += (a * b * ((double)t.Yn * t.Yn * t.Yn) + c * d * ((double)t.Xn * t.Xn * t.Xn)) / ((double)t.Xn * t.Yn * n * n);
            if (m == 0 || m == n)
            {
                continue;
            }

            used++;
            gap += a - t.Xn * m / n;
            variance += t.Xn * (double)t.Yn * m * (n - m) / (n * n * (n - 1.0));
            var (ri, si, p, q) = (a * d / n, b * c / n, (a + d) / n, (b + c) / n);
            r += ri;
            s += si;
            pr += p * ri;
            mixed += p * si + q * ri;
            qs += q * si;
        }

        if (used == 0)
        {
            throw new NotEstimableException("No stratum holds both groups and both outcomes, so nothing can be compared within strata.");
        }

        var chi = gap * gap / variance;
        var test = new Groups.OmnibusResult(chi, 1.0, null, ChiSquared.Sf(chi, 1.0), "Cochran-Mantel-Haenszel");
        var difference = Difference(rateGap / weight, Math.Sqrt(rateVariance) / weight, Math.Sign(gap) * Math.Sqrt(chi), test.PValue, level);
        if (r == 0 || s == 0)
        {
            return new(null, difference, test, null, used);
        }

        var ratio = r / s;
        var error = Math.Sqrt(pr / (2.0 * r * r) + mixed / (2.0 * r * s) + qs / (2.0 * s * s));
        var reach = Math.Exp(Normal.UpperQuantile(0.5 * (1.0 - level)) * error);
        var odds = new ContrastResult(
            ratio, ratio / reach, ratio * reach, ratio * error, Math.Sign(gap) * Math.Sqrt(chi), null, test.PValue, level, "Mantel-Haenszel odds ratio");
        return new(odds, difference, test, used > 1 ? BreslowDay(strata, ratio, used) : null, used);
    }

    static ContrastResult Difference(double value, double error, double z, double p, double level)
    {
        var reach = Normal.UpperQuantile(0.5 * (1.0 - level)) * error;
        return new(value, Math.Max(-1.0, value - reach), Math.Min(1.0, value + reach), error, z, null, p, level, "Mantel-Haenszel difference of rates");
    }

    static Groups.OmnibusResult BreslowDay(IReadOnlyList<Stratum> strata, double ratio, int used)
    {
        double statistic = 0, gaps = 0, variances = 0;
        foreach (var t in strata)
        {
            var m = t.Xs + t.Ys;
            if (t.Xn == 0 || t.Yn == 0 || m == 0 || m == t.Xn + t.Yn)
            {
                continue;
            }

            var expected = Expected(t.Xn, t.Yn, m, ratio);
            var variance = 1.0 / (1.0 / expected + 1.0 / (m - expected) + 1.0 / (t.Xn - expected) + 1.0 / (t.Yn - m + expected));
            var gap = t.Xs - expected;
            statistic += gap * gap / variance;
            gaps += gap;
            variances += variance;
        }

        // Tarone: the common ratio is not the most likely one, which adds this much.
        statistic = Math.Max(0.0, statistic - gaps * gaps / variances);
        return new(statistic, used - 1.0, null, ChiSquared.Sf(statistic, used - 1.0), "Breslow-Day, Tarone's adjustment");
    }

    // The expected successes of x given margins and odds ratio: the root of a quadratic inside its range, in the form that does not cancel.
    static double Expected(double xn, double yn, double m, double ratio)
    {
        if (Math.Abs(ratio - 1.0) < 1e-12)
        {
            return xn * m / (xn + yn);
        }

        var a = ratio - 1.0;
        var b = -(ratio * (xn + m) + yn - m);
        var c = ratio * xn * m;
        var root = Math.Sqrt(Math.Max(0.0, b * b - 4.0 * a * c));
        return 2.0 * c / (-b + root);
    }

    static void Check(Stratum t)
    {
        if (t.Xs < 0 || t.Xs > t.Xn || t.Ys < 0 || t.Ys > t.Yn)
        {
            throw new ArgumentOutOfRangeException(nameof(t), t, "Successes lie between 0 and the size of their group.");
        }
    }
}
