using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.LinearAlgebra;

namespace Gnomon.Methods.Interference;

/// <summary>Settings of a synthetic control.</summary>
public sealed record SyntheticControlOptions
{
    /// <summary>Confidence level in (0, 1).</summary>
    public double Level { get; init; } = 0.95;

    /// <summary>Ridge penalty as a share of the mean squared size of a region's pre-period; infinity for none of the augmentation; null to choose it by prediction within the pre-period.</summary>
    public double? Penalty { get; init; }

    /// <summary>Most assignments that are all run; beyond, some are drawn.</summary>
    public int MostEnumerated { get; init; } = 2_000;

    /// <summary>Assignments drawn where they are too many.</summary>
    public int Draws { get; init; } = 999;

    /// <summary>Seed of the drawn assignments.</summary>
    public ulong Seed { get; init; } = 1;
}

/// <summary>The treated regions against what the others foretell of them.</summary>
/// <param name="Effect">Mean gap per period after the start; its p compares it, over the pre-period's misfit, with every other assignment; its interval holds the effects that are not rejected.</param>
/// <param name="Test">Assignments run, and the smallest p they could give.</param>
/// <param name="RatioP">p of the ratio of squared gaps after and before the start, as Abadie, Diamond and Hainmueller have it.</param>
/// <param name="Treated">Mean of the treated regions in every period.</param>
/// <param name="Counterfactual">What the other regions foretell.</param>
/// <param name="Donors">Weight of every region; 0 for treated ones; they sum to 1 and may be slightly negative where augmented.</param>
/// <param name="Penalty">The share used; infinity without augmentation.</param>
/// <param name="Misfit">Root mean squared gap before the start.</param>
public sealed record SyntheticControlResult(
    ContrastResult Effect, RerandomisationResult Test, double RatioP, double[] Treated, double[] Counterfactual, double[] Donors, double Penalty, double Misfit);

/// <summary>The same question asked of a start that never was: nothing should be found.</summary>
/// <param name="Gap">Mean gap per period between the pretended start and the true one.</param>
/// <param name="From">The first period after the pretended start.</param>
/// <param name="Test">Its place among all assignments.</param>
public sealed record PlaceboInTimeResult(double Gap, int From, RerandomisationResult Test);

/// <summary>Augmented synthetic control of one or few treated regions, with placebo assignments in space.</summary>
/// <remarks>
/// Sources: Abadie, Diamond and Hainmueller 2010, JASA 105; Ferman and Pinto 2021, Quantitative Economics 12 (levels taken out first: each region less its own pre-period mean); Ben-Michael, Feller and
/// Rothstein 2021, JASA 116 (ridge augmentation: w + X (X'X + lambda I)^-1 (x1 - X'w), donors centred per period); Firpo and Possebom 2018, Journal of Causal Inference 6 (interval from the effects,
/// the same in every period and treated region, that the placebo test does not reject; it is exact where the treated regions were drawn at random). The penalty is that which, every region taken for treated in
/// turn, best foretells the last third of the pre-period from the first two: it depends on no assignment and on nothing after the start, so the test stays exact.
/// </remarks>
public static class SyntheticControl
{
    /// <summary>Penalties tried, as shares of the mean squared size of a region's pre-period; the first is none of the augmentation.</summary>
    public static IReadOnlyList<double> Penalties { get; } = [double.PositiveInfinity, 10.0, 1.0, 0.1, 0.01];

    const int FewestPeriods = 4;

