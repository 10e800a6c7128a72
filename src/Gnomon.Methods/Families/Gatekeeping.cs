namespace Gnomon.Methods.Families;

/// <summary>Hypotheses that hand their share of the error on when they are rejected: primaries that open the gate to secondaries, fallbacks, fixed orders.</summary>
/// <remarks>
/// Source: Bretz, Maurer, Brannath and Posch 2009, Statistics in Medicine 28. The chance of any false rejection is at most alpha under any dependence. Holm's procedure is
/// the graph with equal weights and equal edges; a fixed sequence starts with all weight on the first.
/// </remarks>
public static class Gatekeeping
{
    const double Rounding = 1e-9;

    /// <summary>Adjusted p-values, in the order they came: reject where at most alpha.</summary>
    /// <param name="pValues">p-values in [0, 1].</param>
    /// <param name="weights">Share of alpha that each hypothesis starts with; not negative, at most 1 together.</param>
    /// <param name="transfer">Row i: the shares of its weight that hypothesis i hands to the others when it is rejected; not negative, at most 1 together, 0 to itself.</param>
    public static double[] Adjust(ReadOnlySpan<double> pValues, ReadOnlySpan<double> weights, double[,] transfer)
    {
        ArgumentNullException.ThrowIfNull(transfer);
        var m = pValues.Length;
        Check(pValues, weights, transfer);
        var w = weights.ToArray();
        var g = (double[,])transfer.Clone();
        var adjusted = new double[m];
        var isOpen = Enumerable.Repeat(true, m).ToArray();
        var running = 0.0;
        for (var step = 0; step < m; step++)
        {
            var next = -1;
            var smallest = double.PositiveInfinity;
            for (var i = 0; i < m; i++)
            {
                var ratio = w[i] > 0 ? pValues[i] / w[i] : double.PositiveInfinity;
                if (isOpen[i] && (next < 0 || ratio < smallest))
                    (next, smallest) = (i, ratio);
            }
            running = Math.Max(running, Math.Min(1, smallest));
            adjusted[next] = running;
            isOpen[next] = false;
            Reject(next, w, g, isOpen);
        }
        return adjusted;
    }

    /// <summary>The hypotheses in order: each is tested at full size, until one is not rejected.</summary>
    public static double[] FixedSequence(ReadOnlySpan<double> pValues)
    {
        var adjusted = new double[pValues.Length];
        var running = 0.0;
        for (var i = 0; i < adjusted.Length; i++)
        {
            Probability(pValues[i], i);
            adjusted[i] = running = Math.Max(running, pValues[i]);
        }
        return adjusted;
    }

    static void Reject(int rejected, double[] w, double[,] g, bool[] isOpen)
    {
        var m = w.Length;
        var old = (double[,])g.Clone();
        for (var l = 0; l < m; l++)
        {
            if (!isOpen[l])
                continue;
            w[l] += w[rejected] * old[rejected, l];
            var loop = old[l, rejected] * old[rejected, l];
            for (var k = 0; k < m; k++)
                g[l, k] = k == l || !isOpen[k] || loop >= 1 ? 0 : (old[l, k] + old[l, rejected] * old[rejected, k]) / (1 - loop);
        }
        w[rejected] = 0;
    }

    static void Check(ReadOnlySpan<double> pValues, ReadOnlySpan<double> weights, double[,] transfer)
    {
        var m = pValues.Length;
        if (weights.Length != m || transfer.GetLength(0) != m || transfer.GetLength(1) != m)
            throw new ArgumentException("There must be one weight and one row and column of the transfer per p-value.", nameof(weights));
        var total = 0.0;
        for (var i = 0; i < m; i++)
        {
            Probability(pValues[i], i);
            if (!(weights[i] >= 0))
                throw new ArgumentOutOfRangeException(nameof(weights), weights[i], "A weight cannot be negative.");
            total += weights[i];
            var row = 0.0;
            for (var k = 0; k < m; k++)
            {
                if (!(transfer[i, k] >= 0) || (i == k && transfer[i, k] != 0))
                    throw new ArgumentOutOfRangeException(nameof(transfer), transfer[i, k], $"The share from hypothesis {i} to {k} must not be negative, and 0 to itself.");
                row += transfer[i, k];
            }
            if (row > 1 + Rounding)
                throw new ArgumentOutOfRangeException(nameof(transfer), row, $"Hypothesis {i} hands on more than it has.");
        }
        if (total > 1 + Rounding)
            throw new ArgumentOutOfRangeException(nameof(weights), total, "The weights add to more than 1.");
    }

    static void Probability(double p, int index)
    {
        if (!(p >= 0 && p <= 1))
            throw new ArgumentOutOfRangeException(nameof(p), p, $"The p-value at index {index} does not lie in 0 to 1.");
    }
}
