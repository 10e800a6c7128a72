using System.Globalization;
using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Tables;

namespace Gnomon.Studies.Ab;

/// <summary>The question, read from options, plan and schema once; what follows trusts it.</summary>
internal sealed record AbDesign
{
    internal static readonly string[] ControlNames = ["control", "ctrl", "a", "baseline", "base", "0", "false", "off", "old", "original", "placebo", "holdout", "psa"];

    public required AbOptions Options { get; init; }

    /// <summary>The plan that rules: the one on record, else the file handed in.</summary>
    public AbPlan? Plan { get; init; }

    /// <summary>The plan handed in with --plan.</summary>
    public AbPlan? Given { get; init; }

    public required IReadOnlyList<MetricSpec> Metrics { get; init; }

    public required double Alpha { get; init; }

    public required WorthwhileEffects Smallest { get; init; }

    /// <summary>What each component of --oec is divided by.</summary>
    public IReadOnlyList<double>? OecScales { get; init; }

    public double Level => 1 - Alpha;

    /// <summary>The same with the metrics that are read as means per unit.</summary>
    public AbDesign Readable => this with { Metrics = [.. Metrics.Where(m => m.Derived is null)] };

    public IReadOnlyList<MetricSpec> Primaries => [.. Metrics.Where(m => m.Role == MetricRole.Primary)];

    /// <param name="options">As typed.</param>
    /// <param name="schema">Columns of the data; null for typed counts.</param>
    /// <param name="ruling">The plan on record, which rules over the file handed in; null when there is none.</param>
    /// <exception cref="GnomonError">All faults of roles together.</exception>
    public static AbDesign Read(AbOptions options, Schema? schema, AbPlan? ruling = null)
    {
        var given = options.Plan is null ? null : AbPlan.Load(options.Plan);
        var plan = ruling ?? given;
        var errors = new List<GnomonError>();
        var metrics = new List<MetricSpec>();
        void Try(Action read)
        {
            try
            {
                read();
            }
            catch (GnomonError e)
            {
                errors.Add(e);
            }
        }

        if (options.IsTyped)
        {
            metrics.Add(Typed(options));
        }

        foreach (var text in options.IsTyped ? [] : options.Metric)
        {
            Try(() => metrics.Add(MetricSpec.Parse(text, schema)));
        }

        foreach (var text in options.Ratio)
        {
            Try(() => metrics.Add(MetricSpec.Pair(text, MetricKind.Ratio, "--ratio")));
        }

        foreach (var text in options.Rate)
        {
            Try(() => metrics.Add(MetricSpec.Pair(text, MetricKind.Rate, "--rate")));
        }

        Try(() => metrics.AddRange(Ab.Metrics.MetricTexts.Deciding(options, schema)));
        foreach (var text in options.Secondary)
        {
            Try(() => metrics.Add(MetricSpec.Parse(text, schema) with { Role = MetricRole.Secondary }));
        }

        foreach (var text in options.Guardrail.Concat(plan?.Guardrails ?? []).Distinct())
        {
            Try(() => metrics.Add(RateLike(MetricSpec.Guardrail(text, schema), options)));
        }

        if (schema is not null)
        {
            errors.AddRange(MissingColumns(options, metrics, schema));
        }

        errors.AddRange(Ab.Metrics.MetricsByDesign.Quantiles(metrics, options));

        if (errors.Count > 0)
        {
            throw GnomonError.Join(errors);
        }

        // A guardrail that is also a metric is read once, as the guardrail.
        var guarded = metrics.Where(m => m.Role == MetricRole.Guardrail).Select(m => m.Name).ToHashSet();
        if (!options.IsTyped && options.Factors.Count == 0 && metrics.Exists(m => m.Role == MetricRole.Primary) && metrics.TrueForAll(m => m.Role != MetricRole.Primary || guarded.Contains(m.Name)))
        {
            throw new GnomonError(
                "no-primary", $"'{metrics.First(m => m.Role == MetricRole.Primary).Name}' is both the metric that decides and a guardrail, so nothing is left to decide on.", "--guardrail",
                "Leave the guardrail out (a metric that decides is never shipped when it is worse), or name another metric.");
        }

        metrics.RemoveAll(m => m.Role != MetricRole.Guardrail && guarded.Contains(m.Name));
        List<string> less = [.. options.LowerIsBetter, .. plan?.As(metrics).LowerIsBetter ?? []];
        IReadOnlyList<MetricSpec> all = [.. metrics.Select(m => less.Contains(m.Name) || (m.Derived is not null && less.Contains(m.Declared)) ? m with { HigherIsBetter = false } : m).DistinctBy(m => m.Name)];
        return new AbDesign
        {
            Options = options,
            Plan = plan?.As(all),
            Given = given?.As(all),
            Metrics = all,
            Smallest = WorthwhileEffects.Parse(options.Mde ?? (plan is { IsReadHere: true } ? plan.Mde : null), [.. all.Where(m => m.Role == MetricRole.Primary).Select(m => m.Name)], options.Mde is null ? "the plan's mde" : "--mde"),
            Alpha = 1 - (plan?.Level ?? options.Level),
        };
    }

    /// <summary>The control among the arms seen, control first and the others in ordinal order.</summary>
    public IReadOnlyList<string> OrderArms(IReadOnlyList<string> seen)
    {
        var control = Options.Control ?? Plan?.Control;
        if (control is not null && !seen.Contains(control))
        {
            // A control that nobody typed has to be found in the plan that rules, which may be one that only the units led to.
            var (whose, where) = Options.Control is not null ? (string.Empty, "--control")
                : Plan!.Hash == Given?.Hash ? (", the control of the plan", "--plan")
                : ($", the control of the plan on record{(Plan.Experiment is { } name ? $" for {name}, the experiment of these units" : " for these units")}", "plan on record");
            throw new GnomonError(
                "arm-not-found", $"No unit has arm '{control}'{whose}. Arms: {Shown(seen)}.", where,
                Options.Control is null ? "Name the arms as they were planned, or say which one is the control with --control; that is listed as a change of plan."
                : NearestName.To(control, seen) is { } nearest ? $"Did you mean '{nearest}'?" : null);
        }

        return ControlFirst(seen, control);
    }

