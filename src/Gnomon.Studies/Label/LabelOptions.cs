using Gnomon.Core.Errors;
using Gnomon.Core.Studies;

namespace Gnomon.Studies.Label;

/// <summary>Which rows are worth keeping and labelling, and whether choosing them beats drawing them at random.</summary>
/// <remarks>
/// For a team with more data than labels: triggers decide what is kept, a random slice audits the rest, near copies are left out, and labels go where a model is unsure and nothing like it is labelled yet. Where
/// rows have labels, choosing is replayed against drawing at random on groups that were held out, and the decision follows from the two curves. Rows stream by; only what is kept for labelling is held.
/// </remarks>
[Verb("label", "Which of these rows are worth keeping and labelling?", Example = "gnomon label drives.csv --group vehicle --scenario scene --embedding \"e*\" --keep \"decel>4\" --budget 800")]
public sealed record LabelOptions : StudyOptions
{
    /// <summary>Column of what belongs together, such as a vehicle or a drive: it is never on both sides of a split, and near copies are looked for within.</summary>
    [Option(Value = "COLUMN", Group = "Roles")]
    public string? Group { get; init; }

    /// <summary>Column of scenarios, the strata of the audit and the slices of the evaluation.</summary>
    [Option(Value = "COLUMN", Group = "Roles")]
    public string? Scenario { get; init; }

    /// <summary>Numeric columns of the embedding; a name that ends in * takes all columns that begin so.</summary>
    [Option(Value = "COLUMN[,COLUMN]", Group = "Roles")]
    public IReadOnlyList<string> Embedding { get; init; } = [];

    /// <summary>Further numeric columns that the model may use besides the embedding.</summary>
    [Option(Value = "COLUMN[,COLUMN]", Group = "Roles")]
    public IReadOnlyList<string> Features { get; init; } = [];

    /// <summary>Column of the label, with two values; rows without one have none yet.</summary>
    [Option(Value = "COLUMN", Group = "Roles")]
    public string? Target { get; init; }

    /// <summary>Column of a second annotator's label.</summary>
    [Option(Value = "COLUMN", Group = "Roles")]
    public string? Second { get; init; }

    /// <summary>Column of today's model: its probability that the label is the later of its two values (1, yes, true).</summary>
    [Option(Value = "COLUMN", Group = "Roles")]
    public string? Score { get; init; }

    /// <summary>Column that names a row in the queue; the row number otherwise.</summary>
    [Option(Value = "COLUMN", Group = "Roles")]
    public string? Id { get; init; }

    /// <summary>Column of a split that is in use, with the values train and test: whether it shares groups or near copies is checked.</summary>
    [Option(Value = "COLUMN", Group = "Roles")]
    public string? Split { get; init; }

    /// <summary>Trigger rules: a row that meets any of them is kept. Comparisons with &gt;, &gt;=, &lt;, &lt;=, = and !=; joined by &amp; they must hold together.</summary>
    [Option(Value = "RULE[,RULE]", Group = "Keeping")]
    public IReadOnlyList<string> Keep { get; init; } = [];

    /// <summary>Share of all rows, of each scenario, that is kept at random whatever the triggers say.</summary>
    [Option(Value = "SHARE", Group = "Keeping", Above = 0, Below = 1)]
    public double Audit { get; init; } = 0.05;

    /// <summary>Rows of a scenario that the audit slice takes at least, where it has them.</summary>
    [Option(Value = "N", Group = "Keeping", Above = 1, Below = 100001)]
    public long AuditLeast { get; init; } = 300;

    /// <summary>Cosine of two embeddings from which a row is a near copy of another.</summary>
    [Option(Value = "COSINE", Group = "Keeping", Above = 0, Below = 1)]
    public double Near { get; init; } = 0.98;

    /// <summary>Labels that can be paid for.</summary>
    [Option(Value = "N", Group = "Labels", Above = 19, Below = 100001)]
    public long Budget { get; init; } = 800;

    /// <summary>Share of the budget that goes to rows of the audit slice, drawn at random.</summary>
    [Option(Value = "SHARE", Group = "Labels", Above = -1e-12, Below = 1)]
    public double Explore { get; init; } = 0.25;

