using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Core.Studies;
using Gnomon.Methods;
using Gnomon.Methods.Bandits;
using Gnomon.Methods.Experiments;
using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Studies.Ab.Bandit;

/// <summary>The finding of an experiment whose shares were updated from outcomes: weighted differences first, plain ones last.</summary>
internal sealed class BanditReport
{
    private const int MostArms = 12;
    private const int NullRuns = 1_000;
    private const long MostNullRows = 30_000;
    private const double ConfirmPower = 0.8;
    private const string Sequence = "asymptotic confidence sequence";
    private const string Method = "adaptively weighted, augmented inverse-probability scores";
    private readonly AbOptions _options;
    private readonly BanditInput _input;
    private readonly StudyContext _context;
    private readonly ChoiceLog _log;
    private readonly AdaptiveMeansResult _fit;
    private readonly Moments[] _plain;
    private readonly int _lead;
    private readonly IReadOnlyList<LookAnswer> _running;

    public BanditReport(AbOptions options, BanditInput input, StudyContext context, IReadOnlyList<PastLook> past)
    {
        (_options, _input, _context) = (options, input, context);
        if (input.Arms.Count > MostArms)
        {
            throw new GnomonError("too-many-groups", $"{options.Variant} has {Figures.Count(input.Arms.Count)} arms; at most {MostArms} are compared with each other.", "--variant", "Ask what another policy would have earned with --policy, or keep some arms with --where.");
        }

        try
        {
            _log = ChoiceLog.OfChosen(input.Arms.Count, input.Chosen, input.Reward, input.Propensity, Batches());
            _fit = AdaptiveMeans.Of(_log, options.Level);
        }
        catch (TooFewRowsException wrong)
        {
            throw new GnomonError("too-few-rows", $"{options.Variant}: {wrong.Message}", "--variant", "Leave the arm out with --where, or collect more rows.", wrong);
        }
        catch (NotEstimableException wrong)
        {
            throw new GnomonError("not-estimable", $"{options.Propensity}: {wrong.Message}", "--propensity", "Log the probability of every arm at every choice, or add --time with the moment at which the probabilities were set.", wrong);
        }

        _plain = [.. Enumerable.Range(0, input.Arms.Count).Select(a => Moments.MeanVariance(Enumerable.Range(0, input.Chosen.Length).Where(i => input.Chosen[i] == a).Select(i => input.Reward[i]).ToArray()))];
        _running = options.OpenEnded ? [.. Enumerable.Range(1, input.Arms.Count - 1).Select(a => Running(a, past))] : [];

        // The arm that an earlier look called keeps the word; else the one that is best now.
        _lead = Enumerable.Range(1, input.Arms.Count - 1).MaxBy(a => (options.OpenEnded && Sign * Decides(a).Value > 0 && Decides(a).PValue < Alpha / Comparisons, Sign * _fit.Differences[a - 1].Value));
    }

    private double Alpha => 1 - _options.Level;

    private int Sign => _options.LowerIsBetter.Contains(_input.Metric, StringComparer.OrdinalIgnoreCase) ? -1 : 1;

    private int Comparisons => _input.Arms.Count - 1;

    private AdaptiveEstimate Lead => _fit.Differences[_lead - 1];

    // Without a planned end the interval that holds at any look decides; it is tuned for a size that does not follow the data.
    private AdaptiveEstimate Decides(int arm) => _options.OpenEnded ? Of(_fit.Differences[arm - 1], _running[arm - 1].Difference) : _fit.Differences[arm - 1];

    private static AdaptiveEstimate Of(AdaptiveEstimate estimate, ContrastResult read) => estimate with { Value = read.Value, Low = read.Low, High = read.High, PValue = read.PValue };

    // What the looks leave together.
    private LookAnswer Running(int arm, IReadOnlyList<PastLook> past)
    {
        var d = AtAnyLook(arm);
        var now = new ContrastResult(d.Value, d.Low, d.High, d.StandardError, d.Value / d.StandardError, null, d.PValue, _options.Level, $"{Method}, {Sequence}");
        return RunningSequence.Of(look => look.Results.FirstOrDefault(r => r.Metric == _input.Metric && r.Contrast == Contrast(arm)), new LookAnswer(now, null), past)!;
    }

    private AdaptiveEstimate AtAnyLook(int arm)
    {
        var d = _fit.Differences[arm - 1];
        var valid = AlwaysValid.Interval(d.Value, d.StandardError, _log.Rows, OpenEnded.UsualUnits, _options.Level);
        return d with { Low = valid.Low, High = valid.High, PValue = valid.PValue };
    }

