using System.Buffers.Binary;
using System.Text;

namespace Gnomon.Data.ClickHouse;

/// <summary>The bytes of an answer, read through one buffer.</summary>
internal sealed class NativeStream(Stream source)
{
    private const int Size = 1 << 16;
    private const int LongestComplaint = 64 * 1024;

    private readonly byte[] _buffer = new byte[Size];
    private int _at;
    private int _end;

    /// <summary>True when nothing is left.</summary>
    public bool IsAtEnd()
    {
        if (_at < _end)
        {
            return false;
        }

        (_at, _end) = (0, source.Read(_buffer));
        return _end == 0;
    }

    /// <summary>The next bytes without taking them; fewer at the end.</summary>
    public ReadOnlySpan<byte> Peek(int count)
    {
        if (_end - _at < count)
        {
            _buffer.AsSpan(_at, _end - _at).CopyTo(_buffer);
            (_at, _end) = (0, _end - _at);
            while (_end < count && source.Read(_buffer.AsSpan(_end)) is var n and > 0)
            {
                _end += n;
            }
        }

        return _buffer.AsSpan(_at, Math.Min(count, _end - _at));
    }

    /// <summary>What is left, as text: a complaint where a block should be.</summary>
    public string Rest()
    {
        var text = new StringBuilder(Encoding.UTF8.GetString(_buffer.AsSpan(_at, _end - _at)));
        int n;
        while (text.Length < LongestComplaint && (n = source.Read(_buffer)) > 0)
        {
            text.Append(Encoding.UTF8.GetString(_buffer.AsSpan(0, n)));
        }

        _at = _end;
        return text.ToString();
    }

    public byte Byte() => IsAtEnd() ? throw new EndOfStreamException("the answer ended in the middle of a block") : _buffer[_at++];

    /// <summary>A whole number of variable length, least significant seven bits first.</summary>
    public long Number()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var b = Byte();
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
            {
                break;
            }
        }

        return (long)value;
    }

    public void Exactly(Span<byte> target)
    {
        while (target.Length > 0)
        {
            if (target.Length >= Size && _at == _end)
            {
                source.ReadExactly(target);
                return;
            }

            if (IsAtEnd())
            {
                throw new EndOfStreamException("the answer ended in the middle of a block");
            }

            var n = Math.Min(target.Length, _end - _at);
            _buffer.AsSpan(_at, n).CopyTo(target);
            _at += n;
            target = target[n..];
        }
    }

    /// <summary>A text's bytes, in the caller's scratch, which grows where it must.</summary>
    public ReadOnlySpan<byte> Text(ref byte[] scratch)
    {
        var length = checked((int)Number());
        if (_end - _at >= length)
        {
            var here = _buffer.AsSpan(_at, length);
            _at += length;
            return here;
        }

        if (scratch.Length < length)
        {
            scratch = new byte[Math.Max(length, 2 * scratch.Length)];
        }

        Exactly(scratch.AsSpan(0, length));
        return scratch.AsSpan(0, length);
    }

    /// <summary>Whole numbers of any width as longs.</summary>
    public void Whole(Span<long> target, int width, bool isSigned, ref byte[] scratch)
    {
        var bytes = Bytes(target.Length * width, ref scratch);
        for (var i = 0; i < target.Length; i++)
        {
            target[i] = (width, isSigned) switch
            {
                (1, false) => bytes[i],
                (1, true) => (sbyte)bytes[i],
                (2, false) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..]),
                (2, true) => BinaryPrimitives.ReadInt16LittleEndian(bytes[(2 * i)..]),
                (4, false) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[(4 * i)..]),
                (4, true) => BinaryPrimitives.ReadInt32LittleEndian(bytes[(4 * i)..]),
                _ => BinaryPrimitives.ReadInt64LittleEndian(bytes[(8 * i)..]),
            };
        }
    }

    public void Real(Span<double> target, int width, ref byte[] scratch)
    {
        var bytes = Bytes(target.Length * width, ref scratch);
        for (var i = 0; i < target.Length; i++)
        {
            target[i] = width == 4 ? BinaryPrimitives.ReadSingleLittleEndian(bytes[(4 * i)..]) : BinaryPrimitives.ReadDoubleLittleEndian(bytes[(8 * i)..]);
        }
    }

    private ReadOnlySpan<byte> Bytes(int count, ref byte[] scratch)
    {
        if (scratch.Length < count)
        {
            scratch = new byte[count];
        }

        Exactly(scratch.AsSpan(0, count));
        return scratch.AsSpan(0, count);
    }
}
