using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Methods.Experiments;
using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Inference;

/// <summary>The overall difference reverses inside the groups.</summary>
public sealed class SimpsonsParadox : Check<StratifiedComparison>
{
    // 99 % of fair splits, two-sided.
    private const double BeyondChance = 2.5758293035489;

    public override CheckCard Card { get; } = new(
        Id: "simpsons-paradox",
        Asks: "Does the difference keep its sign when days or groups are held fixed?",
        FiresWhen: "pooled and stratum-standardised differences have opposite signs, and the 99 % interval of their difference, chance imbalance of a fair split included, excludes 0; days and segments of at least a tenth of the units are strata, smaller segments are one",
        Means: "The overall difference reverses inside the groups: the arms hold different mixtures.",
        Remedy: "Read the difference within the groups; decide by the role of the group, and find why the mixtures differ.",
        Source: "Bickel, Hammel and O'Connell 1975; Pearl 2014; Miratrix, Sekhon and Yu 2013; Hausman 1978")
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
        var says = $"pooled {Signed(result.Pooled.Value)}, within {(evidence.Stratifier == "day" ? "days" : $"groups of {evidence.Stratifier}")} {Signed(result.Stratified.Value)} ({Figures.Count(result.StrataUsed, "stratum", "strata")})";
        // A fair split mixes the groups unequally too, by chance: what stratifying takes from the error of the pooled difference is the error of the mixture.
        var fair = Math.Max(0, Square(result.Pooled.StandardError) - Square(result.Stratified.StandardError));
        var error = Math.Sqrt(fair + Square(mix.StandardError));
        var reversal = result.SignReversed && Math.Abs(mix.Value) > BeyondChance * error;
        return reversal
            ? CheckResult.Fail($"{says}: the sign reverses; the mixture alone makes {Signed(mix.Value)}", mix.Value, 0, 2 * Normal.Sf(Math.Abs(mix.Value) / error))
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
        // The hardest clean case: no effect, a fair split, and groups that differ by more than the units within them.
        var rng = new Rng(seed).Stream("simpsons-paradox");
        var (low, lowControl) = Split(rng, 0);
        var (high, highControl) = Split(rng, 3);
        return Of([low, high], [lowControl, highControl]);
    }

    public override StratifiedComparison? Tiny => Of([new Moments(1, 0, 0)], [new Moments(1, 1, 0)]);

    private static string Signed(double x) => x > 0 ? "+" + Figures.Number(x) : Figures.Number(x);

    private static double Square(double x) => x * x;

    // 4,000 units split by a fair coin each.
    private static (Moments Treatment, Moments Control) Split(Rng rng, double mean)
    {
        var treated = rng.NextBinomial(4_000, 0.5);
        return (Simulated.Normal(rng, treated, mean, 1), Simulated.Normal(rng, 4_000 - treated, mean, 1));
    }

    private static StratifiedComparison Of(Moments[] treatment, Moments[] control) => new()
    {
        Metric = "converted", Stratifier = "day", Strata = [.. treatment.Select((_, i) => $"day {i + 1}")], Treatment = treatment, Control = control,
    };
}
