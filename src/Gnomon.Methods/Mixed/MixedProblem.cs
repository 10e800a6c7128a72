using Gnomon.Methods.Regression;

namespace Gnomon.Methods.Mixed;

/// <summary>The criterion at one value of the covariance factor.</summary>
/// <param name="LogDeterminants">log |L|^2, with log |R_X|^2 added under REML.</param>
/// <param name="Penalised">Penalised weighted sum of squares at its minimum.</param>
/// <param name="Factor">Lower Cholesky factor of the reduced products; (p + 1) by (p + 1).</param>
internal readonly record struct Profiled(double LogDeterminants, double Penalised, double[] Factor);

/// <summary>A mixed model's data in the form that its search needs: an orthonormal basis of the fixed columns, the residual of ordinary least squares, products of all columns.</summary>
internal sealed class MixedProblem
{
    readonly PenalisedSystem _system;
    readonly double[] _upper;
    readonly double _logBasis;
    readonly double _logWeights;

    public MixedProblem(LinearFit plain, IReadOnlyList<RandomTerm> terms, bool isRestricted)
    {
        Plain = plain;
        IsRestricted = isRestricted;
        Shape = CovarianceShape.Of(terms);
        var weights = plain.WorkingWeights;
        (Basis, _upper) = Orthonormal(plain.Design, weights);
        for (var j = 0; j < Columns; j++)
        {
            _logBasis += 2.0 * Math.Log(_upper[j * Columns + j]);
        }

        foreach (var w in weights ?? [])
        {
            _logWeights += Math.Log(w);
        }

        _system = PenalisedSystem.Of(Shape.Groupings, Basis, plain.Residuals.ToArray(), weights);
    }

    /// <summary>The same model without random effects.</summary>
    public LinearFit Plain { get; }

    public bool IsRestricted { get; }

    public CovarianceShape Shape { get; }

    public double[][] Basis { get; }

    public int Columns => Plain.Design.Columns;

    /// <summary>Rows that the residual variance is divided by.</summary>
    public int Degrees => Plain.Rows - (IsRestricted ? Columns : 0);

    /// <summary>Deviance minimised over fixed effects and residual variance.</summary>
    public double Deviance(double[] theta) => Deviance(Shape.Factors(theta));

    public double Deviance(IReadOnlyList<double[]> factors) => At(factors) is { } at ? at.LogDeterminants + Degrees * (1.0 + Math.Log(2.0 * Math.PI * at.Penalised / Degrees)) - _logWeights : double.PositiveInfinity;

    /// <summary>Deviance at a given residual standard deviation.</summary>
    public double Deviance(IReadOnlyList<double[]> factors, double sigma) =>
        At(factors) is { } at ? at.LogDeterminants + Degrees * Math.Log(2.0 * Math.PI * sigma * sigma) + at.Penalised / (sigma * sigma) - _logWeights : double.PositiveInfinity;

    /// <summary>Deviance minimised over all but one combination of the basis' coefficients, which is given.</summary>
    public double Deviance(double[] theta, ReadOnlySpan<double> combination, double value)
    {
        if (At(Shape.Factors(theta)) is not { } at)
        {
            return double.PositiveInfinity;
        }

        var estimate = SmallMatrix.Dot(combination, Coefficients(at.Factor));
        var variance = Quadratic(at.Factor, combination);
        var penalised = at.Penalised + (value - estimate) * (value - estimate) / variance;
        return at.LogDeterminants + Degrees * (1.0 + Math.Log(2.0 * Math.PI * penalised / Degrees)) - _logWeights;
    }

    /// <summary>Null where rounding leaves no positive definite problem.</summary>
    public Profiled? At(IReadOnlyList<double[]> factors)
    {
        var e = _system.Eliminate(factors);
        var n = Columns + 1;
        if (!double.IsFinite(e.LogDeterminant) || !Dense.Factor(e.Reduced, n))
        {
            return null;
        }

        var log = e.LogDeterminant;
        for (var j = 0; j < Columns && IsRestricted; j++)
        {
            log += 2.0 * Math.Log(e.Reduced[j * n + j]);
        }

        var last = e.Reduced[n * n - 1];
        return new Profiled(log + (IsRestricted ? _logBasis : 0.0), last * last, e.Reduced);
    }

