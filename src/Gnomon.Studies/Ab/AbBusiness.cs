using Gnomon.Core.Errors;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Methods.Experiments;
using Gnomon.Studies.Design;

namespace Gnomon.Studies.Ab;

/// <summary>What the first primary metric is worth in money against what the change costs: payback, net worth, the cost of a wrong call, the worth of more data.</summary>
internal sealed class AbBusiness
{
    private const double DaysPerMonth = 365.25 / 12;
    private static readonly FigureUnit Money = new(1, string.Empty, Signed: true, NoEffect: 0);
    private readonly AbOptions _options;
    private readonly double _reach;
    private readonly List<(Comparison Comparison, BusinessCaseResult Result)> _arms;

    private AbBusiness(AbOptions options, double reach, List<(Comparison, BusinessCaseResult)> arms) => (_options, _reach, _arms) = (options, reach, arms);

    private (Comparison Comparison, BusinessCaseResult Result) Best => _arms.MaxBy(a => a.Result.Net);

    /// <returns>Null when no worth was given, or nothing could be compared.</returns>
    public static AbBusiness? Of(AbDesign design, AbFacts facts)
    {
        if (design.Options.Value is not { } value || design.Options.Reach is null)
        {
            return null;
        }

        var reach = Reach(design.Options.Reach!);
        var metric = design.Metrics[0].Name;
        var arms = facts.Comparisons.Where(c => c.Spec.Name == metric && c.Spec.Role == MetricRole.Primary && c.Effect.StandardError > 0)
            .Select(c => (c, BusinessCase.Of(c.Benefit, c.Effect.StandardError, value * reach, design.Options.Cost, design.Options.Horizon, design.Options.Discount, design.Options.Level))).ToList();
        return arms.Count == 0 ? null : new AbBusiness(design.Options, reach, arms);
    }

    /// <summary>A win that does not earn its cost is no reason to ship, and one that may not is none yet.</summary>
    /// <param name="proposal">What the effects alone support.</param>
    /// <param name="winner">The arm that it would ship; null for none.</param>
    public Proposal Weigh(Proposal proposal, string? winner)
    {
        var summary = $"{proposal.Summary.TrimEnd('.')}. {Sentence(winner)}";
        return proposal.Action != DecisionAction.Ship ? proposal with { Summary = summary } : Of(winner).Result switch
        {
            { Net: <= 0 } => proposal with { Action = DecisionAction.DoNotShip, Summary = $"It works and does not pay. {summary}" },
            { NetInterval.Low: <= 0 } r => proposal with { Action = DecisionAction.Inconclusive, Summary = $"It works; that it pays is not shown (the chance is {Figures.Percent(r.ChanceItPays)}). {summary}" },
            _ => proposal with { Summary = summary },
        };
    }

    /// <summary>Tables and sentences, and the net value of what the effects alone would ship.</summary>
    public AbPart Part(Proposal proposal, string? winner) => new()
    {
        Estimates = [.. Estimates()], Limitations = [.. Limitations()], Next = [.. Next(winner)], Tables = [Table()], Evidence = proposal.Action == DecisionAction.Ship ? [Value(Of(winner))] : [],
    };

    private NetValue Value((Comparison Comparison, BusinessCaseResult Result) arm) => new()
    {
        Arm = arm.Comparison.Arm, Metric = arm.Comparison.Spec.Name, Net = arm.Result.Net, Low = arm.Result.NetInterval.Low, High = arm.Result.NetInterval.High, Level = _options.Level,
        Cost = _options.Cost, Horizon = _options.Horizon, ChanceItPays = arm.Result.ChanceItPays,
    };

    // The arm that would be shipped, else the one that is worth most.
    private (Comparison Comparison, BusinessCaseResult Result) Of(string? winner) => _arms.Exists(a => a.Comparison.Arm == winner) ? _arms.Find(a => a.Comparison.Arm == winner) : Best;

    public IEnumerable<Estimate> Estimates() => _arms.Select(a => new Estimate
    {
        Name = "net worth", Metric = a.Comparison.Spec.Name, Contrast = a.Comparison.Contrast, Value = a.Result.Net, Low = a.Result.NetInterval.Low, High = a.Result.NetInterval.High, Level = _options.Level, Unit = "number",
        N = a.Comparison.N, Method = $"money over {Figures.Number(_options.Horizon)} months{(_options.Discount > 0 ? $" at {Figures.Percent(_options.Discount)} a year" : string.Empty)}, less the cost", Role = "descriptive",
    });

    public ResultTable Table() => new("business", "Business case", ["arm", "a month", "payback, months", "net worth", "low", "high", "pays, share", "loss if launched", "loss if left", "worth of as many units again"],
        [.. _arms.Select(a => (IReadOnlyList<object?>)[a.Comparison.Arm, a.Result.Monthly, a.Result.PaybackMonths, a.Result.Net, a.Result.NetInterval.Low, a.Result.NetInterval.High, a.Result.ChanceItPays, Small(a.Result.LossOfLaunching, a.Result), Small(a.Result.LossOfLeaving, a.Result), Small(a.Result.ValueOfSameAgain, a.Result)])]);

    public IEnumerable<string> Limitations()
    {
        yield return $"The business case takes {Figures.Number(_options.Value!.Value)} for one unit of {Best.Comparison.Spec.Name}, {Figures.Number(Math.Round(_reach))} units reached a month, an effect that lasts {Figures.Number(_options.Horizon)} months, and no opinion before the data; all but the effect are taken as certain.";
    }

    public IEnumerable<string> Next(string? winner)
    {
        var r = Of(winner).Result;
        var wrong = r.Net > 0 ? r.LossOfLaunching : r.LossOfLeaving;
        if (Small(wrong, r) == 0)
        {
            yield return "The business case is clear: a wrong call is so unlikely that more data are worth nothing to it.";
            yield break;
        }

        yield return $"A wrong call costs {InWords(wrong)} on average; as many units again before the decision are worth {InWords(r.ValueOfSameAgain)}. Run on if that is cheaper.";
    }

    private string Sentence(string? winner)
    {
        var (comparison, r) = Of(winner);
        var monthly = Figures.Interval(r.Monthly, r.MonthlyInterval.Low, r.MonthlyInterval.High, Money);
        var net = Figures.Interval(r.Net, r.NetInterval.Low, r.NetInterval.High, Money);
        var payback = r.PaybackMonths switch
        {
            null => "never pays its cost back",
            0 => "costs nothing",
            { } months => $"pays its cost of {Figures.Number(_options.Cost)} back in {(months < 1_200 ? Figures.Count((long)Math.Ceiling(months * (1 - 1e-9)), "month") : "more than a century")}",
        };
        return $"{comparison.Arm} brings {monthly.Point} a month ({monthly.Range}) and {payback}; over {Figures.Number(_options.Horizon)} months that is {net.Point} ({net.Range}).";
    }

    // A loss of a millionth of what is at stake is none.
    private static double Small(double loss, BusinessCaseResult r) => loss < 1e-6 * (r.NetInterval.High - r.NetInterval.Low) ? 0 : loss;

    private static string InWords(double value) => Figures.Effect(value, "number", value / 5).TrimStart('+');

    private static double Reach(string text)
    {
        try
        {
            return TrafficRate.Parse(text).Units(DaysPerMonth);
        }
        catch (GnomonError)
        {
            throw new GnomonError("bad-reach", $"--reach must be a number per day, week or month; got '{text}'.", "--reach", "Write --reach 50000/month.");
        }
    }
}
