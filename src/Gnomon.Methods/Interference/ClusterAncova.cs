using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Interference;

/// <summary>Two arms that were assigned by cluster, adjusted for what the clusters were before.</summary>
/// <param name="Difference">First minus second arm at the same covariates, with its Satterthwaite t interval.</param>
/// <param name="First">Mean of the first arm at the mean of the covariates, with its variance.</param>
/// <param name="Second">Mean of the second arm there.</param>
/// <param name="Covariance">Covariance of the two means.</param>
/// <param name="Covariates">Covariates that told anything: those that vary and do not repeat the others.</param>
public sealed record ClusterAncovaResult(ContrastResult Difference, MeanEstimate First, MeanEstimate Second, double Covariance, int Covariates);

/// <summary>Analysis of covariance where whole clusters were assigned: rows regressed on the arm and on covariates of the cluster, with bias-reduced errors (CR2) and Satterthwaite degrees of freedom.</summary>
/// <remarks>
/// Sources: Bell and McCaffrey 2002, Survey Methodology 28; Pustejovsky and Tipton 2018, JBES 36; for the adjustment in trials of clusters Su and Ding 2021, JRSS B 83. All rows of a cluster share
/// their regressors, so (I - H)^-1/2 1 = 1 / sqrt(1 - n h) with h the leverage of one row, and totals per cluster suffice. Clusters of one row give HC2 with Bell-McCaffrey degrees of freedom.
/// The test assigns the clusters again and compares t statistics, as <see cref="ClusterRandomisation"/> does without covariates. Agrees with R's clubSandwich 0.5.8 to 1e-9.
/// </remarks>
public static class ClusterAncova
{
    /// <param name="first">Clusters of the first arm, at least 2.</param>
    /// <param name="second">Clusters of the second arm, at least 2.</param>
    /// <param name="covariates">Each covariate over the clusters of the first arm, then of the second; finite.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="TooFewRowsException">An arm has fewer than 2 clusters, or there are no more clusters than coefficients.</exception>
    /// <exception cref="NotEstimableException">The covariates tell the arms apart completely, one cluster decides a coefficient alone, or nothing is left over.</exception>
    public static ClusterAncovaResult Compare(ClusterTotals first, ClusterTotals second, IReadOnlyList<double[]> covariates, double level = 0.95)
    {
        InferenceGuard.Level(level);
        var (work, treated) = Prepare(first, second, covariates, 2);
        var fit = work.Fit(treated) ?? throw new NotEstimableException("The covariates tell the arms apart completely, so nothing is left to compare.");
        if (fit.LargestLeverage > AncovaWork.FullLeverage)
            throw new NotEstimableException("One cluster alone decides a coefficient, so nothing tells the effect from that cluster.");
        if (!(fit.Variance > 1e-26 * work.Scale * work.Scale))
            throw new NotEstimableException("Clusters of one arm do not differ beyond their covariates, so the difference has no standard error.");
        var error = Math.Sqrt(fit.Variance);
        var reach = StudentT.UpperQuantile(0.5 * (1.0 - level), fit.Degrees) * error;
        var t = fit.Value / error;
        var second0 = work.Mean - fit.Value * fit.TreatedShare;
        return new(
            new ContrastResult(fit.Value, fit.Value - reach, fit.Value + reach, error, t, fit.Degrees, Math.Min(1.0, 2.0 * StudentT.Sf(Math.Abs(t), fit.Degrees)), level, $"analysis of covariance ({treated.Length} clusters), CR2 with Satterthwaite degrees of freedom"),
            new MeanEstimate(second0 + fit.Value, fit.Variance + fit.ControlVariance + 2 * fit.ControlCovariance), new MeanEstimate(second0, fit.ControlVariance), fit.ControlVariance + fit.ControlCovariance, work.Covariates);
    }

    /// <summary>Would another assignment of the same clusters have shown as much, the covariates held?</summary>
    /// <param name="first">Clusters of the first arm, at least 1.</param>
    /// <param name="second">Clusters of the second arm, at least 1.</param>
    /// <param name="covariates">Each covariate over the clusters of the first arm, then of the second.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <exception cref="TooFewRowsException">An arm has no cluster, or there are no more clusters than coefficients.</exception>
    public static RerandomisationResult Test(ClusterTotals first, ClusterTotals second, IReadOnlyList<double[]> covariates, RerandomisationOptions? options = null)
    {
        var (work, treated) = Prepare(first, second, covariates, 1);
        var again = new Reassignment(treated, null, options ?? new());
        return new(again.P(work.SquaredT), again.Run, again.IsExact, again.SmallestP);
    }

