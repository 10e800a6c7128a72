namespace Gnomon.Numerics.Optimizers;

/// <summary>Gauss-Legendre quadrature: n nodes integrate polynomials up to degree 2n - 1 exactly.</summary>
/// <remarks>Nodes by Newton's method on the three-term recurrence (Abramowitz and Stegun 25.4.30, start 22.16.6).</remarks>
public sealed class GaussLegendre
{
    static readonly GaussLegendre?[] Made = new GaussLegendre?[MostPoints + 1];
    const int MostPoints = 1_000;
    readonly double[] _nodes;
    readonly double[] _weights;

    /// <param name="points">Number of nodes, 1 to 1,000.</param>
    public GaussLegendre(int points)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(points);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(points, MostPoints);
        _nodes = new double[points];
        _weights = new double[points];
        for (var i = 0; i < (points + 1) / 2; i++)
        {
            var x = i == points - 1 - i ? 0.0 : Math.Cos(Math.PI * (i + 0.75) / (points + 0.5));
            var polynomial = Legendre(points, x);
            for (var k = 0; k < 10 && Math.Abs(polynomial.Value) > 1e-15 * Math.Abs(polynomial.Slope); k++)
            {
                x -= polynomial.Value / polynomial.Slope;
                polynomial = Legendre(points, x);
            }

            _nodes[i] = -x;
            _nodes[points - 1 - i] = x;
            _weights[i] = _weights[points - 1 - i] = 2.0 / ((1.0 - x * x) * polynomial.Slope * polynomial.Slope);
        }
    }

    /// <summary>The rule with so many nodes, made once for the whole process: at most 8 MB if every one is used.</summary>
    /// <param name="points">Number of nodes, 1 to 1,000.</param>
    public static GaussLegendre Of(int points)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(points);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(points, MostPoints);

        // Two threads that make the same rule make equal ones.
        return Volatile.Read(ref Made[points]) ?? (Made[points] = new GaussLegendre(points));
    }

    /// <summary>Nodes in (-1, 1), rising.</summary>
    public ReadOnlySpan<double> Nodes => _nodes;

    /// <summary>Weights, adding up to 2.</summary>
    public ReadOnlySpan<double> Weights => _weights;

    /// <summary>The integral of a function from low to high.</summary>
    public double Integrate(Func<double, double> function, double low, double high)
    {
        ArgumentNullException.ThrowIfNull(function);
        var half = 0.5 * (high - low);
        var middle = low + half;
        var sum = 0.0;
        for (var i = 0; i < _nodes.Length; i++)
        {
            sum += _weights[i] * function(middle + half * _nodes[i]);
        }

        return half * sum;
    }

    static ValueAndSlope Legendre(int n, double x)
    {
        var previous = 1.0;
        var current = x;
        for (var k = 2; k <= n; k++)
        {
            (previous, current) = (current, ((2 * k - 1) * x * current - (k - 1) * previous) / k);
        }

        return new(current, n * (x * current - previous) / (x * x - 1.0));
    }
}
