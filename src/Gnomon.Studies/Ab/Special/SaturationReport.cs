using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Evidence.Regression;
using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Methods;
using Gnomon.Methods.Inference;
using Gnomon.Methods.Interference;
using Gnomon.Numerics;
using Gnomon.Studies.Ab.Touching;

namespace Gnomon.Studies.Ab.Special;

/// <summary>The finding of a two-stage experiment: what the treated gain, and what those beside them do.</summary>
internal sealed class SaturationReport : SpecialReport
{
    private readonly AbOptions _options;
    private readonly AbDesign _design;
    private readonly IReadOnlyList<string> _arms;
    private readonly IReadOnlyList<SaturatedCluster> _clusters;
    private readonly TwoStageResult _result;
    private readonly long _rows;
    private readonly bool _isShare;

    public SaturationReport(AbOptions options, StudyContext context)
    {
        _options = options;
        var data = context.RequireData();
        _design = AbDesign.Read(options, data.Schema);
        (_arms, _clusters, _rows, _isShare) = Read(data, context);
        try
        {
            _result = TwoStage.Estimate(_clusters, _design.Level);
        }
        catch (TooFewRowsException wrong)
        {
            throw new GnomonError("too-few-clusters", wrong.Message, "--saturation", "A two-stage experiment needs several clusters at each of two saturations or more; with one saturation leave out --saturation.", wrong);
        }
    }

    private MetricSpec Metric => _design.Metrics[0];

    protected override string Title => $"What does {Arm} do to {Metric.Name}, for those who get it and those beside them?";

    protected override string MetricName => Metric.Name;

    protected override long Pieces => _clusters.Count;

    protected override string Unit => _isShare ? "proportion" : Metric.Kind == MetricKind.Value ? Metric.Name : "ratio";

    private string Arm => _arms[1];

    private SaturationEffects Top => _result.Effects[^1];

    private double Alpha => 1 - _design.Level;

    private Moments Base => Moments.Of([.. _clusters.Where(c => c.Saturation == _result.Base).Select(c => c.All)]);

    public static IEnumerable<GnomonError> Validate(AbOptions options)
    {
        if (options.Saturation is null)
        {
            yield break;
        }

        if (options.Cluster is null)
        {
            yield return new GnomonError("option-missing", "--saturation needs --cluster, the column of the groups that were given a share.", "--cluster", "Write --cluster COLUMN.");
        }

        if (options.Metric.Count + options.Ratio.Count + options.Rate.Count > 1)
        {
            yield return new GnomonError("options-conflict", "A two-stage experiment is read for one metric.", "--metric", "Name one metric, and run again for the others.");
        }

        foreach (var wrong in SpecialDesigns.Refuse(options, "--saturation", "Clusters of several saturations are compared", "--cluster", "--unit", "--ratio", "--rate"))
        {
            yield return wrong;
        }
    }

