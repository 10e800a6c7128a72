using System.Globalization;
using Gnomon.Core.Errors;
using Gnomon.Core.Studies;

namespace Gnomon.Studies.Design.Simulated;

/// <summary>Kinds of design that are simulated, and the options that are theirs.</summary>
internal static class SimulatedKinds
{
    /// <summary>Kinds that read history their own way, row by row instead of as a mean and a spread.</summary>
    public static bool ReadsRows(string kind) => kind is "formula" or "trimmed-mean" or "rank-probability";

    /// <summary>Options with what others imply filled in: a list of means has as many arms.</summary>
    public static DesignOptions Completed(DesignOptions o) => o.Means is not null && Numbers(o.Means, "--means") is { } means ? o with { Arms = means.Length } : o;

    /// <summary>The test that is simulated; null for kinds with a formula.</summary>
    public static SimulatedTest? Of(DesignOptions o, string kind, StudyContext context, double alpha, IReadOnlyList<double> shares) => kind switch
    {
        "formula" => HistoryModel.Read(o, context, alpha),
        "trimmed-mean" or "rank-probability" when context.Data is not null => TwoGroupSimulation.Read(o, context, shares.Skip(1).Min() / shares[0]),
        "rank-probability" => new NormalRankSimulation(shares.Skip(1).Min() / shares[0]),
        "welch" => new WelchSimulation(Pattern(o), Deviations(o), shares, o.Metric ?? "the metric"),
        "friedman" => new FriedmanSimulation(Pattern(o), o.Sd!.Value * Math.Sqrt(1 - (o.Correlation ?? 0)), o.Metric ?? "the metric"),
        _ => null,
    };

    /// <summary>The effect that was written, in the test's own unit; null when the size is given and the effect is asked for.</summary>
    public static double? EffectOf(DesignOptions o, SimulatedTest test)
    {
        if (o.Mde is null)
        {
            return o.Means is null ? null : LargestDifference(o);
        }

        var written = EffectSize.Parse(o.Mde, "--mde");
        if (test.IsRatio)
        {
            return written.IsRelative && written.Value > -1
                ? written.Value
                : throw new GnomonError("bad-effect", "The effect of this model multiplies: it is a percentage above -100%.", "--mde", "Write --mde 20% for a ratio of 1.2.");
        }

        var effect = written.Absolute(test.Baseline, "--mde");
        if (o.Kind is "welch" or "friedman" && effect < 0)
        {
            throw new GnomonError("bad-effect", $"This effect has no direction; got {effect}.", "--mde", "Leave out the minus.");
        }

        return Math.Abs(effect) < test.Furthest ? effect : throw new GnomonError("bad-effect", $"The effect must lie between -{test.Furthest} and {test.Furthest}; got {effect}.", "--mde", "Write a smaller effect.");
    }

    /// <summary>Between the typed means.</summary>
    public static double LargestDifference(DesignOptions o) => Range(Numbers(o.Means!, "--means"));

    public static IEnumerable<GnomonError> Validate(DesignOptions o, string kind)
    {
        foreach (var (option, given, kinds) in new (string, bool, string)[]
        {
            ("--formula", o.Formula is not null, "formula"), ("--family", o.Family != "auto", "formula"), ("--quantile", o.Quantile.Count > 0, "formula"), ("--start", o.Start.Count > 0, "formula"),
            ("--cluster", o.Cluster.Count > 0, "formula"), ("--errors", o.Errors != "auto", "formula"), ("--exposure", o.Exposure is not null, "formula"), ("--weights", o.Weights is not null, "formula"),
            ("--trim", o.Trim != 0.2, "trimmed-mean"), ("--means", o.Means is not null, "groups welch friedman"), ("--sds", o.Sds is not null, "welch"), ("--approximation", o.Approximation != "demidenko", "logistic"),
        })
        {
            if (given && !kinds.Split(' ').Contains(kind))
            {
                yield return new GnomonError("options-conflict", $"{option} does not go with --kind {kind}.", option, $"It is for {string.Join(", ", kinds.Split(' '))}.");
            }
        }

        foreach (var wrong in kind == "formula" ? Model(o) : Typed(o, kind))
        {
            yield return wrong;
        }
    }

