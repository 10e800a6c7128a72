using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Evidence.Survival;
using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Methods.Regression;
using Gnomon.Methods.Survival;

namespace Gnomon.Studies.Regress.Families;

/// <summary>What goes with an earlier event, with units that were only watched so long counted for as long as they were.</summary>
internal sealed class CoxFamily : ModelFamily
{
    private const int MostPoints = 400;

    public override string Name => "cox";

    public override bool HasEvent => true;

    public override bool TakesClusters => true;

    public override IEnumerable<GnomonError> Validate(RegressOptions options)
    {
        foreach (var wrong in base.Validate(options))
        {
            yield return wrong;
        }

        if (options.Event is null)
        {
            yield return new GnomonError("option-missing", "--family cox needs --event: the column that says whether the time ended with the event.", "--event", "Write --target TIME --event COLUMN.");
        }
    }

    public override FamilyFit Fit(FamilyInput input)
    {
        var (data, options) = (input.Data, input.Options);
        var ended = data.Ended!;
        var wrong = Array.FindIndex(data.Y, t => t < 0);
        if (wrong >= 0)
        {
            throw new GnomonError("value-out-of-range", $"{data.Outcome} is {data.Y[wrong]:G6} in row {data.Source[wrong] + 1}; a follow-up time is 0 or more.", "--target", $"Check how the time was computed, or keep the rows with --where \"{data.Formula.Outcome.Column} >= 0\".");
        }

        var matrix = Slopes(input.Matrix, out var setAside);
        var x = RowMajor(matrix);
        var fit = CoxRegression.Fit(data.Y, ended, x, matrix.Columns, data.Clusters.Count > 0 ? data.Clusters[0] : default, new CoxOptions { Level = options.Level });
        var values = fit.Coefficients.Select(c => c.LogHazardRatio).ToArray();
        var table = values.Select((v, j) => fit.Errors.Contrast(values, Unit(j, values.Length), matrix.Names[j], options.Level)).ToList();
        var about = $"the chance of the event ({data.EndedBy}) at any moment";
        var events = ended.LongCount(v => v);
        return new FamilyFit
        {
            Effects = [.. FamilyTables.Effects(input, table, fit.Errors, about, "hazard ratio", true, fit.Errors.Method)],
            Terms = matrix.Names,
            SetAside = setAside,
            Tables =
            [
                new ResultTable("coefficients", "Coefficients (log hazard)", ["term", "coefficient", "standard error", "robust error", "hazard ratio", "low", "high", "p", "proportional over time p"],
                    [.. fit.Coefficients.Select((c, j) => (IReadOnlyList<object?>)[matrix.Names[j], c.LogHazardRatio, c.StandardError, c.RobustError, c.HazardRatio, c.Low, c.High, c.PValue, c.ProportionalityP])]),
                FamilyTables.Fit(
                    ("rows", (long)data.Rows), ("events", events), ("formula", data.Formula.Text), ("errors", fit.Errors.Method), ("concordance", fit.Concordance), ("log-likelihood", fit.LogLikelihood),
                    ("likelihood ratio chi-square", fit.LikelihoodRatio), ("degrees of freedom", (long)matrix.Columns), ("p", fit.LikelihoodRatioP)),
            ],
            Plots = [Curves(data, ended, values, matrix)],
            Evidence = [.. Evidence(input, fit, table, ended, matrix, x)],
            Limitations =
            [
                $"{Figures.Count(events)} of {Figures.Count(data.Rows)} rows ended with the event; the others were watched until their time and count for that long. This is right only if leaving the watch says nothing about what would have come.",
                "A hazard ratio is of the chance at any moment among those still without the event; it is not a ratio of times, nor of shares.",
                .. data.Clusters.Count > 0 ? new[] { $"Errors are clustered by {options.Cluster[0]}." } : [],
            ],
            Explains = $"In {Figures.Percent(fit.Concordance, 0)} of comparable pairs the row with the higher fitted risk had the event first (50 % is guessing).",
            Predicts = ["hazard ratio against the average row", "low", "high"],
            Predict = row => Relative(row, values, matrix, fit, options.Level),
        };
    }

    private static IEnumerable<object?> Relative(double[] row, double[] values, DesignMatrix matrix, CoxFit fit, double level)
    {
        var from = Enumerable.Range(0, matrix.Columns).Select(j => Numerics.Moments.MeanVariance(matrix.Column(j)).Mean).ToArray();
        var c = fit.Errors.Contrast(values, row.Select((v, j) => v - from[j]).ToArray(), "prediction", level);
        return [Math.Exp(c.Value), Math.Exp(c.Low), Math.Exp(c.High)];
    }

    private static double[] Unit(int j, int p)
    {
        var unit = new double[p];
        unit[j] = 1;
        return unit;
    }

