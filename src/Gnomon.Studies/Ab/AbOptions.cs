using Gnomon.Core.Errors;
using Gnomon.Core.Studies;
using Gnomon.Studies.Ab.Bandit;
using Gnomon.Studies.Ab.Factorial;

namespace Gnomon.Studies.Ab;

/// <summary>What an experiment showed, at a fixed horizon.</summary>
/// <remarks>
/// One row per unit, or several: repeated units are found and the errors are clustered. Metrics of zeros and ones are compared as proportions, others as means;
/// --ratio divides totals per unit, --rate reads rows that already hold counts. With --pre the difference is adjusted for what units did before.
/// </remarks>
[Verb("ab", "What did my experiment show, and what should I do?", Example = "gnomon ab --counts A=500/11034,B=420/11037")]
public sealed record AbOptions : StudyOptions
{
    /// <summary>Column that names the unit that was randomised, for example user_id. Without it each row is one unit.</summary>
    [Option(Value = "COLUMN", Group = "Roles")]
    public string? Unit { get; init; }

    /// <summary>Column that names the arm.</summary>
    [Option(Value = "COLUMN", Group = "Roles")]
    public string? Variant { get; init; }

    /// <summary>Metrics that decide. COLUMN for numbers or true/false; COLUMN=VALUE counts the units with that value.</summary>
    [Option(Value = "M[,M2]", Group = "Roles")]
    public IReadOnlyList<string> Metric { get; init; } = [];

    /// <summary>Metrics that decide and are totals divided by totals, for example revenue/visits.</summary>
    [Option(Value = "NUM/DEN", Group = "Roles")]
    public IReadOnlyList<string> Ratio { get; init; } = [];

    /// <summary>Metrics that decide, where each row holds counts: NUM of DEN units had the event.</summary>
    [Option(Value = "NUM/DEN", Group = "Roles")]
    public IReadOnlyList<string> Rate { get; init; } = [];

    /// <summary>Metrics shown beside the decision but not deciding.</summary>
    [Option(Value = "M[,M2]", Group = "Roles")]
    public IReadOnlyList<string> Secondary { get; init; } = [];

    /// <summary>Metrics that must not be hurt, with the margin: M>=-1% may fall by at most 1 % of control, M&lt;=+0.5 may rise by at most 0.5 units.</summary>
    [Option(Value = "M>=-1%", Group = "Roles")]
    public IReadOnlyList<string> Guardrail { get; init; } = [];

    /// <summary>The arm the others are compared with. Without it: an arm named control, A, baseline, ..., else the first in alphabetical order.</summary>
    [Option(Value = "ARM", Group = "Roles")]
    public string? Control { get; init; }

    /// <summary>Column with the date or time at which the unit was assigned or seen.</summary>
    [Option(Value = "COLUMN", Group = "Roles")]
    public string? Time { get; init; }

    /// <summary>Column with the same metric before the experiment; the difference is adjusted for it.</summary>
    [Option(Value = "COLUMN[,COLUMN]", Group = "Roles")]
    public IReadOnlyList<string> Pre { get; init; } = [];

    /// <summary>Columns known before assignment that cut the units into groups, to look for reversals.</summary>
    [Option(Value = "COLUMN[,COLUMN]", Group = "Roles")]
    public IReadOnlyList<string> Segment { get; init; } = [];

    /// <summary>Columns of a factorial experiment, each a factor with its levels: every unit was given one level of each, by chance. Interactions are read first, then main effects.</summary>
    [Option(Value = "A,B[,C]", Group = "Factors")]
    public IReadOnlyList<string> Factors { get; init; } = [];

    /// <summary>Column of the block within which units were assigned to the cells of --factors.</summary>
    [Option(Value = "COLUMN", Group = "Factors")]
    public string? Block { get; init; }

    /// <summary>Column with the probability with which the arm of the row was chosen, for arms whose shares were updated as outcomes came in (bandits). Rows are then weighted by it.</summary>
    [Option(Value = "COLUMN", Group = "Bandits")]
    public string? Propensity { get; init; }

    /// <summary>A policy that did not run, to be valued from the log of the one that did: even shares, shares by arm, or a column with the probability with which it would have chosen the same arm.</summary>
    [Option(Value = "even|A=0.2,B=0.8|COLUMN", Group = "Bandits", Commas = false)]
    public string? Policy { get; init; }

