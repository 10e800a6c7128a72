using System.Text.RegularExpressions;
using Gnomon.Core.Errors;
using Gnomon.Core.Tables;

namespace Gnomon.Data.ClickHouse;

/// <summary>A column of the server: what it is to us, and the expressions that name it.</summary>
/// <remarks>
/// Inside a query every expression has one of four physical forms, whatever the server's own type: Int64 (whole numbers, days since 1970, microseconds since 1970), UInt8 (truth), Float64 and String,
/// each with or without NULL. So servers without wide dates, sub-second times or a boolean type answer like those that have them.
/// </remarks>
/// <param name="Name">As the server writes it.</param>
/// <param name="Native">The server's type in full.</param>
/// <param name="IsBig">A UInt64 column with values beyond 63 bits.</param>
internal sealed partial record ClickHouseColumn(string Name, string Native, bool IsBig = false)
{
    public const long MicrosecondsPerDay = 86_400_000_000;

    /// <summary>The type inside Nullable and LowCardinality, with its arguments.</summary>
    public string Inner { get; } = Unwrap(Native);

    public bool IsNullable => Native.Contains("Nullable(", StringComparison.Ordinal);

    public bool IsUInt64 => Inner == "UInt64";

    private string Kind => Inner.Split('(', 2)[0];

    public ColumnType Type => Kind switch
    {
        "Bool" => ColumnType.Boolean,
        "Int8" or "Int16" or "Int32" or "Int64" or "UInt8" or "UInt16" or "UInt32" => ColumnType.Integer,
        "UInt64" => IsBig ? ColumnType.Decimal : ColumnType.Integer,
        "Int128" or "Int256" or "UInt128" or "UInt256" or "Decimal" or "Decimal32" or "Decimal64" or "Decimal128" or "Decimal256" => ColumnType.Decimal,
        "Float32" or "Float64" or "BFloat16" => ColumnType.Double,
        "Date" or "Date32" => ColumnType.Date,
        "DateTime" or "DateTime32" or "DateTime64" => ColumnType.Timestamp,
        "Enum8" or "Enum16" => ColumnType.Category,
        "String" or "FixedString" or "UUID" or "IPv4" or "IPv6" => ColumnType.Text,
        _ => ColumnType.Nested,
    };

    /// <summary>False for states of aggregate functions: they are no values until they are finished.</summary>
    public bool IsReadable => Kind is not ("AggregateFunction" or "Nothing");

    /// <summary>The column as the server compares and sorts it.</summary>
    public string Quoted => ClickHouseText.Identifier(Name);

    /// <summary>The column in its physical form.</summary>
    public string Value => Type switch
    {
        ColumnType.Boolean => $"toUInt8({Quoted})",
        ColumnType.Integer => $"toInt64({Quoted})",
        ColumnType.Decimal or ColumnType.Double => $"toFloat64({Quoted})",
        ColumnType.Date => $"toInt64(toInt32({Quoted}))",
        ColumnType.Timestamp => Kind == "DateTime64" ? $"toUnixTimestamp64Micro(toDateTime64({Quoted}, 6))" : $"(toInt64({Quoted}) * 1000000)",
        ColumnType.Text => Kind == "String" ? Quoted : $"toString({Quoted})",
        // Old servers choke on the number under a NULL, which has no name.
        ColumnType.Category when IsNullable => $"multiIf(isNull({Quoted}), NULL, {Named})",
        _ => $"toString({Quoted})",
    };

    private string Named
    {
        get
        {
            var names = Names().Matches(Inner);
            return $"transform(ifNull(toInt16({Quoted}), 0), [{string.Join(", ", names.Select(m => m.Groups["number"].Value))}], [{string.Join(", ", names.Select(m => m.Groups["name"].Value))}], '')";
        }
    }

    /// <summary>The column as text, written as the embedded engine writes it; null where that follows from <see cref="Value"/>.</summary>
    public string? AsText => Type switch
    {
        ColumnType.Integer or ColumnType.Decimal or ColumnType.Date => $"toString({Quoted})",
        ColumnType.Timestamp => $"concat(toString({(Kind == "DateTime64" ? $"toDateTime64({Quoted}, 6)" : Quoted)}, 'UTC'), '+00')",
        _ => null,
    };

    /// <summary>Arguments of a hash of the whole row: a NULL is told from every value, and what lies under it is left out.</summary>
    public string Hashed
    {
        get
        {
            var simple = Type is ColumnType.Integer or ColumnType.Double || IsUInt64 ? "0" : Inner == "String" ? "''" : null;
            return !IsNullable ? (simple is not null || Type == ColumnType.Date || Kind == "DateTime" ? Quoted : $"toString({Quoted})")
                : Type == ColumnType.Category ? $"isNull({Quoted}), {Named}"
                : simple is not null ? $"isNull({Quoted}), ifNull({Quoted}, {simple})"
                : $"isNull({Quoted}), ifNull(toString({Quoted}), '')";
        }
    }

    /// <exception cref="GnomonError">The column holds the state of an aggregate function.</exception>
    public void RefuseUnreadable(string where)
    {
        if (!IsReadable)
        {
            throw new GnomonError(
                "column-not-usable", $"{where}: column '{Name}' is of type {Native}: an unfinished aggregate, no value.", Name,
                $"Finish it with --query, for example {(Inner.Contains("sum", StringComparison.Ordinal) ? "sumMerge" : "-Merge")}({Name}) with GROUP BY, or leave it out with --query \"SELECT ...\".");
        }
    }

    private static string Unwrap(string native)
    {
        while (true)
        {
            if (Inside(native, "Nullable(") is { } bare || (bare = Inside(native, "LowCardinality(")) is not null)
            {
                native = bare;
            }
            else if (Inside(native, "SimpleAggregateFunction(") is { } simple && simple.IndexOf(',', StringComparison.Ordinal) is var comma && comma > 0)
            {
                native = simple[(comma + 1)..].Trim();
            }
            else
            {
                return native;
            }
        }
    }

    private static string? Inside(string native, string word) => native.StartsWith(word, StringComparison.Ordinal) && native.EndsWith(')') ? native[word.Length..^1] : null;

    [GeneratedRegex(@"(?<name>'([^'\\]|\\.)*') = (?<number>-?\d+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Names();
}
