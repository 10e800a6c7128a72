using Gnomon.Methods.Regression;
using Gnomon.Numerics.Random;

namespace Gnomon.Methods.Data;

/// <summary>Out-of-fold class probabilities of one of three small models.</summary>
/// <param name="Probabilities">Row by row, one per class, brought to the labels.</param>
/// <param name="Clean">Probabilities of the classes behind the labels, wrong labels allowed for.</param>
/// <param name="Model">Which model it was, in words.</param>
/// <param name="LogLoss">Mean negative log probability of the row's own label, wrong labels allowed for.</param>
/// <param name="Gain">1 less the ratio of the log loss without wrong labels to that of the class shares alone (McFadden).</param>
/// <param name="PValue">Of "no wrong labels", see <see cref="LabelChannel"/>; 1 for a vote, which cannot tell.</param>
public sealed record OutOfFoldProbabilities(double[] Probabilities, double[] Clean, string Model, double LogLoss, double Gain, double PValue);

/// <summary>Class probabilities for rows that the model did not see: multinomial logistic regression with a ridge penalty, straight or bent, or the vote of the nearest neighbours; the simpler one unless the other's log loss is smaller by a twelfth.</summary>
/// <remarks>
/// Source: Bohning 1992 for the bound on the curvature that makes every step of the logistic fit one solution with a fixed matrix, with Nesterov's acceleration. The penalty is that of scikit-learn's <c>LogisticRegression(C=1)</c> on features of mean 0 and spread 1.
/// </remarks>
public static class ClassProbabilities
{
    const int MostIterations = 2_000;
    const int MostForProducts = 8;
    const double Better = 0.92;

    // Change of the log-likelihood at which a fit ends: out of fold its third digit is enough.
    const double Tolerance = 1e-3;
    const int NeighbourCount = 30;

