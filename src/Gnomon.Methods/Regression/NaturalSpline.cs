namespace Gnomon.Methods.Regression;

/// <summary>A natural cubic spline in one column: cubic between its knots, straight beyond the outer ones, linear in its coefficients.</summary>
/// <remarks>
/// Source: Hastie, Tibshirani and Friedman 2009, The Elements of Statistical Learning, section 5.2.1. Knots at equally spaced quantiles (type 7) of the distinct
/// values, the outer ones at the smallest and the largest. Values are scaled to 0..1 between the outer knots first, which changes no fitted value.
/// </remarks>
public sealed class NaturalSpline
{
    readonly double[] _knots;

    NaturalSpline(double[] knots) => _knots = knots;

    /// <summary>Columns: one straight and one per inner knot.</summary>
    public int Columns => _knots.Length - 1;

    /// <summary>Knots in ascending order, in the unit of the values.</summary>
    public IReadOnlyList<double> Knots => _knots;

    /// <summary>Places the knots.</summary>
    /// <param name="values">Finite values, at least two different ones.</param>
    /// <param name="columns">Columns wanted, at least 1; fewer when there are too few different values.</param>
    /// <exception cref="NotEstimableException">The values do not differ.</exception>
    public static NaturalSpline For(ReadOnlySpan<double> values, int columns = 4)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        RegressionGuard.Finite(values, "The spline's column");
        var sorted = values.ToArray();
        Array.Sort(sorted);
        var distinct = sorted.Distinct().ToArray();
        if (distinct.Length < 2)
        {
            throw new NotEstimableException("A spline needs values that differ.");
        }

        var count = Math.Min(columns + 1, distinct.Length);
        var knots = new SortedSet<double> { distinct[0], distinct[^1] };
        for (var i = 1; i < count - 1; i++)
        {
            var at = (double)i / (count - 1) * (distinct.Length - 1);
            var low = (int)at;
            knots.Add(distinct[low] + (at - low) * (distinct[Math.Min(low + 1, distinct.Length - 1)] - distinct[low]));
        }

        return new NaturalSpline([.. knots]);
    }

    /// <summary>The spline's columns at given values; straight beyond the outer knots.</summary>
    public double[][] Basis(ReadOnlySpan<double> values)
    {
        var (first, last) = (_knots[0], _knots[^1]);
        var span = last - first;
        var knots = Array.ConvertAll(_knots, k => (k - first) / span);
        var result = new double[Columns][];
        for (var c = 0; c < result.Length; c++)
        {
            result[c] = new double[values.Length];
        }

        for (var i = 0; i < values.Length; i++)
        {
            var x = (values[i] - first) / span;
            result[0][i] = x;
            var outer = Part(x, knots[^2], knots[^1]);
            for (var c = 1; c < result.Length; c++)
            {
                result[c][i] = Part(x, knots[c - 1], knots[^1]) - outer;
            }
        }

        return result;
    }

    static double Part(double x, double knot, double last) => (Cube(x - knot) - Cube(x - last)) / (last - knot);

    static double Cube(double v) => v > 0 ? v * v * v : 0.0;
}
