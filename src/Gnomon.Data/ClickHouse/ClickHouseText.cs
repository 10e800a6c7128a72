using System.Globalization;
using System.Text;

namespace Gnomon.Data.ClickHouse;

/// <summary>The one place where names and constants become ClickHouse SQL. Old servers bind no values, so texts are escaped here.</summary>
internal static class ClickHouseText
{
    public static string Identifier(string name) => $"\"{Escaped(name, '"')}\"";

    public static string Text(string value) => $"'{Escaped(value, '\'')}'";

    /// <summary>A value in the physical form of <see cref="ClickHouseColumn"/>: booleans 0 and 1, dates days, instants microseconds.</summary>
    public static string Constant(object value) => value switch
    {
        bool truth => truth ? "toUInt8(1)" : "toUInt8(0)",
        int or long => $"toInt64({Convert.ToInt64(value, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture)})",
        double number => Number(number),
        DateOnly day => $"toInt64({(day.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber).ToString(CultureInfo.InvariantCulture)})",
        DateTimeOffset moment => $"toInt64({((moment.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond).ToString(CultureInfo.InvariantCulture)})",
        string text => Text(text),
        _ => throw new ArgumentException($"A value of type {value.GetType().Name} has no form in SQL.", nameof(value)),
    };

    /// <summary>A double, exactly: by its bits where the server's reader of decimals is not to be trusted with it.</summary>
    public static string Number(double value)
    {
        var size = Math.Abs(value);
        return size == 0 || size is > 1e-300 and < 1e300
            ? $"toFloat64({value.ToString("R", CultureInfo.InvariantCulture)})"
            : $"reinterpretAsFloat64(unhex('{Convert.ToHexString(BitConverter.GetBytes(BitConverter.IsLittleEndian ? value : BitConverter.Int64BitsToDouble(System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(BitConverter.DoubleToInt64Bits(value)))))}'))";
    }

    private static string Escaped(string text, char quote)
    {
        var safe = new StringBuilder(text.Length + 2);
        foreach (var c in text)
        {
            _ = c switch
            {
                '\\' => safe.Append("\\\\"),
                '\0' => safe.Append("\\0"),
                '\n' => safe.Append("\\n"),
                '\r' => safe.Append("\\r"),
                '\t' => safe.Append("\\t"),
                '\b' => safe.Append("\\b"),
                '\f' => safe.Append("\\f"),
                _ when c == quote => safe.Append('\\').Append(c),
                _ => safe.Append(c),
            };
        }

        return safe.ToString();
    }
}
