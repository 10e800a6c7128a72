using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Evidence.Regression;
using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Core.Studies;
using Gnomon.Methods.Inference;
using Gnomon.Numerics;

namespace Gnomon.Studies.Ab.Geo;

/// <summary>The finding of a geo test: what the treated regions did against what the others foretell of them.</summary>
internal sealed class GeoReport : Special.SpecialReport
{
    private const int MostRows = 200;
    private const double Drifting = 0.1;

    // Where so few assignments cannot make the check fail, standing out at 5 % before the start is enough to hold the launch.
    private const double Settled = 0.01;
    private const double Parted = 0.05;
    private readonly GeoPanel _panel;
    private readonly GeoAnswer _answer;
    private readonly AbOptions _options;

    public GeoReport(AbOptions options, StudyContext context)
    {
        _options = options;
        _panel = GeoPanel.Read(options, context);
        _answer = new GeoAnalysis(_panel).Answer();
    }

    private ContrastResult Effect => _answer.Effect;

    protected override string Title => $"What did {Arm} do to {Metric} in its regions?";

    protected override string MetricName => Metric;

    protected override long Pieces => _panel.Treated.Length;

    protected override string Unit => _panel.History.Unit;

    private string Metric => _panel.Metric.Name;

    private string Arm => _panel.Arms[1];

    private bool IsAtLevel => Math.Abs(Effect.Level - _options.Level) < 1e-12;

    private string Per => _panel.History.Sizes is null ? $" per region and {Period}" : string.Empty;

    private string Period => _panel.History.Span(2) is var two && two.StartsWith("2 ", StringComparison.Ordinal) ? two[2..^1] : "period";

    protected override Proposal Propose()
    {
        var sign = _panel.Metric.Sign;
        var lift = _answer.Lift is { } l ? $", {Figures.Range(l.Low, l.High, "relative")} of the {Figures.Level(_answer.Observed - Effect.Value, Unit, Effect.High - Effect.Low)} that the other regions foretell" : string.Empty;
        var range = $"{Figures.Confidence(Effect.Level)} interval {AbWords.Text(Effect, Unit).Range}";
        var clear = IsAtLevel && Effect.PValue < 1 - _options.Level;
        if (clear && _answer.Trend is { SmallestP: >= Settled, PValue: <= Parted } trend)
        {
            return new Proposal(DecisionAction.Investigate, $"The regions had begun to part before the start ({trend.DriftText}, {Figures.P(trend.PValue)}), so the gap after it is no effect yet: {Metric} lies {AbWords.Text(Effect, Unit).Point}{Per} from what the other regions foretell ({range}{lift}).");
        }

        var worth = _panel.Design.Worthwhile(_panel.Metric, _answer.Observed - Effect.Value);
        if (IsAtLevel && Trivial(Effect, worth, $"{Arm} changes {Metric} by {AbWords.Text(Effect, Unit).Point}{Per} ({range})") is { } trivial)
        {
            return trivial;
        }

        if (clear)
        {
            var size = Figures.Effect(Math.Abs(Effect.Value), Unit, Effect.High - Effect.Low).TrimStart('+');
            return new Proposal(sign * Effect.Value > 0 ? DecisionAction.Ship : DecisionAction.DoNotShip, $"{Arm} {(Effect.Value > 0 ? "raises" : "lowers")} {Metric} by {size}{Per} ({range}{lift}).{Total()}");
        }

        if (IsAtLevel && sign * (sign > 0 ? Effect.High : Effect.Low) < worth)
        {
            return new Proposal(DecisionAction.DoNotShip, $"No effect worth having: {Arm} changes {Metric} by {AbWords.Text(Effect, Unit).Point}{Per} ({range}), and {Figures.Effect(worth.Value, Unit)} was asked for.");
        }

        var few = IsAtLevel ? string.Empty
            : _answer.Test!.SmallestP <= 1 - _options.Level ? $" At {Figures.Confidence(_options.Level)} no bounded interval exists, because the gaps of other regions would grow with the effect; it is at {Figures.Confidence(Effect.Level)}."
            : $" So few regions could have been chosen in so few ways that no p below {_answer.Test!.SmallestP:0.000} is possible, which is why the interval is at {Figures.Confidence(Effect.Level)}.";
        return new Proposal(DecisionAction.Inconclusive, $"Not settled: {Arm} changes {Metric} by {AbWords.Text(Effect, Unit).Point}{Per}, {Figures.P(Effect.PValue)}; the data allow anything from {AbWords.Text(Effect, Unit).Range} at {Figures.Confidence(Effect.Level)} confidence{lift}.{few}");
    }

