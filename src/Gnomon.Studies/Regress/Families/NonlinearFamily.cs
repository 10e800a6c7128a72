using System.Globalization;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Core.Tables;
using Gnomon.Methods;
using Gnomon.Methods.Regression;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Studies.Regress.Families;

/// <summary>A curve of the user's own, with named parameters: growth, decay, saturation.</summary>
internal sealed class NonlinearFamily : ModelFamily
{
    private const int DrawnPoints = 120;
    private const double LargestCorrelation = 0.99;

    public override string Name => "nonlinear";

    public override bool ReadsOrder => true;

    public override IEnumerable<GnomonError> Validate(RegressOptions options)
    {
        foreach (var wrong in base.Validate(options))
        {
            yield return wrong;
        }

        if (options.Formula is null)
        {
            yield return new GnomonError("option-missing", "--family nonlinear needs --formula: the curve with its parameters.", "--formula", "Write --formula \"y ~ a*(1-exp(-b*x))\" --start a=200,b=0.001.");
        }

        if (options.Start.Count == 0)
        {
            yield return new GnomonError("option-missing", "--family nonlinear needs --start: a value for every parameter to begin with.", "--start", "Write --start a=200,b=0.001.");
        }

        if (options.Start.FirstOrDefault(s => Parameter(s) is null) is { } bad)
        {
            yield return new GnomonError("option-out-of-range", $"--start: '{bad}' is no name with a number.", "--start", "Write --start a=200,b=0.001.");
        }
    }

    // The common formula holds outcome and columns, so that reading, gaps and predictions work as everywhere.
    public override Formula? Resolve(RegressOptions options, Schema schema)
    {
        var curve = Parse(options);
        var starts = Starts(options);
        if (starts.Keys.FirstOrDefault(k => curve.Names.All(n => n.Name != k)) is { } idle)
        {
            throw new GnomonError("option-out-of-range", $"--start gives {idle} a value, but the formula has no {idle}.", "--start", $"Names in the formula: {string.Join(", ", curve.Names.Select(n => n.Name))}.");
        }

        var columns = new List<FormulaAtom>();
        foreach (var name in curve.Names.Where(n => !starts.ContainsKey(n.Name)))
        {
            if (schema.Find(name.Name) is not { } field)
            {
                throw Bad(new FormulaException($"{name.Name} is neither a column nor a parameter with a value in --start.", curve.Text, name.Position), $"Add {name.Name} to --start if it is a parameter{(NearestName.To(name.Name, schema.Select(f => f.Name)) is { } near ? $"; did you mean the column '{near}'?" : ".")}");
            }

            columns.Add(field.IsNumeric || field.IsTemporal ? new FormulaAtom(field.Name) : throw new GnomonError("column-not-numeric", $"{field.Name} is text; a curve is drawn over numbers.", "--formula", "Name a column of numbers."));
        }

        return columns.Count > 0
            ? Formula.Of(new FormulaAtom(schema.Require(curve.Outcome.Name, "--formula").Name), columns)
            : throw new GnomonError("bad-formula", "The curve has no column: it is the same in every row.", "--formula", "Name at least one column that the curve is drawn over.");
    }

