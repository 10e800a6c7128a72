using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Data;

/// <summary>Wall-clock times and the zones they are said to be in.</summary>
public sealed record ClockZones : IEvidence
{
    public required string TimeColumn { get; init; }

    /// <summary>Where zones come from: the times themselves, or a column beside them.</summary>
    public required string From { get; init; }

    /// <summary>Zones or offsets with their rows, largest first.</summary>
    public required IReadOnlyList<ZoneRows> Zones { get; init; }

    /// <summary>The zone that the days of the question belong to, where one was declared; the zones are then those in which the stored times are cut and the business's own.</summary>
    public string? BusinessZone { get; init; }

    /// <summary>Rows that fall on another day in the business's zone than in the stored clock.</summary>
    public long RowsOnAnotherDay { get; init; }

    public string Subject => TimeColumn;
}

/// <param name="Zone">A zone's name or an offset.</param>
/// <param name="Rows">Rows in it.</param>
public sealed record ZoneRows(string Zone, long Rows);
