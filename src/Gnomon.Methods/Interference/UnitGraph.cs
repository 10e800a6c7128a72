namespace Gnomon.Methods.Interference;

/// <summary>Who is linked to whom: an undirected graph in compressed rows; loops and repeated edges are dropped.</summary>
public sealed class UnitGraph
{
    readonly long[] _start;
    readonly int[] _neighbours;

    UnitGraph(long[] start, int[] neighbours)
    {
        (_start, _neighbours) = (start, neighbours);
    }

    /// <summary>Units, linked or not.</summary>
    public int Units => _start.Length - 1;

    /// <summary>Different edges.</summary>
    public long Edges => _start[^1] / 2;

    /// <summary>Neighbours of a unit, ascending.</summary>
    public ReadOnlySpan<int> Neighbours(int unit) => _neighbours.AsSpan((int)_start[unit], (int)(_start[unit + 1] - _start[unit]));

    /// <summary>Number of neighbours of a unit.</summary>
    public int Degree(int unit) => (int)(_start[unit + 1] - _start[unit]);

    /// <param name="units">Number of units.</param>
    /// <param name="from">One end of each edge, 0 to units - 1.</param>
    /// <param name="to">The other end.</param>
    public static UnitGraph Of(int units, ReadOnlySpan<int> from, ReadOnlySpan<int> to)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(units);
        if (from.Length != to.Length)
            throw new ArgumentException("Every edge needs two ends.", nameof(to));
        var start = new long[units + 1];
        for (var e = 0; e < from.Length; e++)
        {
            if ((uint)from[e] >= (uint)units || (uint)to[e] >= (uint)units)
                throw new ArgumentOutOfRangeException(nameof(from), "An edge names a unit that is not there.");
            if (from[e] == to[e])
                continue;
            start[from[e] + 1]++;
            start[to[e] + 1]++;
        }

        for (var i = 0; i < units; i++)
            start[i + 1] += start[i];
        if (start[^1] > Array.MaxLength)
            throw new ArgumentException("There are more edges than one array can hold.", nameof(from));
        var neighbours = new int[start[^1]];
        var next = start.AsSpan(0, units).ToArray();
        for (var e = 0; e < from.Length; e++)
        {
            if (from[e] == to[e])
                continue;
            neighbours[next[from[e]]++] = to[e];
            neighbours[next[to[e]]++] = from[e];
        }

        return new UnitGraph(start, neighbours).WithoutRepeats();
    }

    /// <summary>Edges whose ends have different labels, as a share of all; 0 without edges.</summary>
    /// <param name="labels">Label of each unit: its arm or its cluster.</param>
    public double CrossShare(ReadOnlySpan<int> labels)
    {
        if (labels.Length != Units)
            throw new ArgumentException("Every unit needs a label.", nameof(labels));
        var crossing = 0L;
        for (var i = 0; i < Units; i++)
        {
            foreach (var j in Neighbours(i))
                crossing += labels[i] != labels[j] ? 1 : 0;
        }

        return _neighbours.Length == 0 ? 0.0 : crossing / (double)_start[^1];
    }

    UnitGraph WithoutRepeats()
    {
        var kept = new long[_start.Length];
        var at = 0L;
        for (var i = 0; i < Units; i++)
        {
            var row = _neighbours.AsSpan((int)_start[i], Degree(i));
            row.Sort();
            var last = -1;
            foreach (var j in row)
            {
                if (j != last)
                    _neighbours[at++] = last = j;
            }

            kept[i + 1] = at;
        }

        return at == _neighbours.Length ? this : new UnitGraph(kept, _neighbours.AsSpan(0, (int)at).ToArray());
    }
}
