using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Methods.Experiments;
using Gnomon.Numerics;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Inference;

/// <summary>The overall difference reverses inside the groups.</summary>
public sealed class SimpsonsParadox : Check<StratifiedComparison>
{
    public override CheckCard Card { get; } = new(
        Id: "simpsons-paradox",
        Asks: "Does the difference keep its sign when days or groups are held fixed?",
        FiresWhen: "pooled and stratum-standardised differences have opposite signs, the interval of their difference excludes 0, and it exceeds one standard error of the pooled difference",
        Means: "The overall difference reverses inside the groups: the arms hold different mixtures.",
        Remedy: "Read the difference within the groups; decide by the role of the group, and find why the mixtures differ.",
        Source: "Bickel, Hammel and O'Connell 1975; Pearl 2014; Miratrix, Sekhon and Yu 2013")
    { Level = CheckLevel.Blocking, ActsBy = DecisionAction.Investigate, FalseAlarmRate = 0.005 };

    public override CheckResult Evaluate(StratifiedComparison evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        StratumMoments[] strata = [.. evidence.Treatment.Zip(evidence.Control, (t, c) => new StratumMoments(t, c))];
        var usable = strata.Count(s => s.First.Count >= 2 && s.Second.Count >= 2);
        if (usable < 2 || strata.All(s => s.First.M2 + s.Second.M2 == 0))
        {
            return CheckResult.Skip($"{Figures.Count(usable, "stratum holds", "strata hold")} two units of both arms; 2 are needed");
        }

        var result = Stratified.Means(strata, evidence.Level);
        var mix = result.MixEffect;
        var says = $"pooled {result.Pooled.Value:+0.#####;-0.#####;0}, within {evidence.Stratifier}s {result.Stratified.Value:+0.#####;-0.#####;0} ({Figures.Count(result.StrataUsed, "stratum", "strata")})";
        var reversal = result.SignReversed && (mix.Low > 0 || mix.High < 0) && Math.Abs(mix.Value) > result.Pooled.StandardError;
        return reversal
            ? CheckResult.Fail($"{says}: the sign reverses; the mixture alone makes {mix.Value:+0.#####;-0.#####;0}", mix.Value, 0, mix.PValue)
            : CheckResult.Pass(says, mix.Value, 0);
    }

    public override StratifiedComparison Trap(int seed)
    {
        // A ramp: almost no treatment on the first day, which converts better; the treatment helps on both.
        var rng = new Rng(seed).Stream("simpsons-paradox");
        return Of([Simulated.Proportion(rng, 10_000, 0.0230), Simulated.Proportion(rng, 500_000, 0.0120)], [Simulated.Proportion(rng, 990_000, 0.0202), Simulated.Proportion(rng, 500_000, 0.0100)]);
    }

    public override StratifiedComparison Clean(int seed)
    {
        var rng = new Rng(seed).Stream("simpsons-paradox");
        return Of([Draw(rng, 0.023), Draw(rng, 0.012)], [Draw(rng, 0.0202), Draw(rng, 0.010)]);
    }

    public override StratifiedComparison? Tiny => Of([new Moments(1, 0, 0)], [new Moments(1, 1, 0)]);

    private static Moments Draw(Rng rng, double p) => Simulated.Proportion(rng, rng.NextBinomial(1_000_000, 0.5), p);

    private static StratifiedComparison Of(Moments[] treatment, Moments[] control) => new()
    {
        Metric = "converted", Stratifier = "day", Strata = [.. treatment.Select((_, i) => $"day {i + 1}")], Treatment = treatment, Control = control,
    };
}
