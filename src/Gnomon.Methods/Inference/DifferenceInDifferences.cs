using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Inference;

/// <summary>Difference in differences of two groups of units, each unit seen once before and once after: how much more did the treated change?</summary>
/// <remarks>
/// Equals the interaction of the least squares regression of the 2 G unit means on group, period and their product, with errors clustered by unit: each unit's score is its change less its group's mean change, over the
/// size of the group. Small-sample factor G / (G - 1) · (2 G - 1) / (2 G - 4), Student's t with G - 1 degrees of freedom, as Stata and statsmodels
/// (<c>cov_type="cluster", use_t=True</c>). Source: Bertrand, Duflo and Mullainathan 2004, QJE 119; Cameron and Miller 2015, JHR 50. tests/reference/sql/did.json.
/// </remarks>
public static class DifferenceInDifferences
{
    private const int Parameters = 4;
    private const int FewestUnits = 2;

    /// <param name="treated">After minus before of the treated units, in the metric's unit: at least 2.</param>
    /// <param name="other">The same of the other units: at least 2.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="TooFewRowsException">A group has fewer than 2 units.</exception>
    /// <exception cref="NotEstimableException">All units of a group change alike, so that there is no standard error.</exception>
    public static ContrastResult OfChanges(Moments treated, Moments other, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(treated);
        ArgumentNullException.ThrowIfNull(other);
        InferenceGuard.Rows(treated, FewestUnits, "The treated group");
        InferenceGuard.Rows(other, FewestUnits, "The other group");
        InferenceGuard.Level(level);
        var units = (double)(treated.Count + other.Count);
        var factor = units / (units - 1) * (2 * units - 1) / (2 * units - Parameters);
        var variance = factor * (treated.M2 / treated.Count / treated.Count + other.M2 / other.Count / other.Count);
        if (!(variance > 0))
        {
            throw new NotEstimableException("All units of a group change by the same amount, so the difference of the changes has no standard error.");
        }

        var (value, error, degrees) = (treated.Mean - other.Mean, Math.Sqrt(variance), units - 1);
        var reach = StudentT.UpperQuantile((1 - level) / 2, degrees) * error;
        return new ContrastResult(value, value - reach, value + reach, error, value / error, degrees, StudentT.TwoSided(value / error, degrees), level, "difference in differences of unit means, errors clustered by unit (CR1)");
    }
}
