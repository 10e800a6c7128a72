using System.Globalization;
using System.Text;

namespace Gnomon.Tests.Data.ClickHouse;

/// <summary>Rows as the servers take them without reading a text: doubles arrive to the last bit.</summary>
internal static class RowBinary
{
    public static byte[] Of(IReadOnlyList<string> types, IReadOnlyList<object?[]> rows)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        foreach (var row in rows)
        {
            for (var c = 0; c < types.Count; c++)
            {
                var isNullable = types[c].StartsWith("Nullable(", StringComparison.Ordinal);
                if (isNullable)
                {
                    writer.Write(row[c] is null);
                }

                if (row[c] is { } value)
                {
                    Write(writer, (isNullable ? types[c]["Nullable(".Length..^1] : types[c]).Split('(')[0], value);
                }
            }
        }

        writer.Flush();
        return bytes.ToArray();
    }

    private static void Write(BinaryWriter writer, string type, object value)
    {
        long Whole() => Convert.ToInt64(value, CultureInfo.InvariantCulture);
        switch (type)
        {
            case "UInt8" or "Int8":
                writer.Write((byte)Whole());
                break;
            case "UInt16" or "Int16":
                writer.Write((short)Whole());
                break;
            case "UInt32" or "Int32":
                writer.Write((int)Whole());
                break;
            case "UInt64" or "Int64":
                writer.Write(Whole());
                break;
            case "Float64":
                writer.Write(Convert.ToDouble(value, CultureInfo.InvariantCulture));
                break;
            case "Date":
                writer.Write((ushort)(((DateOnly)value).DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber));
                break;
            case "DateTime":
                writer.Write((uint)((DateTimeOffset)value).ToUnixTimeSeconds());
                break;
            case "String":
                var text = Encoding.UTF8.GetBytes((string)value);
                writer.Write7BitEncodedInt(text.Length);
                writer.Write(text);
                break;
            default:
                throw new ArgumentException($"No test stores a {type}.", nameof(type));
        }
    }
}
