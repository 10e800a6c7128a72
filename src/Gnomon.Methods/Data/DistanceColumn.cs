using Gnomon.Methods.Inference;

namespace Gnomon.Methods.Data;

/// <summary>One column, centred and scaled, with its order, ranks and sums of distances: prepared once, compared with many others.</summary>
/// <remarks>Memory is five numbers a row. It is read only once made, so threads may share it.</remarks>
public sealed class DistanceColumn
{
    DistanceColumn(double[] values, int[] order, int[] rank, double[] rows, double total, double squares)
    {
        (Values, Order, Rank, Rows, Total, Squares) = (values, order, rank, rows, total, squares);
    }

    /// <summary>Values of the column.</summary>
    public int Count => Values.Length;

    internal double[] Values { get; }

    internal int[] Order { get; }

    internal int[] Rank { get; }

    internal double[] Rows { get; }

    internal double Total { get; }

    internal double Squares { get; }

    /// <param name="raw">At least 4 finite values.</param>
    /// <exception cref="TooFewRowsException">Fewer than 4 values.</exception>
    public static DistanceColumn Of(ReadOnlySpan<double> raw)
    {
        if (raw.Length < 4)
        {
            throw new TooFewRowsException("The table", raw.Length, 4);
        }

        var n = raw.Length;
        var values = raw.ToArray();
        double mean = 0, most = 0;
        for (var i = 0; i < n; i++)
        {
            InferenceGuard.Finite(values[i]);
            mean += (values[i] - mean) / (i + 1);
        }

        for (var i = 0; i < n; i++)
        {
            values[i] -= mean;
            most = Math.Max(most, Math.Abs(values[i]));
        }

        var squares = 0.0;
        for (var i = 0; i < n && most > 0; i++)
        {
            values[i] /= most;
            squares += values[i] * values[i];
        }

        var order = Enumerable.Range(0, n).ToArray();
        Array.Sort((double[])values.Clone(), order);
        var rank = new int[n];
        var rows = new double[n];
        double before = 0, sum = values.Sum(), total = 0;
        for (var k = 0; k < n; k++)
        {
            var v = values[order[k]];
            rank[order[k]] = k;
            rows[order[k]] = (2.0 * k - n) * v + sum - 2.0 * before;
            before += v;
            total += rows[order[k]];
        }

        // Squared distances sum to n times the squares about the mean, twice over; the mean of rounded values is not quite 0.
        return new(values, order, rank, rows, total, squares - sum * sum / n);
    }

    internal DistanceColumn Relabelled(int[] order)
    {
        double[] values = new double[Values.Length], rows = new double[Values.Length];
        var rank = new int[Values.Length];
        for (var i = 0; i < order.Length; i++)
        {
            (values[i], rank[i], rows[i]) = (Values[order[i]], Rank[order[i]], Rows[order[i]]);
        }

        return new(values, Order, rank, rows, Total, Squares);
    }
}
