using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Interference;

/// <summary>Do controls answer to how many around them are treated, at equal market and moment?</summary>
/// <param name="Slope">Change of the control mean when the treated share of the cell goes from 0 to 1; in the metric's unit.</param>
/// <param name="StandardError">Standard error of the slope when shares are what chance made of them.</param>
/// <param name="Z">Standardised statistic.</param>
/// <param name="PValue">Two-sided p of "controls do not answer".</param>
/// <param name="Cells">Cells with controls.</param>
/// <param name="Lowest">Smallest treated share of a cell.</param>
/// <param name="Highest">Largest treated share of a cell.</param>
public sealed record SaturationOverTimeResult(double Slope, double StandardError, double Z, double PValue, int Cells, double Lowest, double Highest);

/// <summary>Interference without edges and without a name for it: cells are a market at a moment, and what a market or a moment does by itself is taken out.</summary>
/// <remarks>
/// Source: the comparison of saturations of Hudgens and Halloran 2008, JASA 103, on the saturations that chance gave, with the randomisation distribution in its normal limit. With m the control
/// means left over after markets and moments (weighted by units), the statistic is T = sum of n m s over cells; units are assigned one by one with the share p of their moment, so that
/// Var(T) = sum of n m^2 p (1 - p), or the heteroskedasticity-consistent sum of (n m t)^2 with t the share left over and the degrees of freedom counted (MacKinnon and White 1985), whichever is larger.
/// Shares that change over time (a ramp) do not shift the mean. O(cells) for each of the sweeps, no draws.
/// Agrees with numpy to 1e-9 (tests/reference/interference/saturation.json).
/// </remarks>
public static class SaturationOverTime
{
    const int MostSweeps = 200;
    const double Tolerance = 1e-12;

    // One cell that makes a quarter of the variance leaves no normal limit.
    const double MostOfOneCell = 0.25;

    /// <param name="market">Market of each cell, from 0.</param>
    /// <param name="moment">Moment of each cell, from 0.</param>
    /// <param name="treated">Treated units of each cell.</param>
    /// <param name="controls">Control units of each cell; cells without one are passed over.</param>
    /// <param name="controlSums">Total of the metric over a cell's controls.</param>
    /// <exception cref="TooFewRowsException">Fewer than 3 cells with controls.</exception>
    /// <exception cref="NotEstimableException">Shares or control means do not vary beside markets and moments, or one cell makes a quarter of the variance.</exception>
    public static SaturationOverTimeResult Test(ReadOnlySpan<int> market, ReadOnlySpan<int> moment, ReadOnlySpan<long> treated, ReadOnlySpan<long> controls, ReadOnlySpan<double> controlSums)
    {
        if (moment.Length != market.Length || treated.Length != market.Length || controls.Length != market.Length || controlSums.Length != market.Length)
            throw new ArgumentException("Every cell needs a market, a moment, its units and their total.", nameof(moment));
        var used = new List<int>(market.Length);
        for (var c = 0; c < market.Length; c++)
        {
            if (controls[c] > 0)
                used.Add(c);
        }

        if (used.Count < 3)
            throw new TooFewRowsException("The set of cells with controls", used.Count, 3);
        var (n, share, mean) = (new double[used.Count], new double[used.Count], new double[used.Count]);
        var (row, column) = (new int[used.Count], new int[used.Count]);
        for (var i = 0; i < n.Length; i++)
        {
            var c = used[i];
            (row[i], column[i], n[i]) = (market[c], moment[c], treated[c] + controls[c]);
            (share[i], mean[i]) = (treated[c] / n[i], controlSums[c] / controls[c]);
        }

        var moments = column.Max() + 1;
        var (on, all) = (new double[moments], new double[moments]);
        for (var i = 0; i < n.Length; i++)
        {
            on[column[i]] += n[i] * share[i];
            all[column[i]] += n[i];
        }

        double scale = 0, spread = 0;
        for (var i = 0; i < n.Length; i++)
        {
            scale = Math.Max(scale, Math.Abs(mean[i]));
            spread = Math.Max(spread, share[i]);
        }

        var left = Residuals(mean, n, row, column);
        var over = Residuals(share, n, row, column);
        double statistic = 0, variance = 0, robust = 0, largest = 0, squares = 0;
        for (var i = 0; i < n.Length; i++)
        {
            var p = on[column[i]] / all[column[i]];
            var part = n[i] * left[i] * left[i] * p * (1 - p);
            statistic += n[i] * left[i] * share[i];
            variance += part;
            robust += n[i] * left[i] * over[i] * n[i] * left[i] * over[i];
            largest = Math.Max(largest, part);
            squares += n[i] * over[i] * over[i];
        }

        var size = n.Sum();
        if (!(squares > 1e-12 * spread * spread * size) || !(variance > 1e-18 * scale * scale * size))
            throw new NotEstimableException("Treated shares or control means do not vary beside markets and moments.");
        if (largest > MostOfOneCell * variance)
            throw new NotEstimableException("One cell makes a quarter of the variance, so the test has no normal limit.");
        var degrees = n.Length - row.Distinct().Count() - column.Distinct().Count() + 1;
        if (degrees < 1)
            throw new NotEstimableException("No cell is left beside markets and moments.");

        // Few controls make a mean uncertain just where many are treated: the empirical variance sees that, the one of the design does not.
        var error = Math.Sqrt(Math.Max(variance, robust * n.Length / degrees));
        var z = statistic / error;
        return new(statistic / squares, error / squares, z, Math.Min(1, 2 * Normal.Sf(Math.Abs(z))), n.Length, share.Min(), share.Max());
    }

    // Markets and moments in turn until neither has a mean left; the last sweep is over moments, whose share is the one that is estimated.
    static double[] Residuals(double[] value, double[] weight, int[] market, int[] moment)
    {
        var left = (double[])value.Clone();
        var scale = value.Max(v => Math.Abs(v));
        var (byMarket, byMoment) = (new double[market.Max() + 1], new double[moment.Max() + 1]);
        var (ofMarket, ofMoment) = (Weights(market, weight, byMarket.Length), Weights(moment, weight, byMoment.Length));
        for (var sweep = 0; sweep < MostSweeps; sweep++)
        {
            var moved = Sweep(left, weight, market, byMarket, ofMarket);
            Sweep(left, weight, moment, byMoment, ofMoment);
            if (moved <= Tolerance * scale)
                break;
        }

        return left;
    }

    static double[] Weights(int[] group, double[] weight, int groups)
    {
        var sum = new double[groups];
        for (var i = 0; i < group.Length; i++)
            sum[group[i]] += weight[i];
        return sum;
    }

    static double Sweep(double[] left, double[] weight, int[] group, double[] sum, double[] size)
    {
        Array.Clear(sum);
        for (var i = 0; i < left.Length; i++)
            sum[group[i]] += weight[i] * left[i];
        var moved = 0.0;
        for (var i = 0; i < left.Length; i++)
        {
            var mean = sum[group[i]] / size[group[i]];
            left[i] -= mean;
            moved = Math.Max(moved, Math.Abs(mean));
        }

        return moved;
    }
}
