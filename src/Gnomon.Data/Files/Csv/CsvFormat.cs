namespace Gnomon.Data.Files.Csv;

/// <summary>How cells and records are told apart.</summary>
/// <param name="Delimiter">One to four bytes between cells.</param>
/// <param name="Escape">The byte that protects a quote inside quotes: the quote itself or a backslash.</param>
internal sealed record CsvFormat(byte[] Delimiter, byte Escape = CsvFormat.Quote)
{
    public const byte Quote = (byte)'"';

    /// <summary>A control byte that never occurs in text: the delimiter of a file with a single column.</summary>
    public static readonly byte[] SingleColumn = [0x1F];

    public bool IsSingleColumn => Delimiter.AsSpan().SequenceEqual(SingleColumn);
}
