namespace Gnomon.Core.Checks;

/// <summary>A fact a study states; checks are declared for a type of evidence and run on it whoever stated it.</summary>
public interface IEvidence
{
    /// <summary>Which part of the analysis it is about, for example the metric; empty when there is only one.</summary>
    string Subject => string.Empty;
}

/// <summary>A guard. Derive from <see cref="Check{TEvidence}"/>.</summary>
public abstract class Check
{
    private protected Check()
    {
    }

    public abstract CheckCard Card { get; }

    public abstract Type EvidenceType { get; }

    public abstract CheckResult Run(IEvidence evidence);

    /// <summary>Simulated evidence with the flaw planted: the smallest flaw the check promises to see.</summary>
    public abstract IEvidence PlantTrap(int seed);

    /// <summary>The same simulation without the flaw.</summary>
    public abstract IEvidence PlantClean(int seed);

    /// <summary>Evidence too small to judge: the check must answer <c>skipped</c> with a reason.</summary>
    public abstract IEvidence? PlantTiny();
}

/// <summary>A guard over one type of evidence, in one file: card, judgement, planted flaw and clean twin.</summary>
public abstract class Check<TEvidence> : Check
    where TEvidence : class, IEvidence
{
    public sealed override Type EvidenceType => typeof(TEvidence);

    /// <summary>Judges; pure, deterministic, never throws on small evidence but answers <c>skipped</c>.</summary>
    public abstract CheckResult Evaluate(TEvidence evidence);

    public abstract TEvidence Trap(int seed);

    public abstract TEvidence Clean(int seed);

    /// <summary>Evidence too small to judge; null only where the check is exact and one case is enough.</summary>
    public abstract TEvidence? Tiny { get; }

    public sealed override CheckResult Run(IEvidence evidence) => Evaluate((TEvidence)evidence);

    public sealed override IEvidence PlantTrap(int seed) => Trap(seed);

    public sealed override IEvidence PlantClean(int seed) => Clean(seed);

    public sealed override IEvidence? PlantTiny() => Tiny;
}
