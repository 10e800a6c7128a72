using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Gnomon.Data.Ledger;

/// <summary>
/// Values as bytes that can be read in one way only, so that two different entries never hash alike by accident of spelling:
/// <c>N</c> null; <c>S</c> text: length in bytes (4, little-endian) and UTF-8; <c>B</c> bytes: length (4) and bytes; <c>I</c> integer (8);
/// <c>D</c> IEEE double (8, little-endian).
/// </summary>
internal sealed class CanonicalBytes
{
    private readonly ArrayBufferWriter<byte> buffer = new(256);

    public ReadOnlySpan<byte> Written => buffer.WrittenSpan;

    public CanonicalBytes Add(string? value)
    {
        if (value is null)
        {
            return Tag('N');
        }

        var length = Encoding.UTF8.GetByteCount(value);
        Tag('S');
        BinaryPrimitives.WriteInt32LittleEndian(buffer.GetSpan(4), length);
        buffer.Advance(4);
        buffer.Advance(Encoding.UTF8.GetBytes(value, buffer.GetSpan(length)));
        return this;
    }

    public CanonicalBytes Add(ReadOnlySpan<byte> value)
    {
        Tag('B');
        BinaryPrimitives.WriteInt32LittleEndian(buffer.GetSpan(4), value.Length);
        buffer.Advance(4);
        buffer.Write(value);
        return this;
    }

    public CanonicalBytes Add(long? value)
    {
        if (value is not { } number)
        {
            return Tag('N');
        }

        Tag('I');
        BinaryPrimitives.WriteInt64LittleEndian(buffer.GetSpan(8), number);
        buffer.Advance(8);
        return this;
    }

    public CanonicalBytes Add(double? value)
    {
        if (value is not { } number)
        {
            return Tag('N');
        }

        Tag('D');
        BinaryPrimitives.WriteDoubleLittleEndian(buffer.GetSpan(8), number);
        buffer.Advance(8);
        return this;
    }

    private CanonicalBytes Tag(char tag)
    {
        buffer.GetSpan(1)[0] = (byte)tag;
        buffer.Advance(1);
        return this;
    }
}
