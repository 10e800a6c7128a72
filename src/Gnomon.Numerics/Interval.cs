using System.Runtime.InteropServices;

namespace Gnomon.Numerics;

/// <summary>A closed interval of real numbers, <paramref name="Low"/> to <paramref name="High"/>, both included.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Interval(double Low, double High)
{
    /// <summary>High minus low.</summary>
    public double Width => High - Low;

    /// <summary>Whether <paramref name="value"/> lies in the interval, its ends included.</summary>
    public bool Contains(double value) => Low <= value && value <= High;
}
