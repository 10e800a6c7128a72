using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Methods.Experiments;
using Gnomon.Methods.Planning;
using Gnomon.Numerics.Distributions;
using Gnomon.Studies.Design.Simulated;

namespace Gnomon.Studies.Design;

/// <summary>The plan in numbers: what is compared, how large, how long, with which power.</summary>
internal sealed record DesignFacts
{
    public required DesignOptions Options { get; init; }

    /// <summary>One of the choices of <c>--kind</c>.</summary>
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

    public string Noun => Simulated?.Test.Noun ?? DesignKinds.Noun(Kind);

    /// <summary>The rule, when the power is simulated.</summary>
    public SimulatedRule? Simulated => Rule as SimulatedRule;

    /// <summary>What relative effects are taken of; null where a percentage would mean nothing.</summary>
    public double? RelativeBase => Simulated is null && Kind is not ("rank" or "rank-probability" or "regression") && Baseline is { } b && b != 0 ? Math.Abs(b) : null;

    /// <summary>Times to an event: shares of units with it by the end of follow-up are planned with, and mean times up to it are read.</summary>
    public bool IsTimeToEvent => Kind is "survival" or "rmst" && Simulated is null;

    /// <summary>The planned effect on the time without the event up to the end of follow-up, as a share of control's, for a constant hazard; null for other kinds.</summary>
    public double? RestrictedMeanEffect => IsTimeToEvent && Baseline is { } share && Effect is { } effect ? (Methods.Planning.PowerRestrictedMean.Mean(share + effect) / Methods.Planning.PowerRestrictedMean.Mean(share)) - 1 : null;

    /// <summary>The effect that is looked for is a fall of what is read.</summary>
    public bool IsLessWanted => !Options.NamesNoEffect && Options.Mde is not null && (RestrictedMeanEffect ?? (DesignKinds.IsExperiment(Kind) ? Effect : null)) is < 0;

    /// <summary>The largest difference that does not matter, in the metric's unit; null when an effect is to be found.</summary>
    public double? Margin => Options.Margin is null ? null : DesignKinds.Positive(Options.Margin, Baseline, "--margin");

    public IReadOnlyList<long> PerArm => Split(Total);

    public IReadOnlyList<long> Split(long total) => [.. Shares.Select(s => (long)Math.Round(total * s))];

    public static DesignFacts Read(DesignOptions options, StudyContext context)
    {
        options = SimulatedKinds.Completed(options);
        var history = context.Data is not null && !SimulatedKinds.ReadsRows(options.TypedKind) ? DesignHistory.Read(options, context) : null;
        var kind = KindOf(options, history);
        var baseline = options.Baseline ?? history?.Values.Mean ?? (kind is "rank" or "rank-probability" ? 0.5 : kind == "regression" ? 0 : null);
        var sd = DesignRules.Repeated(options, options.Sd ?? (history is null ? null : Math.Sqrt(history.Values.Variance)));
        var isShare = DesignKinds.IsShare(kind) || (kind == "cluster" && options.Sd is null && history?.IsBinary != false) || (kind == "factorial" && options.Sd is null);
        if (isShare && kind is not "regression" && baseline is { } b && !(b > 0 && b < 1))
        {
            throw new GnomonError("option-out-of-range", $"The baseline of a {kind} must be a share between 0 and 1; it is {b}.", "--baseline", "Say --kind mean, or name another metric.");
        }

        var shares = DesignKinds.IsOneSample(kind) || kind == "factorial" ? [1.0] : SharesOf(options);
        var comparisons = shares.Count == 1 || DesignKinds.IsOmnibus(kind) || options.Correction == "dunnett" ? 1 : options.Arms - 1;
        var alpha = options.Alpha / (comparisons * options.Metrics);
        if (options.Power <= alpha)
        {
            throw new GnomonError("option-out-of-range", $"--power {options.Power} is not above the size of one test, {alpha}.", "--power", "Write --power 0.8.");
        }

        var power = new PowerOptions { Alpha = alpha, AllocationRatio = shares.Skip(1).DefaultIfEmpty(1).Min() / shares[0] };
        var simulated = SimulatedKinds.Of(options, kind, context, alpha, shares);
        var rule = simulated is null ? RuleOf(options, kind, isShare, baseline, sd, power) : new SimulatedRule(simulated, alpha, (int)(options.Runs ?? simulated.UsualRuns), (ulong)options.Seed, options.Threads, context.Cancellation);
        var sequential = options.Looks == 1 ? null : PowerGroupSequential.Plan([.. Enumerable.Range(1, (int)options.Looks).Select(k => (double)k / options.Looks)], alpha, options.Power, StoppingText.Require(options.Spending ?? StoppingText.UsualSpending(options.Looks), options.Futility, "--spending"));
        var traffic = options.Traffic is not null ? TrafficRate.Parse(options.Traffic) : history?.Growth is { } growth ? TrafficRate.Of(growth) : null;
        var draft = new DesignFacts
        {
            Options = options,
            Kind = kind,
            Metric = simulated?.Metric ?? options.Metric ?? DesignKinds.Metric(kind, isShare),
            EffectUnit = simulated?.EffectUnit ?? DesignKinds.EffectUnit(kind, isShare, options.Metric),
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
        return Sequential is null || DriftAt(total, effect) is not { } drift ? once : PowerGroupSequential.Power(Sequential.Looks, drift);
    }

    /// <summary>Units in all that would give the wanted power, also when others were named.</summary>
    public long NeededFor(double effect) => Simulated is { } s && (Options.Units ?? Options.Days) is not null
        ? (long)Math.Ceiling(Math.Min(1e15, Shares.Sum(share => s.Needed(ControlSize(Total), effect, Options.Power) / Shares[0] * share)))
        : TotalFor(effect);

    /// <summary>Expected z at the end: that of a single reading with the power of the rule, stretched to the full sample; null where the power is 0 or 1.</summary>
    public double? DriftAt(double total, double effect) => Rule.Power(Math.Max(1e-9, ControlSize(total)), effect) is > 0 and < 1 and var once
        ? (Normal.UpperQuantile(ComparisonAlpha / 2) + Normal.Quantile(once)) * Math.Sqrt(Sequential?.Inflation ?? 1)
        : null;

    /// <summary>Day on which so many units are there; null when traffic is not known or would take a century.</summary>
    public int? DayOf(double units) => Traffic?.DaysFor(Arrivals(units)) is { } days && days < 36_500 ? (int)Math.Max(1, Math.Ceiling(days - 1e-9)) : null;

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
        RefuseWholeMargin();
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
        return Options.EffectSd is not null && !Options.NamesNoEffect && answer is { } planned ? solved with { Assured = solved.AssuredFor(planned) } : solved;
    }

