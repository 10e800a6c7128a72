using Gnomon.Core.Errors;
using Gnomon.Core.Evidence.Inference;
using Gnomon.Methods;
using Gnomon.Methods.Bayes;
using Gnomon.Methods.Inference;

namespace Gnomon.Studies.Compare;

/// <summary>One prior with what it makes of the data.</summary>
/// <param name="Name">The prior in words.</param>
/// <param name="Before">The difference before the data; null for a prior without probabilities.</param>
/// <param name="After">The difference after the data.</param>
/// <param name="Tail">Chance, before the data, of data at least as surprising; null for a flat prior.</param>
internal sealed record PriorRow(string Name, IEffectBelief? Before, IEffectBelief After, double? Tail);

/// <summary>The Bayesian side of a comparison of two groups: the declared prior first, then the others it is held against.</summary>
internal sealed record BayesLook
{
    // A vague part of this share makes a prior robust (Schmidli et al. 2014 suggest 0.1 to 0.5).
    private const double UsualVague = 0.2;

    public required GroupContrast Contrast { get; init; }

    public required IReadOnlyList<PriorRow> Rows { get; init; }

    public PriorRow? Flat { get; init; }

    public PriorRow? Sceptical { get; init; }

    public double? Margin { get; init; }

    public required double Level { get; init; }

    /// <summary>Standard error of the difference; 0 where a group shows no variation.</summary>
    public required double StandardError { get; init; }

    public double? Gain { get; init; }

    public GoDecisionResult? Decision { get; init; }

    public (int Units, double Cost)? More { get; init; }

    public LikelihoodResult? Likelihood { get; init; }

    public LikelihoodResult? LogOdds { get; init; }

    public LongRun? LongRun { get; init; }

    public PriorRow Declared => Rows[0];

    public string Unit => Contrast.Unit;

    /// <summary>Chance of a difference beyond the margin, above 0 without one.</summary>
    public double Beyond(PriorRow row) => row.After.Above(Margin ?? 0);

    public double Move => Flat is null ? 0 : Math.Abs(Beyond(Declared) - Beyond(Flat));

    public bool IsConflict => PriorSensitivity.IsConflict(Declared.Tail ?? 1, Move);

    /// <summary>What a prior would have one do, further data left aside; without a decision what it says of the sign.</summary>
    public string Call(PriorRow row)
    {
        if (Gain is { } gain && Decision is { } decision)
        {
            return gain * (row.After.Mean - decision.BreakEven) > 0 ? "go" : "stop";
        }

        var above = row.After.Above(0);
        return above > 1 - (1 - Level) / 2 ? "higher" : above < (1 - Level) / 2 ? "lower" : "open";
    }

    public PriorComparison Evidence(string metric) => new()
    {
        Metric = metric, Contrast = Contrast.Contrast, Declared = Reading(Declared), Flat = Flat is null ? null : Reading(Flat), Sceptical = Sceptical is null ? null : Reading(Sceptical), PredictiveTail = Declared.Tail ?? 1,
        Threshold = Margin is { } margin ? Core.Findings.Figures.Effect(margin, Unit).TrimStart('+') : "0",
    };

    private PriorReading Reading(PriorRow row) => new(row.Name, row.After.Above(0), Beyond(row), Call(row));

    /// <summary>Null without --prior.</summary>
    /// <exception cref="GnomonError">The comparison has no difference of two groups for a prior, or the data none for this one.</exception>
    public static BayesLook? Of(CompareOptions options, CompareInput input, CompareAnswer answer)
    {
        if (options.Prior is null)
        {
            return null;
        }

        if (input.Groups.Count != 2 || answer.Contrasts is not [{ Name: "difference", Category: null } contrast])
        {
            throw new GnomonError(
                "options-conflict", input.Groups.Count != 2 ? $"--prior is about one difference; {input.By} has {input.Groups.Count} groups." : answer.Contrasts.Count == 0 ? $"--prior has no difference to work on: {string.Join("; ", answer.Refusals.DefaultIfEmpty("the groups could not be compared"))}." : "--prior is about a difference of means or shares; this comparison is by ranks or categories.",
                "--prior", input.Groups.Count != 2 ? "Keep two groups with --where, or leave out --prior." : "Leave out --prior, or compare means with --scale mean.");
        }

        try
        {
            return new BayesBuilder(options, input, contrast).Build();
        }
        catch (NotEstimableException wrong)
        {
            throw new GnomonError("not-estimable", $"{input.Metric}: {wrong.Message}", "--prior", "Take more units, or leave out --prior.", wrong);
        }
    }

