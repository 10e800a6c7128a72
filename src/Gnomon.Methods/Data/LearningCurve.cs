using Gnomon.Methods.Inference;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Data;

/// <summary>What a model scored on rows that it did not see, after learning from some rows.</summary>
/// <param name="Fold">Rows held out together, 0 up: models of one fold are tested on the same rows.</param>
/// <param name="Rows">Rows it learned from.</param>
/// <param name="Score">Its score; larger is better.</param>
public readonly record struct LearningPoint(int Fold, int Rows, double Score);

/// <summary>A score as a function of the rows learned from.</summary>
/// <param name="Rows">Rows of the largest models.</param>
/// <param name="Score">Their mean score.</param>
/// <param name="ScoreError">Standard error of that mean by the rows of the test, which every size shares.</param>
/// <param name="Slope">Score lost per unit of 1/rows.</param>
/// <param name="SlopeError">Its standard error.</param>
public sealed record LearningCurveFit(int Rows, double Score, double ScoreError, double Slope, double SlopeError)
{
    /// <summary>Score with endless rows.</summary>
    public double Plateau => Score + Slope / Rows;

    /// <summary>Expected score of a model that learns from so many rows, with its standard error.</summary>
    /// <param name="rows">Rows, at least 1.</param>
    public (double Score, double Error) At(double rows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        var move = 1.0 / Rows - 1 / rows;
        return (Score + Slope * move, Math.Sqrt(ScoreError * ScoreError + move * move * SlopeError * SlopeError));
    }

    /// <summary>Interval of <see cref="At"/>.</summary>
    /// <param name="rows">Rows, at least 1.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    public Numerics.Interval Interval(double rows, double level = 0.95)
    {
        InferenceGuard.Level(level);
        var (score, error) = At(rows);
        var half = Normal.UpperQuantile((1 - level) / 2) * error;
        return new(score - half, score + half);
    }

    /// <summary>Rows from which on the expected score is within <paramref name="loss"/> of the plateau; 1 where fewer rows cost nothing.</summary>
    public double RowsWithin(double loss) => Slope <= 0 ? 1 : Math.Max(1, Slope / loss);
}

/// <summary>Learning curve of a model with a fixed number of parameters: what it loses by its rows falls with one over their number.</summary>
/// <remarks>
/// Sources: Amari and Murata 1993 for the law 1/n of models fitted by maximum likelihood; Viering and Loog 2022 for curves in general; Nadeau and Bengio 2003 for the variance over folds, whose
/// training rows overlap. The slope is the mean over folds of score differences to the largest size over differences of 1/n, weighted by n: small sizes, where the law bends, count little.
/// </remarks>
public static class LearningCurve
{
    /// <param name="points">Scores of several sizes in each of at least 3 folds; a size may occur several times within a fold. The largest size must occur in every fold.</param>
    /// <param name="scoreError">Standard error of the mean score of the largest models by the rows they were tested on.</param>
    /// <param name="testShare">Rows of a test over rows of the training, for the overlap of folds; 0.25 for five folds.</param>
    /// <exception cref="TooFewRowsException">Fewer than 3 folds.</exception>
    /// <exception cref="NotEstimableException">One size only.</exception>
    public static LearningCurveFit Fit(IReadOnlyList<LearningPoint> points, double scoreError, double testShare = 0.25)
    {
        ArgumentNullException.ThrowIfNull(points);
        if (!(scoreError >= 0) || !(testShare >= 0))
            throw new ArgumentOutOfRangeException(nameof(scoreError), scoreError, "Errors and shares are 0 or more.");
        var folds = new SortedDictionary<int, List<LearningPoint>>();
        var sizes = new HashSet<int>();
        foreach (var p in points)
        {
            InferenceGuard.Finite(p.Score, nameof(points));
            ArgumentOutOfRangeException.ThrowIfLessThan(p.Rows, 1, nameof(points));
            if (!folds.TryGetValue(p.Fold, out var list))
                folds[p.Fold] = list = [];
            list.Add(p);
            sizes.Add(p.Rows);
        }
        if (folds.Count < 3)
            throw new TooFewRowsException("The number of folds", folds.Count, 3);
        if (sizes.Count < 2)
            throw new NotEstimableException("Models of one size only: nothing can be said of others.");
        double top = 0, rows = 0;
        var slopes = new List<double>();
        foreach (var fold in folds.Values)
        {
            var (largest, best, count) = Largest(fold);
            top += best / count / folds.Count;
            rows += (double)largest / folds.Count;
            double products = 0, squares = 0;
            foreach (var p in fold)
            {
                var x = 1.0 / p.Rows - 1.0 / largest;
                products += p.Rows * x * (best / count - p.Score);
                squares += p.Rows * x * x;
            }
            if (squares > 0)
                slopes.Add(products / squares);
        }
        if (slopes.Count < 3)
            throw new TooFewRowsException("The number of folds with several sizes", slopes.Count, 3);
        double mean = 0, spread = 0;
        foreach (var s in slopes)
            mean += s / slopes.Count;
        foreach (var s in slopes)
            spread += (s - mean) * (s - mean) / (slopes.Count - 1);
        return new((int)Math.Round(rows), top, scoreError, mean, Math.Sqrt(spread * (1.0 / slopes.Count + testShare)));
    }

    static (int Rows, double Sum, int Count) Largest(List<LearningPoint> fold)
    {
        var rows = 0;
        double sum = 0;
        var count = 0;
        foreach (var p in fold)
        {
            if (p.Rows > rows)
                (rows, sum, count) = (p.Rows, 0, 0);
            if (p.Rows == rows)
                (sum, count) = (sum + p.Score, count + 1);
        }
        return (rows, sum, count);
    }
}