    private (IReadOnlyList<string>, IReadOnlyList<SaturatedCluster>, long, bool) Read(IDataset data, StudyContext context)
    {
        var cluster = Scalar.Column(data.Schema.Require(_options.Cluster!, "--cluster").Name).ToText();
        var arm = Scalar.Column(data.Schema.Require(_options.Variant!, "--variant").Name).ToText();
        var field = data.Schema.Require(_options.Saturation!, "--saturation");
        if (!field.IsNumeric)
        {
            throw new GnomonError("column-not-numeric", $"{field.Name} is {field.Type.ToString().ToLowerInvariant()}; a saturation is a share between 0 and 1.", "--saturation", "Name a column of numbers.");
        }

        var share = Scalar.Column(field.Name).ToDouble();
        var usable = MetricTotals.Named(arm).And(cluster.IsNull().Not()).And(share.IsNull().Not());
        var parts = MetricTotals.Of([_design.Metrics[0]], data, usable, context.Cancellation, _ => 0);
        var table = data.Read(
            new Query
            {
                Select = [new("cluster", cluster), new("arm", arm), new("low", Scalar.Aggregate(AggregateFunction.Min, share)), new("high", Scalar.Aggregate(AggregateFunction.Max, share)), new("rows", Scalar.Aggregate(AggregateFunction.RowCount)), .. MetricTotals.Select(parts).Take(2)],
                Where = usable, GroupBy = [cluster, arm], OrderBy = [new(cluster), new(arm)],
            },
            context.Cancellation);
        var (names, arms) = ((TextColumn)table.Columns[0], (TextColumn)table.Columns[1]);
        var (low, high) = ((DoubleColumn)table.Columns[2], (DoubleColumn)table.Columns[3]);
        var (sums, sizes) = ((DoubleColumn)table.Columns[5], (DoubleColumn)table.Columns[6]);
        string Text(TextColumn column, int i) => column.Dictionary[column.Codes[i]];
        var order = _design.OrderArms([.. Enumerable.Range(0, table.Rows).Select(i => Text(arms, i)).Distinct().Order(StringComparer.Ordinal)]);
        if (order.Count != 2)
        {
            throw new GnomonError("saturation-arms", $"{data.Name}: two arms are told apart, treated and not; '{_options.Variant}' has {order.Count}.", "--variant", "Keep two with --where.");
        }

        var clusters = new List<SaturatedCluster>();
        foreach (var rows in Enumerable.Range(0, table.Rows).GroupBy(i => names.Codes[i]))
        {
            var (least, most) = (rows.Min(i => low.Values[i]), rows.Max(i => high.Values[i]));
            if (least != most || least is < 0 or > 1)
            {
                throw new GnomonError("bad-saturation", $"{data.Name}: {_options.Cluster} {names.Dictionary[rows.Key]} has {_options.Saturation} from {Figures.Number(least)} to {Figures.Number(most)}; a cluster has one share between 0 and 1.", "--saturation", "Name the column with the share that was drawn for the cluster.");
            }

            double? Mean(int which) => rows.Where(i => which < 0 || Text(arms, i) == order[which]).Where(i => !sums.IsNull(i) && sizes.Values[i] > 0).ToList() is { Count: > 0 } own ? own.Sum(i => sums.Values[i]) / own.Sum(i => sizes.Values[i]) : null;
            if (Mean(-1) is { } all)
            {
                clusters.Add(new(least, Mean(1), Mean(0), all));
            }
        }

        return (order, clusters, ((IntegerColumn)table.Columns[4]).Values.ToArray().Sum(), parts[0].IsShare);
    }

    protected override Proposal Propose()
    {
        var at = Figures.Percent(Top.Saturation);
        if (Top.Overall is not { } all)
        {
            return new Proposal(DecisionAction.Inconclusive, $"Not known: at a saturation of {at} there are {Figures.Count(Top.Clusters, "cluster")}, and {Figures.Count(_result.BaseClusters)} at {Figures.Percent(_result.Base)}; two of each are needed, and they must differ.");
        }

        var parts = string.Join(", ", new[] { Top.Direct is { } d ? $"treated less untreated neighbours {Range(d)}" : null, Top.SpillOver is { } s ? $"untreated neighbours {Range(s)}" : null, Top.Total is { } t ? $"treated {Range(t)}" : null }.OfType<string>());
        var against = $"{(_result.Base == 0 ? "clusters without any" : $"clusters at {Figures.Percent(_result.Base)}")}";
        var head = $"Treating {at} of a cluster changes its {Metric.Name} by {Range(all)} against {against}, {Figures.P(all.PValue)}{(parts.Length > 0 ? $"; {parts}" : string.Empty)}.";
        return Trivial(all, _design.Worthwhile(Metric, Base.Mean), $"treating {at} of a cluster changes its {Metric.Name} by {Range(all)} against {against}") is { } trivial ? trivial
            : all.PValue < Alpha ? new Proposal(Metric.Sign * all.Value > 0 ? DecisionAction.Ship : DecisionAction.DoNotShip, head)
            : new Proposal(DecisionAction.Inconclusive, $"Not settled. {head}");
    }

    private IEnumerable<(string Name, string Contrast, ContrastResult Result)> Named(SaturationEffects e)
    {
        var at = Figures.Percent(e.Saturation);
        var low = Figures.Percent(_result.Base);
        if (e.Overall is { } overall)
        {
            yield return ("overall effect", $"all at {at} - all at {low}", overall);
        }

        if (e.Total is { } total)
        {
            yield return ("total effect", $"treated at {at} - untreated at {low}", total);
        }

        if (e.Direct is { } direct)
        {
            yield return ("direct effect", $"treated - untreated at {at}", direct);
        }

        if (e.SpillOver is { } spill)
        {
            yield return ("spill-over", $"untreated at {at} - untreated at {low}", spill);
        }
    }

    protected override IEnumerable<Estimate> Estimates()
    {
        foreach (var e in _result.Effects.Reverse())
        {
            foreach (var (name, contrast, result) in Named(e))
            {
                yield return Line(name, contrast, result, e == Top ? "primary" : "secondary");
            }
        }

        if (_result.Slope is { } slope)
        {
            yield return Line("spill-over, none to all treated", "untreated units, a line over all saturations", slope, "sensitivity");
        }
    }

