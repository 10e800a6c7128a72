using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Optimizers;
using Gnomon.Numerics.Special;

namespace Gnomon.Methods.Bayes;

/// <summary>One normal distribution of a mixture.</summary>
/// <param name="Weight">Its share, in (0, 1].</param>
/// <param name="Mean">Centre, in the unit of the effect.</param>
/// <param name="Deviation">Standard deviation, positive and finite.</param>
public sealed record NormalComponent(double Weight, double Mean, double Deviation);

/// <summary>What is believed of an effect after an estimate with its standard error, under a flat prior, a normal one or a mixture of normals.</summary>
/// <remarks>
/// The likelihood is normal, or Student's t where the spread was estimated from few units. By quadrature: panels that widen from the estimate and from every part of the prior, 16 Gauss-Legendre
/// nodes each; agreement with the closed forms of normal beliefs and with scipy's adaptive quadrature 1e-10. Sources: Spiegelhalter, Abrams and Myles 2004; robust mixture: Schmidli et
/// al. 2014, Biometrics 70.
/// </remarks>
public sealed class EffectPosterior : IEffectBelief
{
    const double Tolerance = 1e-13;
    const double PriorReach = 10;
    static readonly GaussLegendre Rule = new(16);

    readonly NormalComponent[] _prior;
    readonly double _estimate;
    readonly double _error;
    readonly double? _degrees;
    readonly double[] _edges;
    readonly double[] _upper;
    readonly double[] _nodes;
    readonly double[] _weights;
    readonly double _logScale;
    readonly double _total;

    /// <param name="prior">Parts of the prior; empty for a flat one.</param>
    /// <param name="estimate">Estimated effect, finite.</param>
    /// <param name="standardError">Its standard error, positive.</param>
    /// <param name="degreesOfFreedom">Degrees of freedom behind the standard error; null for a normal likelihood.</param>
    /// <exception cref="NotEstimableException">Two degrees of freedom or fewer leave a flat prior without a standard deviation.</exception>
    public EffectPosterior(IReadOnlyList<NormalComponent> prior, double estimate, double standardError, double? degreesOfFreedom = null)
    {
        ArgumentNullException.ThrowIfNull(prior);
        if (!double.IsFinite(estimate))
            throw new ArgumentOutOfRangeException(nameof(estimate), estimate, "The estimate must be finite.");
        if (!(standardError > 0) || !double.IsFinite(standardError))
            throw new ArgumentOutOfRangeException(nameof(standardError), standardError, "A standard error is positive and finite.");
        if (degreesOfFreedom is { } df && !(df > 2))
            throw new NotEstimableException($"{df:0.#} degrees of freedom leave the spread of the effect without bounds; more units are needed.");
        foreach (var c in prior)
        {
            if (!(c.Weight > 0 && c.Deviation > 0) || !double.IsFinite(c.Weight + c.Mean + c.Deviation))
                throw new ArgumentOutOfRangeException(nameof(prior), c, "Weights and standard deviations of a prior are positive and finite.");
        }
        var total = prior.Sum(c => c.Weight);
        _prior = [.. prior.Select(c => c with { Weight = c.Weight / total })];
        (_estimate, _error, _degrees) = (estimate, standardError, degreesOfFreedom is { } d && double.IsFinite(d) ? d : null);
        _edges = Edges();
        (_nodes, _weights) = Nodes(out _logScale);

        _upper = new double[_edges.Length];
        double sum = 0, mean = 0;
        for (var p = _edges.Length - 2; p >= 0; p--)
        {
            for (var i = 0; i < Rule.Nodes.Length; i++)
            {
                sum += _weights[p * Rule.Nodes.Length + i];
                mean += _weights[p * Rule.Nodes.Length + i] * _nodes[p * Rule.Nodes.Length + i];
            }
            _upper[p] = sum;
        }
        _total = sum;
        Mean = mean / sum;
        var square = 0.0;
        for (var i = 0; i < _nodes.Length; i++)
            square += _weights[i] * (_nodes[i] - Mean) * (_nodes[i] - Mean);
        StandardDeviation = Math.Sqrt(square / sum);
    }

    public double Mean { get; }

    public double StandardDeviation { get; }

    /// <inheritdoc/>
    public double Above(double value = 0)
    {
        if (value <= _edges[0])
            return 1;
        if (value >= _edges[^1])
            return 0;
        var p = Panel(value);
        return Math.Min(1, (_upper[p + 1] + Rule.Integrate(Density, value, _edges[p + 1])) / _total);
    }

    /// <inheritdoc/>
    public double Excess(double threshold)
    {
        if (threshold >= _edges[^1])
            return 0;
        if (threshold <= _edges[0])
            return Mean - threshold;
        var p = Panel(threshold);
        var sum = Rule.Integrate(x => (x - threshold) * Density(x), threshold, _edges[p + 1]);
        for (var i = (p + 1) * Rule.Nodes.Length; i < _nodes.Length; i++)
            sum += _weights[i] * (_nodes[i] - threshold);
        return sum / _total;
    }

    /// <summary>The same after one more independent estimate, on average over what it may show: E[(posterior mean - threshold)+].</summary>
    /// <param name="threshold">Threshold of the effect.</param>
    /// <param name="standardError">Standard error of the estimate to come, positive.</param>
    public double ExcessAfter(double threshold, double standardError)
    {
        if (!(standardError > 0) || !double.IsFinite(standardError))
            throw new ArgumentOutOfRangeException(nameof(standardError), standardError, "A standard error is positive and finite.");

        // The posterior mean rises with the estimate, so it passes the threshold at one point; beyond it the joint integral is a normal tail per node.
        var (low, high) = (_edges[0] - 40 * standardError, _edges[^1] + 40 * standardError);
        if (Lead(low, threshold, standardError) >= 0)
            return Mean - threshold;
        if (Lead(high, threshold, standardError) <= 0)
            return 0;
        var at = Brent.Root(y => Lead(y, threshold, standardError), low, high, Tolerance * (high - low)).X;
        var sum = 0.0;
        for (var i = 0; i < _nodes.Length; i++)
            sum += _weights[i] * (_nodes[i] - threshold) * Normal.Cdf((_nodes[i] - at) / standardError);
        return Math.Max(0, sum / _total);
    }

