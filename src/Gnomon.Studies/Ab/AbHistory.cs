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

    public AbPlan? Plan { get; init; }

    /// <summary>Hash of the plan on record; null when there is none.</summary>
    public string? RecordedHash { get; init; }

    /// <summary>The plan was on record before the first look.</summary>
    public bool PlanCameFirst { get; init; }

    public int Looks => Earlier.Select(l => l.DataState).Distinct().Count() + 1;

    public static AbHistory Read(AbDesign design, AbInput input, StudyContext context)
    {
        var options = design.Options;
        var name = options.Experiment ?? design.Plan?.Experiment;
        var roles = $"ab|unit={options.Randomised ?? "row"}|variant={options.Variant ?? "typed"}|control={input.Arms[0]}";
        var key = new ExperimentKey(roles, name, input.UnitSketch, input.TotalUnits);
        var state = State(design, input, context);

        // Without units or a name there is nothing that tells one experiment from another: no look is ever linked.
        var linked = name is null && input.UnitSketch.Count == 0 ? [] : context.Ledger.LooksAt(key);
        var first = linked.ToList().FindIndex(l => l.DataState == state);
        var earlier = first >= 0 ? linked.Take(first).ToList() : [.. linked];
        var recorded = name is null && input.UnitSketch.Count == 0 ? null : context.Ledger.PlanFor(key);
        return new AbHistory
        {
            Key = key,
            DataState = state,
            Earlier = earlier,
            Plan = design.Plan ?? (recorded is null ? null : AbPlan.Parse(recorded.Json, "the plan in the ledger")),
            RecordedHash = recorded is null ? null : AbPlan.Parse(recorded.Json, "the plan in the ledger").Hash,
            PlanCameFirst = recorded is not null && earlier.All(l => l.At >= recorded.At),
        };
    }

    // The bytes of the data and what was kept of them; typed numbers stand for themselves.
    private static string State(AbDesign design, AbInput input, StudyContext context)
    {
        var text = context.Data?.Identify(context.Cancellation).Sha256
            ?? string.Join("|", input.Metrics.SelectMany(m => m.Arms).Select(a => FormattableString.Invariant($"{a.Values.Count},{a.Values.Mean:R},{a.Values.M2:R}")));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{text}|{design.Options.Where}|{design.Options.Query}")));
    }
}