    private double? Worthwhile => WorthwhileEffects.Parse(_options.Mde, [_input.Metric], "--mde").Of(_input.Metric, _fit.Means[0].Value);

    private bool IsTrivial(int arm) => Worthwhile is { } w && Decides(arm) is var d && d.Low > -w && d.High < w;

    private string Contrast(int arm) => $"{_input.Arms[arm]} - {_input.Arms[0]}";

    public StudyReport Finding()
    {
        var alike = Alike();
        var proposal = Propose(alike);
        return new StudyReport
        {
            Question = "ab",
            Title = $"Which arm has the better {_input.Metric}, when the shares followed it?",
            Propose = _ => proposal,
            Estimates = [.. Estimates()],
            Evidence = [.. Evidence()],
            Limitations = [.. Limitations(alike)],
            Next = [.. Next(proposal.Action)],
            Plots = [.. Plots()],
            Tables = [.. Tables()],
        };
    }

    private Proposal Propose(BanditBehaviour? alike)
    {
        var lead = Decides(_lead);
        var range = Figures.Range(lead.Low, lead.High, _input.Unit);
        var plain = $"The plain means, {Level(_plain[_lead].Mean)} and {Level(_plain[0].Mean)}, are no comparison: the shares followed the outcomes";
        if (Enumerable.Range(1, Comparisons).All(IsTrivial))
        {
            return new Proposal(DecisionAction.DoNotShip, $"No effect worth having: weighted by the chance each row had, {_input.Arms[_lead]} differs from {_input.Arms[0]} in {_input.Metric} by {range}, less than the {Figures.Effect(Worthwhile!.Value, _input.Unit)} that would matter. {plain}.");
        }

        if (lead.PValue < Alpha / Comparisons && !(IsTrivial(_lead) && Sign * lead.Value > 0))
        {
            var better = Sign * lead.Value > 0;
            return new Proposal(
                better ? DecisionAction.Ship : DecisionAction.DoNotShip,
                $"{_input.Arms[_lead]} {(lead.Value > 0 ? "raises" : "lowers")} {_input.Metric} by {Figures.Effect(Math.Abs(lead.Value), _input.Unit, lead.High - lead.Low).TrimStart('+')} ({Figures.Confidence(_options.Level)} interval {range}), every row weighted by the chance it had. {plain}.");
        }

        var luck = alike is null ? string.Empty : $"; with arms that are alike, a gap as large as the plain one is seen in {Figures.WholePercent(alike.GapShare)} of such runs";
        if (IsTrivial(_lead) && lead.PValue < Alpha / Comparisons)
        {
            luck = $". {_input.Arms[_lead]} is better by less than is worth having, and other arms are not settled";
        }

        return new Proposal(
            _options.OpenEnded ? DecisionAction.KeepRunning : DecisionAction.Inconclusive,
            $"{(_options.OpenEnded ? "Not settled yet, and no end is planned" : "Not shown")}: weighted by the chance each row had, {_input.Arms[_lead]} differs from {_input.Arms[0]} in {_input.Metric} by anything from {range}{(_options.OpenEnded ? ", at this look and every other" : string.Empty)}. {plain}{luck}.");
    }

    private string Level(double value) => Figures.Level(value, _input.Unit, Lead.High - Lead.Low);

    private IEnumerable<Estimate> Estimates()
    {
        Estimate Of(string name, string? contrast, double value, double low, double high, double? p, long n, string method, string role) => new()
        {
            Name = name, Metric = _input.Metric, Contrast = contrast, Value = value, Low = low, High = high, Level = _options.Level, Unit = _input.Unit, P = p, N = n, Method = method, Role = role,
        };

        for (var a = 1; a < _input.Arms.Count; a++)
        {
            var d = Decides(a);
            yield return Of("difference", Contrast(a), d.Value, d.Low, d.High, d.PValue, _log.Rows, _options.OpenEnded ? _running[a - 1].Difference.Method : Method, "primary");
        }

        var beside = _options.OpenEnded ? Lead : AtAnyLook(_lead);
        yield return Of(_options.OpenEnded ? "difference, as if read once" : "difference, at any look", Contrast(_lead), beside.Value, beside.Low, beside.High, beside.PValue, _log.Rows, _options.OpenEnded ? Method : $"{Method}, {Sequence}", "sensitivity");
        var (difference, half) = Plain(_lead);
        yield return Of("plain difference", Contrast(_lead), difference, difference - half, difference + half, null, _plain[_lead].Count + _plain[0].Count, "plain means, as if the shares had been fixed; not the answer", "descriptive");
    }

    private (double Difference, double Half) Plain(int arm) =>
        (_plain[arm].Mean - _plain[0].Mean, Normal.UpperQuantile(Alpha / 2) * Math.Sqrt(_plain[arm].VarianceOfMean + _plain[0].VarianceOfMean));

