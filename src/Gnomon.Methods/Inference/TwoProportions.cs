using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Optimizers;

namespace Gnomon.Methods.Inference;

/// <summary>Difference of two proportions, x - y: tests and intervals.</summary>
/// <remarks>
/// Sources: Newcombe 1998 (Statistics in Medicine 17, method 10); Miettinen and Nurminen 1985 (ibid. 4); Boschloo 1970 (Statistica Neerlandica 24); Chan and
/// Zhang 1999 (Biometrics 55); Fisher 1935. <c>StandardError</c> is the unpooled one, 0 where both observed rates are 0 or 1.
/// </remarks>
public static class TwoProportions
{
    /// <summary>Largest group for which the exact methods run.</summary>
    public const long ExactLimit = 1000;

    /// <summary>Below this expected count in any cell <see cref="Compare"/> turns to an exact test.</summary>
    public const double SmallExpectedCount = 5;

    const double TieTolerance = 1e-7;

    /// <summary>Boschloo's exact test where an expected count is below 5 (Fisher's in groups above <see cref="ExactLimit"/>), else the score test.</summary>
    /// <param name="xs">Successes of the first group.</param>
    /// <param name="xn">Size of the first group, at least 1.</param>
    /// <param name="ys">Successes of the second group.</param>
    /// <param name="yn">Size of the second group, at least 1.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    public static ContrastResult Compare(long xs, long xn, long ys, long yn, double level = 0.95)
    {
        var table = TwoByTwo.Of(xs, xn, ys, yn, level);
        if (table.SmallestExpected >= SmallExpectedCount)
        {
            return Score(xs, xn, ys, yn, level);
        }

        return Math.Max(xn, yn) <= ExactLimit ? Boschloo(xs, xn, ys, yn, level) : Fisher(xs, xn, ys, yn, level);
    }

    /// <summary>Pooled z test (chi-square without correction) with Newcombe's hybrid score interval. The interval may leave out 0 where p is a little above 1 - level.</summary>
    /// <inheritdoc cref="Compare"/>
    /// <exception cref="NotEstimableException">All units have the same outcome.</exception>
    public static ContrastResult Score(long xs, long xn, long ys, long yn, double level = 0.95)
    {
        var table = TwoByTwo.Of(xs, xn, ys, yn, level);
        var z = table.PooledZ();
        return Result(table, Newcombe(xs, xn, ys, yn, level), z, TwoByTwo.TwoSided(z), level, "two-proportion score test, Newcombe interval");
    }

    /// <summary>Newcombe's hybrid score interval for x - y.</summary>
    /// <inheritdoc cref="Compare"/>
    public static Interval Newcombe(long xs, long xn, long ys, long yn, double level = 0.95)
    {
        var table = TwoByTwo.Of(xs, xn, ys, yn, level);
        var x = OneProportion.Wilson(xs, xn, level);
        var y = OneProportion.Wilson(ys, yn, level);
        var down = Hypotenuse(table.RateX - x.Low, y.High - table.RateY);
        var up = Hypotenuse(x.High - table.RateX, table.RateY - y.Low);
        return new(Math.Max(-1.0, table.Difference - down), Math.Min(1.0, table.Difference + up));
    }

    /// <summary>Score interval under restricted maximum likelihood.</summary>
    /// <inheritdoc cref="Compare"/>
    public static Interval MiettinenNurminen(long xs, long xn, long ys, long yn, double level = 0.95)
    {
        var table = TwoByTwo.Of(xs, xn, ys, yn, level);
        var z = Normal.UpperQuantile(0.5 * (1.0 - level));
        return new(LowerScoreLimit(table, z), -LowerScoreLimit(table.Swapped, z));
    }

    /// <summary>Is x at most a margin worse than y? One-sided score p for the null hypothesis x - y at most <paramref name="margin"/>.</summary>
    /// <param name="xs">Successes of the first group.</param>
    /// <param name="xn">Size of the first group.</param>
    /// <param name="ys">Successes of the second group.</param>
    /// <param name="yn">Size of the second group.</param>
    /// <param name="margin">In (-1, 1), usually negative: the largest loss that is acceptable.</param>
    /// <param name="level">Level of the two-sided interval; its low end is above the margin exactly when p is below (1 - level) / 2.</param>
    /// <exception cref="NotEstimableException">The score has no variance at the margin.</exception>
    public static ContrastResult NonInferiority(long xs, long xn, long ys, long yn, double margin, double level = 0.95)
    {
        var table = TwoByTwo.Of(xs, xn, ys, yn, level);
        if (!(margin > -1 && margin < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(margin), margin, "A margin of a difference of rates lies between -1 and 1.");
        }

        var z = RestrictedRates.DifferenceZ(table, margin);
        if (!double.IsFinite(z))
        {
            throw new NotEstimableException("The score has no variance at this margin.");
        }

        return Result(
            table, MiettinenNurminen(xs, xn, ys, yn, level), z, Normal.Sf(z), level, "Miettinen-Nurminen score test, one-sided against the margin");
    }

