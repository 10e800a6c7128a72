using Gnomon.Numerics.LinearAlgebra;

namespace Gnomon.Methods.Mixed;

/// <summary>Where a search ended.</summary>
/// <param name="X">The point.</param>
/// <param name="Value">The function there.</param>
/// <param name="Gap">How much lower a quadratic through the point would go: what is left to gain.</param>
/// <param name="Evaluations">Calls of the function.</param>
internal sealed record SearchResult(double[] X, double Value, double Gap, int Evaluations)
{
    /// <summary>A millionth of a unit of deviance is a thousandth of a standard error.</summary>
    public bool Converged => Gap < 1e-6;
}

/// <summary>Minimum of a smooth function of a few parameters: BFGS on differences, then Newton steps with extrapolated derivatives until nothing is left to gain.</summary>
/// <remarks>Source: Nocedal and Wright 2006, Numerical Optimization, chapters 3, 6 and 8; Richardson's extrapolation for the derivatives.</remarks>
internal sealed class Search
{
    const int MostIterations = 200;
    const int MostNewton = 12;
    const double Enough = 1e-14;

    // Unit in the last place, relative: a gain of a few of them cannot be told from rounding, however many rounds are spent on it.
    const double Ulp = 2.220446049250313e-16;
    const double UlpsToGain = 8.0;

    // Rounding of the function itself: a step that changes it by less may be taken on the gradient's word.
    const double Rounding = 1e-13;
    readonly Func<double[], double> _f;
    int _evaluations;

    Search(Func<double[], double> f) => _f = f;

    public static SearchResult Minimise(Func<double[], double> f, double[] start)
    {
        var search = new Search(f);
        if (start.Length == 0)
        {
            return new SearchResult([], f([]), 0.0, 1);
        }

        var x = search.Descend(start);
        return search.Polish(x);
    }

    double At(double[] x)
    {
        _evaluations++;
        var value = _f(x);
        return double.IsNaN(value) ? double.PositiveInfinity : value;
    }

    double[] Descend(double[] start)
    {
        var m = start.Length;
        var x = (double[])start.Clone();
        var fx = At(x);
        var g = Slope(x);
        var inverse = new double[m * m];
        Reset(inverse, g, m);
        for (var k = 0; k < MostIterations; k++)
        {
            var step = new double[m];
            var slope = 0.0;
            for (var i = 0; i < m; i++)
            {
                for (var j = 0; j < m; j++)
                {
                    step[i] -= inverse[i * m + j] * g[j];
                }

                slope += step[i] * g[i];
            }

            if (slope >= 0.0)
            {
                Reset(inverse, g, m);
                slope = 0.0;
                for (var i = 0; i < m; i++)
                {
                    step[i] = -inverse[i * m + i] * g[i];
                    slope += step[i] * g[i];
                }
            }

            if (-slope < 1e-7)
            {
                break;
            }

            var t = 1.0;
            var next = Moved(x, step, t);
            var fNext = At(next);
            while (!(fNext <= fx + 1e-4 * t * slope) && t > 1e-10)
            {
                t *= double.IsInfinity(fNext) ? 0.1 : Math.Clamp(-0.5 * t * slope / (fNext - fx - t * slope), 0.1, 0.5);
                next = Moved(x, step, t);
                fNext = At(next);
            }

            if (!(fNext < fx))
            {
                break;
            }

            var gNext = Slope(next);
            Update(inverse, x, next, g, gNext, m, k == 0);
            (x, fx, g) = (next, fNext, gNext);
        }

        return x;
    }

    static void Reset(double[] inverse, double[] g, int m)
    {
        Array.Clear(inverse);
        var size = Math.Sqrt(g.Sum(v => v * v));
        for (var i = 0; i < m; i++)
        {
            inverse[i * m + i] = 0.25 / Math.Max(size, 0.25);
        }
    }

    static void Update(double[] inverse, double[] x, double[] next, double[] g, double[] gNext, int m, bool isFirst)
    {
        var s = new double[m];
        var y = new double[m];
        double sy = 0.0, yy = 0.0;
        for (var i = 0; i < m; i++)
        {
            (s[i], y[i]) = (next[i] - x[i], gNext[i] - g[i]);
            sy += s[i] * y[i];
            yy += y[i] * y[i];
        }

        if (!(sy > 1e-12 * yy))
        {
            return;
        }

        if (isFirst)
        {
            Array.Clear(inverse);
            for (var i = 0; i < m; i++)
            {
                inverse[i * m + i] = sy / yy;
            }
        }

        var hy = new double[m];
        var yhy = 0.0;
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < m; j++)
            {
                hy[i] += inverse[i * m + j] * y[j];
            }

