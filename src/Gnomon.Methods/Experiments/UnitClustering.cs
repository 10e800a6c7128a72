using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Experiments;

/// <summary>How alike the rows of one unit are.</summary>
/// <param name="IntraClassCorrelation">One-way analysis-of-variance estimator; can be slightly negative.</param>
/// <param name="Low">Lower end of its interval.</param>
/// <param name="High">Upper end of its interval.</param>
/// <param name="MeanRowsPerUnit">Rows over units.</param>
/// <param name="DesignEffect">1 + (m* - 1) * ICC with m* = sum of squared rows / rows: the factor on the variance of a mean of rows.</param>
/// <param name="FStatistic">Between over within mean square.</param>
/// <param name="PValue">One-sided p-value of zero correlation.</param>
public sealed record IntraClassResult(
    double IntraClassCorrelation, double Low, double High, double MeanRowsPerUnit, double DesignEffect, double FStatistic, double PValue);

/// <summary>A difference of row means with the error that rows would give and the error that units give.</summary>
/// <param name="Naive">Rows taken as independent (Welch).</param>
/// <param name="Clustered">Units as the sampling unit (delta method on per-unit sums and rows).</param>
/// <param name="VarianceInflation">Clustered over naive variance of the difference.</param>
public sealed record ClusteredComparison(ContrastResult Naive, ContrastResult Clustered, double VarianceInflation);

/// <summary>When the row is finer than the unit of randomisation: intra-class correlation, design effect, and both standard errors side by side.</summary>
/// <remarks>
/// Sources: Donner 1986 (ANOVA estimator), Searle 1971 with the average size n0 of Thomas and Hultquist 1978 (interval);
/// Kish 1965 (design effect); Deng, Knoblich and Lu, KDD 2018 (delta method on per-unit sums).
/// </remarks>
public static class UnitClustering
{
    /// <param name="unitSums">Sum of the metric over each unit's rows.</param>
    /// <param name="unitRows">Rows of each unit, at least 1.</param>
    /// <param name="rows">Moments of the metric over all rows of the same units.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="TooFewRowsException">Fewer than 2 units, or every unit has one row.</exception>
    /// <exception cref="NotEstimableException">Rows do not vary within units.</exception>
    public static IntraClassResult IntraClass(ReadOnlySpan<double> unitSums, ReadOnlySpan<long> unitRows, Moments rows, double level = 0.95)
    {
        InferenceGuard.Level(level);
        if (unitSums.Length != unitRows.Length)
            throw new ArgumentException("There must be one row count per unit sum.", nameof(unitRows));
        var units = unitSums.Length;
        double between = 0, squares = 0, n = 0;
        for (var i = 0; i < units; i++)
        {
            if (unitRows[i] < 1)
                throw new ArgumentOutOfRangeException(nameof(unitRows), unitRows[i], "Every unit needs at least one row.");
            double size = unitRows[i];
            var gap = unitSums[i] / size - rows.Mean;
            between += size * gap * gap;
            squares += size * size;
            n += size;
        }
        if (n != rows.Count)
            throw new ArgumentException($"The units hold {n} rows, the row moments {rows.Count}.", nameof(rows));
        return IntraClass(units, squares, between, rows, level);
    }

    /// <summary>The same from sums over units, as a database returns them.</summary>
    /// <param name="units">Number of units.</param>
    /// <param name="sumOfSquaredRows">Sum over units of the squared number of rows.</param>
    /// <param name="betweenSumOfSquares">Sum over units of rows * (unit mean - overall mean)^2.</param>
    /// <param name="rows">Moments of the metric over all rows.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    public static IntraClassResult IntraClass(long units, double sumOfSquaredRows, double betweenSumOfSquares, Moments rows, double level = 0.95)
    {
        InferenceGuard.Level(level);
        double n = rows.Count;
        if (units < 2 || n <= units)
            throw new TooFewRowsException($"The set of {units} units", rows.Count, Math.Max(3, units + 1));
        var within = Math.Max(0, rows.M2 - betweenSumOfSquares);
        if (!(within > 1e-12 * rows.M2))
            throw new NotEstimableException("The metric does not vary within units; analyse one row per unit.");
        return Estimate(betweenSumOfSquares / (units - 1), within / (n - units), units, n, sumOfSquaredRows, level);
    }

    /// <summary>The difference of row means, first minus second arm, by rows and by units.</summary>
    /// <param name="firstUnits">Per-unit moments of the first arm: dimension 0 the unit's sum, dimension 1 its rows.</param>
    /// <param name="firstRows">Moments over the same arm's rows.</param>
    /// <param name="secondUnits">Per-unit moments of the second arm.</param>
    /// <param name="secondRows">Moments over its rows.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    public static ClusteredComparison Compare(CoMoments firstUnits, Moments firstRows, CoMoments secondUnits, Moments secondRows, double level = 0.95)
    {
        var naive = WelchT.Test(firstRows, secondRows, level);
        var clustered = RatioMetric.Compare(firstUnits, secondUnits, level).Difference;
        var factor = clustered.StandardError / naive.StandardError;
        return new(naive, clustered, factor * factor);
    }

    static IntraClassResult Estimate(double msBetween, double msWithin, long units, double n, double squares, double level)
    {
        var n0 = (n - squares / n) / (units - 1);
        var icc = (msBetween - msWithin) / (msBetween + (n0 - 1) * msWithin);
        var f = msBetween / msWithin;
        var (df1, df2) = (units - 1.0, n - units);
        var tail = (1 - level) / 2;
        var low = f / FisherF.UpperQuantile(tail, df1, df2);
        var high = f / FisherF.Quantile(tail, df1, df2);
        var design = 1 + (squares / n - 1) * icc;
        return new(icc, (low - 1) / (low + n0 - 1), (high - 1) / (high + n0 - 1), n / units, design, f, FisherF.Sf(f, df1, df2));
    }
}
