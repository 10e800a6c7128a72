namespace Gnomon.Core.Tables;

/// <summary>A column's name and type. <paramref name="NativeType"/> is the engine's own word for it.</summary>
public sealed record Field(string Name, ColumnType Type, string NativeType)
{
    public bool IsNumeric => Type is ColumnType.Boolean or ColumnType.Integer or ColumnType.Decimal or ColumnType.Double;

    public bool IsTemporal => Type is ColumnType.Date or ColumnType.Timestamp or ColumnType.LocalTimestamp;
}
