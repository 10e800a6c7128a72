using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Optimizers;

namespace Gnomon.Methods.Experiments;

/// <summary>
/// The density of a score process that has not yet left its boundaries, carried from look to look by Gauss-Legendre quadrature
/// (Armitage, McPherson and Rowe 1969; Jennison and Turnbull 2000, chapter 19).
/// </summary>
/// <remarks>The score B(t) is Brownian motion with drift, Z = B(t) / sqrt(t). It starts at 0, or at the score of a look that has been taken.</remarks>
internal sealed class SequentialRecursion
{
    // Beyond 9 standard deviations the normal tail is below 1e-18: nothing left to integrate.
    const double Edge = 9;
    // Nodes per standard deviation of the next increment; 5 keep the error of the rule below 1e-10.
    const double NodesPerDeviation = 5;
    const int FewestNodes = 40;
    const int MostNodes = 1_000;

    readonly double _drift;
    readonly double _startTime;
    readonly double _startScore;
    double _time;
    double[] _nodes;
    double[] _mass = [1];

    public SequentialRecursion(double drift = 0, double startTime = 0, double startScore = 0)
    {
        _drift = drift;
        _startTime = startTime;
        _startScore = startScore;
        _time = startTime;
        _nodes = [startScore];
    }

    /// <summary>Probability of first leaving a symmetric region at time <paramref name="time"/> when the critical value there is <paramref name="z"/>.</summary>
    public double CrossingProbability(double time, double z) => Above(time, z) + Below(time, -z);

    /// <summary>Probability of having stayed inside until now and of Z at <paramref name="time"/> being at least <paramref name="z"/>.</summary>
    public double Above(double time, double z)
    {
        var step = Math.Sqrt(time - _time);
        var edge = z * Math.Sqrt(time) - _drift * (time - _time);
        var sum = 0.0;
        for (var i = 0; i < _nodes.Length; i++)
            sum += _mass[i] * Normal.Sf((edge - _nodes[i]) / step);
        return sum;
    }

    /// <summary>Probability of having stayed inside until now and of Z at <paramref name="time"/> being at most <paramref name="z"/>.</summary>
    public double Below(double time, double z)
    {
        var step = Math.Sqrt(time - _time);
        var edge = z * Math.Sqrt(time) - _drift * (time - _time);
        var sum = 0.0;
        for (var i = 0; i < _nodes.Length; i++)
            sum += _mass[i] * Normal.Cdf((edge - _nodes[i]) / step);
        return sum;
    }

    /// <summary>Goes on to <paramref name="time"/> with the paths that stayed inside plus and minus <paramref name="z"/>.</summary>
    public void Continue(double time, double z, double nextStep) => Continue(time, -z, z, nextStep);

    /// <summary>Goes on to <paramref name="time"/> with the paths whose Z lies between <paramref name="lowZ"/> and <paramref name="highZ"/>.</summary>
    /// <param name="nextStep">Information between this look and the next: the grid must resolve it.</param>
    /// <param name="time">Information time of the look.</param>
    /// <param name="lowZ">Lower end of the region in which the test goes on.</param>
    /// <param name="highZ">Upper end.</param>
    public void Continue(double time, double lowZ, double highZ, double nextStep)
    {
        var step = Math.Sqrt(time - _time);
        var shift = _drift * (time - _time);
        var root = Math.Sqrt(time);
        var middle = _startScore + _drift * (time - _startTime);
        var reach = Edge * Math.Sqrt(time - _startTime);
        var low = Math.Max(lowZ * root, middle - reach);
        var high = Math.Min(highZ * root, middle + reach);
        if (!(low < high))
        {
            (_nodes, _mass, _time) = ([0], [0], time);
            return;
        }
        var finest = Math.Sqrt(Math.Min(time - _time, nextStep));
        var count = (int)Math.Clamp(NodesPerDeviation * (high - low) / finest, FewestNodes, MostNodes);
        var rule = GaussLegendre.Of(count);
        var nodes = new double[count];
        var mass = new double[count];
        var half = (high - low) / 2;
        for (var j = 0; j < count; j++)
        {
            nodes[j] = low + half * (1 + rule.Nodes[j]);
            mass[j] = rule.Weights[j] * half * Density(nodes[j] - shift, step);
        }
        (_nodes, _mass, _time) = (nodes, mass, time);
    }

    double Density(double at, double step)
    {
        var sum = 0.0;
        for (var i = 0; i < _nodes.Length; i++)
        {
            var z = (at - _nodes[i]) / step;
            sum += _mass[i] * Math.Exp(-0.5 * z * z);
        }
        return sum / (step * Math.Sqrt(2 * Math.PI));
    }
}
