using Gnomon.Core.Tables;

namespace Gnomon.Data.Files.Csv;

/// <summary>Where the records of a text file begin and what its columns are called.</summary>
/// <param name="Format">Delimiter and escape.</param>
/// <param name="Width">Cells in a record.</param>
/// <param name="Names">One name per column, no two alike.</param>
/// <param name="Preamble">Records before the header that are not data.</param>
/// <param name="HasHeader">The record after the preamble names the columns.</param>
/// <param name="DataLine">The line on which the data begin, from 1.</param>
/// <param name="IsOdd">The engine's own reader would trip over the beginning of the file.</param>
/// <param name="Issues">What was decided that the user might not expect.</param>
internal sealed record CsvLayout(
    CsvFormat Format,
    int Width,
    IReadOnlyList<string> Names,
    int Preamble,
    bool HasHeader,
    long DataLine,
    bool IsOdd,
    IReadOnlyList<ReadIssue> Issues)
{
    /// <summary>Records to pass over before the data.</summary>
    public int Skip => Preamble + (HasHeader ? 1 : 0);
}

