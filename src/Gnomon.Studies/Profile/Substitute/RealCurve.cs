using Gnomon.Methods.Data;
using Gnomon.Methods.Inference;
using Gnomon.Methods;
using Gnomon.Numerics.Random;

namespace Gnomon.Studies.Profile.Substitute;

/// <summary>What fewer or more real rows cost or bring: models of several sizes, each tested on rows that none of its fold has seen.</summary>
internal static class RealCurve
{
    private const int Sizes = 5;
    private const double FewestEvents = 5;
    private const int Repeats = 4;

    /// <param name="rows">Both files.</param>
    /// <param name="folds">Fold of each real row.</param>
    /// <param name="options">Seed, level and threads.</param>
    /// <returns>Null where the rows are too few for models of two sizes.</returns>
    public static LearningCurveFit? Of(SubstituteRows rows, int[] folds, ProfileOptions options)
    {
        var rng = new Rng((ulong)options.Seed).Stream("learning-curve");
        var rate = rows.RealTarget.Count(t => t) / (double)rows.RealTarget.Length;
        var fewest = (int)Math.Ceiling(FewestEvents * (rows.Names.Length + 1) / Math.Max(1e-9, Math.Min(rate, 1 - rate)));
        var points = new List<LearningPoint>();
        var variance = 0.0;
        for (var fold = 0; fold < SubstituteQuality.FoldCount; fold++)
        {
            var (test, train) = (SubstituteQuality.Rows(folds, f => f == fold), SubstituteQuality.Rows(folds, f => f != fold));
            rng.Shuffle<int>(train);
            for (var step = 0; step < Sizes; step++)
            {
                var size = train.Length >> step;
                if (step > 0 && size < fewest)
                {
                    break;
                }

                for (var repeat = 0; repeat < Math.Min(Repeats, 1 << step); repeat++)
                {
                    var taken = train.AsSpan(repeat * size, size).ToArray();
                    if (Area(rows, taken, test, options) is { } area)
                    {
                        points.Add(new LearningPoint(fold, size, area.Auc));
                        variance += step == 0 ? area.StandardError * area.StandardError / (SubstituteQuality.FoldCount * SubstituteQuality.FoldCount) : 0;
                    }
                }
            }
        }

        try
        {
            return LearningCurve.Fit(points, Math.Sqrt(variance));
        }
        catch (Exception e) when (e is NotEstimableException or TooFewRowsException)
        {
            return null;
        }
    }

    private static AucResult? Area(SubstituteRows rows, int[] train, int[] test, ProfileOptions options)
    {
        var held = Array.ConvertAll(test, i => rows.RealTarget[i]);
        return held.Count(t => t) < 2 || LogisticScores.Fit(rows.Real, rows.RealTarget, train, options.Threads) is not { } beta
            ? null
            : SubstituteQuality.Area(LogisticScores.Score(rows.Real, beta, test), held, options.Level);
    }
}
