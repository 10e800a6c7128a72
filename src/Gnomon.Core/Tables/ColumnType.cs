namespace Gnomon.Core.Tables;

/// <summary>What a column holds, whichever engine it lives in.</summary>
public enum ColumnType
{
    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>Whole numbers within 64 bits.</summary>
    Integer,

    /// <summary>Exact decimals and whole numbers beyond 64 bits; read as <see cref="double"/> by methods, kept as text on paper.</summary>
    Decimal,

    /// <summary>Binary floating point.</summary>
    Double,

    /// <summary>Calendar dates, as days since 1970-01-01.</summary>
    Date,

    /// <summary>Wall-clock moments without a zone, as microseconds since 1970-01-01T00:00.</summary>
    LocalTimestamp,

    /// <summary>Instants, as microseconds since 1970-01-01T00:00Z.</summary>
    Timestamp,

    /// <summary>Time of day, as microseconds since midnight.</summary>
    Time,

    /// <summary>Text.</summary>
    Text,

    /// <summary>Text from a closed list known to the engine.</summary>
    Category,

    /// <summary>Lists, structs, maps, binary: shown as text, not computed with.</summary>
    Nested,
}
