using System.Globalization;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Methods.Regression;

namespace Gnomon.Studies.Regress.Families;

/// <summary>How quantiles of the outcome move: the slow tail, the median, whatever the mean hides.</summary>
internal sealed class QuantileFamily : ModelFamily
{
    private const int MostQuantiles = 9;

    public override string Name => "quantile";

    public override bool ReadsOrder => true;

    public override IEnumerable<GnomonError> Validate(RegressOptions options)
    {
        foreach (var wrong in base.Validate(options))
        {
            yield return wrong;
        }

        if (options.Quantile.Count > MostQuantiles || Array.Exists([.. options.Quantile.Select(Parse)], q => !(q is > 0 and < 1)) || options.Quantile.Distinct().Count() < options.Quantile.Count)
        {
            yield return new GnomonError("option-out-of-range", $"--quantile takes up to {MostQuantiles} different numbers between 0 and 1; got {string.Join(",", options.Quantile)}.", "--quantile", "Write --quantile 0.5 for the median, or --quantile 0.5,0.9.");
        }
    }

    public override FamilyFit Fit(FamilyInput input)
    {
        double[] taus = input.Options.Quantile.Count == 0 ? [0.5] : [.. input.Options.Quantile.Select(Parse)];
        var fits = taus.Select(t => QuantileRegression.Fit(input.Matrix, input.Data.Y, t, input.Options.Level)).ToList();
        var effects = fits.SelectMany((f, i) => FamilyTables.Effects(input, f.Coefficients, f.Covariance, About(f.Tau, input.Data.Outcome), input.Data.Outcome, false, $"quantile regression at {Shown(f.Tau)}, {f.Covariance.MethodOf([])}")
            .Select(e => e with { IsBeside = i > 0, Beside = taus.Length == 1 ? null : f.Tau == 0.5 ? "median" : $"{Shown(100 * f.Tau)} % quantile" })).ToList();
        var main = fits[0];
        return new FamilyFit
        {
            Effects = effects,
            Terms = [.. main.Coefficients.Select(c => c.Term)],
            SetAside = main.SetAside,
            Tables =
            [
                .. fits.Select((f, i) => FamilyTables.Coefficients(f.Coefficients, $"Coefficients of {About(f.Tau, input.Data.Outcome)}", i == 0 ? "coefficients" : $"coefficients-{i + 1}")),
                FamilyTables.Fit(
                [
                    ("rows", (long)input.Data.Rows), ("formula", input.Data.Formula.Text), ("errors", main.Covariance.MethodOf([])),
                    .. fits.Select(f => ($"fall of the weighted absolute error at {Shown(f.Tau)}", (object?)Gain(f))),
                ]),
            ],
            Plots = [.. Process(input, fits)],
            Evidence = [.. new[] { FamilyTables.Overlap(input, main.Coefficients) }.OfType<Core.Checks.IEvidence>()],
            Rows = new RowPulls(input.Matrix, [.. fits.Select(f => (double[])[.. f.Scores])]),
            Limitations =
            [
                $"The model is of {About(main.Tau, input.Data.Outcome)}: {Figures.Percent(main.Tau)} of rows are to lie below its line, given the columns. Errors allow rows to spread unequally.",
                .. main.IsSpread ? [$"{input.Data.Outcome} repeats in most rows: each value is spread evenly from half-way to the value below it to half-way to the value above it, so that a quantile can lie between the values that occur."] : Array.Empty<string>(),
                .. Crossing(input, fits),
            ],
            Explains = Gain(main) is { } gain ? $"The columns take {Figures.Percent(gain, 0)} off the absolute error around that quantile." : string.Empty,
            Predicts = [.. fits.SelectMany(f => new[] { About(f.Tau, input.Data.Outcome), $"low{(fits.Count > 1 ? $", {Shown(f.Tau)}" : string.Empty)}", $"high{(fits.Count > 1 ? $", {Shown(f.Tau)}" : string.Empty)}" })],
            Predict = row => fits.SelectMany(f => Cells(FamilyTables.Predict(row, f.Coefficients, f.Covariance, input.Options.Level))),
        };
    }

    private static IEnumerable<object?> Cells((double Value, Numerics.Interval Interval) at) => [at.Value, at.Interval.Low, at.Interval.High];

    /// <summary>The quantile that effects are read from.</summary>
    internal static double First(RegressOptions options) => options.Quantile.Count == 0 ? 0.5 : Parse(options.Quantile[0]);

    private static double Parse(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var q) ? q : double.NaN;

    private static string Shown(double tau) => tau.ToString("0.####", CultureInfo.InvariantCulture);

    internal static string About(double tau, string outcome) => tau == 0.5 ? $"the median of {outcome}" : $"the {Shown(100 * tau)} % quantile of {outcome}";

    // Koenker and Machado 1999: share of the weighted absolute error around the plain quantile that the columns take away.
    private static double? Gain(QuantileFit fit) => fit.ConstantObjective > 0 ? Math.Clamp(1 - fit.Objective / fit.ConstantObjective, 0, 1) : null;

    private static IEnumerable<string> Crossing(FamilyInput input, List<QuantileFit> fits)
    {
        var ordered = fits.OrderBy(f => f.Tau).ToList();
        for (var i = 1; i < ordered.Count; i++)
        {
            var low = FamilyTables.Fitted(input.Matrix, ordered[i - 1].Coefficients);
            var high = FamilyTables.Fitted(input.Matrix, ordered[i].Coefficients);
            var crossed = Enumerable.Range(0, low.Length).Count(r => high[r] < low[r] - 1e-9 * Math.Abs(low[r]));
            if (crossed > 0)
            {
                yield return $"In {Figures.Count(crossed, "row")} the line of the {Shown(100 * ordered[i].Tau)} % quantile lies below that of the {Shown(100 * ordered[i - 1].Tau)} % quantile, which no distribution allows: straight lines are too stiff there.";
            }
        }
    }

    // How an effect changes from quantile to quantile: flat where the whole distribution moves together.
    private static IEnumerable<Plot> Process(FamilyInput input, List<QuantileFit> fits)
    {
        if (fits.Count < 2)
        {
            yield break;
        }

        foreach (var (contrast, place) in input.Contrasts.All().Take(6).Select((c, i) => (c, i)))
        {
            var rows = new List<IntervalRow>();
            foreach (var f in fits.OrderBy(f => f.Tau))
            {
                if (input.Contrasts.Weights(contrast, [.. f.Coefficients.Select(c => c.Term)]) is { } weights)
                {
                    var e = f.Covariance.Contrast(f.Coefficients.Select(c => c.Value).ToArray(), weights, contrast.Contrast, input.Options.Level);
                    rows.Add(new IntervalRow($"{Shown(100 * f.Tau)} %", e.Value, e.Low, e.High));
                }
            }

            if (rows.Count > 1)
            {
                yield return new Plot($"quantiles-{place + 1}", $"{contrast.Column}: {contrast.Contrast}, by quantile", IntervalPlot.Build(rows, $"effect on the quantile of {input.Data.Outcome}", new PlotUnit(input.Data.Outcome, Change: true)));
            }
        }
    }
}
