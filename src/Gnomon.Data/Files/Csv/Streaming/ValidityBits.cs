namespace Gnomon.Data.Files.Csv.Streaming;

/// <summary>One bit per row; a clear bit is a cell without a value.</summary>
internal sealed class ValidityBits
{
    private ulong[] _words = [];

    public int Nulls { get; private set; }

    /// <summary>All rows have a value.</summary>
    public void Reset(int rows)
    {
        var words = (rows + 63) >> 6;

        // One word more, so that a shifted read may look behind the last.
        if (_words.Length < words + 1)
        {
            _words = new ulong[words + 1];
        }

        _words.AsSpan(0, words + 1).Fill(ulong.MaxValue);
        Nulls = 0;
    }

    public void Clear(int row)
    {
        _words[row >> 6] &= ~(1UL << (row & 63));
        Nulls++;
    }

    /// <summary>Whether 64 rows from <paramref name="row"/> on have a value; rows behind the last do.</summary>
    public ulong Word(int row)
    {
        var (word, shift) = (row >> 6, row & 63);
        return shift == 0 ? _words[word] : (_words[word] >> shift) | (_words[word + 1] << (64 - shift));
    }
}
