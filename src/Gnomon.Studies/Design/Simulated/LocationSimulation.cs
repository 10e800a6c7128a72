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

    private bool IsGrouped => History.Noun != "rows";

    protected override double[] Outcomes(RowSample sample, Rng rng, double shift)
    {
        var x = History.Matrix.Column(History.Focus);
        var y = new double[sample.Rows.Length];
        for (var i = 0; i < y.Length; i++)
        {
            var row = sample.Rows[i];
            y[i] = fitted[row] + shift * x[row] + residuals[row];
        }

        if (IsGrouped)
        {
            // One sign for each drawn group: a few groups' leftovers would else go along with their columns by chance, in every data set alike (Wu 1986, Annals of Statistics 14).
            var sign = 1.0;
            for (var i = 0; i < y.Length; i++)
            {
                sign = i > 0 && sample.Units[i] == sample.Units[i - 1] ? sign : rng.NextDouble() < 0.5 ? -1 : 1;
                y[i] += (sign - 1) * residuals[sample.Rows[i]];
            }
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

    protected override string Drawn => $"{(IsGrouped ? $"Whole {History.Noun} are" : "Rows are")} drawn with replacement, and what the model leaves over travels with its row, so unequal spread stays as it is{(IsGrouped ? "; its sign is drawn for each group" : string.Empty)}{(blur > 0 ? $"; noise of {Figures.Number(blur)} (half of Silverman's bandwidth) keeps rows that are drawn twice apart" : string.Empty)}.";
}
