using Gnomon.Methods.Inference;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Interference;

/// <summary>What a switchback says: everybody treated all the time against nobody.</summary>
/// <param name="Hajek">Difference of weighted means, with an interval by blocks: the estimate that is read.</param>
/// <param name="HorvitzThompson">Unbiased over the design, but noisy where the metric is far from 0.</param>
/// <param name="TreatedMean">Weighted mean of treated cells.</param>
/// <param name="ControlMean">Weighted mean of control cells.</param>
/// <param name="TreatedVariance">Variance of the treated mean, by blocks.</param>
/// <param name="ControlVariance">Variance of the control mean, by blocks.</param>
/// <param name="CellsUsed">Cells after the burn-in.</param>
/// <param name="CellsLeftOut">Cells left out because the arm had just switched, or an earlier block was not observed.</param>
/// <param name="Blocks">Draws that the cells used come from.</param>
public sealed record SwitchbackResult(
    ContrastResult Hajek, ContrastResult HorvitzThompson, double TreatedMean, double ControlMean, double TreatedVariance, double ControlVariance, int CellsUsed, int CellsLeftOut, int Blocks)
{
    /// <summary>Standard error and degrees of freedom that hold without drawing the design again, for readings of few blocks: by stretches of blocks with one arm where the burn-in reaches into earlier blocks.</summary>
    public required (double StandardError, double Degrees) Stretches { get; init; }
}

/// <summary>Total effect from an experiment whose blocks of time switch between two arms.</summary>
/// <remarks>
/// Source: Bojinov, Simchi-Levi and Zhao 2023, Management Science 69. A cell counts when the arm has been the same for the last m periods (the burn-in) and is weighted by the inverse of the
/// probability of that: the share of the arm to the power of the number of blocks the window touches. Errors are sums over draws (series and block, or block where all series switch
/// together) with the covariance of neighbouring draws that share a window, never below the sum of squares; conservative over the design as Neyman's. Student's t with draws less 2.
/// That t is too short in the tails for few blocks, an uneven share of the arms, or windows that overlap; a single reading is therefore held against designs drawn again (<see cref="SwitchbackRandomisation"/>).
/// Where that cannot be done, as far out as a sequence of readings looks, <see cref="SwitchbackResult.Stretches"/> stands in: sums over stretches of neighbouring blocks with one arm, whose windows do not
/// overlap, never below the other error, with the degrees of freedom of Welch 1947 for two arms of unlike spread.
/// </remarks>
public static class Switchback
{
    /// <param name="cells">What was observed.</param>
    /// <param name="burnIn">Periods for which an earlier arm still matters, at least 0.</param>
    /// <param name="share">Probability with which a block was treated, in (0, 1).</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <exception cref="NotEstimableException">No cell of an arm is left after the burn-in, or blocks do not differ.</exception>
    public static SwitchbackResult Estimate(SwitchbackCells cells, int burnIn = 0, double share = 0.5, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(cells);
        ArgumentOutOfRangeException.ThrowIfNegative(burnIn);
        InferenceGuard.Level(level);
        if (!(share > 0 && share < 1))
            throw new ArgumentOutOfRangeException(nameof(share), share, "The share of treated blocks lies between 0 and 1.");
        var work = new SwitchbackWork(cells, burnIn, share);
        if (!work.Run(cells.Draws))
            throw new NotEstimableException($"With a burn-in of {burnIn} periods an arm has fewer than 2 blocks left.");
        var variance = work.Variance;
        if (!(variance > 1e-26 * Math.Max(work.Mean1 * work.Mean1, work.Mean0 * work.Mean0)))
            throw new NotEstimableException("Blocks of one arm do not differ, so the difference has no standard error.");
        var degrees = Math.Max(1.0, work.Blocks - 2.0);
        var hajek = Contrast(work.Mean1 - work.Mean0, variance, degrees, level, $"switchback, weighted means of {work.Blocks.ToString("N0", System.Globalization.CultureInfo.InvariantCulture)} blocks{Text(burnIn)}");
        var (value, spread) = work.HorvitzThompson();
        var plain = Contrast(value, spread, degrees, level, $"switchback, Horvitz-Thompson{Text(burnIn)}");
        return new(hajek, plain, work.Mean1, work.Mean0, work.Variance1, work.Variance0, work.Used, cells.Series.Length - work.Used, work.Blocks) { Stretches = work.Stretches() };
    }

