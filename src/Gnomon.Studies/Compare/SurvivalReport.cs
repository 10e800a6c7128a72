using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Evidence.Survival;
using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Core.Studies;
using Gnomon.Methods;
using Gnomon.Methods.Survival;

namespace Gnomon.Studies.Compare;

/// <summary>The finding of a comparison of times to an event: mean time without it first, then what beside it could mislead.</summary>
internal sealed class SurvivalReport(CompareOptions options, SurvivalInput input)
{
    private const int MostSteps = 300;
    private const int TimesAtRisk = 6;
    private readonly SurvivalAnswer _answer = new SurvivalComparer(options, input).Compare();

    private string Said(SurvivalGroup group) => $"{input.By} {group.Name}";

    private string To => $"{Figures.Number(_answer.Horizon)} ({input.Time})";

    public StudyReport Finding()
    {
        var proposal = Propose();
        return new StudyReport
        {
            Question = "compare",
            Title = $"Does {input.By} go with when the event comes ({input.Event})?",
            Propose = _ => proposal,
            Estimates = [.. _answer.Contrasts.SelectMany(Of)],
            Evidence = [.. Evidence()],
            Limitations = [.. Limitations()],
            Next = [.. Next(proposal.Action)],
            Plots = [new Plot("survival", "Share without the event", BandPlot.Build([.. _answer.Groups.SelectMany(g => SurvivalCurves.Points(g.Curve, g.Name, MostSteps))], input.Time, "share without the event", new PlotUnit("proportion"), input.By))],
            Tables = [Groups(), AtRisk(), .. Comparisons(), Tests()],
        };
    }

    private Proposal Propose()
    {
        var alpha = options.Alpha;
        var clear = _answer.Contrasts.Where(c => c.IsClear(alpha)).OrderBy(c => c.P).ToList();
        var cause = options.Randomized ? string.Empty : " Nobody assigned the groups, as far as the data tell: this is a difference, not an effect.";
        if (clear.Count > 0)
        {
            var first = clear[0];
            var more = clear.Count > 1 ? $" {clear.Count - 1} more of {_answer.Contrasts.Count} comparisons {(clear.Count == 2 ? "differs" : "differ")} clearly." : _answer.Contrasts.Count > 1 ? $" None of the other {_answer.Contrasts.Count - 1} comparisons is clear." : string.Empty;
            return new Proposal(DecisionAction.Answer, $"{Sentence(first)}.{Ratio(first)}{more}{cause}");
        }

        var one = _answer.Contrasts.OrderBy(c => c.OwnP).First();
        if (_answer.Contrasts.Count == 1 && options.MarginAt(one.Reference.Mean.Mean) is { } margin && one.Interval.Low > -margin && one.Interval.High < margin)
        {
            return new Proposal(DecisionAction.Answer, $"No difference that matters: up to {To} the mean times without the event differ by {Range(one)}, inside the margin of {Figures.Number(margin)}.{cause}");
        }

        var hint = one.LogRank is { } test && test.PValue < alpha
            ? $" The log-rank test, which weighs all times alike, gives {Figures.P(test.PValue)}: the curves may differ in another way than in their means."
            : string.Empty;
        return new Proposal(
            DecisionAction.Inconclusive,
            $"Not settled: up to {To} {Said(one.Group)} may stay anything from {Range(one)} longer without the event than {Said(one.Reference)}{(_answer.Contrasts.Count > 1 ? $", and no other of {_answer.Contrasts.Count} comparisons is clear" : string.Empty)}.{hint}");
    }

    private string Sentence(SurvivalContrast c) =>
        $"Up to {To}, {Said(c.Group)} stays {Figures.Effect(Math.Abs(c.Difference), "number", c.Interval.High - c.Interval.Low).TrimStart('+')} {(c.Difference > 0 ? "longer" : "less long")} without the event ({input.Event}) on average than {Said(c.Reference)} ({Figures.Confidence(options.Level)} interval {Range(c)}): {Mean(c.Group, c)} against {Mean(c.Reference, c)}";

    private static string Range(SurvivalContrast c) => Figures.Range(c.Interval.Low, c.Interval.High, "number");

    private static string Mean(SurvivalGroup group, SurvivalContrast c) => Figures.Level(group.Mean.Mean, "number", c.Interval.High - c.Interval.Low);

