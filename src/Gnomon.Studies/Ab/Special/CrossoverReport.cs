using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Core.Studies;
using Gnomon.Methods;
using Gnomon.Methods.Inference;
using Gnomon.Methods.Interference;
using Gnomon.Numerics;

namespace Gnomon.Studies.Ab.Special;

/// <summary>The finding of a crossover: the effect within units, and beside it the period, what the first arm left behind, and the first period alone.</summary>
internal sealed class CrossoverReport : SpecialReport
{
    private readonly AbOptions _options;
    private readonly AbDesign _design;
    private readonly CrossoverUnits _units;
    private readonly CrossoverResult _result;

    public CrossoverReport(AbOptions options, StudyContext context)
    {
        _options = options;
        _design = AbDesign.Read(options, context.RequireData().Schema);
        _units = CrossoverUnits.Read(_design, context);
        try
        {
            _result = Crossover.Compare(_units.ControlFirst, _units.TreatmentFirst, _design.Level);
        }
        catch (TooFewRowsException wrong)
        {
            throw new GnomonError("too-few-rows", wrong.Message, "--unit", "A crossover needs units in both orders, each seen in both periods.", wrong);
        }
        catch (NotEstimableException wrong)
        {
            throw new GnomonError("not-estimable", $"{Metric.Name}: {wrong.Message}", "--metric", "Name a metric that varies.", wrong);
        }
    }

    private MetricSpec Metric => _design.Metrics[0];

    protected override string Title => $"What does {Arm} do to {Metric.Name}, each unit against itself?";

    protected override string MetricName => Metric.Name;

    protected override string Unit => _units.IsShare ? "proportion" : Metric.Kind == MetricKind.Value ? Metric.Name : "ratio";

    private string Arm => _units.Arms[1];

    private string Contrast => $"{Arm} - {_units.Arms[0]}";

    protected override long Pieces => _units.ControlFirst.First.Length + _units.TreatmentFirst.First.Length;

    private double Alpha => 1 - _design.Level;

    private double ControlMean => (_units.ControlFirst.First.Sum() + _units.TreatmentFirst.Second.Sum()) / Pieces;

    public static IEnumerable<GnomonError> Validate(AbOptions options)
    {
        if (!options.Crossover)
        {
            yield break;
        }

        foreach (var (option, isGiven, example) in new[] { ("--unit", options.Unit is not null, "--unit user_id"), ("--time", options.Time is not null, "--time period") })
        {
            if (!isGiven)
            {
                yield return new GnomonError("option-missing", $"--crossover needs {option}.", option, $"Write {example}.");
            }
        }

        if (options.Metric.Count + options.Ratio.Count + options.Rate.Count > 1)
        {
            yield return new GnomonError("options-conflict", "A crossover is read for one metric.", "--metric", "Name one metric, and run again for the others.");
        }

        foreach (var wrong in SpecialDesigns.Refuse(options, "--crossover", "Units are compared with themselves", "--unit", "--time", "--ratio", "--rate"))
        {
            yield return wrong;
        }
    }

    protected override Proposal Propose()
    {
        var e = _result.Effect;
        var range = $"{Figures.Confidence(e.Level)} interval {AbWords.Text(e, Unit).Range}, {Figures.P(e.PValue)}";
        if (Trivial(e, _design.Worthwhile(Metric, ControlMean), $"within the same units {Arm} changes {Metric.Name} by {AbWords.Text(e, Unit).Point} ({range})") is { } trivial)
        {
            return trivial;
        }

        if (e.PValue < Alpha)
        {
            var size = Figures.Effect(Math.Abs(e.Value), Unit, e.High - e.Low).TrimStart('+');
            return new Proposal(Metric.Sign * e.Value > 0 ? DecisionAction.Ship : DecisionAction.DoNotShip, $"{Arm} {(e.Value > 0 ? "raises" : "lowers")} {Metric.Name} by {size} within the same units ({range}), from {Figures.Level(ControlMean, Unit, e.Low, e.High)}.{Left()}");
        }

        return new Proposal(DecisionAction.Inconclusive, $"Not settled: within the same units {Arm} changes {Metric.Name} by anything from {AbWords.Text(e, Unit).Range} ({Figures.Confidence(e.Level)} interval, {Figures.P(e.PValue)}).{Left()}");
    }

    // What the first arm may have left behind is told beside the answer, and never picks it.
    private string Left() => Math.Abs(_result.CarryOver.Value) / 2 > Math.Abs(_result.Effect.Value) / 2 && _result.CarryOver.PValue < 0.1
        ? $" What the first arm left behind may have moved this answer: the first period alone, which it cannot reach, gives {Range(_result.FirstPeriod)}."
        : string.Empty;

