using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Methods.Experiments;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Experiments;

/// <summary>The effect fades or grows as the experiment goes on.</summary>
public sealed class NoveltyEffect : Check<DailyEffects>
{
    private const double Threshold = 0.01;
    private const int ShortestRun = 7;

    public override CheckCard Card { get; } = new(
        Id: "novelty-effect",
        Asks: "Is the effect the same at the end of the experiment as at its start?",
        FiresWhen: "weighted regression of the daily difference on log(1 + day) over whole weeks, days since a unit was first seen and errors by unit where units come on several days: slope p < 0.01 (divided by the number of curves, one for each arm and primary metric), and the effect projected to four weeks (twice the run when longer) lies outside the interval of the average",
        Means: "The effect fades or grows with time, so the average is not the long-run effect.",
        Remedy: "Report the effect by day, run longer, keep a holdback.",
        Source: "Hohnhold, O'Brien and Tang, KDD 2015")
    { Level = CheckLevel.Warning };

    public override CheckResult Evaluate(DailyEffects evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        var last = evidence.Day.Count == 0 ? 0 : evidence.Day.Max();
        var whole = last / 7 * 7;
        int[] kept = [.. Enumerable.Range(0, evidence.Day.Count).Where(i => evidence.Day[i] <= whole && evidence.Variance[i] > 0)];
        var days = kept
            .Select(i => new ExposureDayEffect(evidence.Day[i], evidence.Difference[i], evidence.Variance[i]))
            .ToArray();
        if (days.Length < ShortestRun)
        {
            return CheckResult.Skip($"{Figures.Count(days.Length, "day")} with an effect; {ShortestRun} are needed");
        }

        double horizon = Math.Max(28, 2 * whole);
        var trend = evidence.Covariance is { } covariance
            ? Novelty.Slope(days, [.. kept.SelectMany(i => kept.Select(j => covariance[(i * evidence.Day.Count) + j]))], horizon)
            : Novelty.Slope(days, horizon);
        var outside = trend.Projected.Value < evidence.Low || trend.Projected.Value > evidence.High;
        var says = $"daily effect from {trend.Average.Value:+0.#####;-0.#####;0} on average to {trend.Projected.Value:+0.#####;-0.#####;0} projected for day {horizon:0}{(evidence.IsByExposure ? " of exposure" : string.Empty)}, trend {Figures.P(trend.Slope.PValue)}";
        var threshold = Threshold / Math.Max(1, evidence.Curves);
        return trend.Slope.PValue < threshold && outside
            ? CheckResult.Warn(says, trend.Slope.Statistic, threshold, trend.Slope.PValue)
            : CheckResult.Pass(says, trend.Slope.Statistic, threshold, trend.Slope.PValue);
    }

    public override DailyEffects Trap(int seed) => Simulate(seed, 0.018, fading: true);

    public override DailyEffects Clean(int seed) => Simulate(seed, 0.003, fading: false);

    public override DailyEffects? Tiny => new() { Metric = "converted", Day = [1, 2], Difference = [0.1, 0.2], Variance = [0.1, 0.1], Low = 0, High = 1 };

    // Two weeks, 100,000 units an arm at 4.5 %; a fading effect halves every three days.
    private static DailyEffects Simulate(int seed, double effect, bool fading)
    {
        var rng = new Rng(seed).Stream("novelty-effect");
        const int days = 14;
        const double se = 0.0037;
        var differences = Enumerable.Range(1, days).Select(d => effect * (fading ? Math.Pow(0.5, (d - 1) / 3.0) : 1) + se * rng.NextNormal()).ToArray();
        var average = differences.Average();
        var half = 1.96 * se / Math.Sqrt(days);
        return new DailyEffects
        {
            Metric = "converted", Day = [.. Enumerable.Range(1, days)], Difference = differences, Variance = [.. Enumerable.Repeat(se * se, days)],
            Low = average - half, High = average + half,
        };
    }
}