    private static string Ratio(SurvivalContrast c) => c.Hazard is { } h
        ? $" At any moment the event is {Figures.Number(h.HazardRatio)} times as likely among those still without it ({Figures.Number(h.Low)} to {Figures.Number(h.High)})."
        : string.Empty;

    private IEnumerable<Estimate> Of(SurvivalContrast c)
    {
        yield return new Estimate
        {
            Name = "difference", Metric = input.Time, Contrast = c.Name, Value = c.Difference, Low = c.Interval.Low, High = c.Interval.High, Level = options.Level, Unit = input.Time, P = c.P, N = c.Group.Units + c.Reference.Units,
            Method = $"difference of mean times without the event up to {Figures.Number(_answer.Horizon)}{(input.Strata is null ? string.Empty : $", within {string.Join(", ", options.Strata)}")}{(_answer.Contrasts.Count > 1 ? $", Bonferroni over {_answer.Contrasts.Count}" : string.Empty)}",
            Role = "primary",
        };
        if (c.Hazard is { } h)
        {
            yield return new Estimate
            {
                Name = "hazard ratio", Metric = input.Time, Contrast = c.Name, Value = h.HazardRatio, Low = h.Low, High = h.High, Level = options.Level, Unit = "hazard ratio", P = h.PValue, N = c.Group.Units + c.Reference.Units,
                Method = input.Strata is null ? "Cox regression, Efron ties" : $"Cox regression, Efron ties, {string.Join(", ", options.Strata)} as columns", Role = "sensitivity",
            };
        }
    }

    private IEnumerable<IEvidence> Evidence()
    {
        foreach (var c in _answer.Contrasts.Where(c => c.StandardError > 0))
        {
            yield return new PrimaryResult
            {
                Metric = input.Time, Contrast = c.Name, Difference = c.Difference, Low = c.Interval.Low, High = c.Interval.High, StandardError = c.StandardError, PValue = c.P, Alpha = options.Alpha,
                Worthwhile = options.MarginAt(c.Reference.Mean.Mean), ControlDeviation = c.Reference.Mean.StandardError * Math.Sqrt(c.Reference.Units), TreatmentUnits = c.Group.Units, ControlUnits = c.Reference.Units,
                SelectedFromSeveral = _answer.Contrasts.Count > 1,
            };
        }

        var hazards = _answer.Contrasts.Where(c => c.Hazard is not null).ToList();
        if (hazards.Count > 0)
        {
            yield return new HazardProportionality
            {
                Outcome = input.Time, Events = _answer.Groups.Sum(g => g.Events),
                Terms = [.. hazards.Select(c => new TermProportionality(c.Name, c.Hazard!.HazardRatio, c.Hazard.ProportionalityP, c.Halves.Early, c.Halves.Late))],
            };
        }

        if (SurvivalUnits.Look(input, _answer) is { } repeats)
        {
            yield return repeats;
        }

        if (Watch() is { } watch)
        {
            yield return watch;
        }
    }

    private FollowUpBalance? Watch()
    {
        var left = input.Times.Select((t, i) => !input.Ended[i] && t < _answer.Horizon).ToArray();
        if (!Array.Exists(left, l => l))
        {
            return null;
        }

        var cut = Array.ConvertAll(input.Times, t => Math.Min(t, _answer.Horizon));
        try
        {
            return new FollowUpBalance
            {
                Outcome = input.Time, Groups = input.Groups, Units = [.. _answer.Groups.Select(g => g.Units)], Lost = [.. input.Groups.Select((_, g) => input.Rows(g).LongCount(i => left[i]))],
                StillWatched = [.. input.Groups.Select((_, g) => KaplanMeier.Fit(Array.ConvertAll(input.Rows(g), i => cut[i]), Array.ConvertAll(input.Rows(g), i => left[i])).At(_answer.Horizon))],
                Horizon = _answer.Horizon, PValue = LogRank.Test(cut, left, input.Group).PValue,
            };
        }
        catch (NotEstimableException)
        {
            return null; // nobody left while two groups were watched: nothing to compare
        }
    }

