using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Data;

/// <summary>Class probabilities with and without wrong labels.</summary>
/// <param name="Plain">Probabilities of the labels as they stand, brought to the labels by a temperature and a shape; row by row.</param>
/// <param name="Clean">Probabilities of the classes behind the labels, where each class is written down wrongly now and then.</param>
/// <param name="Channel">Chance of each label (column) for rows of each class (row).</param>
/// <param name="PlainLogLoss">Mean negative log probability of the labels without wrong ones.</param>
/// <param name="LogLoss">The same with them.</param>
/// <param name="PValue">
/// Of "no wrong labels": likelihood ratio against the mixture of chi-squared laws that classes times (classes - 1) chances at their border follow, each on either side of it with probability one half (Self and Liang 1987, case of
/// uncorrelated scores: rare errors of different kinds are nearly so).
/// </param>
public sealed record LabelChannelFit(double[] Plain, double[] Clean, double[] Channel, double PlainLogLoss, double LogLoss, double PValue);

/// <summary>Do labels err however sure the columns are, or do the classes merely overlap?</summary>
/// <remarks>
/// Sources: Copas 1988 for regression with a chance of contamination; Patrini et al. 2017 for the matrix of label errors; Guo et al. 2017 for the temperature. Both models may
/// bend the log odds by a power of their distance from even, so that a link with heavy tails is not taken for errors. EM for the matrix, a grid for temperature and power.
/// </remarks>
public static class LabelChannel
{
    const int Rounds = 25;
    const double StartError = 0.04;
    static readonly double[] Powers = [0.5, 0.7, 1, 1.4];
    static readonly double[] Temperatures = Grid(0.1, 3, 14);

    /// <param name="probabilities">Row by row, one per class; of models that did not see the row.</param>
    /// <param name="labels">Class of each row, 0 to <paramref name="classes"/> - 1.</param>
    /// <param name="classes">At least 2.</param>
    public static LabelChannelFit Fit(double[] probabilities, int[] labels, int classes)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        if (labels.Length == 0 || probabilities.Length != labels.Length * classes)
            throw new ArgumentException("Every row has one probability per class.", nameof(probabilities));
        var odds = Odds(probabilities, classes);
        var shaped = new double[probabilities.Length];
        double[] plain = [], clean = [], channel = [];
        double plainLoss = double.PositiveInfinity, loss = double.PositiveInfinity;
        foreach (var power in Powers)
        {
            foreach (var temperature in Temperatures)
            {
                Shape(odds, classes, power, temperature, shaped);
                var one = Loss(shaped, labels, classes, null);
                if (one < plainLoss)
                    (plainLoss, plain) = (one, (double[])shaped.Clone());
                var matrix = Errors(shaped, labels, classes);
                var two = Loss(shaped, labels, classes, matrix);
                if (two < loss)
                    (loss, clean, channel) = (two, (double[])shaped.Clone(), matrix);
            }
        }
        var ratio = Math.Max(0, 2 * labels.Length * (plainLoss - loss));
        return new(plain, clean, channel, plainLoss, loss, AtTheBorder(ratio, classes * (classes - 1)));
    }

    // Binomial weights: of so many chances, that many are estimated above 0.
    static double AtTheBorder(double ratio, int chances)
    {
        if (ratio <= 0)
            return 1;
        var tail = 0.0;
        var weight = Math.Pow(0.5, chances);
        for (var k = 1; k <= chances; k++)
        {
            weight *= (chances - k + 1.0) / k;
            tail += weight * ChiSquared.Sf(ratio, k);
        }
        return tail;
    }

    // Log odds about their mean, and last in each row their distance from even.
    static double[] Odds(double[] probabilities, int classes)
    {
        var odds = new double[probabilities.Length / classes * (classes + 1)];
        for (var i = 0; i < probabilities.Length / classes; i++)
        {
            var into = odds.AsSpan(i * (classes + 1), classes + 1);
            double mean = 0, squares = 0;
            for (var c = 0; c < classes; c++)
                mean += (into[c] = Math.Log(Math.Max(probabilities[i * classes + c], 1e-12))) / classes;
            for (var c = 0; c < classes; c++)
            {
                into[c] -= mean;
                squares += into[c] * into[c];
            }
            into[classes] = Math.Sqrt(squares) + 1e-12;
        }
        return odds;
    }

    static void Shape(double[] odds, int classes, double power, double temperature, double[] into)
    {
        for (var i = 0; i < into.Length / classes; i++)
        {
            var row = odds.AsSpan(i * (classes + 1), classes + 1);
            var factor = Math.Pow(row[classes], power - 1) / temperature;
            var largest = double.NegativeInfinity;
            for (var c = 0; c < classes; c++)
                largest = Math.Max(largest, row[c] * factor);
            var total = 0.0;
            for (var c = 0; c < classes; c++)
                total += into[i * classes + c] = Math.Exp(row[c] * factor - largest);
            for (var c = 0; c < classes; c++)
                into[i * classes + c] /= total;
        }
    }

    // Rows of the matrix: how the rows of a class are labelled.
    static double[] Errors(double[] shaped, int[] labels, int classes)
    {
        var matrix = new double[classes * classes];
        for (var a = 0; a < classes; a++)
            for (var b = 0; b < classes; b++)
                matrix[a * classes + b] = a == b ? 1 - StartError : StartError / (classes - 1);
        var next = new double[matrix.Length];
        for (var round = 0; round < Rounds; round++)
        {
            Array.Clear(next);
            for (var i = 0; i < labels.Length; i++)
            {
                var total = 0.0;
                for (var a = 0; a < classes; a++)
                    total += shaped[i * classes + a] * matrix[a * classes + labels[i]];
                if (total <= 0)
                    continue;
                for (var a = 0; a < classes; a++)
                    next[a * classes + labels[i]] += shaped[i * classes + a] * matrix[a * classes + labels[i]] / total;
            }
            for (var a = 0; a < classes; a++)
            {
                var total = 0.0;
                for (var b = 0; b < classes; b++)
                    total += next[a * classes + b];
                for (var b = 0; b < classes; b++)
                    matrix[a * classes + b] = total > 0 ? next[a * classes + b] / total : a == b ? 1 : 0;
            }
        }
        return matrix;
    }

    static double Loss(double[] shaped, int[] labels, int classes, double[]? matrix)
    {
        var sum = 0.0;
        for (var i = 0; i < labels.Length; i++)
        {
            var p = 0.0;
            if (matrix is null)
                p = shaped[i * classes + labels[i]];
            else
                for (var a = 0; a < classes; a++)
                    p += shaped[i * classes + a] * matrix[a * classes + labels[i]];
            sum -= Math.Log(Math.Max(p, 1e-300));
        }
        return sum / labels.Length;
    }

    static double[] Grid(double low, double high, int count)
    {
        var grid = new double[count];
        for (var i = 0; i < count; i++)
            grid[i] = low * Math.Pow(high / low, i / (count - 1.0));
        return grid;
    }
}
