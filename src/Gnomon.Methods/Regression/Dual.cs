using System.Runtime.InteropServices;
using Gnomon.Numerics.Special;

namespace Gnomon.Methods.Regression;

/// <summary>A value with its derivative in one direction: a model written in these has exact derivatives without writing them.</summary>
/// <remarks>Source: Griewank and Walther 2008, Evaluating Derivatives, chapter 3 (forward mode).</remarks>
/// <param name="Value">The value.</param>
/// <param name="Slope">Its derivative.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Dual(double Value, double Slope)
{
    /// <summary>A constant.</summary>
    public static implicit operator Dual(double value) => new(value, 0.0);

    /// <summary>A constant, by name.</summary>
    public static Dual FromDouble(double value) => new(value, 0.0);

    /// <summary>Sum.</summary>
    public static Dual operator +(Dual a, Dual b) => new(a.Value + b.Value, a.Slope + b.Slope);

    /// <summary>Difference.</summary>
    public static Dual operator -(Dual a, Dual b) => new(a.Value - b.Value, a.Slope - b.Slope);

    /// <summary>Negative.</summary>
    public static Dual operator -(Dual a) => new(-a.Value, -a.Slope);

    /// <summary>Product.</summary>
    public static Dual operator *(Dual a, Dual b) => new(a.Value * b.Value, a.Slope * b.Value + a.Value * b.Slope);

    /// <summary>Quotient.</summary>
    public static Dual operator /(Dual a, Dual b)
    {
        var q = a.Value / b.Value;
        return new(q, (a.Slope - q * b.Slope) / b.Value);
    }

    /// <summary>e to the a.</summary>
    public static Dual Exp(Dual a)
    {
        var e = Math.Exp(a.Value);
        return new(e, e * a.Slope);
    }

    /// <summary>Natural logarithm.</summary>
    public static Dual Log(Dual a) => new(Math.Log(a.Value), a.Slope / a.Value);

    /// <summary>Square root.</summary>
    public static Dual Sqrt(Dual a)
    {
        var r = Math.Sqrt(a.Value);
        return new(r, 0.5 * a.Slope / r);
    }

    /// <summary>Sine, radians.</summary>
    public static Dual Sin(Dual a) => new(Math.Sin(a.Value), Math.Cos(a.Value) * a.Slope);

    /// <summary>Cosine, radians.</summary>
    public static Dual Cos(Dual a) => new(Math.Cos(a.Value), -Math.Sin(a.Value) * a.Slope);

    /// <summary>Arc tangent.</summary>
    public static Dual Atan(Dual a) => new(Math.Atan(a.Value), a.Slope / (1.0 + a.Value * a.Value));

    /// <summary>1 - e to the a, without cancellation near 0.</summary>
    public static Dual OneMinusExp(Dual a) => new(-Elementary.Expm1(a.Value), -Math.Exp(a.Value) * a.Slope);

    /// <summary>a to the b; a above 0 unless b is a constant whole number.</summary>
    public static Dual Pow(Dual a, Dual b)
    {
        var p = Math.Pow(a.Value, b.Value);
        var slope = a.Slope == 0 ? 0.0 : b.Value * Math.Pow(a.Value, b.Value - 1.0) * a.Slope;
        return new(p, b.Slope == 0 || p == 0 ? slope : slope + p * Math.Log(a.Value) * b.Slope);
    }
}