    /// <summary>Share of rows below which a scenario counts as rare.</summary>
    [Option(Value = "SHARE", Group = "Labels", Above = 0, Below = 0.5)]
    public double Rare { get; init; } = 0.01;

    /// <summary>Difference in error, as a share, that would not matter.</summary>
    [Option(Value = "SHARE", Group = "Labels", Above = 0, Below = 0.5)]
    public double Margin { get; init; } = 0.05;

    /// <summary>Times that groups are split anew in the replay; each time every group is held out once.</summary>
    [Option(Value = "N", Group = "Labels", Above = 1, Below = 101)]
    public long Repeats { get; init; } = 5;

    /// <summary>Share of the queue that gets a second annotator.</summary>
    [Option(Value = "SHARE", Group = "Labels", Above = -1e-12, Below = 1)]
    public double Double { get; init; } = 0.1;

    /// <summary>Volume that all rows stand for, in terabytes a day.</summary>
    [Option(Value = "TB", Group = "Storage", Above = 0)]
    public double? Raw { get; init; }

    /// <summary>Column of bytes of each row; all rows count alike without it.</summary>
    [Option(Value = "COLUMN", Group = "Storage")]
    public string? Size { get; init; }

    /// <summary>Storage tiers, in the order data move through them: NAME=PRICE:DAYS, the price of a terabyte a month and the days it stays.</summary>
    [Option(Value = "NAME=PRICE:DAYS[,...]", Group = "Storage")]
    public IReadOnlyList<string> Tiers { get; init; } = ["hot=20:30", "warm=10:335", "archive=1:1460"];

    /// <summary>Writes the rows to label, in order, as CSV. A file that exists is not overwritten.</summary>
    [Option(Value = "FILE", Group = "Output")]
    public string? Queue { get; init; }

    /// <summary>Version of the data set that this one follows, for the lineage hash.</summary>
    [Option(Value = "HASH", Group = "Output")]
    public string? Parent { get; init; }

    /// <summary>Confidence level of the intervals.</summary>
    [Option(Value = "LEVEL", Group = "Output", Above = 0, Below = 1)]
    public double Level { get; init; } = 0.95;

    /// <inheritdoc/>
    public override IEnumerable<GnomonError> Validate()
    {
        if (Data is null && Query is null)
        {
            yield return new GnomonError("data-missing", "No data were given.", "DATA", "Name a file, or use --query.");
        }

        foreach (var wrong in Keep.Where(k => !TriggerRule.IsRule(k)))
        {
            yield return new GnomonError("bad-rule", $"--keep needs comparisons such as decel>4 or light=dusk; got '{wrong}'.", "--keep", "Write --keep \"disagreement>0.3,decel>4&speed>10\".");
        }

        foreach (var wrong in Tiers.Where(t => !StorageTier.IsTier(t)))
        {
            yield return new GnomonError("bad-tier", $"--tiers needs NAME=PRICE:DAYS with a price of 0 or more and days above 0; got '{wrong}'.", "--tiers", "Write --tiers hot=20:30,archive=1:1460.");
        }

        foreach (var (name, value, needs) in new[] { ("--second", Second, "it is the second label of a row"), ("--split", Split, "a split is for a model that learns a label") })
        {
            if (value is not null && Target is null)
            {
                yield return new GnomonError("option-missing", $"{name} needs --target: {needs}.", "--target", "Add --target COLUMN.");
            }
        }

        if (Target is not null && (Embedding.Count == 0 || Group is null))
        {
            yield return new GnomonError("option-missing", "A replay with labels needs the columns that a model learns from, and the column of what belongs together, so that it is not on both sides of a split.", "--embedding, --group", "Add --embedding \"e*\" --group COLUMN.");
        }

        if (Parent is not null && !DataVersion.IsHash(Parent))
        {
            yield return new GnomonError("bad-hash", $"--parent takes the 64 hexadecimal digits of a lineage hash; got '{Parent}'.", "--parent");
        }

        if (Queue is not null && File.Exists(Queue))
        {
            yield return new GnomonError("file-exists", $"{Queue} exists and is not overwritten.", "--queue", "Name another file, or delete it first.");
        }
    }
}