    // The hazard's level is left open, so there is no intercept; columns that others determine have no coefficient.
    private static DesignMatrix Slopes(DesignMatrix full, out IReadOnlyList<string> setAside)
    {
        var qr = Numerics.LinearAlgebra.HouseholderQr.Factor([.. Enumerable.Range(0, full.Columns).Select(j => full.Column(j).ToArray())]);
        setAside = [.. qr.SetAside.ToArray().Select(j => full.Names[j])];
        var kept = qr.Kept.ToArray().Where(j => j != full.Intercept).ToList();
        return kept.Count > 0
            ? new DesignMatrix([.. kept.Select(j => full.Column(j).ToArray())], [.. kept.Select(j => full.Names[j])])
            : throw new GnomonError("not-estimable", "No column of the model varies.", "--on", "Name a column that differs between rows.");
    }

    private static double[] RowMajor(DesignMatrix matrix)
    {
        var x = new double[matrix.Rows * matrix.Columns];
        for (var j = 0; j < matrix.Columns; j++)
        {
            var column = matrix.Column(j);
            for (var i = 0; i < matrix.Rows; i++)
            {
                x[i * matrix.Columns + j] = column[i];
            }
        }

        return x;
    }

    private static IEnumerable<IEvidence> Evidence(FamilyInput input, CoxFit fit, List<CoefficientEstimate> table, bool[] ended, DesignMatrix matrix, double[] x)
    {
        var events = ended.LongCount(v => v);
        yield return new HazardProportionality
        {
            Outcome = input.Data.Outcome, Events = events,
            Terms = Halves(input.Data.Y, ended, matrix, fit),
        };
        yield return new EventCounts
        {
            Target = input.Options.Event!.Split('=')[0], Parameters = matrix.Columns,
            // Only events teach; where most units have one, all units stand for the other class.
            Classes = [new ClassCount("no event", Math.Max(ended.LongLength - events, events + 1)), new ClassCount("event", events)],
        };
        if (CoxUnits.Look(input, fit, matrix, x) is { } repeats)
        {
            yield return repeats;
        }

        if (FamilyTables.Overlap(input, table) is { } overlap)
        {
            yield return overlap;
        }
    }

    private static IReadOnlyList<TermProportionality> Halves(double[] times, bool[] ended, DesignMatrix matrix, CoxFit fit)
    {
        var (early, late) = HazardHalves.Of(times, ended, RowMajor(matrix), matrix.Columns);
        return [.. fit.Coefficients.Select((c, j) =>
        {
            // A change of the ratio is judged over a standard deviation of a number, so that its unit does not matter; over its one step for a column of two values.
            var column = matrix.Column(j);
            var moments = Numerics.Moments.MeanVariance(column);
            var step = column.ToArray().Distinct().Take(3).Count() > 2 && moments.StandardDeviation > 0 ? moments.StandardDeviation : 1;
            double? Ratio(CoxFit? half) => half is null ? null : Math.Pow(half.Coefficients[j].HazardRatio, step);
            return new TermProportionality(step == 1 ? matrix.Names[j] : $"{matrix.Names[j]} per {Figures.Number(step)}", Math.Pow(c.HazardRatio, step), c.ProportionalityP, Ratio(early), Ratio(late));
        })];
    }

    // Kaplan-Meier of the thirds of fitted risk: do those whom the model fears fail first?
    private static Plot Curves(ModelData data, bool[] ended, double[] values, DesignMatrix matrix)
    {
        var risk = new double[data.Rows];
        for (var j = 0; j < values.Length; j++)
        {
            var column = matrix.Column(j);
            for (var i = 0; i < risk.Length; i++)
            {
                risk[i] += values[j] * column[i];
            }
        }

        var sorted = (double[])risk.Clone();
        Array.Sort(sorted);
        var points = new List<CurvePoint>();
        var cuts = new[] { sorted[sorted.Length / 3], sorted[2 * sorted.Length / 3] };
        foreach (var (name, inside) in new (string, Func<double, bool>)[] { ("lowest third of risk", r => r < cuts[0]), ("middle third", r => r >= cuts[0] && r < cuts[1]), ("highest third of risk", r => r >= cuts[1]) })
        {
            var rows = Enumerable.Range(0, risk.Length).Where(i => inside(risk[i])).ToArray();
            if (rows.Length >= 2)
            {
                points.AddRange(SurvivalCurves.Points(KaplanMeier.Fit(Array.ConvertAll(rows, i => data.Y[i]), Array.ConvertAll(rows, i => ended[i])), name, MostPoints).Select(p => new CurvePoint(p.X, p.Value, p.Series)));
            }
        }

        return new Plot("survival", "Share without the event, by fitted risk", CurvePlot.Build(points, data.Outcome, "share without the event", new PlotUnit("proportion"), legend: "rows"));
    }
}
