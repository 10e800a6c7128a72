using Gnomon.Core.Errors;
using Gnomon.Core.Studies;

namespace Gnomon.Studies.Design;

/// <summary>How large and how long a test must be.</summary>
/// <remarks>
/// Numbers are typed in, or read from history: DATA (or --from) with --metric, and --unit and --time when units and days are to be counted. Name the smallest effect worth
/// having and the answer is a size; name a size (--units, or --days with traffic) and the answer is the smallest effect that can be seen; name both and the answer is the power.
/// </remarks>
[Verb("design", "How many units, and how many weeks, does my experiment need?", Example = "gnomon design --baseline 0.10 --mde 5% --traffic 5600/day")]
public sealed record DesignOptions : DesignTouchingOptions
{
    /// <summary>What is tested (two arms: proportion mean ratio survival rmst cluster rate rank trimmed-mean rank-probability; one sample: one-proportion one-mean paired mcnemar; groups: groups welch friedman factorial; relations: correlation regression logistic table; models: formula; shares that follow outcomes: bandit; units that touch: geo switchback crossover ego; backlogs: priorities). survival is the log-rank test, rmst time without the event, rate events, rank Mann-Whitney, trimmed-mean Yuen, rank-probability Brunner-Munzel, mcnemar paired shares, welch groups of unlike spread, friedman units measured under each treatment, formula one coefficient of any model that regress fits, simulated from history, geo and switchback replayed on their own history, crossover units that get both arms in turn, ego people with their neighbours cut out of a file of links, priorities a list of items with reach, impact, confidence and effort, each a number or a range. Found from the other options or the history when left out.</summary>
    [Option(Value = "KIND", Group = "Question", Choices = "proportion|mean|ratio|survival|rmst|cluster|rate|rank|trimmed-mean|rank-probability|one-proportion|one-mean|paired|mcnemar|groups|welch|friedman|factorial|correlation|regression|logistic|table|formula|bandit|geo|switchback|crossover|ego|priorities")]
    public string? Kind { get; init; }

    /// <summary>Value of the metric in the control arm: a share for proportions (0.042), a mean, a ratio; for survival the share of units with the event by the end of follow-up.</summary>
    [Option(Value = "VALUE", Group = "Question")]
    public double? Baseline { get; init; }

    /// <summary>Smallest effect worth having: +0.003 or -0.003 in the metric's unit, 5% of the baseline (for survival: of the hazard).</summary>
    [Option(Value = "0.003|5%", Group = "Question")]
    public string? Mde { get; init; }

    /// <summary>Margin of non-inferiority instead of an effect: the treatment must be shown to lose less than 0.01, or 2% of the baseline. --mde is then the true difference, 0 when left out. For proportion and mean.</summary>
    [Option(Value = "0.01|2%", Group = "Question")]
    public string? Margin { get; init; }

    /// <summary>With --margin: the difference must lie within it on both sides. Both are shown by one-sided tests.</summary>
    [Option(Group = "Question")]
    public bool Equivalence { get; init; }

    /// <summary>Wanted half width of the interval instead of an effect: what stands behind the plus or minus. --power is then the chance that it is that narrow. For proportion, mean, one-proportion, one-mean and paired.</summary>
    [Option(Value = "0.01|2%", Group = "Question")]
    public string? Width { get; init; }

    /// <summary>Standard deviation of the metric over units; for a ratio, of its value per unit around the ratio.</summary>
    [Option(Value = "SD", Group = "Question", Above = 0)]
    public double? Sd { get; init; }

    /// <summary>Wanted chance of finding that effect.</summary>
    [Option(Value = "POWER", Group = "Question", Above = 0, Below = 1)]
    public double Power { get; init; } = 0.8;

    /// <summary>Chance of a finding when there is no effect, two-sided.</summary>
    [Option(Value = "ALPHA", Group = "Question", Above = 0, Below = 1)]
    public double Alpha { get; init; } = 0.05;

    /// <summary>How unsure the effect is: standard deviation of the belief about it, in the unit of --mde. The chance of success is then averaged over it.</summary>
    [Option(Value = "SD", Group = "Question")]
    public string? EffectSd { get; init; }

    /// <summary>Arms, control included, each compared with it; the size is shared among the comparisons.</summary>
    [Option(Value = "N", Group = "Plan", Above = 1, Below = 101)]
    public long Arms { get; init; } = 2;

    /// <summary>Split of the units, control first: 50/50. Equal shares when left out.</summary>
    [Option(Value = "50/50", Group = "Plan", Commas = false)]
    public string? Split { get; init; }