    protected override IEnumerable<IEvidence> Evidence()
    {
        if (_result.Slope is { } slope)
        {
            yield return new SpillOver
            {
                Metric = Metric.Name, Compared = $"untreated units where all others are treated against where none is, a line over {Figures.Count(_result.Effects.Count, "saturation")}", Response = slope.Value,
                ResponseText = $"{Figures.Effect(slope.Value, Unit)} on {Metric.Name}", PValue = slope.PValue, SmallestP = 0, Looked = _clusters.Count, IsModelled = true,
            };
        }

        if (Top.Overall is { } all)
        {
            yield return new PrimaryResult
            {
                Metric = Metric.Name, Contrast = $"all at {Figures.Percent(Top.Saturation)} - all at {Figures.Percent(_result.Base)}", Difference = all.Value, Low = all.Low, High = all.High, StandardError = all.StandardError, PValue = all.PValue,
                Alpha = Alpha, Worthwhile = _design.Worthwhile(Metric, Base.Mean), ControlDeviation = Base.Count >= 2 ? Base.StandardDeviation : 0, TreatmentUnits = Top.Clusters, ControlUnits = _result.BaseClusters,
            };
        }

        yield return new ClusterCount { Column = _options.Cluster!, Rows = _rows, Clusters = _clusters.Count, SmallestDegrees = _result.Effects.SelectMany(Named).Select(n => n.Result.DegreesOfFreedom).Min(), LargestShare = 1.0 / _clusters.Count };
    }

    protected override IEnumerable<string> Limitations()
    {
        yield return $"{Figures.Count(_clusters.Count, "cluster")} at {Figures.Count(_result.Effects.Count, "saturation")} ({string.Join(", ", _result.Effects.Select(e => $"{Figures.Percent(e.Saturation)}: {e.Clusters}"))}). Every cluster weighs the same, whatever its size, and is one piece of evidence.";
        yield return "Effects may travel within a cluster and not between clusters; the saturation and then the treated units must have been drawn by chance.";
        if (_result.Base > 0)
        {
            yield return $"No cluster is without treatment, so spill-over, total and overall effects are against {Figures.Percent(_result.Base)} and miss what that share already does.";
        }

        if (Top.Saturation < 1)
        {
            yield return $"The highest saturation is {Figures.Percent(Top.Saturation)}: what happens when everybody is treated lies beyond it.";
        }

        if (_result.Effects.Count > 2)
        {
            yield return "The decision rests on the overall effect at the highest saturation; the others describe the way there, each with its own interval.";
        }
    }

    protected override IEnumerable<string> Next()
    {
        if (Top.Overall is not { } all || all.PValue >= Alpha)
        {
            yield return "More clusters narrow this, more units within them hardly do: add clusters at no treatment and at the highest share.";
        }

        if (_result.Slope is { PValue: < 0.05 } slope)
        {
            yield return $"Untreated units answer to the share treated around them ({AbWords.Text(slope, Unit).Range} from none to all): a test of units side by side would {(Top.Direct is { } d && Math.Sign(d.Value) == Math.Sign(slope.Value) ? "understate" : "overstate")} what a launch does.";
        }
    }

    protected override IEnumerable<Plot> Plots()
    {
        var title = $"Effects on {Metric.Name} by share treated";
        yield return new Plot("effect", title, IntervalPlot.Build([.. _result.Effects.Reverse().SelectMany(e => Named(e).Select(n => new IntervalRow($"{n.Name} at {Figures.Percent(e.Saturation)}", n.Result.Value, n.Result.Low, n.Result.High)))], $"effect on {Metric.Name}", new PlotUnit(Unit, Change: true)));
    }

    protected override IEnumerable<ResultTable> Tables() => [new("saturations", "Means by share treated, every cluster alike", ["share treated", "clusters", "treated", "untreated", "all"],
        [.. _clusters.GroupBy(c => c.Saturation).OrderBy(g => g.Key).Select(g => (IReadOnlyList<object?>)[Figures.Percent(g.Key), (long)g.Count(), Mean(g.Select(c => c.Treated)), Mean(g.Select(c => c.Control)), g.Average(c => c.All)])])];

    private static double? Mean(IEnumerable<double?> values) => values.OfType<double>().ToList() is { Count: > 0 } own ? own.Average() : null;
}
