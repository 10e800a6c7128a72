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

/// <summary>The finding of an ego-cluster experiment: what their own arm and that of their alters do to egos.</summary>
internal sealed class EgoReport : SpecialReport
{
    private const double ManyLinksCut = 0.7;
    private readonly AbDesign _design;
    private readonly EgoUnits _units;
    private readonly EgoEffectsResult _result;

    public EgoReport(AbOptions options, StudyContext context)
    {
        _design = AbDesign.Read(options, context.RequireData().Schema);
        _units = EgoUnits.Read(_design, context);
        try
        {
            _result = EgoEffects.Estimate(_units.Egos, _design.Level);
        }
        catch (TooFewRowsException wrong)
        {
            throw new GnomonError("too-few-rows", wrong.Message, "--ego", "Both arms need several egos; see gnomon design --kind ego.", wrong);
        }
        catch (NotEstimableException wrong)
        {
            throw new GnomonError("not-estimable", $"{MetricName}: {wrong.Message}", "--metric", "Name a metric that varies.", wrong);
        }
    }

    protected override string Title => $"What does {Arm} do to {MetricName} of people who get it with those around them?";

    protected override string MetricName => _design.Metrics[0].Name;

    protected override string Unit => _units.IsShare ? "proportion" : MetricName;

    protected override long Pieces => _units.Egos.Count;

    private string Arm => _units.Arms[1];

    private double Alpha => 1 - _design.Level;

    // The effect of a launch where the design has it; else what reaches egos through their alters.
    private ContrastResult Lead => _result.Total ?? _result.SpillOver!;

    private bool IsTotal => _result.Total is not null;

    private Moments Control => Moments.Of([.. _units.Egos.Where(e => !e.Alters && (!IsTotal || !e.Own)).Select(e => e.Value)]);

    public static IEnumerable<GnomonError> Validate(AbOptions options)
    {
        if (options.Ego is null)
        {
            yield break;
        }

        foreach (var (option, isGiven, example) in new[] { ("--unit", options.Unit is not null, "--unit user_id"), ("--edges", options.Edges is not null, "--edges friends.csv") })
        {
            if (!isGiven)
            {
                yield return new GnomonError("option-missing", $"--ego needs {option}.", option, $"Write {example}.");
            }
        }

        if (options.Metric.Count != 1)
        {
            yield return new GnomonError("options-conflict", "Ego clusters are read for one metric.", "--metric", "Name one metric, and run again for the others.");
        }

        foreach (var wrong in SpecialDesigns.Refuse(options, "--ego", "Egos are compared", "--unit"))
        {
            yield return wrong;
        }
    }

    protected override Proposal Propose()
    {
        var parts = string.Join(", ", new[] { _result.Direct is { } d ? $"{Range(d)} from the own arm alone" : null, IsTotal && _result.SpillOver is { } s ? $"{Range(s)} from the alters alone" : null }.OfType<string>());
        var what = IsTotal ? $"Giving {Arm} to people and to those around them changes their {MetricName} by" : $"Giving {Arm} to those around people, and not changing their own arm, changes their {MetricName} by";
        var head = $"{what} {Range(Lead)}, {Figures.P(Lead.PValue)}{(parts.Length > 0 ? $": {parts}" : string.Empty)}.";
        return IsTotal && Trivial(Lead, _design.Worthwhile(_design.Metrics[0], Control.Mean), $"{char.ToLowerInvariant(what[0])}{what[1..]} {Range(Lead)}") is { } trivial ? trivial
            : Lead.PValue >= Alpha ? new Proposal(DecisionAction.Inconclusive, $"Not settled. {head}")
            : new Proposal(_design.Metrics[0].Sign * Lead.Value < 0 ? DecisionAction.DoNotShip : IsTotal ? DecisionAction.Ship : DecisionAction.Inconclusive, IsTotal ? head : $"{head} What the own arm does was not drawn, so a launch is not settled by this.");
    }

    protected override IEnumerable<Estimate> Estimates() => Named().Select(n => Line(n.Name, n.Contrast, n.Result, n.Role));

    protected override IEnumerable<IEvidence> Evidence()
    {
        yield return new AssignmentCounts
        {
            Arms = [$"alters {_units.Arms[0]}", $"alters {Arm}"], Observed = [_units.Egos.Count(e => !e.Alters), _units.Egos.Count(e => e.Alters)], PlannedShares = [0.5, 0.5], SplitDeclared = false, Looks = 1,
        };
        var lead = Lead;
        var control = Control;
        yield return new PrimaryResult
        {
            Metric = MetricName, Contrast = Named().First().Contrast, Difference = lead.Value, Low = lead.Low, High = lead.High, StandardError = lead.StandardError, PValue = lead.PValue, Alpha = Alpha, Worthwhile = _design.Worthwhile(_design.Metrics[0], control.Mean),
            ControlDeviation = control.Count >= 2 ? control.StandardDeviation : 0, TreatmentUnits = _units.Egos.Count(e => e.Alters && (!IsTotal || e.Own)), ControlUnits = control.Count,
        };
        if (_result.SpillOver is { } spill)
        {
            yield return new SpillOver
            {
                Metric = MetricName, Compared = "egos whose alters were treated against those whose alters were not", Response = spill.Value, ResponseText = $"{Figures.Effect(spill.Value, Unit)} on {MetricName}", PValue = spill.PValue, SmallestP = 0,
                Looked = _units.Egos.Count, IsModelled = true,
            };
        }
    }

