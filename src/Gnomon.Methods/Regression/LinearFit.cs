using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Regression;

/// <summary>A linear model fitted by (weighted) least squares.</summary>
public sealed class LinearFit : RegressionFit
{
    readonly double[] _residuals;

    internal LinearFit(
        DesignMatrix design, IReadOnlyList<string> setAside, double[] coefficients, double[] bread, double[] response, double[] residuals, double[]? weights, double rss, double tss, double smallestOwnShare)
        : base(design, setAside, coefficients, bread, residuals, weights)
    {
        Outcome = response;
        _residuals = residuals;
        ResidualSumOfSquares = rss;
        TotalSumOfSquares = tss;
        SmallestOwnShare = smallestOwnShare;
    }

    /// <summary>The outcome, one value per row.</summary>
    public ReadOnlySpan<double> Response => Outcome;

    /// <summary>Outcome less fitted value, one per row.</summary>
    public ReadOnlySpan<double> Residuals => _residuals;

    /// <summary>Weighted sum of squared residuals.</summary>
    public double ResidualSumOfSquares { get; }

    /// <summary>Weighted sum of squares of the outcome around its mean, or around 0 without an intercept.</summary>
    public double TotalSumOfSquares { get; }

    /// <summary>Smallest share of its length that a column has for itself, given those before it.</summary>
    public double SmallestOwnShare { get; }

    /// <summary>Residual standard deviation, in the outcome's unit.</summary>
    public double Sigma => Math.Sqrt(Dispersion);

    /// <inheritdoc/>
    public override double Dispersion => ResidualSumOfSquares / ResidualDegrees;

    /// <inheritdoc/>
    public override bool UsesStudent => true;

    /// <summary>Share of the outcome's sum of squares that the model explains; null when the outcome does not vary.</summary>
    public double? RSquared => TotalSumOfSquares > 0 ? Math.Clamp(1.0 - ResidualSumOfSquares / TotalSumOfSquares, 0.0, 1.0) : null;

    /// <summary>R squared less what as many random columns would explain; null when the outcome does not vary.</summary>
    public double? AdjustedRSquared => TotalSumOfSquares > 0
        ? 1.0 - ResidualSumOfSquares / ResidualDegrees / (TotalSumOfSquares / (Rows - (Design.Intercept >= 0 ? 1 : 0)))
        : null;

    /// <summary>Normal log-likelihood at the estimates, the variance by maximum likelihood; null when the fit is perfect.</summary>
    public double? LogLikelihood
    {
        get
        {
            if (!(ResidualSumOfSquares > 0))
            {
                return null;
            }

            var logWeights = 0.0;
            foreach (var w in WorkingWeights ?? [])
            {
                logWeights += Math.Log(w);
            }

            return 0.5 * (logWeights - Rows * (Math.Log(2.0 * Math.PI * ResidualSumOfSquares / Rows) + 1.0));
        }
    }

    /// <summary>Akaike's criterion, the variance counted as a parameter; null when the fit is perfect.</summary>
    public double? Aic => LogLikelihood is { } l ? 2.0 * (Estimates.Length + 1 - l) : null;

    /// <summary>Schwarz's criterion, the variance counted as a parameter; null when the fit is perfect.</summary>
    public double? Bic => LogLikelihood is { } l ? Math.Log(Rows) * (Estimates.Length + 1) - 2.0 * l : null;

    /// <summary>Does the model explain more than its mean (or, without an intercept, than 0)? Assumes equal, independent errors; null when nothing is left to test.</summary>
    public WaldTest? ModelTest
    {
        get
        {
            var q = Estimates.Length - (Design.Intercept >= 0 ? 1 : 0);
            if (q == 0 || !(ResidualSumOfSquares > 0))
            {
                return null;
            }

            var f = Math.Max(0.0, TotalSumOfSquares - ResidualSumOfSquares) / q / Dispersion;
            return new WaldTest(f, q, ResidualDegrees, FisherF.Sf(f, q, ResidualDegrees));
        }
    }

    internal double[] Outcome { get; }

    /// <summary>Fitted values, one per row.</summary>
    public double[] Fitted()
    {
        var fitted = new double[Rows];
        for (var i = 0; i < fitted.Length; i++)
        {
            fitted[i] = Outcome[i] - _residuals[i];
        }

        return fitted;
    }

    /// <summary>Mean of the outcome, and one new outcome, at given values of the columns.</summary>
    /// <param name="row">One value per column of <see cref="RegressionFit.Design"/>.</param>
    /// <param name="covariance">Covariance of the coefficients; null for the classical one.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    public PredictedOutcome Predict(ReadOnlySpan<double> row, CoefficientCovariance? covariance = null, double level = 0.95)
    {
        InferenceGuard.Level(level);
        RegressionGuard.SameRows(Estimates.Length, row.Length, "row");
        covariance ??= RobustErrors.Classical(this);
        var value = SmallMatrix.Dot(row, Estimates);
        var variance = Math.Max(0.0, SmallMatrix.Quadratic(covariance.Matrix, row));
        var t = StudentT.UpperQuantile(0.5 * (1.0 - level), ResidualDegrees);
        var half = t * Math.Sqrt(variance);
        var wide = t * Math.Sqrt(variance + Dispersion);
        return new PredictedOutcome(value, Math.Sqrt(variance), new Interval(value - half, value + half), new Interval(value - wide, value + wide));
    }
}

/// <summary>A prediction of a linear model.</summary>
/// <param name="Mean">Expected outcome.</param>
/// <param name="StandardError">Its standard error.</param>
/// <param name="MeanInterval">Confidence interval of the expected outcome.</param>
/// <param name="NewInterval">Where one new outcome falls with the level's probability, if errors are normal and equally spread.</param>
public sealed record PredictedOutcome(double Mean, double StandardError, Interval MeanInterval, Interval NewInterval);
