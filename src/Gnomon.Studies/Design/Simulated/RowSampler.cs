using Gnomon.Numerics.Random;

namespace Gnomon.Studies.Design.Simulated;

/// <summary>Rows of one simulated data set.</summary>
/// <param name="Rows">Row of history behind each row.</param>
/// <param name="Units">The drawn unit that each row belongs to, numbered from 0: a unit drawn twice is two units.</param>
internal sealed record RowSample(int[] Rows, int[] Units);

/// <summary>Draws rows of history with replacement: one by one, or whole groups where rows belong together.</summary>
internal sealed class RowSampler
{
    private readonly int[][]? _members;
    private readonly int _rows;

    private RowSampler(int rows, int[][]? members) => (_rows, _members) = (rows, members);

    public static RowSampler OfRows(int rows) => new(rows, null);

    public static RowSampler OfGroups(int[] codes) => new(codes.Length, [.. Enumerable.Range(0, codes.Length).GroupBy(i => codes[i]).OrderBy(g => g.Key).Select(g => g.ToArray())]);

    /// <summary>Units in history.</summary>
    public int Units => _members?.Length ?? _rows;

    public RowSample Take(Rng rng, int units)
    {
        if (_members is null)
        {
            var plain = new int[units];
            var own = new int[units];
            for (var i = 0; i < units; i++)
            {
                plain[i] = rng.NextInt(_rows);
                own[i] = i;
            }

            return new RowSample(plain, own);
        }

        var drawn = new int[units];
        var total = 0;
        for (var u = 0; u < units; u++)
        {
            drawn[u] = rng.NextInt(_members.Length);
            total += _members[drawn[u]].Length;
        }

        var rows = new int[total];
        var codes = new int[total];
        var at = 0;
        for (var u = 0; u < units; u++)
        {
            foreach (var row in _members[drawn[u]])
            {
                rows[at] = row;
                codes[at++] = u;
            }
        }

        return new RowSample(rows, codes);
    }
}
