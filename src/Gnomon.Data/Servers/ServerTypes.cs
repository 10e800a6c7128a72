using Gnomon.Core.Tables;

namespace Gnomon.Data.Servers;

/// <summary>How the values of a type travel from a server: whole numbers, doubles or text.</summary>
internal static class ServerTypes
{
    public static bool TravelsAsWhole(ColumnType type) =>
        type is ColumnType.Boolean or ColumnType.Integer or ColumnType.Date or ColumnType.LocalTimestamp or ColumnType.Timestamp or ColumnType.Time;

    public static bool TravelsAsReal(ColumnType type) => type is ColumnType.Double or ColumnType.Decimal;
}
