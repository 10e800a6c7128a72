using Gnomon.Methods.Inference;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Regression;

/// <summary>The covariance of a fit's coefficients under one view of its errors, with the degrees of freedom of each coefficient's test.</summary>
public class CoefficientCovariance
{
    readonly double[] _degrees;

    internal CoefficientCovariance(double[] matrix, double[] degrees, string method)
    {
        Matrix = matrix;
        _degrees = degrees;
        Method = method;
    }

    /// <summary>How the errors were computed, for people: <c>HC3, robust to unequal spread</c>.</summary>
    public string Method { get; }

    /// <summary>How the test and interval of one weighted sum of coefficients are computed; most covariances treat all alike.</summary>
    /// <param name="weights">One weight per coefficient.</param>
    public virtual string MethodOf(ReadOnlySpan<double> weights) => Method;

    /// <summary>Number of coefficients.</summary>
    public int Size => _degrees.Length;

    /// <summary>Degrees of freedom of each coefficient's t; positive infinity where the normal law is used.</summary>
    public IReadOnlyList<double> DegreesOfFreedom => _degrees;

    /// <summary>Clusters of rows that share an error; null when rows are independent.</summary>
    public long? Clusters { get; init; }

    /// <summary>Lags that count, for errors that respect the order of rows; null otherwise.</summary>
    public int? Lags { get; init; }

    internal double[] Matrix { get; }

    /// <summary>Covariance of coefficients <paramref name="i"/> and <paramref name="j"/>.</summary>
    public double this[int i, int j] => Matrix[i * Size + j];

    /// <summary>Standard error of one coefficient.</summary>
    public double StandardError(int index) => Math.Sqrt(Math.Max(0.0, this[index, index]));

    /// <summary>Estimates, errors, tests and intervals, one per coefficient.</summary>
    /// <param name="fit">The fit this covariance belongs to.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    public virtual IReadOnlyList<CoefficientEstimate> Table(RegressionFit fit, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(fit);
        InferenceGuard.Level(level);
        var rows = new CoefficientEstimate[Size];
        for (var j = 0; j < rows.Length; j++)
        {
            rows[j] = Estimate(fit.Design.Names[j], fit.Estimates[j], StandardError(j), _degrees[j], level);
        }

