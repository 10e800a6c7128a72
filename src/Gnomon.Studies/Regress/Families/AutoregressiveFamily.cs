using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Evidence.Regression;
using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Methods.Regression;

namespace Gnomon.Studies.Regress.Families;

/// <summary>A line through a series whose errors remember the row before: generalised least squares, asked for by --errors ar1.</summary>
internal sealed class AutoregressiveFamily : ModelFamily
{
    private const int MostLags = 20;

    public override string Name => "ar1";

    public override bool TakesTime => true;

    public override IEnumerable<GnomonError> Validate(RegressOptions options)
    {
        foreach (var wrong in base.Validate(options))
        {
            yield return wrong;
        }

        if (options.Family is not ("auto" or "gaussian"))
        {
            yield return new GnomonError("options-conflict", $"--errors ar1 is for a linear model; this one is {options.Family}.", "--errors, --family", "Leave out --family, or write --errors har.");
        }
    }

    public override FamilyFit Fit(FamilyInput input)
    {
        var (data, level) = (input.Data, input.Options.Level);
        if (data.Times < data.Rows)
        {
            throw new GnomonError("several-rows-per-time", $"Several rows share a value of {input.Options.Time}: errors of the row before need one series.", "--time", "Keep one series with --where, or name what the rows belong to with --cluster.");
        }

        var fit = AutoregressiveErrors.Fit(input.Matrix, data.Y, 1, AutoregressiveMethod.RestrictedLikelihood, level);
        var rho = fit.Autoregression[0];
        var method = fit.Covariance.Method;
        var plain = LeastSquares.Fit(input.Matrix, data.Y, threads: input.Threads);
        var plainRows = RobustErrors.Heteroskedastic(plain, HcKind.Hc3, input.Threads).Table(plain, level);
        var lags = Math.Max(1, Math.Min(MostLags, data.Rows / 4));
        return new FamilyFit
        {
            Effects = [.. FamilyTables.Effects(input, fit.Coefficients, fit.Covariance, data.Outcome, data.Outcome, false, method)],
            Terms = [.. fit.Coefficients.Select(c => c.Term)],
            SetAside = fit.SetAside,
            Tables =
            [
                FamilyTables.Coefficients(fit.Coefficients, "Coefficients"),
                FamilyTables.Coefficients(plainRows, "The same by least squares, rows independent (HC3 errors)", "least-squares"),
                FamilyTables.Fit(("rows", (long)data.Rows), ("formula", data.Formula.Text), ("errors", method), ("memory of the row before", rho), ("standard deviation around the line", fit.Sigma), ("standard deviation of what each row adds", fit.InnovationSigma), ("log-likelihood", fit.LogLikelihood)),
            ],
            Plots = [new Plot("autocorrelation", "Do the innovations remember?", BarPlot.Build([.. SerialCorrelation.Autocorrelations(fit.Innovations.ToArray(), lags).Select((v, i) => new Bar($"lag {i + 1}", v))], "autocorrelation", new PlotUnit("number")))],
            Evidence = [.. new IEvidence?[] { Serial(input, fit, plain), FamilyTables.Overlap(input, fit.Coefficients) }.OfType<IEvidence>()],
            Limitations =
            [
                $"Errors keep {rho:0.00} of the row before ({method}). What is unsure about that share is not in the errors: in series of a few dozen rows steps and trends look surer than they are.",
                .. fit.Converged ? [] : new[] { "The share of the row before had not stood still when the search ended." },
                .. Math.Abs(rho) > 0.95 ? new[] { "The errors hardly return to the line: take differences of the outcome and the columns, and see whether the answer stays." } : [],
            ],
            Predicts = ["expected, the memory of earlier rows aside", "low", "high"],
            Predict = row =>
            {
                var (value, interval) = FamilyTables.Predict(row, fit.Coefficients, fit.Covariance, level);
                return [value, interval.Low, interval.High];
            },
        };
    }

    // Judged on what is left once the memory is taken off: the order is respected, and a second memory shows here.
    private static SerialResiduals Serial(FamilyInput input, AutoregressiveFit fit, LinearFit plain)
    {
        var innovations = fit.Innovations.ToArray();
        var lags = Math.Max(2, Math.Min(10, innovations.Length / 5));
        var change = Enumerable.Range(1, innovations.Length - 1).Sum(t => Math.Pow(innovations[t] - innovations[t - 1], 2)) / innovations.Sum(v => v * v);
        var errors = RobustErrors.Heteroskedastic(plain, HcKind.Hc1);
        var ratio = Enumerable.Range(0, fit.Coefficients.Count).Where(j => j != plain.Design.Intercept && errors.StandardError(j) > 0).Select(j => fit.Covariance.StandardError(j) / errors.StandardError(j)).DefaultIfEmpty(1).Max();
        var box = SerialCorrelation.LjungBox(innovations, lags, 1);
        return new SerialResiduals
        {
            Outcome = input.Data.Outcome, Time = input.Options.Time!, Rows = innovations.Length, FirstAutocorrelation = SerialCorrelation.Autocorrelations(innovations, 1)[0], DurbinWatson = change, DurbinWatsonP = box.PValue, LjungBoxP = box.PValue,
            Lags = lags, ErrorRatio = ratio, ErrorsRespectOrder = true,
        };
    }
}
