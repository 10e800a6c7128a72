using Gnomon.Methods.Experiments;
using Gnomon.Methods.Inference;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Optimizers;

namespace Gnomon.Methods.Planning;

/// <summary>Power and size of tests against margins: non-inferiority, and equivalence by two one-sided tests.</summary>
/// <remarks>
/// Means: exact, by the noncentral t (non-inferiority) and Owen's Q (equivalence; Phillips 1990, Journal of Pharmacokinetics and Biopharmaceutics 18; Owen 1965). Proportions:
/// the score test, its variance from the rates restricted to the margin (Farrington and Manning 1990, Statistics in Medicine 9). Every test is one-sided at the size of the
/// options; their sides play no part. Differences are second arm minus first.
/// </remarks>
public static class PowerMargin
{
    const double FewestUnits = 2;

    /// <summary>Means: chance that the difference is shown to lie above the margin.</summary>
    /// <param name="n">Units of the first arm, at least 2.</param>
    /// <param name="difference">True difference of means.</param>
    /// <param name="margin">Lower margin, below the difference; usually negative.</param>
    /// <param name="sd">Standard deviation in each arm.</param>
    /// <param name="options">One-sided size and allocation; the defaults when absent.</param>
    public static double NonInferiorMeans(double n, double difference, double margin, double sd, PowerOptions? options = null)
    {
        var o = OneSided(options);
        SizeSearch.Spread(sd);
        SizeSearch.Units(n, FewestUnits);
        Below(margin, difference);
        return SizeSearch.StudentPower(Degrees(n, o), (difference - margin) / Error(n, sd, o), o);
    }

    /// <summary>Means: units of both arms for the wanted power of non-inferiority, not rounded.</summary>
    public static SampleSizeResult NonInferiorMeansSize(double difference, double margin, double sd, double power, PowerOptions? options = null)
    {
        Below(margin, difference);
        return PowerTwoMeans.SampleSize(difference - margin, sd, power, OneSided(options));
    }

    /// <summary>Means: chance that the difference is shown to lie between two margins.</summary>
    /// <param name="n">Units of the first arm, at least 2.</param>
    /// <param name="difference">True difference of means, between the margins.</param>
    /// <param name="low">Lower margin.</param>
    /// <param name="high">Upper margin.</param>
    /// <param name="sd">Standard deviation in each arm.</param>
    /// <param name="options">Size of each one-sided test, and allocation.</param>
    public static double EquivalentMeans(double n, double difference, double low, double high, double sd, PowerOptions? options = null)
    {
        var o = OneSided(options);
        SizeSearch.Spread(sd);
        SizeSearch.Units(n, FewestUnits);
        Inside(difference, low, high);
        return BothSides(Degrees(n, o), Error(n, sd, o), difference, low, high, o);
    }

    /// <summary>Means: units of both arms for the wanted power of equivalence, not rounded.</summary>
    public static SampleSizeResult EquivalentMeansSize(double difference, double low, double high, double sd, double power, PowerOptions? options = null)
    {
        var o = OneSided(options);
        SizeSearch.Spread(sd);
        Inside(difference, low, high);
        PowerTwoProportions.Target(power, o);
        var nearest = Math.Min(difference - low, high - difference) / (sd * Math.Sqrt(1 + 1 / o.AllocationRatio));
        var n = SizeSearch.Units(m => BothSides(Degrees(m, o), Error(m, sd, o), difference, low, high, o), power, Fewest(o), 1.5 * SizeSearch.NormalUnits(nearest, power, o) + 4);
        return new(n, n * o.AllocationRatio);
    }

    /// <summary>Pairs, or one sample: chance that the mean difference is shown to lie between two margins.</summary>
    /// <param name="n">Pairs, at least 2.</param>
    /// <param name="difference">True mean of the differences, between the margins.</param>
    /// <param name="low">Lower margin.</param>
    /// <param name="high">Upper margin.</param>
    /// <param name="sd">Standard deviation of the differences within pairs.</param>
    /// <param name="alpha">Size of each one-sided test.</param>
    public static double EquivalentPairs(double n, double difference, double low, double high, double sd, double alpha = 0.05)
    {
        var o = OneSided(new PowerOptions { Alpha = alpha });
        SizeSearch.Spread(sd);
        SizeSearch.Units(n, FewestUnits);
        Inside(difference, low, high);
        return BothSides(n - 1, sd / Math.Sqrt(n), difference, low, high, o);
    }

