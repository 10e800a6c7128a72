using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Random;

namespace Gnomon.Methods.Data;

/// <summary>Location and scatter of the bulk of a sample, and how far each row lies from it.</summary>
/// <param name="Center">Reweighted centre, one value per column, in the columns' units.</param>
/// <param name="Scatter">Reweighted covariance, dimension x dimension, row by row, made consistent for the normal distribution.</param>
/// <param name="RawCenter">Mean of the h rows of least determinant.</param>
/// <param name="RawScatter">Their covariance, made consistent for the normal distribution.</param>
/// <param name="LogDeterminant">Natural logarithm of the determinant of the covariance of those h rows, before the consistency factor: the objective.</param>
/// <param name="SquaredDistances">Squared robust Mahalanobis distance of every row from <paramref name="Center"/>, about chi-square with as many degrees of freedom as columns.</param>
/// <param name="SubsetSize">h.</param>
/// <param name="Kept">Rows with weight one in the reweighting.</param>
/// <param name="Converged">Whether concentration steps came to rest within their limit.</param>
public sealed record McdResult(
    double[] Center, double[] Scatter, double[] RawCenter, double[] RawScatter, double LogDeterminant, double[] SquaredDistances, int SubsetSize, int Kept, bool Converged);

/// <summary>Minimum covariance determinant: mean and covariance of the half of the rows that lie closest together, so that up to half of them may be anything.</summary>
/// <remarks>
/// Sources: Rousseeuw and Van Driessen 1999, Technometrics 41 (FastMCD: concentration steps from random starts, nested for more than 600 rows); Croux and Haesbroeck
/// 1999, J. Multivariate Analysis 71 (consistency factors); reweighting at the 97.5 % quantile of chi-square. No correction for small samples: below about ten rows for
/// each column the distances run large. Agrees with R's robustbase 0.95 <c>covMcd(use.correction = FALSE)</c> (tests/reference/data/mcd.json). Starts come from the seed,
/// so the answer is the same on any machine and for any number of threads. The factor of the reweighting takes the share of rows kept for the share of a clean sample, as
/// robustbase does: with many outliers the scatter is too large, and distances too small, by up to a factor of two.
/// </remarks>
public static class MinimumCovarianceDeterminant
{
    const int UsualStarts = 500;
    // Up to here all starts of p + 1 rows are tried, and the answer is not left to chance.
    const int MostSubsets = 5_000;
    const int StepsOfAStart = 2;
    const int Survivors = 10;
    const int GroupSize = 300;
    const int MostGroups = 5;
    const int NestedFrom = 2 * GroupSize;
    // The determinant falls with every step and there are finitely many subsets; in practice a dozen steps do.
    const int MostSteps = 200;
    const double ReweightQuantile = 0.975;
    const double ToDeviation = 1.4826022185056018;
    // A pivot below this share of its column's robust variance is a singular scatter.
    const double SmallestPivot = 1e-12;

    /// <param name="rows">Finite values row by row: a whole number of rows of <paramref name="dimension"/> values, in any units.</param>
    /// <param name="dimension">Columns, at least 1.</param>
    /// <param name="coverage">Share of the rows that are certainly good, from 0.5 (most robust) to 1 (the ordinary covariance, reweighted).</param>
    /// <param name="seed">Seed of the random starts.</param>
    /// <param name="starts">Random starts, at least 10: more find a smaller determinant where several subsets are nearly as good.</param>
    /// <exception cref="TooFewRowsException">Fewer than twice as many rows as columns, or fewer than dimension + 2.</exception>
    /// <exception cref="NotEstimableException">Half of the rows or more agree in a column or lie on one hyperplane, so their covariance is singular.</exception>
    public static McdResult Fit(ReadOnlySpan<double> rows, int dimension, double coverage = 0.5, ulong seed = 1, int starts = UsualStarts)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        if (!(coverage >= 0.5 && coverage <= 1))
            throw new ArgumentOutOfRangeException(nameof(coverage), coverage, "The coverage lies between 0.5 and 1.");
        ArgumentOutOfRangeException.ThrowIfLessThan(starts, Survivors);
        if (rows.Length % dimension != 0)
            throw new ArgumentException($"{rows.Length} values are no whole number of rows of {dimension}.", nameof(rows));
        foreach (var value in rows)
        {
            if (!double.IsFinite(value))
                throw new ArgumentException("The rows hold a value that is not finite.", nameof(rows));
        }

