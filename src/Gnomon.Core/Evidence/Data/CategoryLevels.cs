using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Data;

/// <summary>How many values a category has and how many rows stand behind each.</summary>
public sealed record CategoryLevels : IEvidence
{
    public required string Column { get; init; }

    public required long Rows { get; init; }

    public required long Levels { get; init; }

    /// <summary>Levels with fewer than 5 rows; null when not all levels could be counted.</summary>
    public required long? RareLevels { get; init; }

    /// <summary>Rows in them.</summary>
    public required long? RowsInRare { get; init; }

    public string Subject => Column;
}
