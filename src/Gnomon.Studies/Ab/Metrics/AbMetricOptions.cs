using Gnomon.Core.Studies;

namespace Gnomon.Studies.Ab.Metrics;

/// <summary>Metrics beyond means and shares, and what narrows their intervals.</summary>
public abstract record AbMetricOptions : AbDesignOptions
{
    /// <summary>Metrics that decide and are quantiles: latency:p99, revenue:p50. Where units repeat it is the quantile of the rows, with errors by unit. Also as --secondary and in --guardrail.</summary>
    [Option(Value = "M:p90[,M2:p99]", Group = "Metrics")]
    public IReadOnlyList<string> Quantile { get; init; } = [];

    /// <summary>Metrics that decide and are nothing for most units, such as revenue: the mean decides, the share of units with a value and the mean among them stand beside it.</summary>
    [Option(Value = "M[,M2]", Group = "Metrics")]
    public IReadOnlyList<string> TwoPart { get; init; } = [];

    /// <summary>Steps in their order, each a true/false column or COLUMN=VALUE. The last one decides; each is told over all units and over the step before.</summary>
    [Option(Value = "STEP,STEP2[,STEP3]", Group = "Metrics")]
    public IReadOnlyList<string> Funnel { get; init; } = [];

    /// <summary>Column with the date on which the unit was last seen, and the days after assignment that decide: last_seen:1,7,28. Needs --time; units that are not yet so old are left out.</summary>
    [Option(Value = "COLUMN:1,7,28", Group = "Metrics", Commas = false)]
    public string? Retention { get; init; }

    /// <summary>Time watched and whether it ended with the event, days/churned or days/status=left; with :28 up to that time. The mean time without the event decides.</summary>
    [Option(Value = "TIME/EVENT[:HORIZON]", Group = "Metrics", Commas = false)]
    public string? Survival { get; init; }

    /// <summary>One number from several metrics that decides, each in standard deviations of the control arm: 0.7*converted+0.3*revenue. After "raw:" in their own units.</summary>
    [Option(Value = "W*M+W*M2", Group = "Metrics", Commas = false)]
    public string? Oec { get; init; }

    /// <summary>Early outcomes that carry a later one: columns of the data and of --history. The effect on the expected --long-term outcome decides.</summary>
    [Option(Value = "S[,S2]", Group = "Metrics")]
    public IReadOnlyList<string> Surrogates { get; init; } = [];

    /// <summary>File of past units with the columns of --surrogates and --long-term: CSV, TSV, JSON, JSONL or Parquet.</summary>
    [Option(Value = "FILE", Group = "Metrics")]
    public string? History { get; init; }

    /// <summary>Columns of --history with the past test and the arm of each unit: the effects of past tests then show whether the surrogates carry the outcome.</summary>
    [Option(Value = "TEST,ARM", Group = "Metrics")]
    public IReadOnlyList<string> HistoryTests { get; init; } = [];

    /// <summary>Column of --history with the outcome that takes too long to wait for.</summary>
    [Option(Value = "COLUMN", Group = "Metrics")]
    public string? LongTerm { get; init; }

    /// <summary>How the p-values of several primary comparisons are corrected: holm, or maxt, which uses how the metrics move together.</summary>
    [Option(Value = "holm|maxt", Group = "Metrics")]
    public string Family { get; init; } = "holm";

    /// <summary>Columns known before assignment that predict the metric: numbers, categories, dates. Each unit is predicted from the other units, and the difference is adjusted for the prediction.</summary>
    [Option(Value = "COLUMN[,COLUMN]", Group = "Variance reduction")]
    public IReadOnlyList<string> Predict { get; init; } = [];

    /// <summary>Columns known before assignment whose groups are compared within themselves and put together by their shares.</summary>
    [Option(Value = "COLUMN[,COLUMN]", Group = "Variance reduction")]
    public IReadOnlyList<string> PostStratify { get; init; } = [];

    /// <summary>Whether an option of this record names a metric that decides.</summary>
    public bool NamesMetric => Quantile.Count + TwoPart.Count + Funnel.Count + Surrogates.Count > 0 || Retention is not null || Survival is not null || Oec is not null;
}
