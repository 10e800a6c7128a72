using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Random;

namespace Gnomon.Methods.Interference;

/// <summary>Settings of a replay.</summary>
public sealed record GeoReplayOptions
{
    /// <summary>Size of the test, two-sided.</summary>
    public double Alpha { get; init; } = 0.05;

    /// <summary>Wanted chance of finding the effect.</summary>
    public double Power { get; init; } = 0.8;

    /// <summary>Tests replayed; at least 50.</summary>
    public int Runs { get; init; } = 400;

    /// <summary>Most periods before the start that a replayed test looks at.</summary>
    public int MostBefore { get; init; } = 56;

    /// <summary>Seed: the same seed gives the same bits for any number of threads.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Most threads; null for all cores.</summary>
    public int? Threads { get; init; }
}

/// <summary>What tests of one length would have seen.</summary>
/// <param name="Length">Periods after the start.</param>
/// <param name="Before">Periods before it.</param>
/// <param name="Smallest">The effect per region and period that the wanted share of tests finds; null where even no effect is enough to find.</param>
/// <param name="Low">Lower end of its 95 % interval over the replays; null where the replays do not bound it.</param>
/// <param name="High">Upper end.</param>
/// <param name="FalseAlarms">Share of tests that find something where nothing was done.</param>
/// <param name="Runs">Tests replayed.</param>
/// <param name="Starts">Different starts that the history allows.</param>
/// <param name="Method">How each was read.</param>
public sealed record GeoReplayResult(int Length, int Before, double? Smallest, double? Low, double? High, double FalseAlarms, int Runs, int Starts, RegionMethod Method);

/// <summary>Plans a test of regions on their own history: starts and assignments are drawn where nothing was done, each test is read as the real one would be, and the effect it would just have found is noted.</summary>
/// <remarks>
/// Sources: Vaver and Koehler 2011 and Kerman, Wang and Vaver 2017 (geo experiments planned on their history); the smallest effect is the quantile, at the wanted power, of the effects that just reach the size
/// of the test, so no normal law is supposed. Overlapping windows of one history are alike: the intervals tell the error of drawing, not that history may not come again.
/// </remarks>
public static class GeoReplay
{
    const int FewestRuns = 50;
    const int Halvings = 40;
    const int MostDoublings = 24;

