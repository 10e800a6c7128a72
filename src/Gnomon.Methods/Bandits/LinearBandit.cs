using Gnomon.Numerics.Random;

namespace Gnomon.Methods.Bandits;

/// <summary>How a linear bandit explores.</summary>
public enum LinearRule
{
    /// <summary>Li, Chu, Langford and Schapire 2010 (LinUCB, disjoint): the arm with the highest x'theta + alpha sqrt(x'A^-1 x).</summary>
    UpperBound,

    /// <summary>Agrawal and Goyal 2013, one belief per arm: theta is drawn from N(A^-1 b, v^2 A^-1), and the arm with the highest x'theta is shown.</summary>
    Thompson,
}

/// <summary>A bandit that sees the context: every arm has a ridge regression of its own on the features, A = ridge I + sum x x', b = sum reward x.</summary>
/// <remarks>Sources: Li, Chu, Langford and Schapire 2010, WWW; Agrawal and Goyal 2013, ICML. A^-1 is kept by rank-one updates (Sherman and Morrison), so a row costs arms times features squared. Ties go to the first arm.</remarks>
public sealed class LinearBandit
{
    readonly int _features;
    readonly LinearRule _rule;
    readonly double _exploration;
    readonly double[][] _inverse;
    readonly double[][] _moment;
    readonly double[] _product;

    /// <param name="arms">Arms, at least 2.</param>
    /// <param name="features">Length of a context, the constant 1 included where it is wanted.</param>
    /// <param name="rule">How it explores.</param>
    /// <param name="exploration">alpha of LinUCB, v of Thompson; at least 0.</param>
    /// <param name="ridge">Ridge penalty, above 0.</param>
    public LinearBandit(int arms, int features, LinearRule rule, double exploration = 1.0, double ridge = 1.0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(arms, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(exploration);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ridge);
        (_features, _rule, _exploration) = (features, rule, exploration);
        (_inverse, _moment) = (new double[arms][], new double[arms][]);
        for (var a = 0; a < arms; a++)
        {
            (_inverse[a], _moment[a]) = (new double[features * features], new double[features]);
            for (var i = 0; i < features; i++)
                _inverse[a][i * features + i] = 1.0 / ridge;
        }

        _product = new double[features];
    }

    /// <summary>The coefficients of an arm, A^-1 b.</summary>
    public double[] Coefficients(int arm)
    {
        var theta = new double[_features];
        Multiply(_inverse[arm], _moment[arm], theta);
        return theta;
    }

    /// <summary>The arm to show in this context.</summary>
    /// <param name="context">Features, finite.</param>
    /// <param name="rng">Source of Thompson's draws; the upper bound draws nothing.</param>
    public int Choose(ReadOnlySpan<double> context, Rng rng)
    {
        Require(context);
        ArgumentNullException.ThrowIfNull(rng);
        var (best, highest) = (0, double.NegativeInfinity);
        for (var a = 0; a < _inverse.Length; a++)
        {
            var score = Score(a, context, rng);
            (best, highest) = score > highest ? (a, score) : (best, highest);
        }

        return best;
    }

    /// <summary>Takes in the reward of a row.</summary>
    /// <param name="arm">The arm that was shown.</param>
    /// <param name="context">Its features.</param>
    /// <param name="reward">What it earned, finite.</param>
    public void Learn(int arm, ReadOnlySpan<double> context, double reward)
    {
        Require(context);
        if (!double.IsFinite(reward))
            throw new ArgumentOutOfRangeException(nameof(reward), reward, "A reward is finite.");
        var inverse = _inverse[arm];
        Multiply(inverse, context, _product);
        var scale = 1.0;
        for (var i = 0; i < _features; i++)
            scale += context[i] * _product[i];
        for (var i = 0; i < _features; i++)
        {
            _moment[arm][i] += reward * context[i];
            for (var j = 0; j < _features; j++)
                inverse[i * _features + j] -= _product[i] * _product[j] / scale;
        }
    }

    // With P = A^-1 x the bound is P'b + alpha sqrt(x'P). A drawn theta is used for one context only, and x'theta is normal with that mean and v times that deviation: one normal per arm has the same law.
    double Score(int arm, ReadOnlySpan<double> context, Rng rng)
    {
        Multiply(_inverse[arm], context, _product);
        double mean = 0, spread = 0;
        for (var i = 0; i < _features; i++)
        {
            mean += _product[i] * _moment[arm][i];
            spread += _product[i] * context[i];
        }

        return mean + _exploration * Math.Sqrt(Math.Max(0.0, spread)) * (_rule == LinearRule.Thompson ? rng.NextNormal() : 1.0);
    }

    void Multiply(double[] matrix, ReadOnlySpan<double> x, double[] into)
    {
        for (var i = 0; i < _features; i++)
        {
            var sum = 0.0;
            for (var j = 0; j < _features; j++)
                sum += matrix[i * _features + j] * x[j];
            into[i] = sum;
        }
    }

    void Require(ReadOnlySpan<double> context)
    {
        if (context.Length != _features)
            throw new ArgumentException($"A context has {_features} features; got {context.Length}.", nameof(context));
    }
}
