using Gnomon.Methods.Experiments;
using Gnomon.Methods.Planning;
using Gnomon.Numerics.Optimizers;
using Gnomon.Numerics.Special;

namespace Gnomon.Studies.Design;

/// <summary>Size, power and detectable effect of one comparison of an arm with control, read once: inverses of one another.</summary>
/// <remarks>Sizes are those of the control arm, in what is randomised (units, or clusters); effects are signed and in the metric's unit.</remarks>
internal abstract class SizeRule
{
    /// <summary>What the size is computed for, in the words of the finding.</summary>
    public abstract string Method { get; }

    public abstract double Size(double effect, double power);

    public abstract double Power(double size, double effect);

    /// <summary>Null when no effect of that direction would be seen.</summary>
    public abstract double? Detectable(double size, double power, bool rise);

    // A share can move as far as 0 or 1; null when even that is not seen.
    private static double? WithinShares(SizeRule rule, double baseline, double size, double power, bool rise, double smallest)
    {
        var room = rise ? 1 - baseline : baseline;
        var sign = rise ? 1 : -1;
        var furthest = room * (1 - 1e-9);
        return rule.Power(size, sign * furthest) < power
            ? null
            : sign * Brent.Root(d => rule.Power(size, sign * d) - power, smallest * room, furthest, 1e-13).X;
    }

    /// <summary>Two shares: score test.</summary>
    public sealed class Proportions(double baseline, PowerOptions options) : SizeRule
    {
        public override string Method => "score test of two proportions, normal power formula with the pooled null";

        public override double Size(double effect, double power) => PowerTwoProportions.SampleSize(baseline, baseline + effect, power, options).First;

        public override double Power(double size, double effect) => PowerTwoProportions.Power(size, baseline, baseline + effect, options);

        public override double? Detectable(double size, double power, bool rise) => PowerTwoProportions.MinimumDetectableDifference(size, baseline, power, rise, options);
    }

    /// <summary>Two means (or linearised ratios, or means of clusters): t test, exact by the noncentral t.</summary>
    public sealed class Means(double sd, string method, PowerOptions options) : SizeRule
    {
        public override string Method => method;

        public override double Size(double effect, double power) => PowerTwoMeans.SampleSize(effect, sd, power, options).First;

        public override double Power(double size, double effect) => PowerTwoMeans.Power(Math.Max(2, size), effect, sd, options);

        public override double? Detectable(double size, double power, bool rise) =>
            (rise ? 1 : -1) * PowerTwoMeans.MinimumDetectableDifference(Math.Max(2, size), sd, power, options);
    }

    /// <summary>Shares in clusters: means of clusters whose spread follows from both rates.</summary>
    public sealed class ClusteredProportions(double baseline, double size, double icc, double variation, PowerOptions options) : SizeRule
    {
        public override string Method => "t test of cluster means, exact noncentral t, design effect from the intraclass correlation";

        public override double Size(double effect, double power) => Rule(effect).Size(effect, power);

        public override double Power(double size, double effect) => Rule(effect).Power(size, effect);

        public override double? Detectable(double size, double power, bool rise) => WithinShares(this, baseline, size, power, rise, 1e-12);

        private Means Rule(double effect)
        {
            var other = baseline + effect;
            var sd = Math.Sqrt((baseline * (1 - baseline) + other * (1 - other)) / 2);
            return new Means(ClusterDesign.ClusterMeanDeviation(sd, size, icc, variation), Method, options);
        }
    }

    /// <summary>Times to an event: log-rank test. Effects are differences of the share with the event by the end of follow-up.</summary>
    public sealed class Hazards(double baseline, PowerOptions options) : SizeRule
    {
        public override string Method => "log-rank test under proportional hazards (Schoenfeld), events from the shares by the end of follow-up";

        public static double Ratio(double baseline, double share) => Elementary.Log1p(-share) / Elementary.Log1p(-baseline);

        public override double Size(double effect, double power)
        {
            var events = PowerHazardRatio.EventsNeeded(Ratio(baseline, baseline + effect), power, options);
            return events / PerControlUnit(baseline + effect);
        }

        public override double Power(double size, double effect) =>
            PowerHazardRatio.Power(size * PerControlUnit(baseline + effect), Ratio(baseline, baseline + effect), options);

        public override double? Detectable(double size, double power, bool rise) => WithinShares(this, baseline, size, power, rise, 1e-9);

        // Events of both arms for each unit of control.
        private double PerControlUnit(double share) => baseline + options.AllocationRatio * share;
    }
}