    private double AssuredFor(double planned)
    {
        var belief = Math.Abs(EffectSize.Parse(Options.EffectSd!, "--effect-sd").Absolute(Baseline, "--effect-sd"));
        var z = Normal.UpperQuantile(ComparisonAlpha / 2) + Normal.Quantile(Math.Clamp(Rule.Power(ControlSize(Total), planned), 1e-12, 1 - 1e-12));
        return Assurance.Normal(z, belief * z / Math.Abs(planned), ComparisonAlpha);
    }

    private double? EffectOf()
    {
        if (Options.Width is not null)
        {
            return DesignKinds.Positive(Options.Width, Baseline, "--width");
        }

        if (Simulated is { } simulated)
        {
            return SimulatedKinds.EffectOf(Options, simulated.Test);
        }

        if (Options.Mde is null && Options.Means is not null)
        {
            return SimulatedKinds.LargestDifference(Options);
        }

        if (Options.Mde is null)
        {
            return Options.Margin is null ? null : 0;
        }

        var written = EffectSize.Parse(Options.Mde, "--mde");
        if (Kind is "survival" or "rmst" && written.IsRelative)
        {
            return written.Value > -1
                ? PowerHazardRatio.EventShare(Baseline!.Value, 1 + written.Value) - Baseline.Value
                : throw new GnomonError("bad-effect", "A hazard cannot fall by 100 % or more.", "--mde", "Write --mde -20%.");
        }

        if (Kind == "logistic")
        {
            return written.IsRelative && written.Value > -1
                ? written.Value
                : throw new GnomonError("bad-effect", "The effect on odds is a percentage above -100%.", "--mde", "Write --mde 50% for an odds ratio of 1.5.");
        }

        var effect = written.Absolute(Baseline, "--mde");
        RefuseFantasy(effect);
        RefuseOutsideMargin(effect);
        if (Kind == "correlation" && Math.Abs(effect) >= 1)
        {
            throw new GnomonError("bad-effect", $"A correlation lies between -1 and 1; got {effect}.", "--mde", "Write --mde 0.2.");
        }

        if (effect < 0 && (Kind is "groups" or "table" or "regression" || (Kind == "factorial" && EffectUnit != "proportion")))
        {
            throw new GnomonError("bad-effect", $"This effect has no direction; got {effect}.", "--mde", "Leave out the minus.");
        }
        if (EffectUnit == "proportion" && !(Baseline + effect > 0 && Baseline + effect < 1))
        {
            throw new GnomonError("bad-effect", $"A share of {Baseline} with an effect of {effect} is {Baseline + effect}: no share.", "--mde", "Write a smaller effect.");
        }

        return effect;
    }

    // Half of the baseline: far beyond what changes to a running product do, and the usual way to make a small sample look large enough.
    private void RefuseFantasy(double effect)
    {
        if (Traffic is not null && DesignKinds.IsExperiment(Kind) && RelativeBase is { } b && Math.Abs(effect) > 0.5 * b && Options.Precedent is null)
        {
            throw new GnomonError(
                "fantasy-effect", $"An effect of {effect / b * 100:0} % of the baseline is larger than changes to a running product bring; a test planned for it finds nothing else.", "--mde",
                "Name the smallest effect worth having, from what it costs and earns. If an effect of this size was seen before, say where: --precedent TEXT.");
        }
    }

    private void RefuseWholeMargin()
    {
        if (Margin is { } whole && Kind is "proportion" && Baseline is { } rate && whole >= rate)
        {
            throw new GnomonError("bad-margin", $"A margin of {Figures.Number(whole)} is the whole baseline of {Figures.Number(rate)}: a treatment that loses everything would pass.", "--margin", "Write the largest loss that does not matter, as a rate (0.01) or as a share of the baseline (5%).");
        }
    }

    private void RefuseOutsideMargin(double effect)
    {
        if (Margin is { } margin && (effect <= -margin || (Options.Equivalence && effect >= margin)))
        {
            throw new GnomonError("bad-margin", $"With a true difference of {effect} nothing can show that it lies within the margin of {margin}.", "--margin", "Write a wider margin, or a smaller --mde.");
        }
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

    private static SizeRule RuleOf(DesignOptions options, string kind, bool isShare, double? baseline, double? sd, PowerOptions power)
    {
        var rule = DesignRules.Of(options, kind, baseline, sd, power) ?? Plain(options, kind, isShare, baseline, sd, power);
        var kept = 1 - (options.CovariateCorrelation * options.CovariateCorrelation);
        return kept == 1 ? rule : new ScaledRule(rule, kept, $"adjusted for a covariate with correlation {options.CovariateCorrelation:0.##}");
    }

    private static SizeRule Plain(DesignOptions options, string kind, bool isShare, double? baseline, double? sd, PowerOptions power) => kind switch
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
