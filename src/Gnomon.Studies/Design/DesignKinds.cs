using System.Globalization;
using Gnomon.Core.Errors;

namespace Gnomon.Studies.Design;

/// <summary>What each kind of design needs, counts and calls things.</summary>
internal static class DesignKinds
{
    /// <summary>Everything is one sample, which the design as a whole is the size of.</summary>
    public static bool IsOneSample(string kind) => kind is "one-proportion" or "one-mean" or "paired" or "mcnemar" or "correlation" or "regression" or "logistic" or "table" or "formula" or "friedman";

    /// <summary>All groups are tested at once, so the size is not shared among comparisons.</summary>
    public static bool IsOmnibus(string kind) => kind is "groups" or "welch" or "factorial";

    /// <summary>Effects are differences of shares between 0 and 1.</summary>
    public static bool IsShare(string kind) => kind is "proportion" or "survival" or "rmst" or "one-proportion" or "mcnemar" or "rank" or "rank-probability" or "regression";

    /// <summary>The statistic is close enough to normal for a stopping rule over several looks.</summary>
    public static bool AllowsLooks(string kind) => !IsOmnibus(kind) && kind is not ("table" or "regression" or "friedman" or "formula" or "trimmed-mean" or "rank-probability");

    /// <summary>Kinds that the experiment verb reads.</summary>
    public static bool IsExperiment(string kind) => kind is "proportion" or "mean" or "ratio" or "cluster";

    public static string Noun(string kind) => kind switch
    {
        "cluster" => "clusters",
        "paired" or "mcnemar" => "pairs",
        "regression" => "rows",
        _ => "units",
    };

    /// <summary>What is measured, when the metric was not named.</summary>
    public static string Metric(string kind, bool isShare) => kind switch
    {
        "rank" or "rank-probability" => "the chance that a treated unit lies above a control unit",
        "correlation" => "the correlation",
        "regression" => "the explained share of variance",
        "logistic" => "the odds",
        "table" => "the association",
        "rate" => "the rate of events",
        _ => isShare ? "the share" : "the metric",
    };

    public static string EffectUnit(string kind, bool isShare, string? metric) => kind switch
    {
        "logistic" => "relative",
        "correlation" or "table" => "number",
        _ => isShare ? "proportion" : metric ?? "metric",
    };

    /// <summary>Degrees of freedom of a table.</summary>
    public static int Degrees(DesignOptions options) => Whole(options.Cells, 1) is [var rows, var columns] && rows * columns > 1 && Math.Max(rows, columns) > 1
        ? Math.Max(1, rows - 1) * Math.Max(1, columns - 1)
        : throw Bad("--cells", options.Cells, "rows and columns, such as 3x4");

