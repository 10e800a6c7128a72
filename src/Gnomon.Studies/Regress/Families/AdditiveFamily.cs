using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Methods.Regression;
using Gnomon.Numerics;

namespace Gnomon.Studies.Regress.Families;

/// <summary>A linear model with smooth curves, asked for by s(column) in the formula.</summary>
internal sealed class AdditiveFamily : ModelFamily
{
    private const int DrawnPoints = 80;

    public override string Name => "additive";

    public override bool ReadsOrder => true;

    // Smooth terms leave the design; the rest is coded as everywhere.
    public override ModelData Prepare(RegressOptions options, ModelData data)
    {
        foreach (var wrong in Misfit(options, data))
        {
            throw wrong;
        }

        return data with { Formula = Formula.Of(data.Formula.Outcome, data.Formula.Terms.Where(t => t.Atoms[0].Function != "s").Select(t => t.Atoms), data.Formula.HasIntercept) };
    }

    public override FamilyFit Fit(FamilyInput input)
    {
        var (data, level) = (input.Data, input.Options.Level);
        var atoms = Smooths(data);
        var columns = atoms.ConvertAll(a => data.Columns[a.Column].Numbers!);
        var fit = AdditiveModel.Fit(input.Matrix, data.Y, columns, [.. atoms.Select(a => a.Text)], [.. atoms.Select(a => a.Number)], level);
        var spread = Moments.MeanVariance(data.Y).M2;
        var left = fit.Residuals.Sum(r => r * r);
        return new FamilyFit
        {
            Effects = [.. Straight(input, fit), .. atoms.Select((a, s) => Curve(fit, a, s, columns[s], data, level)).OfType<FamilyEffect>()],
            Terms = [.. fit.Coefficients.Select(c => c.Term)],
            SetAside = fit.SetAside,
            Tables =
            [
                FamilyTables.Coefficients(fit.Coefficients, "Coefficients of the straight columns"),
                new ResultTable("smooths", "Curves", ["curve", "effective degrees of freedom", "F", "df", "flat curve p", "smoothing"],
                    [.. fit.Smooths.Select(s => (IReadOnlyList<object?>)[s.Name, s.EffectiveDegrees, s.Statistic, (long)s.Degrees, s.PValue, s.Smoothing])]),
                FamilyTables.Fit(
                    ("rows", (long)data.Rows), ("formula", data.Formula.Text), ("errors", fit.Covariance.Method), ("R squared", spread > 0 ? 1 - left / spread : null), ("residual standard deviation", Math.Sqrt(fit.Dispersion)),
                    ("effective degrees of freedom", fit.EffectiveDegrees), ("restricted log-likelihood", fit.Restricted)),
                .. Predictions(input, fit, atoms),
            ],
            Plots = [.. atoms.Select((a, s) => Drawn(fit, a, s, columns[s], data, level))],
            Rows = new RowPulls(Shapes(input, fit, columns), [[.. fit.Residuals]]),
            Limitations =
            [
                $"Curves are as bent as the data ask for (cubic regression splines, smoothing by restricted likelihood); {string.Join(", ", fit.Smooths.Select(s => $"{s.Name} takes {s.EffectiveDegrees:0.0} degrees of freedom"))}. Errors take rows as independent and equally spread, and the smoothing as known.",
                .. fit.Smooths.Where((s, i) => s.EffectiveDegrees > (atoms[i].Number ?? PenalisedSpline.UsualKnots) - 1.5).Select(s => $"{s.Name} uses nearly all its knots: give it more, as in s({atoms.First(a => a.Text == s.Name).Column}, 20), and see whether the curve changes."),
                .. fit.Converged ? [] : new[] { "The smoothing had not stood still when the search ended." },
            ],
            Explains = spread > 0 ? $"The model explains {Figures.Percent(Math.Max(0, 1 - left / spread), 0)} of the spread of {data.Outcome}." : string.Empty,
        };
    }

    private static List<FormulaAtom> Smooths(ModelData data) => [.. data.Formula.Terms.Where(t => t.Atoms[0].Function == "s").Select(t => t.Atoms[0])];

    private IEnumerable<GnomonError> Misfit(RegressOptions options, ModelData data)
    {
        foreach (var wrong in Validate(options))
        {
            yield return new GnomonError("options-conflict", $"A formula with s() does not read {wrong.Where!.Split(',')[0]}.", wrong.Where.Split(',')[0], "Write ns(column) for a natural spline of fixed columns, with which every option goes.");
        }

        if (options.Family is not ("auto" or "gaussian") || (options.Family == "auto" && (data.Event is not null || data.Offset is not null)))
        {
            yield return new GnomonError("options-conflict", $"s() is a curve of a linear model; the outcome {data.Outcome} asks for another family.", "--formula", "Write ns(column), or --family gaussian to model the number itself.");
        }

        if (data.Formula.Terms.FirstOrDefault(t => t.Atoms.Count > 1 && t.Atoms.Any(a => a.Function == "s")) is { } product)
        {
            yield return new GnomonError("bad-formula", $"{product.Text}: a smooth curve stands by itself, not in a product.", "--formula", "Write ns(column) in products.");
        }
    }

