using Gnomon.Methods.Inference;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Experiments;

/// <summary>An interval and p-value that stay valid however often they are read.</summary>
/// <param name="Estimate">The estimate, in its own unit.</param>
/// <param name="Low">Lower end of the confidence sequence now.</param>
/// <param name="High">Upper end of the confidence sequence now.</param>
/// <param name="PValue">Always-valid p-value of "no effect"; 1 when the data favour it.</param>
/// <param name="LogEValue">Natural logarithm of the mixture e-value.</param>
/// <param name="Rho">The mixture's scale: the sequence is narrowest near the sample size that it was tuned for.</param>
/// <param name="Level">Confidence level.</param>
public sealed record AlwaysValidResult(double Estimate, double Low, double High, double PValue, double LogEValue, double Rho, double Level);

/// <summary>Asymptotic confidence sequence for an estimate with a standard error.</summary>
/// <remarks>
/// Source: Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas 2024, Annals of Statistics 52, theorem 2.2 (two-sided boundary):
/// half-width = se * sqrt((1 + 1/x) (ln(1 + x) + 2 ln(1/a))) with x = n rho^2. Valid from a start where the normal approximation holds.
/// </remarks>
public static class AlwaysValid
{
    /// <param name="estimate">Current estimate.</param>
    /// <param name="standardError">Its current standard error, positive.</param>
    /// <param name="n">Units so far.</param>
    /// <param name="nPlanned">Units at which the interval should be narrowest, usually the planned end; wrong by a factor of five costs width, not validity.</param>
    /// <param name="level">Confidence level.</param>
    public static AlwaysValidResult Interval(double estimate, double standardError, double n, double nPlanned, double level = 0.95)
    {
        InferenceGuard.Level(level);
        if (!(nPlanned > 0) || !double.IsFinite(nPlanned))
            throw new ArgumentOutOfRangeException(nameof(nPlanned), nPlanned, "The planned number of units must be positive.");
        return IntervalWithRho(estimate, standardError, n, Math.Sqrt(BestMixture(1 - level) / nPlanned), level);
    }

    /// <summary>The same with the mixture scale given.</summary>
    /// <param name="rho">Scale of the mixture on the standardised effect, positive; it must not depend on the data.</param>
    /// <param name="estimate">Current estimate.</param>
    /// <param name="standardError">Its standard error, positive.</param>
    /// <param name="n">Units so far.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    public static AlwaysValidResult IntervalWithRho(double estimate, double standardError, double n, double rho, double level = 0.95)
    {
        InferenceGuard.Level(level);
        if (!(standardError > 0) || !double.IsFinite(standardError))
            throw new ArgumentOutOfRangeException(nameof(standardError), standardError, "The standard error must be positive.");
        if (!(n > 0) || !(rho > 0))
            throw new ArgumentOutOfRangeException(nameof(n), n, "Units and rho must be positive.");
        var x = n * rho * rho;
        var half = standardError * Math.Sqrt((1 + 1 / x) * (Math.Log(1 + x) - 2 * Math.Log(1 - level)));
        var z = estimate / standardError;
        var logE = 0.5 * (z * z * x / (1 + x) - Math.Log(1 + x));
        return new(estimate, estimate - half, estimate + half, Math.Min(1, Math.Exp(-logE)), logE, rho, level);
    }

    // The width at n is least where x = ln(1 + x) + 2 ln(1/alpha) (set the derivative to zero); the iteration contracts by 1/(1 + x).
    static double BestMixture(double alpha)
    {
        var x = 2 * Math.Log(1 / alpha) + 1;
        for (var i = 0; i < 100; i++)
            x = Math.Log(1 + x) + 2 * Math.Log(1 / alpha);
        return x;
    }
}

/// <summary>The chance that an unfinished fixed-horizon test will end significant.</summary>
/// <param name="OnTrend">If the effect seen so far is the true one.</param>
/// <param name="IfNull">If there is no effect from now on.</param>
/// <param name="IfPlanned">If the planned effect is true from now on; absent without a planned power.</param>
public sealed record ConditionalPowerResult(double OnTrend, double IfNull, double? IfPlanned);

/// <summary>Conditional power by stochastic curtailment.</summary>
/// <remarks>Source: Lan and Wittes 1988, Biometrics 44. B(t) = z sqrt(t); significance of either sign counts.</remarks>
public static class ConditionalPower
{
    /// <param name="z">Statistic now, signed.</param>
    /// <param name="information">Share of the planned information reached, in (0, 1).</param>
    /// <param name="criticalZ">Two-sided critical value at the planned end, for example 1.96.</param>
    /// <param name="plannedZ">Expected statistic at the planned end under the planned effect (2.80 for 80 % power), if known.</param>
    public static ConditionalPowerResult At(double z, double information, double criticalZ, double? plannedZ = null)
    {
        if (!(information > 0 && information < 1))
            throw new ArgumentOutOfRangeException(nameof(information), information, "Information reached must lie strictly between 0 and 1.");
        if (!(criticalZ > 0))
            throw new ArgumentOutOfRangeException(nameof(criticalZ), criticalZ, "The critical value must be positive.");
        var score = z * Math.Sqrt(information);
        return new(Given(score / information), Given(0), plannedZ is { } planned ? Given(planned) : null);

        double Given(double drift)
        {
            var mean = score + drift * (1 - information);
            var sd = Math.Sqrt(1 - information);
            return Normal.Sf((criticalZ - mean) / sd) + Normal.Cdf((-criticalZ - mean) / sd);
        }
    }
}
