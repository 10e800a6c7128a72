namespace Gnomon.Data.Files.Csv.Streaming;

/// <summary>Whole rows of a file as bytes. Room on both sides lets words be loaded across the edges of the text.</summary>
internal sealed class RawBlock
{
    /// <summary>Spare bytes before and behind the text.</summary>
    public const int Padding = 64;

    private byte[] _bytes = [];

    /// <summary>Number of the block in the file, from 0.</summary>
    public long Index { get; set; }

    /// <summary>How much of the file has been read with this block, 0 to 1.</summary>
    public double Share { get; set; }

    public int Length { get; set; }

    public Span<byte> Text => _bytes.AsSpan(Padding, Length);

    /// <summary>Makes room for a text of this many bytes and returns it; what was there is gone.</summary>
    public Span<byte> Prepare(int length)
    {
        if (_bytes.Length < length + (2 * Padding))
        {
            _bytes = GC.AllocateUninitializedArray<byte>(length + (2 * Padding));
        }

        Length = length;
        return Text;
    }

    /// <summary>The text and whole words behind it.</summary>
    public ref byte First => ref _bytes[Padding];
}
