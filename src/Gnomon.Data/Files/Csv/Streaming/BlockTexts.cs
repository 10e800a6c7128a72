using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Gnomon.Data.DuckDb.Native;

namespace Gnomon.Data.Files.Csv.Streaming;

/// <summary>
/// Numbers the distinct texts of one column of one block by first appearance. A text is known by two words, as in <see cref="TextDictionary"/>: up to 12 bytes lie in them
/// whole; longer ones by length, first four bytes and a hash, then byte by byte.
/// </summary>
internal sealed class BlockTexts
{
    private const int InlineBytes = 12;

    private int[] _slots = new int[128];
    private Entry[] _entries = new Entry[64];
    private ulong _lastLow;
    private ulong _lastHigh;
    private int _lastCode = -1;

    public int Count { get; private set; }

    public void Clear()
    {
        _slots.AsSpan().Clear();
        Count = 0;
        _lastCode = -1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int CodeOf(ref byte text, int start, int length)
    {
        var first = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref text, start));
        if (length > InlineBytes)
        {
            return Find((uint)length | (first << 32), CellHash.Of(ref text, start, length), ref text, start);
        }

        var next = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref text, start + 8));
        if (length < 8)
        {
            (first, next) = (first & ((1UL << (length * 8)) - 1), 0);
        }
        else
        {
            next &= (1UL << ((length - 8) * 8)) - 1;
        }

        var low = (uint)length | (first << 32);
        var high = (first >> 32) | (next << 32);
        return low == _lastLow && high == _lastHigh && _lastCode >= 0 ? _lastCode : Find(low, high, ref text, start);
    }

    /// <summary>The code that a text of this block has in the whole scan.</summary>
    public int CodeIn(TextDictionary all, int code, ReadOnlySpan<byte> block)
    {
        ref var entry = ref _entries[code];
        var length = (int)(uint)entry.Low;
        return length <= InlineBytes ? all.CodeOfInline(entry.Low, entry.High) : all.CodeOfLong(entry.Low, block.Slice(entry.Start, length));
    }

    private int Find(ulong low, ulong high, ref byte text, int start)
    {
        var slot = Slot(low, high);
        while (_slots[slot] is var taken && taken != 0)
        {
            ref var entry = ref _entries[taken - 1];
            if (entry.Low == low && entry.High == high && IsSame(ref text, entry.Start, start, (int)(uint)low))
            {
                return Remember(taken - 1, low, high);
            }

            slot = (slot + 1) & (_slots.Length - 1);
        }

        _slots[slot] = Count + 1;
        _entries[Count++] = new Entry(low, high, start);
        if (Count == _entries.Length)
        {
            Grow();
        }

        return Remember(Count - 1, low, high);
    }

    private static bool IsSame(ref byte text, int a, int b, int length) => length <= InlineBytes
        || MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref text, a), length).SequenceEqual(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref text, b), length));

    private int Remember(int code, ulong low, ulong high)
    {
        if ((uint)low <= InlineBytes)
        {
            (_lastLow, _lastHigh, _lastCode) = (low, high, code);
        }

        return code;
    }

    private void Grow()
    {
        Array.Resize(ref _entries, Count * 2);
        _slots = new int[_slots.Length * 2];
        for (var code = 0; code < Count; code++)
        {
            var slot = Slot(_entries[code].Low, _entries[code].High);
            while (_slots[slot] != 0)
            {
                slot = (slot + 1) & (_slots.Length - 1);
            }

            _slots[slot] = code + 1;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Slot(ulong low, ulong high)
    {
        var mixed = (low ^ (high * 0x9E3779B97F4A7C15UL)) * 0xD6E8FEB86659FD93UL;
        return (int)(mixed >> 32) & (_slots.Length - 1);
    }

    private readonly record struct Entry(ulong Low, ulong High, int Start);
}
