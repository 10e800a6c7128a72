namespace Gnomon.Methods.Sampling;

/// <summary>Points within a stated distance of another, found exactly.</summary>
/// <remarks>A grid over the three coordinates that vary most, its cells as wide as the distance: whatever is near lies in the cell or beside it. Distances are Euclidean; one that equals the reach is near.</remarks>
public sealed class NearIndex
{
    const int MostAxes = 3;
    const int CellBits = 20;
    readonly Dictionary<long, List<int>> _cells = [];
    readonly List<double> _points = [];
    readonly int _dimensions;
    readonly double _reach;
    readonly int[] _axes;

    /// <param name="dimensions">Coordinates of a point.</param>
    /// <param name="reach">Largest distance that is near, above 0.</param>
    /// <param name="axes">Coordinates of the grid, at most three; any choice is exact, those that vary most are fastest.</param>
    public NearIndex(int dimensions, double reach, IReadOnlyList<int> axes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        ArgumentNullException.ThrowIfNull(axes);
        if (!(reach > 0) || !double.IsFinite(reach))
            throw new ArgumentOutOfRangeException(nameof(reach), reach, "The reach lies above 0.");
        (_dimensions, _reach, _axes) = (dimensions, reach, [.. axes.Take(MostAxes)]);
    }

    /// <summary>Points held.</summary>
    public int Count => _points.Count / _dimensions;

    /// <summary>The coordinates that vary most, at most three.</summary>
    /// <param name="points">Point by point.</param>
    /// <param name="dimensions">Coordinates of a point.</param>
    public static int[] Widest(ReadOnlySpan<double> points, int dimensions)
    {
        var spread = new double[dimensions];
        var n = points.Length / dimensions;
        for (var j = 0; j < dimensions; j++)
        {
            double mean = 0;
            for (var i = 0; i < n; i++)
                mean += points[(i * dimensions) + j] / n;
            for (var i = 0; i < n; i++)
                spread[j] += (points[(i * dimensions) + j] - mean) * (points[(i * dimensions) + j] - mean);
        }

        return [.. Enumerable.Range(0, dimensions).OrderByDescending(j => spread[j]).ThenBy(j => j).Take(MostAxes)];
    }

    /// <summary>Holds a point; its number is the count before.</summary>
    public void Add(ReadOnlySpan<double> point)
    {
        var key = Key(point, 0, 0, 0);
        if (!_cells.TryGetValue(key, out var cell))
            _cells[key] = cell = [];
        cell.Add(Count);
        foreach (var x in point)
            _points.Add(x);
    }

    /// <summary>The lowest number of a point held that is near; -1 where none is.</summary>
    public int First(ReadOnlySpan<double> point)
    {
        var first = -1;
        Each(point, i =>
        {
            if (first < 0 || i < first)
                first = i;
        });
        return first;
    }

    /// <summary>Hands over every point held that is near, in no order.</summary>
    public void Each(ReadOnlySpan<double> point, Action<int> found)
    {
        ArgumentNullException.ThrowIfNull(found);
        var (first, second, third) = (_axes.Length > 0 ? 1 : 0, _axes.Length > 1 ? 1 : 0, _axes.Length > 2 ? 1 : 0);
        for (var a = -first; a <= first; a++)
            for (var b = -second; b <= second; b++)
                for (var c = -third; c <= third; c++)
                {
                    if (!_cells.TryGetValue(Key(point, a, b, c), out var cell))
                        continue;
                    foreach (var i in cell)
                    {
                        if (IsNear(point, i))
                            found(i);
                    }
                }
    }

    bool IsNear(ReadOnlySpan<double> point, int i)
    {
        var held = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_points).Slice(i * _dimensions, _dimensions);
        double sum = 0, most = _reach * _reach;
        for (var j = 0; j < held.Length; j++)
        {
            sum += (point[j] - held[j]) * (point[j] - held[j]);
            if (sum > most)
                return false;
        }

        return true;
    }

    // Cells far out share a key with others: that costs time, never a neighbour.
    long Key(ReadOnlySpan<double> point, int a, int b, int c)
    {
        long key = 0;
        for (var k = 0; k < _axes.Length; k++)
        {
            var cell = (long)Math.Floor(point[_axes[k]] / _reach) + (k == 0 ? a : k == 1 ? b : c);
            key = (key << CellBits) | (cell & ((1L << CellBits) - 1));
        }

        return key;
    }
}
