using System.Globalization;
using Gnomon.Core.Errors;
using Gnomon.Core.Studies;
using Gnomon.Methods.Experiments;

namespace Gnomon.Studies.Assign;

/// <summary>Which arm each unit gets: by a salted hash, within strata, or drawn again until the arms are alike.</summary>
/// <remarks>
/// DATA is the list of units, one row each, with what is known of them before the start. The arms, how alike they are, the same assignment as one line of SQL, and a plan that says how to analyse it are the answer.
/// Without data only the SQL is given: plain hashing needs no list.
/// </remarks>
[Verb("assign", "Which unit gets which arm?", Example = "gnomon assign --unit user_id --salt checkout --arms control,new")]
public sealed record AssignOptions : StudyOptions
{
    /// <summary>Column with the unit's id, for example user_id. It must be the one that is logged with the outcomes.</summary>
    [Option(Value = "COLUMN", Group = "Units")]
    public string? Unit { get; init; }

    /// <summary>Name of the experiment. It salts the hash: another name gives other arms, the same name always the same.</summary>
    [Option(Value = "NAME", Group = "Arms")]
    public string? Salt { get; init; }

    /// <summary>Names of the arms, control first. When left out: those of --from-plan, else control and treatment.</summary>
    [Option(Value = "A,B[,C]", Group = "Arms")]
    public IReadOnlyList<string> Arms { get; init; } = [];

    /// <summary>Shares in the order of the arms: 50/50. Equal when left out.</summary>
    [Option(Value = "50/50", Group = "Arms", Commas = false)]
    public string? Split { get; init; }

    /// <summary>Columns whose combinations are strata: every stratum gets the arms in their shares, to less than a unit.</summary>
    [Option(Value = "COLUMN[,COLUMN]", Group = "Alike arms")]
    public IReadOnlyList<string> Strata { get; init; } = [];

    /// <summary>Columns of numbers: the arms are drawn again until their means of these are alike (Mahalanobis distance).</summary>
    [Option(Value = "COLUMN[,COLUMN]", Group = "Alike arms")]
    public IReadOnlyList<string> Rerandomise { get; init; } = [];

    /// <summary>Share of draws that count as alike, for --rerandomise.</summary>
    [Option(Value = "SHARE", Group = "Alike arms", Above = 0, Below = 1)]
    public double Acceptance { get; init; } = 0.01;

    /// <summary>Layer of experiments that exclude one another: each has a stretch of the same line.</summary>
    [Option(Value = "NAME", Group = "Layers")]
    public string? Layer { get; init; }

    /// <summary>Stretch of the layer that belongs to this experiment: 0-20%, 20-45%. Units outside it are in no arm.</summary>
    [Option(Value = "FROM-TO%", Group = "Layers")]
    public string? Share { get; init; }

    /// <summary>Blocks of time get arms instead of units, for a switchback: how long one draw holds, 30m, 2h or 1d. DATA then lists zones that switch by themselves, named by --unit; without it one series switches.</summary>
    [Option(Value = "LENGTH", Group = "Schedule")]
    public string? Block { get; init; }

    /// <summary>Day, or day and time, at which the first block begins; for --block.</summary>
    [Option(Value = "DATE", Group = "Schedule")]
    public string? From { get; init; }

    /// <summary>How many days the schedule runs; for --block.</summary>
    [Option(Value = "DAYS", Group = "Schedule", Above = 0, Below = 3651)]
    public long? Days { get; init; }

    /// <summary>Writes the arms as CSV: unit, arm, and the stratum where there is one. A file that exists is not overwritten.</summary>
    [Option(Value = "FILE", Group = "Output")]
    public string? Out { get; init; }

    /// <summary>Writes the plan that ab --plan follows: how the arms were assigned and how they are compared. A file that exists is not overwritten.</summary>
    [Option(Value = "FILE", Group = "Output")]
    public string? Plan { get; init; }

    /// <summary>A plan written by design, whose fields the new plan keeps.</summary>
    [Option(Value = "FILE", Group = "Output")]
    public string? FromPlan { get; init; }

    /// <summary>Database whose expression for the arm is written out in full; the finding's table has all of them.</summary>
    [Option(Value = "NAME", Group = "Output", Choices = "duckdb|postgresql|clickhouse")]
    public string Sql { get; init; } = "duckdb";

