namespace Gnomon.Methods.Mixed;

/// <summary>Derivatives by central differences whose steps follow the curvature of the function: each changes it by about one hundredth.</summary>
internal static class Derivatives
{
    const double Change = 0.01;
    const double Smallest = 1e-6;

    /// <summary>Step of each parameter.</summary>
    public static double[] Steps(Func<double[], double> f, double[] x, double fx)
    {
        var steps = new double[x.Length];
        for (var i = 0; i < steps.Length; i++)
        {
            var reach = Math.Max(Math.Abs(x[i]), 0.05);
            var h = 1e-2 * reach;
            for (var round = 0; round < 4; round++)
            {
                var curvature = Math.Abs(Moved(f, x, i, h) - 2.0 * fx + Moved(f, x, i, -h)) / (h * h);
                var next = curvature > 0.0 && double.IsFinite(curvature) ? Math.Sqrt(2.0 * Change / curvature) : double.IsFinite(curvature) ? reach : 0.1 * h;
                next = Math.Clamp(next, Smallest * reach, 0.5 * Math.Max(reach, 1.0));
                var settled = Math.Abs(next - h) < 0.5 * h;
                h = next;
                if (settled)
                {
                    break;
                }
            }

            steps[i] = h;
        }

        return steps;
    }

    /// <summary>Gradient to the fourth order of the steps.</summary>
    public static double[] Gradient(Func<double[], double> f, double[] x, double[] steps)
    {
        var g = new double[x.Length];
        for (var i = 0; i < g.Length; i++)
        {
            var h = 0.1 * steps[i];
            g[i] = (8.0 * (Moved(f, x, i, h) - Moved(f, x, i, -h)) - (Moved(f, x, i, 2.0 * h) - Moved(f, x, i, -2.0 * h))) / (12.0 * h);
        }

        return g;
    }

    /// <summary>Hessian, extrapolated from three sizes of step.</summary>
    public static double[] Hessian(Func<double[], double> f, double[] x, double fx, double[] steps)
    {
        var m = x.Length;
        var result = new double[m * m];
        var sizes = new[] { 1.0, 0.5, 0.25 };
        Span<double> level = stackalloc double[3];
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                for (var s = 0; s < sizes.Length; s++)
                {
                    var (hi, hj) = (sizes[s] * steps[i], sizes[s] * steps[j]);
                    level[s] = i == j
                        ? (Moved(f, x, i, hi) - 2.0 * fx + Moved(f, x, i, -hi)) / (hi * hi)
                        : (Moved(f, x, i, hi, j, hj) - Moved(f, x, i, hi, j, -hj) - Moved(f, x, i, -hi, j, hj) + Moved(f, x, i, -hi, j, -hj)) / (4.0 * hi * hj);
                }

                var first = (4.0 * level[1] - level[0]) / 3.0;
                var second = (4.0 * level[2] - level[1]) / 3.0;
                result[i * m + j] = result[j * m + i] = (16.0 * second - first) / 15.0;
            }
        }

        return result;
    }

    static double Moved(Func<double[], double> f, double[] x, int i, double by, int j = -1, double other = 0.0)
    {
        var (keptI, keptJ) = (x[i], j >= 0 ? x[j] : 0.0);
        x[i] += by;
        if (j >= 0)
        {
            x[j] += other;
        }

        var value = f(x);
        x[i] = keptI;
        if (j >= 0)
        {
            x[j] = keptJ;
        }

        return value;
    }
}