    public override FamilyFit Fit(FamilyInput input)
    {
        var (options, data) = (input.Options, input.Data);
        var (curve, rows, parameters, starts) = Compiled(options, data);
        string[] columns = Over(options);
        var values = columns.Select(c => data.Columns.Values.First(d => string.Equals(d.Name, c, StringComparison.OrdinalIgnoreCase)).Numbers!).ToArray();
        var fit = NonlinearLeastSquares.Fit(curve, rows, data.Y, starts, parameters, options.Level);
        double[] solution = [.. fit.Parameters.Select(p => p.Value)];
        var fitted = rows.Select(r => At(curve, solution, r, -1).Value).ToArray();
        var mean = Moments.MeanVariance(data.Y);
        var residuals = data.Y.Select((y, i) => y - fitted[i]).ToArray();
        var gain = Missed(data, residuals);
        return new FamilyFit
        {
            Effects = [.. fit.Parameters.Select(p => new FamilyEffect(p.Term, p.Term, p.Term, "number", p, false, $"nonlinear least squares, {fit.Covariance.Method}")
            {
                Sentence = $"Parameter {p.Term} is {Figures.Level(p.Value, "number", p.Low, p.High)} ({RegressWords.Level(options.Level)} interval {Figures.Level(p.Low, "number", p.Low, p.High)} to {Figures.Level(p.High, "number", p.Low, p.High)})",
            })],
            Terms = [],
            Tables =
            [
                FamilyTables.Coefficients(fit.Parameters, "Parameters"),
                FamilyTables.Fit(
                    ("rows", (long)data.Rows), ("formula", options.Formula), ("errors", fit.Covariance.Method), ("R squared", mean.M2 > 0 ? 1 - fit.ResidualSumOfSquares / mean.M2 : null),
                    ("residual standard deviation", fit.Sigma), ("residual sum of squares", fit.ResidualSumOfSquares), ("share of the residuals' spread that splines foretell in held-out rows", gain?.Share), ("iterations", (long)fit.Iterations)),
                .. Predictions(options, data, curve, solution, fit, columns),
            ],
            Plots = [.. Drawn(data, values, columns, curve, solution, fit, options.Level), Residuals(residuals)],
            Rows = new RowPulls(new DesignMatrix([.. parameters.Select((_, j) => rows.Select(r => At(curve, solution, r, j).Slope).ToArray())], parameters), [residuals]),
            Limitations =
            [
                "Errors come from the curve's tangent at the solution: they assume rows that spread alike and are independent, and a curve that is nearly straight within the interval.",
                .. Tangled(fit, parameters),
                .. gain is { } missed && missed.Share - 2 * missed.Error > 0 ? new[] { $"The curve's form misses something: splines of its columns foretell {Figures.Percent(missed.Share, 0)} of what it leaves over, in rows held out." } : [],
                .. fit.Converged ? [] : new[] { "The descent stopped before steps became smaller than rounding: start from other values and see whether the answer is the same." },
            ],
            Next = ["Start from other values: the same answer from both says that the lowest point was found."],
            Explains = mean.M2 > 0 ? $"The curve explains {Figures.Percent(Math.Max(0, 1 - fit.ResidualSumOfSquares / mean.M2), 0)} of the spread of {data.Outcome}." : string.Empty,
        };
    }

    /// <summary>The curve, the values it is drawn over in each row, its parameters and where they start.</summary>
    internal static (Curve Curve, IReadOnlyList<double[]> Rows, string[] Parameters, double[] Starts) Compiled(RegressOptions options, ModelData data)
    {
        var expression = Parse(options);
        var starts = Starts(options);
        string[] parameters = [.. expression.Names.Select(n => n.Name).Where(starts.ContainsKey)];
        var columns = Over(options);
        var values = Array.ConvertAll(columns, c => data.Columns.Values.First(d => string.Equals(d.Name, c, StringComparison.OrdinalIgnoreCase)).Numbers!);
        return (expression.Compile(parameters, columns), [.. Enumerable.Range(0, data.Rows).Select(i => Array.ConvertAll(values, v => v[i]))], parameters, Array.ConvertAll(parameters, p => starts[p]));
    }

    // Columns that the curve is drawn over.
    private static string[] Over(RegressOptions options)
    {
        var starts = Starts(options);
        return [.. Parse(options).Names.Select(n => n.Name).Where(n => !starts.ContainsKey(n))];
    }

    private static CurveExpression Parse(RegressOptions options)
    {
        try
        {
            return CurveExpression.Parse(options.Formula!);
        }
        catch (FormulaException wrong)
        {
            throw Bad(wrong, "Write outcome ~ expression, for example y ~ a*(1-exp(-b*x)).");
        }
    }

    private static GnomonError Bad(FormulaException wrong, string hint) =>
        new("bad-formula", $"{wrong.Message}{Environment.NewLine}  {wrong.Marked.ReplaceLineEndings($"{Environment.NewLine}  ")}", "--formula", hint, wrong);

