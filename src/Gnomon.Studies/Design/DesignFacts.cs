using Gnomon.Core.Errors;
using Gnomon.Core.Studies;
using Gnomon.Methods.Experiments;
using Gnomon.Methods.Planning;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Studies.Design;

/// <summary>The plan in numbers: what is compared, how large, how long, with which power.</summary>
internal sealed record DesignFacts
{
    public required DesignOptions Options { get; init; }

    /// <summary>proportion, mean, ratio, survival or cluster.</summary>
    public required string Kind { get; init; }

    public required string Metric { get; init; }

    /// <summary>Unit of effects: <c>proportion</c> or the metric's own.</summary>
    public required string EffectUnit { get; init; }

    public double? Baseline { get; init; }

    public double? Sd { get; init; }

    public DesignHistory? History { get; init; }

    public TrafficRate? Traffic { get; init; }

    public required SizeRule Rule { get; init; }

    /// <summary>Shares of the arms, control first.</summary>
    public required IReadOnlyList<double> Shares { get; init; }

    /// <summary>Size of the test of one arm against control.</summary>
    public required double ComparisonAlpha { get; init; }

    public GroupSequentialPlan? Sequential { get; init; }

    /// <summary>Signed, in the metric's unit; null when the size is given and the effect is asked for.</summary>
    public double? Effect { get; init; }

    /// <summary>True when the effect was not named and is the answer.</summary>
    public bool EffectIsAnswer { get; init; }

    /// <summary>Randomised units of all arms together, whole.</summary>
    public required long Total { get; init; }

    /// <summary>Days the test runs; null when traffic is not known.</summary>
    public int? Days { get; init; }

    /// <summary>Power at <see cref="Effect"/>.</summary>
    public required double Power { get; init; }

    public double? Assured { get; init; }

    public bool IsClustered => Kind == "cluster";

    public string Noun => IsClustered ? "clusters" : "units";

    public IReadOnlyList<long> PerArm => Split(Total);

    public IReadOnlyList<long> Split(long total) => [.. Shares.Select(s => (long)Math.Round(total * s))];

    public static DesignFacts Read(DesignOptions options, StudyContext context)
    {
        var history = context.Data is not null ? DesignHistory.Read(options, context) : null;
        var kind = KindOf(options, history);
        var baseline = options.Baseline ?? history?.Values.Mean;
        var sd = options.Sd ?? (history is null ? null : Math.Sqrt(history.Values.Variance));
        var isShare = kind is "proportion" or "survival" || (kind == "cluster" && options.Sd is null && history?.IsBinary != false);
        if (isShare && baseline is { } b && !(b > 0 && b < 1))
        {
            throw new GnomonError("option-out-of-range", $"The baseline of a {kind} must be a share between 0 and 1; it is {b}.", "--baseline", "Say --kind mean, or name another metric.");
        }

        var shares = SharesOf(options);
        var alpha = options.Alpha / (options.Arms - 1);
        var power = new PowerOptions { Alpha = alpha, AllocationRatio = shares.Skip(1).Min() / shares[0] };
        var rule = RuleOf(options, kind, isShare, baseline, sd, power);
        var sequential = options.Looks == 1 ? null : PowerGroupSequential.Plan([.. Enumerable.Range(1, (int)options.Looks).Select(k => (double)k / options.Looks)], alpha, options.Power);
        var traffic = options.Traffic is not null ? TrafficRate.Parse(options.Traffic) : history?.Growth is { } growth ? TrafficRate.Of(growth) : null;
        var draft = new DesignFacts
        {
            Options = options,
            Kind = kind,
            Metric = options.Metric ?? (isShare ? "the share" : "the metric"),
            EffectUnit = isShare ? "proportion" : options.Metric ?? "metric",
            Baseline = baseline,
            Sd = isShare ? null : sd,
            History = history,
            Traffic = traffic,
            Rule = rule,
            Shares = shares,
            ComparisonAlpha = alpha,
            Sequential = sequential,
            Total = 0,
            Power = options.Power,
        };
        return draft.Solve();
    }

