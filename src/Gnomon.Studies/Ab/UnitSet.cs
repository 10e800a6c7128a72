using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Gnomon.Studies.Ab;

/// <summary>
/// Finds out whether a unit repeats. Hashes are laid aside by their highest bits, one write each, and every part is looked through at the end while it fits the cache;
/// one unit in 256 is looked up at once, so that data with many rows per unit are known for what they are within their first rows. A collision of hashes only sends the
/// study to the exact path.
/// </summary>
internal sealed class UnitSet
{
    private const int PartBits = 9;
    private const int Parts = 1 << PartBits;
    private const int FirstRun = 64;
    private const int LongestRun = 4096;
    private const ulong SampleMask = 255;

    // 640 MB of hashes; beyond that many units the engine groups them, spilling to disk.
    private const long Most = 80_000_000;

    private readonly HashSet<ulong> _sample = [];
    private readonly List<ulong[]>[] _full = new List<ulong[]>[Parts];
    private readonly ulong[][] _open = new ulong[Parts][];
    private readonly int[] _used = new int[Parts];
    private long _count;

    public UnitSet()
    {
        for (var part = 0; part < Parts; part++)
        {
            _full[part] = [];
            _open[part] = new ulong[FirstRun];
        }
    }

    /// <summary>Adds units; false when one is known to repeat, or when there are too many to tell.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Add(ReadOnlySpan<ulong> hashes)
    {
        if ((_count += hashes.Length) > Most)
        {
            return false;
        }

        ref var used = ref MemoryMarshal.GetArrayDataReference(_used);
        foreach (var hash in hashes)
        {
            // The engine's hash mixes all bits: the sample goes by the lowest, the parts by the highest.
            if ((hash & SampleMask) == 0 && !_sample.Add(hash))
            {
                return false;
            }

            var part = (int)(hash >> (64 - PartBits));
            ref var at = ref Unsafe.Add(ref used, part);
            var run = _open[part];
            if ((uint)at >= (uint)run.Length)
            {
                run = Next(part);
            }

            run[at++] = hash;
        }

        return true;
    }

    /// <summary>Whether any unit was added twice. The parts are looked through on all cores that are free.</summary>
    public bool HasRepeats(int threads, CancellationToken cancellation)
    {
        var found = false;
        Parallel.For(
            0,
            Parts,
            new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, threads), CancellationToken = cancellation },
            () => Array.Empty<ulong>(),
            (part, state, slots) =>
            {
                if (Repeats(part, ref slots))
                {
                    Volatile.Write(ref found, true);
                    state.Stop();
                }

                return slots;
            },
            _ => { });
        return found;
    }

    private ulong[] Next(int part)
    {
        var run = _open[part];
        _full[part].Add(run);
        _used[part] = 0;
        return _open[part] = GC.AllocateUninitializedArray<ulong>(Math.Min(LongestRun, run.Length * 2));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Repeats(int part, ref ulong[] slots)
    {
        var count = _full[part].Sum(r => (long)r.Length) + _used[part];
        var size = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)Math.Max(16, count * 2));
        if (slots.Length < size)
        {
            slots = new ulong[size];
        }
        else
        {
            slots.AsSpan(0, size).Clear();
        }

        var sawZero = false;
        foreach (var run in _full[part])
        {
            if (!Insert(slots, size - 1, run, ref sawZero))
            {
                return true;
            }
        }

        return !Insert(slots, size - 1, _open[part].AsSpan(0, _used[part]), ref sawZero);
    }

    /// <summary>Open addressing; 0 marks a free slot. False at the first hash that is there already.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool Insert(ulong[] slots, int mask, ReadOnlySpan<ulong> hashes, ref bool sawZero)
    {
        foreach (var hash in hashes)
        {
            if (hash == 0)
            {
                if (sawZero)
                {
                    return false;
                }

                sawZero = true;
                continue;
            }

            var i = (int)(hash >> 20) & mask;
            for (; slots[i] != 0; i = (i + 1) & mask)
            {
                if (slots[i] == hash)
                {
                    return false;
                }
            }

            slots[i] = hash;
        }

        return true;
    }
}
