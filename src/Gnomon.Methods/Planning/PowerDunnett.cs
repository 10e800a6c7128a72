using Gnomon.Methods.Experiments;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Planning;

/// <summary>Power, sample size and detectable difference of one arm against a control that several arms share (Dunnett's test).</summary>
/// <remarks>
/// Sources: Dunnett 1955, JASA 50; Hsu 1996, chapter 6. The critical value is that of the largest |t| of all comparisons; the power is that of one named comparison,
/// exact by the noncentral t. Treatment arms have equal sizes; the options' allocation ratio is units of each of them per unit of control.
/// </remarks>
public static class PowerDunnett
{
    const double FewestUnits = 2;

    /// <param name="n">Units of the control arm, at least 2; need not be whole.</param>
    /// <param name="difference">True difference of means of the named arm, in the metric's unit.</param>
    /// <param name="sd">Standard deviation in each arm.</param>
    /// <param name="treatments">Arms compared with the control, 1 to 100.</param>
    /// <param name="options">Familywise size and allocation; two-sided.</param>
    public static double Power(double n, double difference, double sd, int treatments, PowerOptions? options = null)
    {
        var o = Check(sd, treatments, options);
        SizeSearch.Units(n, Fewest(treatments, o));
        return Core(n, difference / sd, treatments, o, Family(treatments, o));
    }

    /// <summary>Units of the control arm and of each treatment arm for the wanted power, not rounded.</summary>
    public static SampleSizeResult SampleSize(double difference, double sd, int treatments, double power, PowerOptions? options = null)
    {
        var o = Check(sd, treatments, options);
        SizeSearch.Effect(difference, nameof(difference));
        PowerTwoProportions.Target(power, o);
        var family = Family(treatments, o);
        var effect = difference / sd;
        var guess = 1.5 * (1 + 1 / o.AllocationRatio) * SizeSearch.NormalUnits(effect, power, o) + 4;
        var n = SizeSearch.Units(m => Core(m, effect, treatments, o, family), power, Fewest(treatments, o), guess);
        return new(n, n * o.AllocationRatio);
    }

    /// <summary>The smallest absolute difference of one arm that is detected with the wanted power.</summary>
    public static double MinimumDetectableDifference(double n, double sd, int treatments, double power, PowerOptions? options = null)
    {
        var o = Check(sd, treatments, options);
        SizeSearch.Units(n, Fewest(treatments, o));
        PowerTwoProportions.Target(power, o);
        var family = Family(treatments, o);
        return sd * SizeSearch.Effect(d => Core(n, d, treatments, o, family), power, 6 * Math.Sqrt((1 + 1 / o.AllocationRatio) / n))!.Value;
    }

    static double Core(double n, double effect, int treatments, PowerOptions o, DunnettDistribution family)
    {
        var degrees = n * (1 + treatments * o.AllocationRatio) - (treatments + 1);
        return SizeSearch.StudentPower(family.UpperQuantile(o.Alpha, degrees), degrees, Math.Abs(effect) / Math.Sqrt((1 + 1 / o.AllocationRatio) / n), 2);
    }

    static DunnettDistribution Family(int treatments, PowerOptions o) =>
        new([.. Enumerable.Repeat(Math.Sqrt(o.AllocationRatio / (1 + o.AllocationRatio)), treatments)]);

    static double Fewest(int treatments, PowerOptions o) => Math.Max(FewestUnits, (treatments + 2.0) / (1 + treatments * o.AllocationRatio));

    static PowerOptions Check(double sd, int treatments, PowerOptions? options)
    {
        SizeSearch.Spread(sd);
        if (treatments is < 1 or > 100)
            throw new ArgumentOutOfRangeException(nameof(treatments), treatments, "Between 1 and 100 arms are compared with the control.");
        return SizeSearch.Validated(options);
    }
}
