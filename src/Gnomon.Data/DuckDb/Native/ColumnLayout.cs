using Gnomon.Core.Tables;

namespace Gnomon.Data.DuckDb.Native;

/// <summary>A result column: its name and how its cells lie in memory.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Id">The engine's type.</param>
/// <param name="Storage">The type of the cells in memory; differs from <paramref name="Id"/> for decimals and enums.</param>
/// <param name="Width">Digits of a decimal.</param>
/// <param name="Scale">Digits of a decimal after the point.</param>
/// <param name="EnumTexts">The texts of an enum.</param>
/// <param name="Alias">Another name the engine gives the type, such as JSON.</param>
internal sealed record ColumnLayout(string Name, TypeId Id, TypeId Storage, int Width, int Scale, IReadOnlyList<string>? EnumTexts, string? Alias)
{
    public static ColumnLayout Of(string name, LogicalTypeHandle type)
    {
        var id = TypeApi.Id(type);
        var alias = DatabaseApi.TakeText(TypeApi.Alias(type));
        return id switch
        {
            TypeId.Decimal => new(name, id, TypeApi.DecimalStorage(type), TypeApi.DecimalWidth(type), TypeApi.DecimalScale(type), null, null),
            TypeId.Enum => new(name, id, TypeApi.EnumStorage(type), 0, 0, Texts(type), null),
            _ => new(name, id, id, 0, 0, null, alias.Length == 0 ? null : alias),
        };
    }

    private static string[] Texts(LogicalTypeHandle type)
    {
        var texts = new string[TypeApi.EnumSize(type)];
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i] = DatabaseApi.TakeText(TypeApi.EnumText(type, (ulong)i));
        }

        return texts;
    }

    /// <summary>False for types whose cells are shown as text only.</summary>
    public bool IsReadable => Type != ColumnType.Nested && !NeedsText;

    /// <summary>Types that reach Gnomon as plain text.</summary>
    public bool NeedsText => Id is TypeId.Uuid or TypeId.TimeZoned;

    public ColumnType Type => Id switch
    {
        TypeId.Boolean => ColumnType.Boolean,
        TypeId.TinyInt or TypeId.SmallInt or TypeId.Integer or TypeId.BigInt => ColumnType.Integer,
        TypeId.UTinyInt or TypeId.USmallInt or TypeId.UInteger => ColumnType.Integer,
        TypeId.UBigInt or TypeId.HugeInt or TypeId.UHugeInt or TypeId.Decimal => ColumnType.Decimal,
        TypeId.Float or TypeId.Double => ColumnType.Double,
        TypeId.Date => ColumnType.Date,
        TypeId.Time or TypeId.TimeNanoseconds => ColumnType.Time,
        TypeId.Timestamp or TypeId.TimestampSeconds or TypeId.TimestampMilliseconds or TypeId.TimestampNanoseconds => ColumnType.LocalTimestamp,
        TypeId.TimestampZoned => ColumnType.Timestamp,
        TypeId.Enum => ColumnType.Category,
        TypeId.Uuid or TypeId.TimeZoned or TypeId.SqlNull => ColumnType.Text,
        TypeId.Varchar => Alias == "JSON" ? ColumnType.Nested : ColumnType.Text,
        _ => ColumnType.Nested,
    };

    /// <summary>The engine's word for the type.</summary>
    public string NativeType => Id switch
    {
        TypeId.Decimal => $"DECIMAL({Width},{Scale})",
        TypeId.TimestampZoned => "TIMESTAMP WITH TIME ZONE",
        TypeId.TimestampSeconds => "TIMESTAMP_S",
        TypeId.TimestampMilliseconds => "TIMESTAMP_MS",
        TypeId.TimestampNanoseconds => "TIMESTAMP_NS",
        TypeId.TimeZoned => "TIME WITH TIME ZONE",
        TypeId.TimeNanoseconds => "TIME_NS",
        TypeId.SqlNull => "NULL",
        _ => Alias ?? Id.ToString().ToUpperInvariant(),
    };
}
