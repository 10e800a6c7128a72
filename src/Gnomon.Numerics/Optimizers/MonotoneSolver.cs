using System.Runtime.InteropServices;

namespace Gnomon.Numerics.Optimizers;

/// <summary>A function's value and its derivative at one point.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ValueAndSlope(double Value, double Slope);

/// <summary>Root of a monotone function inside a bracket by Newton steps, with bisection where a step leaves the bracket.</summary>
internal static class MonotoneSolver
{
    const int Limit = 200;

    /// <summary>The point of [low, high] where the function equals <paramref name="target"/>; an end when the target lies beyond it.</summary>
    public static double Solve(double target, double low, double high, double start, bool increasing, Func<double, ValueAndSlope> function)
    {
        var x = Math.Clamp(start, low, high);
        var previous = double.PositiveInfinity;
        for (var k = 0; k < Limit; k++)
        {
            var at = function(x);
            var gap = at.Value - target;
            if (gap == 0)
            {
                return x;
            }

            if (gap > 0 == increasing)
            {
                high = x;
            }
            else
            {
                low = x;
            }

            var step = gap / at.Slope;
            var next = x - step;
            var scale = Math.Max(Math.Abs(x), 1.0);
            // Done when the step is below rounding, or has stopped shrinking near it: then it measures the noise of the function.
            var size = Math.Abs(step);
            if (size <= 4e-16 * scale || (size <= 1e-12 * scale && size > 0.5 * previous))
            {
                return Math.Clamp(next, low, high);
            }

            previous = size;
            if (!(next > low && next < high))
            {
                next = 0.5 * (low + high);
                if (high - low <= 4e-16 * scale)
                {
                    return next;
                }
            }

            x = next;
        }

        return x;
    }
}
