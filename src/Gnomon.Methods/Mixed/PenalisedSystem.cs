namespace Gnomon.Methods.Mixed;

/// <summary>One grouping with all its effects, as the solvers see it.</summary>
/// <param name="Name">Name of the grouping column.</param>
/// <param name="Codes">Group of each row, 0 to <paramref name="Levels"/> - 1.</param>
/// <param name="Levels">Number of groups.</param>
/// <param name="Columns">Centred and scaled columns, one value per row.</param>
internal sealed record Grouping(string Name, int[] Codes, int Levels, double[][] Columns)
{
    public int Width => Columns.Length;

    public int Effects => Levels * Width;
}

/// <summary>What is left for the fixed effects once the random ones are eliminated.</summary>
/// <param name="LogDeterminant">log |Lambda' Z'WZ Lambda + I|.</param>
/// <param name="Reduced">Products of the fixed columns and, last, the outcome, less what the random effects take; (p + 1) by (p + 1), row by row.</param>
internal readonly record struct Elimination(double LogDeterminant, double[] Reduced);

/// <summary>
/// The penalised least squares problem of a mixed model: products of the columns are taken once, and each value of the relative covariance factor costs one
/// factorisation of <c>Lambda' Z'WZ Lambda + I</c>.
/// </summary>
/// <remarks>Source: Bates, Maechler, Bolker and Walker 2015, J. Stat. Softw. 67(1), sections 3.2 to 3.6.</remarks>
internal abstract class PenalisedSystem
{
    protected PenalisedSystem(IReadOnlyList<Grouping> groupings, double[][] basis, double[] residual, double[]? weights)
    {
        Groupings = groupings;
        Fixed = basis.Length;
        Full = Products(basis, residual, weights);
    }

    public IReadOnlyList<Grouping> Groupings { get; }

    /// <summary>Number of fixed columns.</summary>
    public int Fixed { get; }

    /// <summary>Products of fixed columns and outcome before any elimination.</summary>
    protected double[] Full { get; }

    public static PenalisedSystem Of(IReadOnlyList<Grouping> groupings, double[][] basis, double[] residual, double[]? weights) =>
        groupings.Count == 1 ? new BlockSystem(groupings[0], basis, residual, weights) : new SparseSystem(groupings, basis, residual, weights);

    /// <param name="lambda">One square factor per grouping, row by row.</param>
    public abstract Elimination Eliminate(IReadOnlyList<double[]> lambda);

    /// <summary>Conditional modes of the scaled effects, and the covariance of each group's effects in units of the residual variance.</summary>
    /// <param name="lambda">One square factor per grouping, row by row.</param>
    /// <param name="fixedEffects">Coefficients of the basis.</param>
    /// <returns>Per grouping: effects (group by group), and width by width covariances (group by group).</returns>
    public abstract IReadOnlyList<(double[] Effects, double[] Covariance)> Modes(IReadOnlyList<double[]> lambda, ReadOnlySpan<double> fixedEffects);

    static double[] Products(double[][] basis, double[] residual, double[]? weights)
    {
        var p = basis.Length;
        var all = new double[p + 1][];
        basis.CopyTo(all, 0);
        all[p] = residual;
        var result = new double[(p + 1) * (p + 1)];
        for (var i = 0; i <= p; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                result[i * (p + 1) + j] = result[j * (p + 1) + i] = Dot(all[i], all[j], weights);
            }
        }

        return result;
    }

    /// <summary>Weighted inner product in fixed blocks, so that long sums keep their digits.</summary>
    internal static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b, ReadOnlySpan<double> weights)
    {
        const int block = 256;
        var total = 0.0;
        for (var start = 0; start < a.Length; start += block)
        {
            var end = Math.Min(a.Length, start + block);
            var sum = 0.0;
            for (var i = start; i < end; i++)
            {
                sum += a[i] * b[i] * (weights.IsEmpty ? 1.0 : weights[i]);
            }

            total += sum;
        }

        return total;
    }
}
