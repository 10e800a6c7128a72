using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Methods.Experiments;
using Gnomon.Numerics;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Experiments;

/// <summary>Some weekdays count more than others.</summary>
public sealed class PartialWeekCycle : Check<DayCoverage>
{
    private const double Threshold = 0.01;
    private const long SmallestUnits = 30;

    public override CheckCard Card { get; } = new(
        Id: "partial-week-cycle",
        Asks: "Does the experiment cover whole weeks?",
        FiresWhen: "fewer than 7 days; or days that are not whole weeks while the primary metric depends on the weekday (F test over weekdays, p < 0.01)",
        Means: "Some weekdays count more than others, so this is not a normal week.",
        Remedy: "Extend to whole weeks, or standardise by weekday.",
        Source: "Kohavi, Tang and Xu 2020")
    { Level = CheckLevel.Warning, FalseAlarmRate = 0.02 };

    public override CheckResult Evaluate(DayCoverage evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.ByWeekday.Sum(m => m.Count) < SmallestUnits)
        {
            return CheckResult.Skip($"{Figures.Count(evidence.ByWeekday.Sum(m => m.Count), "unit")} with a date, too few; {SmallestUnits} are needed");
        }

        if (evidence.Days < 7)
        {
            return CheckResult.Warn($"{evidence.Days} of 7 weekdays covered; whether the others differ cannot be known from these data", evidence.Days, 7);
        }

        if (evidence.Days % 7 == 0)
        {
            return CheckResult.Pass($"{Figures.Count(evidence.Days / 7, "whole week")}", evidence.Days, 7);
        }

        Moments[] weekdays = [.. evidence.ByWeekday.Where(m => m.Count >= 2)];
        if (weekdays.Length < 7 || weekdays.All(m => m.M2 == 0))
        {
            return CheckResult.Pass($"{evidence.Days} days; the metric does not vary enough by weekday to compare 7 of them", evidence.Days, 7);
        }

        var test = WeekdayEffect.FTest(weekdays);
        var says = $"{evidence.Days} days are {Figures.Count(evidence.Days / 7, "week")} and {Figures.Count(evidence.Days % 7, "day")}; weekday effect {Figures.P(test.PValue)}";
        return test.PValue < Threshold ? CheckResult.Warn(says, test.Statistic, Threshold, test.PValue) : CheckResult.Pass(says, test.Statistic, Threshold, test.PValue);
    }

    public override DayCoverage Trap(int seed) => Simulate(seed, days: 10, swing: 0.2);

    public override DayCoverage Clean(int seed) => Simulate(seed, days: 14, swing: 0.15);

    public override DayCoverage? Tiny => new() { Days = 3, FirstDay = 0, ByWeekday = [new Moments(2, 0.5, 0.5)] };

    // 5,600 units a day at 10 %, weekends lower by the given share.
    private static DayCoverage Simulate(int seed, int days, double swing)
    {
        var rng = new Rng(seed).Stream("partial-week-cycle");
        var byDay = Enumerable.Range(0, days).Select(d => Simulated.Proportion(rng, 5_600, 0.1 * (d % 7 >= 5 ? 1 - swing : 1))).ToList();
        return new DayCoverage
        {
            Days = days, FirstDay = 4, ByDay = byDay,
            ByWeekday = [.. Enumerable.Range(0, 7).Select(w => byDay.Where((_, d) => d % 7 == w).Aggregate(Moments.Empty, Moments.Merge))],
        };
    }
}
