using Gnomon.Methods.Inference;
using Gnomon.Numerics;

namespace Gnomon.Methods.Counts;

/// <summary>How many units must be treated for one more event, with the range its interval allows.</summary>
/// <remarks>
/// Source: Altman 1998, BMJ 317. The number is the inverse of a difference of rates. Where the interval of the difference holds 0 the number runs through
/// infinity: from <see cref="Benefit"/> up to infinity and from infinity down to <see cref="Harm"/>, and no single range contains it.
/// </remarks>
/// <param name="Value">1 / |difference|; null when the difference is 0.</param>
/// <param name="IsHarm">True when the difference is negative.</param>
/// <param name="Interval">Low to high where the interval of the difference excludes 0; null otherwise.</param>
/// <param name="Benefit">Smallest number for benefit that the interval allows; null when it allows none.</param>
/// <param name="Harm">Smallest number for harm that the interval allows; null when it allows none.</param>
public sealed record NumberNeededToTreat(double? Value, bool IsHarm, Interval? Interval, double? Benefit, double? Harm)
{
    /// <summary>From a difference of rates whose positive sign is benefit.</summary>
    /// <param name="difference">The difference with its interval, as a proportion.</param>
    public static NumberNeededToTreat Of(ContrastResult difference)
    {
        ArgumentNullException.ThrowIfNull(difference);
        double? value = difference.Value == 0 ? null : 1.0 / Math.Abs(difference.Value);
        double? benefit = difference.High > 0 ? 1.0 / difference.High : null;
        double? harm = difference.Low < 0 ? -1.0 / difference.Low : null;
        Interval? interval = difference.Low > 0 ? new(1.0 / difference.High, 1.0 / difference.Low)
            : difference.High < 0 ? new(-1.0 / difference.Low, -1.0 / difference.High)
            : null;
        return new(value, difference.Value < 0, interval, benefit, harm);
    }
}