    private IEnumerable<string> Limitations()
    {
        var events = _answer.Groups.Sum(g => g.Events);
        yield return $"Mean time without the event up to {To} answers first: it is read from the curves and needs no assumption on how the hazard runs. {Figures.Count(events)} of {Figures.Count(input.Times.Length)} rows ended with the event; the others count for as long as they were watched.";
        yield return "This is right only if leaving the watch says nothing about what would have come, and if a unit's group was settled when its watch began: a group that is joined later has to survive until then.";
        if (!options.Randomized)
        {
            yield return "Nobody assigned the groups, as far as the data tell, and whatever else differs between them stays open. Hold columns fixed with gnomon regress --family cox; say --randomized when the groups were assigned by chance.";
        }

        if (_answer.Contrasts.Count > 1)
        {
            yield return $"{_answer.Contrasts.Count} comparisons: p-values and intervals hold together (Bonferroni).";
        }

        if (input.Strata is not null)
        {
            yield return $"The difference is taken within {string.Join(", ", options.Strata)} and averaged by rows; the log-rank test compares rows of one stratum only; curves and medians are of whole groups.";
        }

        if (input.Missing > 0)
        {
            yield return $"{Figures.Count(input.Missing)} of {Figures.Count(input.RowsRead)} rows lack time, event or group and are left out.";
        }

        foreach (var refusal in _answer.Refusals)
        {
            yield return $"Not computed: {refusal.TrimEnd('.')}.";
        }
    }

    private IEnumerable<string> Next(DecisionAction action)
    {
        if (action == DecisionAction.Inconclusive)
        {
            yield return "More events settle it, not more rows: watch longer, or watch more units.";
        }

        if (options.Margin is null)
        {
            yield return $"Say with --margin which difference in mean {input.Time} matters, to have the size judged and not only its presence.";
        }

        if (options.Horizon is null)
        {
            yield return $"Say with --horizon up to which time the question goes; up to {Figures.Number(_answer.Horizon)} a tenth of every group was still watched, and that was taken.";
        }
    }

    private ResultTable Groups() => new(
        "groups", "Groups", ["group", "units", "events", $"mean to {Figures.Number(_answer.Horizon)}", "low", "high", "median", "median low", "median high"],
        [.. _answer.Groups.Select(g => (IReadOnlyList<object?>)[g.Name, g.Units, g.Events, g.Mean.Mean, g.Mean.Low, g.Mean.High, g.Curve.Median, g.Curve.MedianLimits.Low, g.Curve.MedianLimits.High])]);

    // Share and number at risk at a few even times.
    private ResultTable AtRisk()
    {
        var times = Enumerable.Range(0, TimesAtRisk).Select(k => _answer.Horizon * k / (TimesAtRisk - 1)).ToList();
        return new ResultTable(
            "at-risk", "Still watched and without the event, and the share without it", [input.Time, .. input.Groups.SelectMany(g => new[] { $"{g}, at risk", $"{g}, share" })],
            [.. times.Select(t => (IReadOnlyList<object?>)[t, .. _answer.Groups.SelectMany((g, i) => new object?[] { input.Rows(i).LongCount(r => input.Times[r] >= t), g.Curve.At(t) })])]);
    }

    private IEnumerable<ResultTable> Comparisons()
    {
        if (_answer.Contrasts.Count > 1)
        {
            yield return new ResultTable("comparisons", "Comparisons", ["contrast", "difference", "low", "high", "p", "p adjusted", "hazard ratio", "log-rank p"],
                [.. _answer.Contrasts.Select(c => (IReadOnlyList<object?>)[c.Name, c.Difference, c.Interval.Low, c.Interval.High, c.OwnP, c.P, c.Hazard?.HazardRatio, c.LogRank?.PValue])]);
        }
    }

    private ResultTable Tests()
    {
        var rows = new List<IReadOnlyList<object?>>();
        if (_answer.LogRank is { } all)
        {
            rows.Add([input.Strata is null ? "log-rank, all groups" : $"log-rank within {string.Join(", ", options.Strata)}, all groups", all.Statistic, (long)all.DegreesOfFreedom, all.PValue]);
        }

        foreach (var c in _answer.Contrasts.Where(c => c.Hazard is not null).Take(10))
        {
            rows.Add([$"hazard ratio changes over time (Schoenfeld), {c.Name}", null, null, c.Hazard!.ProportionalityP]);
        }

        return new ResultTable("tests", "Tests beside", ["test", "chi-square", "df", "p"], rows);
    }
}
