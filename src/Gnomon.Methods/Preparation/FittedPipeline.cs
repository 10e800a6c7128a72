using Gnomon.Methods.Regression;

namespace Gnomon.Methods.Preparation;

/// <summary>Fitted steps and the model behind them: all that new rows need.</summary>
/// <param name="Steps">In their order.</param>
/// <param name="IsLogistic">The model is a logistic regression; a linear one otherwise.</param>
/// <param name="Intercept">Its constant.</param>
/// <param name="Coefficients">One for each column that the steps leave.</param>
public sealed record FittedPipeline(IReadOnlyList<FittedStep> Steps, bool IsLogistic, double Intercept, IReadOnlyList<double> Coefficients)
{
    /// <summary>Fits steps and model, each step on the rows of its own scope; the model always on the training rows.</summary>
    /// <param name="steps">The steps.</param>
    /// <param name="columns">Columns of one length; NaN where there is no value.</param>
    /// <param name="target">0 and 1 for a logistic model, numbers otherwise.</param>
    /// <param name="isLogistic">Which model.</param>
    /// <param name="training">The rows that may be learned from.</param>
    /// <param name="seesAll">For each step whether it learns from every row instead: the mistake that is measured.</param>
    /// <exception cref="TooFewRowsException">Fewer rows than columns that the steps leave.</exception>
    /// <exception cref="NotEstimableException">Gaps are left before a step or the model that cannot bear them, or the model has no estimate.</exception>
    public static FittedPipeline Fit(IReadOnlyList<PreparationStep> steps, IReadOnlyList<double[]> columns, ReadOnlySpan<double> target, bool isLogistic, int[] training, ReadOnlySpan<bool> seesAll)
    {
        ArgumentNullException.ThrowIfNull(steps);
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(training);
        int[] all = [.. Enumerable.Range(0, target.Length)];
        var fitted = new List<FittedStep>();
        for (var s = 0; s < steps.Count; s++)
        {
            fitted.Add(FittedStep.Fit(steps[s], columns, target, isLogistic, seesAll.Length > s && seesAll[s] ? all : training));
            columns = fitted[^1].Apply(columns);
        }

        var x = columns.Select(c => Array.ConvertAll(training, i => c[i])).ToList();
        if (x.FindIndex(c => Array.Exists(c, double.IsNaN)) is var gap and >= 0)
        {
            throw new NotEstimableException($"Column {gap + 1} of the model has gaps; fill them in a step before.");
        }

        var y = new double[training.Length];
        for (var k = 0; k < y.Length; k++)
        {
            y[k] = target[training[k]];
        }

        var names = Enumerable.Range(0, x.Count).Select(j => FormattableString.Invariant($"c{j}")).ToList();
        var design = DesignMatrix.WithIntercept(x, names, y.Length);
        if (x.Count + 1 >= y.Length)
        {
            throw new TooFewRowsException($"The training rows of a model with {x.Count} columns", y.Length, x.Count + 2);
        }

        RegressionFit fit = isLogistic ? GeneralisedLinearModel.Fit(design, y) : LeastSquares.Fit(design, y);
        var coefficients = new double[x.Count];
        for (var t = 0; t < fit.Design.Columns; t++)
        {
            var name = fit.Design.Names[t];
            if (name != DesignMatrix.InterceptName)
            {
                coefficients[int.Parse(name.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture)] = fit.Coefficients[t];
            }
        }

        return new FittedPipeline([.. fitted], isLogistic, fit.Coefficients[fit.IndexOf(DesignMatrix.InterceptName)], coefficients);
    }

    /// <summary>The linear predictor of every row: the log odds of a logistic model, the value of a linear one.</summary>
    /// <param name="columns">Columns as they were before the first step; NaN where there is no value.</param>
    public double[] Score(IReadOnlyList<double[]> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        foreach (var step in Steps)
        {
            columns = step.Apply(columns);
        }

        var scores = new double[columns.Count > 0 ? columns[0].Length : 0];
        Array.Fill(scores, Intercept);
        for (var j = 0; j < columns.Count; j++)
        {
            for (var i = 0; i < scores.Length; i++)
            {
                scores[i] += Coefficients[j] * columns[j][i];
            }
        }

        return scores;
    }
}