    /// <summary>Coefficients of the basis, beside those of ordinary least squares.</summary>
    public double[] Coefficients(double[] factor)
    {
        var n = Columns + 1;
        var x = new double[Columns];
        for (var i = Columns - 1; i >= 0; i--)
        {
            x[i] = factor[Columns * n + i];
            for (var j = i + 1; j < Columns; j++)
            {
                x[i] -= factor[j * n + i] * x[j];
            }

            x[i] /= factor[i * n + i];
        }

        return x;
    }

    /// <summary>Inverse of the reduced products of the basis: the covariance of its coefficients in units of the residual variance.</summary>
    public double[] BasisCovariance(double[] factor)
    {
        var (p, n) = (Columns, Columns + 1);
        var l = new double[p * p];
        for (var i = 0; i < p; i++)
        {
            Array.Copy(factor, i * n, l, i * p, i + 1);
        }

        return SmallMatrix.InverseCholesky(l, p);
    }

    /// <summary>Coefficients of the columns from those of the basis.</summary>
    public double[] ToColumns(ReadOnlySpan<double> basis)
    {
        var p = Columns;
        var x = basis.ToArray();
        for (var i = p - 1; i >= 0; i--)
        {
            for (var j = i + 1; j < p; j++)
            {
                x[i] -= _upper[i * p + j] * x[j];
            }

            x[i] /= _upper[i * p + i];
        }

        return x;
    }

    /// <summary>Covariance of the columns' coefficients from that of the basis.</summary>
    public double[] ColumnCovariance(double[] basis)
    {
        var p = Columns;
        var half = new double[p * p];
        var line = new double[p];
        for (var j = 0; j < p; j++)
        {
            ToColumns(basis.AsSpan(j * p, p)).CopyTo(half, j * p);
        }

        var result = new double[p * p];
        for (var j = 0; j < p; j++)
        {
            for (var i = 0; i < p; i++)
            {
                line[i] = half[i * p + j];
            }

            ToColumns(line).CopyTo(result, j * p);
        }

        return result;
    }

    /// <summary>Basis times coefficients, one value per row.</summary>
    public double[] BasisTimes(ReadOnlySpan<double> coefficients)
    {
        var result = new double[Plain.Rows];
        for (var j = 0; j < coefficients.Length; j++)
        {
            for (var i = 0; i < result.Length; i++)
            {
                result[i] += coefficients[j] * Basis[j][i];
            }
        }

        return result;
    }

    /// <summary>Weights of the basis' coefficients that give a combination of the columns' coefficients.</summary>
    public double[] ToBasis(ReadOnlySpan<double> combination)
    {
        var p = Columns;
        var x = combination.ToArray();
        for (var i = 0; i < p; i++)
        {
            for (var j = 0; j < i; j++)
            {
                x[i] -= _upper[j * p + i] * x[j];
            }

            x[i] /= _upper[i * p + i];
        }

        return x;
    }

    public IReadOnlyList<(double[] Effects, double[] Covariance)> Modes(IReadOnlyList<double[]> factors, ReadOnlySpan<double> basis) => _system.Modes(factors, basis);

    static double Quadratic(double[] factor, ReadOnlySpan<double> v)
    {
        var (p, n) = (v.Length, v.Length + 1);
        var x = v.ToArray();
        var sum = 0.0;
        for (var i = 0; i < p; i++)
        {
            for (var j = 0; j < i; j++)
            {
                x[i] -= factor[i * n + j] * x[j];
            }

            x[i] /= factor[i * n + i];
            sum += x[i] * x[i];
        }

        return sum;
    }

    // Gram-Schmidt, twice: orthonormal to the last digits whatever the condition of the columns (Giraud et al. 2005).
    static (double[][] Basis, double[] Upper) Orthonormal(DesignMatrix design, double[]? weights)
    {
        var p = design.Columns;
        var upper = new double[p * p];
        var basis = new double[p][];
        for (var j = 0; j < p; j++)
        {
            var q = design.Column(j).ToArray();
            for (var round = 0; round < 2; round++)
            {
                for (var i = 0; i < j; i++)
                {
                    var r = PenalisedSystem.Dot(basis[i], q, weights);
                    upper[i * p + j] += r;
                    for (var row = 0; row < q.Length; row++)
                    {
                        q[row] -= r * basis[i][row];
                    }
                }
            }

            var length = Math.Sqrt(PenalisedSystem.Dot(q, q, weights));
            upper[j * p + j] = length;
            for (var row = 0; row < q.Length; row++)
            {
                q[row] /= length;
            }

            basis[j] = q;
        }

        return (basis, upper);
    }
}
