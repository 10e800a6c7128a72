using System.Security.Cryptography;
using System.Text;
using Gnomon.Core.Ledger;
using Gnomon.Core.Studies;

namespace Gnomon.Studies.Ab;

/// <summary>What the ledger knows of this experiment: earlier looks, the plan, metrics tried.</summary>
internal sealed record AbHistory
{
    public required ExperimentKey Key { get; init; }

    /// <summary>Fingerprint of the data as analysed now.</summary>
    public required string DataState { get; init; }

    /// <summary>Earlier looks at other states of the data, oldest first.</summary>
    public required IReadOnlyList<Look> Earlier { get; init; }

    /// <summary>What was read at the earlier looks, one for each state of the data.</summary>
    public IReadOnlyList<PastLook> Past { get; init; } = [];

    /// <summary>The plan this analysis is held to. A stopping rule written after the first look is none.</summary>
    public AbPlan? Plan { get; init; }

    /// <summary>The plan on record that rules, as it was written; null when none is on record.</summary>
    public AbPlan? Ruling { get; init; }

    /// <summary>A plan handed in that differs from the one on record: remembered, and it does not rule.</summary>
    public AbPlan? Amendment { get; init; }

    /// <summary>What the plan handed in, and plans recorded after the first look, change of the plan that rules; a clause each.</summary>
    public IReadOnlyList<string> Edits { get; init; } = [];

    /// <summary>The plan was on record before the first look.</summary>
    public bool PlanCameFirst { get; init; }

    /// <summary>Looks that were taken before there was a plan; 0 without a plan.</summary>
    public int LooksBeforePlan { get; init; }

    /// <summary>Names of experiments on the same units that may be this one.</summary>
    public IReadOnlyList<string> PerhapsAlso { get; init; } = [];

    /// <summary>Names of plans on record for the same unit and metric that nothing was read under: one of them may be this experiment's.</summary>
    public IReadOnlyList<string> Awaited { get; init; } = [];

    /// <summary>Units, a name or typed counts tell this experiment from others.</summary>
    public bool IsIdentified { get; init; } = true;

    public int Looks => Earlier.Select(l => l.DataState).Distinct().Count() + 1;

    public static AbHistory Read(AbDesign design, AbInput input, StudyContext context)
    {
        var options = design.Options;
        var name = options.Experiment ?? design.Plan?.Experiment;
        var roles = $"ab|unit={options.Randomised ?? "row"}|variant={options.Variant ?? "typed"}|control={input.Arms[0]}{ExperimentRoles.Less(design.Metrics.Where(m => !m.HigherIsBetter).Select(m => m.Name))}";
        var state = State(design, input, context);
        var ledger = context.Ledger;
        var (units, arms, count) = (input.UnitSketch, input.SketchArms, input.TotalUnits);
        if (units.Count == 0 && UnitGuess.Of(design, context) is { } guess)
        {
            (units, arms, count) = (guess.Hashes, guess.Arms(), (long)Math.Round(guess.EstimatedUnits));
        }

        var key = new ExperimentKey(roles, name, units, count) { Arms = arms.Count == units.Count ? arms : [], DataState = options.IsTyped ? null : state };
        var linked = name is null && options.IsTyped ? [] : ledger.LooksAt(key);
        var first = linked.ToList().FindIndex(l => l.DataState == state);
        var earlier = first >= 0 ? linked.Take(first).ToList() : [.. linked];
        var plans = name is null && options.IsTyped ? [] : ledger.PlansFor(key);
        var recorded = plans.FirstOrDefault(p => p.Rules);
        var ruling = AbPlan.Ruling(plans, design.Given);
        var plan = ruling ?? design.Given;
        var late = recorded is { BeforeFirstLook: false } ? Math.Max(1, linked.Where(l => l.At < recorded.At).Select(l => l.DataState).Distinct().Count()) : recorded is null && plan is not null ? earlier.Select(l => l.DataState).Distinct().Count() : 0;
        var amendment = ruling is not null && design.Given is { } given && given.Hash != ruling.Hash ? given : null;
        return new AbHistory
        {
            Key = key,
            DataState = state,
            Earlier = earlier,
            Past = PastLook.Read(earlier, ledger, key, options),
            Plan = late > 0 && plan is { Rule: not (null or PlannedLook.OpenEnded) } ? plan with { Stopping = "fixed", Futility = default } : plan,
            Ruling = ruling,
            Amendment = amendment,
            Edits = ruling is null ? [] : [.. PlanChanges.Of(ruling, amendment, plans)],
            PlanCameFirst = recorded is { BeforeFirstLook: true },
            LooksBeforePlan = late,
            Awaited = ruling is null && !options.IsTyped ? OfSameQuestion(ledger.PlansAwaited, design, name) : [],
            PerhapsAlso = name is null && options.IsTyped ? [] : ledger.PerhapsAlso(key),
            IsIdentified = name is not null || options.IsTyped || key.Units.Count > 0 || ledger.Location is null,
        };
    }

