using Gnomon.Methods.Inference;
using Gnomon.Methods.Resampling;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Random;

namespace Gnomon.Methods.Interference;

/// <summary>What a unit met: its own arm and its neighbours'.</summary>
public enum Exposure
{
    /// <summary>Control among controls.</summary>
    ControlAmongControls,

    /// <summary>Control among treated.</summary>
    ControlAmongTreated,

    /// <summary>Treated among controls.</summary>
    TreatedAmongControls,

    /// <summary>Treated among treated.</summary>
    TreatedAmongTreated,

    /// <summary>Neighbours of both arms.</summary>
    Mixed,
}

/// <summary>A contrast of two exposures.</summary>
/// <param name="Difference">Hajek difference of means.</param>
/// <param name="FirstMean">Mean under the first exposure.</param>
/// <param name="SecondMean">Mean under the second exposure.</param>
/// <param name="FirstUnits">Units seen under the first exposure.</param>
/// <param name="SecondUnits">Units seen under the second exposure.</param>
/// <param name="EligibleShare">Share of units with an outcome that could meet both.</param>
/// <param name="FirstTreated">Treated share of neighbours that units of the first exposure had on average: the contrast is about that, not about 1.</param>
/// <param name="SecondTreated">The same for the second exposure.</param>
public sealed record ExposureContrast(
    ContrastResult Difference, double FirstMean, double SecondMean, int FirstUnits, int SecondUnits, double EligibleShare, double FirstTreated, double SecondTreated);

/// <summary>Effects along edges: total, direct and spill-over; null where the design does not identify one.</summary>
/// <param name="Total">Treated among treated against control among controls.</param>
/// <param name="Direct">Treated among controls against control among controls.</param>
/// <param name="SpillOver">Control among treated against control among controls.</param>
/// <param name="Counts">Units with an outcome by exposure, in the order of <see cref="Exposure"/>.</param>
/// <param name="Draws">Designs drawn.</param>
public sealed record ExposureEffects(ExposureContrast? Total, ExposureContrast? Direct, ExposureContrast? SpillOver, IReadOnlyList<int> Counts, int Draws);

/// <summary>Effects of a treatment whose units touch, from how the arms were drawn and who is linked to whom.</summary>
/// <remarks>
/// Sources: Aronow and Samii 2017, Annals of Applied Statistics 11 (exposure mapping, inverse-probability means); Ugander, Karrer, Backstrom and Kleinberg 2013 (graph clusters, surrounded units).
/// Probabilities are shares over drawn designs that keep the number of treated clusters, the one that ran included. The standard error is the spread of the estimate over those designs with every
/// unit's outcome moved by the difference of exposure means (constant effects of exposure), never below the spread of cluster totals; t with clusters less 2. p of the total effect: the same designs
/// under no effect on anybody. A unit without neighbours counts as surrounded by its own arm.
/// </remarks>
public sealed class ExposureDesign
{
    const int Kinds = 5;
    const int Chunks = 8;

    // Exposures of all drawn designs are kept, a byte each, where they take no more than this.
    const long MostKept = 400_000_000;
    readonly UnitGraph _graph;
    readonly int[] _cluster;
    readonly int _clusters;
    readonly int _treatedClusters;
    readonly ExposureOptions _options;
    readonly bool[] _arm;
    readonly int[][] _count;
    readonly byte[][] _kept;