    /// <summary>The effects, the same for every unit, that the test does not reject; null where no bounded interval exists at this level.</summary>
    /// <param name="first">Clusters of the first arm.</param>
    /// <param name="second">Clusters of the second arm.</param>
    /// <param name="covariates">Each covariate over the clusters of the first arm, then of the second.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <param name="options">Settings; null for the defaults.</param>
    public static Interval? Invert(ClusterTotals first, ClusterTotals second, IReadOnlyList<double[]> covariates, double level = 0.95, RerandomisationOptions? options = null)
    {
        InferenceGuard.Level(level);
        var (work, treated) = Prepare(first, second, covariates, 1);
        if (work.Fit(treated) is not { } fit)
            return null;
        var again = new Reassignment(treated, null, options ?? new());
        double P(double delta)
        {
            work.Shift(treated, delta);
            return again.P(work.SquaredT);
        }

        return again.Invert(P, fit.Value, fit.Variance > 0 ? Math.Sqrt(fit.Variance) : Math.Max(work.Scale, 1e-12), 1.0 - level);
    }

    static (AncovaWork Work, bool[] Treated) Prepare(ClusterTotals first, ClusterTotals second, IReadOnlyList<double[]> covariates, int least)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentNullException.ThrowIfNull(covariates);
        first.Require("the first arm", least);
        second.Require("the second arm", least);
        var count = first.Count + second.Count;
        foreach (var covariate in covariates)
        {
            if (covariate.Length != count)
                throw new ArgumentException("There must be one value of a covariate per cluster.", nameof(covariates));
            if (Array.Exists(covariate, v => !double.IsFinite(v)))
                throw new ArgumentOutOfRangeException(nameof(covariates), "Covariates are finite.");
        }

        if (count < covariates.Count + 3)
            throw new TooFewRowsException("The set of clusters", count, covariates.Count + 3);
        var treated = new bool[count];
        treated.AsSpan(0, first.Count).Fill(true);
        return (new AncovaWork([.. first.Sums, .. second.Sums], [.. first.Sizes, .. second.Sizes], covariates), treated);
    }
}

/// <summary>One fit of the arm beside the covariates.</summary>
readonly record struct AncovaFit(double Value, double Variance, double Degrees, double LargestLeverage, double TreatedShare, double ControlVariance, double ControlCovariance);

/// <summary>Clusters with their covariates taken out once, so that every assignment costs one pass.</summary>
sealed class AncovaWork
{
    public const double FullLeverage = 1.0 - 1e-9;
    const double Dependent = 1e-9;
    readonly double[] _sizes;
    readonly double[] _values;
    readonly double[] _left;
    readonly double[][] _basis;
    readonly double[] _own;
    readonly double[] _arm;

    public AncovaWork(double[] sums, double[] sizes, IReadOnlyList<double[]> covariates)
    {
        _sizes = sizes;
        _values = [.. sums.Zip(sizes, (s, n) => s / n)];
        _basis = Basis(sizes, covariates);
        _own = new double[sizes.Length];
        foreach (var q in _basis)
        {
            for (var i = 0; i < q.Length; i++)
                _own[i] += q[i] * q[i];
        }

        _arm = new double[sizes.Length];
        _left = new double[sizes.Length];
        Mean = sums.Sum() / sizes.Sum();
        Scale = _values.Max(Math.Abs);
        Rest(_values, 0.0, []);
    }

    /// <summary>Mean over all rows.</summary>
    public double Mean { get; }

    public double Scale { get; }

    public int Covariates => _basis.Length - 1;

    /// <summary>The outcome as it would have been with an effect of <paramref name="delta"/> on those treated taken away.</summary>
    public void Shift(bool[] treated, double delta) => Rest(_values, delta, treated);

    public double SquaredT(bool[] treated)
    {
        if (!Partial(treated, out var length))
            return 0.0;
        var (value, variance) = (Product(_left) / length, 0.0);
        for (var i = 0; i < _left.Length; i++)
        {
            var residual = _sizes[i] * _arm[i] * (_left[i] - value * _arm[i]) / length;
            variance += residual * residual / Math.Max(1e-9, 1.0 - _sizes[i] * (_own[i] + _arm[i] * _arm[i] / length));
        }

        var rounding = 1e-26 * Scale * Scale;
        return variance > rounding ? value * value / variance : value * value > rounding ? double.PositiveInfinity : 0.0;
    }

