using Gnomon.Core.Errors;
using Gnomon.Methods.Experiments;
using Gnomon.Methods.Planning;

namespace Gnomon.Studies.Design;

/// <summary>A rule given by its three functions, each on the size that the design counts: control units, or all units of one sample.</summary>
internal sealed class FormulaRule(string method, Func<double, double, double> size, Func<double, double, double> power, Func<double, double, bool, double?> detectable) : SizeRule
{
    public override string Method => method;

    public override double Size(double effect, double power) => size(effect, power);

    public override double Power(double size, double effect) => power(size, effect);

    public override double? Detectable(double size, double power, bool rise) => detectable(size, power, rise);
}

/// <summary>A rule whose units carry less or more than a plain unit: sizes are multiplied by a factor.</summary>
internal sealed class ScaledRule(SizeRule inner, double factor, string because) : SizeRule
{
    public override string Method => $"{inner.Method}; {because}";

    public override double Size(double effect, double power) => factor * inner.Size(effect, power);

    public override double Power(double size, double effect) => inner.Power(size / factor, effect);

    public override double? Detectable(double size, double power, bool rise) => inner.Detectable(size / factor, power, rise);
}

/// <summary>The rule of each kind that is more than two arms and a difference.</summary>
internal static class DesignRules
{
    /// <summary>Null when the kind has a rule of its own elsewhere.</summary>
    public static SizeRule? Of(DesignOptions o, string kind, double? baseline, double? sd, PowerOptions power) => (kind, o) switch
    {
        (_, { Margin: not null }) => Margins(o, kind, baseline, sd, power),
        (_, { Width: not null }) => Widths(kind, baseline, sd, o, power),
        ("one-mean", _) => OneMean(sd!.Value, "one-sample t test, exact noncentral t", power),
        ("paired", _) => OneMean(PairSpread(o, sd!.Value), "paired t test, exact noncentral t", power),
        ("mean", { Correction: "dunnett" }) => Dunnett(sd!.Value, (int)o.Arms - 1, power with { Alpha = o.Alpha }),
        ("one-proportion", _) => new FormulaRule(
            "score test of one proportion, normal power formula",
            (e, p) => PowerOneProportion.SampleSize(baseline!.Value, baseline.Value + e, p, power),
            (n, e) => PowerOneProportion.Power(n, baseline!.Value, baseline.Value + e, power),
            (n, p, rise) => PowerOneProportion.MinimumDetectableDifference(n, baseline!.Value, p, rise, power)),
        ("mcnemar", _) => new FormulaRule(
            "McNemar's test, Miettinen's formula",
            (e, p) => PowerPairedProportions.SampleSize(Possible(e, o.Discordant!.Value), o.Discordant.Value, p, power),
            (n, e) => PowerPairedProportions.Power(n, Possible(e, o.Discordant!.Value), o.Discordant.Value, power),
            (n, p, rise) => Signed(PowerPairedProportions.MinimumDetectableDifference(n, o.Discordant!.Value, p, power), rise)),
        ("groups", { Means: not null }) => AnovaOfMeans(o, sd!.Value, power.Alpha),
        ("trimmed-mean", _) => TrimmedMean(o.Trim, PowerTrimmedMeans.NormalShape(sd!.Value, o.Trim).Deviation, power),
        ("groups", _) => Anova(sd!.Value, [(int)o.Arms], (int)o.Arms, 1, power.Alpha, "one-way analysis of variance, exact noncentral F; two groups that far apart, the others in the middle"),
        ("factorial", _) => FactorialOf(o, baseline, sd, power.Alpha),
        ("correlation", _) => new FormulaRule(
            "t test of a correlation, exact under joint normality",
            (e, p) => PowerCorrelation.SampleSize(e, p, power),
            (n, e) => PowerCorrelation.Power(Math.Max(4, n), e, power),
            (n, p, rise) => n < 4 ? null : Signed(PowerCorrelation.MinimumDetectableCorrelation(n, p, power), rise)),
        ("regression", _) => Regression(o, baseline ?? 0, power.Alpha),
        ("logistic", { Approximation: "hsieh" }) => new FormulaRule(
            o.Exposed is null ? "Wald test of a logistic coefficient (Hsieh, Bloch and Larsen), per standard deviation of a normal column" : "test of a logistic coefficient (Hsieh, Bloch and Larsen), yes against no",
            (e, p) => PowerLogisticHsieh.SampleSize(1 + e, baseline!.Value, p, o.Exposed, o.Overlap, power),
            (n, e) => PowerLogisticHsieh.Power(n, 1 + e, baseline!.Value, o.Exposed, o.Overlap, power),
            (n, p, rise) => PowerLogisticHsieh.DetectableOddsRatio(n, baseline!.Value, p, rise, o.Exposed, o.Overlap, power) - 1),
        ("logistic", _) => new FormulaRule(
            o.Exposed is null ? "Wald test of a logistic coefficient (Demidenko), per standard deviation of a normal column" : "Wald test of a logistic coefficient (Demidenko), yes against no",
            (e, p) => PowerLogistic.SampleSize(1 + e, baseline!.Value, p, o.Exposed, o.Overlap, power),
            (n, e) => PowerLogistic.Power(n, 1 + e, baseline!.Value, o.Exposed, o.Overlap, power),
            (n, p, rise) => PowerLogistic.DetectableOddsRatio(n, baseline!.Value, p, rise, o.Exposed, o.Overlap, power) - 1),
        ("table", _) => new FormulaRule(
            "chi-square test, noncentral chi-square",
            (e, p) => PowerContingency.SampleSize(e, DesignKinds.Degrees(o), p, power.Alpha),
            (n, e) => PowerContingency.Power(n, e, DesignKinds.Degrees(o), power.Alpha),
            (n, p, _) => PowerContingency.MinimumDetectableEffect(n, DesignKinds.Degrees(o), p, power.Alpha)),
        ("rank", _) => new FormulaRule(
            "Mann-Whitney test, Noether's formula",
            (e, p) => PowerRankSum.SampleSize(0.5 + e, p, power).First,
            (n, e) => PowerRankSum.Power(n, 0.5 + e, power),
            (n, p, rise) => Signed(PowerRankSum.MinimumDetectableEffect(n, p, power), rise)),
        ("rate", _) => new FormulaRule(
            $"score test of two rates of events{(o.Dispersion == 1 ? string.Empty : $", variance {o.Dispersion:0.##} times the mean")}",
            (e, p) => PowerEventRates.SampleSize(baseline!.Value, Rate(baseline.Value + e), p, o.Dispersion, power).First,
            (n, e) => PowerEventRates.Power(n, baseline!.Value, Rate(baseline.Value + e), o.Dispersion, power),
            (n, p, rise) => PowerEventRates.MinimumDetectableDifference(n, baseline!.Value, p, rise, o.Dispersion, power)),
        ("rmst", _) => new FormulaRule(
            "difference of restricted mean times, exponential times to the event",
            (e, p) => PowerRestrictedMean.SampleSize(baseline!.Value, baseline.Value + e, p, o.Lost, power).First,
            (n, e) => PowerRestrictedMean.Power(n, baseline!.Value, baseline.Value + e, o.Lost, power),
            (n, p, rise) => PowerRestrictedMean.MinimumDetectableDifference(n, baseline!.Value, p, rise, o.Lost, power)),
        _ => null,
    };

    /// <summary>The spread of the metric that the plan works with, when units are measured several times.</summary>
    public static double? Repeated(DesignOptions o, double? sd) => sd is { } s && (o.Measures > 1 || o.MeasuresBefore > 0)
        ? s * Math.Sqrt(RepeatedMeasures.VarianceFactor((int)o.Measures, (int)o.MeasuresBefore, o.Correlation!.Value))
        : sd;

    private static Factorial.FactorialRule FactorialOf(DesignOptions o, double? baseline, double? sd, double alpha)
    {
        var layout = Factorial.FactorialLayout.Of(o);
        return new(layout, layout.Effect, baseline, o.Sd is null ? null : sd, alpha);
    }

    private static double PairSpread(DesignOptions o, double sd) => o.Correlation is { } r ? PowerOneMean.PairedDeviation(sd, r) : sd;

    private static FormulaRule OneMean(double sd, string method, PowerOptions power) => new(
        method,
        (e, p) => PowerOneMean.SampleSize(e, sd, p, power),
        (n, e) => PowerOneMean.Power(Math.Max(2, n), e, sd, power),
        (n, p, rise) => Signed(PowerOneMean.MinimumDetectableDifference(Math.Max(2, n), sd, p, power), rise));

    private static FormulaRule TrimmedMean(double trim, double deviation, PowerOptions power)
    {
        var fewest = 1.0001 * PowerTrimmedMeans.Fewest(trim, power);
        return new(
            $"Yuen's test of means trimmed by {trim:0.##} at each end, normal units, noncentral t",
            (e, p) => PowerTrimmedMeans.SampleSize(e, deviation, p, trim, power).First,
            (n, e) => PowerTrimmedMeans.Power(Math.Max(fewest, n), e, deviation, trim, power),
            (n, p, rise) => Signed(PowerTrimmedMeans.MinimumDetectableDifference(Math.Max(fewest, n), deviation, p, trim, power), rise));
    }

    // Means as typed: other effects keep their pattern.
    private static FormulaRule AnovaOfMeans(DesignOptions o, double sd, double alpha)
    {
        var pattern = Simulated.SimulatedKinds.Pattern(o);
        var unit = PowerAnova.EffectOfMeans(pattern, sd);
        var (cells, numerator) = (pattern.Length, pattern.Length - 1);
        return new(
            "one-way analysis of variance, exact noncentral F; means in the pattern of --means",
            (e, p) => Math.Ceiling(PowerAnova.SampleSize(unit * e, cells, numerator, p, alpha) - 1e-9),
            (n, e) => PowerAnova.Power(Math.Max(2, n), unit * e, cells, numerator, alpha),
            (n, p, _) => PowerAnova.MinimumDetectableEffect(Math.Max(2, n), cells, numerator, p, alpha) / unit);
    }

    private static FormulaRule Dunnett(double sd, int treatments, PowerOptions power) => new(
        "Dunnett's test against a shared control, exact; power of one named arm",
        (e, p) => PowerDunnett.SampleSize(e, sd, treatments, p, power).First,
        (n, e) => PowerDunnett.Power(Math.Max(2, n), e, sd, treatments, power),
        (n, p, rise) => Signed(PowerDunnett.MinimumDetectableDifference(Math.Max(2, n), sd, treatments, p, power), rise));

    // Sizes are all units when the design counts as one sample (factorial), else those of one group.
    private static FormulaRule Anova(double sd, IReadOnlyList<int> levels, int cells, int perSize, double alpha, string method)
    {
        var numerator = levels.Aggregate(1, (a, b) => a * (b - 1));
        double F(double difference) => PowerAnova.EffectOfLargestDifference(difference, sd, [.. levels]);
        return new(
            method,
            (e, p) => perSize * Math.Ceiling(PowerAnova.SampleSize(F(e), cells, numerator, p, alpha) - 1e-9),
            (n, e) => PowerAnova.Power(Math.Max(2, n / perSize), F(e), cells, numerator, alpha),
            (n, p, _) => PowerAnova.LargestDifferenceOf(PowerAnova.MinimumDetectableEffect(Math.Max(2, n / perSize), cells, numerator, p, alpha), sd, [.. levels]));
    }

    private static FormulaRule Regression(DesignOptions o, double others, double alpha)
    {
        var (tested, held) = ((int)o.Tested, (int)o.Held);
        double Effect(double added) => PowerRegression.EffectOfShares(Math.Abs(added), others);
        return new(
            "F test of regression coefficients, noncentral F",
            (e, p) => PowerRegression.SampleSize(Effect(e), tested, held, p, alpha),
            (n, e) => PowerRegression.Power(Math.Max(tested + held + 2, n), Effect(e), tested, held, alpha),
            (n, p, _) => n < tested + held + 2 ? null : PowerRegression.MinimumDetectableEffect(n, tested, held, p, alpha) is var f ? f / (1 + f) * (1 - others) : null);
    }

    private static FormulaRule Margins(DesignOptions o, string kind, double? baseline, double? sd, PowerOptions power)
    {
        var margin = DesignKinds.Positive(o.Margin!, baseline, "--margin");
        var both = o.Equivalence;
        var used = power with { Alpha = both ? power.Alpha : power.Alpha / 2 };
        var size = $"one-sided size {used.Alpha:0.####}";
        return (kind, both) switch
        {
            ("proportion", true) => new(
                $"two one-sided score tests of shares (Farrington and Manning), {size} each",
                (e, p) => PowerMargin.EquivalentProportionsSize(baseline!.Value, baseline.Value + e, -margin, margin, p, used).First,
                (n, e) => PowerMargin.EquivalentProportions(n, baseline!.Value, baseline.Value + e, -margin, margin, used),
                (_, _, _) => 0),
            ("proportion", false) => new(
                $"score test of shares against the margin (Farrington and Manning), {size}",
                (e, p) => PowerMargin.NonInferiorProportionsSize(baseline!.Value, baseline.Value + e, -margin, p, used).First,
                (n, e) => PowerMargin.NonInferiorProportions(n, baseline!.Value, baseline.Value + e, -margin, used),
                (_, _, _) => 0),
            (_, true) => new(
                $"two one-sided t tests, exact by Owen's Q, {size} each",
                (e, p) => PowerMargin.EquivalentMeansSize(e, -margin, margin, sd!.Value, p, used).First,
                (n, e) => PowerMargin.EquivalentMeans(Math.Max(2, n), e, -margin, margin, sd!.Value, used),
                (_, _, _) => 0),
            _ => new(
                $"t test against the margin, exact noncentral t, {size}",
                (e, p) => PowerMargin.NonInferiorMeansSize(e, -margin, sd!.Value, p, used).First,
                (n, e) => PowerMargin.NonInferiorMeans(Math.Max(2, n), e, -margin, sd!.Value, used),
                (_, _, _) => 0),
        };
    }

    private static FormulaRule Widths(string kind, double? baseline, double? sd, DesignOptions o, PowerOptions power)
    {
        Func<double, double, double> chance = kind switch
        {
            "proportion" => (n, w) => PrecisionSize.TwoProportions(n, w, baseline!.Value, baseline.Value, power),
            "one-proportion" => (n, w) => PrecisionSize.OneProportion(n, w, baseline!.Value, power),
            "mean" => (n, w) => PrecisionSize.TwoMeans(Math.Max(2, n), w, sd!.Value, power),
            "paired" => (n, w) => PrecisionSize.OneMean(Math.Max(2, n), w, PairSpread(o, sd!.Value), power),
            _ => (n, w) => PrecisionSize.OneMean(Math.Max(2, n), w, sd!.Value, power),
        };
        return new(
            "width of the interval of the estimate",
            (w, p) => PrecisionSize.Size(n => chance(n, w), p),
            chance,
            (n, p, _) => SmallestWidth(w => chance(n, w), p));
    }

    private static double SmallestWidth(Func<double, double> chance, double wanted)
    {
        var high = 1e-9;
        while (chance(high) < wanted)
        {
            high *= 2;
        }

        return Numerics.Optimizers.Brent.Root(w => chance(w) - wanted, high / 2, high, 1e-14).X;
    }

    private static double? Signed(double? size, bool rise) => rise ? size : -size;

    private static double Rate(double rate) => rate > 0
        ? rate
        : throw new GnomonError("bad-effect", "A rate of events cannot fall to 0 or below.", "--mde", "Write a smaller effect.");

    private static double Possible(double effect, double discordant) => Math.Abs(effect) <= discordant
        ? effect
        : throw new GnomonError("bad-effect", $"The two shares of a pair cannot differ by more than the share of pairs that differ, {discordant}.", "--mde", "Write a smaller effect, or a larger --discordant.");
}
