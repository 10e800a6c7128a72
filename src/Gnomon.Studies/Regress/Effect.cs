using Gnomon.Methods;
using Gnomon.Methods.Regression;
using Gnomon.Numerics;

namespace Gnomon.Studies.Regress;

/// <summary>What one change of one column goes with, the others held.</summary>
/// <param name="Column">The column.</param>
/// <param name="Contrast">The change: <c>per 1 of area</c>, <c>north - south</c>, <c>area from 52 to 98</c>.</param>
/// <param name="Estimate">On the scale of the linear predictor.</param>
/// <param name="IsRatio">Whether the exponential of the estimate is read.</param>
/// <param name="Method">How the interval was made.</param>
internal sealed record Effect(string Column, string Contrast, CoefficientEstimate Estimate, bool IsRatio, string Method)
{
    /// <summary>Average change of the expected outcome in its own unit; null for linear models, where the estimate is that.</summary>
    public CoefficientEstimate? InOutcome { get; init; }

    /// <summary>p adjusted for the number of effects (Holm).</summary>
    public double? Adjusted { get; init; }

    public double Value => IsRatio ? Math.Exp(Estimate.Value) : Estimate.Value;

    public double Low => IsRatio ? Math.Exp(Estimate.Low) : Estimate.Low;

    public double High => IsRatio ? Math.Exp(Estimate.High) : Estimate.High;

    public double? P => Estimate.PValue;
}

/// <summary>Effects of every column of a model.</summary>
internal sealed class EffectReader
{
    private const long CellsForProfile = 60_000;
    private const long CellsForMargins = 20_000_000;
    private const int FewClusters = 12;
    private readonly FittedModel _model;
    private readonly RegressOptions _options;
    private readonly CoefficientCovariance _covariance;

    public EffectReader(FittedModel model, RegressOptions options)
    {
        _model = model;
        _options = options;
        _covariance = model.Errors.Covariance;
    }

    private ModelData Data => _model.Data;

    private bool IsRatio => _model.Glm is { Family.Link: LinkFunction.Log or LinkFunction.Logit };

    public IReadOnlyList<Effect> Read()
    {
        var contrasts = new DesignContrasts(Data, _model.Design);
        var effects = contrasts.All().Select(c => Between(contrasts, c)).OfType<Effect>().ToList();
        double[] p = [.. effects.Select(e => e.P ?? 1)];
        var adjusted = p.Length > 0 ? Methods.Inference.Multiplicity.Holm(p) : [];
        return [.. effects.Select((e, i) => e with { Adjusted = e.P is null ? null : adjusted[i] })];
    }

    private Effect? Between(DesignContrasts contrasts, DesignContrast change)
    {
        var (column, contrast, label, step) = (change.Column, change.Contrast, change.Label, change.Step);
        var simple = label is not null && _model.Design.IsSimple(column) ? Array.IndexOf([.. _model.Fit.Design.Names], label) : -1;
        if (label is not null && _model.Design.IsSimple(column) && simple < 0)
        {
            return null; // set aside: other columns determine it
        }

        var needsDesigns = simple < 0 || (_model.Glm is not null && (long)Data.Rows * _model.Fit.Design.Columns <= CellsForMargins);
        var (high, low) = needsDesigns ? (contrasts.Kept(change.At, _model.Fit.Design.Names), contrasts.Kept(change.From, _model.Fit.Design.Names)) : (null, null);
        var weights = simple >= 0 ? Unit(simple, _covariance.Size) : DesignContrasts.Averaged(high!, low!, step);
        var method = _covariance.MethodOf(weights);
        var estimate = simple >= 0 ? Single(simple, ref method) : _covariance.Contrast(_model.Fit, weights, contrast, _options.Level);

        // Next to separation the chance is no longer near a straight line in the coefficients: the delta method would look far surer than the penalised interval.
        var margin = _model.Glm is { IsPenalised: false } glm && high is not null && low is not null ? MarginalEffects.Difference(glm, _covariance, high, low, contrast, step, _options.Level) : null;
        return new Effect(column, contrast, estimate, IsRatio, method) { InOutcome = margin };
    }

    private static double[] Unit(int index, int size)
    {
        var weights = new double[size];
        weights[index] = 1;
        return weights;
    }

    private CoefficientEstimate Single(int index, ref string method)
    {
        var estimate = _covariance.Table(_model.Fit, _options.Level)[index];
        if (_model.Glm is { } glm && _model.Errors.IsModelBased && (long)Data.Rows * glm.Design.Columns * glm.Design.Columns <= CellsForProfile * 10 && ProfileLikelihood.Of(glm, index, _options.Level) is { } profile)
        {
            method = glm.IsPenalised ? "penalised profile likelihood" : "profile likelihood";
            var test = glm.IsPenalised ? ProfileLikelihood.LikelihoodRatio(glm, index) : null;
            return estimate with { Low = profile.Low, High = profile.High, PValue = test?.PValue ?? estimate.PValue };
        }

        if (_model.Linear is { } linear && _model.Errors.Cluster is not null && _covariance.Clusters is < FewClusters && Codes() is { } codes)
        {
            try
            {
                var wild = WildClusterBootstrap.Test(linear, codes, linear.Design.Names[index], seed: (int)_options.Seed, level: _options.Level);
                if (wild.Interval is { } interval)
                {
                    method = $"wild cluster bootstrap, {_covariance.Clusters} clusters";
                    return estimate with { Low = interval.Low, High = interval.High, PValue = wild.PValue };
                }
            }
            catch (NotEstimableException)
            {
                // No clustered error at all: the table says so with an error of 0.
            }
        }

        return estimate;
    }

    private int[]? Codes() => Data.Clusters.Count == 1 ? Data.Clusters[0] : Data.Clusters.Count == 0 ? _model.Found?.Codes : null;

    internal static string Shown(double value) => Core.Findings.Figures.Number(value);
}
