using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.LinearAlgebra;

namespace Gnomon.Methods.Data;

/// <summary>Rows that share the same observed columns.</summary>
/// <param name="Observed">The observed columns, ascending, by their index in the table; never empty.</param>
/// <param name="Rows">Moments of these columns over the pattern's rows, in the same order.</param>
public sealed record MissingPattern(IReadOnlyList<int> Observed, CoMoments Rows);

/// <summary>Little's test that values are missing completely at random.</summary>
/// <param name="Statistic">d squared.</param>
/// <param name="DegreesOfFreedom">Observed columns summed over patterns, minus the number of columns.</param>
/// <param name="PValue">Upper chi-square tail.</param>
/// <param name="Patterns">Patterns compared.</param>
/// <param name="Rows">Rows with at least one observed column.</param>
/// <param name="Converged">Whether the EM estimate of mean and covariance settled.</param>
/// <param name="Iterations">EM steps taken.</param>
public sealed record LittleMcarResult(
    double Statistic, int DegreesOfFreedom, double PValue, int Patterns, long Rows, bool Converged, int Iterations);

/// <summary>Are values missing completely at random? Compares the means of every missing-value pattern with one normal model of all rows.</summary>
/// <remarks>
/// Source: Little 1988, JASA 83, equation (5) with the covariance scaled by n / (n - 1); mean and covariance by EM on the patterns' sufficient
/// statistics. Limits: it sees differences of means only (not of spread or shape), assumes normal numeric columns for its null distribution in small
/// patterns, and cannot see values that are missing because of themselves.
/// </remarks>
public static class LittleMcar
{
    const int MaxIterations = 5_000;
    // Change of a mean in standard deviations, or of a covariance in products of them, at which EM stops.
    const double Tolerance = 1e-10;

    /// <param name="patterns">One entry per pattern; rows without any observed column are left out by the caller.</param>
    /// <param name="columns">Number of columns.</param>
    /// <returns>Null when there is nothing to compare: a single pattern, or patterns that share no column.</returns>
    public static LittleMcarResult? Test(IReadOnlyList<MissingPattern> patterns, int columns)
    {
        ArgumentNullException.ThrowIfNull(patterns);
        Validate(patterns, columns);
        if (patterns.Count < 2)
            return null;
        var model = NormalModel.Start(patterns, columns);
        var converged = false;
        var iterations = 0;
        while (!converged && iterations < MaxIterations)
        {
            var next = model.Step(patterns);
            converged = next.DistanceTo(model) < Tolerance;
            model = next;
            iterations++;
        }
        return Compare(patterns, model, converged, iterations);
    }

    static LittleMcarResult? Compare(IReadOnlyList<MissingPattern> patterns, NormalModel model, bool converged, int iterations)
    {
        long rows = 0;
        var ranks = 0;
        var statistic = 0.0;
        foreach (var pattern in patterns)
            rows += pattern.Rows.Count;
        foreach (var pattern in patterns)
        {
            var factor = PivotedCholesky.Factor(model.Block(pattern.Observed, pattern.Observed), pattern.Observed.Count);
            statistic += pattern.Rows.Count * factor.InverseQuadraticForm(model.Gap(pattern));
            ranks += factor.Rank;
        }
        statistic *= (rows - 1.0) / rows;
        var df = ranks - PivotedCholesky.Factor(model.Covariance, model.Mean.Length).Rank;
        return df < 1 ? null : new(statistic, df, ChiSquared.Sf(statistic, df), patterns.Count, rows, converged, iterations);
    }

    static void Validate(IReadOnlyList<MissingPattern> patterns, int columns)
    {
        var seen = new bool[columns];
        foreach (var pattern in patterns)
        {
            if (pattern.Observed.Count == 0 || pattern.Observed.Count != pattern.Rows.Dimension || pattern.Rows.Count < 1)
                throw new ArgumentException("A pattern needs rows, and moments of exactly its observed columns.", nameof(patterns));
            foreach (var column in pattern.Observed)
                seen[column] = true;
        }
        if (seen.Contains(false))
            throw new ArgumentException($"Column {Array.IndexOf(seen, false)} has no observed value; leave it out.", nameof(patterns));
    }

    /// <summary>Mean and covariance (divisor n) of a multivariate normal, estimated from incomplete rows.</summary>
    sealed record NormalModel(double[] Mean, double[] Covariance)
    {
        public static NormalModel Start(IReadOnlyList<MissingPattern> patterns, int p)
        {
            var columns = new Moments[p];
            Array.Fill(columns, new Moments(0, 0, 0));
            foreach (var pattern in patterns)
            {
                for (var i = 0; i < pattern.Observed.Count; i++)
                    columns[pattern.Observed[i]] = Moments.Merge(columns[pattern.Observed[i]], pattern.Rows.Column(i));
            }
            var covariance = new double[p * p];
            for (var i = 0; i < p; i++)
                covariance[i * p + i] = columns[i].M2 / columns[i].Count;
            return new(Array.ConvertAll(columns, c => c.Mean), covariance);
        }

