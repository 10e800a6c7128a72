using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.LinearAlgebra;

namespace Gnomon.Methods.Experiments;

/// <summary>An omnibus test that covariates have the same means in every arm.</summary>
/// <param name="Statistic">Hotelling's T squared for two arms, Wilks' lambda for more.</param>
/// <param name="F">Its F form (exact for two arms, Rao's approximation for more).</param>
/// <param name="DegreesOfFreedom1">Numerator degrees of freedom.</param>
/// <param name="DegreesOfFreedom2">Denominator degrees of freedom.</param>
/// <param name="PValue">Upper tail of F.</param>
/// <param name="Used">Covariates in the test, by their dimension, ascending.</param>
/// <param name="Dropped">Covariates left out: constant within every arm, or a linear combination of others.</param>
/// <param name="Method">Which form was used.</param>
public sealed record CovariateBalanceResult(
    double Statistic, double F, double DegreesOfFreedom1, double DegreesOfFreedom2, double PValue,
    IReadOnlyList<int> Used, IReadOnlyList<int> Dropped, string Method);

/// <summary>Were the arms alike before the experiment began?</summary>
/// <remarks>Sources: Hotelling 1931; Wilks 1932; Rao 1951 (F form, exact for up to three arms or two covariates); agrees with R's manova.</remarks>
public static class CovariateBalance
{
    /// <param name="arms">Per-unit moments of the covariates, one entry per arm, all of the same dimension.</param>
    /// <exception cref="TooFewRowsException">An arm is empty, or there are too few units for the covariates.</exception>
    /// <exception cref="NotEstimableException">No covariate varies within the arms.</exception>
    public static CovariateBalanceResult Hotelling(ReadOnlySpan<CoMoments> arms)
    {
        if (arms.Length < 2)
            throw new ArgumentException("Balance compares at least two arms.", nameof(arms));
        double units = 0;
        foreach (var arm in arms)
        {
            if (arm.Dimension != arms[0].Dimension)
                throw new ArgumentException("The arms must hold the same covariates.", nameof(arms));
            if (arm.Count < 1)
                throw new TooFewRowsException("An arm", 0, 1);
            units += arm.Count;
        }
        var all = Within(arms, Columns(arms[0].Dimension));
        var rank = PivotedCholesky.Factor(all, arms[0].Dimension);
        var used = Ascending(rank.Kept);
        if (used.Length == 0)
            throw new NotEstimableException("No covariate varies within the arms.");
        if (units - arms.Length - used.Length < 1)
            throw new TooFewRowsException($"The experiment ({arms.Length} arms, {used.Length} covariates)", (long)units, arms.Length + used.Length + 1);
        var dropped = Ascending(rank.Dropped);
        return arms.Length == 2 ? TwoArms(arms, units, used, dropped) : ManyArms(arms, units, used, dropped);
    }

    static CovariateBalanceResult TwoArms(ReadOnlySpan<CoMoments> arms, double units, int[] used, int[] dropped)
    {
        var p = used.Length;
        var gap = new double[p];
        for (var i = 0; i < p; i++)
            gap[i] = arms[0].Mean(used[i]) - arms[1].Mean(used[i]);
        var form = PivotedCholesky.Factor(Within(arms, used), p).InverseQuadraticForm(gap);
        var t2 = form * (units - 2) * arms[0].Count / units * arms[1].Count;
        var df2 = units - p - 1;
        var f = t2 * df2 / (p * (units - 2));
        return new(t2, f, p, df2, FisherF.Sf(f, p, df2), used, dropped, "Hotelling T squared");
    }

    static CovariateBalanceResult ManyArms(ReadOnlySpan<CoMoments> arms, double units, int[] used, int[] dropped)
    {
        double p = used.Length, q = arms.Length - 1;
        var within = Within(arms, used);
        var total = Within([Merged(arms)], used);
        var logLambda = PivotedCholesky.Factor(within, used.Length).LogDeterminant - PivotedCholesky.Factor(total, used.Length).LogDeterminant;
        var free = p * p + q * q - 5;
        var s = free > 0 ? Math.Sqrt((p * p * q * q - 4) / free) : 1;
        var df1 = p * q;
        var df2 = (units - 1 - (p + q + 1) / 2) * s - df1 / 2 + 1;
        var f = Math.Max(0, Math.Exp(-logLambda / s) - 1) * df2 / df1;
        return new(Math.Exp(logLambda), f, df1, df2, FisherF.Sf(f, df1, df2), used, dropped, "Wilks lambda, Rao F");
    }

    static CoMoments Merged(ReadOnlySpan<CoMoments> arms)
    {
        var all = arms[0];
        for (var i = 1; i < arms.Length; i++)
            all = CoMoments.Merge(all, arms[i]);
        return all;
    }

    static double[] Within(ReadOnlySpan<CoMoments> arms, ReadOnlySpan<int> columns)
    {
        var p = columns.Length;
        var matrix = new double[p * p];
        foreach (var arm in arms)
        {
            for (var i = 0; i < p; i++)
            {
                for (var j = 0; j < p; j++)
                    matrix[i * p + j] += arm.CrossProduct(columns[i], columns[j]);
            }
        }
        return matrix;
    }

    static int[] Columns(int dimension)
    {
        var columns = new int[dimension];
        for (var i = 0; i < dimension; i++)
            columns[i] = i;
        return columns;
    }

    static int[] Ascending(ReadOnlySpan<int> columns)
    {
        var sorted = columns.ToArray();
        Array.Sort(sorted);
        return sorted;
    }
}
