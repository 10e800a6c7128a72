namespace Gnomon.Numerics.Optimizers;

/// <summary>A minimum of a function of several variables: where it is, its value there, and whether the search ended by its tolerance.</summary>
public sealed record SimplexResult(IReadOnlyList<double> X, double Value, bool Converged, int Evaluations);

/// <summary>Minimum of a function of a few variables without derivatives.</summary>
/// <remarks>
/// Source: Nelder and Mead 1965, Computer Journal 7; coefficients 1, 2, 1/2, 1/2, ties as in Lagarias et al. 1998. Made for two to four variables; where a search ends early on a plateau
/// the caller starts it again from its end.
/// </remarks>
public static class NelderMead
{
    /// <param name="function">Finite, or positive infinity where it is not defined.</param>
    /// <param name="start">One corner of the first simplex.</param>
    /// <param name="step">Distance of the other corners, one along each axis; not 0.</param>
    /// <param name="tolerance">The search ends when the values at the corners differ by no more than this.</param>
    /// <param name="maxEvaluations">Limit on function calls.</param>
    public static SimplexResult Minimize(Func<double[], double> function, ReadOnlySpan<double> start, double step = 0.5, double tolerance = 1e-10, int maxEvaluations = 2_000)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentOutOfRangeException.ThrowIfZero(start.Length, nameof(start));
        var n = start.Length;
        var corners = new double[n + 1][];
        var values = new double[n + 1];
        for (var i = 0; i <= n; i++)
        {
            corners[i] = start.ToArray();
            if (i > 0)
            {
                corners[i][i - 1] += step;
            }

            values[i] = function(corners[i]);
        }

        var evaluations = n + 1;
        var centre = new double[n];
        while (true)
        {
            Array.Sort(values, corners);
            if (values[n] - values[0] <= tolerance || evaluations >= maxEvaluations)
            {
                return new(corners[0], values[0], values[n] - values[0] <= tolerance, evaluations);
            }

            for (var j = 0; j < n; j++)
            {
                centre[j] = 0.0;
                for (var i = 0; i < n; i++)
                {
                    centre[j] += corners[i][j] / n;
                }
            }

            var (reflected, at) = Try(-1.0);
            if (at < values[0])
            {
                var (expanded, further) = Try(-2.0);
                Replace(further < at ? expanded : reflected, Math.Min(further, at));
            }
            else if (at < values[n - 1])
            {
                Replace(reflected, at);
            }
            else
            {
                var (contracted, near) = Try(at < values[n] ? -0.5 : 0.5);
                if (near < Math.Min(at, values[n]))
                {
                    Replace(contracted, near);
                }
                else
                {
                    Shrink();
                }
            }
        }

        (double[] X, double Value) Try(double along)
        {
            var x = new double[n];
            for (var j = 0; j < n; j++)
            {
                x[j] = centre[j] + along * (corners[n][j] - centre[j]);
            }

            evaluations++;
            return (x, function(x));
        }

        void Replace(double[] x, double value) => (corners[n], values[n]) = (x, value);

        void Shrink()
        {
            for (var i = 1; i <= n; i++)
            {
                for (var j = 0; j < n; j++)
                {
                    corners[i][j] = corners[0][j] + 0.5 * (corners[i][j] - corners[0][j]);
                }

                values[i] = function(corners[i]);
                evaluations++;
            }
        }
    }
}
