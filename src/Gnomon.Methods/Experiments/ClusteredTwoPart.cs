using Gnomon.Methods.Inference;
using Gnomon.Methods.Interference;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Experiments;

/// <summary>One arm of a zero-inflated metric by cluster.</summary>
/// <param name="Sums">Total of the metric in each cluster, in its unit.</param>
/// <param name="Takers">Units of the cluster with a value other than 0.</param>
/// <param name="Units">Units of the cluster, those at 0 included; at least 1.</param>
public sealed record TwoPartClusters(double[] Sums, double[] Takers, double[] Units);

/// <summary>Two-part analysis of a zero-inflated metric where whole clusters were assigned.</summary>
/// <remarks>
/// The share of units with a value and the mean among them are regressions on the arm, of all units and of those with a value; each has CR2 errors by cluster and Satterthwaite degrees of freedom
/// (<see cref="ClusterComparison"/>). Within a cluster the parts go together, so the test of both is the approximate Hotelling T2 of Pustejovsky and Tipton 2018, JBES 36 ("HTZ"), on the stacked regressions:
/// Q = d'V^-1 d with V the CR2 covariance of the two differences, and (eta - 1) / (2 eta) Q on F(2, eta - 1), eta from the variances of the parts of V under independent errors of equal spread within a
/// part. Logs of ratios take the CR2 variances of their arms by the delta method and the degrees of freedom of the difference. Agrees with R's clubSandwich 0.5.8 to 1e-8
/// (tests/reference/interference/parts.json).
/// </remarks>
public static class ClusteredTwoPart
{
    /// <param name="x">First arm.</param>
    /// <param name="y">Second arm.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <returns>First minus second arm; the joint statistic is F, with <see cref="TwoPartResult.JointDegrees"/> below it.</returns>
    /// <exception cref="TooFewRowsException">An arm has fewer than 2 clusters, or fewer than 2 with a value other than 0.</exception>
    /// <exception cref="NotEstimableException">Clusters of an arm do not differ, or one is all of it; too few clusters to test both parts.</exception>
    public static TwoPartResult Compare(TwoPartClusters x, TwoPartClusters y, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        InferenceGuard.Level(level);
        var share = ClusterComparison.Compare(new(x.Takers, x.Units), new(y.Takers, y.Units), level);
        var amount = ClusterComparison.Compare(Amounts(x), Amounts(y), level);
        var mean = ClusterComparison.Compare(new(x.Sums, x.Units), new(y.Sums, y.Units), level);
        var (f, degrees) = Joint(x, y, share, amount);
        var isPositive = amount.First.Mean > 0 && amount.Second.Mean > 0;
        return new(
            share.Difference,
            amount.Difference with { Method = $"mean among units with a value, {amount.Difference.Method}" },
            mean.Difference,
            Log(share, level, "log ratio of shares"),
            isPositive ? Log(amount, level, "log ratio of means among units with a value") : null,
            isPositive ? Log(mean, level, "log ratio of means") : null,
            f,
            FisherF.Sf(f, 2, degrees))
        { JointDegrees = degrees };
    }

    // Clusters where nobody has a value say nothing about amounts.
    static ClusterTotals Amounts(TwoPartClusters arm)
    {
        var with = arm.Takers.Count(t => t > 0);
        var (sums, sizes, at) = (new double[with], new double[with], 0);
        for (var g = 0; g < arm.Takers.Length; g++)
        {
            if (arm.Takers[g] > 0)
            {
                (sums[at], sizes[at++]) = (arm.Sums[g], arm.Takers[g]);
            }
        }

        return new(sums, sizes);
    }

    static ContrastResult? Log(ClusterComparisonResult r, double level, string method)
    {
        if (!(r.First.Mean > 0 && r.Second.Mean > 0))
        {
            return null;
        }

        var error = Math.Sqrt(r.First.Variance / (r.First.Mean * r.First.Mean) + r.Second.Variance / (r.Second.Mean * r.Second.Mean));
        var (value, degrees) = (Math.Log(r.First.Mean / r.Second.Mean), r.Difference.DegreesOfFreedom!.Value);
        var reach = StudentT.UpperQuantile(0.5 * (1 - level), degrees) * error;
        return new(value, value - reach, value + reach, error, value / error, degrees, StudentT.TwoSided(value / error, degrees), level, $"{method}, delta method by cluster");
    }

    // V's covariance by CR2, and eta = q (q + 1) / sum of the variances of the parts of the standardised V: 2 sums of squared covariances on the diagonal, sums of products off it.
    static (double F, double Degrees) Joint(TwoPartClusters x, TwoPartClusters y, ClusterComparisonResult share, ClusterComparisonResult amount)
    {
        var (a, b) = (Cross.Of(x, share.First.Mean, amount.First.Mean), Cross.Of(y, share.Second.Mean, amount.Second.Mean));
        var (v11, v22, v12) = (Square(share.Difference.StandardError), Square(amount.Difference.StandardError), a.Covariance + b.Covariance);
        var determinant = v11 * v22 - v12 * v12;
        if (!(determinant > 1e-12 * v11 * v22))
        {
            throw new NotEstimableException("The share with a value and the mean among those move as one, so there are no two parts to test.");
        }

        var (d1, d2) = (share.Difference.Value, amount.Difference.Value);
        var q = (v22 * d1 * d1 - 2 * v12 * d1 * d2 + v11 * d2 * d2) / determinant;
        var (w1, w2) = (a.ShareTrace + b.ShareTrace, a.AmountTrace + b.AmountTrace);

        // The squared covariances of a part are its Satterthwaite sum: degrees = trace^2 / sum.
        var variances = 2.0 / share.Difference.DegreesOfFreedom!.Value + 2.0 / amount.Difference.DegreesOfFreedom!.Value + 2.0 * (a.Products + b.Products) / (w1 * w2);
        var eta = 6.0 / variances;
        return eta > 1.0
            ? ((eta - 1.0) / (2.0 * eta) * q, eta - 1.0)
            : throw new NotEstimableException("There are too few clusters to test both parts together.");
    }

    static double Square(double value) => value * value;

    // Of one arm: the CR2 covariance of share and amount, their working variances 1/N and 1/M, and the sum over pairs of clusters of the products of both parts' covariances.
    readonly record struct Cross(double Covariance, double ShareTrace, double AmountTrace, double Products)
    {
        public static Cross Of(TwoPartClusters arm, double share, double amount)
        {
            var (n, m) = (arm.Units.Sum(), arm.Takers.Sum());
            double covariance = 0, own = 0, sum = 0, squares = 0;
            for (var g = 0; g < arm.Units.Length; g++)
            {
                var (h, l) = (arm.Units[g] / n, arm.Takers[g] / m);
                var root = Math.Sqrt((1 - h) * (1 - l));
                covariance += (arm.Takers[g] - arm.Units[g] * share) * (arm.Sums[g] - arm.Takers[g] * amount) / (n * m * root);
                own += h * l / (n * m);
                var u = h * l / root;
                sum += u;
                squares += u * u;
            }

            return new(covariance, 1 / n, 1 / m, own + (sum * sum - squares) / (n * m));
        }
    }
}
