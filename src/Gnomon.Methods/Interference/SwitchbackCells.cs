namespace Gnomon.Methods.Interference;

/// <summary>A switchback as it ran: series (zones, or one for all) whose blocks of periods switch between two arms.</summary>
/// <remarks>Cells are what was observed in one period of one series. Blocks are numbered from 0 in every series; a block without any row has no arm.</remarks>
public sealed class SwitchbackCells
{
    /// <summary>Mark of a block that was not observed.</summary>
    public const int Unknown = -1;

    /// <param name="arms">Arm of each block by series: 1 treated, 0 control, <see cref="Unknown"/> where nothing was observed.</param>
    /// <param name="series">Series of each cell.</param>
    /// <param name="block">Block of each cell within its series.</param>
    /// <param name="position">Period of each cell within its block, from 0.</param>
    /// <param name="sums">Total of the metric in each cell.</param>
    /// <param name="sizes">What it is divided by: rows of the cell, above 0.</param>
    /// <param name="blockLength">Periods in a block.</param>
    /// <exception cref="TooFewRowsException">Fewer than 2 blocks of an arm.</exception>
    public SwitchbackCells(int[][] arms, int[] series, int[] block, int[] position, double[] sums, double[] sizes, int blockLength)
    {
        ArgumentNullException.ThrowIfNull(arms);
        ArgumentOutOfRangeException.ThrowIfLessThan(blockLength, 1);
        (Arms, Series, Block, Position, Sums, Sizes, BlockLength) = (arms, series, block, position, sums, sizes, blockLength);
        if (new[] { block.Length, position.Length, sums.Length, sizes.Length }.Any(n => n != series.Length))
            throw new ArgumentException("Every cell needs a series, a block, a position, a sum and a size.", nameof(series));
        if (Array.Exists(sizes, n => !(n > 0) || !double.IsFinite(n)) || Array.Exists(sums, s => !double.IsFinite(s)))
            throw new ArgumentOutOfRangeException(nameof(sizes), "Every cell needs a size above 0 and a finite sum.");
        IsShared = arms.Length > 1 && Shared(arms);
        var drawn = IsShared ? [Merged(arms)] : arms;
        Treated = drawn.Sum(a => a.Count(x => x == 1));
        Control = drawn.Sum(a => a.Count(x => x == 0));
        if (Math.Min(Treated, Control) < 2)
            throw new TooFewRowsException("An arm of the switchback (by block)", Math.Min(Treated, Control), 2);
    }

    /// <summary>Arm of each block by series.</summary>
    public int[][] Arms { get; }

    /// <summary>Periods in a block.</summary>
    public int BlockLength { get; }

    /// <summary>All series switch together: the draw was one per block, not one per series and block.</summary>
    public bool IsShared { get; }

    /// <summary>Draws that gave the treatment.</summary>
    public int Treated { get; }

    /// <summary>Draws that gave control.</summary>
    public int Control { get; }

    /// <summary>Every block differs from the one before it in every series: an alternation, which nobody drew.</summary>
    public bool Alternates => Array.TrueForAll(Arms, a =>
    {
        var seen = Array.FindAll(a, x => x >= 0);
        for (var b = 1; b < seen.Length; b++)
        {
            if (seen[b] == seen[b - 1])
                return false;
        }

        return seen.Length >= 6;
    });

    /// <summary>The same cells with other totals.</summary>
    /// <param name="sums">One per cell, in the order in which they were given.</param>
    public SwitchbackCells With(double[] sums) => new(Arms, Series, Block, Position, sums, Sizes, BlockLength);

    /// <summary>Cells of a linear form of two metrics, its coefficients those of the cell's arm.</summary>
    /// <param name="second">The second metric over the same cells.</param>
    /// <param name="treated">Form of treated cells.</param>
    /// <param name="control">Form of control cells.</param>
    public SwitchbackCells Combine(SwitchbackCells second, LinearForm treated, LinearForm control)
    {
        ArgumentNullException.ThrowIfNull(second);
        ArgumentOutOfRangeException.ThrowIfNotEqual(second.Sums.Length, Sums.Length);
        var sums = new double[Sums.Length];
        for (var i = 0; i < sums.Length; i++)
            sums[i] = (Arms[Series[i]][Block[i]] == 1 ? treated : control).OfTotals(Sums[i], second.Sums[i], Sizes[i]);
        return With(sums);
    }

    /// <summary>What each cell weighs in the mean of its arm: 0 within the burn-in, else the inverse of the probability of the arms that it met.</summary>
    /// <param name="burnIn">Periods for which an earlier arm still matters, at least 0.</param>
    /// <param name="share">Probability with which a block was treated, in (0, 1).</param>
    public double[] Weights(int burnIn, double share)
    {
        var weights = new double[Series.Length];
        for (var i = 0; i < weights.Length; i++)
        {
            var (arms, window) = (Arms[Series[i]], Window(Position[i], burnIn));
            var arm = arms[Block[i]];
            var counts = arm >= 0 && Block[i] - window + 1 >= 0;
            for (var b = Block[i] - window + 1; counts && b < Block[i]; b++)
                counts = arms[b] == arm;
            weights[i] = counts ? Math.Pow(arm == 1 ? share : 1.0 - share, -window) : 0.0;
        }

        return weights;
    }

    /// <summary>The draw that each cell belongs to: its series and block, or its block where all series switch together.</summary>
    public (int[] Draw, int Count) DrawOf()
    {
        var longest = Arms.Max(a => a.Length);
        var of = new int[Series.Length];
        for (var i = 0; i < of.Length; i++)
            of[i] = (IsShared ? 0 : Series[i] * longest) + Block[i];
        return (of, IsShared ? longest : Arms.Length * longest);
    }

    /// <summary>Cells.</summary>
    public int Count => Series.Length;

    internal int[] Series { get; }

    internal int[] Block { get; }

    internal int[] Position { get; }

    internal double[] Sums { get; }

    internal double[] Sizes { get; }

    /// <summary>The arms that are drawn: one row where all series share them.</summary>
    internal int[][] Draws => IsShared ? [Merged(Arms)] : Arms;

    /// <summary>Blocks whose arms a cell depends on when <paramref name="burnIn"/> earlier periods still matter.</summary>
    internal int Window(int position, int burnIn) => 1 + Math.Max(0, (burnIn - position + BlockLength - 1) / BlockLength);

    static int[] Merged(int[][] arms)
    {
        var merged = new int[arms.Max(a => a.Length)];
        Array.Fill(merged, Unknown);
        foreach (var series in arms)
        {
            for (var b = 0; b < series.Length; b++)
                merged[b] = Math.Max(merged[b], series[b]);
        }

        return merged;
    }

    static bool Shared(int[][] arms)
    {
        var merged = Merged(arms);
        return Array.TrueForAll(arms, series =>
        {
            for (var b = 0; b < series.Length; b++)
            {
                if (series[b] >= 0 && series[b] != merged[b])
                    return false;
            }

            return true;
        });
    }
}
