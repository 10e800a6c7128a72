namespace Gnomon.Methods.Regression;

/// <summary>A fitted additive model.</summary>
/// <param name="Coefficients">Of the parametric columns, with Bayesian errors.</param>
/// <param name="Smooths">One per smooth.</param>
/// <param name="EffectiveDegrees">Of the whole model.</param>
/// <param name="Dispersion">Residual variance: residual sum of squares over rows less effective degrees.</param>
/// <param name="Restricted">Restricted log-likelihood at the smoothing parameters.</param>
/// <param name="Converged">True when the smoothing parameters stood still.</param>
public sealed record AdditiveFit(IReadOnlyList<CoefficientEstimate> Coefficients, IReadOnlyList<SmoothTerm> Smooths, double EffectiveDegrees, double Dispersion, double Restricted, bool Converged)
{
    internal double[] Beta { get; init; } = [];

    internal IReadOnlyList<PenalisedSpline> Splines { get; init; } = [];

    internal int Parametric { get; init; }

    /// <summary>Bayesian covariance of all coefficients, the parametric ones first, then each smooth's.</summary>
    public required CoefficientCovariance Covariance { get; init; }

    /// <summary>Outcome less fitted value, one per row.</summary>
    public required IReadOnlyList<double> Residuals { get; init; }

    /// <summary>The parametric columns that have a coefficient.</summary>
    public required DesignMatrix Design { get; init; }

    /// <summary>Columns that earlier ones determine.</summary>
    public required IReadOnlyList<string> SetAside { get; init; }

    /// <summary>The whole row of coefficients' weights: parametric values, then each smooth's basis at its value.</summary>
    /// <param name="parametric">One value per column of <see cref="Design"/>.</param>
    /// <param name="smooths">One value per smooth.</param>
    public double[] Row(ReadOnlySpan<double> parametric, ReadOnlySpan<double> smooths)
    {
        RegressionGuard.SameRows(Parametric, parametric.Length, "parametric values");
        RegressionGuard.SameRows(Splines.Count, smooths.Length, "smooth values");
        var row = new List<double>(parametric.ToArray());
        for (var s = 0; s < Splines.Count; s++)
        {
            row.AddRange(Splines[s].Row(smooths[s]));
        }

        return [.. row];
    }

    /// <summary>A weighted sum of all coefficients: a prediction, or a difference of two.</summary>
    /// <param name="row">As <see cref="Row"/> gives it.</param>
    /// <param name="name">What it is called.</param>
    /// <param name="level">Level of the Bayesian interval.</param>
    public CoefficientEstimate At(ReadOnlySpan<double> row, string name = "prediction", double level = 0.95) => Covariance.Contrast(Beta, row, name, level);

    /// <summary>One smooth, centred over the rows, at some values.</summary>
    /// <param name="smooth">Index of the smooth.</param>
    /// <param name="values">Values of its column.</param>
    /// <param name="level">Level of the pointwise Bayesian intervals.</param>
    public IReadOnlyList<CoefficientEstimate> Curve(int smooth, IReadOnlyList<double> values, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfNegative(smooth);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(smooth, Splines.Count);
        var from = Parametric;
        for (var s = 0; s < smooth; s++)
        {
            from += Splines[s].Columns;
        }

        var row = new double[Beta.Length];
        var result = new CoefficientEstimate[values.Count];
        for (var i = 0; i < result.Length; i++)
        {
            Splines[smooth].Row(values[i]).CopyTo(row, from);
            result[i] = Covariance.Contrast(Beta, row, Smooths[smooth].Name, level);
        }

        return result;
    }
}
