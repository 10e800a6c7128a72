namespace Gnomon.Data.Files.Csv;

/// <summary>What the text of one cell could be.</summary>
internal enum CellKind : byte
{
    Empty,

    /// <summary>NA, NULL, nan and their like, or nothing but spaces: no value in a column of numbers or dates, a word in a column of text.</summary>
    MissingWord,

    /// <summary>A whole number within 64 bits, written the one canonical way.</summary>
    Integer,

    /// <summary>A whole number beyond 64 bits, up to 38 digits.</summary>
    Big,

    /// <summary>Any other finite number.</summary>
    Real,

    /// <summary>Digits after a leading zero: an identifier, a postal code.</summary>
    LeadingZero,

    /// <summary>A number with the other decimal mark.</summary>
    OtherDecimalMark,

    Boolean,

    /// <summary>yyyy-mm-dd.</summary>
    Date,

    /// <summary>yyyy-mm-dd hh:mm[:ss[.f]].</summary>
    LocalTimestamp,

    /// <summary>The same with Z or an offset.</summary>
    Timestamp,

    /// <summary>hh:mm[:ss].</summary>
    Time,

    /// <summary>Two short numbers and a year: which of the two is the month, the column must tell.</summary>
    RegionalDate,

    Text,
}
