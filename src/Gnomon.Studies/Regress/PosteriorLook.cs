using System.Globalization;
using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Evidence.Inference;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Methods;
using Gnomon.Methods.Bayes;
using Gnomon.Methods.Regression;

namespace Gnomon.Studies.Regress;

/// <summary>The sampled posterior beside a fit: what the coefficients are under a stated prior, and how far the sampler is to be trusted.</summary>
internal sealed class PosteriorLook
{
    private const int MostRows = 40;
    private const long MostCells = 2_000_000;
    private readonly RegressOptions _options;
    private readonly FittedModel _model;
    private readonly BayesianRegressionFit _fit;
    private readonly IReadOnlyList<PredictiveFeature> _features;

    private PosteriorLook(RegressOptions options, FittedModel model, BayesianRegressionFit fit, IReadOnlyList<PredictiveFeature> features) => (_options, _model, _fit, _features) = (options, model, fit, features);

    /// <summary><c>normal:0,2.5</c>, <c>cauchy:0,1</c>, <c>student:4,0,1</c>; null for anything else.</summary>
    public static CoefficientPrior? Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? string.Empty : text[..colon].Trim().ToUpperInvariant();
        var parts = new List<double>();
        foreach (var part in text[(colon + 1)..].Split(','))
        {
            if (!double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value))
            {
                return null;
            }

            parts.Add(value);
        }

        return (name, parts) switch
        {
            ("NORMAL", [var centre, > 0 and var scale]) => CoefficientPrior.Normal(centre, scale),
            ("CAUCHY", [var centre, > 0 and var scale]) => CoefficientPrior.Cauchy(centre, scale),
            ("STUDENT", [> 0 and var degrees, var centre, > 0 and var scale]) => CoefficientPrior.StudentT(degrees, centre, scale),
            _ => null,
        };
    }

    /// <summary>Null without --prior.</summary>
    public static PosteriorLook? Of(RegressOptions options, FittedModel model, StudyContext context)
    {
        if (options.Prior is null)
        {
            return null;
        }

        var family = model.Glm?.Family ?? GlmFamily.Gaussian;
        var design = model.Fit.Design;
        if (family.Law != OutcomeLaw.Gaussian && (long)design.Rows * design.Columns > MostCells)
        {
            throw new GnomonError(
                "too-many-rows", $"--prior samples the posterior, which passes over the rows some ten thousand times; {Figures.Count(design.Rows)} rows of {design.Columns} coefficients are too many.", "--prior",
                "Leave out --prior (with so many rows the data outweigh it), or keep fewer rows with --where.");
        }

        context.Progress?.Report(new StudyProgress("sampling the posterior", null));
        try
        {
            var fit = BayesianRegression.Fit(design, model.Data.Y, new BayesianRegressionOptions
            {
                Family = family, Prior = Parse(options.Prior)!, Weights = model.Data.Weights, Offset = model.Data.Offset, Seed = (ulong)options.Seed, Threads = context.Threads, Level = options.Level,
            }, context.Cancellation);
            return new PosteriorLook(options, model, fit, PosteriorPredictive.Check(fit));
        }
        catch (NotEstimableException wrong)
        {
            throw new GnomonError("not-estimable", $"{model.Data.Outcome}: {wrong.Message}", "--prior", "Leave out the column, or tighten the prior.", wrong);
        }
    }

    private string Law => _model.Glm?.Family.Law switch { OutcomeLaw.Binomial => "binomial", OutcomeLaw.Poisson => "Poisson", _ => "normal" };

    private string Unit => _model.Glm?.Family.Link switch
    {
        LinkFunction.Logit => "log odds",
        LinkFunction.Log => "log mean",
        _ => _model.Data.Outcome,
    };

    public IEnumerable<Estimate> Estimates() => _fit.Parameters.Where(p => p.Term is not (DesignMatrix.InterceptName or "sigma")).Take(MostRows).Select(p => new Estimate
    {
        Name = "posterior coefficient", Metric = p.Term, Contrast = $"per 1 of {p.Term}", Value = p.Mean, Low = p.Interval.Low, High = p.Interval.High, Level = _options.Level, Unit = Unit, N = _model.Data.Rows,
        Method = $"posterior mean and credible interval, prior {_fit.Options.Prior} per standard deviation", Role = "sensitivity",
    });

    public IEnumerable<IEvidence> Evidence() =>
    [
        new ChainMixing
        {
            Parameters = [.. _fit.Parameters.Select(p => new MixedParameter(p.Term, p.Diagnostic.RHat, p.Diagnostic.BulkEffectiveSize, p.Diagnostic.TailEffectiveSize))],
            Chains = _fit.Options.Chains, Draws = _fit.Options.Draws, Divergences = _fit.Divergences,
        },
        new PredictiveFit { Outcome = _model.Data.Outcome, Rows = _model.Data.Rows, Features = [.. _features.Select(f => new ReplicatedFeature(f.Feature, f.Observed, f.Replicated, f.P))] },
    ];

    public IEnumerable<string> Limitations()
    {
        var vague = _model.Linear is not null ? "; the residual spread is exponential with the outcome's standard deviation as mean" : string.Empty;
        yield return $"The posterior rests on the prior {_fit.Options.Prior} for each coefficient, per standard deviation of its column{(_model.Linear is not null ? " and of the outcome" : string.Empty)}, and {_fit.Options.InterceptPrior} for the level at the columns' means{vague}. Its intervals assume the {Law} law and separate rows; those of the fit {(_model.Errors.IsModelBased ? "assume the same" : "do not")}.";
    }

    public IEnumerable<ResultTable> Tables()
    {
        yield return new ResultTable(
            "posterior", $"Posterior ({Unit}), {Figures.Count(_fit.Options.Chains)} chains of {Figures.Count(_fit.Options.Draws)} draws", ["term", "prior scale", "mean", "low", "high", "draws above 0", "Monte Carlo error", "R-hat", "bulk ESS", "tail ESS"],
            [.. _fit.Parameters.Take(MostRows).Select(p => (IReadOnlyList<object?>)
                [p.Term, p.PriorScale, p.Mean, p.Interval.Low, p.Interval.High, p.Term == "sigma" ? null : p.ChanceAbove, p.Diagnostic.MeanError, double.IsFinite(p.Diagnostic.RHat) ? p.Diagnostic.RHat : null, Math.Round(p.Diagnostic.BulkEffectiveSize), Math.Round(p.Diagnostic.TailEffectiveSize)])]);
        yield return new ResultTable(
            "predictive", "The data beside data drawn from the fitted model", ["feature", "in the data", "in drawn data", "share of drawn data that reach it"],
            [.. _features.Select(f => (IReadOnlyList<object?>)[f.Feature, f.Observed, f.Replicated, f.P])]);
    }
}
