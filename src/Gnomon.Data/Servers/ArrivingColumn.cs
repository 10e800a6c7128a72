using Gnomon.Core.Tables;
using Gnomon.Data.DuckDb.Native;

namespace Gnomon.Data.Servers;

/// <summary>A column of a server's answer on its way into the embedded engine.</summary>
/// <param name="Name">Its name in the answer.</param>
/// <param name="Type">What it is to us.</param>
/// <param name="Native">The server's type.</param>
internal sealed record ArrivingColumn(string Name, ColumnType Type, string Native)
{
    /// <summary>Decimals and whole numbers beyond 63 bits travel as their digits: no double stands between.</summary>
    public bool IsExact => Type == ColumnType.Decimal;

    /// <summary>The type under which it travels.</summary>
    public ColumnType Sent => IsExact ? ColumnType.Text : Type;

    public (string Sql, TypeId Id) Stored => Sent switch
    {
        ColumnType.Boolean => ("BOOLEAN", TypeId.Boolean),
        ColumnType.Integer => ("BIGINT", TypeId.BigInt),
        ColumnType.Double => ("DOUBLE", TypeId.Double),
        ColumnType.Date => ("DATE", TypeId.Date),
        ColumnType.LocalTimestamp => ("TIMESTAMP", TypeId.Timestamp),
        ColumnType.Timestamp => ("TIMESTAMPTZ", TypeId.TimestampZoned),
        ColumnType.Time => ("TIME", TypeId.Time),
        _ => ("VARCHAR", TypeId.Varchar),
    };
}
