using Gnomon.Core.Studies;

namespace Gnomon.Studies.Ab;

/// <summary>Options of designs that are read by a method of their own.</summary>
public abstract record AbDesignOptions : StudyOptions
{
    /// <summary>Regions were assigned, and a panel follows them from before the start: --cluster names the region, --time the day, --start the day on which the change began. One row per region and day, or several whose values are added up.</summary>
    [Option(Group = "Regions")]
    public bool Geo { get; init; }

    /// <summary>The first day (or number of the period) on which the treated regions had the change; with --geo, or with --crossover the first one of the second period.</summary>
    [Option(Value = "DATE", Group = "Regions")]
    public string? Start { get; init; }

    /// <summary>Column that names the pair of a region, when one region of every pair was drawn for the change; with --geo.</summary>
    [Option(Value = "COLUMN", Group = "Regions")]
    public string? Pairs { get; init; }

    /// <summary>Every unit had both arms, one in each of two periods, in an order drawn by chance (AB/BA): --unit names the unit, --time the period. With --start the time before it is the first period.</summary>
    [Option(Group = "Design")]
    public bool Crossover { get; init; }

    /// <summary>Column with the share of a cluster's units that was to be treated, where clusters were given that share by chance and then that share of their units was treated by chance; needs --cluster. Direct, spill-over, total and overall effects are told apart.</summary>
    [Option(Value = "COLUMN", Group = "Design")]
    public string? Saturation { get; init; }

    /// <summary>Column with the ego of each unit's cluster, where egos were cut out with their neighbours and drawn together: an ego holds its own id. Needs --edges and --unit. Effects on egos are told: total, direct, and what comes through their neighbours.</summary>
    [Option(Value = "COLUMN", Group = "Design")]
    public string? Ego { get; init; }

    /// <summary>A market with two sides that were both assigned at random: the column of the buyer and the column of its arm, buyer_id:buyer_arm. A pair is treated when both are; rows are added up by pair. Needs --sellers.</summary>
    [Option(Value = "ID:ARM", Group = "Design")]
    public string? Buyers { get; init; }

    /// <summary>The other side of the market: the column of the seller and the column of its arm, seller_id:seller_arm.</summary>
    [Option(Value = "ID:ARM", Group = "Design")]
    public string? Sellers { get; init; }

    /// <summary>Primary metrics whose range is known beforehand, with --open-ended: rating=1..5,share=0..1. Their intervals then rest on bets within that range, and hold from the first unit on, whatever the values look like.</summary>
    [Option(Value = "M=LOW..HIGH[,M2=LOW..HIGH]", Group = "Design")]
    public IReadOnlyList<string> Bounds { get; init; } = [];

    /// <summary>A rule that did not run, replayed on a log that showed arms at random with even chances: rows where it would have shown the same arm are kept, and it learns from them. thompson, ucb and epsilon:0.1 see no context; linear:COL1,COL2 (LinUCB) and linear-thompson:COL1,COL2 learn a line per arm on these columns.</summary>
    [Option(Value = "thompson|ucb|epsilon:0.1|linear:COLUMNS", Group = "Bandits", Commas = false)]
    public string? Replay { get; init; }
}
