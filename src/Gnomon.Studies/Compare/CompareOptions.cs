using System.Globalization;
using Gnomon.Core.Errors;
using Gnomon.Core.Studies;

namespace Gnomon.Studies.Compare;

/// <summary>Whether groups differ, by how much, and what could stand behind it.</summary>
/// <remarks>
/// The test follows from the data: shares, means, ordered scores or categories; two groups or several; separate units or pairs. The finding says why that test,
/// shows the one it did not use beside it, and looks through the other columns for mixtures that make or hide the difference.
/// </remarks>
[Verb("compare", "Do these groups differ, and by how much?", Example = "gnomon compare --counts placebo=146/1218,drug=97/1218 --randomized")]
public sealed record CompareOptions : StudyOptions
{
    /// <summary>What is compared: a column of numbers, of true/false, or of categories; COLUMN=VALUE counts the units with that value.</summary>
    [Option(Value = "COLUMN", Group = "Roles")]
    public string? Metric { get; init; }

    /// <summary>Column that names the group of each row; two columns, A,B, ask whether they act together and what each does.</summary>
    [Option(Value = "COLUMN[,COLUMN]", Group = "Roles")]
    public string? By { get; init; }

    /// <summary>The group that the others are compared with. Without it two groups are ordered by name (control, baseline, before, no come first), and several are compared pair by pair.</summary>
    [Option(Value = "GROUP", Group = "Roles")]
    public string? Control { get; init; }

    /// <summary>Column that names what was measured in every group: a person before and after, a shop in each month. Compares within it.</summary>
    [Option(Value = "COLUMN", Group = "Roles")]
    public string? Paired { get; init; }

    /// <summary>Column that names the unit when several rows belong to one: its rows are averaged to one value.</summary>
    [Option(Value = "COLUMN", Group = "Roles")]
    public string? Unit { get; init; }

    /// <summary>Columns to compare within: the difference is taken inside each of their values and put together.</summary>
    [Option(Value = "COLUMN[,COLUMN]", Group = "Roles")]
    public IReadOnlyList<string> Strata { get; init; } = [];

    /// <summary>Other columns to hold fixed when the groups differ in them; all suitable columns when left out, the word none for no column.</summary>
    [Option(Value = "COLUMN[,COLUMN]", Group = "Roles")]
    public IReadOnlyList<string> Adjust { get; init; } = [];

    /// <summary>The metric is a time: this column says whether it ended with the event (1, true, yes) or was only watched so long. COLUMN=VALUE names the value.</summary>
    [Option(Value = "COLUMN", Group = "Times to an event")]
    public string? Event { get; init; }

    /// <summary>Time up to which mean times without the event are compared; when left out, the time up to which a tenth of every group was still watched.</summary>
    [Option(Value = "TIME", Group = "Times to an event", Above = 0)]
    public double? Horizon { get; init; }

    /// <summary>Column that orders one series in time, for a comparison of before with after --change-at.</summary>
    [Option(Value = "COLUMN", Group = "One series")]
    public string? Time { get; init; }

    /// <summary>When the change came: the first time after it, as --time holds it (2024-04-01, or a number).</summary>
    [Option(Value = "WHEN", Group = "One series")]
    public string? ChangeAt { get; init; }

    /// <summary>Column with the number behind each rate of the series, so that weeks with more count more.</summary>
    [Option(Value = "COLUMN", Group = "One series")]
    public string? Trials { get; init; }

    /// <summary>Column with a series that the change did not touch: what else happened then shows in it.</summary>
    [Option(Value = "COLUMN", Group = "One series")]
    public string? Untouched { get; init; }

    /// <summary>How to read the metric; auto looks at the column. ordered is for scores whose steps mean more or less but not how much.</summary>
    [Option(Value = "KIND", Group = "Design", Choices = "auto|mean|ordered|category")]
    public string Scale { get; init; } = "auto";

    /// <summary>Smallest difference that matters: 0.5 in the metric's unit, or 5% of the control group. Also the margin of equivalence.</summary>
    [Option(Value = "0.5|5%", Group = "Design", Alias = "mde")]
    public string? Margin { get; init; }

    /// <summary>The groups were assigned at random: what else differs between them is chance, and the difference is an effect.</summary>
    [Option(Group = "Design")]
    public bool Randomized { get; init; }

    /// <summary>Confidence level of the intervals; tests use 1 minus it.</summary>
    [Option(Value = "LEVEL", Group = "Design", Above = 0, Below = 1)]
    public double Level { get; init; } = 0.95;

    /// <summary>A result somebody printed, to be checked against the data: "p=0.03, lift=6.7%"; or a sentence about it, to be held against what the analysis can say.</summary>
    [Option(Value = "TEXT", Group = "Design", Commas = false)]
    public string? Claim { get; init; }

    /// <summary>Show what other tools print for the same data: every usual setting of the test, and which tool runs it unasked.</summary>
    [Option(Group = "Design")]
    public bool Tools { get; init; }

    /// <summary>Write the values compared as CSV, one column per group, for a spreadsheet.</summary>
    [Option(Value = "FILE", Group = "Design")]
    public string? Export { get; init; }

    /// <summary>What was believed before these data: flat, beta:50,950 (the share of each group), normal:0,0.05 (the difference) or trial:A=24/60,B=36/60 (an earlier trial's counts). The posterior then stands beside the test.</summary>
    [Option(Value = "PRIOR", Group = "Prior and decision", Commas = false)]
    public string? Prior { get; init; }

