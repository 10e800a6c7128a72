namespace Gnomon.Methods.Factorial;

/// <summary>Is a term 0?</summary>
/// <param name="Statistic">F.</param>
/// <param name="Degrees">Its numerator.</param>
/// <param name="DenominatorDegrees">Its denominator; null for a chi-square limit.</param>
/// <param name="PValue">Upper tail.</param>
public sealed record FactorialTest(double Statistic, int Degrees, double? DenominatorDegrees, double PValue);
