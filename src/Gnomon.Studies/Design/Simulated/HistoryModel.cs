using Gnomon.Core.Errors;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Methods;
using Gnomon.Methods.Regression;
using Gnomon.Studies.Regress;
using Gnomon.Studies.Regress.Families;

namespace Gnomon.Studies.Design.Simulated;

/// <summary>Reads history, fits the model of --formula as regress would, finds the coefficient of --effect-of and how its data sets are to be drawn.</summary>
internal sealed class HistoryModel
{
    private readonly DesignOptions _options;
    private readonly StudyContext _context;
    private readonly RegressOptions _regress;
    private readonly double _level;

    private HistoryModel(DesignOptions options, StudyContext context, double level)
    {
        (_options, _context, _level) = (options, context, level);
        _regress = Options(options, level);
    }

    /// <param name="options">The options of the design.</param>
    /// <param name="context">Where history is.</param>
    /// <param name="alpha">Size of the test.</param>
    public static SimulatedTest Read(DesignOptions options, StudyContext context, double alpha) => new HistoryModel(options, context, 1 - alpha).Read();

    /// <summary>The options of regress that those of design stand for.</summary>
    public static RegressOptions Options(DesignOptions o, double level) => new()
    {
        Data = o.Data, Query = o.Query, Where = o.Where, Decimal = o.Decimal, Delimiter = o.Delimiter, Nulls = o.Nulls, Format = o.Format, Seed = o.Seed, Threads = o.Threads,
        Formula = o.Formula, Family = o.Family, Quantile = o.Quantile, Start = o.Start, Cluster = o.Cluster, Errors = o.Errors, Exposure = o.Exposure, Weights = o.Weights, Level = level,
    };

    private SimulatedTest Read()
    {
        var data = new ModelReader(_regress, _context.RequireData()).Read(_context.Cancellation);
        try
        {
            return ModelFamily.Of(_regress, data) is { } family ? OfFamily(family, data) : OfModel(data);
        }
        catch (TooFewRowsException wrong)
        {
            throw new GnomonError("too-few-rows", wrong.Message, data.Outcome, "Take a longer history, or a simpler model.", wrong);
        }
        catch (NotEstimableException wrong)
        {
            throw new GnomonError("not-estimable", $"{data.Outcome}: {wrong.Message}", "--formula", "Leave out the column, or pool its levels.", wrong);
        }
    }

    private SimulatedTest OfModel(ModelData data)
    {
        var model = FittedModel.Of(_regress, data, _context.Threads);
        if (model.Mixed is { } mixed)
        {
            return mixed.Own is { } own
                ? MixedSimulation.Of((sampler, noun) => Of(data, own.Design, own.Table(_level), sampler, noun), data, own)
                : throw new GnomonError("no-random-effects", $"History shows no difference of {data.Outcome} between {mixed.Groups} beyond chance, so there are no random effects to draw.", "--formula", $"Plan the model without the random term, or with --cluster {data.Formula.Random[0].Groups[0]}.");
        }

        if (model.Found is { } found)
        {
            // Regress would cluster by this column: so do the data sets.
            model = FittedModel.Of(_regress with { Cluster = [found.Column] }, data with { Clusters = [found.Codes], Candidates = [] }, _context.Threads);
        }

        data = model.Data;
        var clustered = data.Clusters.Count > 0;
        if (model.Glm is not null && clustered)
        {
            throw Refuse($"Rows of one {model.Errors.Cluster} are alike, and a {model.Glm.Family.Word} model does not say how outcomes of one {model.Errors.Cluster} hang together, so none can be drawn.", "--cluster", "Keep one row of each with --query, or plan a gaussian model with --cluster.");
        }

        if (model.Glm is not null && data.Weights is not null)
        {
            throw Refuse("Weights of a generalised model do not say how an outcome is drawn.", "--weights", "Leave out --weights, or plan a gaussian model.");
        }

        var sampler = clustered ? RowSampler.OfGroups(data.Clusters[0]) : RowSampler.OfRows(data.Rows);
        var noun = clustered ? $"{model.Errors.Cluster} groups" : "rows";
        var history = Of(data, model.Fit.Design, model.Errors.Covariance.Table(model.Fit, _level), sampler, noun);
        if (clustered && sampler.Units < 12)
        {
            throw Refuse($"{sampler.Units} {noun} are too few to draw from: with fewer than 12 the answer would rest on which of them were drawn.", "--cluster", "Take a longer history.");
        }

        if (model.Glm is not null)
        {
            return new GlmSimulation(history, model);
        }

        var line = model.Linear!;
        var widen = Math.Sqrt((double)line.Rows / line.ResidualDegrees * (clustered ? sampler.Units / (sampler.Units - 1.0) : 1));
        return new LocationSimulation(
            history, line.Fitted(), [.. line.Residuals.ToArray().Select(r => widen * r)], 0, (sample, y) => GlmSimulation.PValue(model.On(history.With(sample, y), history.Rows(sample.Rows)), history.Label),
            $"t test of {history.Label} in least squares, errors {model.Errors.Covariance.Method}", data.Outcome);
    }