            yhy += hy[i] * y[i];
        }

        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < m; j++)
            {
                inverse[i * m + j] += (1.0 + yhy / sy) * s[i] * s[j] / sy - (hy[i] * s[j] + s[i] * hy[j]) / sy;
            }
        }
    }

    SearchResult Polish(double[] x)
    {
        var m = x.Length;
        var fx = At(x);
        var gap = double.PositiveInfinity;
        for (var k = 0; k < MostNewton; k++)
        {
            var h = Derivatives.Steps(At, x, fx);
            var g = Derivatives.Gradient(At, x, h);
            var hessian = Derivatives.Hessian(At, x, fx, h);
            var eigen = SymmetricEigen.Decompose(Scaled(hessian, h, m), m);
            var step = new double[m];
            gap = 0.0;
            for (var v = 0; v < m; v++)
            {
                // In units of the steps every curvature that the data determine is of one size.
                var curvature = eigen.Values[v];
                var along = 0.0;
                for (var i = 0; i < m; i++)
                {
                    along += eigen.Vectors[i * m + v] * g[i] * h[i];
                }

                if (Math.Abs(curvature) < 1e-7 * Math.Max(1e-300, Math.Abs(eigen.Values[0])))
                {
                    continue;
                }

                gap += 0.5 * along * along / Math.Abs(curvature);
                for (var i = 0; i < m; i++)
                {
                    step[i] -= eigen.Vectors[i * m + v] * h[i] * along / Math.Abs(curvature);
                }
            }

            var isLast = gap < Math.Max(Enough, UlpsToGain * Ulp * Math.Abs(fx));
            if (isLast && Downhill(x, fx, h, eigen) is { } lower)
            {
                x = Descend(lower);
                fx = At(x);
                continue;
            }

            // Nothing is left to gain that the function could show; the step is still worth its one evaluation, for it squares the distance to the minimum.
            var t = 1.0;
            var next = Moved(x, step, t);
            var fNext = At(next);
            var slack = Rounding * Math.Abs(fx);
            if (isLast)
            {
                (x, fx) = fNext < fx + slack ? (next, fNext) : (x, fx);
                break;
            }

            while (!(fNext < fx + slack) && t > 1e-3)
            {
                t *= 0.3;
                next = Moved(x, step, t);
                fNext = At(next);
            }

            if (!(fNext < fx + slack))
            {
                break;
            }

            (x, fx) = (next, fNext);
        }

        return new SearchResult(x, fx, gap, _evaluations);
    }

    // A flat point from which the function falls to both sides is no minimum.
    double[]? Downhill(double[] x, double fx, double[] h, SymmetricEigen eigen)
    {
        var m = x.Length;
        if (eigen.Values[m - 1] > -0.05 * Math.Abs(eigen.Values[0]))
        {
            return null;
        }

        var direction = new double[m];
        for (var i = 0; i < m; i++)
        {
            direction[i] = h[i] * eigen.Vectors[i * m + m - 1];
        }

        var next = Moved(x, direction, 5.0);
        return At(next) < fx - 1e-6 ? next : null;
    }

    static double[] Scaled(double[] hessian, double[] h, int m)
    {
        var result = new double[m * m];
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < m; j++)
            {
                result[i * m + j] = hessian[i * m + j] * h[i] * h[j];
            }
        }

        return result;
    }

    double[] Slope(double[] x)
    {
        var g = new double[x.Length];
        for (var i = 0; i < g.Length; i++)
        {
            var h = 1e-4 * Math.Max(Math.Abs(x[i]), 0.1);
            var kept = x[i];
            x[i] = kept + h;
            var up = At(x);
            x[i] = kept - h;
            g[i] = (up - At(x)) / (2.0 * h);
            x[i] = kept;
        }

        return g;
    }

    static double[] Moved(double[] x, double[] step, double t)
    {
        var next = new double[x.Length];
        for (var i = 0; i < next.Length; i++)
        {
            next[i] = x[i] + t * step[i];
        }

        return next;
    }
}
