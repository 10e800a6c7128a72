using Gnomon.Methods.Regression;
using Gnomon.Numerics.Random;

namespace Gnomon.Studies.Design.Simulated;

/// <summary>Categories drawn from a multinomial model with one log odds ratio set: that of one column, for one category against the most frequent one of history.</summary>
internal sealed class MultinomialSimulation : ModelSimulation
{
    private readonly double[][] _predictors;
    private readonly int _category;
    private readonly string _first;
    private readonly string _named;
    private readonly double _centre;

    /// <param name="history">Rows, with the codes of the outcome as <c>Y</c>, the most frequent category 0.</param>
    /// <param name="fit">The fit to them.</param>
    /// <param name="category">The category that the effect belongs to, from 1.</param>
    /// <param name="names">Names of the categories, the first one first.</param>
    public MultinomialSimulation(FittedHistory history, MultinomialFit fit, int category, IReadOnlyList<string> names)
        : base(history)
    {
        _category = category;
        (_first, _named) = (names[0], names[category]);
        _predictors = [.. fit.Coefficients.Select(c => history.Predictor([.. c.Select(e => e.Value)]))];
        _centre = history.Matrix.Intercept >= 0 ? Numerics.Moments.MeanVariance(history.Matrix.Column(history.Focus)).Mean : 0;
    }

    public override bool IsRatio => true;

    public override string Method => $"Wald test of {History.Label} in a multinomial logistic model, {_named} rather than {_first}";

    protected override string Multiplied => $"the odds of {_named} rather than {_first}";

    protected override double[] Outcomes(RowSample sample, Rng rng, double shift)
    {
        var x = History.Matrix.Column(History.Focus);
        var y = new double[sample.Rows.Length];
        var weights = new double[_predictors.Length];
        for (var i = 0; i < y.Length; i++)
        {
            var row = sample.Rows[i];
            var most = 0.0;
            for (var c = 0; c < weights.Length; c++)
            {
                weights[c] = _predictors[c][row] + (c == _category - 1 ? shift * (x[row] - _centre) : 0);
                most = Math.Max(most, weights[c]);
            }

            var total = Math.Exp(-most);
            for (var c = 0; c < weights.Length; c++)
            {
                total += weights[c] = Math.Exp(weights[c] - most);
            }

            var left = rng.NextDouble() * total;
            for (var c = 0; c < weights.Length && y[i] == 0; c++)
            {
                left -= weights[c];
                y[i] = left < 0 ? c + 1 : 0;
            }
        }

        return y;
    }

    protected override double? PValue(RowSample sample, double[] y)
    {
        var fit = MultinomialLogit.Fit(History.Rows(sample.Rows), Array.ConvertAll(y, v => (int)v), _predictors.Length + 1);
        return fit.Coefficients[_category - 1].FirstOrDefault(c => c.Term == History.Label)?.PValue;
    }

    protected override string Drawn => $"Rows are drawn with replacement, and their category from the fitted chances, with the odds of {_named} turned about the mean of {History.Label}. Data sets in which a category is missing count as finding nothing.";
}
