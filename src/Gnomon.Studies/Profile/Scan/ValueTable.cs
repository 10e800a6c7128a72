using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Gnomon.Studies.Profile.Scan;

/// <summary>
/// How often each value occurs: exact up to a number of distinct values; beyond it, exact for every value whose hash falls into a share of 1 / 2^level of all hashes,
/// with all of its occurrences. Repeats can so be estimated without bias from any part of the data, which row samples cannot do.
/// </summary>
/// <remarks>Source: Gibbons 2001, VLDB (distinct sampling). The state depends on the set of values only, not on their order.</remarks>
internal sealed class ValueTable
{
    private const ulong Multiplier = 0xD6E8FEB86659FD93UL;
    private const ulong Salt = 0x9E3779B97F4A7C15UL;

    private readonly int _capacity;
    private Entry[] _entries = new Entry[64];

    /// <param name="capacity">Most distinct values kept.</param>
    public ValueTable(int capacity) => _capacity = Math.Max(capacity, 16);

    /// <summary>True when this many more values cannot end exactness.</summary>
    public bool HasRoomFor(int values) => IsExact && Kept + values <= _capacity;

    /// <summary>Distinct values kept.</summary>
    public int Kept { get; private set; }

    /// <summary>0 while every value is kept; each level halves the share of values that are.</summary>
    public int Level { get; private set; }

    /// <summary>Values whose hash lies above this are not kept.</summary>
    public ulong Limit { get; private set; } = ulong.MaxValue;

    public bool IsExact => Level == 0;

    /// <summary>Number of distinct values: exact or an estimate.</summary>
    public double Distinct => Math.ScaleB(Kept, Level);

    /// <summary>Relative standard error of <see cref="Distinct"/>; 0 when exact.</summary>
    public double RelativeError => IsExact || Kept == 0 ? 0 : Math.Sqrt((1 - Math.ScaleB(1, -Level)) / Kept);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Hash(ulong value)
    {
        var high = Math.BigMul(value ^ Salt, Multiplier, out var low);
        return high ^ low;
    }

    /// <summary>Adds one occurrence; the caller may test the hash against <see cref="Limit"/> first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ulong value, ulong hash)
    {
        if (hash <= Limit)
        {
            Count(value, hash);
        }
    }

    public void Add(ulong value) => Add(value, Hash(value));

    /// <summary>Occurrences beyond the first of each value that is kept.</summary>
    public long ExtraKept()
    {
        long extra = 0;
        foreach (var entry in _entries)
        {
            extra += Math.Max(0, entry.Count - 1);
        }

        return extra;
    }

    /// <summary>Kept values that occur more than once.</summary>
    public long RepeatedKept()
    {
        long repeated = 0;
        foreach (var entry in _entries)
        {
            repeated += entry.Count > 1 ? 1 : 0;
        }

        return repeated;
    }

    /// <summary>Every kept value with its count, in no particular order.</summary>
    public IEnumerable<KeyValuePair<ulong, long>> Values()
    {
        foreach (var entry in _entries)
        {
            if (entry.Count > 0)
            {
                yield return new(entry.Key, entry.Count);
            }
        }
    }

    private void Count(ulong value, ulong hash)
    {
        var mask = _entries.Length - 1;
        var slot = (int)hash & mask;
        while (true)
        {
            ref var entry = ref _entries[slot];
            if (entry.Count == 0)
            {
                entry.Key = value;
                entry.Count = 1;
                Kept++;
                break;
            }

            if (entry.Key == value)
            {
                entry.Count++;
                return;
            }

            slot = (slot + 1) & mask;
        }

        if (Kept > _capacity)
        {
            Thin();
        }
        else if (Kept * 2 > _entries.Length)
        {
            Rebuild(_entries.Length * 2);
        }
    }

    private void Thin()
    {
        while (Kept > _capacity)
        {
            Level++;
            Limit >>= 1;
            Rebuild(_entries.Length);
        }
    }

    private void Rebuild(int size)
    {
        var old = _entries;
        _entries = new Entry[size];
        Kept = 0;
        foreach (var entry in old)
        {
            var hash = Hash(entry.Key);
            if (entry.Count == 0 || hash > Limit)
            {
                continue;
            }

            var slot = (int)hash & (size - 1);
            while (_entries[slot].Count != 0)
            {
                slot = (slot + 1) & (size - 1);
            }

            _entries[slot] = entry;
            Kept++;
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Entry
    {
        public ulong Key;
        public long Count;
    }
}