    /// <inheritdoc/>
    public Interval Interval(double level = 0.95)
    {
        BetaMixture.InferenceLevel(level);
        var tail = (1 - level) / 2;
        return new(Quantile(1 - tail), Quantile(tail));
    }

    /// <summary>How surprising the estimate is under the prior: the two-sided predictive tail at its distance from the prior's mean (Box 1980). 1 under a flat prior.</summary>
    public double Conflict()
    {
        if (_prior.Length == 0)
            return 1;
        double above = 0, below = 0;
        foreach (var c in _prior)
        {
            var z = (_estimate - c.Mean) / Math.Sqrt(c.Deviation * c.Deviation + _error * _error);
            above += c.Weight * Normal.Sf(z);
            below += c.Weight * Normal.Cdf(z);
        }
        return Math.Min(1, 2 * Math.Min(above, below));
    }

    // Sign of (posterior mean after an estimate y) - threshold, scaled so that it does not underflow.
    double Lead(double y, double threshold, double error)
    {
        var largest = double.NegativeInfinity;
        for (var i = 0; i < _nodes.Length; i++)
        {
            if (_weights[i] > 0)
                largest = Math.Max(largest, Math.Log(_weights[i]) - 0.5 * Square((y - _nodes[i]) / error));
        }
        var sum = 0.0;
        for (var i = 0; i < _nodes.Length; i++)
        {
            if (_weights[i] > 0)
                sum += (_nodes[i] - threshold) * Math.Exp(Math.Log(_weights[i]) - 0.5 * Square((y - _nodes[i]) / error) - largest);
        }
        return sum;
    }

    double Quantile(double upper) => Brent.Root(x => Above(x) - upper, _edges[0], _edges[^1], Tolerance * (_edges[^1] - _edges[0])).X;

    int Panel(double value)
    {
        var at = Array.BinarySearch(_edges, value);
        return Math.Clamp(at >= 0 ? at : ~at - 1, 0, _edges.Length - 2);
    }

    double Density(double x) => Math.Exp(LogDensity(x) - _logScale);

    double LogDensity(double x)
    {
        var z = (x - _estimate) / _error;
        var likelihood = _degrees is { } v ? -0.5 * (v + 1) * Elementary.Log1p(z * z / v) : -0.5 * z * z;
        if (_prior.Length == 0)
            return likelihood;
        var prior = double.NegativeInfinity;
        foreach (var c in _prior)
            prior = Elementary.LogSumExp(prior, Math.Log(c.Weight / c.Deviation) - 0.5 * Square((x - c.Mean) / c.Deviation));
        return likelihood + prior;
    }

    // Edges at doubling distances from every centre: narrow where a density bends, wide in its tails.
    double[] Edges()
    {
        var edges = new SortedSet<double>();
        double low, high;
        var far = _degrees is { } v ? Math.Min(Math.Pow(1e16, 1 / (v - 1)), 1e6) : 40;
        if (_prior.Length == 0)
            (low, high) = (_estimate - (far + 40) * _error, _estimate + (far + 40) * _error);
        else
        {
            low = Math.Min(_estimate, _prior.Min(c => c.Mean - PriorReach * c.Deviation));
            high = Math.Max(_estimate, _prior.Max(c => c.Mean + PriorReach * c.Deviation));
        }
        Around(_estimate, _error);
        foreach (var c in _prior)
        {
            Around(c.Mean, c.Deviation);
            var share = c.Deviation * c.Deviation / (c.Deviation * c.Deviation + _error * _error);
            Around(c.Mean + share * (_estimate - c.Mean), Math.Sqrt(share) * _error);
        }
        edges.Add(low);
        edges.Add(high);
        return [.. edges];

        void Around(double centre, double scale)
        {
            Add(centre);
            for (var k = 1; k <= 8; k++)
            {
                Add(centre - k * scale);
                Add(centre + k * scale);
            }
            for (var reach = 12.0; reach * scale < high - low; reach *= 1.5)
            {
                Add(centre - reach * scale);
                Add(centre + reach * scale);
            }
        }

        void Add(double x)
        {
            if (x > low && x < high)
                edges.Add(x);
        }
    }

    (double[] Nodes, double[] Weights) Nodes(out double logScale)
    {
        var m = Rule.Nodes.Length;
        var (nodes, weights) = (new double[(_edges.Length - 1) * m], new double[(_edges.Length - 1) * m]);
        for (var p = 0; p < _edges.Length - 1; p++)
        {
            var half = 0.5 * (_edges[p + 1] - _edges[p]);
            for (var i = 0; i < m; i++)
            {
                nodes[p * m + i] = _edges[p] + half * (1 + Rule.Nodes[i]);
                weights[p * m + i] = LogDensity(nodes[p * m + i]);
            }
        }
        logScale = weights.Max();
        for (var p = 0; p < _edges.Length - 1; p++)
        {
            var half = 0.5 * (_edges[p + 1] - _edges[p]);
            for (var i = 0; i < m; i++)
                weights[p * m + i] = half * Rule.Weights[i] * Math.Exp(weights[p * m + i] - logScale);
        }
        return (nodes, weights);
    }

    static double Square(double x) => x * x;
}
