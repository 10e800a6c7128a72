using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Gnomon.Core.Tables;
using Gnomon.Data.DuckDb;
using Gnomon.Data.DuckDb.Native;
using Gnomon.Data.Pushdown;

namespace Gnomon.Data.Files;

/// <summary>Puts a table that a program holds into the engine.</summary>
internal static class MemoryLoader
{
    public static void Load(EngineSession session, Table data, string table, CancellationToken cancellation)
    {
        var types = data.Columns.Select(TypeOf).ToList();
        var columns = data.Columns.Zip(types, (c, t) => $"{SqlText.Identifier(c.Name)} {t.Sql}");
        using var connection = session.Connect();
        connection.Execute($"CREATE TABLE {table} ({string.Join(", ", columns)})", cancellation);
        using var appender = connection.Append(table, [.. types.Select(t => t.Id)]);
        appender.Write(data, cancellation);
    }

    /// <summary>SHA-256 over names, types and cells in column order.</summary>
    public static string Hash(Table data)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var column in data.Columns)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{column.Name}\0{column.Type}\0{column.Length}\0")));
            AppendCells(hash, column);
            if (column.NullCount > 0)
            {
                var nulls = new byte[column.Length];
                for (var row = 0; row < nulls.Length; row++)
                {
                    nulls[row] = column.IsNull(row) ? (byte)1 : (byte)0;
                }

                hash.AppendData(nulls);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void AppendCells(IncrementalHash hash, Column column)
    {
        switch (column)
        {
            case IntegerColumn n:
                hash.AppendData(MemoryMarshal.AsBytes(n.Values));
                break;
            case DoubleColumn d:
                hash.AppendData(MemoryMarshal.AsBytes(d.Values));
                break;
            case TextColumn t:
                AppendTexts(hash, t);
                break;
        }
    }

    private static void AppendTexts(IncrementalHash hash, TextColumn column)
    {
        var texts = column.Dictionary.Select(Encoding.UTF8.GetBytes).ToArray();
        Span<byte> length = stackalloc byte[4];
        foreach (var code in column.Codes)
        {
            var text = code < 0 ? [] : texts[code];
            BinaryPrimitives.WriteInt32LittleEndian(length, code < 0 ? -1 : text.Length);
            hash.AppendData(length);
            hash.AppendData(text);
        }
    }

    private static EngineType TypeOf(Column column) => column switch
    {
        DoubleColumn => new("DOUBLE", TypeId.Double),
        TextColumn => new("VARCHAR", TypeId.Varchar),
        _ => column.Type switch
        {
            ColumnType.Boolean => new("BOOLEAN", TypeId.Boolean),
            ColumnType.Date => new("DATE", TypeId.Date),
            ColumnType.Time => new("TIME", TypeId.Time),
            ColumnType.Timestamp => new("TIMESTAMPTZ", TypeId.TimestampZoned),
            ColumnType.LocalTimestamp => new("TIMESTAMP", TypeId.Timestamp),
            _ => new("BIGINT", TypeId.BigInt),
        },
    };

    private readonly record struct EngineType(string Sql, TypeId Id);
}
