using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Methods;
using Gnomon.Methods.Bayes;
using Gnomon.Methods.Experiments;
using Gnomon.Methods.Families;
using Gnomon.Methods.Inference;

namespace Gnomon.Studies.Programme;

/// <summary>One experiment with what the whole programme says of it.</summary>
internal sealed record JudgedTest
{
    public required TestRow Row { get; init; }

    /// <summary>The p that counts: for the best of its looks; 1 where the split is broken.</summary>
    public required double P { get; init; }

    public required double Bonferroni { get; init; }

    public required double Holm { get; init; }

    public required double Hochberg { get; init; }

    public required double BenjaminiHochberg { get; init; }

    public required double BenjaminiYekutieli { get; init; }

    public required double Q { get; init; }

    public bool Lord { get; init; }

    public bool Saffron { get; init; }

    /// <summary>p of the split test; null without counts.</summary>
    public double? SplitP { get; init; }

    public bool IsBroken { get; init; }

    /// <summary>p below alpha, read one by one.</summary>
    public required bool IsSignificant { get; init; }

    /// <summary>Significant in the good direction; a p without a direction counts as good.</summary>
    public bool IsWin => IsSignificant && Row.IsBetter;

    /// <summary>A win that the chosen correction keeps and whose split holds.</summary>
    public required bool Survives { get; init; }

    /// <summary>The effect shrunk towards the programme's mean; null without effects in one unit.</summary>
    public ShrunkenEstimate? Shrunken { get; init; }

    /// <summary>Size of a replication over the size of this test, at the shrunken effect and a power of 0.9; null when nothing is left to look for, or there is nothing to repeat.</summary>
    public double? ReplicationFactor { get; init; }

    /// <summary>What is left of the effect, to be planned on; in standard errors where only a p-value is known.</summary>
    public double? PlannedEffect { get; init; }
}

/// <summary>Everything computed: what chance hands out, what each correction keeps, what is missing, what the wins are worth.</summary>
internal sealed record ProgrammeFacts
{
    public const double ReplicationPower = 0.9;
    public const double AssumedPower = 0.8;
    private const double BrokenSplit = 0.001;

    public required ProgrammeOptions Options { get; init; }

    public required ProgrammeInput Input { get; init; }

    /// <summary>In the order of the list.</summary>
    public required IReadOnlyList<JudgedTest> Tests { get; init; }

    /// <summary>Size of the family: what was started, when more than what is listed.</summary>
    public required int Family { get; init; }

    public required ChanceWinsResult Chance { get; init; }

    public required int Significant { get; init; }

    public required int Wins { get; init; }

    /// <summary>Significant results expected by luck when each experiment is read as often as it was; null when each was read once.</summary>
    public double? ExpectedWithLooks { get; init; }

    /// <summary>Chance of as many significant results as were seen, or more, by luck and by reading as often.</summary>
    public double? AtLeastWithLooks { get; init; }

    public double? NullShare { get; init; }

    public ShrinkageResult? Shrinkage { get; init; }

    public ExcessSignificanceResult? Excess { get; init; }

    public PCurveResult? Curve { get; init; }

    public FunnelAsymmetryResult? Funnel { get; init; }

    public PredictionSlopeResult? Predictions { get; init; }

    /// <summary>Share of ideas that truly work: given, or learned from the wins.</summary>
    public required double SuccessRate { get; init; }

    public required double FalsePositiveRisk { get; init; }

    /// <summary>Whether the wins leave a share of working ideas to be learned: so many that every idea would have to work say nothing of it.</summary>
    public bool IsShareKnown => Options.SuccessRate is not null || SuccessRate < 1;

    public int Unlisted => Family - Tests.Count;

    public IReadOnlyList<JudgedTest> Survivors => [.. Tests.Where(t => t.Survives)];

    public IReadOnlyList<JudgedTest> Broken => [.. Tests.Where(t => t.IsBroken)];

    public bool HasLooks => Tests.Any(t => t.Row.OpenLooks > 1);

    public string CorrectionName => Options.Correction == "bh" ? "Benjamini-Hochberg" : "Holm";

    private static int Started(ProgrammeOptions options, int listed) => options.Started is not { } started ? listed
        : started >= listed ? (int)started
        : throw new GnomonError("option-out-of-range", $"--started says {Figures.Count(started)}, and {Figures.Count(listed)} are listed.", "--started", "Say how many were started in all, or leave it out.");

