using Gnomon.Numerics.Random;

namespace Gnomon.Methods.Regression;

/// <summary>From vertex to vertex along the edge on which the objective falls fastest.</summary>
internal sealed class QuantileDescent(double[] z, double[] y, double tau, int n, int p, int[] basis)
{
    const double TieShift = 1e-11;
    const double Flat = 1e-9;

    readonly double[] _residuals = new double[n];
    readonly double[] _along = new double[n];
    readonly double[] _times = new double[n];
    readonly int[] _crossed = new int[n];
    readonly bool[] _isBasic = new bool[n];
    double[] _inverse = [];

    public void Run()
    {
        foreach (var i in basis)
        {
            _isBasic[i] = true;
        }

        var most = 200L * (n + p);
        for (var step = 0L; step < most; step++)
        {
            _inverse = Inverse();
            var gamma = Through(y);
            var g = new double[p];
            var scale = 0.0;
            for (var i = 0; i < n; i++)
            {
                var row = z.AsSpan(i * p, p);
                _residuals[i] = y[i] - SmallMatrix.Dot(row, gamma);
                if (!_isBasic[i])
                {
                    Vectors.AddScaled(g, row, tau - (_residuals[i] < 0 ? 1.0 : 0.0));
                    scale += 1.0;
                }
            }

            var (leaving, sign, slope) = Steepest(g);
            if (slope >= -Flat * Math.Max(1.0, scale))
            {
                return;
            }

            var entering = Entering(leaving, sign, slope);
            if (entering < 0)
            {
                return;
            }

            _isBasic[basis[leaving]] = false;
            _isBasic[entering] = true;
            basis[leaving] = entering;
        }

        throw new NotEstimableException("The quantile regression did not reach its vertex.");
    }

    /// <summary>Rows that the solution passes through: a good start for a neighbouring outcome.</summary>
    public int[] Basis => basis;

    /// <summary>Each row's part in the estimating equation: tau above the line, tau - 1 below it, and what closes the sum for the rows on it.</summary>
    public double[] Scores()
    {
        var scores = new double[n];
        var g = new double[p];
        for (var i = 0; i < n; i++)
        {
            if (!_isBasic[i])
            {
                scores[i] = tau - (_residuals[i] < 0 ? 1.0 : 0.0);
                Vectors.AddScaled(g, z.AsSpan(i * p, p), scores[i]);
            }
        }

        for (var k = 0; k < p; k++)
        {
            for (var j = 0; j < p; j++)
            {
                scores[basis[k]] -= g[j] * _inverse[j * p + k];
            }
        }

        return scores;
    }

    /// <summary>The coefficients that pass through the rows of the basis.</summary>
    public double[] Through(double[] values)
    {
        var inverse = _inverse.Length > 0 ? _inverse : Inverse();
        var gamma = new double[p];
        for (var k = 0; k < p; k++)
        {
            for (var j = 0; j < p; j++)
            {
                gamma[j] += inverse[j * p + k] * values[basis[k]];
            }
        }

        return gamma;
    }

    (int Leaving, int Sign, double Slope) Steepest(double[] g)
    {
        var best = (Leaving: 0, Sign: 1, Slope: double.PositiveInfinity);
        for (var k = 0; k < p; k++)
        {
            var dot = 0.0;
            var length = 0.0;
            for (var j = 0; j < p; j++)
            {
                dot += g[j] * _inverse[j * p + k];
                length += _inverse[j * p + k] * _inverse[j * p + k];
            }

            // Slopes per unit of length, so that the edge's scale does not decide.
            length = Math.Sqrt(length);
            if ((1.0 - tau - dot) / length < best.Slope)
            {
                best = (k, 1, (1.0 - tau - dot) / length);
            }

            if ((tau + dot) / length < best.Slope)
            {
                best = (k, -1, (tau + dot) / length);
            }
        }

        return best;
    }

