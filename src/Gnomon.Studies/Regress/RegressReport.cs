using System.Globalization;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Core.Tables;
using Gnomon.Methods.Regression;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Studies.Regress;

/// <summary>Estimates, tables and pictures of a regression.</summary>
internal sealed class RegressReport
{
    private const int MostRows = 40;
    private const int Bins = 10;
    private const int HistogramBins = 24;
    private readonly RegressOptions _options;
    private readonly FittedModel _model;
    private readonly IReadOnlyList<Effect> _effects;
    private readonly IReadOnlyList<Effect> _asked;

    public RegressReport(RegressOptions options, FittedModel model, IReadOnlyList<Effect> effects, IReadOnlyList<Effect> asked) => (_options, _model, _effects, _asked) = (options, model, effects, asked);

    private ModelData Data => _model.Data;

    public IReadOnlyList<Estimate> Estimates() => [.. _effects.SelectMany(Of), .. _model.Mixed?.Estimates(_options.Level) ?? []];

    public IReadOnlyList<ResultTable> Tables()
    {
        var tables = new List<ResultTable> { Coefficients(), Fit() };
        if (Curved() is { Rows.Count: > 0 } curved)
        {
            tables.Add(curved);
        }

        if (_options.Predict.Count > 0)
        {
            tables.Add(Predictions());
        }

        tables.AddRange(_model.Mixed?.Tables(_options.Level) ?? []);
        var worst = _model.Mixed?.Own is not null ? [] : Influence.Largest(_model.Fit, 5).Where(w => w.CookDistance > 0).ToList();
        if (worst.Count > 0)
        {
            tables.Add(new ResultTable("influence", "Rows with most influence", ["row", "leverage", "studentised residual", "Cook's distance", "moves most", "by standard errors"],
                [.. worst.Select(w => (IReadOnlyList<object?>)[Data.Source[w.Row] + 1L, w.Leverage, w.StudentisedResidual, w.CookDistance, w.Term, w.LargestDfbetas])]));
        }

        return tables;
    }

    public IReadOnlyList<Plot> Plots()
    {
        var plots = new List<Plot>();
        foreach (var group in _effects.Take(MostRows).GroupBy(e => e.InOutcome is null ? RegressWords.Unit(_model, e) : RegressWords.OutcomeUnit(_model)))
        {
            var rows = group.Select(Standardised).ToList();
            plots.Add(new Plot(plots.Count == 0 ? "effects" : $"effects-{plots.Count + 1}", "Effects, numbers per standard deviation", IntervalPlot.Build(rows, $"effect on {Data.Outcome}", new PlotUnit(group.Key, Change: true))));
        }

        if (ByFitted() is { Count: > 2 } byFitted)
        {
            plots.Add(new Plot("residuals", "Mean residual by fitted value", IntervalPlot.Build(byFitted, "mean residual", new PlotUnit(_model.Glm is not null ? "number" : Data.Outcome, Change: true))));
        }

        plots.AddRange(_model.Mixed?.Plots(_options.Level) ?? []);
        if (_model.Mixed?.Own is not null)
        {
            plots.Add(new Plot("residual-distribution", "Residuals", HistogramPlot.Build(Histogram(_model.Residuals()), "residual", new PlotUnit("number"))));
        }

        if (_model.Linear is { ResidualSumOfSquares: > 0 } linear)
        {
            plots.Add(new Plot("residual-distribution", "Residuals", HistogramPlot.Build(Histogram(linear.Residuals.ToArray()), "residual", new PlotUnit("number"))));
            if (_options.Time is not null && Data.Rows > 20)
            {
                var r = SerialCorrelation.Autocorrelations(linear.Residuals, Math.Min(20, Data.Rows / 4));
                plots.Add(new Plot("autocorrelation", "Residuals that remember", BarPlot.Build([.. r.Select((v, i) => new Bar($"lag {i + 1}", v))], "autocorrelation", new PlotUnit("number"))));
            }
        }

        return plots;
    }