    /// <param name="series">Value of every region in every period, the same periods for all; finite.</param>
    /// <param name="treated">Which regions were treated; at least 1, and at least 2 others.</param>
    /// <param name="before">Periods before the start, at least 4; the others are after it, at least 1.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <exception cref="TooFewRowsException">Fewer than 4 periods before or 1 after the start, no treated region, or fewer than 2 others.</exception>
    /// <exception cref="NotEstimableException">No bounded interval exists at this level, or the regions never vary.</exception>
    public static SyntheticControlResult Estimate(IReadOnlyList<double[]> series, IReadOnlyList<bool> treated, int before, SyntheticControlOptions? options = null)
    {
        options ??= new();
        InferenceGuard.Level(options.Level);
        Require(series, treated, before);
        var penalty = options.Penalty ?? Choose(series, before);
        var panel = new RegionPanel(series, before, penalty);
        if (!(panel.Size > 1e-20 * series.Max(s => s.Max(v => v * v))))
            throw new NotEstimableException("No region varies before the start, so nothing can be foretold.");
        bool[] arms = [.. treated];
        var again = new Reassignment(arms, null, new() { MostEnumerated = options.MostEnumerated, Draws = options.Draws, Seed = options.Seed });
        var own = panel.Gap(arms, arms);
        List<Placebo> all = [.. again.All().Select(a => panel.Gap(a, arms))];
        if (!again.IsExact)
            all.Add(own);
        var p = Share(all, own, 0.0);
        var ratio = all.Count(a => a.Ratio >= own.Ratio * (1.0 - 1e-9)) / (double)all.Count;
        var interval = Invert(all, own, 1.0 - options.Level)
            ?? throw new NotEstimableException($"{again.Run} assignments leave no bounded interval at this level: the smallest p is {again.SmallestP:0.###}.");
        var count = arms.Count(a => a);
        double[] mean = [.. Enumerable.Range(0, series[0].Length).Select(t => Enumerable.Range(0, arms.Length).Where(i => arms[i]).Sum(i => series[i][t]) / count)];
        double[] gap = panel.Series(arms, own.Weights);
        return new(
            new ContrastResult(own.Gap, interval.Low, interval.High, interval.Width / 2 / Normal.UpperQuantile(0.5 * (1.0 - options.Level)), own.Gap / own.Misfit, null, p, options.Level, $"{(double.IsInfinity(penalty) ? "synthetic control" : "augmented synthetic control")}, placebo test over {(again.IsExact ? "all " : string.Empty)}{again.Run} assignments of the treated regions"),
            new RerandomisationResult(p, again.Run, again.IsExact, again.SmallestP), ratio, mean, [.. mean.Zip(gap, (m, g) => m - g)], own.Weights, penalty, own.Misfit);
    }

    /// <summary>Placebo in time: the effect of a start at two thirds of the pre-period, read before the true one.</summary>
    /// <param name="series">Value of every region in every period.</param>
    /// <param name="treated">Which regions were treated.</param>
    /// <param name="before">Periods before the start, at least 6.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <exception cref="TooFewRowsException">Fewer than 6 periods before the start.</exception>
    public static PlaceboInTimeResult InTime(IReadOnlyList<double[]> series, IReadOnlyList<bool> treated, int before, SyntheticControlOptions? options = null)
    {
        options ??= new();
        Require(series, treated, before);
        if (before < FewestPeriods + 2)
            throw new TooFewRowsException("The time before the start", before, FewestPeriods + 2);
        var from = 2 * before / 3;
        double[][] cut = [.. series.Select(s => s[..before])];
        var panel = new RegionPanel(cut, from, options.Penalty ?? Choose(cut, from));
        if (!(panel.Size > 1e-20 * cut.Max(s => s.Max(v => v * v))))
            throw new NotEstimableException("No region varies before the start, so nothing can be foretold.");
        bool[] arms = [.. treated];
        var again = new Reassignment(arms, null, new() { MostEnumerated = options.MostEnumerated, Draws = options.Draws, Seed = options.Seed });
        var own = panel.Gap(arms, arms);
        List<Placebo> all = [.. again.All().Select(a => panel.Gap(a, arms)), .. again.IsExact ? Array.Empty<Placebo>() : [own]];
        return new(own.Gap, from, new RerandomisationResult(Share(all, own, 0.0), again.Run, again.IsExact, again.SmallestP));
    }

    /// <summary>The penalty, out of <see cref="Penalties"/>, that best foretells the end of the pre-period over all regions.</summary>
    /// <param name="series">Value of every region in every period.</param>
    /// <param name="before">Periods before the start, at least 4.</param>
    public static double Choose(IReadOnlyList<double[]> series, int before)
    {
        ArgumentNullException.ThrowIfNull(series);
        var known = Math.Clamp(2 * before / 3, 2, before - 1);
        double[][] cut = [.. series.Select(s => s[..before])];
        var (best, least) = (Penalties[0], double.PositiveInfinity);
        foreach (var penalty in Penalties)
        {
            var panel = new RegionPanel(cut, known, penalty);
            var loss = 0.0;
            for (var i = 0; i < cut.Length; i++)
            {
                var one = new bool[cut.Length];
                one[i] = true;
                loss += panel.Gap(one, one).After;
            }

            if (loss < least * (1.0 - 1e-9))
                (best, least) = (penalty, loss);
        }

        return best;
    }