    protected override IEnumerable<Estimate> Estimates()
    {
        yield return Line("difference", Contrast, _result.Effect, "primary");
        yield return Line("difference", Contrast, _result.FirstPeriod, "sensitivity");
        yield return Line("period", "second - first period", _result.Period, "descriptive");
        yield return Line("carry-over", $"left behind by {Arm} - by {_units.Arms[0]}", _result.CarryOver, "descriptive");
    }

    protected override IEnumerable<IEvidence> Evidence()
    {
        yield return new AssignmentCounts
        {
            Arms = [$"{_units.Arms[0]}, then {Arm}", $"{Arm}, then {_units.Arms[0]}"], Observed = [_units.ControlFirst.First.Length, _units.TreatmentFirst.First.Length], PlannedShares = [0.5, 0.5], SplitDeclared = false, Looks = 1,
        };
        var due = Pieces + _units.Lacking.Sum();
        yield return new OutcomeFlow { Metric = Metric.Name, Arms = _units.Arms, Assigned = [due, due], Observed = [due - _units.Lacking[0], due - _units.Lacking[1]] };
        var e = _result.Effect;
        var spread = Moments.Of([.. _units.ControlFirst.First.Zip(_units.ControlFirst.Second, (a, b) => a - b)]);
        yield return new PrimaryResult
        {
            Metric = Metric.Name, Contrast = Contrast, Difference = e.Value, Low = e.Low, High = e.High, StandardError = e.StandardError, PValue = e.PValue, Alpha = Alpha, Worthwhile = _design.Worthwhile(Metric, ControlMean),
            ControlDeviation = spread.StandardDeviation, TreatmentUnits = _units.TreatmentFirst.First.Length, ControlUnits = _units.ControlFirst.First.Length,
        };
    }

    protected override IEnumerable<string> Limitations()
    {
        yield return $"{Figures.Count(_units.ControlFirst.First.Length, "unit")} had {_units.Arms[0]} first and {Figures.Count(_units.TreatmentFirst.First.Length)} had {Arm} first; each is its own control, and what changed from one period to the next for everybody ({AbWords.Text(_result.Period, Unit).Point}) falls out.";
        var carry = _result.CarryOver;
        yield return $"If {Arm} leaves something behind in the second period that {_units.Arms[0]} does not, the answer is off by minus half of that: the data allow {AbWords.Text(carry, Unit).Range} ({Figures.P(carry.PValue)}). That test is weak and does not choose the answer; whether the time between the periods was long enough must be known from elsewhere.";
        if (_units.SetAside > 0)
        {
            yield return $"{Figures.Count(_units.SetAside, "unit")} set aside that {(_units.SetAside == 1 ? "was" : "were")} not seen in both periods with one arm in each: units that leave because of an arm would tilt the answer.";
        }
    }

    protected override IEnumerable<string> Next()
    {
        var saved = 1 - Square(_result.Effect.StandardError / _result.FirstPeriod.StandardError);
        yield return saved > 0
            ? $"Crossing over saved {Figures.WholePercent(saved)} of the variance of comparing units in the first period; leave a gap between periods when an arm may linger."
            : "Units are hardly like themselves from one period to the next, so crossing over saved nothing: a parallel test is simpler.";
    }

    protected override IEnumerable<Plot> Plots()
    {
        var title = $"Effect on {Metric.Name}";
        yield return new Plot("effect", title, IntervalPlot.Build(
            [new("within units", _result.Effect.Value, _result.Effect.Low, _result.Effect.High), new("first period alone", _result.FirstPeriod.Value, _result.FirstPeriod.Low, _result.FirstPeriod.High)], $"effect on {Metric.Name}", new PlotUnit(Unit, Change: true)));
    }

    protected override IEnumerable<ResultTable> Tables() => [new("orders", "Means by order and period", ["order", "units", "first period", "second period"],
    [
        [$"{_units.Arms[0]}, then {Arm}", (long)_units.ControlFirst.First.Length, _units.ControlFirst.First.Average(), _units.ControlFirst.Second.Average()],
        [$"{Arm}, then {_units.Arms[0]}", (long)_units.TreatmentFirst.First.Length, _units.TreatmentFirst.First.Average(), _units.TreatmentFirst.Second.Average()],
    ])];

    private static double Square(double x) => x * x;
}
