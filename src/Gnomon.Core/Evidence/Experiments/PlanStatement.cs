using Gnomon.Core.Checks;

namespace Gnomon.Core.Evidence.Experiments;

/// <summary>What was written down before the data.</summary>
public sealed record PlanStatement : IEvidence
{
    /// <summary>True when a plan file or a ledger plan exists.</summary>
    public required bool Exists { get; init; }

    /// <summary>True when that plan is older than the first look.</summary>
    public bool BeforeFirstLook { get; init; }

    /// <summary>What it is called: a plan, a question card.</summary>
    public string What { get; init; } = "plan";

    /// <summary>Fields of a plan that it lacks: unit, primary metric, worthwhile effect, stop rule, ...</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>Looks that were taken before the plan was written.</summary>
    public int LooksBefore { get; init; }

    /// <summary>What plans handed in or recorded after it change of the plan that rules, a clause each.</summary>
    public IReadOnlyList<string> Edits { get; init; } = [];

    /// <summary>Stops that bind and that the test went past, a clause each: no later look keeps the size then.</summary>
    public IReadOnlyList<string> PassedStops { get; init; } = [];

    /// <summary>Where this analysis departs from the plan, one sentence each.</summary>
    public IReadOnlyList<string> Deviations { get; init; } = [];
}
