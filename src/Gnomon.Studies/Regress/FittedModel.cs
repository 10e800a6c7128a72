using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Methods;
using Gnomon.Methods.Regression;

namespace Gnomon.Studies.Regress;

/// <summary>The errors in use and why.</summary>
/// <param name="Covariance">Covariance of the coefficients.</param>
/// <param name="Why">One sentence for the limitations.</param>
internal sealed record ErrorChoice(CoefficientCovariance Covariance, string Why)
{
    /// <summary>Unequal spread is allowed for.</summary>
    public bool AllowsUnequalSpread { get; init; }

    /// <summary>The order of rows is respected.</summary>
    public bool RespectsOrder { get; init; }

    /// <summary>The law's variance is not taken on trust.</summary>
    public bool AllowsOverdispersion { get; init; }

    /// <summary>Column whose values name the clusters; null without clusters.</summary>
    public string? Cluster { get; init; }

    /// <summary>Likelihood intervals may stand in for the normal ones.</summary>
    public bool IsModelBased { get; init; }
}

/// <summary>A fitted model with its errors.</summary>
internal sealed class FittedModel
{
    private const double LargestDispersion = 1.5;
    private const long RowsForLeverage = 250_000;

    // Below, the sign-flip test is too cautious; above, HC3 keeps its size and costs nothing.
    private const int FewestRowsForSigns = 12;
    private const int MostRowsForSigns = 500;
    private const int MostClustersForBiasReduced = 400;
    private readonly RegressOptions _options;
    private readonly int? _threads;

    private FittedModel(RegressOptions options, ModelData data, ModelDesign design, RegressionFit fit, int? threads)
    {
        _options = options;
        Data = data;
        Design = design;
        Fit = fit;
        _threads = threads;
        Errors = null!;
    }

    public ModelData Data { get; }

    public ModelDesign Design { get; }

    public RegressionFit Fit { get; }

    public LinearFit? Linear => Fit as LinearFit;

    public GlmFit? Glm => Fit as GlmFit;

    /// <summary>The mixed model behind the fit; null for models without random effects.</summary>
    public MixedModel? Mixed { get; private init; }

    public ErrorChoice Errors { get; private set; }

    /// <summary>Columns without a coefficient, with what determines them.</summary>
    public IReadOnlyList<ExactCombination> Combinations { get; private init; } = [];

    /// <summary>A candidate column whose clusters were found to matter.</summary>
    public ClusterLook? Found { get; private set; }

    /// <summary>Looks at every column that could name clusters.</summary>
    public IReadOnlyList<ClusterLook> Looks { get; private set; } = [];

    public static FittedModel Of(RegressOptions options, ModelData data, int? threads)
    {
        var family = FamilyOf(options, data);
        if (!data.Y.AsSpan().ContainsAnyExcept(data.Y[0]))
        {
            throw new GnomonError("constant-outcome", $"{data.Outcome} is {data.Y[0]:G6} in every complete row: there is nothing to explain.", data.Outcome, "Check the outcome, or the condition of --where.");
        }

        var design = new ModelDesign(data);
        var matrix = design.Build(data.Columns, data.Rows);
        if (data.Rows <= matrix.Columns)
        {
            throw new GnomonError(
                "too-few-rows", $"{Figures.Count(data.Rows)} complete rows cannot determine {matrix.Columns} coefficients{(data.Missing.Count > 0 ? $" ({Figures.Count(data.RowsRead - data.Rows)} rows have a gap)" : string.Empty)}.",
                data.Outcome, "Name fewer columns with --on, or pool levels.");
        }

        var mixed = data.Formula.Random.Count > 0 ? MixedModel.Of(options, data, matrix, family) : null;
        var model = new FittedModel(options, data, design, mixed?.Fit ?? Solve(options, data, matrix, family, threads), threads) { Mixed = mixed };
        if (model.Fit.SetAside.Count > 0)
        {
            model = new FittedModel(options, data, design, model.Fit, threads) { Mixed = mixed, Combinations = ExactCombination.Of(matrix, model.Fit) };
        }

        model.Looks = mixed is null ? ClusterLook.All(model) : [];
        model.Errors = mixed?.Errors ?? model.Choose();
        return model;
    }

