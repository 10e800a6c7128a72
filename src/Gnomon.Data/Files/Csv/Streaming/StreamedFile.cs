using Gnomon.Core.Tables;

namespace Gnomon.Data.Files.Csv.Streaming;

/// <summary>A file whose rows have all been seen and found plain, or, where only its head has, are expected to be.</summary>
/// <param name="Shape">Where its rows are.</param>
/// <param name="Types">How the columns are read.</param>
/// <param name="Names">What they are called.</param>
/// <param name="Issues">What its head had to say.</param>
/// <param name="Rows">How many rows there are; null when only the head was seen.</param>
/// <param name="Workers">Tasks that read it.</param>
internal sealed record StreamedFile(StreamShape Shape, IReadOnlyList<ReadAs> Types, IReadOnlyList<string> Names, IReadOnlyList<ReadIssue> Issues, long? Rows, int Workers)
{
    public Schema Schema(string source) => new(source, [.. Names.Zip(Types, Field)]);

    /// <summary>The field that the engine would make of the column.</summary>
    private static Field Field(string name, ReadAs type) => type switch
    {
        ReadAs.Boolean => new(name, ColumnType.Boolean, "BOOLEAN"),
        ReadAs.Integer => new(name, ColumnType.Integer, "BIGINT"),
        ReadAs.Double => new(name, ColumnType.Double, "DOUBLE"),
        ReadAs.Date => new(name, ColumnType.Date, "DATE"),
        ReadAs.LocalTimestamp => new(name, ColumnType.LocalTimestamp, "TIMESTAMP"),
        _ => new(name, ColumnType.Text, "VARCHAR"),
    };
}