    /// <summary>Share, 0 to 1, at which an earlier trial counts (power prior); 1 when left out.</summary>
    [Option(Value = "SHARE", Group = "Prior and decision")]
    public double? PriorWeight { get; init; }

    /// <summary>Share of a vague part beside the prior, so that data which contradict it are heard (robust mixture).</summary>
    [Option(Value = "SHARE", Group = "Prior and decision", Above = 0, Below = 1)]
    public double? PriorRobust { get; init; }

    /// <summary>What a difference is worth when the group is chosen over the control: 400000/0.01 is 400,000 for each 0.01. Negative where lower is better. Asks for a decision.</summary>
    [Option(Value = "AMOUNT[/DIFFERENCE]", Group = "Prior and decision", Commas = false)]
    public string? Gain { get; init; }

    /// <summary>What choosing the group costs whatever the difference, in the unit of the gain; 0 when left out.</summary>
    [Option(Value = "AMOUNT", Group = "Prior and decision")]
    public double? Cost { get; init; }

    /// <summary>A further sample to be weighed against deciding now: units per group, and what they cost together.</summary>
    [Option(Value = "UNITS[=AMOUNT]", Group = "Prior and decision", Commas = false)]
    public string? More { get; init; }

    /// <summary>Repeat this trial so often by simulation, and count how often test, likelihood and posterior are right, also when read on the way.</summary>
    [Option(Value = "RUNS", Group = "Prior and decision")]
    public int? Simulate { get; init; }

    /// <summary>Name of the experiment this comparison reads: its look goes into the ledger, and departures from the plan on record are listed.</summary>
    [Option(Value = "NAME", Group = "Design")]
    public string? Experiment { get; init; }

    /// <summary>Counts typed in, the control group first: A=500/11034,B=420/11037.</summary>
    [Option(Value = "A=K/N,B=K/N", Group = "Typed in")]
    public IReadOnlyList<string> Counts { get; init; } = [];

    /// <summary>True when the numbers were typed in and no data are read.</summary>
    public bool IsTyped => Counts.Count > 0;

    internal double Alpha => 1 - Level;

    /// <summary>Where a decision is asked for, the difference at which it pays is the smallest one worth having.</summary>
    internal double? BreakEven => Gain is not null && Cost is { } cost && cost != 0 && PriorSpec.Gain(Gain) is { } gain ? Math.Abs(cost / gain) : null;

    /// <inheritdoc/>
    public override IEnumerable<GnomonError> Validate()
    {
        if (IsTyped && (Data is not null || Query is not null))
        {
            yield return new GnomonError("options-conflict", "Data were given and numbers were typed in.", "DATA", "Leave out the file, or leave out --counts.");
        }

        if (IsTyped && (Paired is not null || Unit is not null || Strata.Count > 0 || Adjust.Count > 0))
        {
            yield return new GnomonError("options-conflict", "--paired, --unit, --strata and --adjust need rows; only totals were typed in.", "--counts", "Give the data, or leave these options out.");
        }

        if (IsTyped && Export is not null)
        {
            yield return new GnomonError("options-conflict", "--export writes values; only totals were typed in.", "--export", "Give the data, or leave --export out.");
        }

        if (!IsTyped && Metric is null)
        {
            yield return new GnomonError("option-missing", "--metric is missing: the column that is compared.", "--metric", "Write --metric COLUMN.");
        }

        foreach (var wrong in SurvivalOptions.Validate(this).Concat(ChangeOptions.Validate(this)))
        {
            yield return wrong;
        }

        if (!IsTyped && By is null && ChangeAt is null)
        {
            yield return new GnomonError("option-missing", "--by is missing: the column that names the group.", "--by", "Write --by COLUMN.");
        }

        if (Paired is not null && (Strata.Count > 0 || Unit is not null))
        {
            yield return new GnomonError("options-conflict", "--paired already compares within its own values; --strata and --unit do not go with it.", "--paired", "Leave out --strata and --unit.");
        }

        if (Scale == "category" && Paired is not null)
        {
            yield return new GnomonError("options-conflict", "Pairs of categories have no difference to take.", "--scale", "Write --metric COLUMN=VALUE to compare the share of one category.");
        }

        foreach (var wrong in PriorSpec.Wrong(this))
        {
            yield return wrong;
        }

        if (Margin is not null && ParseMargin(Margin) is null)
        {
            yield return new GnomonError("bad-margin", $"--margin must be a number above 0, or a percentage; got '{Margin}'.", "--margin", "Write --margin 0.5 or --margin 5%.");
        }
    }

    /// <summary>The margin in the metric's unit, seen from the control group's value; null when none was declared.</summary>
    internal double? MarginAt(double control)
    {
        // A share of nothing is no margin.
        var margin = Margin is null ? null : ParseMargin(Margin) is (var value, var relative) ? relative ? value * Math.Abs(control) : value : (double?)null;
        return margin > 0 ? margin : null;
    }

    private static (double Value, bool Relative)? ParseMargin(string text)
    {
        var relative = text.TrimEnd().EndsWith('%');
        return double.TryParse(text.TrimEnd().TrimEnd('%'), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value > 0 && double.IsFinite(value)
            ? (relative ? value / 100 : value, relative)
            : null;
    }
}
