namespace Gnomon.Methods.Sampling;

/// <summary>Chooses rows that cover the others: each next one lies farthest from all chosen before.</summary>
/// <remarks>
/// Source: Gonzalez 1985, Theoretical Computer Science 38 (the largest distance left is at most twice the best possible); Sener and Savarese 2018 for choosing labels. Squared Euclidean distances, summed from
/// the first coordinate on; of rows equally far the first is taken, and without any chosen row the first of those allowed. O(rows) for each row chosen.
/// </remarks>
public sealed class KCenterGreedy
{
    readonly double[] _points;
    readonly int _dimensions;
    readonly double[] _nearest;

    /// <param name="points">Row by row; kept, not copied.</param>
    /// <param name="dimensions">Coordinates of a row.</param>
    public KCenterGreedy(double[] points, int dimensions)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        if (points.Length % dimensions != 0)
            throw new ArgumentException($"{points.Length} coordinates are no multiple of {dimensions}.", nameof(points));
        (_points, _dimensions, _nearest) = (points, dimensions, new double[points.Length / dimensions]);
        Array.Fill(_nearest, double.PositiveInfinity);
    }

    /// <summary>Distance of each row to the nearest chosen one, squared; infinite before any is chosen.</summary>
    public ReadOnlySpan<double> Nearest => _nearest;

    /// <summary>Counts a row as chosen.</summary>
    public void Choose(int row)
    {
        var centre = _points.AsSpan(row * _dimensions, _dimensions);
        for (var i = 0; i < _nearest.Length; i++)
        {
            double sum = 0;
            var at = i * _dimensions;
            for (var j = 0; j < centre.Length; j++)
            {
                var difference = _points[at + j] - centre[j];
                sum += difference * difference;
            }

            if (sum < _nearest[i])
                _nearest[i] = sum;
        }
    }

    /// <summary>The allowed row farthest from all chosen ones, which it joins; -1 where none is allowed.</summary>
    /// <param name="allowed">One flag for each row.</param>
    public int Next(ReadOnlySpan<bool> allowed)
    {
        var best = -1;
        for (var i = 0; i < _nearest.Length; i++)
        {
            if (allowed[i] && (best < 0 || _nearest[i] > _nearest[best]))
                best = i;
        }

        if (best >= 0)
            Choose(best);
        return best;
    }
}