        var n = rows.Length / dimension;
        var needed = Math.Max(dimension + 2, 2 * dimension);
        if (n < needed)
            throw new TooFewRowsException("The sample", n, needed);
        var search = new Search(rows, dimension, coverage, seed, starts);
        return search.Run();
    }

    /// <summary>Rows that make the covariance of the share <paramref name="share"/> of a normal sample nearest to its centre consistent: share / P(chi-square(p + 2) up to its quantile).</summary>
    internal static double Consistency(int dimension, double share) =>
        share >= 1 ? 1 : share / ChiSquared.Cdf(ChiSquared.Quantile(share, dimension), dimension + 2);

    // The search, on columns centred by their median and scaled by their MAD: the estimator is affine equivariant, so only the arithmetic gains.
    sealed class Search
    {
        readonly int _n;
        readonly int _p;
        readonly double _coverage;
        readonly int _starts;
        readonly double[] _x;
        readonly double[] _location;
        readonly double[] _scale;
        readonly Rng _rng;
        readonly double[] _distances;
        readonly int[] _order;
        readonly double[] _scratch;

        internal Search(ReadOnlySpan<double> rows, int dimension, double coverage, ulong seed, int starts)
        {
            (_n, _p, _coverage, _starts) = (rows.Length / dimension, dimension, coverage, starts);
            _rng = new Rng(seed).Stream("minimum covariance determinant");
            _x = new double[rows.Length];
            _location = new double[_p];
            _scale = new double[_p];
            _distances = new double[_n];
            _order = new int[_n];
            _scratch = new double[_p];
            var column = new double[_n];
            for (var j = 0; j < _p; j++)
            {
                for (var i = 0; i < _n; i++)
                    column[i] = rows[i * _p + j];
                Array.Sort(column);
                _location[j] = Middle(column);
                for (var i = 0; i < _n; i++)
                    column[i] = Math.Abs(rows[i * _p + j] - _location[j]);
                Array.Sort(column);
                _scale[j] = ToDeviation * Middle(column);
                if (!(_scale[j] > 0))
                    throw new NotEstimableException($"Half of the rows or more hold one value of column {j + 1}, so the bulk has no spread in it.");
                for (var i = 0; i < _n; i++)
                    _x[i * _p + j] = (rows[i * _p + j] - _location[j]) / _scale[j];
            }
        }

        internal McdResult Run()
        {
            var h = SubsetSize(_n);
            var all = Enumerable.Range(0, _n).ToArray();
            var best = h == _n ? Moments(all, _n) : _n < NestedFrom ? Best(Candidates(all, _starts, h), all, h) : Nested(all, h);
            var converged = true;
            if (h < _n)
                (best, converged) = Concentrate(best, all, h, MostSteps);
            return Reweighted(best, h, converged);
        }

        int SubsetSize(int rows)
        {
            var half = (rows + _p + 1) / 2;
            return Math.Min(rows, (int)Math.Floor(2 * half - rows + 2 * (rows - half) * _coverage));
        }

        // Up to five groups of about 300 rows each give ten candidates; these are improved on the groups together, and the best ten on all rows.
        Estimate Nested(int[] all, int h)
        {
            var groups = Math.Min(MostGroups, _n / GroupSize);
            var merged = (int[])all.Clone();
            _rng.Shuffle<int>(merged);
            var size = _n >= MostGroups * GroupSize ? GroupSize : _n / groups;
            merged = merged[..(groups * size)];
            var candidates = new List<Estimate>();
            for (var g = 0; g < groups; g++)
            {
                var group = merged[(g * size)..((g + 1) * size)];
                candidates.AddRange(Candidates(group, _starts / groups, SubsetSize(size)));
            }
            var improved = candidates.Select(c => Concentrate(c, merged, SubsetSize(merged.Length), StepsOfAStart).Estimate).OrderBy(c => c.LogDeterminant).Take(Survivors).ToList();
            return Best(improved, all, h);
        }

        Estimate Best(IEnumerable<Estimate> candidates, int[] rows, int h) =>
            candidates.Select(c => Concentrate(c, rows, h, MostSteps).Estimate).MinBy(c => c.LogDeterminant)!;

        List<Estimate> Candidates(int[] rows, int starts, int h)
        {
            var kept = new List<Estimate>();
            foreach (var start in AllStarts(rows) ?? RandomStarts(rows, starts))
            {
                var estimate = Concentrate(start, rows, h, StepsOfAStart).Estimate;
                if (kept.Count < Survivors || estimate.LogDeterminant < kept[^1].LogDeterminant)
                {
                    kept.Add(estimate);
                    kept.Sort((a, b) => a.LogDeterminant.CompareTo(b.LogDeterminant));
                    if (kept.Count > Survivors)
                        kept.RemoveAt(Survivors);
                }
            }
            return kept;
        }

        IEnumerable<Estimate> RandomStarts(int[] rows, int starts)
        {
            for (var s = 0; s < starts; s++)
                yield return Start(rows);
        }

        // Every subset of p + 1 rows, where they are few; null where they are many.
        IEnumerable<Estimate>? AllStarts(int[] rows)
        {
            var subsets = 1.0;
            for (var k = 0; k <= _p; k++)
                subsets = subsets * (rows.Length - k) / (k + 1);
            return subsets <= MostSubsets ? Enumerated(rows) : null;
        }

        IEnumerable<Estimate> Enumerated(int[] rows)
        {
            var some = false;
            var at = Enumerable.Range(0, _p + 1).ToArray();
            while (true)
            {
                if (TryMoments(Array.ConvertAll(at, i => rows[i]), at.Length) is { } estimate)
                {
                    some = true;
                    yield return estimate;
                }
                var k = _p;
                while (k >= 0 && at[k] == rows.Length - 1 - (_p - k))
                    k--;
                if (k < 0)
                    break;
                at[k]++;
                for (var next = k + 1; next <= _p; next++)
                    at[next] = at[next - 1] + 1;
            }
            if (!some)
                throw Singular();
        }

        // p + 1 random rows; more are added while they lie on a hyperplane.
        Estimate Start(int[] rows)
        {
            var drawn = (int[])rows.Clone();
            for (var k = 0; k < drawn.Length; k++)
            {
                var other = k + _rng.NextInt(drawn.Length - k);
                (drawn[k], drawn[other]) = (drawn[other], drawn[k]);
                if (k >= _p && TryMoments(drawn, k + 1) is { } estimate)
                    return estimate;
            }
            throw Singular();
        }

        // One step takes the h rows nearest to the last estimate; the determinant cannot rise (theorem 1 of the source).
        (Estimate Estimate, bool Converged) Concentrate(Estimate from, int[] rows, int h, int most)
        {
            var estimate = from;
            for (var step = 0; step < most; step++)
            {
                for (var i = 0; i < rows.Length; i++)
                {
                    _distances[i] = Distance(rows[i], estimate);
                    _order[i] = rows[i];
                }
                Array.Sort(_distances, _order, 0, rows.Length);
                var next = Moments(_order, h);
                var still = Math.Abs(next.LogDeterminant - estimate.LogDeterminant) <= 1e-12 * Math.Max(1, Math.Abs(estimate.LogDeterminant)) && estimate.Size == h;
                estimate = next;
                if (still)
                    return (estimate, true);
            }
            return (estimate, false);
        }

        McdResult Reweighted(Estimate raw, int h, bool converged)
        {
            var factor = Consistency(_p, (double)h / _n);
            var cut = ChiSquared.Quantile(ReweightQuantile, _p);
            var kept = Enumerable.Range(0, _n).Where(i => Distance(i, raw) / factor < cut).ToArray();
            var estimate = Moments(kept, kept.Length);
            var again = Consistency(_p, (double)kept.Length / _n);
            var distances = new double[_n];
            for (var i = 0; i < _n; i++)
                distances[i] = Distance(i, estimate) / again;
            var scales = 0.0;
            foreach (var s in _scale)
                scales += 2 * Math.Log(s);
            return new(
                Center(estimate), Scatter(estimate, again), Center(raw), Scatter(raw, factor), raw.LogDeterminant + scales, distances, h, kept.Length, converged);
        }

        double[] Center(Estimate e) => [.. e.Mean.Select((m, j) => _location[j] + _scale[j] * m)];

        double[] Scatter(Estimate e, double factor)
        {
            var scatter = new double[_p * _p];
            for (var i = 0; i < _p; i++)
            {
                for (var j = 0; j < _p; j++)
                    scatter[i * _p + j] = factor * _scale[i] * _scale[j] * e.Covariance[i * _p + j];
            }
            return scatter;
        }

        double Distance(int row, Estimate e)
        {
            double sum = 0;
            for (var i = 0; i < _p; i++)
            {
                var value = _x[row * _p + i] - e.Mean[i];
                for (var j = 0; j < i; j++)
                    value -= e.Factor[i * _p + j] * _scratch[j];
                _scratch[i] = value / e.Factor[i * _p + i];
                sum += _scratch[i] * _scratch[i];
            }
            return sum;
        }

        Estimate Moments(int[] rows, int count) => TryMoments(rows, count) ?? throw Singular();

        // Two passes; null when the covariance is singular.
        Estimate? TryMoments(int[] rows, int count)
        {
            var mean = new double[_p];
            for (var i = 0; i < count; i++)
            {
                for (var j = 0; j < _p; j++)
                    mean[j] += _x[rows[i] * _p + j];
            }
            for (var j = 0; j < _p; j++)
                mean[j] /= count;
            var covariance = new double[_p * _p];
            for (var i = 0; i < count; i++)
            {
                var at = rows[i] * _p;
                for (var j = 0; j < _p; j++)
                {
                    var d = _x[at + j] - mean[j];
                    for (var k = 0; k <= j; k++)
                        covariance[j * _p + k] += d * (_x[at + k] - mean[k]);
                }
            }
            for (var j = 0; j < _p; j++)
            {
                for (var k = 0; k <= j; k++)
                    covariance[k * _p + j] = covariance[j * _p + k] /= count - 1;
            }
            return Factored(mean, covariance, count);
        }

        Estimate? Factored(double[] mean, double[] covariance, int count)
        {
            var factor = new double[_p * _p];
            var logDeterminant = 0.0;
            for (var j = 0; j < _p; j++)
            {
                var pivot = covariance[j * _p + j];
                var smallest = SmallestPivot * pivot;
                for (var k = 0; k < j; k++)
                    pivot -= factor[j * _p + k] * factor[j * _p + k];
                if (!(pivot > smallest))
                    return null;
                var root = Math.Sqrt(pivot);
                factor[j * _p + j] = root;
                logDeterminant += 2 * Math.Log(root);
                for (var i = j + 1; i < _p; i++)
                {
                    var value = covariance[i * _p + j];
                    for (var k = 0; k < j; k++)
                        value -= factor[i * _p + k] * factor[j * _p + k];
                    factor[i * _p + j] = value / root;
                }
            }
            return new(mean, covariance, factor, logDeterminant, count);
        }

        static double Middle(double[] sorted) =>
            sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : 0.5 * (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]);

        static NotEstimableException Singular() => new("Half of the rows or more lie on one hyperplane: some column is a combination of the others, so the bulk has no volume.");
    }

    sealed record Estimate(double[] Mean, double[] Covariance, double[] Factor, double LogDeterminant, int Size);
}