    public static IEnumerable<GnomonError> Validate(DesignOptions o, string kind)
    {
        foreach (var (option, given, kinds) in new (string, bool, string)[]
        {
            ("--margin", o.Margin is not null, "proportion mean"),
            ("--width", o.Width is not null, "proportion mean one-proportion one-mean paired"),
            ("--discordant", o.Discordant is not null, "mcnemar"),
            ("--factors", o.Factors is not null, "factorial"),
            ("--fraction", o.Fraction is not null, "factorial"),
            ("--effect-of", o.EffectOf is not null, "factorial formula"),
            ("--cells", o.Cells is not null, "table"),
            ("--exposed", o.Exposed is not null, "logistic"),
            ("--overlap", o.Overlap != 0, "logistic"),
            ("--held", o.Held != 0, "regression"),
            ("--tested", o.Tested != 1, "regression"),
            ("--dispersion", o.Dispersion != 1, "rate"),
            ("--lost", o.Lost != 0, "rmst"),
            ("--measures", o.Measures != 1 || o.MeasuresBefore != 0, "mean"),
            ("--correlation", o.Correlation is not null, "mean paired friedman"),
            ("--covariate-correlation", o.CovariateCorrelation != 0, "proportion mean ratio cluster"),
            ("--correction dunnett", o.Correction == "dunnett", "mean"),
        })
        {
            if (given && (!o.HasHistory || Simulated.SimulatedKinds.ReadsRows(kind)) && !kinds.Split(' ').Contains(kind))
            {
                yield return new GnomonError("options-conflict", $"{option} does not go with --kind {kind}.", option, $"It is for {string.Join(", ", kinds.Split(' '))}.");
            }
        }

        if (kind == "correlation" && o.Baseline is not null)
        {
            yield return new GnomonError("options-conflict", "A correlation is planned against 0; --baseline does not go with --kind correlation.", "--baseline", "Leave out --baseline; --mde is the correlation itself.");
        }

        if (kind == "mcnemar" && o.Discordant is null)
        {
            yield return new GnomonError("option-missing", "Pairs of shares need --discordant: the share of pairs whose two answers differ.", "--discordant", "Write --discordant 0.2.");
        }

        if (kind == "factorial" && o.Factors is null)
        {
            yield return new GnomonError("option-missing", "A factorial design needs --factors.", "--factors", "Write --factors 2x2.");
        }

        if (kind == "table" && o.Cells is null)
        {
            yield return new GnomonError("option-missing", "A table needs --cells: its rows and columns.", "--cells", "Write --cells 3x2.");
        }

        if ((o.Measures != 1 || o.MeasuresBefore != 0) && o.Correlation is null)
        {
            yield return new GnomonError("option-missing", "Repeated measurements need --correlation: how alike two measurements of a unit are.", "--correlation", "Write --correlation 0.5.");
        }

        if (o.Correlation is < 0 && kind == "mean")
        {
            yield return new GnomonError("option-out-of-range", "Measurements of one unit are planned with a correlation of at least 0.", "--correlation", "Write --correlation 0.5.");
        }

        if (o.Margin is not null && o.Width is not null)
        {
            yield return new GnomonError("options-conflict", "--margin and --width are two different questions.", "--margin, --width", "Give one of them.");
        }

        if (o.Equivalence && o.Margin is null)
        {
            yield return new GnomonError("option-missing", "--equivalence needs --margin: the largest difference that does not matter.", "--margin", "Write --margin 0.01.");
        }

        if (o.Width is not null && o.Mde is not null)
        {
            yield return new GnomonError("options-conflict", "--width plans an interval, --mde an effect.", "--width, --mde", "Give one of them.");
        }

        if (o.Spending is not null && StoppingText.Parse(o.Spending) is null)
        {
            yield return StoppingText.Wrong(o.Spending, "--spending");
        }

        if (o.Looks == 1 && (o.Spending is not null || o.Futility != "none"))
        {
            yield return new GnomonError("option-missing", "A rule for stopping needs looks to stop at.", "--looks", "Add --looks 4.");
        }

        if (o.Looks > 1 && (!AllowsLooks(kind) || o.NamesNoEffect || o.Correction == "dunnett"))
        {
            yield return new GnomonError("options-conflict", "Several looks are planned for tests of one effect only.", "--looks", "Leave out --looks.");
        }

        if (o.Correction == "dunnett" && (o.Arms < 3 || o.NamesNoEffect || o.Metrics > 1))
        {
            yield return new GnomonError("options-conflict", "Dunnett's test is for several arms, one metric and an effect.", "--correction", "Add --arms 3, or leave out --correction.");
        }

        if (o.Arms != 2 && kind != "friedman" && (IsOneSample(kind) || kind == "factorial"))
        {
            yield return new GnomonError("options-conflict", $"--kind {kind} has no arms.", "--arms", "Leave out --arms.");
        }

        if (o.Split is not null && kind != "welch" && (IsOneSample(kind) || IsOmnibus(kind)))
        {
            yield return new GnomonError("options-conflict", $"--kind {kind} has no split to choose.", "--split", "Leave out --split.");
        }

        if (kind is "rank" or "rank-probability" && o.Baseline is not null)
        {
            yield return new GnomonError("options-conflict", "Ranks start from one half: neither arm lies above the other.", "--baseline", "Leave out --baseline; --mde 0.06 is a chance of 56 %.");
        }

        if (kind == "rate" && o.Baseline is <= 0)
        {
            yield return new GnomonError("option-out-of-range", $"--baseline must be a rate above 0; got {o.Baseline}.", "--baseline", "Write the events of a unit over its exposure: --baseline 0.8.");
        }

        if (kind == "regression" && o.Baseline is < 0 or >= 1)
        {
            yield return new GnomonError("option-out-of-range", $"--baseline must be a share of variance below 1; got {o.Baseline}.", "--baseline", "Write what the held columns explain: --baseline 0.2.");
        }

        if (kind is not ("proportion" or "mean" or "ratio" or "survival" or "cluster") && !Simulated.SimulatedKinds.ReadsRows(kind) && o.HasHistory)
        {
            yield return new GnomonError("options-conflict", $"--kind {kind} is not learned from history yet.", "--kind", "Type --baseline and --sd instead of naming a file.");
        }
    }

    /// <summary>A margin or a width: positive, in the metric's unit or as a percentage of the baseline.</summary>
    public static double Positive(string text, double? baseline, string option)
    {
        var value = EffectSize.Parse(text, option).Absolute(baseline, option);
        return value > 0 ? value : throw new GnomonError("bad-effect", $"{option} must be above 0; got '{text}'.", option, $"Write {option} 0.01.");
    }

    private static IReadOnlyList<int>? Whole(string? text, int least)
    {
        var numbers = (text ?? string.Empty).Split('x').Select(p => int.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out var v) && v >= least && v <= 1_000 ? v : -1).ToList();
        return numbers.TrueForAll(v => v > 0) && numbers.Count <= 6 ? numbers : null;
    }

    private static GnomonError Bad(string option, string? text, string wanted) =>
        new("bad-shape", $"{option} '{text}' does not name {wanted}.", option, $"Name {wanted}.");
}