    /// <summary>The same model and choice of errors for other rows, whose design is at hand; identifiers are not looked at again.</summary>
    public FittedModel On(ModelData data, DesignMatrix matrix)
    {
        var fit = Glm is { Family: { Law: OutcomeLaw.Tweedie } law } // its power stays as it is: there is no profile to search
            ? GeneralisedLinearModel.Fit(matrix, data.Y, new GlmOptions { Family = law, Offset = data.Offset, Threads = 1 })
            : Solve(_options, data, matrix, Glm is null ? null : FamilyOf(_options, Data), 1);
        var model = new FittedModel(_options, data, Design, fit, 1);
        model.Errors = model.Choose();
        return model;
    }

    /// <summary>Expected outcome of every row, given its groups where the model has them.</summary>
    public double[] Fitted() => Linear?.Fitted() ?? Mixed?.Own?.Fitted() ?? Glm!.Fitted.ToArray();

    /// <summary>Residuals in the outcome's unit; Pearson's for generalised models.</summary>
    public double[] Residuals() => Linear?.Residuals.ToArray() ?? Mixed?.Own?.Residuals.ToArray() ?? Glm!.PearsonResiduals();

    /// <summary>Fits some rows again, as the whole was fitted.</summary>
    public RegressionFit? Again(int[] rows)
    {
        var raw = Enumerable.Range(0, Fit.Design.Columns).Select(j =>
        {
            var column = Fit.Design.Column(j);
            var kept = new double[rows.Length];
            for (var i = 0; i < rows.Length; i++)
            {
                kept[i] = column[rows[i]];
            }

            return kept;
        }).ToList();
        double[] y = Array.ConvertAll(rows, i => Data.Y[i]);
        try
        {
            var matrix = new DesignMatrix(raw, Fit.Design.Names);
            var weights = Data.Weights is null ? null : Array.ConvertAll(rows, i => Data.Weights[i]);
            if (Linear is not null)
            {
                return LeastSquares.Fit(matrix, y, weights, _threads);
            }

            return GeneralisedLinearModel.Fit(matrix, y, new GlmOptions
            {
                Family = Glm!.Family, Weights = weights, Offset = Data.Offset is null ? null : Array.ConvertAll(rows, i => Data.Offset[i]), Threads = _threads,
            });
        }
        catch (Exception wrong) when (wrong is NotEstimableException or TooFewRowsException)
        {
            return null;
        }
    }

    private static GlmFamily? FamilyOf(RegressOptions options, ModelData data)
    {
        var isBinary = data.Y.All(v => v is 0 or 1);
        return options.Family switch
        {
            "auto" => isBinary ? GlmFamily.Binomial : data.Offset is null ? null : GlmFamily.Poisson,
            "gaussian" => null,
            "binomial" => GlmFamily.Binomial,
            "probit" => GlmFamily.Probit,
            "poisson" => GlmFamily.Poisson,
            "quasipoisson" => GlmFamily.QuasiPoisson,
            "gamma" => GlmFamily.Gamma,
            "tweedie" => GlmFamily.Tweedie(options.Power ?? 1.5),
            _ => GlmFamily.NegativeBinomial(1),
        };
    }

    private static RegressionFit Solve(RegressOptions options, ModelData data, DesignMatrix matrix, GlmFamily? family, int? threads)
    {
        try
        {
            if (family is null)
            {
                if (data.Offset is not null)
                {
                    throw new GnomonError("options-conflict", "--exposure belongs to models of counts; this one is gaussian.", "--exposure, --family", "Add --family poisson or negbin, or leave out --exposure.");
                }

                return LeastSquares.Fit(matrix, data.Y, data.Weights, threads);
            }

            var glm = new GlmOptions { Family = family, Weights = data.Weights, Offset = data.Offset, Threads = threads };
            if (options.Family == "tweedie")
            {
                return TweedieRegression.Fit(matrix, data.Y, options.Power, glm, options.Level).Fit;
            }

            return options.Family == "negbin" ? GeneralisedLinearModel.FitNegativeBinomial(matrix, data.Y, glm) : GeneralisedLinearModel.Fit(matrix, data.Y, glm);
        }
        catch (OutcomeRangeException wrong)
        {
            throw new GnomonError("outcome-out-of-range", $"{data.Outcome}: {wrong.Message}", "--family", "Choose the family that fits the outcome, or keep other rows with --where.", wrong);
        }
        catch (TooFewRowsException wrong)
        {
            throw new GnomonError("too-few-rows", wrong.Message, data.Outcome, "Name fewer columns with --on, or pool levels.", wrong);
        }
        catch (NotEstimableException wrong)
        {
            throw new GnomonError("not-estimable", $"{data.Outcome}: {wrong.Message}", data.Outcome, options.Family == "negbin" ? "Pool the level whose counts are all 0, or use --family poisson." : "Leave out the column, or pool its levels.", wrong);
        }
    }