        return rows;
    }

    /// <summary>The p-value of one coefficient alone, where an interval would cost more: for simulations.</summary>
    /// <param name="fit">The fit this covariance belongs to.</param>
    /// <param name="index">The coefficient.</param>
    /// <returns>Null when its error is 0.</returns>
    public virtual double? PValueOf(RegressionFit fit, int index) => Table(fit)[index].PValue;

    /// <summary>A weighted sum of coefficients, with its test and interval.</summary>
    /// <param name="fit">The fit this covariance belongs to.</param>
    /// <param name="weights">One weight per coefficient.</param>
    /// <param name="name">What the sum is called.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    public virtual CoefficientEstimate Contrast(RegressionFit fit, ReadOnlySpan<double> weights, string name = "contrast", double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return Contrast(fit.Estimates, weights, name, level);
    }

    /// <summary>A weighted sum of coefficients of a model that is no <see cref="RegressionFit"/>.</summary>
    /// <param name="coefficients">The coefficients this covariance belongs to.</param>
    /// <param name="weights">One weight per coefficient.</param>
    /// <param name="name">What the sum is called.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    public virtual CoefficientEstimate Contrast(ReadOnlySpan<double> coefficients, ReadOnlySpan<double> weights, string name = "contrast", double level = 0.95)
    {
        InferenceGuard.Level(level);
        RegressionGuard.SameRows(Size, weights.Length, "weights");
        var degrees = double.PositiveInfinity;
        for (var j = 0; j < Size; j++)
        {
            degrees = weights[j] != 0 ? Math.Min(degrees, _degrees[j]) : degrees;
        }

        return Estimate(name, SmallMatrix.Dot(weights, coefficients), Math.Sqrt(Math.Max(0.0, SmallMatrix.Quadratic(Matrix, weights))), degrees, level);
    }

    /// <summary>Are several coefficients 0 together? Wald's test, as F with the smallest of their degrees of freedom, or chi-square where those are infinite.</summary>
    /// <param name="fit">The fit this covariance belongs to.</param>
    /// <param name="indexes">Coefficients, at least one.</param>
    /// <returns>Null when their covariance is singular.</returns>
    public virtual WaldTest? Joint(RegressionFit fit, ReadOnlySpan<int> indexes)
    {
        ArgumentNullException.ThrowIfNull(fit);
        var q = indexes.Length;
        var sub = new double[q * q];
        var b = new double[q];
        var scale = new double[q];
        var degrees = double.PositiveInfinity;
        for (var i = 0; i < q; i++)
        {
            scale[i] = StandardError(indexes[i]);
            degrees = Math.Min(degrees, _degrees[indexes[i]]);
        }

        for (var i = 0; i < q; i++)
        {
            if (!(scale[i] > 0))
            {
                return null;
            }

            b[i] = fit.Estimates[indexes[i]] / scale[i];
            for (var j = 0; j < q; j++)
            {
                sub[i * q + j] = this[indexes[i], indexes[j]] / (scale[i] * scale[j]);
            }
        }

        if (q == 0 || SmallMatrix.Cholesky(sub, q, 1e-12) is not { } factor)
        {
            return null;
        }

        var chi2 = SmallMatrix.Dot(b, SmallMatrix.SolveCholesky(factor, b));
        return double.IsPositiveInfinity(degrees)
            ? new WaldTest(chi2, q, null, ChiSquared.Sf(chi2, q))
            : new WaldTest(chi2 / q, q, degrees, FisherF.Sf(chi2 / q, q, degrees));
    }

    internal static CoefficientCovariance Of(double[] matrix, int size, double degrees, string method)
    {
        var each = new double[size];
        Array.Fill(each, degrees);
        return new CoefficientCovariance(matrix, each, method);
    }

    internal static CoefficientEstimate Estimate(string name, double value, double error, double degrees, double level)
    {
        if (!(error > 0))
        {
            return new CoefficientEstimate(name, value, 0.0, value, value, null, null, degrees);
        }

        var isNormal = double.IsPositiveInfinity(degrees);
        var t = value / error;
        var half = error * (isNormal ? Normal.UpperQuantile(0.5 * (1.0 - level)) : StudentT.UpperQuantile(0.5 * (1.0 - level), degrees));
        var p = isNormal ? Math.Min(1.0, 2.0 * Normal.Sf(Math.Abs(t))) : StudentT.TwoSided(t, degrees);
        return new CoefficientEstimate(name, value, error, value - half, value + half, t, p, degrees);
    }
}

/// <summary>One coefficient with its error.</summary>
/// <param name="Term">Name of the column.</param>
/// <param name="Value">Outcome (or link) units per unit of the column.</param>
/// <param name="StandardError">0 when the fit is perfect.</param>
/// <param name="Low">Lower end of the interval.</param>
/// <param name="High">Upper end of the interval.</param>
/// <param name="Statistic">t or z against 0; null when the error is 0.</param>
/// <param name="PValue">Two-sided; null when the error is 0.</param>
/// <param name="DegreesOfFreedom">Of the t law; positive infinity for the normal one.</param>
public sealed record CoefficientEstimate(
    string Term, double Value, double StandardError, double Low, double High, double? Statistic, double? PValue, double DegreesOfFreedom);

/// <summary>A test of several coefficients at once.</summary>
/// <param name="Statistic">F, or chi-square when <paramref name="DenominatorDegrees"/> is null.</param>
/// <param name="Degrees">Coefficients tested.</param>
/// <param name="DenominatorDegrees">Denominator degrees of freedom of F; null for chi-square.</param>
/// <param name="PValue">Upper tail.</param>
public sealed record WaldTest(double Statistic, int Degrees, double? DenominatorDegrees, double PValue);