    // Added up over the treated regions and the time of the test.
    private string Total()
    {
        if (_panel.History.Sizes is not null)
        {
            return string.Empty;
        }

        var times = (double)_panel.TreatedCount * _panel.After;
        var text = AbWords.Text(Effect with { Value = times * Effect.Value, Low = times * Effect.Low, High = times * Effect.High }, Unit);
        return $" Over {_panel.History.Span(_panel.After)} in {Figures.Count(_panel.TreatedCount, "region")} that is {text.Point} in all ({text.Range}).";
    }

    protected override IEnumerable<Estimate> Estimates()
    {
        yield return Line("difference", _panel.Contrast, Effect, "primary");
        if (_answer.Lift is { } l)
        {
            yield return Line("lift", _panel.Contrast, Effect with { Value = l.Value, Low = l.Low, High = l.High }, "primary", $"{Effect.Method}, over what the other regions foretell") with { Contrast = $"{Arm} / foretold - 1", Unit = "relative", P = null };
        }

        foreach (var (contrast, method) in _answer.Beside)
        {
            yield return Line("difference", _panel.Contrast, contrast, "sensitivity", method);
        }
    }

    protected override IEnumerable<IEvidence> Evidence()
    {
        if (_answer.Trend is { } trend)
        {
            yield return trend;
        }

        if (_answer.Synthetic is null)
        {
            yield return new ClusterCount
            {
                Column = _options.Cluster!, Rows = _panel.History.Rows, Clusters = _panel.Treated.Length, SmallestDegrees = _answer.Beside.Select(b => b.Contrast.DegreesOfFreedom).Prepend(Effect.DegreesOfFreedom).FirstOrDefault(d => d is not null),
                LargestShare = 1.0 / _panel.Treated.Length, IsRerandomised = _answer.IsRerandomised,
            };
        }

        var control = Moments.Of([.. _panel.Means(after: true).Where((_, i) => !_panel.Treated[i])]);
        yield return new PrimaryResult
        {
            Metric = Metric, Contrast = _panel.Contrast, Difference = Effect.Value, Low = Effect.Low, High = Effect.High, StandardError = Effect.StandardError, PValue = Effect.PValue, Alpha = 1 - _options.Level,
            Worthwhile = _panel.Design.Worthwhile(_panel.Metric, _answer.Observed - Effect.Value), ControlDeviation = control.Count >= 2 ? control.StandardDeviation : 0, TreatmentUnits = _panel.TreatedCount, ControlUnits = _panel.ControlCount,
        };
    }

    protected override IEnumerable<string> Limitations()
    {
        yield return _answer.Why;
        yield return $"{_panel.History.Span(_panel.Before)} before {_panel.History.Name(_panel.History.Periods[_panel.Before])} and {_panel.History.Span(_panel.After)} from then on{(_panel.History.Sizes is null ? $"; {Metric} is added up by region and {Period}" : string.Empty)}.";
        if (_answer.Synthetic is { } s)
        {
            yield return $"The interval holds for an effect that does not change from one {Period} to the next; it is exact when the treated {(_panel.TreatedCount == 1 ? "region was" : "regions were")} drawn at random, and a comparison with what chance looks like when {(_panel.TreatedCount == 1 ? "it was" : "they were")} picked.";
            yield return $"Before the start the treated {(_panel.TreatedCount == 1 ? "region lies" : "regions lie")} {Figures.Number(s.Misfit)} from the mix on average (root mean square); the ratio of gaps after and before gives {Figures.P(s.RatioP)}.";
        }

        yield return "Regions are taken as closed: people who travel or buy across a border make the gap smaller than the effect, and sales that move over a border make it larger.";
        if (_answer.Trend is { PValue: < Drifting and >= 0.01 } trend)
        {
            yield return $"Before the start the arms had begun to part ({trend.DriftText} when carried on to the test, {Figures.P(trend.PValue)}): read the chart before trusting the gap.";
        }

        foreach (var (names, why) in new[] { (_panel.History.SetAside, "lack a value in some period"), (_panel.LeftOut, _options.Pairs is null ? "have no arm" : "have no arm or no partner") })
        {
            if (names.Count > 0)
            {
                yield return $"{Figures.Count(names.Count, "region")} set aside, {(names.Count == 1 ? why.Replace("lack", "lacks", StringComparison.Ordinal).Replace("have", "has", StringComparison.Ordinal) : why)}: {string.Join(", ", names.Take(5))}{(names.Count > 5 ? ", ..." : string.Empty)}.";
            }
        }
    }