    /// <param name="series">Value of every region in every period; finite.</param>
    /// <param name="treated">Regions that are to have the change.</param>
    /// <param name="length">Periods of the test.</param>
    /// <param name="matching">How regions are drawn.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <exception cref="TooFewRowsException">Fewer than 4 regions, or a history shorter than the test and 4 periods before it.</exception>
    public static GeoReplayResult Run(IReadOnlyList<double[]> series, int treated, int length, RegionMatching matching, GeoReplayOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(series);
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Runs, FewestRuns);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        if (series.Count < 4)
            throw new TooFewRowsException("The set of regions", series.Count, 4);
        var periods = series[0].Length;
        if (periods < length + 4)
            throw new TooFewRowsException("The history", periods, length + 4);
        var before = Math.Min(periods - length, options.MostBefore);
        var starts = periods - length - before + 1;
        var arms = matching == RegionMatching.Pairs ? series.Count / 2 : treated;
        var method = RegionMethods.Choose(arms, matching == RegionMatching.Pairs ? arms : series.Count - treated, before, matching == RegionMatching.Pairs);
        var (found, alarms) = (new double[options.Runs], new bool[options.Runs]);
        Parallel.For(0, options.Runs, new ParallelOptions { MaxDegreeOfParallelism = options.Threads ?? -1 }, run =>
        {
            var rng = new Rng(options.Seed).Stream("geo replay", run);
            var first = rng.NextInt(starts);
            var draw = RegionAssignment.Draw(series, first, first + before, treated, matching, rng);
            (found[run], alarms[run]) = Read([.. series.Select(s => s[first..(first + before + length)])], before, draw, method, options.Alpha);
        });
        Array.Sort(found);
        var (low, high) = Order(options.Runs, options.Power);
        double? At(int rank) => rank >= 0 && rank < found.Length && double.IsFinite(found[rank]) ? found[rank] : null;
        return new(length, before, At((int)Math.Ceiling(options.Power * options.Runs) - 1), At(low), At(high), alarms.Count(a => a) / (double)options.Runs, options.Runs, starts, method);
    }

    // Ranks around a quantile between which it lies with 95 % confidence (normal approximation of the binomial).
    static (int Low, int High) Order(int runs, double power)
    {
        var reach = 1.96 * Math.Sqrt(runs * power * (1.0 - power));
        return ((int)Math.Floor(runs * power - reach) - 1, (int)Math.Ceiling(runs * power + reach) - 1);
    }

    // The positive effect that this test would just have found, and whether it finds one where there is none.
    static (double Found, bool Alarm) Read(double[][] series, int before, RegionDraw draw, RegionMethod method, double alpha)
    {
        try
        {
            return method switch
            {
                RegionMethod.Synthetic => Synthetic(series, before, draw.Treated, alpha),
                RegionMethod.Pairs or RegionMethod.PairsSwapped => Pairs(series, before, draw, method, alpha),
                _ => Covariance(series, before, draw.Treated, method, alpha),
            };
        }
        catch (NotEstimableException)
        {
            return (double.PositiveInfinity, false);
        }
    }

    static (double, bool) Covariance(double[][] series, int before, bool[] treated, RegionMethod method, double alpha)
    {
        var (pre, post) = (Means(series, 0, before), Means(series, before, series[0].Length));
        double[] Of(double[] v, bool arm) => [.. v.Where((_, i) => treated[i] == arm)];
        ClusterTotals Ones(double[] v) => new(v, [.. v.Select(_ => 1.0)]);
        double[] x = [.. Of(pre, true), .. Of(pre, false)];
        var (first, second) = (Ones(Of(post, true)), Ones(Of(post, false)));
        var fit = ClusterAncova.Compare(first, second, [x], 1.0 - alpha).Difference;
        if (method == RegionMethod.Covariance)
            return ByT(fit, alpha);
        var least = Subsets.Count(x.Length, first.Count) <= Quick.MostEnumerated ? ClusterRandomisation.SmallestP(first.Count, second.Count) : 1.0 / (Quick.Draws + 1.0);
        return least > alpha * (1.0 + 1e-9) ? (double.PositiveInfinity, false) : ByTest(delta => ClusterAncova.Test(new ClusterTotals([.. first.Sums.Select(v => v + delta)], first.Sizes), second, [x], Quick).PValue, fit, alpha);
    }

    static (double, bool) Pairs(double[][] series, int before, RegionDraw draw, RegionMethod method, double alpha)
    {
        var (pre, post) = (Means(series, 0, before), Means(series, before, series[0].Length));
        int[] treated = [.. Enumerable.Range(0, series.Length).Where(i => draw.Treated[i])];
        double[] y = [.. treated.Select(i => post[i] - post[draw.Partner![i]])], x = [.. treated.Select(i => pre[i] - pre[draw.Partner![i]])];
        var fit = PairedAncova.Compare(y, x, 1.0 - alpha);
        return method == RegionMethod.Pairs ? ByT(fit, alpha) : Math.Pow(2.0, 1 - y.Length) > alpha ? (double.PositiveInfinity, false) : ByTest(delta => PairedAncova.Test([.. y.Select(v => v + delta)], x, Quick).PValue, fit, alpha);
    }

    static (double, bool) Synthetic(double[][] series, int before, bool[] treated, double alpha)
    {
        var placebos = SyntheticControl.Placebos(series, treated, before, new() { MostEnumerated = 500, Draws = 499 }, out var own);
        if (1.0 / placebos.Count > alpha * (1.0 + 1e-9))
            return (double.PositiveInfinity, false);
        var scale = own.Misfit > 0 ? own.Misfit : 1.0;
        return Search(delta => SyntheticControl.Share(placebos, own, -delta), scale, Math.Abs(own.Gap), own.Gap > 0, alpha);
    }

    static RerandomisationOptions Quick => new() { MostEnumerated = 1_000, Draws = 499 };

    static (double, bool) ByT(ContrastResult fit, double alpha) =>
        (Math.Max(0.0, StudentT.UpperQuantile(0.5 * alpha, fit.DegreesOfFreedom!.Value) * fit.StandardError - fit.Value), fit.PValue <= alpha);

    static (double, bool) ByTest(Func<double, double> p, ContrastResult fit, double alpha) => Search(p, fit.StandardError, Math.Abs(fit.Value), fit.Value > 0, alpha);

    static (double, bool) Search(Func<double, double> p, double step, double least, bool isAbove, double alpha)
    {
        var alarm = p(0.0) <= alpha;
        if (alarm && isAbove)
            return (0.0, true);

        // Below the estimate's own size an effect could only be found with the wrong sign.
        var (inside, outside) = (isAbove ? 0.0 : least, (isAbove ? 0.0 : least) + step);
        for (var doubling = 0; p(outside) > alpha; doubling++)
        {
            if (doubling == MostDoublings)
                return (double.PositiveInfinity, alarm);
            inside = outside;
            step *= 2;
            outside += step;
        }

        for (var i = 0; i < Halvings && outside - inside > 1e-6 * outside; i++)
        {
            var middle = 0.5 * (inside + outside);
            if (p(middle) > alpha)
                inside = middle;
            else
                outside = middle;
        }

        return (outside, alarm);
    }

    static double[] Means(double[][] series, int from, int to) => [.. series.Select(s =>
    {
        var sum = 0.0;
        for (var t = from; t < to; t++)
            sum += s[t];
        return sum / (to - from);
    })];
}