    /// <summary>Correction for several arms: bonferroni, or dunnett, which knows that they share a control (kind mean).</summary>
    [Option(Value = "NAME", Group = "Plan", Choices = "bonferroni|dunnett")]
    public string Correction { get; init; } = "bonferroni";

    /// <summary>Primary metrics, any of which may win: the size is shared among them (Bonferroni).</summary>
    [Option(Value = "N", Group = "Plan", Above = 0, Below = 1001)]
    public long Metrics { get; init; } = 1;

    /// <summary>Correlation of the metric with the covariate it will be adjusted for, such as itself before the start: saves its square of the variance.</summary>
    [Option(Value = "R", Group = "Plan", Above = -1, Below = 1)]
    public double CovariateCorrelation { get; init; }

    /// <summary>Times each unit is measured after the start, for kind mean; their mean is compared.</summary>
    [Option(Value = "N", Group = "Plan", Above = 0, Below = 1001)]
    public long Measures { get; init; } = 1;

    /// <summary>Times each unit is measured before the start, for kind mean; the comparison is adjusted for their mean.</summary>
    [Option(Value = "N", Group = "Plan", Above = -1, Below = 1001)]
    public long MeasuresBefore { get; init; }

    /// <summary>Times the data will be read, equally spaced, the end included; the size is spent by the rule of --spending.</summary>
    [Option(Value = "N", Group = "Plan", Above = 0, Below = 51)]
    public long Looks { get; init; } = 1;

    /// <summary>Rule for stopping at a look: obf (O'Brien and Fleming: hard early, cheap; used where the rule is left out and the looks are ten or fewer), kim-demets:RHO (cheaper than obf for many looks; RHO 4 is used beyond ten), pocock (even), haybittle-peto:P (p below 0.001 before the end).</summary>
    [Option(Value = "obf|pocock|kim-demets:2|haybittle-peto", Group = "Plan", Commas = false)]
    public string? Spending { get; init; }

    /// <summary>Whether a look may also stop the test because the planned effect is out of sight: nonbinding (advice; the size holds either way) or binding (must be obeyed; a little cheaper).</summary>
    [Option(Value = "none|binding|nonbinding", Group = "Plan", Choices = "none|binding|nonbinding")]
    public string Futility { get; init; } = "none";

    /// <summary>New units that arrive: 5000/day or 35000/week.</summary>
    [Option(Value = "N/day", Group = "Plan")]
    public string? Traffic { get; init; }

    /// <summary>Units that are there in all, all arms together (clusters for --kind cluster).</summary>
    [Option(Value = "N", Group = "Plan", Above = 1)]
    public long? Units { get; init; }

    /// <summary>Days the test may run.</summary>
    [Option(Value = "DAYS", Group = "Plan", Above = 0, Below = 3651)]
    public long? Days { get; init; }

    /// <summary>Correlation of two measurements of one unit: for paired (then --sd is that of the metric itself), and for --measures.</summary>
    [Option(Value = "R", Group = "Other designs", Above = -1, Below = 1)]
    public double? Correlation { get; init; }

    /// <summary>Share of pairs whose two answers differ, for mcnemar.</summary>
    [Option(Value = "SHARE", Group = "Other designs", Above = 0, Below = 1)]
    public double? Discordant { get; init; }

    /// <summary>Levels of the factors, for factorial: 2x3, or with their columns tutorial:2,push:3. Every combination that is run has the same number of units.</summary>
    [Option(Value = "2x3", Group = "Other designs", Commas = false)]
    public string? Factors { get; init; }

    /// <summary>Share of the combinations to run, for factorial with factors of two levels: 1/2, 1/4. The cells of minimum aberration are named, with the effects that cannot then be told apart.</summary>
    [Option(Value = "1/2", Group = "Other designs")]
    public string? Fraction { get; init; }

    /// <summary>Which effect is planned for. Factorial: the main effect of a factor (1, 2, ..., or its column), or an interaction (1x2, tutorial:push); the first factor when left out. Formula: the column, or the coefficient as regress names it ("group = B", "x : z", a category before it: "bus: x").</summary>
    [Option(Value = "1x2|COLUMN", Group = "Other designs", Commas = false)]
    public string? EffectOf { get; init; }

    /// <summary>Coefficients tested together, for regression.</summary>
    [Option(Value = "N", Group = "Other designs", Above = 0, Below = 1001)]
    public long Tested { get; init; } = 1;

    /// <summary>Other columns that the model holds fixed, for regression; what they explain is --baseline.</summary>
    [Option(Value = "N", Group = "Other designs", Above = -1, Below = 10001)]
    public long Held { get; init; }

