using Gnomon.Core.Tables;

namespace Gnomon.Data.Postgres;

/// <summary>The server's types as ours, and how their values travel: whole numbers, doubles or text.</summary>
internal static class PostgresTypes
{
    public static ColumnType Of(string native, bool isEnum) => native switch
    {
        _ when isEnum => ColumnType.Category,
        "boolean" => ColumnType.Boolean,
        "smallint" or "integer" or "bigint" or "oid" => ColumnType.Integer,
        "numeric" or "money" => ColumnType.Decimal,
        "real" or "double precision" => ColumnType.Double,
        "date" => ColumnType.Date,
        "timestamp without time zone" => ColumnType.LocalTimestamp,
        "timestamp with time zone" => ColumnType.Timestamp,
        "time without time zone" => ColumnType.Time,
        "text" or "character varying" or "character" or "uuid" or "name" or "\"char\"" => ColumnType.Text,
        _ => ColumnType.Nested,
    };

    /// <summary>The expression that sends a column of this type.</summary>
    public static string Sent(string sql, ColumnType type, string native) => type switch
    {
        ColumnType.Boolean => $"CAST(CAST({sql} AS integer) AS bigint)",
        ColumnType.Integer => $"CAST({sql} AS bigint)",
        ColumnType.Decimal => native == "money" ? $"CAST(CAST({sql} AS numeric) AS double precision)" : $"CAST({sql} AS double precision)",
        ColumnType.Double => $"CAST({sql} AS double precision)",
        ColumnType.Date => $"(CASE WHEN isfinite({sql}) THEN CAST({sql} - DATE '1970-01-01' AS bigint) END)",
        ColumnType.LocalTimestamp or ColumnType.Timestamp => $"(CASE WHEN isfinite({sql}) THEN {PostgresScalarSql.Microseconds(sql)} END)",
        ColumnType.Time => PostgresScalarSql.Microseconds(sql),
        _ => $"CAST({sql} AS text)",
    };
}
