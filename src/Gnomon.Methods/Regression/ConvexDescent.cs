namespace Gnomon.Methods.Regression;

/// <summary>What rows lose at a line: convex in each row, with a slope everywhere.</summary>
internal interface IRowLoss
{
    /// <param name="line">The line's value at each row.</param>
    /// <param name="scores">Receives minus the slope of each row's loss in the line.</param>
    /// <param name="curvatures">Receives the second derivative, 0 or more.</param>
    /// <returns>The loss of all rows.</returns>
    double Evaluate(ReadOnlySpan<double> line, Span<double> scores, Span<double> curvatures);
}

/// <summary>The line that loses least, by Newton's steps with a search along each.</summary>
/// <remarks>Boyd and Vandenberghe 2004, section 9.5. Columns are near orthonormal, so a small multiple of the identity keeps a step where too few rows bend.</remarks>
internal sealed class ConvexDescent
{
    const int MostSteps = 300;
    const int MostTrials = 60;
    const double Still = 1e-10;
    const double Ridge = 1e-9;

    readonly double[][] _columns;
    readonly double[] _trial;

    public ConvexDescent(IRowLoss loss, double[][] columns, double[] offset, double[] start)
    {
        var n = offset.Length;
        _columns = columns;
        (Line, _trial, Scores, Curvatures) = ((double[])offset.Clone(), new double[n], new double[n], new double[n]);
        Solution = (double[])start.Clone();
        for (var j = 0; j < columns.Length; j++)
        {
            Vectors.AddScaled(Line, columns[j], Solution[j]);
        }

        Objective = loss.Evaluate(Line, Scores, Curvatures);
        Run(loss);
    }

    public double[] Solution { get; }

    public double[] Line { get; }

    public double[] Scores { get; }

    public double[] Curvatures { get; }

    public double Objective { get; private set; }

    void Run(IRowLoss loss)
    {
        var k = _columns.Length;
        if (k == 0)
        {
            return;
        }

        var gradient = new double[k];
        for (var step = 0; step < MostSteps; step++)
        {
            var size = 0.0;
            foreach (var s in Scores)
            {
                size += s * s;
            }

            var still = true;
            for (var j = 0; j < k; j++)
            {
                gradient[j] = SmallMatrix.Dot(_columns[j], Scores);
                still &= Math.Abs(gradient[j]) <= Still * Math.Sqrt(size);
            }

            if (still || !Search(loss, Direction(gradient), gradient))
            {
                return;
            }
        }
    }

    double[] Direction(double[] gradient)
    {
        var k = _columns.Length;
        var products = new double[k * k];
        var weighted = new double[Line.Length];
        for (var j = 0; j < k; j++)
        {
            Curvatures.CopyTo(weighted.AsSpan());
            Vectors.Multiply(weighted, _columns[j]);
            for (var l = 0; l <= j; l++)
            {
                products[j * k + l] = products[l * k + j] = SmallMatrix.Dot(weighted, _columns[l]);
            }
        }

        var most = 0.0;
        foreach (var c in Curvatures)
        {
            most = Math.Max(most, c);
        }

        var trace = 0.0;
        for (var j = 0; j < k; j++)
        {
            trace += products[j * k + j];
        }

        var ridge = Math.Max(Ridge * Math.Max(trace, most), double.Epsilon);
        for (; ; ridge *= 100.0)
        {
            var damped = (double[])products.Clone();
            for (var j = 0; j < k; j++)
            {
                damped[j * k + j] += ridge > 1e-300 ? ridge : 1.0;
            }

            if (SmallMatrix.Cholesky(damped, k, 1e-13) is { } factor)
            {
                return SmallMatrix.SolveCholesky(factor, gradient);
            }
        }
    }

    // Along the step the slope of the loss rises; stop where it is a tenth of what it was.
    bool Search(IRowLoss loss, double[] direction, double[] gradient)
    {
        var n = Line.Length;
        var along = new double[n];
        for (var j = 0; j < direction.Length; j++)
        {
            Vectors.AddScaled(along, _columns[j], direction[j]);
        }

        var first = SmallMatrix.Dot(direction, gradient);
        if (!(first > 0))
        {
            return false;
        }

        var (scores, curvatures) = (new double[n], new double[n]);
        double low = 0.0, lowSlope = first, high = double.PositiveInfinity, highSlope = 0.0, t = 1.0, value = 0.0;
        for (var trial = 0; trial < MostTrials; trial++)
        {
            for (var i = 0; i < n; i++)
            {
                _trial[i] = Line[i] + t * along[i];
            }

            value = loss.Evaluate(_trial, scores, curvatures);
            var slope = SmallMatrix.Dot(along, scores);
            if (Math.Abs(slope) <= 0.1 * first)
            {
                break;
            }

            if (slope > 0)
            {
                (low, lowSlope) = (t, slope);
            }
            else
            {
                (high, highSlope) = (t, slope);
            }

            t = double.IsPositiveInfinity(high) ? 4.0 * t : trial % 3 == 2 ? 0.5 * (low + high) : low + (high - low) * lowSlope / (lowSlope - highSlope);
        }

        if (!(value < Objective + 1e-13 * Math.Abs(Objective)))
        {
            return false;
        }

        var moved = value < Objective - 1e-15 * Math.Abs(Objective);
        _trial.CopyTo(Line, 0);
        scores.CopyTo(Scores, 0);
        curvatures.CopyTo(Curvatures, 0);
        Objective = value;
        for (var j = 0; j < direction.Length; j++)
        {
            Solution[j] += t * direction[j];
        }

        return moved;
    }
}