    /// <summary>Share of the column's variance that the other columns explain, for logistic.</summary>
    [Option(Value = "R2", Group = "Other designs", Above = -1e-12, Below = 1)]
    public double Overlap { get; init; }

    /// <summary>Share of units that have the property, for logistic with a yes/no column; without it the column is a number, and effects are for one standard deviation of it.</summary>
    [Option(Value = "SHARE", Group = "Other designs", Above = 0, Below = 1)]
    public double? Exposed { get; init; }

    /// <summary>Rows and columns of the table, for table: 3x4. Effects are Cohen's w.</summary>
    [Option(Value = "3x4", Group = "Other designs")]
    public string? Cells { get; init; }

    /// <summary>Variance of a unit's events over their mean, for rate: 1 when they come independently.</summary>
    [Option(Value = "RATIO", Group = "Other designs", Above = 0)]
    public double Dispersion { get; init; } = 1;

    /// <summary>Share of units lost to follow-up by its end, for rmst.</summary>
    [Option(Value = "SHARE", Group = "Other designs", Above = -1e-12, Below = 1)]
    public double Lost { get; init; }

    /// <summary>Means of the groups, for groups, welch and friedman, instead of --mde: 10,12,13.</summary>
    [Option(Value = "10,12,13", Group = "Other designs", Commas = false)]
    public string? Means { get; init; }

    /// <summary>Standard deviations of the groups, for welch: 3,4,5.</summary>
    [Option(Value = "3,4,5", Group = "Other designs", Commas = false)]
    public string? Sds { get; init; }

    /// <summary>Share cut from each end, for trimmed-mean.</summary>
    [Option(Value = "SHARE", Group = "Other designs", Above = -1e-12, Below = 0.5)]
    public double Trim { get; init; } = 0.2;

    /// <summary>How a bandit shares out its traffic; for --kind bandit. The linear rules see a context: name --contexts, or a log with --context.</summary>
    [Option(Value = "NAME", Group = "Other designs", Choices = "thompson|upper-bound|epsilon-greedy|even|linear-ucb|linear-thompson")]
    public string Rule { get; init; } = "thompson";

    /// <summary>Share that a bandit keeps for every arm, whatever it has seen.</summary>
    [Option(Value = "SHARE", Group = "Other designs", Above = -1e-12, Below = 1)]
    public double Floor { get; init; }

    /// <summary>Formula for logistic: demidenko (variance with the effect), or hsieh (variance without it, as older plans have it).</summary>
    [Option(Value = "NAME", Group = "Other designs", Choices = "demidenko|hsieh")]
    public string Approximation { get; init; } = "demidenko";

    /// <summary>Simulated data sets behind each stated power, where the power is simulated: 1,000 when left out, 400 for mixed models, more for tests that are quick.</summary>
    [Option(Value = "N", Group = "Other designs", Above = 99, Below = 1000001)]
    public long? Runs { get; init; }

    /// <summary>The model to plan, for formula, as regress takes it: y ~ x + C(group) + (1 | person). History must have its columns.</summary>
    [Option(Value = "FORMULA", Group = "Model", Commas = false)]
    public string? Formula { get; init; }

    /// <summary>Law of the outcome, as for regress; found from its values when left out.</summary>
    [Option(Value = "NAME", Group = "Model", Choices = "auto|gaussian|binomial|probit|poisson|quasipoisson|gamma|negbin|tweedie|quantile|huber|multinomial|nonlinear|cox")]
    public string Family { get; init; } = "auto";

    /// <summary>Which quantile --family quantile follows: 0.5 is the median.</summary>
    [Option(Value = "Q", Group = "Model")]
    public IReadOnlyList<string> Quantile { get; init; } = [];

    /// <summary>Where --family nonlinear starts: a=200,b=0.001.</summary>
    [Option(Value = "NAME=X[,NAME=X]", Group = "Model")]
    public IReadOnlyList<string> Start { get; init; } = [];

    /// <summary>Column whose values name rows that belong together: whole groups are drawn, and errors are clustered.</summary>
    [Option(Value = "COLUMN", Group = "Model")]
    public IReadOnlyList<string> Cluster { get; init; } = [];

    /// <summary>Errors of the model, as for regress; those that the data ask for when left out.</summary>
    [Option(Value = "NAME", Group = "Model", Choices = "auto|classical|hc0|hc1|hc2|hc2-bm|hc3|hc4|sign-flip|wild|cr1|cr2|newey-west|hac|har|ar1")]
    public string Errors { get; init; } = "auto";

