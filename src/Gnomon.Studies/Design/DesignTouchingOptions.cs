using Gnomon.Core.Studies;

namespace Gnomon.Studies.Design;

/// <summary>Options of designs whose units touch.</summary>
public abstract record DesignTouchingOptions : StudyOptions
{
    /// <summary>Regions that are to have the change, for geo; half of them when left out.</summary>
    [Option(Value = "N", Group = "Regions", Above = 0)]
    public long? Treated { get; init; }

    /// <summary>How regions are drawn, for geo: pairs (regions that moved alike, a coin for each pair), rerandomised (drawn again until level and trend of the arms agree) or random. Pairs when half are treated, else rerandomised.</summary>
    [Option(Value = "NAME", Group = "Regions", Choices = "pairs|rerandomised|random")]
    public string? Matching { get; init; }

    /// <summary>Write the drawn assignment of the regions to this CSV file, for geo. An existing file is never overwritten.</summary>
    [Option(Value = "FILE", Group = "Regions")]
    public string? Regions { get; init; }

    /// <summary>Length of one block, for switchback: 2h, 30m, 1d, or a number of the history's periods. Several are compared when left out.</summary>
    [Option(Value = "LENGTH", Group = "Switchbacks")]
    public string? Block { get; init; }

    /// <summary>How long after a switch the arm before still matters, for switchback: that time is left out.</summary>
    [Option(Value = "LENGTH", Group = "Switchbacks")]
    public string? BurnIn { get; init; }

    /// <summary>All zones switch together, for switchback; each by itself when left out.</summary>
    [Option(Group = "Switchbacks")]
    public bool Together { get; init; }
}