    protected override IEnumerable<string> Next()
    {
        if (!IsAtLevel || Effect.PValue >= 1 - _options.Level)
        {
            yield return $"See what more regions or weeks would show: gnomon design HISTORY --kind geo --cluster {_options.Cluster} --time {_options.Time} --metric {Metric}";
        }

        yield return "Keep the control regions untouched a while longer: whether the gap stays says whether the effect lasts.";
    }

    protected override IEnumerable<Plot> Plots()
    {
        var title = $"Effect on {Metric}{Per}";
        yield return new Plot("effect", title, IntervalPlot.Build(
            [new IntervalRow(_panel.Contrast, Effect.Value, Effect.Low, Effect.High), .. _answer.Beside.Select(b => new IntervalRow(b.Method.Split(',', ':')[0], b.Contrast.Value, b.Contrast.Low, b.Contrast.High))], $"effect on {Metric}", new PlotUnit(Unit, Change: true)));
        if (!_panel.History.AreDates)
        {
            yield break;
        }

        LinePoint At(int t, double value, string series) => new(DateTimeOffset.UnixEpoch.AddDays(_panel.History.Periods[t]), value, series);
        var all = Enumerable.Range(0, _panel.History.Periods.Length).ToList();
        var start = new LineMoment(DateTimeOffset.UnixEpoch.AddDays(_panel.History.Periods[_panel.Before]), "start");
        yield return new Plot("counterfactual", $"{Metric} in the treated regions, and what the others foretell; the change began on {_panel.History.Name(_panel.History.Periods[_panel.Before])}", LinePlot.Build(
            [.. all.Select(t => At(t, _answer.Treated[t], Arm)), .. all.Select(t => At(t, _answer.Expected[t], $"foretold without {Arm}"))], Metric, new PlotUnit(Unit), moment: start));
        yield return new Plot("gap", $"Gap by {Period}: near 0 before {_panel.History.Name(_panel.History.Periods[_panel.Before])}, the effect after", LinePlot.Build(
            [.. all.Select(t => At(t, _answer.Treated[t] - _answer.Expected[t], "gap"))], $"gap in {Metric}", new PlotUnit(Unit, Change: true), moment: start));
    }

    protected override IEnumerable<ResultTable> Tables()
    {
        var (before, after) = (_panel.Means(after: false), _panel.Means(after: true));
        var weights = _answer.Synthetic?.Donors;
        var order = Enumerable.Range(0, before.Length).OrderByDescending(i => _panel.Treated[i]).ThenByDescending(i => weights is null ? 0 : Math.Abs(weights[i])).ToList();
        yield return new ResultTable(
            "regions", order.Count > MostRows ? $"Regions (first {MostRows} of {order.Count})" : "Regions", ["region", "arm", "before", "after", "change", .. weights is null ? Array.Empty<string>() : ["weight"]],
            [.. order.Take(MostRows).Select(i => (IReadOnlyList<object?>)[_panel.History.Regions[i], _panel.Arms[_panel.Treated[i] ? 1 : 0], before[i], after[i], after[i] - before[i], .. weights is null ? Array.Empty<object?>() : [_panel.Treated[i] ? null : weights[i]]])]);
        if (_answer.Test is { } test)
        {
            yield return new ResultTable("reassigned", "Assigning the regions again", ["assignments", "all there are", "p", "smallest p possible"], [[test.Assignments, test.IsExact, test.PValue, test.SmallestP]]);
        }
    }
}
