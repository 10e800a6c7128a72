using Gnomon.Methods.Regression;
using Gnomon.Numerics.Special;

namespace Gnomon.Methods.Bayes;

/// <summary>Log posterior of a regression on scaled columns, with its gradient; for a normal outcome the last parameter is the logarithm of the residual spread.</summary>
internal sealed class RegressionPosterior
{
    const int MostSteps = 200;
    readonly double[][] _x;
    readonly double[] _y;
    readonly double[]? _weights;
    readonly double[]? _offset;
    readonly CoefficientPrior[] _priors;
    readonly OutcomeLaw _law;

    // Cross products stand in for the rows where the outcome is normal.
    readonly double[]? _xx;
    readonly double[]? _xy;
    readonly double _yy;

    public RegressionPosterior(double[][] x, double[] y, double[]? weights, double[]? offset, CoefficientPrior[] priors, OutcomeLaw law)
    {
        (_x, _y, _weights, _offset, _priors, _law) = (x, y, weights, offset, priors, law);
        if (law != OutcomeLaw.Gaussian)
            return;
        var k = x.Length;
        (_xx, _xy) = (new double[k * k], new double[k]);
        for (var i = 0; i < k; i++)
        {
            for (var j = 0; j <= i; j++)
                _xx[i * k + j] = _xx[j * k + i] = Weighted(x[i], x[j]);
            _xy[i] = Weighted(x[i], y);
        }
        _yy = Weighted(y, y);
    }

    public int Dimension => _x.Length + (_law == OutcomeLaw.Gaussian ? 1 : 0);

    double Weighted(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
            sum += (_weights?[i] ?? 1) * a[i] * b[i];
        return sum;
    }

    public double Log(ReadOnlySpan<double> at, Span<double> gradient)
    {
        var k = _x.Length;
        var log = _law == OutcomeLaw.Gaussian ? Normal(at, gradient) : Counted(at, gradient);
        for (var j = 0; j < k; j++)
        {
            log += _priors[j].LogDensity(at[j]);
            gradient[j] += _priors[j].Slope(at[j]);
        }
        return double.IsNaN(log) ? double.NegativeInfinity : log;
    }

    double Normal(ReadOnlySpan<double> at, Span<double> gradient)
    {
        var k = _x.Length;
        var lambda = at[k];
        var precision = Math.Exp(-2 * lambda);
        var rss = _yy;
        for (var i = 0; i < k; i++)
        {
            var fitted = 0.0;
            for (var j = 0; j < k; j++)
                fitted += _xx![i * k + j] * at[j];
            rss += at[i] * (fitted - 2 * _xy![i]);
            gradient[i] = precision * (_xy[i] - fitted);
        }
        rss = Math.Max(rss, 0);

        // Residual spread exponential with mean 1 in units of the outcome's; the logarithm brings its Jacobian.
        var sigma = Math.Exp(lambda);
        gradient[k] = precision * rss - _y.Length - sigma + 1;
        return -0.5 * precision * rss - _y.Length * lambda - sigma + lambda;
    }

    double Counted(ReadOnlySpan<double> at, Span<double> gradient)
    {
        gradient.Clear();
        var k = _x.Length;
        var log = 0.0;
        for (var i = 0; i < _y.Length; i++)
        {
            var eta = _offset?[i] ?? 0;
            for (var j = 0; j < k; j++)
                eta += at[j] * _x[j][i];
            var w = _weights?[i] ?? 1;
            double mean;
            if (_law == OutcomeLaw.Binomial)
            {
                var e = Math.Exp(-Math.Abs(eta));
                mean = eta > 0 ? 1 / (1 + e) : e / (1 + e);
                log += w * (_y[i] * eta - Math.Max(eta, 0) - Elementary.Log1p(e));
            }
            else
            {
                mean = Math.Exp(eta);
                log += w * (_y[i] * eta - mean);
            }
            var slope = w * (_y[i] - mean);
            for (var j = 0; j < k; j++)
                gradient[j] += slope * _x[j][i];
        }
        return log;
    }

    /// <summary>The mode, near enough to stand chains around it, and the lower Cholesky factor of the curvature there.</summary>
    public (double[] Mode, double[] Factor) Mode()
    {
        var k = Dimension;
        var (at, gradient) = (new double[k], new double[k]);
        for (var j = 0; j < _x.Length; j++)
            at[j] = _priors[j].Centre;
        var log = Log(at, gradient);
        var factor = Factor(at);
        for (var step = 0; step < MostSteps; step++)
        {
            var move = SmallMatrix.SolveCholesky(factor, gradient);
            var gain = SmallMatrix.Dot(move, gradient);
            if (gain < 1e-12)
                break;
            var (tried, slope) = (new double[k], new double[k]);
            var share = 1.0;
            double reached;
            do
            {
                for (var j = 0; j < k; j++)
                    tried[j] = at[j] + share * move[j];
                reached = Log(tried, slope);
                share /= 2;
            }
            while (!(reached >= log) && share > 1e-12);
            if (!(reached >= log))
                break;
            (at, gradient, log) = (tried, slope, reached);
            factor = Factor(at);
        }
        return (at, factor);
    }

    double[] Factor(double[] at)
    {
        var (k, n) = (_x.Length, Dimension);
        var curvature = new double[n * n];
        if (_law == OutcomeLaw.Gaussian)
        {
            var precision = Math.Exp(-2 * at[k]);
            for (var i = 0; i < k; i++)
            {
                for (var j = 0; j < k; j++)
                    curvature[i * n + j] = precision * _xx![i * k + j];
            }
            curvature[k * n + k] = 2.0 * _y.Length + Math.Exp(at[k]);
        }
        else
        {
            for (var r = 0; r < _y.Length; r++)
            {
                var eta = _offset?[r] ?? 0;
                for (var j = 0; j < k; j++)
                    eta += at[j] * _x[j][r];
                var e = Math.Exp(-Math.Abs(eta));
                var w = (_weights?[r] ?? 1) * (_law == OutcomeLaw.Binomial ? e / ((1 + e) * (1 + e)) : Math.Min(Math.Exp(eta), 1e100));
                for (var i = 0; i < k; i++)
                {
                    for (var j = 0; j <= i; j++)
                        curvature[i * n + j] += w * _x[i][r] * _x[j][r];
                }
            }
            for (var i = 0; i < k; i++)
            {
                for (var j = 0; j < i; j++)
                    curvature[j * n + i] = curvature[i * n + j];
            }
        }
        for (var j = 0; j < k; j++)
            curvature[j * n + j] += _priors[j].Curvature(at[j]);
        return SmallMatrix.Cholesky(curvature, n, 1e-15) ?? throw new NotEstimableException("The columns nearly repeat each other, and the prior is too wide to tell them apart.");
    }
}
