using Gnomon.Core.Checks;
using Gnomon.Core.Errors;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Methods;
using Gnomon.Methods.Inference;
using Gnomon.Methods.Interference;
using Gnomon.Studies.Ab.Touching;

namespace Gnomon.Studies.Ab.Special;

/// <summary>The finding of a market whose two sides were both assigned: what a treated pair adds, and what reaches the pairs beside it.</summary>
internal sealed class MarketReport : SpecialReport
{
    private const long MostPairs = 20_000_000;
    private readonly AbOptions _options;
    private readonly AbDesign _design;
    private readonly MarketSide _buyers;
    private readonly MarketSide _sellers;
    private readonly TwoSidedResult _result;
    private readonly long _pairsSeen;

    public MarketReport(AbOptions options, StudyContext context)
    {
        _options = options;
        var data = context.RequireData();
        _design = AbDesign.Read(options, data.Schema);
        (_buyers, _sellers) = (MarketSide.Read(options.Buyers!, "--buyers", _design, data, context.Cancellation), MarketSide.Read(options.Sellers!, "--sellers", _design, data, context.Cancellation));
        if ((long)_buyers.Treated.Length * _sellers.Treated.Length > MostPairs)
        {
            throw new GnomonError("too-many-groups", $"{Figures.Count(_buyers.Treated.Length)} buyers and {Figures.Count(_sellers.Treated.Length)} sellers make more than {Figures.Count(MostPairs)} pairs.", "--buyers, --sellers", "Keep a random part of the buyers with --where.");
        }

        var values = Values(data, context, out _pairsSeen);
        try
        {
            _result = TwoSided.Estimate(values, _buyers.Treated, _sellers.Treated, _design.Level);
        }
        catch (TooFewRowsException wrong)
        {
            throw new GnomonError("too-few-rows", wrong.Message, "--buyers, --sellers", "Both sides need several units in both arms; with one side assigned, name its column with --unit and --variant.", wrong);
        }
        catch (NotEstimableException wrong)
        {
            throw new GnomonError("not-estimable", $"{Metric.Name}: {wrong.Message}", "--metric", "Name a metric that varies.", wrong);
        }
    }

    private MetricSpec Metric => _design.Metrics[0];

    protected override string Unit => Metric.Name;

    private double Alpha => 1 - _design.Level;

    private long Pairs => (long)_buyers.Treated.Length * _sellers.Treated.Length;

    public static IEnumerable<GnomonError> Validate(AbOptions options)
    {
        if (options.Buyers is null && options.Sellers is null)
        {
            yield break;
        }

        foreach (var (option, text) in new[] { ("--buyers", options.Buyers), ("--sellers", options.Sellers) })
        {
            if (text?.Split(':') is not [{ Length: > 0 }, { Length: > 0 }])
            {
                yield return new GnomonError("option-missing", $"A market needs {option} with the column of the unit and that of its arm{(text is null ? string.Empty : $"; got '{text}'")}.", option, $"Write {option} {option.Trim('-')[..^1]}_id:{option.Trim('-')[..^1]}_arm.");
            }
        }

        if (options.Metric.Count != 1 || options.Variant is not null)
        {
            yield return new GnomonError("options-conflict", "A market is read for one metric, and its arms are named with the two sides.", "--metric, --variant", "Name one --metric, and leave out --variant.");
        }

        foreach (var wrong in SpecialDesigns.Refuse(options, "--buyers", "Pairs of a market are compared"))
        {
            yield return wrong;
        }
    }

    protected override string Title => $"What does the change do to {Metric.Name} in a market whose sides touch?";

    protected override string MetricName => Metric.Name;

    protected override long Pieces => Pairs;

    protected override IEnumerable<Estimate> Estimates() => Named().Select(n => Line(n.Name, n.Contrast, n.Result, n.Role));

    protected override IEnumerable<IEvidence> Evidence()
    {
        yield return Counts(_buyers);
        yield return Counts(_sellers);
        var total = _result.Total;
        yield return new PrimaryResult
        {
            Metric = Metric.Name, Contrast = "both treated - neither", Difference = total.Value, Low = total.Low, High = total.High, StandardError = total.StandardError, PValue = total.PValue, Alpha = Alpha,
            Worthwhile = _design.Worthwhile(Metric, _result.Means.Neither), ControlDeviation = 0, TreatmentUnits = _buyers.Treated.LongCount(t => t) + _sellers.Treated.LongCount(t => t),
            ControlUnits = _buyers.Treated.LongCount(t => !t) + _sellers.Treated.LongCount(t => !t),
        };
    }

    protected override IEnumerable<string> Next() => ["Read the total effect for a launch to both sides; the effect of a test that assigns buyers alone mixes the direct effect with what sellers lose or gain elsewhere."];

    protected override IEnumerable<ResultTable> Tables() =>
    [
        new ResultTable("pairs", "Means by pair", ["buyer", "seller", $"{Metric.Name} per pair"], [["untreated", "untreated", _result.Means.Neither], ["treated", "untreated", _result.Means.BuyerOnly], ["untreated", "treated", _result.Means.SellerOnly], ["treated", "treated", _result.Means.Both]]),
    ];

