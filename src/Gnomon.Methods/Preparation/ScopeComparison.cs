using Gnomon.Numerics.Random;

namespace Gnomon.Methods.Preparation;

/// <summary>The same preparation in both orders: fitted on the whole table before it is split, and inside each fold.</summary>
/// <param name="Whole">The score where every step saw the rows that grade it.</param>
/// <param name="Inside">The score where no step did: the estimate.</param>
/// <param name="Gap">Whole less inside.</param>
/// <param name="Steps">For each step the gap where it alone saw the grading rows.</param>
/// <param name="Predictions">For each row the score of the model that did not learn from it, steps inside the folds.</param>
public sealed record ScopeComparison(FoldScore Whole, FoldScore Inside, ScoreGap Gap, IReadOnlyList<ScoreGap> Steps, IReadOnlyList<double> Predictions)
{
    /// <remarks>Source: Hastie, Tibshirani and Friedman 2009, section 7.10.2; Ambroise and McLachlan 2002, PNAS 99. Agrees with scikit-learn's Pipeline and cross_val_score on the same folds (tests/reference/preparation).</remarks>
    /// <param name="steps">The steps in their order.</param>
    /// <param name="columns">Columns of one length; NaN where there is no value.</param>
    /// <param name="target">0 and 1 for a logistic model graded by AUC; numbers for a linear one graded by R squared.</param>
    /// <param name="isLogistic">Which of them.</param>
    /// <param name="folds">The fold of each row, from 0, at least 2 of them, none empty.</param>
    /// <param name="cancellation">Ends the work between fits.</param>
    /// <exception cref="TooFewRowsException">A fold or its training rows are too few.</exception>
    /// <exception cref="NotEstimableException">A step or the model has no estimate.</exception>
    public static ScopeComparison Of(IReadOnlyList<PreparationStep> steps, IReadOnlyList<double[]> columns, double[] target, bool isLogistic, int[] folds, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(steps);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(folds);
        ArgumentOutOfRangeException.ThrowIfNotEqual(folds.Length, target.Length);
        var inside = Predict(new bool[steps.Count]);
        var graded = Grade(inside);
        bool[] everything = [.. steps.Select(_ => true)];
        var whole = steps.Count == 0 ? graded : Grade(Predict(everything));
        var alone = steps.Select((_, s) => steps.Count == 1 ? whole.Less(graded) : Grade(Predict([.. steps.Select((_, k) => k == s)])).Less(graded)).ToList();
        return new ScopeComparison(whole, graded, whole.Less(graded), alone, inside);

        FoldScore Grade(double[] scores) => isLogistic ? FoldScore.Auc(scores, target, folds) : FoldScore.RSquared(scores, target, folds);

        double[] Predict(bool[] seesAll)
        {
            var scores = new double[target.Length];
            for (var f = 0; f <= folds.Max(); f++)
            {
                cancellation.ThrowIfCancellationRequested();
                int[] training = [.. Enumerable.Range(0, folds.Length).Where(i => folds[i] != f)];
                var all = FittedPipeline.Fit(steps, columns, target, isLogistic, training, seesAll).Score(columns);
                for (var i = 0; i < folds.Length; i++)
                {
                    scores[i] = folds[i] == f ? all[i] : scores[i];
                }
            }

            return scores;
        }
    }

    /// <summary>Rows dealt to folds at random, so that every fold has its share of each class.</summary>
    /// <param name="target">0 and 1 where <paramref name="isBinary"/>; then folds are dealt within each.</param>
    /// <param name="isBinary">The target is a class.</param>
    /// <param name="count">Folds, at least 2.</param>
    /// <param name="seed">Same seed, same folds.</param>
    public static int[] Deal(ReadOnlySpan<double> target, bool isBinary, int count, long seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        var order = new int[target.Length];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        new Rng((ulong)seed).Stream("folds").Shuffle<int>(order);
        var folds = new int[order.Length];
        var dealt = 0;
        for (var group = 0; group < (isBinary ? 2 : 1); group++)
        {
            foreach (var i in order)
            {
                if (!isBinary || (target[i] > 0.5) == (group == 1))
                {
                    folds[i] = dealt++ % count;
                }
            }
        }

        return folds;
    }
}
