using System.Runtime.InteropServices;

namespace Gnomon.Numerics.Special;

/// <summary>One tail of a distribution as exp(LogScale) * Factor; the other tail is its complement. Keeps the small tail's relative accuracy down to
/// e^-1e308 and answers either tail, plain or as a logarithm.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TailValue(bool IsLower, double LogScale, double Factor)
{
    public static TailValue Exactly(bool isLower, double value) => new(isLower, 0.0, value);

    public double Lower => IsLower ? Value : 1.0 - Value;

    public double Upper => IsLower ? 1.0 - Value : Value;

    public double LogLower => IsLower ? LogValue : Elementary.Log1p(-Value);

    public double LogUpper => IsLower ? Elementary.Log1p(-Value) : LogValue;

    public TailValue Swapped => new(!IsLower, LogScale, Factor);

    double Value => Math.Clamp(Math.Exp(LogScale) * Factor, 0.0, 1.0);

    double LogValue => Math.Min(LogScale + Math.Log(Factor), 0.0);
}