    public static ProgrammeFacts Of(ProgrammeOptions options, ProgrammeInput input)
    {
        if (input.Typed is { } typed)
        {
            return Counted(options, input, typed.Wins, typed.Tests);
        }

        var rows = input.Tests;
        var family = Started(options, rows.Count);
        double?[] split = [.. rows.Select(SplitP)];
        bool[] broken = [.. split.Select(p => p < BrokenSplit)];
        double[] counted = [.. rows.Select((r, i) => broken[i] || r.IsUnread ? 1 : BestOfLooks.PValue(r.P, r.OpenLooks))];

        // What was started and is not listed counts as not significant.
        double[] all = [.. counted, .. Enumerable.Repeat(1.0, family - rows.Count)];
        var (bonferroni, holm, hochberg) = (Multiplicity.Bonferroni(all), Multiplicity.Holm(all), Multiplicity.Hochberg(all));
        var (bh, by) = (Multiplicity.BenjaminiHochberg(all), Multiplicity.BenjaminiYekutieli(all));
        var storey = StoreyQ.Of(all);
        int[] order = [.. Enumerable.Range(0, rows.Count).OrderBy(i => rows[i].Day ?? long.MinValue)];
        double[] stream = [.. order.Select(i => counted[i])];
        var (lord, saffron) = (OnlineFdr.Lord(stream, options.Alpha), OnlineFdr.Saffron(stream, options.Alpha));
        var place = new int[rows.Count];
        for (var k = 0; k < order.Length; k++)
        {
            place[order[k]] = k;
        }

        int[] sized = input.Unit is null ? [] : [.. Enumerable.Range(0, rows.Count).Where(i => !broken[i] && !rows[i].IsUnread && rows[i].Z is not null)];
        double[] effects = [.. sized.Select(i => rows[i].Effect!.Value)];
        double[] errors = [.. sized.Select(i => rows[i].StandardError!.Value)];
        var shrinkage = Shrink(effects, errors, family - rows.Count);
        var chosen = options.Correction == "bh" ? bh : holm;
        var tests = rows.Select((row, i) =>
        {
            var significant = row.P < options.Alpha && !row.IsUnread;
            var isWin = significant && row.IsBetter;
            var survives = isWin && !broken[i] && !row.IsHeldBack && chosen[i] < options.Alpha;
            var shrunken = Array.IndexOf(sized, i) is >= 0 and var at ? shrinkage?.Estimates[at] : null;
            var plan = isWin && !survives && !broken[i] && !row.IsHeldBack ? Planned(row, shrunken?.Estimate, options.Alpha) : null;
            return new JudgedTest
            {
                Row = row, P = counted[i], Bonferroni = bonferroni[i], Holm = holm[i], Hochberg = hochberg[i], BenjaminiHochberg = bh[i], BenjaminiYekutieli = by[i], Q = storey.QValues[i],
                Lord = lord[place[i]].Rejected, Saffron = saffron[place[i]].Rejected, SplitP = split[i], IsBroken = broken[i], IsSignificant = significant, Survives = survives,
                Shrunken = shrunken, PlannedEffect = plan?.Effect, ReplicationFactor = plan?.Factor,
            };
        }).ToList();
        var wins = tests.Count(t => t.IsWin);
        var significantResults = tests.Count(t => t.IsSignificant);
        var hasLooks = rows.Any(r => r.OpenLooks > 1);

        // Each test's chance to be significant by luck alone, at one of its looks; a test that is not listed was read once, for all that is known.
        double[] luck = hasLooks
            ? [.. Lucky(rows, options.Alpha), .. Enumerable.Repeat(options.Alpha, family - rows.Count)]
            : [];
        var facts = Counted(options, input, wins, family, significantResults, hasLooks ? luck.Average() : options.Alpha);
        return facts with
        {
            ExpectedWithLooks = hasLooks ? luck.Sum() : null,
            AtLeastWithLooks = hasLooks ? ExcessSignificance.AtLeast(luck, significantResults) : null,
            Tests = tests,
            NullShare = storey.NullShare,
            Shrinkage = shrinkage,
            Excess = Excessive(rows, sized, options.Alpha),
            Curve = PCurve.Of([.. rows.Where(r => !r.IsUnread).Select(r => r.P)]),
            Funnel = Funnelled(rows, sized),
            Predictions = Predicted(rows, sized),
        };
    }

    // The size of one test is that of its best look, so that wins which were waited for do not pass for ideas that work.
    private static ProgrammeFacts Counted(ProgrammeOptions options, ProgrammeInput input, int wins, int family, int? significant = null, double? size = null)
    {
        var alpha = size ?? options.Alpha;
        var total = Started(options, family);
        var success = options.SuccessRate ?? Methods.Families.FalsePositiveRisk.SuccessRate((double)wins / total, AssumedPower, alpha);
        return new ProgrammeFacts
        {
            Options = options, Input = input, Tests = [], Family = total, Wins = wins, Significant = significant ?? wins,
            Chance = ChanceWins.Of(total, significant ?? wins, wins, options.Alpha),
            SuccessRate = success,
            FalsePositiveRisk = Methods.Families.FalsePositiveRisk.Of(success, AssumedPower, alpha),
        };
    }

    // A list of winners would be shrunk towards the mean of winners. What was started and is not listed counts as not significant, and here as an effect of 0 with the list's usual error.
    private static ShrinkageResult? Shrink(double[] effects, double[] errors, int unlisted)
    {
        if (effects.Length < 3)
        {
            return null;
        }

        var (all, allErrors) = WithUnlisted(effects, errors, unlisted);
        return NormalShrinkage.Fit(all, allErrors);
    }

