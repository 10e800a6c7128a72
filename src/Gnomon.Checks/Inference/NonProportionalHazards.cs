using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Survival;
using Gnomon.Core.Findings;
using Gnomon.Methods.Inference;
using Gnomon.Methods.Survival;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Inference;

/// <summary>One hazard ratio stands for effects that change over the follow-up.</summary>
public sealed class NonProportionalHazards : Check<HazardProportionality>
{
    private const double Alpha = 0.01;

    // Ratios that differ by less than a quarter mislead nobody, however many events tell them apart.
    private const double SmallestChange = 1.25;
    private const long FewestEvents = 20;
    private const int TrapRows = 600;

    public override CheckCard Card { get; } = new(
        Id: "non-proportional-hazards",
        Asks: "Is each hazard ratio the same early and late in the follow-up?",
        FiresWhen: "Grambsch and Therneau's test p < 0.01 after Holm's correction over the terms, and the hazard ratio before the middle event differs from the one after it by a factor of 1.25 or more",
        Means: "The hazard ratio changes over time, so one number averages effects that differ, and it depends on how long units were watched.",
        Remedy: "Compare shares and restricted means at a stated time, or report the ratio by period.",
        Source: "Grambsch and Therneau 1994; Royston and Parmar 2013")
    { Level = CheckLevel.Warning, FalseAlarmRate = 0.01, DetectionRate = 0.95, Aliases = ["proportional-hazards-violated", "crossing-curves"] };

    public override CheckResult Evaluate(HazardProportionality evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Events < FewestEvents || evidence.Terms.Count == 0)
        {
            return CheckResult.Skip($"{Figures.Count(evidence.Events, "event")} are too few to see a ratio change over time; {FewestEvents} are needed");
        }

        double[] adjusted = Multiplicity.Holm([.. evidence.Terms.Select(t => t.PValue)]);
        var order = Enumerable.Range(0, adjusted.Length).OrderBy(i => adjusted[i]).ThenByDescending(i => Change(evidence.Terms[i])).ToList();
        var found = order.Where(i => adjusted[i] < Alpha && Change(evidence.Terms[i]) >= SmallestChange).ToList();
        var worst = found.Count > 0 ? found[0] : order[0];
        var term = evidence.Terms[worst];
        var halves = term is { Early: { } early, Late: { } late } ? $": {Figures.Number(early)} up to the middle event, {Figures.Number(late)} after it" : string.Empty;
        var says = $"hazard ratio of {term.Term} over time{halves} ({Figures.P(adjusted[worst])}{(adjusted.Length > 1 ? $", {adjusted.Length} terms" : string.Empty)}, {Figures.Count(evidence.Events, "event")})";
        return found.Count > 0 ? CheckResult.Warn(says, Change(term), SmallestChange, adjusted[worst]) : CheckResult.Pass(says, Change(term), SmallestChange, adjusted[worst]);
    }

    public override HazardProportionality Trap(int seed) => Simulate(seed, 2.2, 0.7);

    public override HazardProportionality Clean(int seed) => Simulate(seed, 1.5, 1.5);

    public override HazardProportionality? Tiny => new() { Outcome = "days", Events = 4, Terms = [new TermProportionality("plan = pro", 1.4, 0.3)] };

    // Without a period of its own a term is taken at its word: the test decides.
    private static double Change(TermProportionality term) =>
        term is { Early: { } early, Late: { } late } ? Math.Exp(Math.Abs(Math.Log(early / late))) : SmallestChange;

    // 600 units in two groups, hazard 1 in the first; the ratio is early up to time 0.5 and late after it. Everybody is watched to time 2.
    private static HazardProportionality Simulate(int seed, double early, double late)
    {
        var rng = new Rng(seed).Stream("non-proportional-hazards");
        var (times, events, x) = (new double[TrapRows], new bool[TrapRows], new double[TrapRows]);
        for (var i = 0; i < TrapRows; i++)
        {
            x[i] = i % 2;
            var first = -Math.Log(rng.NextDouble()) / (x[i] == 1 ? early : 1);
            var time = first < 0.5 ? first : 0.5 - Math.Log(rng.NextDouble()) / (x[i] == 1 ? late : 1);
            times[i] = Math.Min(2, time);
            events[i] = time < 2;
        }

        var fit = CoxRegression.Fit(times, events, x, 1);
        var halves = HazardHalves.Of(times, events, x, 1);
        return new HazardProportionality
        {
            Outcome = "days", Events = fit.Events,
            Terms = [new TermProportionality("plan = pro", fit.Coefficients[0].HazardRatio, fit.Coefficients[0].ProportionalityP, halves.Early?.Coefficients[0].HazardRatio, halves.Late?.Coefficients[0].HazardRatio)],
        };
    }
}