    public AncovaFit? Fit(bool[] treated)
    {
        if (!Partial(treated, out var length))
            return null;
        var value = Product(_left) / length;
        var (total, share, largest) = (_sizes.Sum(), 0.0, 0.0);
        for (var i = 0; i < treated.Length; i++)
            share += treated[i] ? _sizes[i] : 0.0;
        share /= total;
        var k = _basis.Length + 1;
        var (gram, row) = (new double[k * k], new double[k]);
        double variance = 0, control = 0, both = 0, trace = 0, squares = 0;
        for (var i = 0; i < _left.Length; i++)
        {
            var n = _sizes[i];
            var leverage = _own[i] + _arm[i] * _arm[i] / length;
            largest = Math.Max(largest, n * leverage);
            var left = Math.Max(1e-12, 1.0 - n * leverage);
            var (weight, level) = (_arm[i] / length, 1.0 / total - share * _arm[i] / length);
            var residual = n * (_left[i] - value * _arm[i]);
            var squared = residual * residual / left;
            variance += weight * weight * squared;
            control += level * level * squared;
            both += weight * level * squared;

            // The variance estimate is e'Ge with G = sum of d (1'(I - H))'(1'(I - H)); tr G and tr GG follow from leverages alone.
            var d = weight * weight / left;
            trace += d * n * (1.0 - n * leverage);
            squares += d * d * n * n * ((1.0 - n * leverage) * (1.0 - n * leverage) - n * n * leverage * leverage);
            for (var j = 0; j < _basis.Length; j++)
                row[j] = _basis[j][i];
            row[k - 1] = _arm[i] / Math.Sqrt(length);
            for (var a = 0; a < k; a++)
            {
                for (var b = 0; b < k; b++)
                    gram[a * k + b] += d * n * n * row[a] * row[b];
            }
        }

        foreach (var g in gram)
            squares += g * g;
        return new(value, variance, squares > 0 ? trace * trace / squares : 1.0, largest, share, control, both);
    }

    // What the covariates leave of the arm; false when that is nothing.
    bool Partial(bool[] treated, out double length)
    {
        for (var i = 0; i < _arm.Length; i++)
            _arm[i] = treated[i] ? 1.0 : 0.0;
        var whole = _basis[0][0];
        Orthogonalise(_arm, _basis.AsSpan(), _sizes);
        length = 0.0;
        for (var i = 0; i < _arm.Length; i++)
            length += _sizes[i] * _arm[i] * _arm[i];
        return length > Dependent / (whole * whole);
    }

    double Product(double[] values)
    {
        var sum = 0.0;
        for (var i = 0; i < values.Length; i++)
            sum += _sizes[i] * _arm[i] * values[i];
        return sum;
    }

    void Rest(double[] values, double delta, bool[] treated)
    {
        for (var i = 0; i < values.Length; i++)
            _left[i] = values[i] - (delta != 0.0 && treated[i] ? delta : 0.0);
        Orthogonalise(_left, _basis.AsSpan(), _sizes);
    }

    // An orthonormal basis of 1 and the covariates under the sizes as weights; what repeats the others is left out.
    static double[][] Basis(double[] sizes, IReadOnlyList<double[]> covariates)
    {
        var total = Math.Sqrt(sizes.Sum());
        var basis = new List<double[]> { Array.ConvertAll(sizes, _ => 1.0 / total) };
        foreach (var covariate in covariates)
        {
            var q = (double[])covariate.Clone();
            Orthogonalise(q, [basis[0]], sizes);
            var before = Length(q, sizes);
            Orthogonalise(q, basis.ToArray(), sizes);
            var after = Length(q, sizes);
            var scale = covariate.Max(Math.Abs) * total;
            if (after > Dependent * before && before > 1e-12 * scale)
                basis.Add(Array.ConvertAll(q, v => v / after));
        }

        return [.. basis];
    }

    // Twice, so that what is left is orthogonal to the last bit.
    static void Orthogonalise(double[] v, ReadOnlySpan<double[]> basis, double[] sizes)
    {
        for (var pass = 0; pass < 2; pass++)
        {
            foreach (var q in basis)
            {
                var product = 0.0;
                for (var i = 0; i < v.Length; i++)
                    product += sizes[i] * q[i] * v[i];
                for (var i = 0; i < v.Length; i++)
                    v[i] -= product * q[i];
            }
        }
    }

    static double Length(double[] v, double[] sizes)
    {
        var sum = 0.0;
        for (var i = 0; i < v.Length; i++)
            sum += sizes[i] * v[i] * v[i];
        return Math.Sqrt(sum);
    }
}