    private IEnumerable<IEvidence> Evidence()
    {
        var chances = Enumerable.Range(0, _log.Rows).Select(t => _log.Probability(t, _lead)).ToList();
        var lead = Decides(_lead);
        var (difference, half) = Plain(_lead);
        var (fits, misfit) = AllocationFit.Of(_input);
        yield return _input.Flow;
        yield return new AdaptiveAllocation
        {
            LogFitsP = fits, LogMisfit = misfit,
            Metric = _input.Metric, Arm = _input.Arms[_lead], SmallestShare = chances.Min(), LargestShare = chances.Max(), IsLogged = true, Days = _input.Day is { } day ? day.Distinct().Count() : 0,
            FollowsOutcomeP = _input.Day is null ? null : AdaptiveLook.PValue(_input.Day, _input.Chosen, _input.Reward, _lead), Plain = difference, PlainLow = difference - half, PlainHigh = difference + half,
            Weighted = lead.Value, WeightedLow = lead.Low, WeightedHigh = lead.High, Unit = _input.Unit,
        };
        var error = half / Normal.UpperQuantile(Alpha / 2);
        var plainP = error > 0 ? 2 * Normal.Sf(Math.Abs(difference) / error) : 1;

        // The claim that somebody would make from this log: the plain difference, where it looks sure and the weighted one does not.
        var isPlain = plainP < Alpha && lead.PValue >= Alpha;
        yield return new PrimaryResult
        {
            Metric = _input.Metric, Contrast = isPlain ? $"{Contrast(_lead)}, plain means" : Contrast(_lead), Difference = isPlain ? difference : lead.Value, Low = isPlain ? difference - half : lead.Low, High = isPlain ? difference + half : lead.High,
            StandardError = isPlain ? error : lead.StandardError, PValue = isPlain ? plainP : lead.PValue, Alpha = Alpha, Worthwhile = Worthwhile, UnderStoppingRule = _options.OpenEnded, ControlDeviation = _plain[0].StandardDeviation, TreatmentUnits = _plain[_lead].Count, ControlUnits = _plain[0].Count,
            SelectedFromSeveral = Comparisons > 1,
        };
    }

    private static string DayText(long day) => AllocationFit.DayText(day);

    // What a nightly Thompson bandit does with arms that are alike, at this traffic and level.
    private BanditBehaviour? Alike()
    {
        if (_input.Day is not { } day || _log.Rows > MostNullRows || _input.Reward.Any(v => v is not (0 or 1)))
        {
            return null;
        }

        var days = day.Distinct().Count();
        var gap = _plain.Max(m => m.Mean) - _plain.Min(m => m.Mean);
        var level = Moments.MeanVariance(_input.Reward).Mean;
        return days < 2 ? null : BanditSimulation.Run(
            new BanditPlan(new BanditPolicy(BanditRule.Thompson), [.. _input.Arms.Select(_ => level)], Math.Max(1, _log.Rows / days), days, Weighs: false), gap, NullRuns, (ulong)_options.Seed, _context.Threads, _context.Cancellation);
    }

    private IEnumerable<string> Limitations(BanditBehaviour? alike)
    {
        yield return "Rows are weighted by the logged probabilities; when those are wrong, so is the answer.";
        yield return "Every moment weighs the same for all arms, so a good day is not taken for a good arm; the answer is an average over the time that had a chance for all arms.";
        if (alike is not null)
        {
            yield return $"Arms that are alike, under a Thompson bandit updated each night at this traffic: plain means are {Figures.Effect(alike.Bias, _input.Unit, 0.005)} off on average over {Figures.Count(alike.Runs)} simulated runs.";
        }

        if (_options.OpenEnded)
        {
            yield return "No end is planned: the interval and the p-value of the weighted differences hold at this look and every other, and are wider than those of a single reading.";
            foreach (var sentence in Enumerable.Range(1, Comparisons).Where(a => _running[a - 1].Alone is not null).Take(3).Select(Narrowed))
            {
                yield return sentence;
            }
        }

        if (_input.RowsRead > _log.Rows)
        {
            yield return $"{Figures.Count(_input.RowsRead - _log.Rows, "row")} with a gap {(_input.RowsRead - _log.Rows == 1 ? "is" : "are")} left out.";
        }

        if (_input.Day is null)
        {
            yield return "No --time was named: rows are taken in the order of the file.";
        }

        if (Comparisons > 1)
        {
            yield return $"{Comparisons} arms were compared with {_input.Arms[0]}: an arm is named only below {Figures.P(Alpha / Comparisons)[4..]} (Bonferroni).";
        }
    }