    private SimulatedTest OfFamily(ModelFamily family, ModelData data)
    {
        if (family is not (QuantileFamily or HuberFamily or MultinomialFamily or NonlinearFamily or AdditiveFamily))
        {
            throw Refuse($"Outcomes of the family {family.Name} are not drawn from history.", "--family", "Choose another family.");
        }

        FamilyReport.Refuse(family, data);
        var prepared = family.Prepare(_regress, data);
        if (family is NonlinearFamily)
        {
            return OfCurve(data);
        }

        var matrix = new ModelDesign(prepared).Build(data.Columns, data.Rows);
        var rows = RowSampler.OfRows(data.Rows);
        if (family is MultinomialFamily)
        {
            return OfCategories(data, matrix, rows);
        }

        switch (family)
        {
            case QuantileFamily:
                var tau = QuantileFamily.First(_regress);
                var quantile = QuantileRegression.Fit(matrix, data.Y, tau, _level);
                return Location(quantile.Coefficients, (m, _, y, term) => QuantileRegression.PValue(m, y, term, tau), true, $"quantile regression at {tau:0.####}, {quantile.Covariance.MethodOf([])}", QuantileFamily.About(tau, data.Outcome));
            case HuberFamily:
                var huber = HuberRegression.Fit(matrix, data.Y, level: _level);
                return Location(huber.Coefficients, (m, _, y, term) => HuberRegression.PValue(m, y, term), false, $"{huber.Covariance.MethodOf([])}, limit 1.345 scales", data.Outcome);
            default:
                var atoms = data.Formula.Terms.Where(t => t.Atoms[0].Function == "s").Select(t => t.Atoms[0]).ToList();
                var smooths = atoms.ConvertAll(a => data.Columns[a.Column].Numbers!);
                double? Smoothed(DesignMatrix m, int[] drawn, double[] y, string term) =>
                    AdditiveModel.Fit(m, y, smooths.ConvertAll(s => FittedHistory.Pick(s, drawn)), [.. atoms.Select(a => a.Text)], [.. atoms.Select(a => a.Number)]).Coefficients.FirstOrDefault(c => c.Term == term)?.PValue;
                var additive = AdditiveModel.Fit(matrix, data.Y, smooths, [.. atoms.Select(a => a.Text)], [.. atoms.Select(a => a.Number)], _level);
                var residuals = additive.Residuals.ToArray();
                var widen = Math.Sqrt(data.Rows / Math.Max(1, data.Rows - additive.EffectiveDegrees));
                return Location(additive.Coefficients, Smoothed, false, $"beside {string.Join(" and ", atoms.Select(a => a.Text))}, {additive.Covariance.Method}", data.Outcome, Array.ConvertAll(residuals, r => widen * r), [.. data.Y.Zip(residuals, (v, r) => v - r)]);
        }

        LocationSimulation Location(
            IReadOnlyList<CoefficientEstimate> coefficients, Func<DesignMatrix, int[], double[], string, double?> test, bool blurred, string method, string about, double[]? residuals = null, double[]? fitted = null)
        {
            var history = Of(data, Kept(matrix, coefficients), coefficients, rows, "rows");
            fitted ??= history.Predictor([.. coefficients.Select(c => c.Value)]);
            residuals ??= [.. data.Y.Zip(fitted, (v, f) => v - f)];
            return new LocationSimulation(
                history, fitted, residuals, blurred ? Blur(residuals) : 0, (sample, y) => test(history.Rows(sample.Rows), sample.Rows, y, history.Label),
                $"test of {history.Label}, {method}", about);
        }
    }

    // Half of Silverman's rule of thumb (1986, section 3.4.2): enough to tell rows apart, too little to widen the spread by more than a percent or two.
    private static double Blur(double[] residuals)
    {
        var sorted = (double[])residuals.Clone();
        Array.Sort(sorted);
        var quartiles = sorted[(int)(0.75 * (sorted.Length - 1))] - sorted[(int)(0.25 * (sorted.Length - 1))];
        var deviation = Numerics.Moments.MeanVariance(residuals).StandardDeviation;
        return 0.5 * 0.9 * Math.Min(deviation, quartiles > 0 ? quartiles / 1.34 : deviation) * Math.Pow(residuals.Length, -0.2);
    }

