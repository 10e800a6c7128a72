using Gnomon.Methods.Inference;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Planning;

/// <summary>What a job of a given size will cost, from a few smaller ones: a fixed cost and a power of the size.</summary>
/// <remarks>
/// cost(n) = fixed + exp(a + b log n), fitted by least squares on log(cost - fixed); the fixed cost is measured at size 0. Prediction interval of a new observation of simple
/// regression (Draper and Smith 1998, section 3.1), on the log scale. Agrees with statsmodels 0.13.5 to 1e-9 relative (tests/reference/planning/scaling-law.json).
/// </remarks>
public static class ScalingLaw
{
    private const int FewestSizes = 3;

    /// <param name="sizes">Sizes of the smaller jobs, such as rows: positive, at least 3 and not all alike.</param>
    /// <param name="costs">Their costs, in one unit, as many.</param>
    /// <param name="fixedCost">The cost at size 0, in that unit; a job that cost no more counts as costing a millionth of the largest.</param>
    /// <param name="size">The size asked about.</param>
    /// <param name="level">Confidence of the one-sided bounds in (0, 1), for example 0.9.</param>
    /// <exception cref="TooFewRowsException">Fewer than 3 sizes.</exception>
    /// <exception cref="NotEstimableException">All sizes are alike, or nothing costs more than the fixed cost.</exception>
    public static ScalingForecast Predict(ReadOnlySpan<double> sizes, ReadOnlySpan<double> costs, double fixedCost, double size, double level = 0.9)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(costs.Length, sizes.Length);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        if (sizes.Length < FewestSizes)
        {
            throw new TooFewRowsException("The set of probes", sizes.Length, FewestSizes);
        }

        var largest = 0.0;
        foreach (var cost in costs)
        {
            largest = Math.Max(largest, cost - fixedCost);
        }

        if (!(largest > 0))
        {
            throw new NotEstimableException("No probe costs more than the fixed cost, so there is no growth to follow.");
        }

        var n = sizes.Length;
        Span<double> x = stackalloc double[n];
        Span<double> y = stackalloc double[n];
        var (meanX, meanY) = (0.0, 0.0);
        for (var i = 0; i < n; i++)
        {
            x[i] = Math.Log(sizes[i]);
            y[i] = Math.Log(Math.Max(costs[i] - fixedCost, largest / 1e6));
            meanX += x[i] / n;
            meanY += y[i] / n;
        }

        var (sxx, sxy) = (0.0, 0.0);
        for (var i = 0; i < n; i++)
        {
            sxx += (x[i] - meanX) * (x[i] - meanX);
            sxy += (x[i] - meanX) * (y[i] - meanY);
        }

        if (!(sxx > 0))
        {
            throw new NotEstimableException("All probes are of one size.");
        }

        var slope = sxy / sxx;
        var residual = 0.0;
        for (var i = 0; i < n; i++)
        {
            var off = y[i] - meanY - slope * (x[i] - meanX);
            residual += off * off;
        }

        var at = Math.Log(size) - meanX;
        var error = Math.Sqrt(residual / (n - 2) * (1 + 1.0 / n + at * at / sxx));
        var (middle, reach) = (meanY + slope * at, StudentT.Quantile(level, n - 2) * error);
        return new ScalingForecast(fixedCost + Math.Exp(middle), fixedCost + Math.Exp(middle - reach), fixedCost + Math.Exp(middle + reach), slope);
    }
}

/// <param name="Cost">Predicted cost, in the unit of the probes.</param>
/// <param name="Low">One-sided lower bound: the cost lies above it with the level's confidence.</param>
/// <param name="High">One-sided upper bound.</param>
/// <param name="Exponent">The power of the size with which the cost grows: 1 when twice the rows cost twice as much.</param>
public sealed record ScalingForecast(double Cost, double Low, double High, double Exponent);
