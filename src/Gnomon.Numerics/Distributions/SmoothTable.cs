namespace Gnomon.Numerics.Distributions;

/// <summary>A smooth function on 0 and above, computed at multiples of a step when they are first needed and interpolated between them by 12 points.</summary>
/// <remarks>The places never depend on what was asked before, so neither do the answers. Beyond the last node the function itself is called.</remarks>
internal sealed class SmoothTable
{
    const int Points = 12;
    const double Farthest = 60.0;

    // Barycentric weights of 12 equally spaced points: signed binomial coefficients.
    static readonly double[] Weights = [-1, 11, -55, 165, -330, 462, -462, 330, -165, 55, -11, 1];

    readonly Func<double, double> _function;
    readonly double[] _values;
    readonly double _step;

    /// <param name="function">Smooth on 0 and above.</param>
    /// <param name="step">Distance of the nodes: at most a tenth of the distance to the function's nearest singularity.</param>
    public SmoothTable(Func<double, double> function, double step)
    {
        _function = function;
        _step = step;
        _values = new double[(int)(Farthest / step)];
        Array.Fill(_values, double.NaN);
    }

    public double At(double w)
    {
        var place = w / _step;
        var first = Math.Max(0, (int)Math.Min(place, _values.Length) - Points / 2 + 1);
        if (first + Points > _values.Length)
        {
            return _function(w);
        }

        double above = 0, below = 0;
        for (var i = 0; i < Points; i++)
        {
            var gap = place - (first + i);
            var value = Node(first + i);
            if (gap == 0)
            {
                return value;
            }

            var weight = Weights[i] / gap;
            above += weight * value;
            below += weight;
        }

        return above / below;
    }

    // Two threads may compute one node at once; both find the same value.
    double Node(int i)
    {
        var value = _values[i];
        if (double.IsNaN(value))
        {
            _values[i] = value = _function(i * _step);
        }

        return value;
    }
}
