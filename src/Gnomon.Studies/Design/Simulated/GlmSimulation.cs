using Gnomon.Core.Findings;
using Gnomon.Methods.Regression;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Regress;

namespace Gnomon.Studies.Design.Simulated;

/// <summary>Outcomes drawn from the law of a generalised linear model: events, counts, amounts.</summary>
/// <remarks>
/// The coefficient turns about the mean of its column, so that the outcome keeps its level. Counts that spread beyond a Poisson law are drawn as gamma mixtures with a variance of
/// dispersion times the mean (the law that quasi-Poisson errors describe); Tweedie amounts as sums of gamma numbers, Poisson many (Jorgensen 1987, JRSS B 49).
/// </remarks>
internal sealed class GlmSimulation : ModelSimulation
{
    private readonly FittedModel _model;
    private readonly GlmFit _fit;
    private readonly double[] _predictor;
    private readonly double _centre;
    private readonly double _spread;

    public GlmSimulation(FittedHistory history, FittedModel model)
        : base(history)
    {
        _model = model;
        _fit = model.Glm!;
        _predictor = history.Predictor(_fit.Coefficients);
        for (var i = 0; i < _predictor.Length; i++)
        {
            _predictor[i] += model.Data.Offset?[i] ?? 0;
        }

        _centre = _fit.Design.Intercept >= 0 ? Numerics.Moments.MeanVariance(_fit.Design.Column(history.Focus)).Mean : 0;
        _spread = _fit.Family.Law == OutcomeLaw.Poisson && (_fit.Family.IsQuasi || model.Errors.AllowsOverdispersion) ? Math.Max(1, _fit.PearsonDispersion) : _fit.Dispersion;
    }

    public override bool IsRatio => _fit.Family.Link is LinkFunction.Log or LinkFunction.Logit;

    public override string EffectUnit => IsRatio ? "relative" : "number";

    public override double? Baseline => null;

    public override string Method => $"Wald test of {History.Label} in a {_fit.Family.Word} model{(_fit.Family.Law == OutcomeLaw.Poisson && !_fit.Family.IsQuasi && _spread > 1 ? ", errors widened for the spread of counts" : string.Empty)}";

    protected override string Multiplied => _fit.Family.Law == OutcomeLaw.Binomial ? $"the odds of {History.Data.Outcome}" : $"the mean of {History.Data.Outcome}";

    protected override double[] Outcomes(RowSample sample, Rng rng, double shift)
    {
        var x = _fit.Design.Column(History.Focus);
        var y = new double[sample.Rows.Length];
        for (var i = 0; i < y.Length; i++)
        {
            var row = sample.Rows[i];
            y[i] = One(rng, _predictor[row] + shift * (x[row] - _centre));
        }

        return y;
    }

    protected override double? PValue(RowSample sample, double[] y) => PValue(_model.On(History.With(sample, y), History.Rows(sample.Rows)), History.Label);

    /// <summary>What the analysis reads of a coefficient of a fitted model.</summary>
    public static double? PValue(FittedModel model, string label)
    {
        var index = Array.IndexOf([.. model.Fit.Design.Names], label);
        if (index < 0)
        {
            return null;
        }

        return model.Glm is { IsPenalised: true } glm && model.Errors.IsModelBased && ProfileLikelihood.LikelihoodRatio(glm, index) is { } test
            ? test.PValue
            : model.Errors.Covariance.Table(model.Fit)[index].PValue;
    }

    private double One(Rng rng, double predictor)
    {
        var family = _fit.Family;
        if (family.Law == OutcomeLaw.Binomial)
        {
            return rng.NextDouble() < (family.Link == LinkFunction.Probit ? Normal.Cdf(predictor) : 1 / (1 + Math.Exp(-predictor))) ? 1 : 0;
        }

        var mean = Math.Exp(Math.Clamp(predictor, -300, 30));
        return family.Law switch
        {
            OutcomeLaw.Poisson => _spread > 1 ? rng.NextPoisson((_spread - 1) * rng.NextGamma(mean / (_spread - 1))) : rng.NextPoisson(mean),
            OutcomeLaw.Gamma => Math.Max(1e-300, mean * _spread * rng.NextGamma(1 / _spread)),
            OutcomeLaw.Tweedie => Amount(rng, mean, family.Power),
            _ => rng.NextPoisson(mean / family.Theta * rng.NextGamma(family.Theta)),
        };
    }

    private double Amount(Rng rng, double mean, double power)
    {
        var events = rng.NextPoisson(Math.Pow(mean, 2 - power) / (_spread * (2 - power)));
        return events == 0 ? 0 : _spread * (power - 1) * Math.Pow(mean, power - 1) * rng.NextGamma(events * (2 - power) / (power - 1));
    }

    protected override string Drawn
    {
        get
        {
            var law = _fit.Family.Law switch
            {
                OutcomeLaw.Poisson when _spread > 1 => $"counts that spread {Figures.Number(_spread)} times what a Poisson law allows, as history's do",
                OutcomeLaw.Poisson => "Poisson counts",
                OutcomeLaw.Gamma => $"gamma amounts with a coefficient of variation of {Figures.Number(Math.Sqrt(_spread))}",
                OutcomeLaw.Tweedie => $"Tweedie amounts of power {Figures.Number(_fit.Family.Power)}, held in each refit, and dispersion {Figures.Number(_spread)}",
                OutcomeLaw.NegativeBinomial => $"negative binomial counts of shape {Figures.Number(_fit.Family.Theta)}, which each refit estimates anew",
                _ => "yes or no",
            };
            return $"Rows are drawn with replacement; outcomes are drawn from the fitted law ({law}), with the coefficient turned about the mean of its column, so that {History.Data.Outcome} keeps its level.";
        }
    }
}
