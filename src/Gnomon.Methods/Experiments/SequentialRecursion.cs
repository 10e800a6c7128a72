using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Optimizers;

namespace Gnomon.Methods.Experiments;

/// <summary>
/// The density of a score process that has not yet left its boundaries, carried from look to look by Gauss-Legendre quadrature
/// (Armitage, McPherson and Rowe 1969; Jennison and Turnbull 2000, chapter 19).
/// </summary>
/// <remarks>The score B(t) is Brownian motion with drift, Z = B(t) / sqrt(t). Boundaries are symmetric: stop when |Z| reaches the critical value.</remarks>
internal sealed class SequentialRecursion(double drift = 0)
{
    // Beyond 9 standard deviations the normal tail is below 1e-18: nothing left to integrate.
    const double Edge = 9;
    // Nodes per standard deviation of the next increment; 5 keep the error of the rule below 1e-10.
    const double NodesPerDeviation = 5;
    const int FewestNodes = 40;
    const int MostNodes = 1_000;

    double _time;
    double[] _nodes = [0];
    double[] _mass = [1];
    GaussLegendre? _rule;

    /// <summary>Probability of first leaving at time <paramref name="time"/> when the critical value there is <paramref name="z"/>.</summary>
    public double CrossingProbability(double time, double z)
    {
        var step = Math.Sqrt(time - _time);
        var shift = drift * (time - _time);
        var edge = z * Math.Sqrt(time);
        var sum = 0.0;
        for (var i = 0; i < _nodes.Length; i++)
        {
            var from = _nodes[i] + shift;
            sum += _mass[i] * (Normal.Sf((edge - from) / step) + Normal.Cdf((-edge - from) / step));
        }
        return sum;
    }

    /// <summary>Goes on to <paramref name="time"/> with the paths that stayed inside <paramref name="z"/>.</summary>
    /// <param name="nextStep">Information between this look and the next: the grid must resolve it.</param>
    /// <param name="time">Information time of the look.</param>
    /// <param name="z">Critical value at the look.</param>
    public void Continue(double time, double z, double nextStep)
    {
        var step = Math.Sqrt(time - _time);
        var shift = drift * (time - _time);
        var edge = z * Math.Sqrt(time);
        var reach = Edge * Math.Sqrt(time);
        var low = Math.Max(-edge, drift * time - reach);
        var high = Math.Min(edge, drift * time + reach);
        var finest = Math.Sqrt(Math.Min(time - _time, nextStep));
        var count = (int)Math.Clamp(NodesPerDeviation * (high - low) / finest, FewestNodes, MostNodes);
        var rule = _rule is { } last && last.Nodes.Length == count ? last : new GaussLegendre(count);
        _rule = rule;
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
