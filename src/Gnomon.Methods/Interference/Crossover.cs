using Gnomon.Methods.Inference;
using Gnomon.Numerics;

namespace Gnomon.Methods.Interference;

/// <summary>The units of one order.</summary>
/// <param name="First">Value of each in the first period; finite.</param>
/// <param name="Second">Value of each in the second period.</param>
public sealed record TwoPeriods(double[] First, double[] Second);

/// <summary>What a two-period crossover says.</summary>
/// <param name="Effect">Treatment less control within units, each unit being its own control.</param>
/// <param name="Period">Second period less first, whatever the arm.</param>
/// <param name="CarryOver">How much more the treatment leaves behind in the second period than the control does. The effect is off by minus half of it.</param>
/// <param name="FirstPeriod">Treatment less control in the first period alone, between units: free of carry-over, and noisier.</param>
public sealed record CrossoverResult(ContrastResult Effect, ContrastResult Period, ContrastResult CarryOver, ContrastResult FirstPeriod);

/// <summary>Units that get both arms, some in the order control-treatment, the others treatment-control, by chance (2x2, AB/BA).</summary>
/// <remarks>
/// Sources: Grizzle 1965, Biometrics 21; Hills and Armitage 1979, British Journal of Clinical Pharmacology 8; Senn 2002, Cross-over Trials in Clinical Research. Within-unit differences (first less second period)
/// have mean period - effect in one order and period + effect in the other: half the difference of the two means is the effect, half their sum, turned, the period effect; sums of both periods tell the carry-over.
/// The orders may differ in spread (Welch). The carry-over test does not choose the estimate: a two-stage rule has far more false alarms than its level (Freeman 1989, Statistics in Medicine 8).
/// </remarks>
public static class Crossover
{
    /// <param name="controlFirst">First and second period of every unit that began with the control: at least 2 units.</param>
    /// <param name="treatmentFirst">The same of those that began with the treatment.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="TooFewRowsException">An order has fewer than 2 units.</exception>
    /// <exception cref="NotEstimableException">Units of neither order differ.</exception>
    public static CrossoverResult Compare(TwoPeriods controlFirst, TwoPeriods treatmentFirst, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(controlFirst);
        ArgumentNullException.ThrowIfNull(treatmentFirst);
        InferenceGuard.Level(level);
        Require(controlFirst, "The set of units that began with the control");
        Require(treatmentFirst, "The set of units that began with the treatment");
        Moments Of(TwoPeriods units, double sign) => Moments.Of([.. units.First.Zip(units.Second, (a, b) => a + sign * b)]);
        var (ab, ba) = (Of(controlFirst, -1), Of(treatmentFirst, -1));
        var difference = WelchT.Test(ba, ab, level);

        // The sum of two independent means has the spread of their difference: turning the signs of one order makes the one test the other.
        var turned = new Moments(ab.Count, -ab.Mean, ab.M2);
        return new(
            Half(difference, 0.5, "crossover, within-unit differences of the two orders, Welch"),
            Half(WelchT.Test(ba, turned, level), -0.5, "crossover, period effect"),
            WelchT.Test(Of(treatmentFirst, 1), Of(controlFirst, 1), level) with { Method = "crossover, sums of both periods of the two orders, Welch" },
            WelchT.Test(Moments.Of(treatmentFirst.First), Moments.Of(controlFirst.First), level) with { Method = "first period alone, between units, Welch" });
    }

    static ContrastResult Half(ContrastResult c, double factor, string method)
    {
        var (a, b) = (factor * c.Low, factor * c.High);
        return c with { Value = factor * c.Value, Low = Math.Min(a, b), High = Math.Max(a, b), StandardError = Math.Abs(factor) * c.StandardError, Statistic = Math.Sign(factor) * c.Statistic, Method = method };
    }

    static void Require(TwoPeriods units, string what)
    {
        if (units.First.Length != units.Second.Length)
            throw new ArgumentException("Every unit has both periods.", nameof(units));
        if (units.First.Length < 2)
            throw new TooFewRowsException(what, units.First.Length, 2);
        if (Array.Exists(units.First, v => !double.IsFinite(v)) || Array.Exists(units.Second, v => !double.IsFinite(v)))
            throw new ArgumentOutOfRangeException(nameof(units), "Values are finite.");
    }
}