    static string Text(int burnIn) => burnIn == 0 ? string.Empty : $", {burnIn} {(burnIn == 1 ? "period" : "periods")} of burn-in";

    static ContrastResult Contrast(double value, double variance, double degrees, double level, string method)
    {
        var error = Math.Sqrt(variance);
        var reach = StudentT.UpperQuantile(0.5 * (1.0 - level), degrees) * error;
        var t = value / error;
        return new(value, value - reach, value + reach, error, t, degrees, Math.Min(1.0, 2.0 * StudentT.Sf(Math.Abs(t), degrees)), level, method);
    }
}

/// <summary>The numbers of one assignment; reused over draws without allocation.</summary>
sealed class SwitchbackWork
{
    readonly SwitchbackCells _cells;
    readonly int[] _window;
    readonly double[] _weight1;
    readonly double[] _weight0;
    readonly int[][] _draws;
    readonly int[] _start;
    readonly sbyte[] _exposure;
    readonly double[] _influence;
    readonly bool[] _inUse;
    readonly int _lags;

    public SwitchbackWork(SwitchbackCells cells, int burnIn, double share)
    {
        _cells = cells;
        var n = cells.Series.Length;
        (_window, _weight1, _weight0, _exposure) = (new int[n], new double[n], new double[n], new sbyte[n]);
        for (var i = 0; i < n; i++)
        {
            _window[i] = cells.Window(cells.Position[i], burnIn);
            _weight1[i] = Math.Pow(share, -_window[i]);
            _weight0[i] = Math.Pow(1.0 - share, -_window[i]);
        }

        _lags = n == 0 ? 0 : _window.Max() - 1;
        _draws = cells.Draws;
        _start = new int[_draws.Length + 1];
        for (var s = 0; s < _draws.Length; s++)
            _start[s + 1] = _start[s] + _draws[s].Length;
        (_influence, _inUse) = (new double[_start[^1]], new bool[_start[^1]]);
    }

    public double Mean1 { get; private set; }

    public double Mean0 { get; private set; }

    public double Variance1 { get; private set; }

    public double Variance0 { get; private set; }

    public double Variance { get; private set; }

    public int Used { get; private set; }

    public int Blocks { get; private set; }

    /// <summary>Squared t; false in <see cref="Run"/> means that there is none.</summary>
    public double SquaredT => Variance > 0 ? (Mean1 - Mean0) * (Mean1 - Mean0) / Variance : Mean1 == Mean0 ? 0.0 : double.PositiveInfinity;

    public bool Run(int[][] arms)
    {
        double s1 = 0, n1 = 0, s0 = 0, n0 = 0;
        Used = 0;
        for (var i = 0; i < _exposure.Length; i++)
        {
            var e = Exposure(arms[_cells.IsShared ? 0 : _cells.Series[i]], _cells.Block[i], _window[i]);
            _exposure[i] = e;
            if (e == 1)
            {
                s1 += _weight1[i] * _cells.Sums[i];
                n1 += _weight1[i] * _cells.Sizes[i];
            }
            else if (e == 0)
            {
                s0 += _weight0[i] * _cells.Sums[i];
                n0 += _weight0[i] * _cells.Sizes[i];
            }

            Used += e >= 0 ? 1 : 0;
        }

        if (!(n1 > 0 && n0 > 0))
            return false;
        (Mean1, Mean0) = (s1 / n1, s0 / n0);
        Variance1 = Spread(1, Mean1, n1, out var blocks1);
        Variance0 = Spread(0, Mean0, n0, out var blocks0);
        Blocks = blocks1 + blocks0;
        if (Math.Min(blocks1, blocks0) < 2)
            return false;
        Variance1 *= blocks1 / (blocks1 - 1.0);
        Variance0 *= blocks0 / (blocks0 - 1.0);
        Variance = Variance1 + Variance0;
        return true;
    }