    private double[] Values(IDataset data, StudyContext context, out long seen)
    {
        var usable = _buyers.Id.IsNull().Not().And(_sellers.Id.IsNull().Not());
        var parts = MetricTotals.Of([Metric], data, usable, context.Cancellation, _ => 0);
        var table = data.Read(new Query { Select = [new("buyer", _buyers.Id), new("seller", _sellers.Id), .. MetricTotals.Select(parts).Take(2), new("rows", Scalar.Aggregate(AggregateFunction.RowCount))], Where = usable, GroupBy = [_buyers.Id, _sellers.Id], OrderBy = [new(_buyers.Id), new(_sellers.Id)] }, context.Cancellation);
        var (b, s, sums) = ((TextColumn)table.Columns[0], (TextColumn)table.Columns[1], (DoubleColumn)table.Columns[2]);
        var (present, rows) = ((DoubleColumn)table.Columns[3], ((IntegerColumn)table.Columns[4]).Values.ToArray());
        var empty = Enumerable.Range(0, table.Rows).Sum(i => rows[i] - (long)present.Values[i]);
        if (empty > 0)
        {
            throw new GnomonError(
                "values-missing", $"{data.Name}: {Metric.Name} is empty in {Figures.Count(empty)} of {Figures.Count(rows.Sum(), "row")}. A pair without rows counts as 0; what an empty value stands for is not known, and leaving it out would tilt the means.", "--metric",
                $"Fill them in, or, where empty means 0, leave these rows out: --where \"{Metric.Column} IS NOT NULL\".");
        }

        var values = new double[Pairs];
        for (var i = 0; i < table.Rows; i++)
        {
            if (!sums.IsNull(i) && _buyers.Index.TryGetValue(b.Dictionary[b.Codes[i]], out var buyer) && _sellers.Index.TryGetValue(s.Dictionary[s.Codes[i]], out var seller))
            {
                values[(long)buyer * _sellers.Treated.Length + seller] = sums.Values[i];
            }
        }

        seen = table.Rows;
        return values;
    }

    private IEnumerable<(string Name, string Contrast, ContrastResult Result, string Role)> Named()
    {
        yield return ("total effect", "both treated - neither", _result.Total, "primary");
        yield return ("direct effect", "both - buyer only - seller only + neither", _result.Direct, "secondary");
        yield return ("spill-over of buyers", "buyer only - neither", _result.BuyerSpillOver, "secondary");
        yield return ("spill-over of sellers", "seller only - neither", _result.SellerSpillOver, "secondary");
    }

    protected override Proposal Propose()
    {
        var total = _result.Total;
        var head = $"Treating both sides changes {Metric.Name} by {Range(total)} per pair of buyer and seller, {Figures.P(total.PValue)}: {Range(_result.Direct)} in the treated pair itself, {Range(_result.BuyerSpillOver)} from treated buyers and {Range(_result.SellerSpillOver)} from treated sellers in pairs with untreated ones.";
        return Trivial(total, _design.Worthwhile(Metric, _result.Means.Neither), $"treating both sides changes {Metric.Name} by {Range(total)} per pair of buyer and seller") is { } trivial ? trivial
            : total.PValue < Alpha ? new Proposal(Metric.Sign * total.Value > 0 ? DecisionAction.Ship : DecisionAction.DoNotShip, $"{head}{Bias()}")
            : new Proposal(DecisionAction.Inconclusive, $"Not settled. {head}{Bias()}");
    }

    // What a test of one side would have said, where the spill-over is clear.
    private string Bias()
    {
        var spill = _result.BuyerSpillOver.PValue < Alpha ? _result.BuyerSpillOver : _result.SellerSpillOver.PValue < Alpha ? _result.SellerSpillOver : null;
        if (spill is null)
        {
            return string.Empty;
        }

        var (direct, others) = (Metric.Sign * _result.Direct.Value, Metric.Sign * spill.Value > 0 ? "gain" : "lose");
        return _result.Direct.PValue >= Alpha ? $" Pairs with one treated side {others}, and what a treated pair adds of its own is not settled, so a comparison inside the market misreads a launch."
            : direct * Metric.Sign * spill.Value > 0 ? $" Pairs with one treated side {others} along with treated ones, so a comparison inside the market understates a launch."
            : direct > 0 ? " Treated pairs gain at the cost of others (cannibalisation), so a comparison inside the market overstates a launch."
            : " Treated pairs lose and others gain, so a comparison inside the market overstates the harm of a launch.";
    }

    private AssignmentCounts Counts(MarketSide side) => new()
    {
        Arms = side.Arms, Observed = [side.Treated.LongCount(t => !t), side.Treated.LongCount(t => t)], PlannedShares = [0.5, 0.5], SplitDeclared = false, Looks = 1,
    };

    protected override IEnumerable<string> Limitations()
    {
        yield return $"{Figures.Count(_buyers.Treated.Length, "buyer")} ({Figures.Count(_buyers.Treated.LongCount(t => t))} treated) and {Figures.Count(_sellers.Treated.Length, "seller")} ({Figures.Count(_sellers.Treated.LongCount(t => t))} treated) make {Figures.Count(Pairs, "pair")}; {Figures.Count(_pairsSeen)} of them have rows, whose {Metric.Name} is added up, and the others count as 0.";
        yield return "Effects are taken to travel along a buyer's own pairs and a seller's own pairs, and no further: what passes over a third side is not seen. Buyers and sellers without any row are not counted; list them with a 0 when they were assigned.";
        yield return "Every buyer and every seller is one piece of evidence, however many pairs they make; errors are by buyer and by seller.";
    }

    protected override IEnumerable<Plot> Plots()
    {
        var title = $"Effects on {Metric.Name} per pair";
        yield return new Plot("effect", title, IntervalPlot.Build([.. Named().Select(n => new IntervalRow(n.Name, n.Result.Value, n.Result.Low, n.Result.High))], $"effect on {Metric.Name}", new PlotUnit(Unit, Change: true)));
    }
}