    int Entering(int leaving, int sign, double slope)
    {
        var length = 0.0;
        for (var j = 0; j < p; j++)
        {
            length += _inverse[j * p + leaving] * _inverse[j * p + leaving];
        }

        length = Math.Sqrt(length);
        var count = 0;
        for (var i = 0; i < n; i++)
        {
            if (_isBasic[i])
            {
                continue;
            }

            var along = 0.0;
            for (var j = 0; j < p; j++)
            {
                along += z[i * p + j] * _inverse[j * p + leaving] * sign / length;
            }

            var time = _residuals[i] / along;
            if (time > 0 && double.IsFinite(time) && Math.Abs(along) > 1e-12)
            {
                _along[i] = Math.Abs(along);
                _times[count] = time;
                _crossed[count++] = i;
            }
        }

        Array.Sort(_times, _crossed, 0, count);
        for (var c = 0; c < count; c++)
        {
            slope += _along[_crossed[c]];
            if (slope >= 0)
            {
                return _crossed[c];
            }
        }

        return -1;
    }

    // Gauss and Jordan with row exchanges.
    double[] Inverse()
    {
        var a = new double[p * p];
        var b = new double[p * p];
        for (var k = 0; k < p; k++)
        {
            z.AsSpan(basis[k] * p, p).CopyTo(a.AsSpan(k * p));
            b[k * p + k] = 1.0;
        }

        for (var c = 0; c < p; c++)
        {
            var pivot = c;
            for (var r = c + 1; r < p; r++)
            {
                pivot = Math.Abs(a[r * p + c]) > Math.Abs(a[pivot * p + c]) ? r : pivot;
            }

            for (var j = 0; j < p; j++)
            {
                (a[c * p + j], a[pivot * p + j]) = (a[pivot * p + j], a[c * p + j]);
                (b[c * p + j], b[pivot * p + j]) = (b[pivot * p + j], b[c * p + j]);
            }

            var factor = 1.0 / a[c * p + c];
            for (var j = 0; j < p; j++)
            {
                a[c * p + j] *= factor;
                b[c * p + j] *= factor;
            }

            for (var r = 0; r < p; r++)
            {
                var times = a[r * p + c];
                for (var j = 0; j < p && r != c; j++)
                {
                    a[r * p + j] -= times * a[c * p + j];
                    b[r * p + j] -= times * b[c * p + j];
                }
            }
        }

        return b;
    }

    // Independent rows whose residuals are nearest to the wanted quantile of residuals.
    public static int[] FirstBasis(double[] z, ReadOnlySpan<double> residuals, double tau, int n, int p)
    {
        var sorted = residuals.ToArray();
        Array.Sort(sorted);
        var middle = sorted[(int)Math.Min(n - 1, tau * n)];
        var distance = residuals.ToArray();
        var order = new int[n];
        for (var i = 0; i < n; i++)
        {
            order[i] = i;
            distance[i] = Math.Abs(distance[i] - middle);
        }

        Array.Sort(distance, order);
        var basis = new List<int>();
        var directions = new List<double[]>();
        foreach (var i in order)
        {
            var v = z.AsSpan(i * p, p).ToArray();
            var length = Math.Sqrt(SmallMatrix.Dot(v, v));
            for (var twice = 0; twice < 2; twice++)
            {
                foreach (var d in directions)
                {
                    Vectors.AddScaled(v, d, -SmallMatrix.Dot(v, d));
                }
            }

            var rest = Math.Sqrt(SmallMatrix.Dot(v, v));
            if (rest > 1e-6 * length)
            {
                directions.Add(Array.ConvertAll(v, x => x / rest));
                basis.Add(i);
                if (basis.Count == p)
                {
                    return [.. basis];
                }
            }
        }

        throw new NotEstimableException("The rows do not determine the coefficients.");
    }

    /// <summary>The outcome with its ties broken by shifts that depend on the row alone, about 1e-11 of <paramref name="spread"/>.</summary>
    public static double[] Shifted(double[] outcome, double spread)
    {
        var rng = new Rng(1).Stream("quantile ties");
        var shifted = new double[outcome.Length];
        for (var i = 0; i < shifted.Length; i++)
        {
            shifted[i] = outcome[i] + TieShift * spread * (rng.NextDouble() - 0.5);
        }

        return shifted;
    }
}
