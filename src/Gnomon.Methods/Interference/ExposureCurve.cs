using Gnomon.Methods.Inference;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.LinearAlgebra;

namespace Gnomon.Methods.Interference;

/// <summary>Does the outcome bend along the treated share of neighbours?</summary>
/// <param name="Statistic">F of the bends of both arms.</param>
/// <param name="PValue">Upper tail of F with the arms that could be looked at, and the clusters of the smaller one less 1.</param>
/// <param name="Arms">Arms that could be looked at, 1 or 2.</param>
/// <param name="Straight">The total effect along straight lines.</param>
/// <param name="Curved">The same along the fitted curves.</param>
/// <param name="Units">Units looked at.</param>
public sealed record ExposureCurveResult(double Statistic, double PValue, int Arms, double Straight, double Curved, int Units);

/// <summary>A test of the straight line by which <see cref="FullExposure"/> carries on.</summary>
/// <remarks>
/// Within each arm the outcome is regressed on the share of treated neighbours and on its square, each less what the design gives on average to a unit with those links (recentring: Borusyak and Hull 2023,
/// Econometrica 91), those averages held fixed, within clusters. Wald test of the squares, errors by cluster with each cluster's sum divided by 1 less its leverage (CR3, the jackknife: MacKinnon, Nielsen and Webb 2023), both arms at once: their clusters differ. Agrees with numpy's least squares to 1e-8
/// (tests/reference/interference/full.json).
/// </remarks>
public static class ExposureCurve
{
    const int Columns = 4;
    const int FewestClusters = 8;

    // One cluster that makes the answer alone tells nothing of a bend.
    const double MostLeverage = 0.9;

    /// <param name="design">Exposures with their probabilities.</param>
    /// <param name="outcome">Outcome of each unit; NaN where there is none.</param>
    /// <returns>Null where nothing is carried on, fewer than 8 clusters lie in every arm, or shares are too alike to show a bend.</returns>
    public static ExposureCurveResult? Test(ExposureDesign design, double[] outcome)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(outcome);
        var (line, codes) = (new ExposureLine(design, outcome), Array.ConvertAll(design.Observed(), e => (byte)e));
        if (line.Fit(design.Arms, codes) is not { } seen || seen.FirstMissing + seen.SecondMissing < 1e-9)
            return null;
        var (treated, control) = (Arm(design, line, outcome, true), Arm(design, line, outcome, false));
        Bend[] bends = [.. new[] { treated, control }.OfType<Bend>()];
        if (bends.Length == 0)
            return null;
        var (first, second) = line.Squares(design.Arms, codes);
        var everybody = treated is null ? seen.Everybody : seen.FirstMean + treated.Slope * seen.FirstMissing + treated.Square * (1 - first);
        var nobody = control is null ? seen.Nobody : seen.SecondMean - control.Slope * seen.SecondMissing - control.Square * second;
        var statistic = bends.Sum(b => b.Square * b.Square / b.Variance) / bends.Length;
        return new(statistic, FisherF.Sf(statistic, bends.Length, bends.Min(b => b.Clusters) - 1), bends.Length, seen.Everybody - seen.Nobody, everybody - nobody, bends.Sum(b => b.Units));
    }

    sealed record Bend(double Slope, double Square, double Variance, int Clusters, int Units);

    static Bend? Arm(ExposureDesign design, ExposureLine line, double[] outcome, bool arm)
    {
        int[] units = [.. Enumerable.Range(0, outcome.Length).Where(i => design.Arms[i] == arm && line.IsLinked(i))];
        if (units.Select(i => design.Cluster[i]).Distinct().Count() < FewestClusters)
            return null;
        var rows = Array.ConvertAll(units, i => Row(design, line, outcome[i], i));
        Centre(rows, Array.ConvertAll(units, i => line.Group(i, design.Arms)), line.Groups);
        var (matrix, with) = (new double[Columns * Columns], new double[Columns]);
        foreach (var row in rows)
        {
            for (var a = 0; a < Columns; a++)
            {
                with[a] += row[a] * row[Columns];
                for (var b = 0; b < Columns; b++)
                    matrix[a * Columns + b] += row[a] * row[b];
            }
        }

        var factor = PivotedCholesky.Factor(matrix, Columns);
        if (!factor.Kept.Contains(0) || !factor.Kept.Contains(1))
            return null;
        var beta = factor.Solve(with);
        var weights = factor.Solve([0, 1, 0, 0]);
        var (totals, levers) = (new double[design.Clusters], new double[design.Clusters]);
        for (var r = 0; r < rows.Length; r++)
        {
            var (residual, lever) = (rows[r][Columns], 0.0);
            for (var a = 0; a < Columns; a++)
            {
                residual -= beta[a] * rows[r][a];
                lever += weights[a] * rows[r][a];
            }

            totals[design.Cluster[units[r]]] += lever * residual;
            levers[design.Cluster[units[r]]] += lever * lever / weights[1];
        }

        var (clusters, variance) = (0, 0.0);
        for (var g = 0; g < totals.Length; g++)
        {
            if (levers[g] >= MostLeverage)
                return null;
            clusters += levers[g] > 0 ? 1 : 0;
            variance += Math.Pow(totals[g] / (1 - levers[g]), 2);
        }

        return variance > 0 && clusters >= FewestClusters ? new(beta[0], beta[1], variance, clusters, units.Length) : null;
    }

    // Share and its square less their averages over the design, the averages, the outcome.
    static double[] Row(ExposureDesign design, ExposureLine line, double y, int unit)
    {
        var (share, expected) = (line.Share(unit, design.Arms), line.Expected(unit, design.Arms));
        var square = expected * expected + line.Variance(unit, design.Arms);
        return [share - expected, share * share - square, expected, square, y];
    }

    static void Centre(double[][] rows, int[] group, int groups)
    {
        var (sums, counts) = (new double[groups * (Columns + 1)], new int[groups]);
        for (var r = 0; r < rows.Length; r++)
        {
            counts[group[r]]++;
            for (var c = 0; c <= Columns; c++)
                sums[group[r] * (Columns + 1) + c] += rows[r][c];
        }

        for (var r = 0; r < rows.Length; r++)
        {
            for (var c = 0; c <= Columns; c++)
                rows[r][c] -= sums[group[r] * (Columns + 1) + c] / counts[group[r]];
        }
    }
}
