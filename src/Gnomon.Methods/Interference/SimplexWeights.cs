using Gnomon.Numerics.LinearAlgebra;

namespace Gnomon.Methods.Interference;

/// <summary>Weights that are not negative and sum to 1, closest in squares: the quadratic program of a synthetic control.</summary>
/// <remarks>Source: Wolfe 1976, Mathematical Programming 11 (nearest point of a polytope). An active set that grows by the steepest unit and shrinks at the boundary; finite for a positive definite matrix.</remarks>
static class SimplexWeights
{
    const int MostSteps = 10_000;

    // Against ties: donors that repeat each other share their weight.
    const double Ridge = 1e-6;

    /// <summary>The minimum of w'Gw - 2 c'w over the simplex, with 1e-6 of the mean diagonal added to G's.</summary>
    /// <param name="gram">G, row by row; its diagonal is raised in place.</param>
    /// <param name="c">Products of the donors with the target.</param>
    public static double[] Solve(double[] gram, double[] c)
    {
        var n = c.Length;
        var mean = 0.0;
        for (var i = 0; i < n; i++)
            mean += gram[i * n + i] / n;
        for (var i = 0; i < n; i++)
            gram[i * n + i] += Ridge * mean;
        var weights = new double[n];
        if (!(mean > 0))
        {
            Array.Fill(weights, 1.0 / n);
            return weights;
        }

        var first = 0;
        for (var i = 1; i < n; i++)
        {
            if (gram[i * n + i] - 2 * c[i] < gram[first * n + first] - 2 * c[first])
                first = i;
        }

        var active = new List<int> { first };
        weights[first] = 1.0;
        var tolerance = 1e-11 * (mean + c.Max(Math.Abs));
        for (var step = 0; step < MostSteps; step++)
        {
            var (steepest, lowest, level) = (-1, double.PositiveInfinity, 0.0);
            for (var i = 0; i < n; i++)
            {
                var gradient = -c[i];
                foreach (var j in active)
                    gradient += gram[i * n + j] * weights[j];
                if (active.Contains(i))
                    level += gradient * weights[i];
                else if (gradient < lowest)
                    (steepest, lowest) = (i, gradient);
            }

            if (steepest < 0 || lowest >= level - tolerance)
                return weights;
            active.Add(steepest);
            Settle(gram, c, n, active, weights);
        }

        return weights;
    }

    static void Settle(double[] gram, double[] c, int n, List<int> active, double[] weights)
    {
        while (true)
        {
            var target = Face(gram, c, n, active);
            var reach = 1.0;
            for (var k = 0; k < active.Count; k++)
            {
                var w = weights[active[k]];
                if (target[k] <= 0 && w - target[k] > 0)
                    reach = Math.Min(reach, w / (w - target[k]));
            }

            for (var k = 0; k < active.Count; k++)
                weights[active[k]] += reach * (target[k] - weights[active[k]]);
            if (reach >= 1.0 && target.All(t => t > 0))
                return;
            var before = active.Count;
            for (var k = active.Count - 1; k >= 0; k--)
            {
                if (weights[active[k]] <= 1e-14)
                {
                    weights[active[k]] = 0.0;
                    active.RemoveAt(k);
                }
            }

            if (active.Count == before || active.Count <= 1)
            {
                if (active.Count == 1)
                    weights[active[0]] = 1.0;
                return;
            }
        }
    }

    // The minimum over weights of the active donors that sum to 1, whatever their signs.
    static double[] Face(double[] gram, double[] c, int n, List<int> active)
    {
        var m = active.Count;
        var (matrix, right) = (new double[m * m], new double[m]);
        for (var a = 0; a < m; a++)
        {
            right[a] = c[active[a]];
            for (var b = 0; b < m; b++)
                matrix[a * m + b] = gram[active[a] * n + active[b]];
        }

        var factor = PivotedCholesky.Factor(matrix, m, 1e-15);
        var (x, ones) = (factor.Solve(right), factor.Solve([.. Enumerable.Repeat(1.0, m)]));
        var shift = (1.0 - x.Sum()) / ones.Sum();
        for (var a = 0; a < m; a++)
            x[a] += shift * ones[a];
        return x;
    }
}
