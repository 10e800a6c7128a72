using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Planning;

/// <summary>What a job of many equal parts will cost, from a few smaller ones: a fixed cost and so much for each part.</summary>
/// <remarks>
/// cost(n) = fixed + slope n with errors whose variance grows with n: least squares weighted by 1 / n, slope = sum (cost - fixed) / sum n, the ratio estimator (Cochran 1977, section 6.10); bounds of a new observation by Student's t.
/// For work that is known to grow in proportion, such as files of one shape, this stands far better beyond the sizes tried than <see cref="ScalingLaw"/>, which follows any power. Agrees with statsmodels WLS to 1e-9 relative
/// (tests/reference/planning/workers.json).
/// </remarks>
public static class ProportionalForecast
{
    /// <param name="sizes">Sizes of the smaller jobs: positive, at least 2.</param>
    /// <param name="costs">Their costs, in one unit, as many.</param>
    /// <param name="fixedCost">The cost that does not grow, in that unit.</param>
    /// <param name="size">The size asked about: positive.</param>
    /// <param name="level">Confidence of the one-sided bounds in (0, 1), for example 0.9.</param>
    /// <exception cref="TooFewRowsException">Fewer than 2 sizes.</exception>
    /// <exception cref="NotEstimableException">Together the jobs cost no more than the fixed cost.</exception>
    public static ScalingForecast Predict(ReadOnlySpan<double> sizes, ReadOnlySpan<double> costs, double fixedCost, double size, double level = 0.9)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(costs.Length, sizes.Length);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        if (sizes.Length < 2)
        {
            throw new TooFewRowsException("The set of probes", sizes.Length, 2);
        }

        double n = 0, cost = 0, residual = 0;
        for (var i = 0; i < sizes.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sizes[i], nameof(sizes));
            n += sizes[i];
            cost += costs[i] - fixedCost;
        }

        var slope = cost / n;
        if (!(slope > 0))
        {
            throw new NotEstimableException("The probes cost no more than the fixed cost, so there is no growth to follow.");
        }

        for (var i = 0; i < sizes.Length; i++)
        {
            var off = costs[i] - fixedCost - (slope * sizes[i]);
            residual += off * off / sizes[i];
        }

        var sigma2 = residual / (sizes.Length - 1);
        var reach = StudentT.Quantile(level, sizes.Length - 1) * Math.Sqrt(sigma2 * (size + (size * size / n)));
        var middle = fixedCost + (slope * size);
        return new ScalingForecast(middle, Math.Max(0, middle - reach), middle + reach, 1);
    }
}
