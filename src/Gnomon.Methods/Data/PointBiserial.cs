using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Data;

/// <summary>How strongly membership of one of two groups goes with a number: Pearson's correlation of the number with a column of zeros and ones.</summary>
/// <remarks>
/// Source: Tate 1954, Annals of Mathematical Statistics 25. The test is Student's t of equal spread. Fisher's z does not hold for a column of two values, so the interval
/// inverts the noncentral t given the group sizes. Agrees with scipy <c>pointbiserialr</c> to 1e-12.
/// </remarks>
public static class PointBiserial
{
    /// <param name="zeros">The numbers of group 0, at least 2.</param>
    /// <param name="ones">The numbers of group 1, at least 2.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <returns>Above 0 when group 1 has the higher mean.</returns>
    /// <exception cref="TooFewRowsException">A group has fewer than 2 values.</exception>
    /// <exception cref="NotEstimableException">No value differs from the others of its group.</exception>
    public static CorrelationResult Of(Moments zeros, Moments ones, double level = 0.95)
    {
        InferenceGuard.Rows(zeros, 2, "Group 0");
        InferenceGuard.Rows(ones, 2, "Group 1");
        InferenceGuard.Level(level);
        double n = zeros.Count + ones.Count;
        var degrees = n - 2.0;
        var spread = Math.Sqrt((zeros.M2 + ones.M2) / degrees);
        if (!(spread > 0))
        {
            throw new NotEstimableException("The numbers do not vary inside the groups, so the correlation has no error.");
        }

        var t = (ones.Mean - zeros.Mean) / spread / Math.Sqrt(1.0 / zeros.Count + 1.0 / ones.Count);
        var tail = 0.5 * (1.0 - level);

        // With sizes given, the population value of a noncentrality d is d over the root of d squared plus n; that of t itself has the degrees of freedom in place of n.
        double Value(double d) => d / Math.Sqrt(d * d + n);
        var r = t / Math.Sqrt(t * t + degrees);
        return new(r, Value(EffectSize.Delta(t, degrees, tail)), Value(-EffectSize.Delta(-t, degrees, tail)), StudentT.TwoSided(t, degrees), (long)n, level);
    }
}