    /// <summary>Effects and errors as the model of the programme takes them.</summary>
    public static (double[] Effects, double[] Errors) Pooled(IReadOnlyList<JudgedTest> tests, int unlisted) =>
        WithUnlisted([.. tests.Select(t => t.Row.Effect!.Value)], [.. tests.Select(t => t.Row.StandardError!.Value)], unlisted);

    private static (double[] Effects, double[] Errors) WithUnlisted(double[] effects, double[] errors, int unlisted)
    {
        var usual = errors.Order().ElementAt(errors.Length / 2);
        return ([.. effects, .. Enumerable.Repeat(0.0, unlisted)], [.. errors, .. Enumerable.Repeat(usual, unlisted)]);
    }

    private static IEnumerable<double> Lucky(IReadOnlyList<TestRow> rows, double alpha)
    {
        var rates = rows.Select(r => r.OpenLooks).Distinct().ToDictionary(k => k, k => PeekingError.FalsePositiveRate(k, alpha));
        return rows.Select(r => rates[r.OpenLooks]);
    }

    private static double? SplitP(TestRow row) => row.Counts is { } c
        ? SampleRatio.ChiSquare([c.ControlUsers, c.TreatmentUsers], [row.Split.Control, row.Split.Treatment]).PValue
        : row.RecordedSplitP;

    // The programme's shrunken effect where effects can be pooled, else the win's own, shrunk by 1 - 1/z squared; never more than was seen.
    private static (double? Effect, double? Factor)? Planned(TestRow row, double? shrunken, double alpha)
    {
        var (effect, error) = row is { Effect: { } e, StandardError: { } s } ? (e, s) : (Numerics.Distributions.Normal.UpperQuantile(Math.Max(row.P, 1e-300) / 2), 1.0);
        var z = effect / error;
        var left = shrunken is { } pooled ? Math.Min(pooled, effect) : effect * (1 - 1 / (z * z));
        return left > 0 ? (left, ReplicationSize.Factor(left, error, ReplicationPower, alpha)) : (left, null);
    }

    // Effects are set to what their p-values say, so that what counts as significant here is what counts everywhere. p-values alone are read as effects in standard errors, all of one
    // sign: the reading that leaves most room for honest wins.
    private static ExcessSignificanceResult? Excessive(IReadOnlyList<TestRow> rows, int[] sized, double alpha)
    {
        try
        {
            return 2 * sized.Length >= rows.Count
                ? ExcessSignificance.Test([.. sized.Select(i => Math.Sign(rows[i].Effect!.Value) * Size(rows[i]) * rows[i].StandardError!.Value)], [.. sized.Select(i => rows[i].StandardError!.Value)], alpha)
                : ExcessSignificance.Test([.. rows.Select(Size)], [.. rows.Select(_ => 1.0)], alpha);
        }
        catch (TooFewRowsException)
        {
            return null;
        }

        static double Size(TestRow r) => Numerics.Distributions.Normal.UpperQuantile(Math.Max(r.P, 1e-300) / 2);
    }

    // The error of a lift rises with the lift itself, which would bend any funnel; counts are read with the error of their pooled rate instead (Harbord, Egger and Sterne 2006).
    private static FunnelAsymmetryResult? Funnelled(IReadOnlyList<TestRow> rows, int[] sized)
    {
        var points = sized.Select(i => rows[i].Counts is { } c && rows[i].Effect is { } lift && c.ControlEvents > 0 ? Pooled(c, lift) : (Effect: rows[i].Effect!.Value, Error: rows[i].StandardError!.Value)).ToList();
        try
        {
            return FunnelAsymmetry.Egger([.. points.Select(p => p.Effect)], [.. points.Select(p => p.Error)]);
        }
        catch (Exception none) when (none is TooFewRowsException or NotEstimableException)
        {
            return null;
        }

        static (double Effect, double Error) Pooled(ArmCounts c, double lift)
        {
            var (control, treatment) = ((double)c.ControlEvents / c.ControlUsers, (double)c.TreatmentEvents / c.TreatmentUsers);
            var rate = (double)(c.ControlEvents + c.TreatmentEvents) / (c.ControlUsers + c.TreatmentUsers);
            return (Math.Sign(lift) * Math.Abs(treatment - control) / rate, Math.Sqrt((1 - rate) / rate * (1.0 / c.ControlUsers + 1.0 / c.TreatmentUsers)));
        }
    }

    private static PredictionSlopeResult? Predicted(IReadOnlyList<TestRow> rows, int[] sized)
    {
        int[] told = [.. sized.Where(i => rows[i].Predicted is not null)];
        try
        {
            return PredictionSlope.Of([.. told.Select(i => rows[i].Predicted!.Value)], [.. told.Select(i => rows[i].Effect!.Value)], [.. told.Select(i => rows[i].StandardError!.Value)]);
        }
        catch (Exception none) when (none is TooFewRowsException or NotEstimableException)
        {
            return null;
        }
    }
}
