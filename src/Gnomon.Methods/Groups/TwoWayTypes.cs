using Gnomon.Methods.Inference;
using Gnomon.Methods.Regression;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Groups;

/// <summary>One term of a two-way analysis of variance under one rule for what is held fixed.</summary>
/// <param name="Term">0 the first factor, 1 the second, 2 their interaction.</param>
/// <param name="Type">1 in order, 2 beside the other factor, 3 beside everything (levels weigh alike).</param>
/// <param name="SumOfSquares">What the term takes off the residual sum of squares.</param>
/// <param name="DegreesOfFreedom">Of the term.</param>
/// <param name="ResidualDegrees">Of the residuals.</param>
/// <param name="F">Ratio of mean squares.</param>
/// <param name="PValue">Upper tail.</param>
public sealed record TypedTerm(int Term, int Type, double SumOfSquares, int DegreesOfFreedom, int ResidualDegrees, double F, double PValue);

/// <summary>The classical two-way analysis of variance with its three kinds of sums of squares, which differ when cells hold unequal numbers of rows.</summary>
/// <remarks>
/// Sources: Yates 1934, JASA 29; Speed, Hocking and Hackney 1978, JASA 73. Equal spread is assumed; <see cref="TermTest"/> does without. Agrees with R's <c>anova</c> (I) and car's
/// <c>Anova</c> (II; III under sum-to-zero contrasts) to 1e-9.
/// </remarks>
public static class TwoWayTypes
{
    /// <summary>Every term under every type: the interaction once, for it is the same under all.</summary>
    /// <param name="first">Level of the first factor in each row, from 0.</param>
    /// <param name="second">Level of the second factor.</param>
    /// <param name="y">Outcome: finite.</param>
    /// <exception cref="TooFewRowsException">No spare row beyond the cells.</exception>
    /// <exception cref="NotEstimableException">A cell is empty, or the outcome does not vary inside the cells.</exception>
    public static IReadOnlyList<TypedTerm> Of(ReadOnlySpan<int> first, ReadOnlySpan<int> second, ReadOnlySpan<double> y)
    {
        if (first.Length != y.Length || second.Length != y.Length)
        {
            throw new ArgumentException($"The factors have {first.Length} and {second.Length} values, the outcome {y.Length}; they must be paired.");
        }

        double[][] a = Contrasts(first), b = Contrasts(second);
        var cells = (a.Length + 1) * (b.Length + 1);
        if (y.Length <= cells)
        {
            throw new TooFewRowsException("The table", y.Length, cells + 1);
        }

        var used = new HashSet<(int, int)>();
        for (var i = 0; i < y.Length; i++)
        {
            used.Add((first[i], second[i]));
        }

        if (used.Count < cells)
        {
            throw new NotEstimableException($"{cells - used.Count} of {cells} combinations of levels have no row, so the terms cannot be told apart.");
        }

        double[][] both = [.. a.SelectMany(x => b.Select(z => Product(x, z)))];
        var response = y.ToArray();
        double Rest(params double[][][] columns) => columns.Sum(c => c.Length) == 0 ? Total(response) : LeastSquares.Fit(DesignMatrix.WithIntercept([.. columns.SelectMany(c => c)]), response, exactly: true).ResidualSumOfSquares;
        var full = Rest(a, b, both);
        var additive = Rest(a, b);
        var spare = y.Length - cells;
        if (!(full > 1e-20 * Total(response)))
        {
            throw new NotEstimableException("The outcome does not vary inside the cells, so there is nothing to measure the terms against.");
        }

        var (onlyA, onlyB, none) = (Rest(a), Rest(b), Rest());
        return
        [
            Term(0, 1, none - onlyA, a.Length), Term(1, 1, onlyA - additive, b.Length),
            Term(0, 2, onlyB - additive, a.Length), Term(1, 2, onlyA - additive, b.Length),
            Term(0, 3, Rest(b, both) - full, a.Length), Term(1, 3, Rest(a, both) - full, b.Length),
            Term(2, 1, additive - full, a.Length * b.Length),
        ];

        TypedTerm Term(int term, int type, double squares, int degrees)
        {
            var f = Math.Max(0, squares) / degrees / (full / spare);
            return new(term, type, Math.Max(0, squares), degrees, spare, f, FisherF.Sf(f, degrees, spare));
        }
    }

    // Sum to zero: type III asks for means in which all levels weigh alike.
    static double[][] Contrasts(ReadOnlySpan<int> codes)
    {
        var levels = 0;
        foreach (var code in codes)
        {
            levels = Math.Max(levels, code + 1);
        }

        if (levels < 2)
        {
            throw new TooFewRowsException("The set of levels", levels, 2);
        }

        var columns = new double[levels - 1][];
        for (var j = 0; j < columns.Length; j++)
        {
            columns[j] = new double[codes.Length];
            for (var i = 0; i < codes.Length; i++)
            {
                columns[j][i] = codes[i] == j ? 1 : codes[i] == levels - 1 ? -1 : 0;
            }
        }

        return columns;
    }

    static double[] Product(double[] x, double[] z) => [.. x.Zip(z, (p, q) => p * q)];

    static double Total(double[] y)
    {
        var mean = y.Average();
        return y.Sum(v => (v - mean) * (v - mean));
    }
}
