using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;

namespace Gnomon.Studies.Design.Simulated;

/// <summary>
/// A line (or curve) and what is left over: least squares, Huber's line, quantiles, smooth curves. What is left over travels with its row, so unequal spread and likeness within
/// clusters stay as in history, and estimates that move with the outcome, as all of these do, have exactly the wanted coefficient in the population that is drawn from.
/// </summary>
/// <param name="history">The fit.</param>
/// <param name="fitted">Value of the line in every row.</param>
/// <param name="residuals">Outcome less line; for least squares widened for the coefficients it was fitted with.</param>
/// <param name="blur">Standard deviation of normal noise that is added to each, so that rows drawn twice differ; 0 for none.</param>
/// <param name="test">p of the coefficient in drawn rows.</param>
/// <param name="method">The test in words.</param>
/// <param name="about">What moves: <c>the mean</c>, <c>the median</c>.</param>
internal sealed class LocationSimulation(
    FittedHistory history, double[] fitted, double[] residuals, double blur, Func<RowSample, double[], double?> test, string method, string about) : ModelSimulation(history)
{
    public override string Method => method;

    public override string Metric => about;

    protected override double[] Outcomes(RowSample sample, Rng rng, double shift)
    {
        var x = History.Matrix.Column(History.Focus);
        var y = new double[sample.Rows.Length];
        for (var i = 0; i < y.Length; i++)
        {
            var row = sample.Rows[i];
            y[i] = fitted[row] + shift * x[row] + residuals[row];
        }

        if (blur > 0)
        {
            for (var i = 0; i < y.Length; i++)
            {
                y[i] += blur * rng.NextNormal();
            }
        }

        return y;
    }

    protected override double? PValue(RowSample sample, double[] y) => test(sample, y);

    protected override string Drawn => $"{(History.Noun == "rows" ? "Rows are" : $"Whole {History.Noun} are")} drawn with replacement, and what the model leaves over travels with its row, so unequal spread stays as it is{(blur > 0 ? $"; noise of {Figures.Number(blur)} (half of Silverman's bandwidth) keeps rows that are drawn twice apart" : string.Empty)}.";
}
