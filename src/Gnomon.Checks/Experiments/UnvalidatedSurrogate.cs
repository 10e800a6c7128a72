using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Methods.Experiments;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Experiments;

/// <summary>The decision rests on an early outcome that past experiments do not tie to the one that is wanted.</summary>
public sealed class UnvalidatedSurrogate : Check<SurrogateRecord>
{
    private const int FewestTests = 10;
    private const double LeastCorrelation = 0.5;
    private const double Level = 0.95;

    public override CheckCard Card { get; } = new(
        Id: "unvalidated-surrogate",
        Asks: "Do past experiments show that the outcome decided on carries the one that is wanted?",
        FiresWhen: "the decision uses an outcome nearer than the goal and fewer than 10 past experiments measured both, or the correlation of their effects, sampling noise taken out, has a lower 95 % limit below 0.5 "
            + "(profile of the restricted likelihood of a bivariate normal model; in simulations of 10 to 40 experiments the limit lay below the truth in 94 to 97 % of programmes)",
        Means: "A quick proxy moved; nothing here shows that it carries the outcome you care about.",
        Remedy: "Wait for the long outcome, validate a surrogate index on past launches, estimate by replay or interleaving, then test.",
        Source: "Prentice 1989; Athey et al. 2019; Garcin et al. 2014")
    { Level = CheckLevel.Warning, FalseAlarmRate = 0.01, Aliases = ["short-term-surrogate", "offline-online-disagreement"] };

    public override CheckResult Evaluate(SurrogateRecord evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        var tests = evidence.Tests.Count;
        if (tests < FewestTests)
        {
            return CheckResult.Warn(
                tests == 0
                    ? $"0 past experiments are known that measured both {evidence.Proxy} and {evidence.Goal}; {FewestTests} are needed"
                    : $"{Figures.Count(tests, "past experiment")} measured both {evidence.Proxy} and {evidence.Goal}; {FewestTests} are needed",
                tests, FewestTests);
        }

        var r = EffectCorrelation.Of([.. evidence.Tests.Select(t => new EffectPair(t.Proxy, t.Goal, t.ProxyVariance, t.GoalVariance, t.Covariance))], Level);
        var seen = r.Low <= -1 && r.High >= 1
            ? $"over {tests} past experiments the effects on {evidence.Proxy} and {evidence.Goal} stand out too little from their noise to show any correlation (lower 95 % limit {Figures.Number(r.Low)})"
            : $"over {tests} past experiments true effects on {evidence.Proxy} and {evidence.Goal} correlate by {r.Correlation:0.00}, lower 95 % limit {r.Low:0.00}";
        var says = $"{seen}; {LeastCorrelation:0.0} is asked for";
        return r.Low < LeastCorrelation ? CheckResult.Warn(says, r.Low, LeastCorrelation) : CheckResult.Pass(says, r.Low, LeastCorrelation);
    }

    public override SurrogateRecord Trap(int seed) => Simulate(seed, 0.3);

    public override SurrogateRecord Clean(int seed) => Simulate(seed, 0.95);

    // Fewer experiments than it asks for are the flaw itself, so nothing is too small to judge.
    public override SurrogateRecord? Tiny => null;

    // Twenty experiments whose errors are a fifth of the spread of the true effects; estimates of the two outcomes share their units.
    private static SurrogateRecord Simulate(int seed, double correlation)
    {
        const double error = 0.2;
        const double shared = 0.3;
        var rng = new Rng(seed).Stream("unvalidated-surrogate");
        (double, double) Pair(double r)
        {
            var x = rng.NextNormal();
            return (x, r * x + Math.Sqrt(1 - r * r) * rng.NextNormal());
        }

        return new SurrogateRecord
        {
            Proxy = "clicks",
            Goal = "retained",
            Tests = [.. Enumerable.Range(1, 20).Select(i =>
            {
                var ((x, y), (ex, ey)) = (Pair(correlation), Pair(shared));
                return new PairedEffects($"test {i}", x + error * ex, y + error * ey, error * error, error * error, shared * error * error);
            })],
        };
    }
}