    /// <summary>Proportions: chance that the difference of rates is shown to lie above the margin.</summary>
    /// <param name="n">Units of the first arm, positive.</param>
    /// <param name="first">True rate of the first arm, in (0, 1).</param>
    /// <param name="second">True rate of the second arm, in (0, 1).</param>
    /// <param name="margin">Lower margin of second - first, in (-1, 1), below the true difference.</param>
    /// <param name="options">One-sided size and allocation.</param>
    public static double NonInferiorProportions(double n, double first, double second, double margin, PowerOptions? options = null)
    {
        var o = OneSided(options);
        Rates(first, second);
        SizeSearch.Units(n, 0);
        Below(margin, second - first);
        return Normal.Cdf(Room(n, first, second, margin, o));
    }

    /// <summary>Proportions: units of both arms for the wanted power of non-inferiority, not rounded.</summary>
    public static SampleSizeResult NonInferiorProportionsSize(double first, double second, double margin, double power, PowerOptions? options = null)
    {
        var o = OneSided(options);
        Rates(first, second);
        Below(margin, second - first);
        PowerTwoProportions.Target(power, o);
        var root = (Normal.UpperQuantile(o.Alpha) * Restricted(first, second, margin, o) + Normal.Quantile(power) * Unrestricted(first, second, o)) / (second - first - margin);
        return new(root * root, root * root * o.AllocationRatio);
    }

    /// <summary>Proportions: chance that the difference of rates is shown to lie between two margins.</summary>
    public static double EquivalentProportions(double n, double first, double second, double low, double high, PowerOptions? options = null)
    {
        var o = OneSided(options);
        Rates(first, second);
        SizeSearch.Units(n, 0);
        Inside(second - first, low, high);
        return Math.Max(0, Normal.Cdf(Room(n, first, second, low, o)) - Normal.Sf(Room(n, 1 - first, 1 - second, -high, o)));
    }

    /// <summary>Proportions: units of both arms for the wanted power of equivalence, not rounded.</summary>
    public static SampleSizeResult EquivalentProportionsSize(double first, double second, double low, double high, double power, PowerOptions? options = null)
    {
        var o = OneSided(options);
        Rates(first, second);
        Inside(second - first, low, high);
        PowerTwoProportions.Target(power, o);
        var guess = 2 * Math.Max(
            NonInferiorProportionsSize(first, second, low, power, o).First, NonInferiorProportionsSize(1 - first, 1 - second, -high, power, o).First);
        var n = SizeSearch.Units(m => EquivalentProportions(m, first, second, low, high, o), power, 1e-6, guess);
        return new(n, n * o.AllocationRatio);
    }

