using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

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

    /// <summary>False when one of the hashes was there already; the rest of the block is then not looked at.</summary>
    /// <remarks>Each probe is a cache miss, so the slots of a block are asked for before they are needed.</remarks>
    public bool Add(ReadOnlySpan<ulong> hashes)
    {
        const int ahead = 16;
        while ((_count + hashes.Length) * 5L > _slots.Length * 3L && Grow())
        {
            // Grown before the block, so that the slots asked for ahead stay where they are.
        }

        for (var i = 0; i < hashes.Length; i++)
        {
            if (Sse.IsSupported && i + ahead < hashes.Length)
            {
                Prefetch(hashes[i + ahead]);
            }

            if (!Add(hashes[i]) || Full)
            {
                return false;
            }
        }

        return true;
    }

    private unsafe void Prefetch(ulong hash)
    {
        ref var slot = ref _slots[(int)(hash >> 20) & (_slots.Length - 1)];
        Sse.Prefetch0(Unsafe.AsPointer(ref slot));
    }

    private bool Add(ulong hash)
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