    private IEnumerable<Estimate> Of(Effect effect)
    {
        var role = _options.Focus is null || _asked.Contains(effect) ? "primary" : "secondary";
        var name = effect.IsRatio ? RegressWords.Unit(_model, effect) : effect.Contrast.StartsWith("per 1 of ", StringComparison.Ordinal) ? "slope" : "difference";
        yield return new Estimate
        {
            Name = name, Metric = effect.Column, Contrast = effect.Contrast, Value = effect.Value, Low = effect.Low, High = effect.High, Level = _options.Level, Unit = RegressWords.Unit(_model, effect),
            P = effect.P, N = Data.Rows, Method = effect.Method, Role = role,
        };
        if (effect.InOutcome is { } average)
        {
            yield return new Estimate
            {
                Name = "average effect", Metric = effect.Column, Contrast = effect.Contrast, Value = average.Value, Low = average.Low, High = average.High, Level = _options.Level,
                Unit = RegressWords.OutcomeUnit(_model), P = average.PValue, N = Data.Rows, Method = "average marginal effect, delta method", Role = role == "primary" ? "secondary" : "descriptive",
            };
        }
    }

    private ResultTable Coefficients()
    {
        var table = _model.Errors.Covariance.Table(_model.Fit, _options.Level);
        var inflation = Collinearity.VarianceInflation(_model.Fit);
        return new ResultTable(
            "coefficients", _model.Glm is null ? "Coefficients" : $"Coefficients ({Scale()})", ["term", "coefficient", "standard error", "low", "high", "t", "df", "p", "VIF"],
            [.. table.Select(AsAnswered).Select((c, j) => (IReadOnlyList<object?>)
                [c.Term, c.Value, c.StandardError, c.Low, c.High, c.Statistic, double.IsPositiveInfinity(c.DegreesOfFreedom) ? null : c.DegreesOfFreedom, c.PValue, inflation[j]])]);
    }

    // One coefficient has one interval: where the answer uses profile likelihood or a bootstrap, the table does too.
    private CoefficientEstimate AsAnswered(CoefficientEstimate c) => _effects.FirstOrDefault(e => e.Estimate.Term == c.Term)?.Estimate ?? c;

    private string Scale() => _model.Glm!.Family.Link switch
    {
        LinkFunction.Logit => "log odds",
        LinkFunction.Log => "logarithm of the mean",
        LinkFunction.Probit => "probit",
        LinkFunction.Inverse => "reciprocal of the mean",
        _ => "mean",
    };

    private ResultTable Fit()
    {
        var rows = new List<IReadOnlyList<object?>> { new object?[] { "rows", (long)Data.Rows }, new object?[] { "formula", Data.Formula.Text }, new object?[] { "errors", _model.Errors.Covariance.Method } };
        if (_model.Linear is { } linear)
        {
            rows.Add(["R squared", linear.RSquared]);
            rows.Add(["adjusted R squared", linear.AdjustedRSquared]);
            rows.Add(["residual standard deviation", linear.Sigma]);
            rows.Add(["AIC", linear.Aic]);
            rows.Add(["BIC", linear.Bic]);
        }
        else if (_model.Mixed is { Own: not null } mixed)
        {
            rows.AddRange(mixed.FitRows());
        }
        else if (_model.Glm is { } glm)
        {
            rows.Add(["family", glm.Family.Word]);
            rows.Add(["deviance", glm.Deviance]);
            rows.Add(["null deviance", glm.NullDeviance]);
            rows.Add(["Pearson dispersion", glm.PearsonDispersion]);
            rows.Add(["AIC", glm.Aic]);
            if (glm.Family.Law == OutcomeLaw.Tweedie)
            {
                rows.Add(["power", glm.Family.Power]);
                rows.Add(["power, low", glm.PowerInterval?.Low]);
                rows.Add(["power, high", glm.PowerInterval?.High]);
            }

            if (glm.Family.Law == OutcomeLaw.NegativeBinomial)
            {
                rows.Add(["shape theta", glm.Family.Theta]);
            }
        }

        return new ResultTable("fit", "Fit", ["what", "value"], [.. rows.Where(r => r[1] is not null)]);
    }

    // One test per term that needs several columns: a factor, a spline, a polynomial.
    private ResultTable Curved()
    {
        var rows = new List<IReadOnlyList<object?>>();
        foreach (var term in _model.Design.Columns.Where(c => c.Term is not null).GroupBy(c => c.Term!).Where(g => g.Count() > 1))
        {
            var labels = term.Select(c => c.Label).ToHashSet(StringComparer.Ordinal);
            int[] indexes = [.. Enumerable.Range(0, _model.Fit.Design.Columns).Where(j => labels.Contains(_model.Fit.Design.Names[j]))];
            if (indexes.Length > 1 && _model.Errors.Covariance.Joint(_model.Fit, indexes) is { } test)
            {
                rows.Add([term.Key.Text, test.DenominatorDegrees is null ? "chi-square" : "F", test.Statistic, (long)test.Degrees, test.DenominatorDegrees, test.PValue]);
            }
        }

        return new ResultTable("terms", "Terms of several columns, tested together", ["term", "test", "statistic", "df", "residual df", "p"], rows);
    }

