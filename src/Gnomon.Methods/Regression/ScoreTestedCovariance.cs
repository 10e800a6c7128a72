using Gnomon.Methods.Inference;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Regression;

/// <summary>How far a model with one weighted sum of coefficients held fixed misses its estimating equation.</summary>
internal interface IScoreTest
{
    /// <param name="model">The columns that stay free and the direction of the fixed sum.</param>
    /// <param name="value">The value at which the sum is fixed.</param>
    /// <returns>The missed score over its error: standard normal where the fixed value is true, positive where the sum should be larger.</returns>
    double SignedRoot(FixedSum model, double value);
}

/// <summary>A model in orthonormal columns, turned so that one weighted sum of its coefficients is a coordinate of its own.</summary>
/// <param name="Free">The other coordinates: orthonormal columns, one value per row.</param>
/// <param name="Tested">The line that one unit of the sum adds.</param>
internal sealed record FixedSum(double[][] Free, double[] Tested)
{
    /// <summary>The line of a fixed value, all free coordinates 0.</summary>
    public double[] Offset(double value) => Array.ConvertAll(Tested, t => value * t);
}

/// <summary>Errors of an estimating equation whose coefficient tests and intervals come from the score under the null hypothesis, not from the estimate over its error.</summary>
/// <remarks>
/// The score needs no slope of the equation, which few rows show badly. Sources: Rao 1948, Proceedings of the Cambridge Philosophical Society 44; inversion for intervals: Koenker 1994.
/// The interval holds the values that the test does not reject; where it rejects none on one side, the estimate over its error stands in. Above
/// <see cref="MostRows"/> rows both agree and the errors alone are used; predictions use the errors.
/// </remarks>
public sealed class ScoreTestedCovariance : CoefficientCovariance
{
    const double FurthestErrors = 100.0;
    const double Digits = 1e-7;
    const int MostTurns = 100;

    /// <summary>With more rows than this the score is not inverted.</summary>
    public const int MostRows = 5000;

    readonly double[][] _whitened;
    readonly double[][] _directions;
    readonly IScoreTest _test;
    readonly string _scoreMethod;

    internal ScoreTestedCovariance(CoefficientCovariance plain, LinearFit model, IScoreTest test, string scoreMethod)
        : base(plain.Matrix, [.. plain.DegreesOfFreedom], plain.Method)
    {
        var basis = model.Basis(null);
        var (n, k) = (model.Design.Rows, basis.Count);
        _test = test;
        _scoreMethod = scoreMethod;
        _whitened = new double[k][];
        _directions = new double[k][];
        for (var j = 0; j < k; j++)
        {
            _whitened[j] = new double[n];
            _directions[j] = basis.WhitenedCoefficient(j);
        }

        var row = new double[k];
        for (var i = 0; i < n; i++)
        {
            basis.Row(i, row);
            var q = basis.Whiten(row);
            for (var j = 0; j < k; j++)
            {
                _whitened[j][i] = q[j];
            }
        }
    }

    bool IsTested => _whitened[0].Length <= MostRows;

    /// <inheritdoc/>
    public override string MethodOf(ReadOnlySpan<double> weights) => IsTested ? _scoreMethod : Method;

    /// <summary>The p-value of a weighted sum alone, without the search for its interval.</summary>
    /// <param name="estimates">The coefficients this covariance belongs to.</param>
    /// <param name="weights">One weight per coefficient.</param>
    /// <returns>Null when the sum has no error.</returns>
    public double? PValue(ReadOnlySpan<double> estimates, ReadOnlySpan<double> weights)
    {
        var plain = base.Contrast(estimates, weights);
        return plain.PValue is null || !IsTested ? plain.PValue : TwoSided(_test.SignedRoot(Turned(weights), 0.0));
    }

