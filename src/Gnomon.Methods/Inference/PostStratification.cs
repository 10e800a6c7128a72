using Gnomon.Methods.Experiments;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Inference;

/// <summary>A difference of means compared within strata and put together by the strata's overall shares.</summary>
/// <param name="Adjustment">The difference, the lift and what the strata save, in the shape of a regression adjustment.</param>
/// <param name="Strata">Strata compared, the merged one included.</param>
/// <param name="Merged">Strata too thin to stand alone that were merged with one another, or with the smallest other one.</param>
public sealed record PostStratificationResult(LinAdjustmentResult Adjustment, int Strata, int Merged);

/// <summary>Post-stratification: units were randomised without regard to the strata and are compared within them afterwards.</summary>
/// <remarks>
/// Source: Miratrix, Sekhon and Yu 2013, JRSS B 75. Weights are the strata's shares of both arms together; given the counts the variance of an arm's mean is
/// the sum of w^2 s^2 / n. The arms' means and their difference also carry the sampling of the strata's shares, sum of w (m - mean)^2 / N, as an effect on
/// units beyond those at hand needs; <see cref="LinAdjustmentResult.SampleStandardError"/> is without it. Degrees of freedom: Satterthwaite 1946, over cells.
/// A stratum needs <see cref="FewestPerArm"/> units in each arm: with fewer, spreads of two or three units would weigh as if they were known. Thin strata are
/// merged with one another by size alone, never by outcome, so that the estimate stays unbiased.
/// </remarks>
public static class PostStratification
{
    /// <summary>Units that a stratum needs in each arm to stand alone.</summary>
    public const int FewestPerArm = 5;

    /// <param name="strata">Moments of both arms per stratum; First minus Second is estimated.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="TooFewRowsException">Even all strata together hold fewer than 5 units of an arm.</exception>
    /// <exception cref="NotEstimableException">The outcome does not vary within any stratum.</exception>
    public static PostStratificationResult Compare(IReadOnlyList<StratumMoments> strata, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(strata);
        InferenceGuard.Level(level);
        var (cells, merged) = Merge(strata);
        var n = cells.Sum(c => (double)(c.First.Count + c.Second.Count));
        double[] weights = [.. cells.Select(c => (c.First.Count + c.Second.Count) / n)];
        var x = Arm.Of([.. cells.Select(c => c.First)], weights);
        var y = Arm.Of([.. cells.Select(c => c.Second)], weights);
        if (!(x.Variance + y.Variance > 0))
        {
            throw new NotEstimableException("The outcome does not vary within any stratum, so no error can be computed.");
        }

        var (sharesX, sharesY, both) = (Spread(cells, weights, c => (c.First.Mean - x.Mean, c.First.Mean - x.Mean)), Spread(cells, weights, c => (c.Second.Mean - y.Mean, c.Second.Mean - y.Mean)),
            Spread(cells, weights, c => (c.First.Mean - x.Mean, c.Second.Mean - y.Mean)));
        var degrees = Square(x.Variance + y.Variance) / (x.DegreesTerm + y.DegreesTerm);
        var value = x.Mean - y.Mean;
        var error = Math.Sqrt(x.Variance + y.Variance + Math.Max(0, (sharesX + sharesY - 2 * both) / n));
        var t = value / error;
        var reach = StudentT.UpperQuantile(0.5 * (1 - level), degrees) * error;
        var difference = new ContrastResult(value, value - reach, value + reach, error, t, degrees, StudentT.TwoSided(t, degrees), level, "post-stratified difference");
        var (meanX, meanY) = (new MeanEstimate(x.Mean, x.Variance + sharesX / n), new MeanEstimate(y.Mean, y.Variance + sharesY / n));
        var lift = RelativeLift.Compare(meanX, meanY, both / n, level);
        var unadjusted = WelchT.Test(strata.Aggregate(Moments.Empty, (m, s) => Moments.Merge(m, s.First)), strata.Aggregate(Moments.Empty, (m, s) => Moments.Merge(m, s.Second)), level);
        var saved = 1 - Square(error / unadjusted.StandardError);
        return new(new(difference, lift, meanX, meanY, unadjusted, saved, Math.Sqrt(x.Variance + y.Variance), cells.Count - 1), cells.Count, merged);
    }

    static (List<StratumMoments> Cells, int Merged) Merge(IReadOnlyList<StratumMoments> strata)
    {
        static bool IsThin(StratumMoments s) => Math.Min(s.First.Count, s.Second.Count) < FewestPerArm;
        static long Units(StratumMoments s) => s.First.Count + s.Second.Count;
        static StratumMoments Together(StratumMoments a, StratumMoments b) => new(Moments.Merge(a.First, b.First), Moments.Merge(a.Second, b.Second));
        var cells = strata.Where(s => !IsThin(s)).OrderByDescending(Units).ToList();
        var thin = strata.Where(s => IsThin(s) && Units(s) > 0).ToList();
        if (thin.Count == 0)
        {
            return cells.Count > 0 ? (cells, 0) : throw new TooFewRowsException("The smaller arm", 0, FewestPerArm);
        }

        var rest = thin.Aggregate(Together);
        var merged = thin.Count;
        while (IsThin(rest))
        {
            if (cells.Count == 0)
            {
                throw new TooFewRowsException("The smaller arm", Math.Min(rest.First.Count, rest.Second.Count), FewestPerArm);
            }

            rest = Together(rest, cells[^1]);
            cells.RemoveAt(cells.Count - 1);
            merged++;
        }

        cells.Add(rest);
        return (cells, merged);
    }

    // Products of the strata's deviations under their shares.
    static double Spread(List<StratumMoments> cells, double[] weights, Func<StratumMoments, (double A, double B)> deviations)
    {
        var sum = 0.0;
        for (var k = 0; k < cells.Count; k++)
        {
            var (a, b) = deviations(cells[k]);
            sum += weights[k] * a * b;
        }

        return sum;
    }

    static double Square(double value) => value * value;

    /// <summary>One arm: its mean under the overall shares, the variance of that given the counts, and its term of Satterthwaite's sum.</summary>
    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
    readonly record struct Arm(double Mean, double Variance, double DegreesTerm)
    {
        public static Arm Of(Moments[] cells, double[] weights)
        {
            double mean = 0, variance = 0, degrees = 0;
            for (var k = 0; k < cells.Length; k++)
            {
                var term = weights[k] * weights[k] * cells[k].VarianceOfMean;
                mean += weights[k] * cells[k].Mean;
                variance += term;
                degrees += term * term / (cells[k].Count - 1.0);
            }

            return new(mean, variance, degrees);
        }
    }
}
