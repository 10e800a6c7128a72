using Gnomon.Numerics.LinearAlgebra;

namespace Gnomon.Methods.Experiments;

/// <summary>What one past experiment did to several metrics and to the goal.</summary>
/// <param name="Effects">One per metric, each in standard deviations of a unit.</param>
/// <param name="Goal">Effect on the goal, any unit.</param>
/// <param name="GoalCovariances">Sampling covariance of each metric's effect with the goal's: they share their units.</param>
public sealed record MetricEffects(IReadOnlyList<double> Effects, double Goal, IReadOnlyList<double> GoalCovariances);

/// <summary>Weights of one composite out of several metrics.</summary>
/// <param name="Weights">One per metric, in standard deviations of a unit; their sizes add up to 1.</param>
/// <param name="Signal">Mean product of the composite's true effect and the goal's, over the composite's standard deviation per unit; in the goal's unit.</param>
public sealed record CompositeResult(IReadOnlyList<double> Weights, double Signal);

/// <summary>The weights whose composite shows the goal's direction with the fewest users, learned from past experiments.</summary>
/// <remarks>
/// For weights w the mean of (effect on the composite) x (effect on the goal) is w'c, with c the mean products of effects less their sampling covariances; its noise per unit is the root of w'Vw, V the
/// correlation of the metrics over units. Their ratio is largest at w = V^-1 c. Source: the idea of signing sensitivity by a trusted goal is Kharitonov, Drutsa and Serdyukov 2017, WSDM; taking the sampling
/// covariance out follows Tripuraneni et al. 2024, KDD. Weights fitted to few experiments flatter themselves: judge them on experiments that were left out.
/// </remarks>
public static class CompositeWeights
{
    /// <param name="tests">Past experiments, at least 2, with as many effects each as there are metrics.</param>
    /// <param name="unitCorrelations">Correlation of the metrics over units, m x m row by row.</param>
    /// <exception cref="TooFewRowsException">Fewer than 2 experiments.</exception>
    /// <exception cref="NotEstimableException">No metric moves with the goal at all.</exception>
    public static CompositeResult Learn(IReadOnlyList<MetricEffects> tests, ReadOnlySpan<double> unitCorrelations)
    {
        ArgumentNullException.ThrowIfNull(tests);
        if (tests.Count < 2)
        {
            throw new TooFewRowsException("Past experiments", tests.Count, 2);
        }

        var m = tests[0].Effects.Count;
        if (unitCorrelations.Length != m * m || tests.Any(t => t.Effects.Count != m || t.GoalCovariances.Count != m))
        {
            throw new ArgumentException("Every experiment needs an effect and a covariance per metric, and the correlations a row and a column.", nameof(tests));
        }

        var products = new double[m];
        foreach (var t in tests)
        {
            for (var j = 0; j < m; j++)
            {
                products[j] += (t.Effects[j] * t.Goal - t.GoalCovariances[j]) / tests.Count;
            }
        }

        var factor = PivotedCholesky.Factor(unitCorrelations, m);
        var weights = factor.Solve(products);
        var size = weights.Sum(Math.Abs);
        if (!(size > 0) || !double.IsFinite(size))
        {
            throw new NotEstimableException("no metric moves with the goal in the past experiments.");
        }

        double signal = 0.0, variance = 0.0;
        for (var i = 0; i < m; i++)
        {
            weights[i] /= size;
        }

        for (var i = 0; i < m; i++)
        {
            signal += weights[i] * products[i];
            for (var j = 0; j < m; j++)
            {
                variance += weights[i] * weights[j] * unitCorrelations[i * m + j];
            }
        }

        return new(weights, signal / Math.Sqrt(variance));
    }
}
