using Gnomon.Numerics.Optimizers;

namespace Gnomon.Methods.Bayes;

/// <summary>What past experiments say of the size of effects before new data.</summary>
/// <param name="Deviation">Standard deviation of true effects around zero.</param>
/// <param name="Low">Lower end of its 90 % interval; 0 when the past effects are also compatible with none at all.</param>
/// <param name="High">Upper end.</param>
/// <param name="Experiments">Past effects learned from.</param>
public sealed record EffectPriorResult(double Deviation, double Low, double High, int Experiments);

/// <summary>A normal prior around zero whose width is learned from the effects of past experiments.</summary>
/// <remarks>
/// Width by the generalised Q equation with the mean held at zero, the sum of y^2 / (se^2 + v) = k (Paule and Mandel 1982); its interval by inverting the same Q
/// (Viechtbauer 2007, Statistics in Medicine 26). Empirical Bayes for experiments: Deng 2015, WWW; Azevedo, Deng, Montiel Olea, Rao and Weyl 2020.
/// </remarks>
public static class EffectPrior
{
    /// <summary>Fewer past effects leave the width to chance.</summary>
    public const int Fewest = 5;

    const double Level = 0.90;

    /// <param name="estimates">Estimated effects of past experiments in one unit, finite.</param>
    /// <param name="standardErrors">Their standard errors, positive.</param>
    /// <exception cref="TooFewRowsException">There are fewer than 5.</exception>
    /// <exception cref="NotEstimableException">The past effects vary no more than their errors: no width above zero fits them.</exception>
    public static EffectPriorResult Learn(ReadOnlySpan<double> estimates, ReadOnlySpan<double> standardErrors)
    {
        if (estimates.Length != standardErrors.Length)
            throw new ArgumentException("There must be one standard error per estimate.", nameof(standardErrors));
        if (estimates.Length < Fewest)
            throw new TooFewRowsException("The set of past effects", estimates.Length, Fewest);
        for (var i = 0; i < estimates.Length; i++)
        {
            if (!double.IsFinite(estimates[i]) || !(standardErrors[i] > 0) || !double.IsFinite(standardErrors[i]))
                throw new ArgumentOutOfRangeException(nameof(estimates), estimates[i], $"Past effect {i} or its standard error cannot be used.");
        }
        var (y, se) = (estimates.ToArray(), standardErrors.ToArray());
        if (Q(y, se, 0) <= y.Length)
            throw new NotEstimableException($"the {y.Length} past effects vary no more than their own errors, so no width of a prior can be learned from them");
        var tail = (1 - Level) / 2;
        return new(
            Math.Sqrt(Solve(y, se, y.Length)), Math.Sqrt(Solve(y, se, Numerics.Distributions.ChiSquared.UpperQuantile(tail, y.Length))),
            Math.Sqrt(Solve(y, se, Numerics.Distributions.ChiSquared.Quantile(tail, y.Length))), y.Length);
    }

    static double Solve(double[] y, double[] se, double target)
    {
        if (Q(y, se, 0) <= target)
            return 0;
        var high = y.Sum(v => v * v) / target;
        return Brent.Root(v => Q(y, se, v) - target, 0, high, 1e-14 * high).X;
    }

    static double Q(double[] y, double[] se, double variance)
    {
        var q = 0.0;
        for (var i = 0; i < y.Length; i++)
            q += y[i] * y[i] / (se[i] * se[i] + variance);
        return q;
    }
}