    private static (string Name, double Value)? Parameter(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 && double.TryParse(text[(equals + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? (text[..equals].Trim(), value) : null;
    }

    private static Dictionary<string, double> Starts(RegressOptions options)
    {
        var starts = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var (name, value) in options.Start.Select(s => Parameter(s)!.Value))
        {
            starts[name] = value;
        }

        return starts;
    }

    private static Dual At(Curve curve, double[] parameters, double[] row, int along)
    {
        var p = new Dual[parameters.Length];
        for (var j = 0; j < p.Length; j++)
        {
            p[j] = new Dual(parameters[j], j == along ? 1 : 0);
        }

        return curve(p, row);
    }

    private static (double Value, double Error) Told(Curve curve, double[] parameters, double[] row, CurveFit fit)
    {
        var gradient = Enumerable.Range(0, parameters.Length).Select(j => At(curve, parameters, row, j).Slope).ToArray();
        return (At(curve, parameters, row, -1).Value, fit.Covariance.Contrast(parameters, gradient).StandardError);
    }

    private static IEnumerable<ResultTable> Predictions(RegressOptions options, ModelData data, Curve curve, double[] solution, CurveFit fit, string[] columns)
    {
        if (options.Predict.Count == 0)
        {
            yield break;
        }

        var t = StudentT.UpperQuantile((1 - options.Level) / 2, fit.ResidualDegrees);
        var rows = new List<IReadOnlyList<object?>>();
        foreach (var text in options.Predict)
        {
            var (at, given) = PredictAt.Read(text, data);
            var row = columns.Select(c => given.First(g => string.Equals(g.Key, c, StringComparison.OrdinalIgnoreCase)).Value.Numbers![0]).ToArray();
            var (value, error) = Told(curve, solution, row, fit);
            var wide = t * Math.Sqrt(error * error + fit.Sigma * fit.Sigma);
            rows.Add(double.IsFinite(value) && double.IsFinite(wide)
                ? [at, value, value - t * error, value + t * error, value - wide, value + wide]
                : throw new GnomonError("value-out-of-range", $"The curve has no finite value at {at}.", "--predict", "Predict inside the range in which the curve exists."));
        }

        yield return new ResultTable("predictions", "Predictions", ["at", "expected", "low", "high", "one new row, low", "one new row, high"], rows);
    }

    // Drawn over the one column of most curves; with several, the picture would need a choice of the others.
    private static IEnumerable<Plot> Drawn(ModelData data, double[][] values, string[] columns, Curve curve, double[] solution, CurveFit fit, double level)
    {
        if (columns.Length != 1)
        {
            yield break;
        }

        var (low, high) = (values[0].Min(), values[0].Max());
        var half = StudentT.UpperQuantile((1 - level) / 2, fit.ResidualDegrees);
        var points = new List<BandPoint>();
        for (var k = 0; k <= DrawnPoints; k++)
        {
            var x = low + (high - low) * k / DrawnPoints;
            var (value, error) = Told(curve, solution, [x], fit);
            if (double.IsFinite(value) && double.IsFinite(error))
            {
                points.Add(new BandPoint(x, value, "curve", value - half * error, value + half * error));
            }
        }

        yield return new Plot("curve", $"{data.Outcome} over {columns[0]}", BandPlot.Build(points, columns[0], data.Outcome, new PlotUnit(data.Outcome), fromZero: false));
    }

    private static Plot Residuals(double[] residuals)
    {
        const int bins = 24;
        var (low, high) = (residuals.Min(), residuals.Max());
        var width = high > low ? (high - low) / bins : 1;
        var counts = new long[bins];
        foreach (var r in residuals)
        {
            counts[Math.Clamp((int)((r - low) / width), 0, bins - 1)]++;
        }

        return new Plot("residual-distribution", "Residuals", HistogramPlot.Build([.. counts.Select((c, i) => new HistogramBin(low + i * width, low + (i + 1) * width, c))], "residual", new PlotUnit("number")));
    }

    // What a wrong form leaves behind: splines of the columns foretell residuals of rows that they did not see.
    private static (double Share, double Error)? Missed(ModelData data, double[] residuals)
    {
        try
        {
            var bent = data.Columns.Values.Where(c => c.Numbers!.Distinct().Take(6).Count() > 5).SelectMany(c => NaturalSpline.For(c.Numbers).Basis(c.Numbers)).ToList();
            var spread = Moments.MeanVariance(residuals);
            if (bent.Count == 0 || !(spread.M2 > 1e-20 * Moments.MeanVariance(data.Y).M2))
            {
                return null;
            }

            var ones = Enumerable.Repeat(1.0, residuals.Length).ToArray();
            var gain = Specification.Gain(new DesignMatrix([ones]), new DesignMatrix([ones, .. bent]), residuals);
            return (gain.Mean / spread.Variance, gain.StandardError / spread.Variance);
        }
        catch (Exception wrong) when (wrong is NotEstimableException or TooFewRowsException)
        {
            return null; // too few rows for a spline: the form cannot be judged from these data
        }
    }

    private static IEnumerable<string> Tangled(CurveFit fit, string[] names)
    {
        for (var i = 0; i < names.Length; i++)
        {
            for (var j = i + 1; j < names.Length; j++)
            {
                var r = fit.Covariance[i, j] / (fit.Covariance.StandardError(i) * fit.Covariance.StandardError(j));
                if (Math.Abs(r) > LargestCorrelation)
                {
                    yield return $"{names[i]} and {names[j]} can hardly be told apart (correlation {Math.Round(r, 4):0.####}): the curve is surer than either of them. Rows over a wider range would separate them.";
                }
            }
        }
    }
}