    private ErrorChoice Choose()
    {
        try
        {
            return _options.Errors == "auto" ? Automatic() : Named();
        }
        catch (TooFewRowsException wrong)
        {
            throw new GnomonError("one-cluster", $"{string.Join(", ", _options.Cluster)} has one value in every complete row: {wrong.Message}", "--cluster", "Name a column with several values, or leave out --cluster.", wrong);
        }
        catch (NotEstimableException wrong)
        {
            throw new GnomonError("not-estimable", $"{Data.Outcome}: {wrong.Message}", Data.Outcome, "Leave out a column that nearly repeats others.", wrong);
        }
    }

    private ErrorChoice Automatic()
    {
        if (_options.Cluster.Count > 0)
        {
            return Clustered(_options.Cluster, Data.Clusters, found: false);
        }

        if (Looks.FirstOrDefault(l => l.Matters) is { } look)
        {
            Found = look;
            return Clustered([look.Column], [look.Codes], found: true);
        }

        if (_options.Time is not null)
        {
            return Ordered(null);
        }

        if (Glm is { } glm)
        {
            return Modelled(glm);
        }

        if (Linear is { } linear && Data.Rows is >= FewestRowsForSigns and <= MostRowsForSigns)
        {
            return Signs(linear);
        }

        var kind = Data.Rows <= RowsForLeverage ? HcKind.Hc3 : HcKind.Hc1;
        return new ErrorChoice(RobustErrors.Heteroskedastic(Fit, kind, _threads), $"Errors allow rows to spread unequally ({kind.ToString().ToUpperInvariant()}).") { AllowsUnequalSpread = true };
    }

    private ErrorChoice Signs(LinearFit linear)
    {
        try
        {
            return new ErrorChoice(
                SignFlipCovariance.Of(linear, _threads),
                "Errors allow rows to spread unequally. With few rows, p-values and intervals come from a sign-flip test, or from Bell and McCaffrey's degrees of freedom where a column splits the rows in two; predictions and tests of several coefficients use HC3.")
            {
                AllowsUnequalSpread = true,
            };
        }
        catch (NotEstimableException)
        {
            return new ErrorChoice(RobustErrors.Heteroskedastic(Fit, HcKind.Hc3, _threads), "Errors allow rows to spread unequally (HC3).") { AllowsUnequalSpread = true };
        }
    }

    private ErrorChoice Modelled(GlmFit glm)
    {
        if (glm is { IsPenalised: false, Family: { Law: OutcomeLaw.Poisson, IsQuasi: false } } && glm.PearsonDispersion > LargestDispersion)
        {
            var scaled = RobustErrors.Classical(fit: QuasiTwin(glm));
            return new ErrorChoice(scaled, $"Counts spread {glm.PearsonDispersion:0.0} times what a Poisson law allows: errors are widened by its root (quasi-Poisson). A negative binomial model is the alternative: --family negbin.")
            {
                AllowsOverdispersion = true,
            };
        }

        return new ErrorChoice(RobustErrors.Classical(Fit), $"Errors follow from the {glm.Family.Word} law{(glm.IsPenalised ? ", penalised (Firth)" : string.Empty)}.")
        {
            IsModelBased = true, AllowsOverdispersion = glm.Family.EstimatesDispersion,
        };
    }

    private static GlmFit QuasiTwin(GlmFit glm) =>
        GeneralisedLinearModel.Fit(glm.Design, glm.Response, glm.Settings with { Family = GlmFamily.QuasiPoisson });

