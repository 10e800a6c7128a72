using Gnomon.Numerics;

namespace Gnomon.Methods.Resampling;

/// <summary>A bootstrap interval.</summary>
/// <param name="Estimate">The statistic of the data.</param>
/// <param name="Interval">Its interval.</param>
/// <param name="StandardError">Standard deviation of the statistic over resamples.</param>
/// <param name="Resamples">Number of resamples behind it.</param>
/// <param name="Level">Confidence level.</param>
/// <param name="Method">Short phrase for people.</param>
/// <param name="BiasCorrection">z0 of the BCa interval; null for the others.</param>
/// <param name="Acceleration">a of the BCa interval; null for the others.</param>
public sealed record BootstrapResult(
    double Estimate, Interval Interval, double StandardError, int Resamples, double Level, string Method, double? BiasCorrection, double? Acceleration);
