using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Regression;

/// <summary>The sign-flip score test of Huber's estimating equation, at the scale of the whole model.</summary>
/// <remarks>
/// Source: Hemerik, Goeman and Finos 2020 (see <see cref="SignFlip"/>, whose corrections for leverage are used, here among the rows within the limit: each row's part is its
/// clipped residual under the null hypothesis times what its tested column has beyond the others).
/// </remarks>
internal sealed class HuberScores(double[] y, double limit) : IScoreTest, IRowLoss
{
    const double FullLeverage = 1.0 - 1e-8;

    FixedSum? _model;
    double[]? _start;

    public double SignedRoot(FixedSum model, double value)
    {
        if (!ReferenceEquals(model, _model))
        {
            (_model, _start) = (model, null);
        }

        var (free, tested) = model;
        var offset = model.Offset(value);
        var fit = new ConvexDescent(this, free, offset, _start ?? new double[free.Length]);
        _start = fit.Solution;
        var n = y.Length;
        var leverages = new double[n];
        var rest = WeightedProjection.Residual(free, tested, fit.Curvatures, leverages);
        double sum = 0.0, length = 0.0;
        for (var i = 0; i < n; i++)
        {
            sum += rest[i] * fit.Scores[i];
            length += fit.Curvatures[i] * rest[i] * rest[i];
        }

        var parts = new double[n];
        for (var i = 0; i < n; i++)
        {
            var own = length > 0 ? fit.Curvatures[i] * rest[i] * rest[i] / length : 0.0;
            parts[i] = rest[i] * fit.Scores[i] / (Math.Sqrt(1.0 - Math.Min(leverages[i], FullLeverage)) * Math.Pow(1.0 - Math.Min(own, FullLeverage), SignFlip.OwnLeverage));
        }

        return Math.Sign(sum) * Normal.UpperQuantile(0.5 * SignFlip.TwoSided(parts, sum));
    }

    public double Evaluate(ReadOnlySpan<double> line, Span<double> scores, Span<double> curvatures)
    {
        var sum = 0.0;
        for (var i = 0; i < line.Length; i++)
        {
            var r = y[i] - line[i];
            var inside = Math.Abs(r) <= limit;
            sum += inside ? 0.5 * r * r : limit * (Math.Abs(r) - 0.5 * limit);
            scores[i] = Math.Clamp(r, -limit, limit);
            curvatures[i] = inside ? 1.0 : 0.0;
        }

        return sum;
    }
}