    /// <summary>The gaps of all assignments, the one that happened among them.</summary>
    internal static List<Placebo> Placebos(IReadOnlyList<double[]> series, bool[] treated, int before, SyntheticControlOptions options, out Placebo own)
    {
        Require(series, treated, before);
        var panel = new RegionPanel(series, before, options.Penalty ?? Choose(series, before));
        if (!(panel.Size > 1e-20 * series.Max(s => s.Max(v => v * v))))
            throw new NotEstimableException("No region varies before the start, so nothing can be foretold.");
        var again = new Reassignment(treated, null, new() { MostEnumerated = options.MostEnumerated, Draws = options.Draws, Seed = options.Seed });
        own = panel.Gap(treated, treated);
        return [.. again.All().Select(a => panel.Gap(a, treated)), .. again.IsExact ? Array.Empty<Placebo>() : [own]];
    }

    internal static double Share(List<Placebo> all, Placebo own, double delta)
    {
        var bound = Math.Abs(own.Gap - delta) / own.Misfit * (1.0 - 1e-9);
        return all.Count(a => Math.Abs(a.Gap - delta * a.Touched) / a.Misfit >= bound) / (double)all.Count;
    }

    // p changes only where a placebo's statistic meets that of the treated: between such points it is constant.
    static Interval? Invert(List<Placebo> all, Placebo own, double alpha)
    {
        var (below, above) = (new List<double>(), new List<double>());
        foreach (var a in all)
        {
            foreach (var sign in (ReadOnlySpan<double>)[1.0, -1.0])
            {
                var slope = 1.0 / own.Misfit - sign * a.Touched / a.Misfit;
                var meets = (own.Gap / own.Misfit - sign * a.Gap / a.Misfit) / slope;
                if (double.IsFinite(meets))
                    (meets < own.Gap ? below : above).Add(meets);
            }
        }

        return End(below.OrderDescending(), -1) is { } low && End(above.Order(), 1) is { } high ? new Interval(low, high) : null;

        double? End(IEnumerable<double> points, int side)
        {
            // The outermost point beyond which nothing is kept.
            double? end = null;
            var ordered = points.ToList();
            for (var i = ordered.Count - 1; i >= 0; i--)
            {
                var next = i + 1 < ordered.Count ? 0.5 * (ordered[i] + ordered[i + 1]) : ordered[i] + side * (1.0 + Math.Abs(ordered[i]) + own.Misfit);
                if (Share(all, own, next) > alpha * (1.0 + 1e-9))
                    return i + 1 < ordered.Count ? end : null;
                end = ordered[i];
            }

            return end;
        }
    }

    static void Require(IReadOnlyList<double[]> series, IReadOnlyList<bool> treated, int before)
    {
        ArgumentNullException.ThrowIfNull(series);
        ArgumentNullException.ThrowIfNull(treated);
        if (series.Count != treated.Count)
            throw new ArgumentException("There must be one arm per region.", nameof(treated));
        var arms = treated.Count(t => t);
        if (arms < 1)
            throw new TooFewRowsException("The set of treated regions", arms, 1);
        if (series.Count - arms < 2)
            throw new TooFewRowsException("The set of other regions", series.Count - arms, 2);
        if (before < FewestPeriods)
            throw new TooFewRowsException("The time before the start", before, FewestPeriods);
        if (series[0].Length <= before)
            throw new TooFewRowsException("The time after the start", series[0].Length - before, 1);
        foreach (var s in series)
        {
            if (s.Length != series[0].Length || Array.Exists(s, v => !double.IsFinite(v)))
                throw new ArgumentException("Every region has one finite value per period.", nameof(series));
        }
    }
}

/// <summary>One assignment's gap.</summary>
/// <param name="Gap">Mean gap after the start.</param>
/// <param name="Touched">What an effect of 1 on those truly treated adds to it.</param>
/// <param name="Misfit">Root mean squared gap before the start.</param>
/// <param name="After">Mean squared gap after the start.</param>
/// <param name="Weights">Of every region, in the counterfactual.</param>
readonly record struct Placebo(double Gap, double Touched, double Misfit, double After, double[] Weights)
{
    public double Ratio => After / (Misfit * Misfit);
}