    /// <inheritdoc/>
    public override CoefficientEstimate Contrast(ReadOnlySpan<double> coefficients, ReadOnlySpan<double> weights, string name = "contrast", double level = 0.95)
    {
        var plain = base.Contrast(coefficients, weights, name, level);
        if (!IsTested || !(plain.StandardError > 0))
        {
            return plain;
        }

        var reach = Normal.UpperQuantile(0.5 * (1.0 - level));
        var model = Turned(weights);
        return End(model, plain, reach, -1) is { } low && End(model, plain, reach, +1) is { } high
            ? plain with { Low = low, High = high, PValue = TwoSided(_test.SignedRoot(model, 0.0)) }
            : plain;
    }

    /// <summary>A weighted sum with its interval from the errors alone: for predictions, of which there may be many.</summary>
    /// <param name="coefficients">The coefficients this covariance belongs to.</param>
    /// <param name="weights">One weight per coefficient.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    public CoefficientEstimate Plain(ReadOnlySpan<double> coefficients, ReadOnlySpan<double> weights, double level = 0.95) => base.Contrast(coefficients, weights, "prediction", level);

    static double TwoSided(double root) => Math.Min(1.0, 2.0 * Normal.Sf(Math.Abs(root)));

    // The sum is target'gamma in orthonormal coordinates gamma: gamma = value target / |target|^2 + anything at right angles to target.
    FixedSum Turned(ReadOnlySpan<double> weights)
    {
        var k = _whitened.Length;
        var n = _whitened[0].Length;
        var target = new double[k];
        for (var j = 0; j < k; j++)
        {
            if (weights[j] != 0)
            {
                Vectors.AddScaled(target, _directions[j], weights[j]);
            }
        }

        var length = Math.Sqrt(SmallMatrix.Dot(target, target));
        var tested = new double[n];
        for (var j = 0; j < k; j++)
        {
            Vectors.AddScaled(tested, _whitened[j], target[j] / (length * length));
        }

        // Householder's reflection takes target to the coordinate where it is largest; the other reflected coordinates are at right angles to it.
        var largest = 0;
        for (var j = 1; j < k; j++)
        {
            largest = Math.Abs(target[j]) > Math.Abs(target[largest]) ? j : largest;
        }

        var mirror = Array.ConvertAll(target, t => t / length);
        mirror[largest] += Math.Sign(target[largest]);
        var half = 0.5 * SmallMatrix.Dot(mirror, mirror);
        var mirrored = new double[n];
        for (var j = 0; j < k; j++)
        {
            Vectors.AddScaled(mirrored, _whitened[j], mirror[j]);
        }

        var free = new double[k - 1][];
        for (int j = 0, next = 0; j < k; j++)
        {
            if (j != largest)
            {
                free[next] = (double[])_whitened[j].Clone();
                Vectors.AddScaled(free[next++], mirrored, -mirror[j] / half);
            }
        }

        return new FixedSum(free, tested);
    }

    // The root falls as the fixed value grows.
    double? End(FixedSum model, CoefficientEstimate plain, double reach, int side)
    {
        double Miss(double value) => -side * _test.SignedRoot(model, value) - reach;

        var (inside, insideMiss) = (plain.Value, -reach);
        double outside, outsideMiss;
        for (var step = reach * plain.StandardError; ; step *= 2.0)
        {
            if (step > FurthestErrors * plain.StandardError)
            {
                return null;
            }

            outside = plain.Value + side * step;
            outsideMiss = Miss(outside);
            if (outsideMiss > 0)
            {
                break;
            }

            (inside, insideMiss) = (outside, outsideMiss);
        }

        for (var turn = 0; turn < MostTurns && Math.Abs(outside - inside) > Digits * plain.StandardError; turn++)
        {
            var share = turn % 3 == 2 ? 0.5 : Math.Clamp(insideMiss / (insideMiss - outsideMiss), 0.02, 0.98);
            var middle = inside + share * (outside - inside);
            var miss = Miss(middle);
            if (miss > 0)
            {
                (outside, outsideMiss) = (middle, miss);
            }
            else
            {
                (inside, insideMiss) = (middle, miss);
            }
        }

        return inside;
    }
}