    /// <summary>Builds the rows of one comparison.</summary>
    private sealed class BayesBuilder(CompareOptions options, CompareInput input, GroupContrast contrast)
    {
        private readonly PriorSpec _spec = PriorSpec.Parse(options.Prior!)!;
        private readonly double? _margin = options.MarginAt(contrast.Reference.Moments.Mean);

        // Counts of two separate groups have a likelihood of their own; everything else is read through its estimate and error.
        private bool IsCounts => input.Kind == MetricKind.Binary && !input.IsPaired && contrast.WithinStrata is null;

        private GroupData X => contrast.Group;

        private GroupData Y => contrast.Reference;

        private double Error => IsCounts ? Math.Sqrt(Variance(X) / X.N + Variance(Y) / Y.N) : contrast.Main.StandardError;

        private static double Variance(GroupData g) => g.Moments.Mean * (1 - g.Moments.Mean);

        public BayesLook Build()
        {
            if (_spec.Kind is PriorKind.Beta or PriorKind.Trial && !IsCounts)
            {
                throw new GnomonError(
                    "options-conflict", $"--prior {(_spec.Kind == PriorKind.Beta ? "beta" : "trial")} is about the shares of two separate groups; here {(input.IsPaired ? "the groups are paired" : contrast.WithinStrata is not null ? "the difference is taken within strata" : $"{input.Metric} is a number")}.",
                    "--prior", "Put the prior on the difference: --prior normal:0,0.05.");
            }

            if (!(Error > 0) && (!IsCounts || _spec.Kind == PriorKind.Normal))
            {
                throw new GnomonError("not-estimable", "The difference has no standard error in these data, so a prior on the difference has nothing to meet.", "--prior", IsCounts ? "Put the prior on the shares: --prior beta:1,1." : "Take more units.");
            }

            var rows = Rows().ToList();
            var flat = _spec.Kind == PriorKind.Flat ? rows[0] : Row(new(PriorKind.Flat, 1, 1, []), 1, null);
            var sceptical = _margin is { } margin && Error > 0 ? new PriorRow("sceptical " + new PriorSpec(PriorKind.Normal, 0, margin, []).Name(contrast.Unit), Normal(0, margin, null), Effect([new(1, 0, margin)]), Effect([new(1, 0, margin)]).Conflict()) : null;
            if (_spec.Kind != PriorKind.Flat)
            {
                rows.Add(flat);
            }

            if (sceptical is not null)
            {
                rows.Add(sceptical);
            }

            var gain = options.Gain is null ? null : PriorSpec.Gain(options.Gain);
            var more = options.More is null ? null : PriorSpec.More(options.More);
            return new BayesLook
            {
                Contrast = contrast, Rows = rows, Flat = flat, Sceptical = sceptical, Margin = _margin, Level = options.Level, StandardError = Error, Gain = gain, More = more,
                Decision = gain is { } g ? GoDecision.Of(rows[0].After, g, options.Cost ?? 0, more is { } m ? t => Further(rows[0].After, t, m.Units) : null, more?.Cost ?? 0) : null,
                Likelihood = IsCounts ? LikelihoodInterval.Difference(X.Events, X.N, Y.Events, Y.N, options.Level) : null,
                LogOdds = IsCounts && X.Events > 0 && Y.Events > 0 && X.Events < X.N && Y.Events < Y.N ? LikelihoodInterval.LogOddsRatio(X.Events, X.N, Y.Events, Y.N, options.Level) : null,
                LongRun = options.Simulate is { } runs ? LongRuns(runs) : null,
            };
        }

        // The declared prior, and for an earlier trial the other ways to count it.
        private IEnumerable<PriorRow> Rows()
        {
            var weight = options.PriorWeight ?? 1;
            yield return Row(_spec, weight, options.PriorRobust);
            if (_spec.Kind != PriorKind.Trial)
            {
                yield break;
            }

            foreach (var other in new[] { 1, 0.5 }.Where(w => w != weight || options.PriorRobust is not null))
            {
                yield return Row(_spec, other, null);
            }

            if (options.PriorRobust is null)
            {
                yield return Row(_spec, 1, UsualVague);
            }
        }

