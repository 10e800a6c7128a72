namespace Gnomon.Methods.Regression;

/// <summary>One smooth term of an additive model.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="EffectiveDegrees">How many coefficients it is worth: 1 for a straight line, up to its columns.</param>
/// <param name="Smoothing">Smoothing parameter: penalty over residual variance; 0 for none.</param>
/// <param name="Statistic">Wald's chi-square that the curve is flat, over its rank, with the estimated variance: an F.</param>
/// <param name="Degrees">Numerator degrees of freedom: effective degrees rounded up.</param>
/// <param name="PValue">Approximate p-value of the flat curve.</param>
public sealed record SmoothTerm(string Name, double EffectiveDegrees, double Smoothing, double Statistic, int Degrees, double PValue);
