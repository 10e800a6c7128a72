using Gnomon.Numerics;

namespace Gnomon.Methods.Inference;

/// <summary>A contrast of two groups: its value with an interval and a test that it is nil. Every number is finite.</summary>
/// <param name="Value">The estimate, in the contrast's unit.</param>
/// <param name="Low">Lower end of the interval.</param>
/// <param name="High">Upper end of the interval.</param>
/// <param name="StandardError">Standard error of <paramref name="Value"/>.</param>
/// <param name="Statistic">The test statistic behind <paramref name="PValue"/>.</param>
/// <param name="DegreesOfFreedom">Degrees of freedom of the reference distribution; null for a normal or an exact one.</param>
/// <param name="PValue">Two-sided unless the method says otherwise.</param>
/// <param name="Level">Confidence level of the interval.</param>
/// <param name="Method">Short phrase for people, such as "Welch t".</param>
public sealed record ContrastResult(
    double Value, double Low, double High, double StandardError, double Statistic, double? DegreesOfFreedom, double PValue, double Level, string Method)
{
    /// <summary>Low to high.</summary>
    public Interval Interval => new(Low, High);
}