    private string Narrowed(int arm)
    {
        var running = _running[arm - 1];
        var alone = Figures.Range(running.Alone!.Low, running.Alone.High, _input.Unit);
        var (name, look) = ($"{_input.Metric} in {_input.Arms[arm]}", running.Look is { } earlier ? $"Look {earlier}" : "This look");
        return running.IsEmpty
            ? $"No effect on {name} lies within the intervals of all looks (this look alone: {alone}): the effect changed over time, the data were changed, or this is one of the few sequences that miss. {look} found the most, and is the answer."
            : $"The interval for {name} is what the looks leave together; this look alone allows {alone}."
                + (running.Look is not null && running.Difference.PValue < Alpha / Comparisons && running.Alone.PValue >= Alpha / Comparisons ? $" {look} called it ({Figures.P(running.Difference.PValue)}); that holds at any look, and this one does not take it back." : string.Empty);
    }

    private IEnumerable<string> Next(DecisionAction action)
    {
        if (action is DecisionAction.Inconclusive or DecisionAction.KeepRunning && _input.IsShare && Confirm() is { } each)
        {
            yield return $"Run a fixed even split of {Figures.Count(each)} rows per arm: it sees a difference of {Level(_plain[0].Mean)} and {Level(_plain[_lead].Mean)} with {Figures.WholePercent(ConfirmPower)} power. If that gap is real, the split costs about {Figures.Count((long)Math.Round(each * Math.Abs(_plain[_lead].Mean - _plain[0].Mean)))} outcomes; deciding wrongly costs it for ever.";
        }

        yield return $"Keep a floor of about 10 % for every arm while the bandit runs: without it no later comparison is possible ({Figures.Count((long)_fit.EffectiveRows)} of {Figures.Count(_log.Rows)} rows were left of it here).";
    }

    private long? Confirm()
    {
        var (a, b) = (_plain[0].Mean, _plain[_lead].Mean);
        return a is > 0 and < 1 && b is > 0 and < 1 && Math.Abs(a - b) > 1e-4 ? (long)Math.Ceiling(PowerTwoProportions.SampleSize(a, b, ConfirmPower).First) : null;
    }

    private IEnumerable<Plot> Plots()
    {
        var title = $"Effect on {_input.Metric}";
        var (difference, half) = Plain(_lead);
        yield return new Plot("effect", title, IntervalPlot.Build(
            [.. Enumerable.Range(1, Comparisons).Select(a => (Arm: a, Effect: Decides(a))).Select(x => new IntervalRow($"{Contrast(x.Arm)}, weighted", x.Effect.Value, x.Effect.Low, x.Effect.High)), new IntervalRow($"{Contrast(_lead)}, plain", difference, difference - half, difference + half)],
            title, new PlotUnit(_input.Unit, Change: true)));
        if (_input is { Day: { } day, DaysAreDates: true })
        {
            var points = day.Select((d, t) => (d, t)).GroupBy(x => x.d).OrderBy(g => g.Key).SelectMany(g => Enumerable.Range(0, _input.Arms.Count)
                .Select(a => new LinePoint(DateTimeOffset.FromUnixTimeSeconds(g.Key * 86_400), g.Average(x => _log.Probability(x.t, a)), _input.Arms[a]))).ToList();
            yield return new Plot("allocation", "Share of each arm over time", LinePlot.Build(points, "Share", new PlotUnit("proportion")));
        }
    }

    private IEnumerable<ResultTable> Tables()
    {
        yield return new ResultTable("arms", "Arms", ["arm", "rows", "plain mean", "weighted mean", "low", "high"],
            [.. _input.Arms.Select((name, a) => (IReadOnlyList<object?>)[name, _plain[a].Count, _plain[a].Mean, _fit.Means[a].Value, _fit.Means[a].Low, _fit.Means[a].High])]);
        if (_input.Day is not { } day || day.Distinct().Count() > 60)
        {
            yield break;
        }

        yield return new ResultTable("days", "By day", ["day", "rows", $"share of rows given {_input.Arms[_lead]}", $"{_input.Metric}, all arms"],
            [.. day.Select((d, t) => (d, t)).GroupBy(x => x.d).OrderBy(g => g.Key).Select(g => (IReadOnlyList<object?>)
            [
                _input.DaysAreDates ? DayText(g.Key) : g.Key,
                (long)g.Count(), g.Average(x => _log.Probability(x.t, _lead)), g.Average(x => _input.Reward[x.t]),
            ])]);
    }

    // The moment of a row, for logs that hold the chosen arm's probability only.
    private int[] Batches() => BanditReader.Moments(_input.Day, _input.Chosen.Length);
}
