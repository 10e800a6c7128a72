namespace Gnomon.Studies.Ab;

/// <summary>Finds the first repeated unit: open addressing over 64-bit hashes, 8 bytes a slot. A hash collision only sends the study to the exact path.</summary>
internal sealed class UnitSet
{
    // 2^27 slots are 1 GiB; beyond that many units the engine groups them, spilling to disk.
    private const int MaximumBits = 27;
    private ulong[] _slots = new ulong[1 << 16];
    private int _count;
    private bool _sawZero;

    /// <summary>True once the set stopped growing: repeats can no longer be ruled out here.</summary>
    public bool Full { get; private set; }

    /// <summary>False when the hash was there already.</summary>
    public bool Add(ulong hash)
    {
        if (hash == 0)
        {
            var first = !_sawZero;
            _sawZero = true;
            return first;
        }

        if (_count * 5L > _slots.Length * 3L && !Grow())
        {
            Full = true;
            return true;
        }

        return Insert(_slots, hash) && ++_count > 0;
    }

    private static bool Insert(ulong[] slots, ulong hash)
    {
        var mask = slots.Length - 1;
        for (var i = (int)(hash >> 20) & mask; ; i = (i + 1) & mask)
        {
            if (slots[i] == 0)
            {
                slots[i] = hash;
                return true;
            }

            if (slots[i] == hash)
            {
                return false;
            }
        }
    }

    private bool Grow()
    {
        if (_slots.Length >= 1 << MaximumBits)
        {
            return false;
        }

        var next = new ulong[Math.Min(_slots.Length * 4, 1 << MaximumBits)];
        foreach (var hash in _slots)
        {
            if (hash != 0)
            {
                Insert(next, hash);
            }
        }

        _slots = next;
        return true;
    }
}