        private PriorRow Row(PriorSpec spec, double weight, double? vague)
        {
            var name = $"{spec.Name(contrast.Unit)}{(spec.Kind == PriorKind.Trial ? $" at weight {weight.ToString("0.##", System.Globalization.CultureInfo.InvariantCulture)}" : string.Empty)}{(vague is { } v ? $", {v.ToString("0.##", System.Globalization.CultureInfo.InvariantCulture)} of it vague" : string.Empty)}";
            if (spec.Kind == PriorKind.Normal || !IsCounts)
            {
                IReadOnlyList<NormalComponent> parts = spec.Kind == PriorKind.Flat ? [] : Parts(spec.First, spec.Second, vague);
                var after = Effect(parts);
                return new PriorRow(name, parts.Count == 0 ? null : Normal(spec.First, spec.Second, vague), after, parts.Count == 0 ? null : after.Conflict());
            }

            var (x, y) = (Belief(spec, X, weight, vague), Belief(spec, Y, weight, vague));
            var before = new RateDifference(x, y);
            return new PriorRow(name, before, new RateDifference(x.After(X.Events, X.N), y.After(Y.Events, Y.N)), spec.Kind == PriorKind.Flat ? null : before.PredictiveTail(X.Events, X.N, Y.Events, Y.N));
        }

        private BetaMixture Belief(PriorSpec spec, GroupData group, double weight, double? vague)
        {
            var belief = spec.Kind == PriorKind.Trial ? Earlier(spec, group) is var e ? BetaMixture.PowerPrior(e.Events, e.Units, weight) : null! : BetaMixture.Of(spec.First, spec.Second);
            return vague is { } v ? BetaMixture.Robust(belief, v) : belief;
        }

        private EarlierGroup Earlier(PriorSpec spec, GroupData group) => spec.Trial.FirstOrDefault(t => t.Name == group.Name)
            ?? throw new GnomonError("group-not-found", $"--prior trial names {spec.Trial[0].Name} and {spec.Trial[1].Name}; these data have {Y.Name} and {X.Name}.", "--prior", $"Write --prior trial:{Y.Name}=24/60,{X.Name}=36/60.");

        // A vague part as wide as a prior worth one unit of each group (unit information).
        private IReadOnlyList<NormalComponent> Parts(double mean, double deviation, double? vague) => vague is { } v
            ? [new(1 - v, mean, deviation), new(v, mean, Math.Max(deviation, Math.Sqrt(2 * contrast.N) * Error / 2))]
            : [new(1, mean, deviation)];

        private EffectPosterior Effect(IReadOnlyList<NormalComponent> prior) => new(prior, contrast.Main.Value, Error, IsCounts ? null : contrast.Main.DegreesOfFreedom);

        // A normal prior by itself: what is left of it after an estimate without information.
        private EffectPosterior Normal(double mean, double deviation, double? vague)
        {
            var parts = Parts(mean, deviation, vague);
            return new EffectPosterior(parts, mean, 1e7 * parts.Max(p => p.Deviation));
        }

        private double Further(IEffectBelief after, double threshold, int units) => after switch
        {
            RateDifference rates => rates.ExcessAfter(threshold, units, units),
            EffectPosterior effect => effect.ExcessAfter(threshold, input.IsPaired || contrast.WithinStrata is not null ? Error * Math.Sqrt((input.IsPaired ? X.N : 0.5 * contrast.N) / units) : Math.Sqrt((Spread(X) + Spread(Y)) / units)),
            _ => throw new InvalidOperationException("An unknown form of belief."),
        };

        private double Spread(GroupData g) => IsCounts ? Variance(g) : g.Moments.Variance;

        private LongRun LongRuns(int runs) => IsCounts
            ? LongRun.Simulate(_spec.Kind == PriorKind.Normal ? new(PriorKind.Flat, 1, 1, []) : _spec, options.PriorWeight ?? 1, X, Y, runs, options.Level, options.Seed)
            : throw new GnomonError("options-conflict", "--simulate repeats trials of shares in two separate groups; here the comparison is another one.", "--simulate", "Leave it out; gnomon design gives the power of other comparisons.");
    }
}
