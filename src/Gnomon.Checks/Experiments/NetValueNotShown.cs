using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Experiments;

/// <summary>A change that works and has not been shown to pay.</summary>
public sealed class NetValueNotShown : Check<NetValue>
{
    private static readonly FigureUnit Money = new(1, string.Empty, Signed: true, NoEffect: 0);

    public override CheckCard Card { get; } = new(
        Id: "net-value-not-shown",
        Asks: "Does what would be launched pay for itself, with its whole interval?",
        FiresWhen: "the numbers would ship an arm, and the interval of its net value (effect times units reached times worth over the horizon, less the cost) includes or lies below 0",
        Means: "Even if the effect is real, it has not been shown to pay.",
        Remedy: "Decide on the net value with its interval, the break-even cost and the payback; price the extra weeks against the cost of a wrong call.",
        Source: "Discounted cash flow; expected value of sample information (Raiffa and Schlaifer 1961); Kohavi, Tang and Xu 2020")
    { Level = CheckLevel.Warning, FalseAlarmRate = 0.01, Aliases = ["offline-metric-only"] };

    public override CheckResult Evaluate(NetValue evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (!double.IsFinite(evidence.Low) || !double.IsFinite(evidence.High))
        {
            return CheckResult.Skip($"the net value of {evidence.Arm} has no interval of {Figures.Confidence(evidence.Level)}");
        }

        var text = Figures.Interval(evidence.Net, evidence.Low, evidence.High, Money);
        var says = $"{evidence.Arm} is worth {text.Point} over {Figures.Number(evidence.Horizon)} months, less its cost of {Figures.Number(evidence.Cost)} ({Figures.Confidence(evidence.Level)} interval {text.Range}); it pays with a chance of {Figures.Percent(evidence.ChanceItPays)}";
        return evidence.Low <= 0 ? CheckResult.Warn(says, evidence.Low, 0) : CheckResult.Pass(says, evidence.Low, 0);
    }

    public override NetValue Trap(int seed) => Simulate(seed, trueNet: -0.5);

    public override NetValue Clean(int seed) => Simulate(seed, trueNet: 5);

    public override NetValue? Tiny => Of(net: 0, error: double.PositiveInfinity);

    // True net value in standard errors of its estimate.
    private static NetValue Simulate(int seed, double trueNet) => Of(10_000 * (trueNet + new Rng(seed).Stream("net-value-not-shown").NextNormal()), 10_000);

    private static NetValue Of(double net, double error) => new()
    {
        Arm = "B", Metric = "converted", Net = net, Low = net - 1.96 * error, High = net + 1.96 * error, Level = 0.95, Cost = 50_000, Horizon = 12, ChanceItPays = double.IsFinite(error) ? Normal.Cdf(net / error) : 0.5,
    };
}