    /// <summary>Column with the exposure behind a count.</summary>
    [Option(Value = "COLUMN", Group = "Model")]
    public string? Exposure { get; init; }

    /// <summary>Column with the weight of each row.</summary>
    [Option(Value = "COLUMN", Group = "Model")]
    public string? Weights { get; init; }

    /// <summary>Effort that can be spent, for priorities, in the unit of the effort column: the best set of items that fits is named, items marked must included.</summary>
    [Option(Value = "EFFORT", Group = "Other designs", Above = 0)]
    public double? Capacity { get; init; }

    /// <summary>Units of a cluster on average, for --kind cluster.</summary>
    [Option(Value = "N", Group = "Clusters", Above = 0)]
    public double? ClusterSize { get; init; }

    /// <summary>Intraclass correlation: the share of the metric's variance that lies between clusters.</summary>
    [Option(Value = "ICC", Group = "Clusters", Above = -1e-12, Below = 1)]
    public double? Icc { get; init; }

    /// <summary>Coefficient of variation of the clusters' sizes.</summary>
    [Option(Value = "CV", Group = "Clusters", Above = -1e-12)]
    public double ClusterVariation { get; init; }

    /// <summary>History to learn from: the same as DATA.</summary>
    [Option(Value = "FILE", Group = "History")]
    public string? From
    {
        get => Data;
        init => Data = value ?? Data;
    }

    /// <summary>The primary metric. With history its column: COLUMN, COLUMN=VALUE, or NUM/DEN for a ratio; without, its name in the plan.</summary>
    [Option(Value = "M", Group = "History")]
    public string? Metric { get; init; }

    /// <summary>Column that names the unit. Without it each row of history is one unit.</summary>
    [Option(Value = "COLUMN", Group = "History")]
    public string? Unit { get; init; }

    /// <summary>Column with the date or time; with it the weeks needed follow from the units that history brought.</summary>
    [Option(Value = "COLUMN", Group = "History")]
    public string? Time { get; init; }

    /// <summary>Write the plan to this file, and into the ledger when --experiment names it. An existing file is never overwritten.</summary>
    [Option(Value = "FILE", Group = "Write the plan")]
    public string? Plan { get; init; }

    /// <summary>Name of the experiment; later analyses under this name are held to the plan.</summary>
    [Option(Value = "NAME", Group = "Write the plan")]
    public string? Experiment { get; init; }

    /// <summary>What is expected and why, in a sentence.</summary>
    [Option(Value = "TEXT", Group = "Write the plan", Commas = false)]
    public string? Hypothesis { get; init; }

    /// <summary>Metrics that must not be hurt, with margins: revenue>=-1%.</summary>
    [Option(Value = "M>=-1%", Group = "Write the plan")]
    public IReadOnlyList<string> Guardrail { get; init; } = [];

    /// <summary>Who is left out of the analysis, in words; said again by every later analysis.</summary>
    [Option(Value = "TEXT", Group = "Write the plan", Commas = false)]
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>Where so large an effect was seen before, when --mde is more than half of the baseline.</summary>
    [Option(Value = "TEXT", Group = "Write the plan", Commas = false)]
    public string? Precedent { get; init; }

    /// <summary>Relative effect that is expected, written into the plan; ledger report compares it with what came.</summary>
    [Option(Value = "3%", Group = "Write the plan")]
    public string? Predicted { get; init; }

    /// <summary>Name of the control arm.</summary>
    [Option(Value = "ARM", Group = "Write the plan")]
    public string? Control { get; init; }

    /// <summary>True when values are learned from data.</summary>
    public bool HasHistory => Data is not null || Query is not null;

    /// <summary>What the options alone say is compared; history may say more.</summary>
    internal string TypedKind => Kind ?? (ClusterSize is not null || Icc is not null ? "cluster" : Factors is not null ? "factorial" : Cells is not null ? "table" : Discordant is not null ? "mcnemar" : Sd is not null ? "mean" : "proportion");

    /// <summary>True when the answer is an interval's width, or a difference held against a margin: no effect is detected.</summary>
    internal bool NamesNoEffect => Margin is not null || Width is not null;

