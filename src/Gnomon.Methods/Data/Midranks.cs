namespace Gnomon.Methods.Data;

/// <summary>Ranks from 1, ties sharing the mean of their ranks.</summary>
public static class Midranks
{
    /// <param name="values">Finite values.</param>
    /// <returns>The rank of each value, in input order.</returns>
    public static double[] Of(ReadOnlySpan<double> values)
    {
        var sorted = values.ToArray();
        var order = new int[sorted.Length];
        for (var i = 0; i < order.Length; i++)
            order[i] = i;
        Array.Sort(sorted, order);
        var ranks = new double[sorted.Length];
        for (var start = 0; start < sorted.Length;)
        {
            var end = start + 1;
            while (end < sorted.Length && sorted[end] == sorted[start])
                end++;
            for (var i = start; i < end; i++)
                ranks[order[i]] = 0.5 * (start + 1 + end);
            start = end;
        }
        return ranks;
    }
}