    private static IEnumerable<GnomonError> Model(DesignOptions o)
    {
        if (o.Formula is null || o.EffectOf is null)
        {
            yield return new GnomonError("option-missing", "A model is planned by --formula and --effect-of: the model, and the coefficient to be found.", "--formula, --effect-of", "Write --formula \"y ~ x + z\" --effect-of x.");
        }

        if (!o.HasHistory)
        {
            yield return new GnomonError("option-missing", "A model is simulated from history, and none was named.", "DATA", "Name a file with rows like those that will come.");
        }

        foreach (var (option, given) in new[] { ("--time", o.Time is not null), ("--unit", o.Unit is not null), ("--metric", o.Metric is not null), ("--baseline", o.Baseline is not null), ("--sd", o.Sd is not null) })
        {
            if (given)
            {
                yield return new GnomonError(
                    "options-conflict", option == "--time" ? "Rows that follow each other in time cannot be drawn one by one; --time does not go with --kind formula." : $"{option} does not go with --kind formula: the formula says what is read.",
                    option, option == "--unit" ? "Name rows that belong together with --cluster, or with (1 | unit) in the formula." : $"Leave out {option}.");
            }
        }

        if (o.Cluster.Count > 1)
        {
            yield return new GnomonError("options-conflict", "Rows that belong together two ways cannot be drawn as whole groups.", "--cluster", "Name the coarser column.");
        }

        if (o.Errors is "wild" or "newey-west" or "hac" or "har" or "ar1")
        {
            yield return new GnomonError("options-conflict", $"--errors {o.Errors} is not simulated.", "--errors", "Leave out --errors: those that the data ask for are used.");
        }

        if (o.Family == "cox")
        {
            yield return new GnomonError("not-simulated", "Times to an event are not drawn from history.", "--family", "Plan with --kind survival or --kind rmst.");
        }

        foreach (var wrong in o.Formula is null || o.Family == "cox" ? [] : HistoryModel.Options(o, 0.95).Validate())
        {
            yield return wrong;
        }
    }

    private static IEnumerable<GnomonError> Typed(DesignOptions o, string kind)
    {
        if ((kind is "welch" or "friedman" or "trimmed-mean") && !o.HasHistory && o.Sd is null && o.Sds is null)
        {
            yield return new GnomonError("option-missing", $"--sd is missing: the spread of the metric {(kind == "friedman" ? "within units" : "over units")}.", "--sd", kind == "trimmed-mean" ? "Write --sd 3.1, or name history with DATA and --metric." : "Write --sd 3.1.");
        }

        if (ReadsRows(kind) && o.HasHistory && (o.Unit is not null || o.Time is not null))
        {
            yield return new GnomonError("options-conflict", $"--kind {kind} draws rows of history as units; {(o.Unit is not null ? "--unit" : "--time")} is not read.", o.Unit is not null ? "--unit" : "--time", "Make one row per unit with --query, and type --traffic.");
        }

        if (ReadsRows(kind) && o.HasHistory && o.Metric is not null && o.Metric.Contains('=', StringComparison.Ordinal))
        {
            yield return new GnomonError("options-conflict", $"--kind {kind} needs a column of numbers; '{o.Metric}' is yes or no.", "--metric", "Plan shares with --kind proportion.");
        }

        if (o.Means is not null && o.Mde is not null)
        {
            yield return new GnomonError("options-conflict", "--means already says how far the groups lie apart.", "--means, --mde", "Give one of them.");
        }

        if (o.Means is not null && !(Parse(o.Means) is { Length: >= 2 } means && Range(means) > 0))
        {
            yield return new GnomonError("bad-list", $"--means '{o.Means}' is no list of at least 2 numbers that differ.", "--means", "Write --means 10,12,13.");
        }
        else if (o.Sds is not null && (Parse(o.Sds) is not { } sds || sds.Any(s => !(s > 0)) || sds.Length != (o.Means is null ? o.Arms : Parse(o.Means)!.Length)))
        {
            yield return new GnomonError("bad-list", $"--sds '{o.Sds}' does not give each group a positive spread.", "--sds", "Write one number for each of the groups: --sds 3,4,5.");
        }

        if (o.Sds is not null && o.Sd is not null)
        {
            yield return new GnomonError("options-conflict", "--sd and --sds both say how the groups spread.", "--sd, --sds", "Give one of them.");
        }
    }

    // Means with a largest difference of 1: as typed, or two groups that far apart and the others in the middle, the pattern that is hardest to find.
    public static double[] Pattern(DesignOptions o)
    {
        if (o.Means is null)
        {
            return [.. Enumerable.Range(0, (int)o.Arms).Select(g => g == 0 ? 0 : g == o.Arms - 1 ? 1 : 0.5)];
        }

        var means = Numbers(o.Means, "--means");
        return [.. means.Select(m => (m - means.Min()) / Range(means))];
    }

    private static double[] Deviations(DesignOptions o) => o.Sds is null ? [.. Enumerable.Repeat(o.Sd!.Value, (int)o.Arms)] : Numbers(o.Sds, "--sds");

    private static double Range(double[] values) => values.Max() - values.Min();

    private static double[]? Parse(string text)
    {
        var numbers = text.Split(',', StringSplitOptions.TrimEntries).Select(p => double.TryParse(p, NumberStyles.Float, CultureInfo.InvariantCulture, out var v) ? v : double.NaN).ToArray();
        return Array.TrueForAll(numbers, double.IsFinite) ? numbers : null;
    }

    private static double[] Numbers(string text, string option) => Parse(text) ?? throw new GnomonError("bad-list", $"{option} '{text}' is no list of numbers.", option, $"Write {option} 10,12,13.");
}
