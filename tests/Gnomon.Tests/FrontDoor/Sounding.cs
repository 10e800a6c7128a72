using Gnomon.Core.Checks;
using Gnomon.Core.Findings;
using Gnomon.Core.Ledger;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;

namespace Gnomon.Tests.FrontDoor;

/// <summary>A small verb for tests of the front door: states one depth per subject and proposes to answer.</summary>
internal sealed record SoundingOptions : StudyOptions
{
    public IReadOnlyList<Depth> Depths { get; init; } = [];

    public LedgerTrace? Trace { get; init; }
}

internal sealed record Depth(string Place, double Metres) : IEvidence
{
    public string Subject => Place;
}

internal sealed class SoundingStudy : Study<SoundingOptions>
{
    public override StudyReport Run(SoundingOptions options, StudyContext context) => new()
    {
        Question = "sounding",
        Title = $"Is it deep, at {context.Now:yyyy-MM-dd}?",
        Propose = _ => new Proposal(DecisionAction.Answer, "It is."),
        Evidence = options.Depths,
        Limitations = ["Measured once."],
        Tables = context.Data is null ? [] : [new ResultTable("rows", "Rows", ["rows"], [[(long)context.Data.Read(Query.Of(Projection.Column("x")), context.Cancellation).Rows]])],
        Trace = options.Trace,
    };
}

internal sealed class SoundingVerb : VerbCard
{
    public static SoundingVerb Instance { get; } = new();

    public override string Name => "sounding";

    public override string Question => "Is it deep?";

    public override string Example => "gnomon sounding sea.csv";

    public override string Remarks => string.Empty;

    public override IReadOnlyList<OptionCard> Options => StudyOptionsCards.Own;

    public override StudyOptions Defaults => new SoundingOptions();

    public override IStudy Study => new SoundingStudy();
}

/// <summary>A check whose behaviour is chosen by the depth it is given.</summary>
internal sealed class DepthCheck(string id, CheckLevel level, Func<double, CheckResult> judge) : Check<Depth>
{
    public override CheckCard Card { get; } = new(id, "Deep?", "depth above 5 m", "The sea is too deep here.", "Turn back.", "A chart") { Level = level };

    public override Depth? Tiny => null;

    public override CheckResult Evaluate(Depth evidence) => judge(evidence.Metres);

    public override Depth Trap(int seed) => new("trap", 10);

    public override Depth Clean(int seed) => new("clean", 1);
}

/// <summary>A ledger that keeps entries in a list, or refuses them.</summary>
internal sealed class ListLedger(bool writable = true) : ILedger
{
    public List<LedgerEntry> Entries { get; } = [];

    public string? Location => "memory";

    public IReadOnlyList<Look> LooksAt(ExperimentKey experiment) => [];

    public RecordedPlan? PlanFor(ExperimentKey experiment) => null;

    public long Append(LedgerEntry entry)
    {
        if (!writable)
        {
            throw new Core.Errors.GnomonError("ledger-not-writable", "The disk is full.");
        }

        Entries.Add(entry);
        return Entries.Count;
    }
}
