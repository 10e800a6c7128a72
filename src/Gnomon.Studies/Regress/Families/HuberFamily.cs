using Gnomon.Core.Checks;
using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Methods.Regression;
using Gnomon.Numerics;

namespace Gnomon.Studies.Regress.Families;

/// <summary>A line that far rows cannot pull: Huber's M-estimate, beside what least squares would have said.</summary>
internal sealed class HuberFamily : ModelFamily
{
    private const double Light = 0.5;
    private const int MostShown = 5;

    public override string Name => "huber";

    public override bool ReadsOrder => true;

    public override FamilyFit Fit(FamilyInput input)
    {
        var (data, level) = (input.Data, input.Options.Level);
        var fit = HuberRegression.Fit(input.Matrix, data.Y, level: level);
        var plain = LeastSquares.Fit(input.Matrix, data.Y);
        var plainErrors = RobustErrors.Heteroskedastic(plain, HcKind.Hc3, input.Threads).Table(plain, level);
        var fitted = FamilyTables.Fitted(input.Matrix, fit.Coefficients);
        var order = Enumerable.Range(0, data.Rows).OrderBy(i => fit.Weights[i]).ThenBy(i => i).ToList();
        var light = fit.Weights.Count(w => w < Light);
        return new FamilyFit
        {
            Effects = [.. FamilyTables.Effects(input, fit.Coefficients, fit.Covariance, data.Outcome, data.Outcome, false, $"{fit.Covariance.MethodOf([])}, limit 1.345 scales")],
            Terms = [.. fit.Coefficients.Select(c => c.Term)],
            SetAside = fit.SetAside,
            Tables =
            [
                FamilyTables.Coefficients(fit.Coefficients, "Coefficients"),
                FamilyTables.Coefficients(plainErrors, "The same by least squares (HC3 errors)", "least-squares"),
                FamilyTables.Fit(("rows", (long)data.Rows), ("formula", data.Formula.Text), ("errors", $"{fit.Covariance.MethodOf([])}, limit 1.345 scales"), ("residual scale", fit.Scale), ("rows with a weight below 1", (long)fit.Weights.Count(w => w < 1)), ("smallest weight", fit.Weights.Min())),
                new ResultTable("light-rows", "Rows that count least", ["row", data.Outcome, "expected", "weight"],
                    [.. order.Take(MostShown).Where(i => fit.Weights[i] < 1).Select(i => (IReadOnlyList<object?>)[data.Source[i] + 1L, data.Y[i], fitted[i], fit.Weights[i]])]),
            ],
            Plots = [Weights(fit)],
            Evidence = [.. new IEvidence?[] { FamilyTables.Overlap(input, fit.Coefficients) }.OfType<IEvidence>()],
            Rows = new RowPulls(input.Matrix, [[.. fit.Weights.Select((w, i) => w * (data.Y[i] - fitted[i]))]]),
            Limitations =
            [
                $"Rows far from the line count less: {Figures.Count(fit.Weights.Count(w => w < 1), "row")} of {Figures.Count(data.Rows)} less than fully, {Figures.Count(light)} less than half. Rows that are far out in the columns themselves still pull.",
                .. fit.Converged ? [] : new[] { "The weights had not stood still after 500 rounds: read the coefficients with care." },
            ],
            Predicts = ["expected", "low", "high"],
            Predict = row =>
            {
                var (value, interval) = FamilyTables.Predict(row, fit.Coefficients, fit.Covariance, level);
                return [value, interval.Low, interval.High];
            },
        };
    }

    private static Plot Weights(HuberFit fit)
    {
        var bins = new long[10];
        foreach (var w in fit.Weights)
        {
            bins[Math.Min(9, (int)(w * 10))]++;
        }

        return new Plot("weights", "How much rows count", HistogramPlot.Build([.. bins.Select((c, i) => new HistogramBin(i / 10.0, (i + 1) / 10.0, c))], "weight", new PlotUnit("number")));
    }
}
