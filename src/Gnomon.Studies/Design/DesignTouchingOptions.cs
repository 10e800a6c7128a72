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

    /// <summary>Share of an ego's links that must stay inside its cluster, for ego.</summary>
    [Option(Value = "SHARE", Group = "Ego clusters", Above = 0, Below = 1.000001)]
    public double Kept { get; init; } = 0.8;

    /// <summary>Arm of the egos, for ego: same (that of their alters: the total effect) or own (drawn by itself: direct effect and spill-over told apart).</summary>
    [Option(Value = "NAME", Group = "Ego clusters", Choices = "same|own")]
    public string EgoArm { get; init; } = "same";

    /// <summary>Write the arms of egos and alters to this CSV file: unit, ego, arm, for ego. An existing file is never overwritten.</summary>
    [Option(Value = "FILE", Group = "Ego clusters")]
    public string? Egos { get; init; }

    /// <summary>Groups of units that the rule can tell apart, equally large, for --kind bandit with a linear rule.</summary>
    [Option(Value = "N", Group = "Bandits", Above = 1, Below = 51)]
    public long? Contexts { get; init; }

    /// <summary>How much an arm's effect differs between those groups: its standard deviation, in the metric's unit.</summary>
    [Option(Value = "SD", Group = "Bandits", Above = -1e-12, Below = 1)]
    public double? ContextSd { get; init; }

    /// <summary>Columns of a log that the rule sees, for --kind bandit with a linear rule: the contexts are then those of the log, and what each arm earns in them is learned from it.</summary>
    [Option(Value = "COLUMN[,COLUMN]", Group = "Bandits")]
    public IReadOnlyList<string> Context { get; init; } = [];

    /// <summary>Column of the log with the arm that was shown, for --context.</summary>
    [Option(Value = "COLUMN", Group = "Bandits")]
    public string? Variant { get; init; }

    /// <summary>How boldly a linear rule explores: alpha of LinUCB, the scale of the draws of linear Thompson sampling.</summary>
    [Option(Value = "X", Group = "Bandits", Above = 0, Below = 101)]
    public double Exploration { get; init; } = 1;
}