    /// <summary>Planned split: 50/50 in the order of the arms, control first, or A=95,B=5. Equal shares when left out.</summary>
    [Option(Value = "50/50", Group = "Design", Commas = false)]
    public string? Split { get; init; }

    /// <summary>Plan file written before the data; deviations from it are listed.</summary>
    [Option(Value = "FILE", Group = "Design")]
    public string? Plan { get; init; }

    /// <summary>Smallest effect worth having. 5% of control holds for every primary metric; 0.003, in the metric's unit, for the first one; converted=0.003,revenue=2% names them.</summary>
    [Option(Value = "5%|0.003|M=0.003[,M2=2%]", Group = "Design", Commas = false)]
    public string? Mde { get; init; }

    /// <summary>Metrics for which less is better.</summary>
    [Option(Value = "M[,M2]", Group = "Design")]
    public IReadOnlyList<string> LowerIsBetter { get; init; } = [];

    /// <summary>Confidence level of the intervals; tests use 1 minus it.</summary>
    [Option(Value = "LEVEL", Group = "Design", Above = 0, Below = 1)]
    public double Level { get; init; } = 0.95;

    /// <summary>Days a unit needs before its outcome is known; needs --time.</summary>
    [Option(Value = "DAYS", Group = "Design", Above = 0, Below = 3651)]
    public int? Window { get; init; }

    /// <summary>Day on which the data were taken, when it is later than the last one in them: outcomes had until then to happen. For --window.</summary>
    [Option(Value = "DATE", Group = "Design")]
    public string? AsOf { get; init; }

    /// <summary>Name of the experiment in the ledger; without it the units tell.</summary>
    [Option(Value = "NAME", Group = "Design")]
    public string? Experiment { get; init; }

    /// <summary>A result somebody printed, to be checked against the data: "p=0.03, lift=6.7%".</summary>
    [Option(Value = "TEXT", Group = "Design", Commas = false)]
    public string? Claim { get; init; }

    /// <summary>Counts typed in, control first: A=500/11034,B=420/11037.</summary>
    [Option(Value = "A=K/N,B=K/N", Group = "Typed in")]
    public IReadOnlyList<string> Counts { get; init; } = [];

    /// <summary>Summary statistics typed in, one per arm, control first: A=n,mean,sd.</summary>
    [Option(Value = "A=N,MEAN,SD", Group = "Typed in", Commas = false)]
    public IReadOnlyList<string> Stats { get; init; } = [];

    /// <summary>True when the numbers were typed in and no data are read.</summary>
    public bool IsTyped => Counts.Count > 0 || Stats.Count > 0;

    /// <inheritdoc/>
    public override IEnumerable<GnomonError> Validate()
    {
        if (Counts.Count > 0 && Stats.Count > 0)
        {
            yield return new GnomonError("options-conflict", "--counts and --stats were both given.", "--counts, --stats", "Give one of them.");
        }

        if (IsTyped && (Data is not null || Query is not null))
        {
            yield return new GnomonError("options-conflict", "Data were given and numbers were typed in.", "DATA", "Leave out the file, or leave out --counts and --stats.");
        }

        if (!IsTyped)
        {
            if (Variant is null && Factors.Count == 0)
            {
                yield return new GnomonError("option-missing", "--variant is missing: the column that names the arm.", "--variant", "Write --variant COLUMN.");
            }

            if (Metric.Count + Ratio.Count + Rate.Count == 0)
            {
                yield return new GnomonError("option-missing", "No metric was named.", "--metric, --ratio, --rate", "Write --metric COLUMN, --ratio NUM/DEN or --rate NUM/DEN.");
            }
        }

        foreach (var wrong in BanditOptions.Validate(this).Concat(FactorialOptions.Validate(this)))
        {
            yield return wrong;
        }

        if (Window is not null && Time is null)
        {
            yield return new GnomonError("option-missing", "--window needs --time, the column with the date of assignment.", "--window", "Add --time COLUMN.");
        }

        if (AsOf is not null && !DateOnly.TryParseExact(AsOf, "yyyy-MM-dd", out _))
        {
            yield return new GnomonError("bad-date", $"--as-of must be a date; got '{AsOf}'.", "--as-of", "Write --as-of 2026-03-31.");
        }
    }
}
