using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Regression;

/// <summary>A fitted generalised linear model. Coefficients are on the scale of the link.</summary>
public sealed class GlmFit : RegressionFit
{
    readonly double[] _means;
    double? _tweedie;

    internal GlmFit(DesignMatrix design, IReadOnlyList<string> setAside, double[] coefficients, double[] bread, GlmState state, double[] response, GlmOptions options)
        : base(design, setAside, coefficients, bread, state.Residuals, state.Weights)
    {
        _means = state.Means;
        Outcome = response;
        Options = options;
        Deviance = state.Deviance;
        PearsonChiSquared = state.Pearson;
    }

    /// <summary>Law and link.</summary>
    public GlmFamily Family => Options.Family;

    /// <summary>The outcome, one value per row.</summary>
    public ReadOnlySpan<double> Response => Outcome;

    /// <summary>Fitted means, one per row.</summary>
    public ReadOnlySpan<double> Fitted => _means;

    /// <summary>Twice the log-likelihood lost against a model that fits every row; half of it is not penalised.</summary>
    public double Deviance { get; }

    /// <summary>Deviance with an intercept (and the offset) alone; null when the model has no intercept.</summary>
    public double? NullDeviance { get; internal init; }

    /// <summary>Sum of squared Pearson residuals.</summary>
    public double PearsonChiSquared { get; }

    /// <summary>Pearson chi-square per residual degree of freedom: about 1 when the law's variance is right.</summary>
    public double PearsonDispersion => PearsonChiSquared / ResidualDegrees;

    /// <summary>True when the iteration met its tolerance.</summary>
    public bool Converged { get; internal init; }

    /// <summary>Iterations made.</summary>
    public int Iterations { get; internal init; }

    /// <summary>True when the estimate is Firth's penalised one.</summary>
    public bool IsPenalised { get; internal init; }

    /// <summary>How the columns separate the outcome; null when they do not (or it was not in doubt).</summary>
    public SeparationResult? Separation { get; internal init; }

    /// <summary>Interval of an estimated Tweedie power; null otherwise.</summary>
    public Numerics.Interval? PowerInterval { get; internal set; }

    /// <summary>True when the Tweedie power was estimated from the same rows.</summary>
    public bool IsPowerEstimated { get; internal set; }

    /// <summary>Log-likelihood at the estimates, without the penalty; null for quasi families and outcomes that are no counts.</summary>
    public double? LogLikelihood
    {
        get
        {
            if (Family is { Law: OutcomeLaw.Tweedie, IsQuasi: false })
            {
                return _tweedie ??= TweedieRegression.Dispersion(this).LogLikelihood;
            }

            // The dispersion enters as R takes it: deviance over the sum of weights.
            var weight = 0.0;
            for (var i = 0; i < Rows; i++)
            {
                weight += Options.Weights?[i] ?? 1.0;
            }

            var dispersion = Family.EstimatesDispersion ? Family.Law == OutcomeLaw.Gaussian ? Deviance / Rows : Deviance / weight : 1.0;
            if (!(dispersion > 0))
            {
                return null;
            }

            var sum = 0.0;
            for (var i = 0; i < Rows; i++)
            {
                if (Family.LogLikelihood(Outcome[i], _means[i], Options.Weights?[i] ?? 1.0, dispersion) is not { } l)
                {
                    return null;
                }

                sum += l;
            }

            return sum;
        }
    }

    /// <summary>Akaike's criterion, an estimated dispersion or shape counted as a parameter; null without a likelihood.</summary>
    public double? Aic => LogLikelihood is { } l ? 2.0 * (Estimates.Length + (Family.EstimatesDispersion || Family.Law == OutcomeLaw.NegativeBinomial ? 1 : 0) + (IsPowerEstimated ? 1 : 0) - l) : null;

    /// <inheritdoc/>
    public override double Dispersion => Family.EstimatesDispersion ? PearsonDispersion : 1.0;

    /// <inheritdoc/>
    public override bool UsesStudent => Family.EstimatesDispersion;

    internal double[] Outcome { get; }

    /// <summary>How it was fitted.</summary>
    public GlmOptions Settings => Options;

    internal GlmOptions Options { get; }

    /// <summary>Residuals that are about standard normal when the model holds: (y - mean) over the root of its variance.</summary>
    public double[] PearsonResiduals()
    {
        var result = new double[Rows];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = (Outcome[i] - _means[i]) * Math.Sqrt((Options.Weights?[i] ?? 1.0) / Family.Variance(_means[i]));
        }

        return result;
    }

    /// <summary>Signed roots of each row's deviance.</summary>
    public double[] DevianceResiduals()
    {
        var result = new double[Rows];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = Math.CopySign(Math.Sqrt(Math.Max(0.0, (Options.Weights?[i] ?? 1.0) * Family.UnitDeviance(Outcome[i], _means[i]))), Outcome[i] - _means[i]);
        }

        return result;
    }

    /// <summary>Mean of the outcome at given values of the columns; the interval is made on the scale of the link.</summary>
    /// <param name="row">One value per column of <see cref="RegressionFit.Design"/>.</param>
    /// <param name="covariance">Covariance of the coefficients; null for the classical one.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <param name="offset">Known part of the linear predictor.</param>
    public PredictedMean Predict(ReadOnlySpan<double> row, CoefficientCovariance? covariance = null, double level = 0.95, double offset = 0.0)
    {
        InferenceGuard.Level(level);
        RegressionGuard.SameRows(Estimates.Length, row.Length, "row");
        covariance ??= RobustErrors.Classical(this);
        var eta = offset + SmallMatrix.Dot(row, Estimates);
        var error = Math.Sqrt(Math.Max(0.0, SmallMatrix.Quadratic(covariance.Matrix, row)));
        var half = error * (UsesStudent ? StudentT.UpperQuantile(0.5 * (1.0 - level), ResidualDegrees) : Normal.UpperQuantile(0.5 * (1.0 - level)));
        var (mean, slope) = Family.Mean(eta);
        var (a, b) = (Family.Mean(eta - half).Mean, Family.Mean(eta + half).Mean);
        return new PredictedMean(mean, error * Math.Abs(slope), new Interval(Math.Min(a, b), Math.Max(a, b)));
    }
}

/// <summary>A predicted mean of a generalised linear model.</summary>
/// <param name="Mean">Expected outcome.</param>
/// <param name="StandardError">Its standard error by the delta method.</param>
/// <param name="Interval">Its confidence interval.</param>
public sealed record PredictedMean(double Mean, double StandardError, Interval Interval);
