using Gnomon.Core.Evidence.Experiments;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Profile.Beside;

namespace Gnomon.Studies.Profile.Substitute;

/// <summary>Would columns be ranked on the substitute as on real rows? Each column's groups (fifths of numbers) against the target, over random draws of the real rows.</summary>
internal static class ColumnRanks
{
    private const int Draws = 200;

    /// <param name="source">The substitute's name.</param>
    /// <param name="margins">Columns of the substitute with the codes of both files.</param>
    /// <param name="otherTarget">Target of the substitute's sampled rows: 1, 0, or -1 for none.</param>
    /// <param name="realTarget">Target of the real sampled rows.</param>
    /// <param name="seed">Seed of the draws.</param>
    public static RankShares Of(string source, IReadOnlyList<PopulationMargin> margins, int[] otherTarget, int[] realTarget, long seed)
    {
        var columns = margins.Where(m => m.ReferenceCodes is not null).ToList();
        var top = Best(columns, m => m.Codes, otherTarget, null);
        if (columns.Count < 2 || top < 0)
        {
            return new RankShares { Top = columns.Count > 0 ? columns[0].Name : "none", Share = 1, Rival = string.Empty, RivalShare = 0, Items = Math.Min(1, columns.Count), Draws = Draws, Subject = source };
        }

        var rng = new Rng((ulong)seed).Stream("substitute-ranks");
        var firsts = new int[columns.Count];
        var weights = new byte[realTarget.Length];
        for (var draw = 0; draw < Draws; draw++)
        {
            for (var i = 0; i < weights.Length; i++)
            {
                weights[i] = (byte)Math.Min(255, rng.NextPoisson(1));
            }

            var first = Best(columns, m => m.ReferenceCodes!, realTarget, weights);
            firsts[Math.Max(0, first)]++;
        }

        var rival = Enumerable.Range(0, firsts.Length).Where(c => c != top).MaxBy(c => firsts[c]);
        return new RankShares
        {
            Top = $"{columns[top].Name}, the strongest column of {source},", Share = firsts[top] / (double)Draws, Rival = firsts[rival] > 0 ? columns[rival].Name : string.Empty,
            RivalShare = firsts[rival] / (double)Draws, Items = columns.Count, Draws = Draws, Subject = source,
        };
    }

    // The column with the largest chi-square per row less what chance alone gives.
    private static int Best(List<PopulationMargin> columns, Func<PopulationMargin, int[]> codes, int[] target, byte[]? weights)
    {
        var (best, strongest) = (-1, double.NegativeInfinity);
        for (var c = 0; c < columns.Count; c++)
        {
            var strength = Strength(codes(columns[c]), columns[c].Names.Count, target, weights);
            if (strength > strongest)
            {
                (best, strongest) = (c, strength);
            }
        }

        return best;
    }

    private static double Strength(int[] codes, int groups, int[] target, byte[]? weights)
    {
        var counts = new long[2 * groups];
        for (var i = 0; i < codes.Length; i++)
        {
            if (codes[i] >= 0 && target[i] >= 0)
            {
                counts[(2 * codes[i]) + target[i]] += weights is null ? 1 : weights[i];
            }
        }

        long rows = 0, events = 0;
        var used = 0;
        for (var g = 0; g < groups; g++)
        {
            rows += counts[2 * g] + counts[(2 * g) + 1];
            events += counts[(2 * g) + 1];
            used += counts[2 * g] + counts[(2 * g) + 1] > 0 ? 1 : 0;
        }

        if (rows == 0 || events == 0 || events == rows)
        {
            return double.NegativeInfinity;
        }

        double rate = (double)events / rows, sum = 0;
        for (var g = 0; g < groups; g++)
        {
            double n = counts[2 * g] + counts[(2 * g) + 1];
            sum += n > 0 ? (counts[(2 * g) + 1] - (n * rate)) * (counts[(2 * g) + 1] - (n * rate)) / n : 0;
        }

        return (sum / (rate * (1 - rate)) - (used - 1)) / rows;
    }
}
