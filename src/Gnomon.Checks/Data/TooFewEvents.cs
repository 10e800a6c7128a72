using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Data;

/// <summary>There is too little of what is to be learned.</summary>
public sealed class TooFewEvents : Check<EventCounts>
{
    private const double Wanted = 10;
    private const double Least = 5;
    private const long SmallestClass = 30;
    private const double Shrinkage = 0.9;
    private const double RiskMargin = 0.05;

    // Without an anticipated model, Riley et al. take 15 % of the largest explainable (Cox-Snell) variation.
    private const double ExplainedShare = 0.15;

    public override CheckCard Card { get; } = new(
        Id: "too-few-events",
        Asks: "Are there enough cases of what is to be learned?",
        FiresWhen: "rows fall short of the Riley minimum (expected shrinkage 0.9 at 15 % of the explainable variation, overall risk to +/- 0.05) and events of 10 per candidate parameter; or a class has fewer than 30 rows. Below 5 events per parameter it fails",
        Means: "There are too few cases of the thing you want to learn.",
        Remedy: "Penalise, cut candidates, pool or merge classes, collect; show the interval.",
        Source: "Peduzzi et al. 1996; Riley et al. 2019")
    { Level = CheckLevel.Blocking, FalseAlarmRate = 0, Aliases = ["sparse-classes"] };

    public override CheckResult Evaluate(EventCounts evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        var rows = evidence.Classes.Sum(c => c.Rows);
        if (evidence.Classes.Count < 2 || rows == 0)
        {
            return CheckResult.Skip($"{evidence.Target} has {evidence.Classes.Count} class with rows; two are needed to learn anything");
        }

        var largest = evidence.Classes.Max(c => c.Rows);
        var events = evidence.Classes.Count == 2 ? rows - largest : evidence.Classes.Min(c => c.Rows);
        var parameters = Math.Max(1, evidence.Parameters);
        var each = (double)events / parameters;
        var says = $"{Figures.Count(events, "row")} of the {(evidence.Classes.Count == 2 ? "rarer" : "rarest")} class of {evidence.Target} for {Figures.Count(parameters, "candidate parameter")}, {Figures.Number(each)} each";
        if (each < Least)
        {
            return CheckResult.Fail(says, each, Least);
        }

        if (each < Wanted && rows < Riley((double)events / rows, parameters))
        {
            return CheckResult.Warn($"{says}; the minimum is {Figures.Count((long)Math.Ceiling(Riley((double)events / rows, parameters)))} rows", each, Wanted);
        }

        var small = evidence.Classes.Where(c => c.Rows < SmallestClass).ToList();
        return small.Count > 0
            ? CheckResult.Warn($"{small.Count} of {Figures.Count(evidence.Classes.Count, "class", "classes")} of {evidence.Target} {(small.Count == 1 ? "has" : "have")} fewer than {SmallestClass} rows: {string.Join(", ", small.Take(4).Select(c => $"{c.Value} {c.Rows}"))}", small.Min(c => c.Rows), SmallestClass)
            : CheckResult.Pass(says, each, Wanted);
    }

    public override EventCounts Trap(int seed) => Simulate(seed, 0.01);

    public override EventCounts Clean(int seed) => Simulate(seed, 0.2);

    public override EventCounts? Tiny => new() { Target = "churn", Classes = [new("no", 10)], Parameters = 3 };

    // 8,000 rows and 40 candidates: 80 events or 1,600.
    private static EventCounts Simulate(int seed, double rate)
    {
        var events = new Rng(seed).Stream("too-few-events").NextBinomial(8_000, rate);
        return new EventCounts { Target = "churn", Classes = [new("no", 8_000 - events), new("yes", events)], Parameters = 40 };
    }

    // Criteria (i) and (iii) of Riley et al. 2019 for a binary outcome.
    private static double Riley(double rate, int parameters)
    {
        var explainable = 1 - Math.Pow(Math.Pow(rate, rate) * Math.Pow(1 - rate, 1 - rate), 2);
        var explained = ExplainedShare * explainable;
        var shrinkage = parameters / ((Shrinkage - 1) * Math.Log(1 - (explained / Shrinkage)));
        var risk = Math.Pow(1.96 / RiskMargin, 2) * rate * (1 - rate);
        return Math.Max(shrinkage, risk);
    }
}
