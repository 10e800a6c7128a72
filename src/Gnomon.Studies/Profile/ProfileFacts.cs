using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Data;
using Gnomon.Studies.Profile.Looks;
using Gnomon.Studies.Profile.Scan;

namespace Gnomon.Studies.Profile;

/// <summary>Everything the profile knows before a word is said.</summary>
internal sealed record ProfileFacts
{
    public required ProfileOptions Options { get; init; }

    public required string Source { get; init; }

    public required ScanResult Scan { get; init; }

    public required IReadOnlyList<ColumnFacts> Columns { get; init; }

    public required IReadOnlyList<IEvidence> Evidence { get; init; }

    public required IReadOnlyList<RecordRepeats> Repeats { get; init; }

    public required IReadOnlyList<Pattern> Patterns { get; init; }

    public required LittleLook? Little { get; init; }

    public required IReadOnlyList<SpellingGroup> Spellings { get; init; }

    public required IReadOnlyList<OddDates> OddDates { get; init; }

    /// <summary>The target's column; null without one.</summary>
    public ColumnFacts? Target { get; init; }

    public IReadOnlyList<ClassCount> Classes { get; init; } = [];

    public LeakSuspects? Leaks { get; init; }

    /// <summary>Rows whose values do not go together; null where too few columns can be compared.</summary>
    public UnusualRowsLook? Unusual { get; init; }

    public long Rows => Scan.Rows;
}