    private ErrorChoice Ordered(int? lags)
    {
        if (Data.Times < Data.Rows)
        {
            var kind = Data.Rows <= RowsForLeverage ? HcKind.Hc3 : HcKind.Hc1;
            return new ErrorChoice(RobustErrors.Heteroskedastic(Fit, kind, _threads), $"Several rows share a value of {_options.Time}, so they are not one series: errors allow rows to spread unequally ({kind.ToString().ToUpperInvariant()}) and ignore the order. Name what the rows belong to with --cluster.")
            {
                AllowsUnequalSpread = true, AllowsOverdispersion = true,
            };
        }

        var covariance = RobustErrors.NeweyWest(Fit, lags);
        return new ErrorChoice(covariance, $"Errors respect the order of {_options.Time} ({covariance.Method}).") { RespectsOrder = true, AllowsUnequalSpread = true, AllowsOverdispersion = true };
    }

    private ErrorChoice Cosines()
    {
        if (Data.Times < Data.Rows)
        {
            return Ordered(null);
        }

        var covariance = HarErrors.EqualWeightedCosine(Fit);
        return new ErrorChoice(covariance, $"Errors respect the order of {_options.Time} ({covariance.Method}), and their t has as many degrees of freedom. A step or a trend in a short series still looks surer than it is.")
        {
            RespectsOrder = true, AllowsUnequalSpread = true, AllowsOverdispersion = true,
        };
    }

    private ErrorChoice Clustered(IReadOnlyList<string> names, IReadOnlyList<int[]> codes, bool found)
    {
        var named = string.Join(" and ", names);
        if (codes.Count == 2)
        {
            return Cluster(RobustErrors.TwoWayClustered(Fit, codes[0], codes[1]), $"Rows share errors within {named}: errors are clustered two ways.", named);
        }

        var groups = codes[0].Distinct().Count();
        var covariance = groups <= MostClustersForBiasReduced ? RobustErrors.BiasReducedClustered(Fit, codes[0]) : RobustErrors.Clustered(Fit, codes[0]);
        return Cluster(covariance, found ? $"Rows of one {named} are alike, though --cluster did not name it: errors are clustered by it ({covariance.Method})." : $"Errors are clustered by {named} ({covariance.Method}).", named);
    }

    private static ErrorChoice Cluster(CoefficientCovariance covariance, string why, string named) =>
        new(covariance, why) { AllowsUnequalSpread = true, AllowsOverdispersion = true, Cluster = named };

    private ErrorChoice Named()
    {
        switch (_options.Errors)
        {
            case "classical":
                return new ErrorChoice(RobustErrors.Classical(Fit), Linear is not null ? "Errors assume rows that spread alike and are independent, as --errors classical asks." : $"Errors follow from the {Glm!.Family.Word} law, as --errors classical asks.")
                {
                    IsModelBased = Glm is not null, AllowsOverdispersion = Glm?.Family.EstimatesDispersion ?? false,
                };
            case "newey-west" or "hac":
                return Ordered(null);
            case "har":
                return Cosines();
            case "hc2-bm":
                return new ErrorChoice(BellMcCaffrey.Errors(Fit, _threads), "Errors allow rows to spread unequally, with degrees of freedom of their own (HC2, Bell-McCaffrey).") { AllowsUnequalSpread = true, AllowsOverdispersion = true };
            case "sign-flip":
                return Signs(Linear ?? throw new GnomonError("options-conflict", "--errors sign-flip is for linear models; this outcome follows another law.", "--errors", "Leave out --errors, or add --family gaussian.")) with { AllowsOverdispersion = true };
            case "wild":
                return WildChoice.Of(_options, Data, Linear, _threads);
            case "cr2":
                return Cluster(RobustErrors.BiasReducedClustered(Fit, Data.Clusters[0]), $"Errors are clustered by {_options.Cluster[0]}, bias-reduced.", _options.Cluster[0]);
            case "cr1":
                return Data.Clusters.Count == 2
                    ? Clustered(_options.Cluster, Data.Clusters, found: false)
                    : Cluster(RobustErrors.Clustered(Fit, Data.Clusters[0]), $"Errors are clustered by {_options.Cluster[0]}.", _options.Cluster[0]);
            default:
                var kind = Enum.Parse<HcKind>(_options.Errors, ignoreCase: true);
                return new ErrorChoice(RobustErrors.Heteroskedastic(Fit, kind, _threads), $"Errors allow rows to spread unequally ({kind.ToString().ToUpperInvariant()}).") { AllowsUnequalSpread = true, AllowsOverdispersion = true };
        }
    }
}