        public double[] Block(IReadOnlyList<int> rows, IReadOnlyList<int> columns)
        {
            var block = new double[rows.Count * columns.Count];
            for (var i = 0; i < rows.Count; i++)
            {
                for (var j = 0; j < columns.Count; j++)
                    block[i * columns.Count + j] = Covariance[rows[i] * Mean.Length + columns[j]];
            }
            return block;
        }

        public double[] Gap(MissingPattern pattern)
        {
            var gap = new double[pattern.Observed.Count];
            for (var i = 0; i < gap.Length; i++)
                gap[i] = pattern.Rows.Mean(i) - Mean[pattern.Observed[i]];
            return gap;
        }

        /// <summary>One EM step: every pattern's rows completed by their regression on what was observed.</summary>
        public NormalModel Step(IReadOnlyList<MissingPattern> patterns)
        {
            var p = Mean.Length;
            var completed = new List<CompletedPattern>(patterns.Count);
            var mean = new double[p];
            double rows = 0;
            foreach (var pattern in patterns)
                rows += pattern.Rows.Count;
            foreach (var pattern in patterns)
            {
                var c = Complete(pattern);
                completed.Add(c);
                for (var i = 0; i < p; i++)
                    mean[i] += c.Count / rows * c.Mean[i];
            }
            var covariance = new double[p * p];
            foreach (var c in completed)
            {
                for (var i = 0; i < p; i++)
                {
                    for (var j = 0; j < p; j++)
                        covariance[i * p + j] += (c.Scatter[i * p + j] + c.Count * (c.Mean[i] - mean[i]) * (c.Mean[j] - mean[j])) / rows;
                }
            }
            return new(mean, covariance);
        }

        public double DistanceTo(NormalModel other)
        {
            var p = Mean.Length;
            var sd = new double[p];
            for (var i = 0; i < p; i++)
                sd[i] = Math.Max(Math.Sqrt(Covariance[i * p + i]), double.Epsilon);
            var distance = 0.0;
            for (var i = 0; i < p; i++)
            {
                distance = Math.Max(distance, Math.Abs(Mean[i] - other.Mean[i]) / sd[i]);
                for (var j = 0; j <= i; j++)
                    distance = Math.Max(distance, Math.Abs(Covariance[i * p + j] - other.Covariance[i * p + j]) / sd[i] / sd[j]);
            }
            return distance;
        }

        CompletedPattern Complete(MissingPattern pattern)
        {
            var p = Mean.Length;
            var observed = pattern.Observed;
            var missing = new List<int>();
            for (var i = 0; i < p; i++)
            {
                if (!observed.Contains(i))
                    missing.Add(i);
            }
            var coefficients = Regress(observed, missing);
            var gap = Gap(pattern);
            var mean = (double[])Mean.Clone();
            var scatter = new double[p * p];
            for (var i = 0; i < observed.Count; i++)
            {
                mean[observed[i]] = pattern.Rows.Mean(i);
                for (var j = 0; j < observed.Count; j++)
                    scatter[observed[i] * p + observed[j]] = pattern.Rows.CrossProduct(i, j);
            }
            for (var m = 0; m < missing.Count; m++)
            {
                for (var i = 0; i < observed.Count; i++)
                    mean[missing[m]] += coefficients[m][i] * gap[i];
                for (var j = 0; j < observed.Count; j++)
                {
                    var sum = 0.0;
                    for (var i = 0; i < observed.Count; i++)
                        sum += coefficients[m][i] * pattern.Rows.CrossProduct(i, j);
                    scatter[missing[m] * p + observed[j]] = scatter[observed[j] * p + missing[m]] = sum;
                }
            }
            FillMissingBlock(scatter, observed, missing, coefficients, pattern.Rows.Count);
            return new(pattern.Rows.Count, mean, scatter);
        }

        // Scatter of the completed missing columns: explained part plus what the regression leaves open in every row.
        void FillMissingBlock(double[] scatter, IReadOnlyList<int> observed, List<int> missing, double[][] coefficients, long count)
        {
            var p = Mean.Length;
            for (var m = 0; m < missing.Count; m++)
            {
                for (var l = 0; l < missing.Count; l++)
                {
                    double explained = 0, residual = Covariance[missing[m] * p + missing[l]];
                    for (var j = 0; j < observed.Count; j++)
                    {
                        explained += scatter[missing[m] * p + observed[j]] * coefficients[l][j];
                        residual -= coefficients[m][j] * Covariance[observed[j] * p + missing[l]];
                    }
                    scatter[missing[m] * p + missing[l]] = explained + count * residual;
                }
            }
        }

        double[][] Regress(IReadOnlyList<int> observed, List<int> missing)
        {
            var factor = PivotedCholesky.Factor(Block(observed, observed), observed.Count);
            var coefficients = new double[missing.Count][];
            for (var m = 0; m < missing.Count; m++)
                coefficients[m] = factor.Solve(Block([missing[m]], observed));
            return coefficients;
        }
    }

    sealed record CompletedPattern(double Count, double[] Mean, double[] Scatter);
}