    internal static IReadOnlyList<string> Usual { get; } = ["control", "treatment"];

    /// <summary>Where the experiment lies in its layer; null without a layer.</summary>
    internal LayerSlot? Slot => Layer is null ? null : Parse(Layer, Share ?? string.Empty);

    /// <inheritdoc/>
    public override IEnumerable<GnomonError> Validate()
    {
        if (Salt is null)
        {
            yield return new GnomonError("option-missing", "--salt is missing: the name that makes this experiment's arms its own.", "--salt", "Write --salt NAME, a name that no other experiment has.");
        }

        foreach (var wrong in Schedule.Validate(this))
        {
            yield return wrong;
        }

        if (Unit is null && (Block is null || Data is not null || Query is not null))
        {
            yield return new GnomonError("option-missing", "--unit is missing: the column with the unit's id.", "--unit", "Write --unit COLUMN.");
        }

        if (Arms.Count is 1 or > 100 || Arms.Distinct(StringComparer.Ordinal).Count() != Arms.Count || Arms.Any(string.IsNullOrWhiteSpace))
        {
            yield return new GnomonError("option-out-of-range", $"--arms takes 2 to 100 different names; got {string.Join(",", Arms)}.", "--arms", "Write --arms control,new.");
        }

        if (Arms.Append(Salt ?? string.Empty).Append(Layer ?? string.Empty).Any(t => t.Contains('\'', StringComparison.Ordinal)))
        {
            yield return new GnomonError("bad-name", "A salt, a layer or an arm holds a quote, which SQL would misread.", "--salt, --layer, --arms", "Use letters, digits, spaces, - and _.");
        }

        if (Strata.Count > 0 && Rerandomise.Count > 0)
        {
            yield return new GnomonError("options-conflict", "--strata and --rerandomise were both given; their analyses differ.", "--strata, --rerandomise", "Use --strata for categories and --rerandomise for numbers; give one of them.");
        }

        if (Rerandomise.Count > 0 && Arms.Count is not (0 or 2))
        {
            yield return new GnomonError("options-conflict", $"--rerandomise draws two arms; got {Arms.Count}.", "--rerandomise, --arms", "Name two arms, or use --strata.");
        }

        var needing = new[] { ("--strata", Strata.Count > 0), ("--rerandomise", Rerandomise.Count > 0), ("--out", Out is not null && Block is null) }.Where(o => o.Item2).Select(o => o.Item1).ToList();
        if (needing.Count > 0 && Data is null && Query is null)
        {
            yield return new GnomonError("data-missing", $"{string.Join(" and ", needing)} {(needing.Count == 1 ? "needs" : "need")} the list of units.", "DATA", "Name a file with one row per unit.");
        }

        if (Layer is null != Share is null)
        {
            yield return new GnomonError("option-missing", "--layer and --share belong together: which layer, and which stretch of it.", "--layer, --share", "Write --layer NAME --share 0-20%.");
        }
        else if (Share is not null && Parse(Layer!, Share) is null)
        {
            yield return new GnomonError("bad-share", $"--share must be a stretch of the layer; got '{Share}'.", "--share", "Write --share 0-20% or --share 20-45%.");
        }

        if (Layer is not null && Layer == Salt)
        {
            yield return new GnomonError("options-conflict", "--layer and --salt have the same name, so the arm would hang on the place in the layer.", "--layer, --salt", "Give the experiment a name of its own.");
        }

        if (FromPlan is not null && Plan is null)
        {
            yield return new GnomonError("option-missing", "--from-plan is the start of a new plan; --plan names it.", "--plan", "Add --plan FILE.");
        }
    }

    private static LayerSlot? Parse(string layer, string share)
    {
        var parts = share.TrimEnd('%', ' ').Split('-', StringSplitOptions.TrimEntries);
        return parts.Length == 2
            && double.TryParse(parts[0].TrimEnd('%'), NumberStyles.Float, CultureInfo.InvariantCulture, out var from) && double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var to)
            && from >= 0 && from < to && to <= 100
            ? new LayerSlot(layer, from / 100, to / 100)
            : null;
    }
}