    /// <summary>Exact power of the score tests against one margin or two: every pair of counts that passes, weighted by its chance.</summary>
    /// <param name="firstUnits">Units of the first arm, 1 to 400.</param>
    /// <param name="secondUnits">Units of the second arm, 1 to 400.</param>
    /// <param name="first">True rate of the first arm, in (0, 1).</param>
    /// <param name="second">True rate of the second arm, in (0, 1).</param>
    /// <param name="low">Lower margin of second - first, above -1.</param>
    /// <param name="high">Upper margin, below 1; null for non-inferiority.</param>
    /// <param name="alpha">Size of each one-sided test.</param>
    public static double ExactProportions(int firstUnits, int secondUnits, double first, double second, double low, double? high, double alpha = 0.05)
    {
        SequentialArguments.Alpha(alpha);
        Rates(first, second);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstUnits, MostExactUnits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(secondUnits, MostExactUnits);
        ArgumentOutOfRangeException.ThrowIfLessThan(firstUnits, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(secondUnits, 1);
        if (!(low > -1 && low < 1) || high is { } h && !(h > low && h < 1))
            throw new ArgumentOutOfRangeException(nameof(low), low, "Margins rise and lie between -1 and 1.");
        var critical = Normal.UpperQuantile(alpha);
        var chances = Enumerable.Range(0, firstUnits + 1).Select(x => Binomial.Pmf(x, firstUnits, first)).ToArray();
        var power = 0.0;
        for (var y = 0; y <= secondUnits; y++)
        {
            var passed = 0.0;
            for (var x = 0; x <= firstUnits; x++)
            {
                if (Passes(new TwoByTwo(y, secondUnits, x, firstUnits), low, high, critical))
                    passed += chances[x];
            }
            power += Binomial.Pmf(y, secondUnits, second) * passed;
        }
        return Math.Min(1, power);
    }

    /// <summary>Most units of an arm in an exact plan.</summary>
    public const int MostExactUnits = 400;

    static bool Passes(TwoByTwo t, double low, double? high, double critical) =>
        RestrictedRates.DifferenceZ(t, low) > critical && (high is not { } h || RestrictedRates.DifferenceZ(t, h) < -critical);

    static double BothSides(double degrees, double error, double difference, double low, double high, PowerOptions o) =>
        OwensQ.BothRejected(StudentT.UpperQuantile(o.Alpha, degrees), degrees, (difference - low) / error, (difference - high) / error);

    static double Degrees(double n, PowerOptions o) => n * (1 + o.AllocationRatio) - 2;

    static double Error(double n, double sd, PowerOptions o) => sd * Math.Sqrt((1 + 1 / o.AllocationRatio) / n);

    static double Fewest(PowerOptions o) => Math.Max(FewestUnits, 1 / o.AllocationRatio);

    // Expected z beyond the critical value, in the deviations that the estimate has in truth.
    static double Room(double n, double first, double second, double margin, PowerOptions o) =>
        (Math.Sqrt(n) * (second - first - margin) - Normal.UpperQuantile(o.Alpha) * Restricted(first, second, margin, o)) / Unrestricted(first, second, o);

    static double Unrestricted(double first, double second, PowerOptions o) => Math.Sqrt(first * (1 - first) + second * (1 - second) / o.AllocationRatio);

    // The rates of largest likelihood whose difference is the margin, when the data are as expected; the score falls between its two poles.
    static double Restricted(double first, double second, double margin, PowerOptions o)
    {
        if (!(margin > -1 && margin < 1))
            throw new ArgumentOutOfRangeException(nameof(margin), margin, "A margin of a difference of rates lies between -1 and 1.");
        var (low, high) = (Math.Max(0, -margin), Math.Min(1, 1 - margin));
        var edge = 1e-15 * (high - low);
        double Score(double q) => (first - q) / (q * (1 - q)) + o.AllocationRatio * (second - margin - q) / ((q + margin) * (1 - q - margin));
        var rate = Brent.Root(Score, low + edge, high - edge, 1e-15).X;
        return Math.Sqrt(rate * (1 - rate) + (rate + margin) * (1 - rate - margin) / o.AllocationRatio);
    }

    static PowerOptions OneSided(PowerOptions? options) => SizeSearch.Validated(options) with { Sides = 1 };

    static void Rates(double first, double second)
    {
        SizeSearch.Share(first, nameof(first));
        SizeSearch.Share(second, nameof(second));
    }

    static void Below(double margin, double difference)
    {
        if (!(margin < difference) || !double.IsFinite(margin) || !double.IsFinite(difference))
            throw new ArgumentOutOfRangeException(nameof(margin), margin, "The margin must lie below the true difference: nothing shows what is not so.");
    }

    static void Inside(double difference, double low, double high)
    {
        if (!(low < difference && difference < high) || !double.IsFinite(low) || !double.IsFinite(high))
            throw new ArgumentOutOfRangeException(nameof(difference), difference, "The true difference must lie between the margins: nothing shows what is not so.");
    }
}