    /// <summary>The control, given or told by its name, then the others in ordinal order.</summary>
    public static IReadOnlyList<string> ControlFirst(IReadOnlyList<string> seen, string? control = null)
    {
        var rest = seen.Order(StringComparer.Ordinal).ToList();
        control ??= ControlNames.Select(name => rest.FirstOrDefault(a => string.Equals(a, name, StringComparison.OrdinalIgnoreCase))).FirstOrDefault(a => a is not null)
            ?? rest.FirstOrDefault(a => a.Contains("control", StringComparison.OrdinalIgnoreCase))
            ?? rest[0];
        rest.Remove(control);
        return [control, .. rest];
    }

    /// <summary>Planned shares in the order of the arms; arms that the plan names and nobody reached are added with their share.</summary>
    public (IReadOnlyList<string> Arms, IReadOnlyList<double> Shares, bool Declared) Shares(IReadOnlyList<string> arms)
    {
        var text = Options.Split ?? Plan?.Split;
        if (text is null)
        {
            return (arms, [.. arms.Select(_ => 1.0 / arms.Count)], false);
        }

        if (!text.Contains('=', StringComparison.Ordinal))
        {
            var parts = text.Split('/', StringSplitOptions.TrimEntries);
            if (parts.Length != arms.Count)
            {
                throw new GnomonError("bad-split", $"--split {text} has {Figures.Count(parts.Length, "share")} for {Figures.Count(arms.Count, "arm")}: {Shown(arms)}.", "--split",
                    $"Give one share per arm, control first, or name them: --split {string.Join(",", arms.Take(4).Select(a => $"{a}=50"))}.");
            }

            return (arms, Normalise([.. parts.Select(p => Weight(p, text))], text), true);
        }

        var named = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('=', 2, StringSplitOptions.TrimEntries)).ToList();
        if (named.Exists(p => p.Length != 2))
        {
            throw new GnomonError("bad-split", $"--split {text} mixes named and unnamed shares.", "--split", "Write --split A=95,B=5.");
        }

        var all = arms.Concat(named.Select(p => p[0]).Where(n => !arms.Contains(n))).ToList();
        return (all, Normalise([.. all.Select(a => named.Where(p => p[0] == a).Select(p => Weight(p[1], text)).FirstOrDefault())], text), true);
    }

    /// <summary>The smallest worthwhile effect of a primary metric as an absolute difference; null when none was declared for it.</summary>
    public double? Worthwhile(MetricSpec metric, double control) => Smallest.Of(metric.Name, control);

    /// <summary>All metrics of one rate-coded file are rates, guardrails included.</summary>
    private static MetricSpec RateLike(MetricSpec guardrail, AbOptions options) =>
        guardrail.Kind == MetricKind.Ratio && options.Rate.Count > 0 ? guardrail with { Kind = MetricKind.Rate } : guardrail;

    private static MetricSpec Typed(AbOptions options) => new()
    {
        Name = options.Metric.FirstOrDefault() ?? (options.Counts.Count > 0 ? "converted" : "mean"),
        Kind = MetricKind.Value,
        Column = string.Empty,
    };

    private static IEnumerable<GnomonError> MissingColumns(AbOptions options, List<MetricSpec> metrics, Schema schema)
    {
        var roles = new (string? Column, string Option)[] { (options.Unit, "--unit"), (options.Cluster, "--cluster"), (options.Variant, "--variant"), (options.Time, "--time") }
            .Concat(options.Pre.Select(p => ((string?)p, "--pre")))
            .Concat(options.Segment.Select(p => ((string?)p, "--segment")))
            .Concat(metrics.SelectMany(m => new[] { ((string?)m.Column, Option(m)), (m.Denominator, Option(m)) }));
        foreach (var (column, option) in roles)
        {
            if (column is null || schema.Find(column) is not null)
            {
                continue;
            }

            GnomonError? error = null;
            try
            {
                schema.Require(column, option);
            }
            catch (GnomonError e)
            {
                error = e;
            }

            yield return error!;
        }
    }

    private static string Option(MetricSpec metric) => metric.Role switch
    {
        _ when metric.From is { } option => option,
        MetricRole.Guardrail => "--guardrail",
        MetricRole.Secondary => "--secondary",
        _ => metric.Kind switch
        {
            MetricKind.Ratio => "--ratio",
            MetricKind.Rate => "--rate",
            _ => "--metric",
        },
    };

    private static double Weight(string part, string text) =>
        double.TryParse(part.TrimEnd('%'), NumberStyles.Float, CultureInfo.InvariantCulture, out var weight) && weight >= 0 && double.IsFinite(weight)
            ? weight
            : throw new GnomonError("bad-split", $"--split {text}: '{part}' is not a share.", "--split", "Write --split 50/50 or --split A=95,B=5.");

    private static IReadOnlyList<double> Normalise(double[] weights, string text)
    {
        var sum = weights.Sum();
        return sum > 0
            ? [.. weights.Select(w => w / sum)]
            : throw new GnomonError("bad-split", $"--split {text} gives no arm a share.", "--split", "Write --split 50/50.");
    }

    private static string Shown(IReadOnlyList<string> arms) =>
        string.Join(", ", arms.Take(12).Select(a => $"'{a}'")) + (arms.Count > 12 ? $" and {arms.Count - 12} more" : string.Empty);
}
