namespace Gnomon.Numerics.Optimizers;

/// <summary>A root of a function: where it is and whether the search ended by its tolerance.</summary>
public sealed record RootResult(double X, bool Converged, int Iterations);

/// <summary>A minimum of a function: where it is, its value there, and whether the search ended by its tolerance.</summary>
public sealed record MinimumResult(double X, double Value, bool Converged, int Iterations);

/// <summary>Root finding and one-dimensional minimisation without derivatives.</summary>
/// <remarks>Source: Brent 1973, Algorithms for Minimization Without Derivatives, chapters 4 and 5.</remarks>
public static class Brent
{
    const double Golden = 0.38196601125010515;

    /// <summary>A root in [low, high], at whose ends the function has opposite signs (or is 0).</summary>
    /// <param name="function">Continuous on the interval.</param>
    /// <param name="low">Lower end.</param>
    /// <param name="high">Upper end.</param>
    /// <param name="tolerance">Absolute tolerance on x, beside 4 units in the last place.</param>
    /// <param name="maxIterations">Limit on function calls after the first two.</param>
    /// <exception cref="ArgumentException">The ends do not bracket a root.</exception>
    public static RootResult Root(Func<double, double> function, double low, double high, double tolerance = 1e-13, int maxIterations = 200)
    {
        ArgumentNullException.ThrowIfNull(function);
        var (a, b) = (low, high);
        var (fa, fb) = (function(a), function(b));
        if (fa == 0 || fb == 0)
        {
            return new(fa == 0 ? a : b, Converged: true, 0);
        }

        if (!(fa < 0 != fb < 0) || double.IsNaN(fa) || double.IsNaN(fb))
        {
            throw new ArgumentException($"The function has the same sign at {low} and {high}; a root is not bracketed.", nameof(low));
        }

        var (c, fc) = (a, fa);
        var step = b - a;
        var previous = step;
        for (var k = 1; k <= maxIterations; k++)
        {
            if (fb < 0 == fc < 0)
            {
                (c, fc) = (a, fa);
                step = previous = b - a;
            }

            if (Math.Abs(fc) < Math.Abs(fb))
            {
                (a, b, c) = (b, c, b);
                (fa, fb, fc) = (fb, fc, fb);
            }

            var small = 4.440892098500626e-16 * Math.Abs(b) + 0.5 * tolerance;
            var half = 0.5 * (c - b);
            if (Math.Abs(half) <= small || fb == 0)
            {
                return new(b, Converged: true, k);
            }

            (step, previous) = NextStep(a, b, c, fa, fb, fc, half, small, step, previous);
            (a, fa) = (b, fb);
            b += Math.Abs(step) > small ? step : Math.CopySign(small, half);
            fb = function(b);
        }

        return new(b, Converged: false, maxIterations);
    }

    /// <summary>A minimum in [low, high]; the one minimum when the function has one.</summary>
    /// <param name="function">Continuous on the interval.</param>
    /// <param name="low">Lower end.</param>
    /// <param name="high">Upper end.</param>
    /// <param name="tolerance">Relative tolerance on x; below the square root of the precision of the function's values it brings nothing.</param>
    /// <param name="maxIterations">Limit on function calls.</param>
    public static MinimumResult Minimize(Func<double, double> function, double low, double high, double tolerance = 1e-9, int maxIterations = 200)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(low, high);
        var (a, b) = (low, high);
        var x = a + Golden * (b - a);
        var (w, v) = (x, x);
        var fx = function(x);
        var (fw, fv) = (fx, fx);
        var step = 0.0;
        var previous = 0.0;
        for (var k = 1; k <= maxIterations; k++)
        {
            var middle = 0.5 * (a + b);
            var small = tolerance * Math.Abs(x) + 1e-15;
            if (Math.Abs(x - middle) <= 2.0 * small - 0.5 * (b - a))
            {
                return new(x, fx, Converged: true, k);
            }

            if (TryParabola(x, w, v, fx, fw, fv, a, b, previous, out var parabolic))
            {
                previous = step;
                step = parabolic;
                var target = x + step;
                if (target - a < 2.0 * small || b - target < 2.0 * small)
                {
                    step = Math.CopySign(small, middle - x);
                }
            }
            else
            {
                previous = x < middle ? b - x : a - x;
                step = Golden * previous;
            }

            var u = x + (Math.Abs(step) >= small ? step : Math.CopySign(small, step));
            var fu = function(u);
            if (fu <= fx)
            {
                (a, b) = u < x ? (a, x) : (x, b);
                (v, fv, w, fw, x, fx) = (w, fw, x, fx, u, fu);
                continue;
            }

            (a, b) = u < x ? (u, b) : (a, u);
            if (fu <= fw || w == x)
            {
                (v, fv, w, fw) = (w, fw, u, fu);
            }
            else if (fu <= fv || v == x || v == w)
            {
                (v, fv) = (u, fu);
            }
        }

        return new(x, fx, Converged: false, maxIterations);
    }

    // Inverse quadratic interpolation or the secant, when it is safe; bisection otherwise.
    static (double Step, double Previous) NextStep(
        double a, double b, double c, double fa, double fb, double fc, double half, double small, double step, double previous)
    {
        if (Math.Abs(previous) < small || Math.Abs(fa) <= Math.Abs(fb))
        {
            return (half, half);
        }

        double p, q;
        var s = fb / fa;
        if (a == c)
        {
            p = 2.0 * half * s;
            q = 1.0 - s;
        }
        else
        {
            var t = fa / fc;
            var r = fb / fc;
            p = s * (2.0 * half * t * (t - r) - (b - a) * (r - 1.0));
            q = (t - 1.0) * (r - 1.0) * (s - 1.0);
        }

        q = p > 0 ? -q : q;
        p = Math.Abs(p);
        return 2.0 * p < Math.Min(3.0 * half * q - Math.Abs(small * q), Math.Abs(previous * q)) ? (p / q, step) : (half, half);
    }

    static bool TryParabola(
        double x, double w, double v, double fx, double fw, double fv, double a, double b, double previous, out double step)
    {
        var r = (x - w) * (fx - fv);
        var q = (x - v) * (fx - fw);
        var p = (x - v) * q - (x - w) * r;
        q = 2.0 * (q - r);
        p = q > 0 ? -p : p;
        q = Math.Abs(q);
        step = q == 0 ? 0.0 : p / q;
        return q != 0 && Math.Abs(p) < Math.Abs(0.5 * q * previous) && p > q * (a - x) && p < q * (b - x);
    }
}
