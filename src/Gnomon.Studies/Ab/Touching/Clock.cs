using System.Globalization;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;

namespace Gnomon.Studies.Ab.Touching;

/// <summary>Periods and blocks of a switchback: times in microseconds, or plain numbers.</summary>
internal sealed record Clock(double Start, double Period, int BlockLength, int BurnIn)
{
    private const int MostBlocks = 1_000_000;

    /// <param name="periods">Every period seen; repeats are welcome.</param>
    /// <param name="isClock">They are times.</param>
    /// <param name="block">How long an assignment held, as written; null for one period.</param>
    /// <param name="burnIn">How long an earlier arm still matters, as written; null for not at all.</param>
    public static Clock Of(double[] periods, bool isClock, string? block, string? burnIn)
    {
        double[] distinct = [.. periods.Distinct().Order()];
        var gap = distinct.Length < 2 ? 1 : Gap(distinct);
        var length = block is null ? gap : Length(block, "--block", isClock, gap);
        var inBlock = (int)Math.Max(1, Math.Round(length / gap));
        if (block is not null && Math.Abs(length / gap - inBlock) > 1e-6 * inBlock)
        {
            // Event times fall anywhere inside a block: the finest step is then the block's thousandth.
            gap = length / 1000;
            inBlock = 1000;
        }

        var start = isClock && block is not null ? Math.Floor(distinct[0] / length) * length : distinct[0];
        if ((distinct[^1] - start) / length > MostBlocks)
        {
            throw new GnomonError("block-missing", $"The times differ by as little as {Shown(gap, isClock)}: with one block for each of them there would be more than {Figures.Count(MostBlocks)}.", "--block", "Say how long one assignment held, for example --block 2h.");
        }

        return new Clock(start, gap, inBlock, burnIn is null ? 0 : (int)Math.Ceiling(Length(burnIn, "--burn-in", isClock, gap) / gap - 1e-9));
    }

    /// <summary>The same periods in blocks, one of which begins at a step that is given.</summary>
    public Clock InBlocks(int periods, long phase) => this with { Start = Start + ((phase % periods) - (phase % periods > 0 ? periods : 0)) * Period, BlockLength = periods };

    /// <summary>The step of each period, counted from the start.</summary>
    public long[] Steps(double[] periods) => Array.ConvertAll(periods, p => (long)Math.Floor((p - Start) / Period + 1e-6));

    /// <summary>So many periods in words: <c>4 hours</c>, <c>3 periods</c>.</summary>
    public string Shown(int periods, bool isClock)
    {
        var length = periods * Period;
        var (unit, name) = new[] { (86_400e6, "day"), (3_600e6, "hour"), (60e6, "minute"), (1e6, "second") }.FirstOrDefault(u => length % u.Item1 == 0);
        return isClock && unit > 0 ? Figures.Count((long)(length / unit), name) : Figures.Count(periods, "period");
    }

    public (int[] Blocks, int[] Positions) Place(double[] periods)
    {
        var (blocks, positions) = (new int[periods.Length], new int[periods.Length]);
        for (var i = 0; i < periods.Length; i++)
        {
            var step = (long)Math.Floor((periods[i] - Start) / Period + 1e-6);
            (blocks[i], positions[i]) = ((int)(step / BlockLength), (int)(step % BlockLength));
        }

        return (blocks, positions);
    }

    /// <summary>The largest step that leads to every period; the smallest gap where fractions have none.</summary>
    private static double Gap(double[] distinct)
    {
        var smallest = Enumerable.Range(1, distinct.Length - 1).Min(i => distinct[i] - distinct[i - 1]);
        if (distinct.Any(d => d != Math.Floor(d)))
        {
            return smallest;
        }

        var step = (long)smallest;
        for (var i = 1; i < distinct.Length && step > 1; i++)
        {
            var (a, b) = ((long)(distinct[i] - distinct[i - 1]), step);
            while (b != 0)
            {
                (a, b) = (b, a % b);
            }

            step = a;
        }

        return Math.Max(1, step);
    }

    private static double Length(string text, string option, bool isClock, double gap)
    {
        var unit = text.Length == 0 ? ' ' : text[^1];
        var factor = unit switch { 's' => 1e6, 'm' => 60e6, 'h' => 3_600e6, 'd' => 86_400e6, _ => 0.0 };
        var number = factor > 0 ? text[..^1] : text;
        if (!double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value) || value < 0 || (value == 0 && option == "--block"))
        {
            throw new GnomonError("bad-length", $"{option} must be a number of periods or a length such as 30m, 2h or 1d; got '{text}'.", option, $"Write {option} {(option == "--block" ? "2h" : "30m")}.");
        }

        if (factor > 0 && !isClock)
        {
            throw new GnomonError("bad-length", $"{option} {text} is a length of time, but the column of --time holds plain numbers.", option, $"Write {option} as a number of periods.");
        }

        return factor > 0 ? value * factor : value * gap;
    }

    private static string Shown(double gap, bool isClock) => !isClock ? Figures.Number(gap) : gap >= 1e6 ? $"{Figures.Number(gap / 1e6)} seconds" : $"{Figures.Number(gap)} microseconds";
}