    private static IEnumerable<FamilyEffect> Straight(FamilyInput input, AdditiveFit fit)
    {
        var flat = new double[fit.Smooths.Count];
        foreach (var contrast in new DesignContrasts(input.Data with { Formula = Formula.Of(input.Data.Formula.Outcome, input.Data.Formula.Terms.Where(t => t.Atoms[0].Function != "s").Select(t => t.Atoms), input.Data.Formula.HasIntercept) }, input.Design).All())
        {
            if (input.Contrasts.Weights(contrast, [.. fit.Coefficients.Select(c => c.Term)]) is not { } weights)
            {
                continue;
            }

            // Only the straight columns move: the curves' part of the row is 0.
            var row = new double[fit.Covariance.Size];
            weights.CopyTo(row, 0);
            yield return new FamilyEffect(contrast.Column, contrast.Contrast, input.Data.Outcome, input.Data.Outcome, fit.At(row, contrast.Contrast, input.Options.Level), false, fit.Covariance.Method);
        }
    }

    // The straight columns and the curves as they came out: the bend of a curve is not asked about again.
    private static DesignMatrix Shapes(FamilyInput input, AdditiveFit fit, List<double[]> columns)
    {
        var straight = Enumerable.Range(0, input.Matrix.Columns).Select(j => input.Matrix.Column(j).ToArray());
        return new DesignMatrix([.. straight, .. columns.Select((c, s) => fit.Curve(s, c, input.Options.Level).Select(p => p.Value).ToArray())], [.. input.Matrix.Names, .. fit.Smooths.Select(s => s.Name)]);
    }

    private static FamilyEffect? Curve(AdditiveFit fit, FormulaAtom atom, int smooth, double[] values, ModelData data, double level)
    {
        var sorted = (double[])values.Clone();
        Array.Sort(sorted);
        var (low, high) = (sorted[(sorted.Length - 1) / 4], sorted[(sorted.Length - 1) * 3 / 4]);
        if (!(high > low))
        {
            return null;
        }

        var zero = new double[fit.Coefficients.Count];
        var at = Enumerable.Range(0, fit.Smooths.Count).Select(s => s == smooth ? high : data.Columns[Smooths(data)[s].Column].Numbers![0]).ToArray();
        var from = (double[])at.Clone();
        from[smooth] = low;
        var row = fit.Row(zero, at).Zip(fit.Row(zero, from), (a, b) => a - b).ToArray();
        var contrast = $"{atom.Column} from {EffectReader.Shown(low)} to {EffectReader.Shown(high)}";
        return new FamilyEffect(atom.Column, contrast, data.Outcome, data.Outcome, fit.At(row, contrast, level), false, fit.Covariance.Method);
    }

    private static Plot Drawn(AdditiveFit fit, FormulaAtom atom, int smooth, double[] values, ModelData data, double level)
    {
        var (low, high) = (values.Min(), values.Max());
        double[] at = [.. Enumerable.Range(0, DrawnPoints + 1).Select(k => low + (high - low) * k / DrawnPoints)];
        var points = fit.Curve(smooth, at, level).Select((c, k) => new BandPoint(at[k], c.Value, atom.Text, c.Low, c.High)).ToList();
        return new Plot($"curve-{smooth + 1}", $"{data.Outcome} over {atom.Column}, the other columns held", BandPlot.Build(points, atom.Column, $"{data.Outcome} against its mean", new PlotUnit(data.Outcome), fromZero: false));
    }

    private static IEnumerable<ResultTable> Predictions(FamilyInput input, AdditiveFit fit, List<FormulaAtom> atoms)
    {
        if (input.Options.Predict.Count == 0)
        {
            yield break;
        }

        var rows = new List<IReadOnlyList<object?>>();
        foreach (var text in input.Options.Predict)
        {
            var (at, columns) = PredictAt.Read(text, input.Data);
            var full = input.Design.Build(columns, 1);
            double[] straight = [.. fit.Coefficients.Select(c => full.Column(Array.IndexOf([.. full.Names], c.Term))[0])];
            var mean = fit.At(fit.Row(straight, [.. atoms.Select(a => columns[a.Column].Numbers![0])]), "prediction", input.Options.Level);
            var wide = (mean.High - mean.Value) / Math.Max(1e-300, mean.StandardError) * Math.Sqrt(mean.StandardError * mean.StandardError + fit.Dispersion);
            rows.Add([at, mean.Value, mean.Low, mean.High, mean.Value - wide, mean.Value + wide]);
        }

        yield return new ResultTable("predictions", "Predictions", ["at", "expected", "low", "high", "one new row, low", "one new row, high"], rows);
    }
}