/// <summary>Regions less their own pre-period means, with the products of all of them, from which every assignment is solved.</summary>
sealed class RegionPanel
{
    readonly double[][] _series;
    readonly int _before;
    readonly double[] _gram;
    readonly double _ridge;

    public RegionPanel(IReadOnlyList<double[]> series, int before, double penalty)
    {
        _before = before;
        _series = [.. series.Select(s =>
        {
            var mean = s.AsSpan(0, before).ToArray().Average();
            return Array.ConvertAll(s, v => v - mean);
        })];
        var n = _series.Length;
        _gram = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            for (var j = i; j < n; j++)
            {
                var sum = 0.0;
                for (var t = 0; t < before; t++)
                    sum += _series[i][t] * _series[j][t];
                _gram[i * n + j] = _gram[j * n + i] = sum;
            }

            Size += _gram[i * n + i] / n;
        }

        _ridge = penalty * Size;
    }

    /// <summary>Mean squared length of a region's pre-period.</summary>
    public double Size { get; }

    public Placebo Gap(bool[] arms, bool[] truly)
    {
        var weights = Weights(arms);
        var gap = Series(arms, weights);
        double before = 0, after = 0, mean = 0, touched = 0;
        for (var t = 0; t < gap.Length; t++)
        {
            if (t < _before)
            {
                before += gap[t] * gap[t] / _before;
            }
            else
            {
                after += gap[t] * gap[t] / (gap.Length - _before);
                mean += gap[t] / (gap.Length - _before);
            }
        }

        var count = arms.Count(a => a);
        for (var i = 0; i < arms.Length; i++)
            touched += truly[i] ? (arms[i] ? 1.0 / count : 0.0) - weights[i] : 0.0;

        // A perfect fit before the start would make any gap infinite; it is held to a millionth of the regions' own size.
        return new(mean, touched, Math.Max(Math.Sqrt(before), 1e-6 * Math.Sqrt(Size / _before)), after, weights);
    }

    /// <summary>Treated less foretold in every period.</summary>
    public double[] Series(bool[] arms, double[] weights)
    {
        var gap = new double[_series[0].Length];
        var count = arms.Count(a => a);
        for (var i = 0; i < arms.Length; i++)
        {
            var share = (arms[i] ? 1.0 / count : 0.0) - weights[i];
            if (share != 0)
            {
                for (var t = 0; t < gap.Length; t++)
                    gap[t] += share * _series[i][t];
            }
        }

        return gap;
    }

    double[] Weights(bool[] arms)
    {
        var all = arms.Length;
        int[] donors = [.. Enumerable.Range(0, all).Where(i => !arms[i])], chosen = [.. Enumerable.Range(0, all).Where(i => arms[i])];
        var n = donors.Length;
        var (gram, target) = (new double[n * n], new double[n]);
        for (var a = 0; a < n; a++)
        {
            foreach (var c in chosen)
                target[a] += _gram[donors[a] * all + c] / chosen.Length;
            for (var b = 0; b < n; b++)
                gram[a * n + b] = _gram[donors[a] * all + donors[b]];
        }

        var simplex = SimplexWeights.Solve((double[])gram.Clone(), target);
        if (_ridge > 0 && double.IsFinite(_ridge))
            Augment(gram, target, simplex, n);
        var weights = new double[all];
        for (var a = 0; a < n; a++)
            weights[donors[a]] = simplex[a];
        return weights;
    }

    // w + (C G C + lambda I)^-1 C (target - G w), where C takes the mean of the donors out.
    void Augment(double[] gram, double[] target, double[] weights, int n)
    {
        var left = new double[n];
        for (var a = 0; a < n; a++)
        {
            left[a] = target[a];
            for (var b = 0; b < n; b++)
                left[a] -= gram[a * n + b] * weights[b];
        }

        var mean = left.Average();
        double[] rows = [.. Enumerable.Range(0, n).Select(a => Enumerable.Range(0, n).Average(b => gram[a * n + b]))];
        var whole = rows.Average();
        var centred = new double[n * n];
        for (var a = 0; a < n; a++)
        {
            for (var b = 0; b < n; b++)
                centred[a * n + b] = gram[a * n + b] - rows[a] - rows[b] + whole + (a == b ? _ridge : 0.0);
        }

        var more = PivotedCholesky.Factor(centred, n, 1e-15).Solve([.. left.Select(v => v - mean)]);
        for (var a = 0; a < n; a++)
            weights[a] += more[a];
    }
}
