using System.Runtime.CompilerServices;

namespace Gnomon.Numerics;

/// <summary>Throw helpers for argument errors of the caller.</summary>
internal static class Require
{
    public static void Positive(double value, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (!(value > 0) || double.IsPositiveInfinity(value))
        {
            throw new ArgumentOutOfRangeException(name, value, "Must be finite and above 0.");
        }
    }

    public static void AtLeast(double value, double low, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (!(value >= low))
        {
            throw new ArgumentOutOfRangeException(name, value, $"Must be at least {low}.");
        }
    }

    public static void Probability(double value, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (!(value >= 0 && value <= 1))
        {
            throw new ArgumentOutOfRangeException(name, value, "Must lie in 0 to 1.");
        }
    }

    public static void NotNaN(double value, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (double.IsNaN(value))
        {
            throw new ArgumentOutOfRangeException(name, value, "Must be a number.");
        }
    }

    public static void Finite(double value, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (!double.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(name, value, "Must be finite.");
        }
    }
}