    /// <inheritdoc/>
    public override IEnumerable<GnomonError> Validate()
    {
        var kind = TypedKind;
        if (kind == "bandit")
        {
            foreach (var wrong in BanditDesign.Validate(this))
            {
                yield return wrong;
            }

            yield break;
        }

        foreach (var wrong in Touching.TouchingDesigns.Validate(this, kind))
        {
            yield return wrong;
        }

        if (Touching.TouchingDesigns.IsOwn(kind))
        {
            yield break;
        }

        if (kind == "priorities")
        {
            if (!HasHistory)
            {
                yield return new GnomonError("data-missing", "Priorities need a list of items.", "DATA", "Name a file with the columns item, reach, impact, confidence, effort.");
            }

            yield break;
        }

        if (Capacity is not null)
        {
            yield return new GnomonError("options-conflict", "--capacity is for --kind priorities.", "--capacity", "Add --kind priorities.");
        }

        if (HasHistory && Metric is null && kind != "formula")
        {
            yield return new GnomonError("option-missing", "History was given without the metric to learn from.", "--metric", "Add --metric COLUMN.");
        }

        if (!HasHistory && Baseline is null && (kind is "proportion" or "survival" or "rmst" or "one-proportion" or "mcnemar" or "logistic" or "rate" || (kind == "cluster" && Sd is null)))
        {
            yield return new GnomonError("option-missing", "--baseline is missing: the value of the metric without the change.", "--baseline", "Write --baseline 0.042, or name history with DATA and --metric.");
        }

        if (!HasHistory && Sd is null && (kind is "mean" or "ratio" or "one-mean" or "paired" or "groups" || (kind == "factorial" && Baseline is null)))
        {
            yield return new GnomonError("option-missing", $"--sd is missing: the spread {(kind is "mean" or "ratio" ? $"of the {kind} over units" : kind == "paired" ? "of the differences within pairs" : "of the metric over units")}.", "--sd", kind == "factorial" ? "Write --sd 3.1, or for a share --baseline 0.2." : "Write --sd 3.1, or name history with DATA and --metric.");
        }

        if (kind == "cluster" && (ClusterSize is null || Icc is null))
        {
            yield return new GnomonError("option-missing", "Clusters need --cluster-size and --icc.", "--cluster-size, --icc", "Write --cluster-size 20 --icc 0.05.");
        }

        if (kind != "cluster" && (ClusterSize is not null || Icc is not null))
        {
            yield return new GnomonError("options-conflict", "--cluster-size and --icc are for --kind cluster.", "--kind", "Add --kind cluster.");
        }

        if (ClusterSize is < 1)
        {
            yield return new GnomonError("option-out-of-range", "A cluster has at least one unit.", "--cluster-size", "Write --cluster-size 20.");
        }

        if (Power <= Alpha)
        {
            yield return new GnomonError("option-out-of-range", $"--power {Power} is not above --alpha {Alpha}.", "--power", "Write --power 0.8.");
        }

        var isProportion = kind is "proportion" or "survival" or "rmst" or "one-proportion" or "mcnemar" or "logistic" || (kind is "cluster" or "factorial" && Sd is null);
        if (isProportion && !HasHistory && Baseline is { } share && !(share > 0 && share < 1))
        {
            yield return new GnomonError("option-out-of-range", $"--baseline must be a share between 0 and 1; got {share}.", "--baseline", share is > 1 and < 100 ? $"Write --baseline {share / 100}." : "Write --baseline 0.042.");
        }

        if (Mde is null && Means is null && !NamesNoEffect && Units is null && Days is null && Traffic is null && !(HasHistory && Time is not null))
        {
            yield return new GnomonError("option-missing", "Name the smallest effect worth having, or the units there are.", "--mde, --units", "Write --mde 5%, or --units 20000, or --traffic 5000/day.");
        }

        if (Predicted is not null && Ab.PlanFields.Percent(Predicted) is null)
        {
            yield return new GnomonError("option-out-of-range", $"--predicted {Predicted} is no relative effect.", "--predicted", "Write --predicted 3%.");
        }

        foreach (var error in DesignKinds.Validate(Simulated.SimulatedKinds.Completed(this), kind).Concat(Simulated.SimulatedKinds.Validate(this, kind)))
        {
            yield return error;
        }

        if (Units is not null && Days is not null)
        {
            yield return new GnomonError("options-conflict", "--units and --days both say how large the test is.", "--units, --days", "Give one of them.");
        }

        if (Days is not null && Traffic is null && !(HasHistory && Time is not null))
        {
            yield return new GnomonError("option-missing", "--days needs the units a day brings.", "--traffic", "Add --traffic 5000/day, or history with --time.");
        }

        if (Time is not null && !HasHistory)
        {
            yield return new GnomonError("option-missing", "--time names a column of history, and no history was given.", "DATA", "Name the file, or leave out --time.");
        }
    }
}