    /// <summary>The unbiased estimate and its conservative variance, for the arms last run.</summary>
    public (double Value, double Variance) HorvitzThompson()
    {
        double size = 0, value = 0;
        for (var i = 0; i < _exposure.Length; i++)
        {
            size += Known(_draws[_cells.IsShared ? 0 : _cells.Series[i]], _cells.Block[i], _window[i]) ? _cells.Sizes[i] : 0;
        }

        Clear();
        for (var i = 0; i < _exposure.Length; i++)
        {
            if (_exposure[i] < 0)
                continue;
            var term = (_exposure[i] == 1 ? _weight1[i] : -_weight0[i]) * _cells.Sums[i] / size;
            value += term;
            _influence[Draw(i)] += term;
        }

        return (value, Total());
    }

    /// <summary>Standard error and Welch's degrees of freedom by stretches of draws with one arm, for the arms last run; by single draws where no window reaches further.</summary>
    public (double StandardError, double Degrees) Stretches()
    {
        var (v1, d1) = Stretches(1, Mean1, Variance1);
        var (v0, d0) = Stretches(0, Mean0, Variance0);
        return (Math.Sqrt(v1 + v0), v1 + v0 > 0 ? (v1 + v0) * (v1 + v0) / (v1 * v1 / d1 + v0 * v0 / d0) : 1.0);
    }

    (double Variance, double Degrees) Stretches(int arm, double mean, double least)
    {
        var size = 0.0;
        for (var i = 0; i < _exposure.Length; i++)
            size += _exposure[i] == arm ? (arm == 1 ? _weight1[i] : _weight0[i]) * _cells.Sizes[i] : 0.0;
        Spread(arm, mean, size, out _);
        var (squares, pieces) = (0.0, 0);
        for (var s = 0; s < _draws.Length; s++)
        {
            var (sum, isUsed) = (0.0, false);
            for (var b = 0; b <= _draws[s].Length; b++)
            {
                var goesOn = b < _draws[s].Length && _draws[s][b] == arm;
                if (goesOn)
                    (sum, isUsed) = (sum + _influence[_start[s] + b], isUsed || _inUse[_start[s] + b]);
                if (isUsed && (!goesOn || _lags == 0))
                {
                    (squares, pieces) = (squares + sum * sum, pieces + 1);
                    (sum, isUsed) = (0.0, false);
                }
                else if (!goesOn)
                {
                    (sum, isUsed) = (0.0, false);
                }
            }
        }

        // A single stretch has no spread of its own: the other error stands, with the fewest degrees there are.
        return pieces < 2 ? (least, 1.0) : (Math.Max(least, squares * pieces / (pieces - 1.0)), pieces - 1.0);
    }

    double Spread(int arm, double mean, double size, out int blocks)
    {
        Clear();
        blocks = 0;
        for (var i = 0; i < _exposure.Length; i++)
        {
            if (_exposure[i] != arm)
                continue;
            var draw = Draw(i);
            blocks += _inUse[draw] ? 0 : 1;
            _inUse[draw] = true;
            _influence[draw] += (arm == 1 ? _weight1[i] : _weight0[i]) * (_cells.Sums[i] - _cells.Sizes[i] * mean) / size;
        }

        return Total();
    }

    double Total()
    {
        double squares = 0, shared = 0;
        for (var s = 0; s + 1 < _start.Length; s++)
        {
            for (var b = _start[s]; b < _start[s + 1]; b++)
            {
                squares += _influence[b] * _influence[b];
                for (var lag = 1; lag <= _lags && b + lag < _start[s + 1]; lag++)
                    shared += 2.0 * _influence[b] * _influence[b + lag];
            }
        }

        return squares + Math.Max(0.0, shared);
    }

    void Clear()
    {
        Array.Clear(_influence);
        Array.Clear(_inUse);
    }

    int Draw(int cell) => _start[_cells.IsShared ? 0 : _cells.Series[cell]] + _cells.Block[cell];

    static bool Known(ReadOnlySpan<int> arms, int block, int window)
    {
        if (block - window + 1 < 0)
            return false;
        for (var b = block - window + 1; b <= block; b++)
        {
            if (arms[b] < 0)
                return false;
        }

        return true;
    }

    static sbyte Exposure(ReadOnlySpan<int> arms, int block, int window)
    {
        if (block - window + 1 < 0 || arms[block] < 0)
            return -1;
        for (var b = block - window + 1; b < block; b++)
        {
            if (arms[b] != arms[block])
                return -1;
        }

        return (sbyte)arms[block];
    }
}