    /// <summary>Control units of a test read once that a number of units in all is worth.</summary>
    public double ControlSize(double total) => total * Shares[0] / (Sequential?.Inflation ?? 1);

    /// <summary>Power at an effect with so many units in all, looks included.</summary>
    public double PowerAt(double total, double effect)
    {
        var once = Rule.Power(Math.Max(1e-9, ControlSize(total)), effect);
        if (Sequential is null || once is <= 0 or >= 1)
        {
            return once;
        }

        // The looks cost a little power at any effect: the expected z of the single reading, stretched to the full sample.
        var z = Normal.UpperQuantile(ComparisonAlpha / 2) + Normal.Quantile(once);
        return PowerGroupSequential.Power(Sequential.Looks, z * Math.Sqrt(Sequential.Inflation));
    }

    public double? DetectableAt(double total, bool rise) => Rule.Detectable(ControlSize(total), Options.Power, rise);

    /// <summary>Units in all, whole, for an effect.</summary>
    public long TotalFor(double effect)
    {
        var control = Math.Ceiling(Rule.Size(effect, Options.Power) * (Sequential?.Inflation ?? 1));
        var total = Shares.Sum(s => Math.Ceiling(control / Shares[0] * s - 1e-9));
        return total < 1e15 ? (long)total : throw new GnomonError("effect-too-small", "The effect is too small against the spread for any real sample.", "--mde", "Name a larger effect.");
    }

    /// <summary>Units of cluster designs, clusters of all others: what traffic counts.</summary>
    public double Arrivals(double total) => IsClustered ? total * Options.ClusterSize!.Value : total;

    private DesignFacts Solve()
    {
        var effect = EffectOf();
        var size = Options.Units ?? (Options.Days is { } days && Traffic is not null ? (long)Math.Floor(Traffic.Units(days) / (IsClustered ? Options.ClusterSize!.Value : 1)) : (long?)null);
        if (size is { } given && given < 2 * Options.Arms)
        {
            throw new GnomonError("too-few-rows", $"{given} {Noun} in {Options.Arms} arms are fewer than 2 in each.", Options.Units is null ? "--days" : "--units", "Name a larger size.");
        }

        if (effect is null && size is null)
        {
            // Only traffic is known: what two weeks would show.
            size = (long)Math.Floor(Traffic!.Units(14) / (IsClustered ? Options.ClusterSize!.Value : 1));
        }

        var total = size ?? TotalFor(effect!.Value);
        var answer = effect ?? DetectableAt(total, rise: true) ?? DetectableAt(total, rise: false);
        var needed = Traffic?.DaysFor(Arrivals(total));
        var wholeWeeks = needed is { } n && n < 36_500 ? 7 * (int)Math.Max(1, Math.Ceiling(n / 7 - 1e-9)) : (int?)null;
        var solved = this with
        {
            Effect = answer,
            EffectIsAnswer = effect is null,
            Total = total,
            Days = (int?)Options.Days ?? (effect is null && Options.Units is null ? 14 : wholeWeeks),
        };
        solved = solved with { Power = answer is { } e ? effect is null || size is null ? Options.Power : solved.PowerAt(total, e) : 0 };
        return Options.EffectSd is not null && answer is { } planned ? solved with { Assured = solved.AssuredFor(planned) } : solved;
    }

    private double AssuredFor(double planned)
    {
        var belief = Math.Abs(EffectSize.Parse(Options.EffectSd!, "--effect-sd").Absolute(Baseline, "--effect-sd"));
        var z = Normal.UpperQuantile(ComparisonAlpha / 2) + Normal.Quantile(Math.Clamp(Rule.Power(ControlSize(Total), planned), 1e-12, 1 - 1e-12));
        return Assurance.Normal(z, belief * z / Math.Abs(planned), ComparisonAlpha);
    }