    /// <param name="graph">The links between units.</param>
    /// <param name="treated">Arm of each unit.</param>
    /// <param name="cluster">Cluster that was assigned, 0 to the number less 1, with one arm each; each unit its own where units were.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <exception cref="TooFewRowsException">Fewer than 2 clusters of an arm.</exception>
    public ExposureDesign(UnitGraph graph, bool[] treated, int[] cluster, ExposureOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(treated);
        ArgumentNullException.ThrowIfNull(cluster);
        (_graph, _arm, _cluster, _options) = (graph, treated, cluster, options ?? new());
        if (!(_options.Surrounded > 0.5 && _options.Surrounded <= 1))
            throw new ArgumentOutOfRangeException(nameof(options), _options.Surrounded, "A unit is surrounded by more than half of its neighbours.");
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.Draws, 199);
        if (treated.Length != graph.Units || cluster.Length != graph.Units)
            throw new ArgumentException("Every unit needs an arm and a cluster.", nameof(treated));
        _clusters = cluster.Length == 0 ? 0 : cluster.Max() + 1;
        var of = new bool[_clusters];
        for (var i = 0; i < cluster.Length; i++)
            of[cluster[i]] = treated[i];
        _treatedClusters = of.Count(t => t);
        if (Math.Min(_treatedClusters, _clusters - _treatedClusters) < 2)
            throw new TooFewRowsException("An arm (by cluster)", Math.Min(_treatedClusters, _clusters - _treatedClusters), 2);
        _kept = new byte[(long)_options.Draws * graph.Units <= MostKept ? _options.Draws : 0][];
        _count = Probabilities();
    }

    internal UnitGraph Graph => _graph;

    internal bool[] Arms => _arm;

    internal int[] Cluster => _cluster;

    internal int Clusters => _clusters;

    internal int TreatedClusters => _treatedClusters;

    internal int Draws => _options.Draws;

    /// <summary>Exposure of each unit under the design that ran.</summary>
    public Exposure[] Observed()
    {
        var codes = new byte[_arm.Length];
        Map(_arm, codes);
        return Array.ConvertAll(codes, c => (Exposure)c);
    }

    /// <summary>Probability of an exposure for a unit over the design.</summary>
    public double Probability(int unit, Exposure exposure) => _count[(int)exposure][unit] / (_options.Draws + 1.0);

    /// <param name="outcome">Outcome of each unit; NaN where there is none.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    public ExposureEffects Estimate(ReadOnlySpan<double> outcome, double level = 0.95)
    {
        InferenceGuard.Level(level);
        if (outcome.Length != _arm.Length)
            throw new ArgumentException("Every unit needs an outcome or NaN.", nameof(outcome));
        var y = outcome.ToArray();
        var seen = Observed();
        var counts = new int[Kinds];
        var sums = new double[Kinds];
        for (var i = 0; i < y.Length; i++)
        {
            if (double.IsNaN(y[i]))
                continue;
            counts[(int)seen[i]]++;
            sums[(int)seen[i]] += y[i];
        }

        var pairs = new[] { (Exposure.TreatedAmongTreated, Exposure.ControlAmongControls), (Exposure.TreatedAmongControls, Exposure.ControlAmongControls), (Exposure.ControlAmongTreated, Exposure.ControlAmongControls) };
        var works = pairs.Select(p => Contrast(y, seen, p.Item1, p.Item2)).ToArray();
        var shifts = new double[Kinds];
        for (var k = 0; k < Kinds; k++)
            shifts[k] = counts[k] > 0 ? sums[k] / counts[k] : double.NaN;
        var effects = Spread(works, y, seen, shifts, level);
        return new(effects[0], effects[1], effects[2], counts, _options.Draws);
    }

    sealed record Work(Exposure First, Exposure Second, bool[] Eligible, double[] FirstWeight, double[] SecondWeight, double FirstMean, double SecondMean, int FirstUnits, int SecondUnits, double Share, double ByClusters, double FirstTreated, double SecondTreated);

    Work? Contrast(double[] y, Exposure[] seen, Exposure first, Exposure second)
    {
        var n = y.Length;
        var (eligible, w1, w0) = (new bool[n], new double[n], new double[n]);
        double s1 = 0, n1 = 0, s0 = 0, n0 = 0, t1 = 0, t0 = 0;
        int units1 = 0, units0 = 0, known = 0, can = 0;
        for (var i = 0; i < n; i++)
        {
            if (double.IsNaN(y[i]))
                continue;
            known++;
            var (p1, p0) = (Probability(i, first), Probability(i, second));
            if (p1 < _options.SmallestProbability || p0 < _options.SmallestProbability)
                continue;
            can++;
            (eligible[i], w1[i], w0[i]) = (true, 1 / p1, 1 / p0);
            if (seen[i] == first)
            {
                s1 += w1[i] * y[i];
                n1 += w1[i];
                t1 += w1[i] * TreatedShare(i, _arm);
                units1++;
            }
            else if (seen[i] == second)
            {
                s0 += w0[i] * y[i];
                n0 += w0[i];
                t0 += w0[i] * TreatedShare(i, _arm);
                units0++;
            }
        }

        if (units1 < 2 || units0 < 2)
            return null;
        var (m1, m0) = (s1 / n1, s0 / n0);
        var totals = new double[_clusters];
        for (var i = 0; i < n; i++)
        {
            if (eligible[i] && seen[i] == first)
                totals[_cluster[i]] += w1[i] * (y[i] - m1) / n1;
            else if (eligible[i] && seen[i] == second)
                totals[_cluster[i]] -= w0[i] * (y[i] - m0) / n0;
        }

        return new(first, second, eligible, w1, w0, m1, m0, units1, units0, can / (double)known, totals.Sum(t => t * t) * _clusters / (_clusters - 1.0), t1 / n1, t0 / n0);
    }

    ExposureContrast?[] Spread(Work?[] works, double[] y, Exposure[] seen, double[] shift, double level)
    {
        var draws = _options.Draws;
        var moved = works.Select(_ => new double[draws]).ToArray();
        var plain = works.Select(_ => new double[draws]).ToArray();
        EachDraw((draw, codes) =>
        {
            for (var k = 0; k < works.Length; k++)
            {
                if (works[k] is { } work)
                    (moved[k][draw], plain[k][draw]) = (Once(work, y, seen, codes, shift), Once(work, y, seen, codes, null));
            }
        });
        var result = new ExposureContrast?[works.Length];
        for (var k = 0; k < works.Length; k++)
        {
            if (works[k] is not { } w)
                continue;
            var usable = Array.FindAll(moved[k], double.IsFinite);
            var mean = usable.Length == 0 ? 0 : usable.Average();
            var spread = usable.Length < 2 ? 0 : usable.Sum(v => (v - mean) * (v - mean)) / (usable.Length - 1);
            var error = Math.Sqrt(Math.Max(spread, w.ByClusters));
            if (!(error > 0))
                continue;
            var value = w.FirstMean - w.SecondMean;
            var degrees = Math.Max(1.0, _clusters - 2.0);
            var reach = StudentT.UpperQuantile(0.5 * (1 - level), degrees) * error;
            var t = value / error;
            var p = k == 0
                ? (1.0 + plain[k].Count(v => !double.IsFinite(v) || Math.Abs(v) >= Math.Abs(value) * (1 - 1e-9))) / (draws + 1.0)
                : Math.Min(1.0, 2 * StudentT.Sf(Math.Abs(t), degrees));
            var method = $"weighted means by exposure over {_clusters.ToString("N0", System.Globalization.CultureInfo.InvariantCulture)} assigned {(_clusters == _graph.Units ? "units" : "clusters")}{(k == 0 ? $"; p over {draws} designs drawn again" : string.Empty)}";
            result[k] = new(new ContrastResult(value, value - reach, value + reach, error, t, degrees, p, level, method), w.FirstMean, w.SecondMean, w.FirstUnits, w.SecondUnits, w.Share, w.FirstTreated, w.SecondTreated);
        }

        return result;
    }

    // The Hajek difference under another design; outcomes are moved to what they would be under the exposure met there, or left as they are.
    static double Once(Work w, double[] y, Exposure[] seen, byte[] codes, double[]? shift)
    {
        double s1 = 0, n1 = 0, s0 = 0, n0 = 0;
        for (var i = 0; i < y.Length; i++)
        {
            if (!w.Eligible[i])
                continue;
            var e = (Exposure)codes[i];
            if (e == w.First)
            {
                s1 += w.FirstWeight[i] * (shift is null ? y[i] : y[i] - shift[(int)seen[i]] + shift[(int)e]);
                n1 += w.FirstWeight[i];
            }
            else if (e == w.Second)
            {
                s0 += w.SecondWeight[i] * (shift is null ? y[i] : y[i] - shift[(int)seen[i]] + shift[(int)e]);
                n0 += w.SecondWeight[i];
            }
        }

        return n1 > 0 && n0 > 0 ? s1 / n1 - s0 / n0 : double.NaN;
    }

    int[][] Probabilities()
    {
        var counts = Enumerable.Range(0, Kinds).Select(_ => new int[_arm.Length]).ToArray();
        var first = new byte[_arm.Length];
        Map(_arm, first);
        for (var i = 0; i < first.Length; i++)
            counts[first[i]][i]++;
        var gate = new Lock();
        EachDraw((_, codes) =>
        {
            // Whole numbers: the order of adding changes nothing.
            lock (gate)
            {
                for (var i = 0; i < codes.Length; i++)
                    counts[codes[i]][i]++;
            }
        });
        return counts;
    }

    /// <summary>Every drawn design with its exposures, several at a time; the arrays are lent for the call.</summary>
    internal void EachArms(Action<int, bool[], byte[]> use)
    {
        var root = new Rng(_options.Seed);
        Parallel.For(0, Chunks, chunk =>
        {
            var subset = new RandomSubset(_clusters, _treatedClusters);
            var (arms, codes) = (new bool[_arm.Length], new byte[_arm.Length]);
            for (var draw = chunk; draw < _options.Draws; draw += Chunks)
            {
                subset.Draw(root.Stream("exposure", draw));
                for (var i = 0; i < arms.Length; i++)
                    arms[i] = subset[_cluster[i]];
                var kept = draw < _kept.Length ? _kept[draw] : null;
                if (kept is null)
                    Map(arms, codes);
                use(draw, arms, kept ?? codes);
            }
        });
    }

    void EachDraw(Action<int, byte[]> use)
    {
        var root = new Rng(_options.Seed);
        Parallel.For(0, Chunks, chunk =>
        {
            var subset = new RandomSubset(_clusters, _treatedClusters);
            var (arms, codes) = (new bool[_arm.Length], new byte[_arm.Length]);
            for (var draw = chunk; draw < _options.Draws; draw += Chunks)
            {
                if (draw < _kept.Length && _kept[draw] is { } known)
                {
                    use(draw, known);
                    continue;
                }

                codes = draw < _kept.Length ? _kept[draw] = new byte[_arm.Length] : codes;
                subset.Draw(root.Stream("exposure", draw));
                for (var i = 0; i < arms.Length; i++)
                    arms[i] = subset[_cluster[i]];
                Map(arms, codes);
                use(draw, codes);
            }
        });
    }

    void Map(bool[] arms, byte[] codes)
    {
        for (var i = 0; i < arms.Length; i++)
        {
            var share = TreatedShare(i, arms);
            codes[i] = (byte)(share >= _options.Surrounded - 1e-12 ? (arms[i] ? Exposure.TreatedAmongTreated : Exposure.ControlAmongTreated)
                : share <= 1 - _options.Surrounded + 1e-12 ? (arms[i] ? Exposure.TreatedAmongControls : Exposure.ControlAmongControls)
                : Exposure.Mixed);
        }
    }

    double TreatedShare(int unit, bool[] arms)
    {
        var neighbours = _graph.Neighbours(unit);
        var treated = 0;
        foreach (var j in neighbours)
            treated += arms[j] ? 1 : 0;
        return neighbours.Length == 0 ? (arms[unit] ? 1.0 : 0.0) : treated / (double)neighbours.Length;
    }
}