    private ResultTable Predictions()
    {
        var rows = _options.Predict.Select(Predicted).ToList();
        return new ResultTable("predictions", "Predictions", ["at", "expected", "low", "high", "one new row, low", "one new row, high"], rows);
    }

    private IReadOnlyList<object?> Predicted(string text)
    {
        var (at, columns) = PredictAt.Read(text, Data);
        var design = _model.Design.Build(columns, 1);
        double[] row = [.. Enumerable.Range(0, design.Columns).Where(j => !_model.Fit.SetAside.Contains(design.Names[j])).Select(j => design.Column(j)[0])];
        if (_model.Linear is { } linear)
        {
            var p = linear.Predict(row, _model.Errors.Covariance, _options.Level);
            return [at, p.Mean, p.MeanInterval.Low, p.MeanInterval.High, p.NewInterval.Low, p.NewInterval.High];
        }

        if (_model.Mixed?.Own is { } own)
        {
            var p = own.Covariance.Predict(row, _model.Mixed.RandomRow(columns), _options.Level);
            return [at, p.Mean, p.MeanInterval.Low, p.MeanInterval.High, p.NewInterval.Low, p.NewInterval.High];
        }

        var mean = _model.Glm!.Predict(row, _model.Errors.Covariance, _options.Level);
        return [at, mean.Mean, mean.Interval.Low, mean.Interval.High, null, null];
    }

    // Numbers by one standard deviation of their column, so that effects stand on one axis.
    private IntervalRow Standardised(Effect effect)
    {
        var estimate = effect.InOutcome ?? effect.Estimate;
        var isSlope = effect.Contrast.StartsWith("per 1 of ", StringComparison.Ordinal);
        var scale = isSlope && Data.Columns[effect.Column].Numbers is { Length: > 1 } values ? Moments.MeanVariance(values).StandardDeviation : 1;
        scale = scale > 0 && double.IsFinite(scale) ? scale : 1;
        var label = isSlope ? $"{effect.Column} (per {Figures.Number(scale)})" : $"{effect.Column}: {effect.Contrast}";
        if (effect.InOutcome is null && effect.IsRatio)
        {
            return new IntervalRow(label, Math.Exp(scale * effect.Estimate.Value), Math.Exp(scale * effect.Estimate.Low), Math.Exp(scale * effect.Estimate.High));
        }

        return new IntervalRow(label, scale * estimate.Value, scale * estimate.Low, scale * estimate.High);
    }

    private List<IntervalRow> ByFitted()
    {
        var fitted = _model.Fitted();
        var residuals = _model.Residuals();
        var order = Enumerable.Range(0, fitted.Length).OrderBy(i => fitted[i]).ToArray();
        var rows = new List<IntervalRow>();
        for (var b = 0; b < Bins && fitted.Length >= 5 * Bins; b++)
        {
            var part = order[(int)((long)b * order.Length / Bins)..(int)((long)(b + 1) * order.Length / Bins)];
            var m = Moments.MeanVariance(Array.ConvertAll(part, i => residuals[i]));
            if (m is { Count: > 1, M2: > 0 })
            {
                var half = StudentT.UpperQuantile((1 - _options.Level) / 2, m.Count - 1) * m.StandardError;
                rows.Add(new IntervalRow($"{Figures.Number(fitted[part[0]])} to {Figures.Number(fitted[part[^1]])}", m.Mean, m.Mean - half, m.Mean + half));
            }
        }

        return rows;
    }

    private static List<HistogramBin> Histogram(double[] values)
    {
        var (low, high) = (values.Min(), values.Max());
        var width = (high - low) / HistogramBins;
        var counts = new long[HistogramBins];
        foreach (var v in values)
        {
            counts[Math.Clamp((int)((v - low) / width), 0, HistogramBins - 1)]++;
        }

        return [.. counts.Select((c, i) => new HistogramBin(low + i * width, i == HistogramBins - 1 ? high : low + (i + 1) * width, c))];
    }
}
