using System.Runtime.InteropServices;

namespace Gnomon.Methods.Data;

/// <summary>A frequent value.</summary>
/// <param name="Value">The value.</param>
/// <param name="Count">Its count; never too small.</param>
/// <param name="Error">The count may be too large by at most this; 0 is exact.</param>
public sealed record HeavyHitter<T>(T Value, long Count, long Error);

/// <summary>The most frequent values of a stream: exact up to a number of distinct values, then within a stated error.</summary>
/// <remarks>
/// Source: Metwally, Agrawal and El Abbadi 2005 (SpaceSaving); merging after Agarwal et al. 2012. Every value with more than Total / Capacity
/// occurrences is kept. Exact state is independent of order; past the capacity the kept values can depend on it, so feed blocks in a fixed order.
/// </remarks>
public sealed class HeavyHitters<T> where T : notnull, IComparable<T>
{
    readonly Dictionary<T, int> _slots;
    readonly List<Entry> _heap = [];

    /// <param name="capacity">Distinct values kept, at least 2.</param>
    /// <param name="comparer">How values are compared for equality; the default comparer when absent.</param>
    public HeavyHitters(int capacity = 4_096, IEqualityComparer<T>? comparer = null)
    {
        if (capacity < 2)
            throw new ArgumentOutOfRangeException(nameof(capacity), capacity, "At least two values must be kept.");
        Capacity = capacity;
        _slots = new(comparer);
    }

    /// <summary>Distinct values kept.</summary>
    public int Capacity { get; }

    /// <summary>Values added.</summary>
    public long Total { get; private set; }

    /// <summary>True while every count is exact and every value is kept.</summary>
    public bool IsExact { get; private set; } = true;

    /// <summary>Adds a value, or several equal ones.</summary>
    public void Add(T value, long count = 1)
    {
        if (count < 1)
            throw new ArgumentOutOfRangeException(nameof(count), count, "A count is at least 1.");
        Total += count;
        if (_slots.TryGetValue(value, out var slot))
        {
            _heap[slot] = _heap[slot] with { Count = _heap[slot].Count + count };
            SiftDown(slot);
            return;
        }
        if (_heap.Count < Capacity)
        {
            _heap.Add(new(value, count, 0));
            _slots[value] = _heap.Count - 1;
            SiftUp(_heap.Count - 1);
            return;
        }
        IsExact = false;
        Replace(value, count);
    }

    /// <summary>Takes in another summary; errors add up.</summary>
    public void Merge(HeavyHitters<T> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        // A value that a full summary does not hold may have occurred up to its smallest count there.
        var unseenHere = IsExact ? 0 : _heap[0].Count;
        var unseenThere = other.IsExact ? 0 : other._heap[0].Count;
        var merged = new Dictionary<T, Entry>(_slots.Comparer);
        foreach (var e in _heap)
            merged[e.Value] = new(e.Value, e.Count + unseenThere, e.Error + unseenThere);
        foreach (var e in other._heap)
        {
            merged[e.Value] = merged.TryGetValue(e.Value, out var mine)
                ? new(e.Value, mine.Count - unseenThere + e.Count, mine.Error - unseenThere + e.Error)
                : new(e.Value, e.Count + unseenHere, e.Error + unseenHere);
        }
        IsExact = IsExact && other.IsExact && merged.Count <= Capacity;
        Total += other.Total;
        Rebuild(merged.Values);
    }

    /// <summary>The most frequent values, most frequent first, ties by value.</summary>
    public IReadOnlyList<HeavyHitter<T>> Top(int count)
    {
        var sorted = Sorted(_heap);
        var top = new List<HeavyHitter<T>>();
        for (var i = 0; i < Math.Min(count, sorted.Count); i++)
            top.Add(new(sorted[i].Value, sorted[i].Count, sorted[i].Error));
        return top;
    }

    static List<Entry> Sorted(IEnumerable<Entry> entries)
    {
        var sorted = new List<Entry>(entries);
        sorted.Sort((a, b) => a.Count != b.Count ? b.Count.CompareTo(a.Count) : a.Value.CompareTo(b.Value));
        return sorted;
    }

    void Rebuild(IEnumerable<Entry> entries)
    {
        var kept = Sorted(entries);
        if (kept.Count > Capacity)
            kept.RemoveRange(Capacity, kept.Count - Capacity);
        // Ascending counts are a valid heap as they stand.
        kept.Reverse();
        _heap.Clear();
        _slots.Clear();
        foreach (var e in kept)
        {
            _slots[e.Value] = _heap.Count;
            _heap.Add(e);
        }
    }

    // The smallest entry makes room; the newcomer inherits its count as the error.
    void Replace(T value, long count)
    {
        var smallest = _heap[0];
        _slots.Remove(smallest.Value);
        _heap[0] = new(value, smallest.Count + count, smallest.Count);
        _slots[value] = 0;
        SiftDown(0);
    }

    void SiftUp(int i)
    {
        while (i > 0 && _heap[(i - 1) / 2].Count > _heap[i].Count)
        {
            Swap(i, (i - 1) / 2);
            i = (i - 1) / 2;
        }
    }

    void SiftDown(int i)
    {
        while (true)
        {
            var child = 2 * i + 1;
            if (child >= _heap.Count)
                return;
            if (child + 1 < _heap.Count && _heap[child + 1].Count < _heap[child].Count)
                child++;
            if (_heap[child].Count >= _heap[i].Count)
                return;
            Swap(i, child);
            i = child;
        }
    }

    void Swap(int a, int b)
    {
        (_heap[a], _heap[b]) = (_heap[b], _heap[a]);
        _slots[_heap[a].Value] = a;
        _slots[_heap[b].Value] = b;
    }

    [StructLayout(LayoutKind.Auto)]

    readonly record struct Entry(T Value, long Count, long Error);
}
