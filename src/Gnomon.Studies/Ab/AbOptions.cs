using Gnomon.Core.Errors;
using Gnomon.Core.Studies;
using Gnomon.Studies.Ab.Bandit;
using Gnomon.Studies.Ab.Effects;
using Gnomon.Studies.Ab.Factorial;
using Gnomon.Studies.Ab.Metrics;

namespace Gnomon.Studies.Ab;

/// <summary>What an experiment showed, at a fixed horizon.</summary>
/// <remarks>
/// One row per unit, or several: repeated units are found and the errors are clustered. Metrics of zeros and ones are compared as proportions, others as means;
/// --ratio divides totals per unit, --rate reads rows that already hold counts. With --pre the difference is adjusted for what units did before.
/// </remarks>
[Verb("ab", "What did my experiment show, and what should I do?", Example = "gnomon ab --counts A=500/11034,B=420/11037")]
public sealed record AbOptions : AbMetricOptions
{
    /// <summary>Column that names the unit that was randomised, for example user_id. Without it each row is one unit.</summary>
    [Option(Value = "COLUMN", Group = "Roles")]
    public string? Unit { get; init; }

    /// <summary>Column that names the group that was randomised as a whole: a store, a zone, a school. Errors respect it; an arm needs several.</summary>
    [Option(Value = "COLUMN", Group = "Roles")]
    public string? Cluster { get; init; }

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

    /// <summary>Metrics that must not be hurt, with the margin beyond which harm must be ruled out: M>=-1% holds when a fall of 1 % of control or more is ruled out, M&lt;=+0.5 when a rise of 0.5 units or more is. Harm that is shown stops the launch inside the margin too.</summary>
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

    /// <summary>Columns known before assignment, numbers or categories, by which the effect may differ. One half of the units suggests segments, the other half must confirm them; targeting is valued there too.</summary>
    [Option(Value = "COLUMN[,COLUMN]", Group = "For whom")]
    public IReadOnlyList<string> EffectsBy { get; init; } = [];

    /// <summary>What treating one unit costs, to judge whether treating fewer is better: money with --value, else in the unit of the first primary metric. For --effects-by.</summary>
    [Option(Value = "COST", Group = "For whom", Above = -1e-12)]
    public double? TreatmentCost { get; init; }

    /// <summary>Column that is true or 1 for units that met the place where the arms differ, logged alike in every arm. The effect among them is added, if they make the same share of every arm.</summary>
    [Option(Value = "COLUMN", Group = "For whom")]
    public string? Exposed { get; init; }

    /// <summary>Draw the arms of these very units again at random so many times, and report how often the test of the first primary metric then calls a difference.</summary>
    [Option(Value = "N", Group = "Design", Above = 99, Below = 1_000_001)]
    public long? Relabel { get; init; }

    /// <summary>Columns of a factorial experiment, each a factor with its levels: every unit was given one level of each, by chance. Interactions are read first, then main effects.</summary>
    [Option(Value = "A,B[,C]", Group = "Factors")]
    public IReadOnlyList<string> Factors { get; init; } = [];

    /// <summary>Column of the block within which units were assigned to the cells of --factors.</summary>
    [Option(Value = "COLUMN", Group = "Factors")]
    public string? Strata { get; init; }

    /// <summary>Column with the probability with which the arm of the row was chosen, for arms whose shares were updated as outcomes came in (bandits). Rows are then weighted by it.</summary>
    [Option(Value = "COLUMN", Group = "Bandits")]
    public string? Propensity { get; init; }

    /// <summary>A policy that did not run, to be valued from the log of the one that did: even shares, shares by arm, or a column with the probability with which it would have chosen the same arm.</summary>
    [Option(Value = "even|A=0.2,B=0.8|COLUMN", Group = "Bandits", Commas = false)]
    public string? Policy { get; init; }

    /// <summary>The arm switches over time: --time names the periods, --cluster what switches by itself (a zone); each block of periods has one arm.</summary>
    [Option(Group = "Design")]
    public bool Switchback { get; init; }

    /// <summary>How long one assignment of a switchback held: 2h, 30m, 1d, or a number of periods. Told from the changes of the arm when left out.</summary>
    [Option(Value = "LENGTH", Group = "Design")]
    public string? Block { get; init; }

    /// <summary>How long after a switch the arm before still matters: 30m, or a number of periods. Those periods are left out.</summary>
    [Option(Value = "LENGTH", Group = "Design")]
    public string? BurnIn { get; init; }

    /// <summary>File with two columns of unit ids that are linked: friends, opponents, buyer and seller. Effects along links are then estimated; needs --unit.</summary>
    [Option(Value = "FILE", Group = "Design")]
    public string? Edges { get; init; }

    /// <summary>Share of a unit's neighbours in one arm from which the unit counts as surrounded by it; with --edges.</summary>
    [Option(Value = "SHARE", Group = "Design", Above = 0.5, Below = 1.0000001)]
    public double Surrounded { get; init; } = 0.7;

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

    /// <summary>The experiment has no planned end and is read whenever somebody likes: intervals and tests that hold at every look (confidence sequences), wider than those of a test that is read once.</summary>
    [Option(Group = "Design")]
    public bool OpenEnded { get; init; }

