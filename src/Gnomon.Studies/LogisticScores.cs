using Gnomon.Methods;
using Gnomon.Methods.Inference;
using Gnomon.Methods.Regression;

namespace Gnomon.Studies;

/// <summary>Logistic regression on some rows, and its scores for others.</summary>
internal static class LogisticScores
{
    /// <summary>Coefficients, intercept first, of the rows named; null where they cannot be estimated.</summary>
    public static double[]? Fit(double[][] features, bool[] target, int[] rows, int? threads)
    {
        var y = Array.ConvertAll(rows, i => target[i] ? 1.0 : 0.0);
        try
        {
            var design = DesignMatrix.WithIntercept([.. features.Select(f => Array.ConvertAll(rows, i => f[i]))], rows: rows.Length);
            var fit = GeneralisedLinearModel.Fit(design, y, new GlmOptions { Threads = threads });
            var beta = new double[features.Length + 1];
            for (var j = 0; j < fit.Coefficients.Count; j++)
            {
                beta[design.Names.ToList().IndexOf(fit.Design.Names[j])] = fit.Coefficients[j];
            }

            return beta;
        }
        catch (Exception e) when (e is NotEstimableException or TooFewRowsException)
        {
            return null;
        }
    }

    /// <summary>Log odds of the rows named.</summary>
    public static double[] Score(double[][] features, double[] beta, int[] rows)
    {
        var scores = new double[rows.Length];
        Array.Fill(scores, beta[0]);
        for (var j = 0; j < features.Length; j++)
        {
            var (column, b) = (features[j], beta[j + 1]);
            for (var i = 0; b != 0 && i < rows.Length; i++)
            {
                scores[i] += b * column[rows[i]];
            }
        }

        return scores;
    }

    /// <summary>Folds with the same share of the target in each; <paramref name="folds"/> of them.</summary>
    public static int[] Folds(bool[] target, int folds, long seed) => Methods.Data.DomainClassifier.Folds(target, folds, (ulong)seed);
}
