namespace Gnomon.Studies.Programme;

/// <summary>What a row of the list is.</summary>
internal enum TestKind
{
    Experiment,

    /// <summary>A thing tested against itself.</summary>
    Aa,

    /// <summary>Everything launched against nothing launched.</summary>
    Holdout,
}

/// <summary>Users and events of two arms.</summary>
internal sealed record ArmCounts(long ControlUsers, long ControlEvents, long TreatmentUsers, long TreatmentEvents);

/// <summary>One experiment as read.</summary>
internal sealed record TestRow
{
    public required string Name { get; init; }

    public TestKind Kind { get; init; }

    /// <summary>Two-sided p of one reading.</summary>
    public required double P { get; init; }

    /// <summary>Effect, in the unit of the list; positive is better. Null when only a p-value is known.</summary>
    public double? Effect { get; init; }

    public double? StandardError { get; init; }

    /// <summary>1 for better, -1 for worse, 0 for neither, where counts say it although they give no relative effect with an error; null when unknown.</summary>
    public int? Direction { get; init; }

    public ArmCounts? Counts { get; init; }

    /// <summary>Users in both arms; null when unknown.</summary>
    public long? Users { get; init; }

    /// <summary>Times it was read.</summary>
    public int Looks { get; init; } = 1;

    /// <summary>The p-value counts the looks by itself, under a stopping rule or by a sequence.</summary>
    public bool AreLooksCounted { get; init; }

    /// <summary>Looks to correct the p-value for.</summary>
    public int OpenLooks => AreLooksCounted ? 1 : Looks;

    /// <summary>Planned shares of control and treatment.</summary>
    public (double Control, double Treatment) Split { get; init; } = (0.5, 0.5);

    public bool SplitDeclared { get; init; }

    /// <summary>p of the split test where it was recorded instead of counts.</summary>
    public double? RecordedSplitP { get; init; }

    public double? Predicted { get; init; }

    /// <summary>The decision as written; null when the list has none.</summary>
    public string? Decision { get; init; }

    /// <summary>What a person did instead of the finding; null when nobody did, or the list does not say.</summary>
    public string? Override { get; init; }

    /// <summary>The idea or hypothesis in words; null when the list has none.</summary>
    public string? Idea { get; init; }

    public string? Metric { get; init; }

    /// <summary>What its own finding decided: <c>ship</c>, <c>do-not-ship</c>, <c>fix-data-first</c> and so on; null when the list does not say.</summary>
    public string? Finding { get; init; }

    /// <summary>Its own finding could not be read: the data have to be mended, or looked into, first.</summary>
    public bool IsUnread => Finding is "fix-data-first" or "investigate";

    /// <summary>Its own finding holds the launch back, for a guardrail, a size or a doubt that a p-value does not show.</summary>
    public bool IsHeldBack => Finding is "fix-data-first" or "investigate" or "do-not-ship" or "inconclusive" or "keep-running";

    /// <summary>Whether a plan was written; null when the list does not say.</summary>
    public bool? Planned { get; init; }

    /// <summary>Days since 1970-01-01; null when unknown.</summary>
    public long? Day { get; init; }

    /// <summary>The p that was stated, where counts gave another one.</summary>
    public double? StatedP { get; init; }

    public bool IsLaunched => Decision is { } d && ProgrammeColumns.IsLaunch(Override ?? d);

    /// <summary>In the good direction; a p without a direction counts as good, unless its own finding holds it back.</summary>
    public bool IsBetter => (Effect ?? Direction ?? (IsHeldBack ? 0 : 1)) > 0;

    public double? Z => Effect is { } e && StandardError is { } s ? e / s : null;
}

/// <summary>Everything read.</summary>
internal sealed record ProgrammeInput
{
    /// <summary>Experiments in the order of the list: their arrival.</summary>
    public required IReadOnlyList<TestRow> Tests { get; init; }

    public IReadOnlyList<TestRow> AaTests { get; init; } = [];

    public IReadOnlyList<TestRow> Holdouts { get; init; } = [];

    /// <summary>Holdouts with an effect, newest last: by day where all have one, in the order of the list where not.</summary>
    public IReadOnlyList<TestRow> MeasuredHoldouts
    {
        get
        {
            List<TestRow> measured = [.. Holdouts.Where(h => h.Z is not null)];
            return measured.TrueForAll(h => h.Day is not null) ? [.. measured.OrderBy(h => h.Day)] : measured;
        }
    }

    /// <summary>Experiments without a result, with the day on which they started where it is known.</summary>
    public IReadOnlyList<(string Name, long? Day)> Open { get; init; } = [];

    /// <summary>Unit of the effects; null when effects are unknown or of several metrics.</summary>
    public string? Unit { get; init; }

    /// <summary>Rows that could not be used, with the reason.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>Wins typed in without p-values.</summary>
    public (int Wins, int Tests)? Typed { get; init; }

    public OverlapScan? Overlap { get; init; }

    /// <summary>True when the list says what was decided.</summary>
    public bool HasDecisions => Tests.Any(t => t.Decision is not null);
}