    private double? EffectOf()
    {
        if (Options.Mde is null)
        {
            return null;
        }

        var written = EffectSize.Parse(Options.Mde, "--mde");
        if (Kind == "survival" && written.IsRelative)
        {
            return written.Value > -1
                ? PowerHazardRatio.EventShare(Baseline!.Value, 1 + written.Value) - Baseline.Value
                : throw new GnomonError("bad-effect", "A hazard cannot fall by 100 % or more.", "--mde", "Write --mde -20%.");
        }

        var effect = written.Absolute(Baseline, "--mde");
        if (EffectUnit == "proportion" && !(Baseline + effect > 0 && Baseline + effect < 1))
        {
            throw new GnomonError("bad-effect", $"A share of {Baseline} with an effect of {effect} is {Baseline + effect}: no share.", "--mde", "Write a smaller effect.");
        }

        return effect;
    }

    private static string KindOf(DesignOptions options, DesignHistory? history)
    {
        if (history is null)
        {
            return options.TypedKind;
        }

        var found = options.ClusterSize is not null || options.Icc is not null ? "cluster" : history.IsRatio ? "ratio" : history.IsBinary ? "proportion" : "mean";
        var kind = options.Kind ?? found;
        return kind switch
        {
            "survival" => throw new GnomonError("no-history", "Times to an event cannot be learned from history yet.", "--kind", "Type --baseline, the share of units with the event by the end of follow-up."),
            "proportion" when !history.IsBinary => throw new GnomonError(
                "not-a-proportion", $"'{history.Metric}' is not one 0 or 1 per unit{(history.Repeats ? ": units repeat" : string.Empty)}.", "--kind", $"Leave out --kind: it is planned as a {found}."),
            "ratio" when !history.IsRatio => throw new GnomonError("not-a-ratio", $"'{history.Metric}' is one value per unit, not a ratio.", "--kind", "Write --metric NUM/DEN, or leave out --kind."),
            "mean" when history.IsRatio => throw new GnomonError("not-a-mean", $"'{history.Metric}' is a ratio of totals{(history.Repeats ? ", because units repeat" : string.Empty)}.", "--kind", "Leave out --kind."),
            _ => kind,
        };
    }

    private static SizeRule RuleOf(DesignOptions options, string kind, bool isShare, double? baseline, double? sd, PowerOptions power) => kind switch
    {
        "survival" => new SizeRule.Hazards(baseline!.Value, power),
        "cluster" when isShare => new SizeRule.ClusteredProportions(baseline!.Value, options.ClusterSize!.Value, options.Icc!.Value, options.ClusterVariation, power),
        "cluster" => new SizeRule.Means(
            ClusterDesign.ClusterMeanDeviation(sd!.Value, options.ClusterSize!.Value, options.Icc!.Value, options.ClusterVariation),
            "t test of cluster means, exact noncentral t, design effect from the intraclass correlation", power),
        "proportion" => new SizeRule.Proportions(baseline!.Value, power),
        "ratio" => new SizeRule.Means(sd!.Value, "ratio of totals by the delta method, t test of linearised values", power),
        _ => new SizeRule.Means(sd!.Value, "Welch's t, exact noncentral t", power),
    };

    private static IReadOnlyList<double> SharesOf(DesignOptions options)
    {
        if (options.Split is null)
        {
            return [.. Enumerable.Repeat(1.0 / options.Arms, (int)options.Arms)];
        }

        var parts = options.Split.Split('/', StringSplitOptions.TrimEntries);
        var numbers = parts.Select(p => double.TryParse(p, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var v) && v > 0 && double.IsFinite(v) ? v : 0).ToList();
        return numbers.Count == options.Arms && numbers.TrueForAll(v => v > 0)
            ? [.. numbers.Select(v => v / numbers.Sum())]
            : throw new GnomonError("bad-split", $"--split {options.Split} does not name {options.Arms} positive shares.", "--split", $"Write --split {string.Join('/', Enumerable.Repeat(100 / options.Arms, (int)options.Arms))}.");
    }
}
