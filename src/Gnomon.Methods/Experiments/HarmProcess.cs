using Gnomon.Methods.Inference;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Experiments;

/// <summary>Evidence of harm that may be read at every look.</summary>
/// <param name="LogEValue">Natural logarithm of the e-value; an e-value of 1 / alpha or more stops at size alpha, whenever it happens.</param>
/// <param name="PValue">Always-valid one-sided p-value of "not worse than the margin": min(1, 1 / e).</param>
/// <param name="Bound">Upper confidence bound of the benefit over all looks: at this level the truth is no better than this. Below minus the margin it is harm.</param>
/// <param name="Level">One-sided confidence level of <paramref name="Bound"/>.</param>
public sealed record HarmEvidence(double LogEValue, double PValue, double Bound, double Level)
{
    /// <summary>The e-value itself, held at the largest double when it would overflow.</summary>
    public double EValue => Math.Min(Math.Exp(LogEValue), double.MaxValue);
}

/// <summary>A one-sided e-process for guardrails: harm may stop an experiment at any look, whatever its plan for gains.</summary>
/// <remarks>
/// One-sided normal mixture: exp(lambda S - lambda^2 V / 2) averaged over a half-normal lambda (Robbins 1970; Howard, Ramdas, McAuliffe and Sekhon 2021, proposition 6);
/// e = 2 / sqrt(1 + x) exp(z^2 x / (2 (1 + x))) Phi(z sqrt(x / (1 + x))), x = n rho^2, z the harm in standard errors. A supermartingale while there is no harm, in the
/// asymptotic sense of Waudby-Smith et al. 2024: estimate and error must come from enough units for the normal approximation.
/// </remarks>
public static class HarmProcess
{
    /// <param name="benefit">Estimate, signed so that negative is harm.</param>
    /// <param name="standardError">Its standard error, positive.</param>
    /// <param name="n">Units so far.</param>
    /// <param name="nTuned">Units at which the process should be most sensitive; fixed before the first look, it must not depend on the data.</param>
    /// <param name="margin">Harm that is tolerated, not negative: the process looks for more than that.</param>
    /// <param name="level">One-sided confidence level, 0.975 to go with a two-sided 0.95.</param>
    public static HarmEvidence At(double benefit, double standardError, double n, double nTuned, double margin = 0, double level = 0.975)
    {
        InferenceGuard.Level(level);
        if (!double.IsFinite(benefit))
            throw new ArgumentOutOfRangeException(nameof(benefit), benefit, "The estimate must be finite.");
        if (!(standardError > 0) || !double.IsFinite(standardError))
            throw new ArgumentOutOfRangeException(nameof(standardError), standardError, "The standard error must be positive.");
        if (!(n > 0) || !(nTuned > 0))
            throw new ArgumentOutOfRangeException(nameof(n), n, "Units must be positive.");
        if (!(margin >= 0))
            throw new ArgumentOutOfRangeException(nameof(margin), margin, "A margin is a tolerated worsening and must not be negative.");
        var limit = Math.Log(1 / (1 - level));
        var x = n / nTuned * BestMixture(limit);
        var log = LogE((-benefit - margin) / standardError, x);
        return new(log, Math.Min(1, Math.Exp(-log)), benefit + Critical(x, limit) * standardError, level);
    }

    static double LogE(double z, double x) =>
        Math.Log(2) - 0.5 * Math.Log(1 + x) + 0.5 * z * z * x / (1 + x) + Normal.LogCdf(z * Math.Sqrt(x / (1 + x)));

    // The e-value rises with z: one crossing.
    static double Critical(double x, double limit)
    {
        var high = Math.Sqrt(2 * (1 + 1 / x) * (limit + 0.5 * Math.Log(1 + x))) + 1;
        return Numerics.Optimizers.Brent.Root(z => LogE(z, x) - limit, -1 - high, high, 1e-12).X;
    }

    // The mixture that is narrowest at the tuned size: 2 log(1 / alpha) + log(1 + x) = x up to the one-sided factor 2, as for the two-sided sequence at 2 alpha.
    static double BestMixture(double limit)
    {
        var x = 2 * limit + 1;
        for (var i = 0; i < 100; i++)
            x = Math.Log(1 + x) + 2 * (limit - Math.Log(2));
        return Math.Max(x, 1);
    }
}