    /// <param name="features">Row by row, <paramref name="columns"/> to a row; finite, about mean 0 and spread 1.</param>
    /// <param name="columns">Features of a row, at least 1.</param>
    /// <param name="labels">Class of each row, 0 to <paramref name="classes"/> - 1.</param>
    /// <param name="classes">At least 2.</param>
    /// <param name="folds">Folds, at least 2; every class needs that many rows.</param>
    /// <param name="seed">Seed of the folds.</param>
    /// <exception cref="TooFewRowsException">A class has fewer rows than folds.</exception>
    public static OutOfFoldProbabilities Predict(double[] features, int columns, int[] labels, int classes, int folds = 5, ulong seed = 1)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        if (features.Length != labels.Length * columns)
            throw new ArgumentException("Features and labels have one number of rows.", nameof(features));
        var sizes = new int[classes];
        foreach (var label in labels)
            sizes[label]++;
        foreach (var size in sizes)
            if (size < folds)
                throw new TooFewRowsException("The smallest class", size, folds);
        var fold = Folds(labels, classes, folds, seed);
        var plain = 0.0;
        foreach (var size in sizes)
            plain -= size * Math.Log(size / (double)labels.Length) / labels.Length;
        var best = Of(Logistic(features, columns, labels, classes, fold, folds), labels, classes, "multinomial logistic regression", plain);
        var (bent, width) = Bent(features, columns);
        var curved = Of(Logistic(bent, width, labels, classes, fold, folds), labels, classes, "multinomial logistic regression with squares and products", plain);
        // A model that can bend around wrong labels takes some of them for the border: it has to be clearly better, and the straight one's evidence must hold in it too.
        best = curved.LogLoss < Better * best.LogLoss ? curved : best with { PValue = Math.Max(best.PValue, curved.PValue) };
        if (labels.Length < 5 * NeighbourCount)
            return best;
        // A vote of so few rows is never surer than its number allows: what looks like wrong labels may be that, so it is no evidence of them.
        var vote = Of(Neighbours(features, columns, labels, classes, fold, sizes), labels, classes, FormattableString.Invariant($"vote of {NeighbourCount} neighbours"), plain);
        return vote.LogLoss < Better * best.LogLoss ? vote with { PValue = 1 } : best;
    }

    // Squares of all features, and products of two where there are few.
    static (double[] Features, int Columns) Bent(double[] features, int columns)
    {
        var products = columns <= MostForProducts ? columns * (columns - 1) / 2 : 0;
        var width = 2 * columns + products;
        var n = features.Length / columns;
        var bent = new double[n * width];
        for (var i = 0; i < n; i++)
        {
            var row = features.AsSpan(i * columns, columns);
            var into = bent.AsSpan(i * width, width);
            row.CopyTo(into);
            for (var j = 0; j < columns; j++)
                into[columns + j] = (row[j] * row[j] - 1) / Math.Sqrt(2);
            var at = 2 * columns;
            for (var j = 0; j < columns && products > 0; j++)
                for (var l = 0; l < j; l++)
                    into[at++] = row[j] * row[l];
        }
        return (bent, width);
    }

    /// <summary>Multinomial logistic regression with a ridge penalty on all coefficients but the intercepts: coefficients of each class, intercept first, of the rows that <paramref name="use"/> takes.</summary>
    internal static double[] FitLogistic(double[] features, int columns, int[] labels, int classes, Func<int, bool> use, double tolerance = Tolerance)
    {
        var k = columns + 1;
        var rows = new List<int>();
        for (var i = 0; i < labels.Length; i++)
            if (use(i))
                rows.Add(i);
        // Curvature of the loss is at most half of the cross products, for any probabilities.
        var bound = new double[k * k];
        foreach (var i in rows)
        {
            for (var a = 0; a < k; a++)
            {
                var x = a == 0 ? 1 : features[i * columns + a - 1];
                for (var b = 0; b <= a; b++)
                    bound[a * k + b] += 0.5 * x * (b == 0 ? 1 : features[i * columns + b - 1]);
            }
        }
        for (var a = 0; a < k; a++)
        {
            for (var b = 0; b < a; b++)
                bound[b * k + a] = bound[a * k + b];
            bound[a * k + a] += a == 0 ? 1e-9 * rows.Count : 1;
        }
        var factor = SmallMatrix.Cholesky(bound, k, 1e-14) ?? throw new NotEstimableException("The features have no finite cross products.");
        var beta = new double[classes * k];
        var ahead = (double[])beta.Clone();
        var speed = 1.0;
        var eta = new double[classes];
        for (var iteration = 0; iteration < MostIterations; iteration++)
        {
            var gradient = Gradient(features, columns, labels, classes, rows, ahead, eta);
            var next = new double[beta.Length];
            double decrease = 0, against = 0;
            for (var c = 0; c < classes; c++)
            {
                var step = SmallMatrix.SolveCholesky(factor, gradient.AsSpan(c * k, k));
                for (var j = 0; j < k; j++)
                {
                    next[c * k + j] = ahead[c * k + j] + step[j];
                    decrease += step[j] * gradient[c * k + j];
                    against += gradient[c * k + j] * (next[c * k + j] - beta[c * k + j]);
                }
            }
            // Momentum that points uphill is dropped (O'Donoghue and Candes 2015).
            var faster = against < 0 ? 1 : (1 + Math.Sqrt(1 + 4 * speed * speed)) / 2;
            var momentum = against < 0 ? 0 : (speed - 1) / faster;
            for (var j = 0; j < beta.Length; j++)
                ahead[j] = next[j] + momentum * (next[j] - beta[j]);
            (beta, speed) = (next, faster);
            if (decrease < tolerance)
                break;
        }
        return beta;
    }

    static double[] Gradient(double[] features, int columns, int[] labels, int classes, List<int> rows, double[] beta, double[] eta)
    {
        var k = columns + 1;
        var gradient = new double[beta.Length];
        for (var c = 0; c < classes; c++)
            for (var j = 1; j < k; j++)
                gradient[c * k + j] = -beta[c * k + j];
        foreach (var i in rows)
        {
            var row = features.AsSpan(i * columns, columns);
            Softmax(row, beta, eta);
            for (var c = 0; c < classes; c++)
            {
                var gap = (labels[i] == c ? 1 : 0) - eta[c];
                var into = gradient.AsSpan(c * k, k);
                into[0] += gap;
                for (var j = 0; j < row.Length; j++)
                    into[j + 1] += gap * row[j];
            }
        }
        return gradient;
    }

    static void Softmax(ReadOnlySpan<double> row, double[] beta, Span<double> into)
    {
        var k = row.Length + 1;
        var largest = double.NegativeInfinity;
        for (var c = 0; c < into.Length; c++)
        {
            into[c] = beta[c * k] + SmallMatrix.Dot(row, beta.AsSpan(c * k + 1, k - 1));
            largest = Math.Max(largest, into[c]);
        }
        var total = 0.0;
        for (var c = 0; c < into.Length; c++)
            total += into[c] = Math.Exp(into[c] - largest);
        for (var c = 0; c < into.Length; c++)
            into[c] /= total;
    }

    static double[] Logistic(double[] features, int columns, int[] labels, int classes, int[] fold, int folds)
    {
        var probabilities = new double[labels.Length * classes];
        for (var f = 0; f < folds; f++)
        {
            var left = f;
            var beta = FitLogistic(features, columns, labels, classes, i => fold[i] != left);
            for (var i = 0; i < labels.Length; i++)
                if (fold[i] == f)
                    Softmax(features.AsSpan(i * columns, columns), beta, probabilities.AsSpan(i * classes, classes));
        }
        return probabilities;
    }

    // The vote of the nearest rows of other folds; the class shares have one vote too, so that nothing is impossible.
    static double[] Neighbours(double[] features, int columns, int[] labels, int classes, int[] fold, int[] sizes)
    {
        var n = labels.Length;
        const int Most = NeighbourCount;
        var probabilities = new double[n * classes];
        var nearest = new double[Most];
        var votes = new int[Most];
        for (var i = 0; i < n; i++)
        {
            Array.Fill(nearest, double.PositiveInfinity);
            var row = features.AsSpan(i * columns, columns);
            for (var j = 0; j < n; j++)
            {
                if (fold[j] == fold[i])
                    continue;
                var distance = 0.0;
                var other = features.AsSpan(j * columns, columns);
                for (var c = 0; c < row.Length; c++)
                    distance += (row[c] - other[c]) * (row[c] - other[c]);
                if (distance >= nearest[Most - 1])
                    continue;
                var at = Most - 1;
                for (; at > 0 && nearest[at - 1] > distance; at--)
                    (nearest[at], votes[at]) = (nearest[at - 1], votes[at - 1]);
                (nearest[at], votes[at]) = (distance, labels[j]);
            }
            var into = probabilities.AsSpan(i * classes, classes);
            for (var c = 0; c < classes; c++)
                into[c] = sizes[c] / (double)n / (Most + 1);
            foreach (var vote in votes)
                into[vote] += 1.0 / (Most + 1);
        }
        return probabilities;
    }

    static OutOfFoldProbabilities Of(double[] probabilities, int[] labels, int classes, string model, double plain)
    {
        var fit = LabelChannel.Fit(probabilities, labels, classes);
        return new(fit.Plain, fit.Clean, model, fit.LogLoss, plain > 0 ? 1 - fit.PlainLogLoss / plain : 0, fit.PValue);
    }

    static int[] Folds(int[] labels, int classes, int folds, ulong seed)
    {
        var order = new int[labels.Length];
        for (var i = 0; i < order.Length; i++)
            order[i] = i;
        new Rng(seed).Stream("class-folds").Shuffle<int>(order);
        var next = new int[classes];
        var fold = new int[labels.Length];
        foreach (var i in order)
            fold[i] = next[labels[i]]++ % folds;
        return fold;
    }
}