    private MultinomialSimulation OfCategories(ModelData data, DesignMatrix matrix, RowSampler rows)
    {
        var (codes, names) = MultinomialFamily.FrequentFirst(data);
        var fit = MultinomialLogit.Fit(matrix, codes, names.Count, _level);
        var labels = fit.Coefficients.SelectMany((c, k) => c.Where(e => e.Term != DesignMatrix.InterceptName).Select(e => (Label: names.Count == 2 ? e.Term : $"{names[k + 1]}: {e.Term}", Category: k + 1, Estimate: e))).ToList();
        var wanted = labels.Where(l => Same(l.Label, _options.EffectOf!)).ToList();
        if (wanted.Count != 1)
        {
            throw Unknown(labels.Select(l => l.Label), $"The odds are those of a category rather than {names[0]}, the most frequent one.");
        }

        var coded = data with { Y = Array.ConvertAll(codes, c => (double)c) };
        var history = new FittedHistory(_regress, coded, Kept(matrix, fit.Coefficients[0]), wanted[0].Estimate.Term, wanted[0].Estimate.Value, wanted[0].Estimate.StandardError, rows, "rows");
        return new MultinomialSimulation(history, fit, wanted[0].Category, names);
    }

    private CurveSimulation OfCurve(ModelData data)
    {
        var (curve, rows, parameters, starts) = NonlinearFamily.Compiled(_regress, data);
        var fit = NonlinearLeastSquares.Fit(curve, rows, data.Y, starts, parameters, _level);
        var focus = Array.FindIndex(parameters, p => Same(p, _options.EffectOf!));
        if (focus < 0)
        {
            throw Unknown(parameters, "The effect is the value of a parameter, tested against 0.");
        }

        var own = fit.Parameters[focus];
        var history = new FittedHistory(_regress, data, new DesignMatrix([new double[data.Rows]], ["rows"]), parameters[focus], own.Value, own.StandardError, RowSampler.OfRows(data.Rows), "rows");
        return new CurveSimulation(history, curve, rows, fit, focus);
    }

    private FittedHistory Of(ModelData data, DesignMatrix design, IReadOnlyList<CoefficientEstimate> table, RowSampler sampler, string noun)
    {
        var candidates = table.Where(c => c.Term != DesignMatrix.InterceptName).ToList();
        var exact = candidates.Where(c => Same(c.Term, _options.EffectOf!)).ToList();
        var found = exact.Count == 1 ? exact : candidates.Where(c => c.Term.StartsWith($"{_options.EffectOf} = ", StringComparison.OrdinalIgnoreCase) && !c.Term.Contains(" : ", StringComparison.Ordinal)).ToList();
        if (found.Count != 1)
        {
            throw Unknown(candidates.Select(c => c.Term), found.Count > 1 ? $"{_options.EffectOf} has {found.Count} coefficients." : "A column that bends or takes part in products has several coefficients; each has a name.");
        }

        if (!(found[0].StandardError > 0))
        {
            throw Refuse($"History is fitted perfectly: {found[0].Term} has no error, so there is nothing to draw.", "--formula", "Does a column know the outcome? Leave it out.");
        }

        return new FittedHistory(_regress, data, design, found[0].Term, found[0].Value, found[0].StandardError, sampler, noun);
    }

    private static DesignMatrix Kept(DesignMatrix matrix, IReadOnlyList<CoefficientEstimate> coefficients)
    {
        string[] names = [.. coefficients.Select(c => c.Term)];
        return new DesignMatrix([.. names.Select(n => matrix.Column(Array.IndexOf([.. matrix.Names], n)).ToArray())], names);
    }

    private static bool Same(string label, string asked) => string.Equals(label, asked.Trim(), StringComparison.OrdinalIgnoreCase);

    private GnomonError Unknown(IEnumerable<string> labels, string why)
    {
        var all = labels.ToList();
        return new GnomonError(
            "coefficient-not-found", $"--effect-of '{_options.EffectOf}' names no single coefficient. {why} Coefficients: {string.Join(", ", all.Take(12).Select(l => $"'{l}'"))}{(all.Count > 12 ? ", ..." : string.Empty)}.", "--effect-of",
            NearestName.To(_options.EffectOf!, all) is { } near ? $"Did you mean '{near}'?" : "Name one of them.");
    }

    private static GnomonError Refuse(string what, string where, string hint) => new("not-simulated", what, where, hint);
}
