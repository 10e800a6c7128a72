using System.Collections;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Gnomon.Data.DuckDb.Native;

/// <summary>
/// Numbers distinct texts by first appearance. A text is looked up by two words: up to 12 bytes lie in them whole, longer ones by
/// length, first four bytes and a 64-bit hash, then byte by byte. Strings are made when somebody reads them, not before.
/// </summary>
internal sealed class TextDictionary : IReadOnlyList<string>
{
    private const int InlineBytes = 12;
    private const int BlockBytes = 1 << 20;

    private int[] _slots = new int[64];
    private ulong[] _low = new ulong[32];
    private ulong[] _high = new ulong[32];
    private string?[] _texts = new string?[32];
    private readonly List<byte[]> _blocks = [];
    private long[] _places = new long[32];
    private int _used = BlockBytes;
    private int _count;
    private ulong _lastLow;
    private ulong _lastHigh;
    private int _lastCode = -1;

    public int Count => _count;

    public string this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)_count, nameof(index));
            return _texts[index] ??= Decode(index);
        }
    }

    /// <summary>Code of a text that lies whole in the engine's 16-byte cell (length, then up to 12 bytes, zero-padded).</summary>
    public int CodeOfInline(ulong low, ulong high)
    {
        if (low == _lastLow && high == _lastHigh && _lastCode >= 0)
        {
            return _lastCode;
        }

        var slot = Slot(low, high);
        while (_slots[slot] is var entry && entry != 0)
        {
            var code = entry - 1;
            if (_low[code] == low && _high[code] == high)
            {
                return Remember(code, low, high);
            }

            slot = (slot + 1) & (_slots.Length - 1);
        }

        return Remember(Add(low, high), low, high);
    }

    /// <summary>Code of a text of more than 12 bytes.</summary>
    public int CodeOfLong(ulong low, ReadOnlySpan<byte> utf8)
    {
        var high = HashOf(utf8);
        var slot = Slot(low, high);
        while (_slots[slot] is var entry && entry != 0)
        {
            var code = entry - 1;
            if (_low[code] == low && _high[code] == high && LongBytes(code).SequenceEqual(utf8))
            {
                return code;
            }

            slot = (slot + 1) & (_slots.Length - 1);
        }

        var added = Add(low, high);
        _places[added] = Store(utf8);
        return added;
    }

    public int CodeOf(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        Span<byte> cell = stackalloc byte[16];
        cell.Clear();
        MemoryMarshal.Write(cell, utf8.Length);
        utf8.AsSpan(0, Math.Min(utf8.Length, utf8.Length <= InlineBytes ? InlineBytes : 4)).CopyTo(cell[4..]);
        var low = MemoryMarshal.Read<ulong>(cell);
        return utf8.Length <= InlineBytes ? CodeOfInline(low, MemoryMarshal.Read<ulong>(cell[8..])) : CodeOfLong(low, utf8);
    }

    public IEnumerator<string> GetEnumerator()
    {
        for (var i = 0; i < _count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Remember(int code, ulong low, ulong high)
    {
        (_lastLow, _lastHigh, _lastCode) = (low, high, code);
        return code;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Slot(ulong low, ulong high)
    {
        var mixed = (low ^ (high * 0x9E3779B97F4A7C15UL)) * 0xD6E8FEB86659FD93UL;
        return (int)(mixed >> 32) & (_slots.Length - 1);
    }

    private int Add(ulong low, ulong high)
    {
        if (_count == _low.Length)
        {
            Array.Resize(ref _low, _count * 2);
            Array.Resize(ref _high, _count * 2);
            Array.Resize(ref _texts, _count * 2);
            Array.Resize(ref _places, _count * 2);
            Rehash(_slots.Length * 2);
        }

        var code = _count++;
        (_low[code], _high[code]) = (low, high);
        Place(code);
        return code;
    }

    private void Rehash(int size)
    {
        _slots = new int[size];
        for (var code = 0; code < _count; code++)
        {
            Place(code);
        }
    }

    private void Place(int code)
    {
        var slot = Slot(_low[code], _high[code]);
        while (_slots[slot] != 0)
        {
            slot = (slot + 1) & (_slots.Length - 1);
        }

        _slots[slot] = code + 1;
    }

    /// <summary>Copies a text into the blocks; its place is the block's number and the offset in it.</summary>
    private long Store(ReadOnlySpan<byte> utf8)
    {
        if (_blocks.Count == 0 || _used + utf8.Length > _blocks[^1].Length)
        {
            _blocks.Add(new byte[Math.Max(BlockBytes, utf8.Length)]);
            _used = 0;
        }

        utf8.CopyTo(_blocks[^1].AsSpan(_used));
        var place = ((long)(_blocks.Count - 1) << 32) | (uint)_used;
        _used += utf8.Length;
        return place;
    }

    private ReadOnlySpan<byte> LongBytes(int code)
    {
        var place = _places[code];
        return _blocks[(int)(place >> 32)].AsSpan((int)(uint)place, (int)(uint)_low[code]);
    }

    private string Decode(int code)
    {
        var length = (int)(uint)_low[code];
        if (length > InlineBytes)
        {
            return Encoding.UTF8.GetString(LongBytes(code));
        }

        Span<byte> cell = stackalloc byte[16];
        MemoryMarshal.Write(cell, _low[code]);
        MemoryMarshal.Write(cell[8..], _high[code]);
        return Encoding.UTF8.GetString(cell.Slice(4, length));
    }

    /// <summary>Eight bytes at a time, multiplied and folded; equal bytes are compared afterwards, so a collision costs time only.</summary>
    private static ulong HashOf(ReadOnlySpan<byte> utf8)
    {
        var hash = (ulong)utf8.Length * 0x9E3779B97F4A7C15UL;
        while (utf8.Length >= 8)
        {
            hash = Fold(hash ^ MemoryMarshal.Read<ulong>(utf8));
            utf8 = utf8[8..];
        }

        ulong tail = 0;
        foreach (var b in utf8)
        {
            tail = (tail << 8) | b;
        }

        return Fold(hash ^ tail);
    }

    private static ulong Fold(ulong value)
    {
        var high = Math.BigMul(value, 0xD6E8FEB86659FD93UL, out var low);
        return high ^ low;
    }
}
