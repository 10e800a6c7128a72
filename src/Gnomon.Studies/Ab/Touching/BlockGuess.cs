using Gnomon.Core.Errors;
using Gnomon.Core.Findings;

namespace Gnomon.Studies.Ab.Touching;

/// <summary>How long one draw of a switchback held, told from the moments at which the arm changed.</summary>
/// <remarks>
/// Arms that are drawn for blocks of g periods change only at multiples of g, so the greatest common divisor of the distances between changes is g or a multiple of it. Arms that are drawn
/// for every period change anywhere: the chance that d distances are then all multiples of g is g to the power -d. A block that is taken too long costs precision; one that is taken too
/// short makes the answer too sure.
/// </remarks>
/// <param name="Periods">Periods that one draw held; 1 where every period may have been drawn, 0 where nothing changes twice.</param>
/// <param name="Phase">A step, counted from the first period, at which a block begins.</param>
/// <param name="Distances">Distances between changes that were seen.</param>
/// <param name="IsAligned">All series change at the same steps.</param>
internal sealed record BlockGuess(int Periods, long Phase, int Distances, bool IsAligned)
{
    private const double Unlikely = 0.01;

    /// <summary>Chance of changes this regular if every period had been drawn.</summary>
    private double Chance => Periods > 1 ? Math.Pow(Periods, -Distances) : 1;

    public bool IsClear => Periods > 1 && Chance < Unlikely;

    /// <param name="series">Series of each cell, ascending.</param>
    /// <param name="steps">Its period, counted from the first one; ascending within a series.</param>
    /// <param name="arm">Its arm.</param>
    public static BlockGuess Of(ReadOnlySpan<int> series, ReadOnlySpan<long> steps, ReadOnlySpan<int> arm)
    {
        long within = 0, across = 0, phase = -1, last = -1;
        var distances = 0;
        for (var i = 1; i < series.Length; i++)
        {
            if (series[i] != series[i - 1])
            {
                last = -1;
                continue;
            }

            // Where periods are missing, nobody saw at which of them the arm changed.
            if (arm[i] == arm[i - 1] || steps[i] != steps[i - 1] + 1)
            {
                continue;
            }

            if (last >= 0)
            {
                within = Divisor(within, steps[i] - last);
                distances++;
            }

            (last, phase) = (steps[i], phase < 0 ? steps[i] : phase);
            across = Divisor(across, Math.Abs(steps[i] - phase));
        }

        return new BlockGuess((int)Math.Min(int.MaxValue, within), Math.Max(0, phase), distances, Divisor(within, across) == within);
    }

    /// <summary>The clock with blocks as they were drawn, and what the reader is to know of it; an error where that cannot be told.</summary>
    /// <exception cref="GnomonError"><c>block-missing</c>.</exception>
    public (Clock Clock, string? Says) Settle(Clock clock, string data, AbOptions options, bool isClock, long last)
    {
        if (Periods == 1 || last < 2)
        {
            return (clock, null);
        }

        var each = $"--block 1 where every period was drawn by itself";
        if (Periods == 0)
        {
            throw new GnomonError(
                "block-missing", $"{data}: by '{options.Time}' the arm changes {(Distances == 0 && Phase > 0 ? "once at most" : "nowhere between neighbouring periods")}{(options.Cluster is null ? string.Empty : $" in each {options.Cluster}")}: how long one draw held cannot be told.", "--block",
                $"Say how long one draw held, for example --block 2h, or {each}. An arm that changed once is a before and after, not a switchback.");
        }

        var held = clock.Shown(Periods, isClock);
        var changes = $"the arm changes only every {held} ({Figures.Count(Distances, "distance")} between changes, all of them multiples)";
        if (!IsClear)
        {
            throw new GnomonError("block-missing", $"{data}: {changes}, too few to tell whether one draw held that long.", "--block", $"Say how long one draw held, for example --block {Periods} (periods), or {each}.");
        }

        return IsAligned
            ? (clock.InBlocks(Periods, Phase), $"No --block was given: {changes}, so one draw is taken to hold that long. If every period was drawn by itself, write --block 1.")
            : throw new GnomonError("block-missing", $"{data}: in each {options.Cluster} {changes}, and not at the same moments.", "--block, --time", "Shift the times with --query so that the blocks of all begin together, and say how long one draw held with --block.");
    }

    /// <summary>What is to be said of a block that was given and is shorter than the changes suggest; null when nothing is.</summary>
    public string? Doubt(Clock clock, string block, bool isClock) => IsClear && Periods > clock.BlockLength
        ? $"The block is {block}, but the arm changes only every {clock.Shown(Periods, isClock)}: if one draw held that long, the answer above is too sure."
        : null;

    private static long Divisor(long a, long b)
    {
        while (b != 0)
        {
            (a, b) = (b, a % b);
        }

        return a;
    }
}
