namespace Gnomon.Methods.Regression;

/// <summary>The rank-score test of quantile regression, for rows of unequal density.</summary>
/// <remarks>
/// Sources: Gutenbrunner, Jureckova, Koenker and Portnoy 1993; density weights: Koenker and Machado 1999, section 3. The score of the tested column is taken across its residual from
/// the free columns, weighted by the density of the outcome around the quantile; its error uses the mean squared score, with a degree of freedom for each free column.
/// </remarks>
internal sealed class QuantileScores(double[] y, double tau, double[] density, OutcomeCells? cells, double shift) : IScoreTest
{
    // Neighbouring values of one fixed sum start from each other's solution.
    FixedSum? _model;
    int[]? _basis;
    double[]? _start;

    public double SignedRoot(FixedSum model, double value)
    {
        if (!ReferenceEquals(model, _model))
        {
            (_model, _basis, _start) = (model, null, null);
        }

        var (free, tested) = model;
        var offset = model.Offset(value);
        var (n, k) = (y.Length, free.Length);
        var scores = cells is null ? Vertex(free, offset) : Smooth(free, offset);
        var rest = WeightedProjection.Residual(free, tested, density);
        double sum = 0.0, squares = 0.0, length = 0.0;
        for (var i = 0; i < n; i++)
        {
            sum += tested[i] * scores[i];
            squares += scores[i] * scores[i];
            length += rest[i] * rest[i];
        }

        var variance = squares / Math.Max(1, n - k) * length;
        return variance > 0 ? sum / Math.Sqrt(variance) : 0.0;
    }

    double[] Smooth(double[][] free, double[] offset)
    {
        var fit = new ConvexDescent(new CellLoss(cells!, tau), free, offset, _start ?? new double[free.Length]);
        _start = fit.Solution;
        return fit.Scores;
    }

    double[] Vertex(double[][] free, double[] offset)
    {
        var (n, p) = (y.Length, free.Length);
        var rest = new double[n];
        for (var i = 0; i < n; i++)
        {
            rest[i] = y[i] - offset[i];
        }

        if (p == 0)
        {
            return Array.ConvertAll(rest, r => tau - (r < 0 ? 1.0 : 0.0));
        }

        var z = new double[n * p];
        for (var j = 0; j < p; j++)
        {
            for (var i = 0; i < n; i++)
            {
                z[i * p + j] = free[j][i];
            }
        }

        var start = _basis ?? QuantileDescent.FirstBasis(z, Residuals(free, rest), tau, n, p);
        var descent = new QuantileDescent(z, QuantileDescent.Shifted(rest, shift), tau, n, p, (int[])start.Clone());
        descent.Run();
        _basis = descent.Basis;
        return descent.Scores();
    }

    // The free columns are orthonormal.
    static double[] Residuals(double[][] free, double[] y)
    {
        var rest = (double[])y.Clone();
        foreach (var column in free)
        {
            Vectors.AddScaled(rest, column, -SmallMatrix.Dot(column, rest));
        }

        return rest;
    }
}

/// <summary>Where each row's outcome may lie when the outcome repeats: from half-way to the value below it to half-way to the value above it.</summary>
/// <remarks>Jittering: Machado and Santos Silva 2005, Journal of the American Statistical Association 100, for counts; here the spread within the cell is averaged, not drawn.</remarks>
internal sealed class OutcomeCells
{
    OutcomeCells(double[] low, double[] high)
    {
        Low = low;
        High = high;
    }

    public double[] Low { get; }

    public double[] High { get; }

    /// <summary>Cells where at least half of the rows share their outcome with another one; null where it hardly repeats, or never changes.</summary>
    public static OutcomeCells? Of(ReadOnlySpan<double> y)
    {
        var values = y.ToArray();
        Array.Sort(values);
        var (distinct, alone) = (0, 0);
        for (var i = 0; i < values.Length;)
        {
            var end = i + 1;
            while (end < values.Length && values[end] == values[i])
            {
                end++;
            }

            alone += end - i == 1 ? 1 : 0;
            values[distinct++] = values[i];
            i = end;
        }

        if (2 * alone > y.Length || distinct < 2)
        {
            return null;
        }

        var (low, high) = (new double[y.Length], new double[y.Length]);
        for (var i = 0; i < y.Length; i++)
        {
            var at = Array.BinarySearch(values, 0, distinct, y[i]);
            var below = at > 0 ? 0.5 * (values[at] - values[at - 1]) : 0.5 * (values[1] - values[0]);
            var above = at < distinct - 1 ? 0.5 * (values[at + 1] - values[at]) : 0.5 * (values[distinct - 1] - values[distinct - 2]);
            low[i] = y[i] - below;
            high[i] = y[i] + above;
        }

        return new OutcomeCells(low, high);
    }
}

/// <summary>The check function of quantile regression, averaged over each row's cell: smooth, with the slope tau minus the share of the cell below the line.</summary>
/// <remarks>A uniform kernel as wide as the cell in the sense of Fernandes, Guerre and Horta 2021, Journal of Business and Economic Statistics 39.</remarks>
internal sealed class CellLoss(OutcomeCells cells, double tau) : IRowLoss
{
    public double Evaluate(ReadOnlySpan<double> line, Span<double> scores, Span<double> curvatures)
    {
        var sum = 0.0;
        for (var i = 0; i < line.Length; i++)
        {
            var (low, high, at) = (cells.Low[i], cells.High[i], line[i]);
            if (at <= low)
            {
                sum += tau * (0.5 * (low + high) - at);
                (scores[i], curvatures[i]) = (tau, 0.0);
            }
            else if (at >= high)
            {
                sum += (1.0 - tau) * (at - 0.5 * (low + high));
                (scores[i], curvatures[i]) = (tau - 1.0, 0.0);
            }
            else
            {
                var width = high - low;
                sum += (tau * (high - at) * (high - at) + (1.0 - tau) * (at - low) * (at - low)) / (2.0 * width);
                (scores[i], curvatures[i]) = (tau - (at - low) / width, 1.0 / width);
            }
        }

        return sum;
    }
}
