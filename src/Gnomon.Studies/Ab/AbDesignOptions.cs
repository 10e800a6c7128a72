using Gnomon.Core.Studies;

namespace Gnomon.Studies.Ab;

/// <summary>Options of designs that are read by a method of their own.</summary>
public abstract record AbDesignOptions : StudyOptions
{
    /// <summary>Regions were assigned, and a panel follows them from before the start: --cluster names the region, --time the day, --start the day on which the change began. One row per region and day, or several whose values are added up.</summary>
    [Option(Group = "Regions")]
    public bool Geo { get; init; }

    /// <summary>The first day (or number of the period) on which the treated regions had the change; with --geo.</summary>
    [Option(Value = "DATE", Group = "Regions")]
    public string? Start { get; init; }

    /// <summary>Column that names the pair of a region, when one region of every pair was drawn for the change; with --geo.</summary>
    [Option(Value = "COLUMN", Group = "Regions")]
    public string? Pairs { get; init; }
}