    /// <summary>Posterior of the effect beside the test, under a prior: learned (from the past experiments of the ledger), normal:0,2% (around 0, in shares of control), normal:0,0.01 (in the metric's unit), or flat.</summary>
    [Option(Value = "learned|normal:0,2%|flat", Group = "Design", Commas = false)]
    public string? Bayes { get; init; }

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

    /// <summary>Money that one unit of the first primary metric is worth, per unit reached and month: a conversion, a minute, one of its currency. Gives the business case; needs --reach.</summary>
    [Option(Value = "MONEY", Group = "Business case", Above = 0)]
    public double? Value { get; init; }

    /// <summary>Units that the change will reach: 50000/month.</summary>
    [Option(Value = "N/month", Group = "Business case")]
    public string? Reach { get; init; }

    /// <summary>Money that the change costs once.</summary>
    [Option(Value = "MONEY", Group = "Business case", Above = -1e-12)]
    public double Cost { get; init; }

    /// <summary>Months for which the effect is taken to last.</summary>
    [Option(Value = "MONTHS", Group = "Business case", Above = 0, Below = 1201)]
    public double Horizon { get; init; } = 12;

    /// <summary>Discount rate a year: 0.1.</summary>
    [Option(Value = "RATE", Group = "Business case", Above = -1e-12, Below = 1)]
    public double Discount { get; init; }

    /// <summary>Counts typed in, control first: A=500/11034,B=420/11037.</summary>
    [Option(Value = "A=K/N,B=K/N", Group = "Typed in")]
    public IReadOnlyList<string> Counts { get; init; } = [];

    /// <summary>Summary statistics typed in, one per arm, control first: A=n,mean,sd.</summary>
    [Option(Value = "A=N,MEAN,SD", Group = "Typed in", Commas = false)]
    public IReadOnlyList<string> Stats { get; init; } = [];

    /// <summary>The column whose values were randomised: the cluster where one is named, else the unit.</summary>
    public string? Randomised => Cluster ?? Unit;

    /// <summary>Whether the difference is adjusted for something known before assignment.</summary>
    public bool IsAdjusted => Pre.Count + Predict.Count + PostStratify.Count > 0;

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
            if (Variant is null && Factors.Count == 0 && Buyers is null && Sellers is null)
            {
                yield return new GnomonError("option-missing", "--variant is missing: the column that names the arm.", "--variant", "Write --variant COLUMN.");
            }

            if (Metric.Count + Ratio.Count + Rate.Count == 0 && !NamesMetric)
            {
                yield return new GnomonError("option-missing", "No metric was named.", "--metric, --ratio, --rate", "Write --metric COLUMN, --ratio NUM/DEN or --rate NUM/DEN.");
            }
        }

        foreach (var wrong in BanditOptions.Validate(this).Concat(FactorialOptions.Validate(this)).Concat(Special.SpecialDesigns.Validate(this)).Concat(EffectsOptions.Validate(this)).Concat(AbMetricValidation.Validate(this)).Concat(AbTypedOptions.Validate(this)))
        {
            yield return wrong;
        }

        if (Value is null != Reach is null && !(Reach is null && TreatmentCost is not null))
        {
            yield return new GnomonError("option-missing", "A business case needs both what a unit of the metric is worth and how many units are reached.", "--value, --reach", "Write --value 12 --reach 50000/month.");
        }

        if (Value is null && Cost > 0)
        {
            yield return new GnomonError("option-missing", "--cost needs --value and --reach to be weighed against.", "--cost", "Write --value 12 --reach 50000/month.");
        }

        if (OpenEnded && Plan is not null)
        {
            yield return new GnomonError("options-conflict", "--open-ended says that there is no planned end, and --plan names one.", "--open-ended, --plan", "Give one of them; a plan may say \"stopping\": \"open-ended\".");
        }

        if (Bayes is not null && AbPrior.Parse(Bayes) is null)
        {
            yield return new GnomonError("bad-prior", $"--bayes must name a prior; got '{Bayes}'.", "--bayes", AbPrior.Hint);
        }

        if (Switchback && Time is null)
        {
            yield return new GnomonError("option-missing", "--switchback needs --time, the column of the periods.", "--switchback", "Add --time COLUMN.");
        }

        if (!Switchback && (Block is not null || BurnIn is not null))
        {
            yield return new GnomonError("option-missing", "--block and --burn-in belong to --switchback.", "--block, --burn-in", "Add --switchback, or leave them out.");
        }

        if (Edges is not null && (Unit is null || Switchback))
        {
            yield return Switchback
                ? new GnomonError("options-conflict", "--edges and --switchback were both given.", "--edges, --switchback", "Give one of them.")
                : new GnomonError("option-missing", "--edges needs --unit, the column whose ids the edges link.", "--edges", "Add --unit COLUMN.");
        }

        if ((Switchback || Edges is not null) && (Pre.Count + Segment.Count > 0 || Window is not null))
        {
            yield return new GnomonError("options-conflict", "--pre, --segment and --window are not offered with --switchback or --edges.", "--pre, --segment, --window", "Leave them out.");
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