    protected override IEnumerable<string> Limitations()
    {
        yield return $"{Figures.Count(_units.Egos.Count, "ego")} of {Figures.Count(_units.Units, "unit")} answer; each is one piece of evidence, however many alters it has, and alters do not count as outcomes: they are near egos by choice.";
        yield return $"Egos keep {Figures.WholePercent(_units.KeptShare)} of their links inside their cluster{(_result.ExposureGained is { } g ? $"; drawing their alters for {Arm} raises the share of neighbours that have it by {Figures.WholePercent(g)}" : string.Empty)}. Links that were cut pull {(IsTotal ? "the total effect" : "the effect")} towards {(IsTotal ? "the direct one" : "0")}{(_result.FullSpillOver is null ? string.Empty : "; the line from none to all neighbours undoes that for what comes through alters, if the response is straight")}.";
        if (_units.KeptShare < ManyLinksCut)
        {
            yield return "So many links are cut that the clusters hardly differ from units drawn one by one: cut out fewer egos, with a higher --kept.";
        }

        yield return IsTotal && _result.SpillOver is null ? "Egos have the arm of their alters, so what comes from the own arm and what from the alters is not told apart: draw the egos' own arm by itself (--ego-arm own) to see both."
            : "Effects are taken to come from neighbours and no further; neighbours of neighbours are in other arms.";
        yield return "Egos are people whose links can be cut out: they have fewer links than people do on average, and the answer is theirs.";
        if (_units.SetAside > 0)
        {
            yield return $"{Figures.Count(_units.SetAside, "ego")} set aside without an arm, an outcome or an alter in the data.";
        }
    }

    protected override IEnumerable<string> Next()
    {
        if (Lead.PValue >= Alpha)
        {
            yield return "More egos narrow this, more alters hardly do: see how many can be cut out with gnomon design EDGES --kind ego, at a lower --kept.";
        }

        if (_result.SpillOver is { } spill && spill.PValue < Alpha)
        {
            yield return $"A test of single units misses what comes through alters ({AbWords.Text(spill, Unit).Range}): assign clusters, or read it with --edges.";
        }
    }

    protected override IEnumerable<Plot> Plots()
    {
        var title = $"Effects on {MetricName} of egos";
        yield return new Plot("effect", title, IntervalPlot.Build([.. Named().Select(n => new IntervalRow(n.Name, n.Result.Value, n.Result.Low, n.Result.High))], $"effect on {MetricName}", new PlotUnit(Unit, Change: true)));
    }

    protected override IEnumerable<ResultTable> Tables()
    {
        yield return new ResultTable("egos", "Egos by their own arm and that of their alters", ["own arm", "alters' arm", "egos", MetricName, "share of neighbours treated"],
            [.. _units.Egos.GroupBy(e => (e.Own, e.Alters)).OrderBy(g => g.Key.Own).ThenBy(g => g.Key.Alters).Select(g => (IReadOnlyList<object?>)[_units.Arms[g.Key.Own ? 1 : 0], _units.Arms[g.Key.Alters ? 1 : 0], (long)g.Count(), g.Average(e => e.Value), Figures.WholePercent(g.Average(e => e.Exposure))])]);
    }

    private IEnumerable<(string Name, string Contrast, ContrastResult Result, string Role)> Named()
    {
        var control = _units.Arms[0];
        if (_result.Total is { } total)
        {
            yield return ("total effect", $"ego and alters {Arm} - both {control}", total, "primary");
        }

        if (_result.Direct is { } direct)
        {
            yield return ("direct effect", $"ego {Arm} - ego {control}, alters {control}", direct, "secondary");
        }

        if (_result.SpillOver is { } spill)
        {
            yield return ("spill-over", $"alters {Arm} - alters {control}, ego {(_result.Egos[0] > 1 && _result.Egos[1] > 1 ? control : Arm)}", spill, IsTotal ? "secondary" : "primary");
        }

        if (_result.FullSpillOver is { } full)
        {
            yield return ("spill-over, none to all neighbours", "a line in the share of neighbours treated", full, "sensitivity");
        }
    }
}
