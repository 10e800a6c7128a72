using Gnomon.Methods.Inference;
using Gnomon.Numerics;

namespace Gnomon.Methods.Experiments;

/// <summary>The effect among exposed units, and what it makes over all assigned ones.</summary>
/// <param name="Exposed">Difference of means among exposed units, treated minus control.</param>
/// <param name="Share">Share of assigned units that were exposed, both arms together.</param>
/// <param name="Overall">Share times difference: the effect per assigned unit.</param>
public sealed record TriggeredEffectResult(ContrastResult Exposed, double Share, ContrastResult Overall);

/// <summary>Triggered analysis: units that never met the place where the arms differ have no effect and only add noise.</summary>
/// <remarks>
/// Sources: Deng and Hu 2015, WSDM; Kohavi, Tang and Xu 2020, chapter 20. It holds where exposure is logged alike in every arm and the treatment cannot change who is exposed. The error of the overall effect is the delta
/// method's over a share p of n units: p^2 var(d) + d^2 p (1 - p) / n.
/// </remarks>
public static class TriggeredEffect
{
    /// <param name="treated">Outcome of exposed treated units.</param>
    /// <param name="control">Outcome of exposed control units.</param>
    /// <param name="assigned">Units assigned to the two arms, exposed or not.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="TooFewRowsException">An arm has fewer than 2 exposed units.</exception>
    /// <exception cref="NotEstimableException">The outcome does not vary among exposed units.</exception>
    public static TriggeredEffectResult Of(Moments treated, Moments control, long assigned, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(treated);
        ArgumentNullException.ThrowIfNull(control);
        var exposed = treated.Count + control.Count;
        if (assigned < exposed)
        {
            throw new ArgumentOutOfRangeException(nameof(assigned), assigned, $"{exposed} of them were exposed.");
        }

        var difference = WelchT.Test(treated, control, level);
        var share = (double)exposed / assigned;
        var variance = share * share * difference.StandardError * difference.StandardError + difference.Value * difference.Value * share * (1 - share) / assigned;
        return new(difference, share, NormalContrast.Of(share * difference.Value, Math.Sqrt(variance), level, "effect among exposed units times their share"));
    }
}