    /// <summary>Boschloo's exact test, twice the smaller one-sided p, with Chan and Zhang's exact interval. The two order the tables differently, so they need not agree at the edge.</summary>
    /// <inheritdoc cref="Compare"/>
    /// <exception cref="ArgumentOutOfRangeException">A group is larger than <see cref="ExactLimit"/>.</exception>
    public static ContrastResult Boschloo(long xs, long xn, long ys, long yn, double level = 0.95)
    {
        var table = TwoByTwo.Of(xs, xn, ys, yn, level);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(xn, ExactLimit);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(yn, ExactLimit);
        var greater = ExactUnconditional.BoschlooGreater(table);
        var less = ExactUnconditional.BoschlooGreater(table.Swapped);
        var p = Math.Min(1.0, 2.0 * Math.Min(greater, less));
        var statistic = Math.Exp(Math.Min(ExactUnconditional.LogFisherGreater(table), ExactUnconditional.LogFisherGreater(table.Swapped)));
        var interval = ExactUnconditional.ChanZhang(table, level);
        return Result(table, interval, statistic, p, level, "Boschloo exact test, Chan-Zhang exact interval");
    }

    /// <summary>Fisher's exact test conditional on the total, two-sided by summing the tables that are no more likely, with Newcombe's interval.</summary>
    /// <inheritdoc cref="Compare"/>
    public static ContrastResult Fisher(long xs, long xn, long ys, long yn, double level = 0.95)
    {
        var table = TwoByTwo.Of(xs, xn, ys, yn, level);
        var p = FisherTwoSided(table);
        return Result(table, Newcombe(xs, xn, ys, yn, level), p, p, level, "Fisher exact test, Newcombe interval");
    }

    /// <summary>Fisher's test with mid-p: twice the smaller tail, with half the chance of the table itself. Nearly unconditional in size, where Fisher's own p is far too large.</summary>
    /// <inheritdoc cref="Compare"/>
    public static ContrastResult FisherMidP(long xs, long xn, long ys, long yn, double level = 0.95)
    {
        var t = TwoByTwo.Of(xs, xn, ys, yn, level);
        var population = xn + yn;
        var draws = xs + ys;
        var own = Hypergeometric.Pmf(xs, population, xn, draws);
        var less = Hypergeometric.Cdf(xs, population, xn, draws) - 0.5 * own;
        var more = Hypergeometric.Sf(xs, population, xn, draws) + 0.5 * own;
        var p = Math.Min(1.0, 2.0 * Math.Min(less, more));
        return Result(t, Newcombe(xs, xn, ys, yn, level), p, p, level, "Fisher mid-p test, Newcombe interval");
    }

    static double FisherTwoSided(TwoByTwo t)
    {
        var population = t.Xn + t.Yn;
        var draws = t.Xs + t.Ys;
        var low = Math.Max(0, draws - t.Yn);
        var high = Math.Min(t.Xn, draws);
        var mode = Math.Clamp((long)((draws + 1.0) * (t.Xn + 1.0) / (population + 2.0)), low, high);
        var bound = LogPmf(t.Xs) + TieTolerance;

        // Terms rise to the mode and fall after it: each tail ends where they pass the observed one.
        var upper = Bisect(mode, high + 1, k => k > high || LogPmf(k) <= bound);
        var lower = mode - Bisect(0, mode - low + 1, k => mode - k < low || LogPmf(mode - k) <= bound);
        if (lower >= upper)
        {
            return 1.0;
        }

        var above = upper > high ? 0.0 : Hypergeometric.Sf(upper - 1, population, t.Xn, draws);
        var below = lower < low ? 0.0 : Hypergeometric.Cdf(lower, population, t.Xn, draws);
        return Math.Min(1.0, above + below);

        double LogPmf(long k) => Hypergeometric.LogPmf(k, population, t.Xn, draws);
    }

    static long Bisect(long low, long high, Func<long, bool> isEnough)
    {
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            (low, high) = isEnough(middle) ? (low, middle) : (middle + 1, high);
        }

        return low;
    }

    // The delta below the observed difference at which the score statistic reaches z.
    static double LowerScoreLimit(TwoByTwo t, double z)
    {
        var d = t.Difference;
        var near = d - 1e-12;
        if (near <= -1.0)
        {
            return -1.0;
        }

        double Gap(double delta) => d - delta - z * Math.Sqrt(RestrictedRates.DifferenceVariance(t, delta));
        return Gap(near) >= 0 ? near : Brent.Root(Gap, -1.0, near, 1e-15).X;
    }

    static ContrastResult Result(TwoByTwo t, Interval interval, double statistic, double p, double level, string method) =>
        new(t.Difference, interval.Low, interval.High, t.UnpooledError, statistic, null, p, level, method);

    static double Hypotenuse(double a, double b) => Math.Sqrt(a * a + b * b);
}
