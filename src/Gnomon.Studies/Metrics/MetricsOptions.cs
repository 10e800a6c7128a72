using Gnomon.Core.Errors;
using Gnomon.Core.Studies;

namespace Gnomon.Studies.Metrics;

/// <summary>Which metric should decide experiments.</summary>
/// <remarks>
/// DATA holds past experiments with the early metrics and the long-term goal: one row per unit (columns for the test, the arm, every metric and the goal), or one row per test and metric with an effect and
/// its standard error. Each metric is judged by how few users it takes to move it and by whether it moved the way of the goal.
/// </remarks>
[Verb("metrics", "Which metric should decide our experiments: quick to move, and true to the long-term goal?", Example = "gnomon metrics past.csv --test test --variant arm --metric clicks,sessions --goal retained")]
public sealed record MetricsOptions : StudyOptions
{
    /// <summary>Column that names the past test.</summary>
    [Option(Value = "COLUMN", Group = "Columns")]
    public string? Test { get; init; }

    /// <summary>Column with the arm of the unit. Left out when the rows hold effects.</summary>
    [Option(Value = "COLUMN", Group = "Columns")]
    public string? Variant { get; init; }

    /// <summary>The control arm; found by its name when left out.</summary>
    [Option(Value = "NAME", Group = "Columns", Commas = false)]
    public string? Control { get; init; }

    /// <summary>Column with the unit's id, to make sure that no unit has two rows in a test.</summary>
    [Option(Value = "COLUMN", Group = "Columns")]
    public string? Unit { get; init; }

    /// <summary>Early metrics to judge: columns of numbers or true/false, or NUM/DEN for a ratio of totals. For rows of effects, names in the metric column; all but the goal when left out.</summary>
    [Option(Value = "M[,NUM/DEN]", Group = "Columns")]
    public IReadOnlyList<string> Metric { get; init; } = [];

    /// <summary>The long-term goal: what the early metric is to stand for.</summary>
    [Option(Value = "METRIC", Group = "Columns", Commas = false)]
    public string? Goal { get; init; }

    /// <summary>Metrics of which less is better, the goal among them.</summary>
    [Option(Value = "M[,M2]", Group = "Columns")]
    public IReadOnlyList<string> LowerIsBetter { get; init; } = [];

    /// <summary>Rows of effects: the column that names the metric.</summary>
    [Option(Value = "COLUMN", Group = "Rows of effects")]
    public string Name { get; init; } = "metric";

    /// <summary>Rows of effects: the column with the effect, treated minus control, each metric in one unit over all tests.</summary>
    [Option(Value = "COLUMN", Group = "Rows of effects")]
    public string? Effect { get; init; }

    /// <summary>Rows of effects: the column with the effect's standard error.</summary>
    [Option(Value = "COLUMN", Group = "Rows of effects")]
    public string Se { get; init; } = "se";

    /// <summary>Rows of effects: the column with the units of both arms.</summary>
    [Option(Value = "COLUMN", Group = "Rows of effects")]
    public string? Users { get; init; }

    /// <summary>Rows of effects: the column with the correlation of the metric and the goal over units, which share their noise; 0 when left out.</summary>
    [Option(Value = "COLUMN", Group = "Rows of effects")]
    public string? Correlation { get; init; }

    /// <summary>The metric that decides today, or that somebody wants: it is judged first.</summary>
    [Option(Value = "METRIC", Group = "Choice", Commas = false)]
    public string? Primary { get; init; }

    /// <summary>Smallest change worth having, as a share of the metric's mean: 0.01 is 1 %.</summary>
    [Option(Value = "SHARE", Group = "Choice", Above = 0, Below = 10)]
    public double Mde { get; init; } = 0.01;

    /// <summary>Two-sided size of the tests.</summary>
    [Option(Value = "ALPHA", Group = "Choice", Above = 0, Below = 0.5)]
    public double Alpha { get; init; } = 0.05;

    /// <summary>A/A tests per metric: the arms of past control units drawn again at random.</summary>
    [Option(Value = "N", Group = "Choice", Above = 99, Below = 100001)]
    public long Relabel { get; init; } = 2_000;

    /// <summary>Who answers for the metric; goes onto its definition card.</summary>
    [Option(Value = "NAME", Group = "Definition card", Commas = false)]
    public string? Owner { get; init; }

    /// <summary>Over which time the metric is counted, in words: "14 days from assignment".</summary>
    [Option(Value = "TEXT", Group = "Definition card", Commas = false)]
    public string? Window { get; init; }

    /// <summary>Write the definition card as Markdown to this file.</summary>
    [Option(Value = "FILE", Group = "Definition card")]
    public string? Card { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<GnomonError> Validate()
    {
        if (Data is null && Query is null)
        {
            yield return new GnomonError("data-missing", "No past tests were given.", "DATA", "Name a file with a row per unit of past tests, or a row per test and metric.");
        }

        if (Goal is null)
        {
            yield return new GnomonError("option-missing", "--goal is missing: the long-term outcome that the metric is to stand for.", "--goal", "Add --goal retained.");
        }

        if (Test is null)
        {
            yield return new GnomonError("option-missing", "--test is missing: the column that names the past test.", "--test", "Add --test COLUMN.");
        }

        if (Variant is not null && Metric.Count == 0)
        {
            yield return new GnomonError("option-missing", "--metric is missing: the early metrics to judge.", "--metric", "Add --metric clicks,sessions.");
        }

        if ((Variant is null) == (Effect is null))
        {
            yield return Variant is null
                ? new GnomonError("option-missing", "Neither --variant nor --effect was given.", "--variant, --effect", "Write --variant COLUMN for a row per unit, or --effect COLUMN for a row per test and metric.")
                : new GnomonError("options-conflict", "--variant is for a row per unit and --effect for a row per test and metric.", "--variant, --effect", "Leave one of them out.");
        }

        if (Effect is not null && Unit is not null)
        {
            yield return new GnomonError("options-conflict", "--unit is not read in rows of effects.", "--unit", "Leave out --unit.");
        }

        if (Metric.Where(m => m == Goal).Any())
        {
            yield return new GnomonError("options-conflict", $"'{Goal}' is the goal and cannot stand for itself.", "--metric", "Leave it out of --metric.");
        }

        if (Metric.GroupBy(m => m, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            yield return new GnomonError("options-conflict", $"'{twice.Key}' is named twice in --metric.", "--metric", "Name each metric once.");
        }
    }
}