    /// <summary>What a reader must know of the identity of this experiment.</summary>
    public IEnumerable<string> Sentences()
    {
        var others = Earlier.Select(l => l.Name).OfType<string>().Where(n => n != Key.Name).Distinct(StringComparer.Ordinal).ToList();
        if (others.Count > 0)
        {
            yield return $"Earlier looks at these units in these arms are on record as {Listed(others)}: they are looks at this experiment{(Key.Name is null ? string.Empty : " under another name")}.";
        }

        if (PerhapsAlso.Count > 0)
        {
            yield return $"The ledger also holds looks at the same units {(PerhapsAlso.Any(n => n.Length == 0) ? "without a name" : $"as {Listed([.. PerhapsAlso])}")}, recorded without their arms: nothing tells whether they are this experiment. If they are, give its name with --experiment, so that they count.";
        }

        if (Awaited.Count > 0)
        {
            yield return $"The ledger holds a plan for {Listed(Awaited)}, on the same unit and metric, that nothing has been read under. If this is that experiment, name it with --experiment: what was promised before the data then rules.";
        }

        if (Plan is { Unread.Count: > 0 } read)
        {
            yield return $"The plan says {Listed(read.Unread)}, which nothing reads.";
        }

        if (!IsIdentified)
        {
            yield return "These rows have no unit (--unit) and the experiment no name (--experiment), so only a look at the very same data would be recognised as an earlier one: looks are counted only as far as they can be told.";
        }
    }

    private static IReadOnlyList<string> OfSameQuestion(IReadOnlyList<AwaitedPlan> awaited, AbDesign design, string? name) =>
    [
        .. awaited.Where(a => a.Name != name).Select(a => (a.Name, Plan: AbPlan.TryRecorded(new RecordedPlan(default, a.Hash, a.Json))))
            .Where(a => a.Plan is { } plan && string.Equals(plan.Unit, design.Options.Unit, StringComparison.OrdinalIgnoreCase) && design.Primaries.Any(m => plan.Primary.Contains(m.Name, StringComparer.OrdinalIgnoreCase)))
            .Select(a => a.Name).Distinct(StringComparer.Ordinal),
    ];

    private static string Listed(IReadOnlyList<string> names) => string.Join(", ", names.Take(3).Select(n => n.Length == 0 ? "one without a name" : $"'{n}'")) + (names.Count > 3 ? $" and {names.Count - 3} more" : string.Empty);

    // The bytes of the data and what was kept of them; typed numbers stand for themselves.
    private static string State(AbDesign design, AbInput input, StudyContext context)
    {
        var text = context.Data?.Identify(context.Cancellation).Sha256
            ?? string.Join("|", input.Metrics.SelectMany(m => m.Arms).Select(a => FormattableString.Invariant($"{a.Values.Count},{a.Values.Mean:R},{a.Values.M2:R}")));
        return Fingerprint(text, design.Options);
    }

    /// <summary>Of the data as analysed: their bytes and what was kept of them.</summary>
    internal static string Fingerprint(string? data, AbOptions options) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{data}|{options.Where}|{options.Query}")));
}
