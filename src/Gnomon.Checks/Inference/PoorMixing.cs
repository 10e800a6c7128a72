using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Inference;
using Gnomon.Core.Findings;
using Gnomon.Methods.Bayes;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Inference;

/// <summary>The chains behind a posterior have not found one distribution.</summary>
public sealed class PoorMixing : Check<ChainMixing>
{
    private const double LargestRHat = 1.01;
    private const double FewestPerChain = 100;
    private const int FewestDraws = 100;

    public override CheckCard Card { get; } = new(
        Id: "poor-mixing",
        Asks: "Do the chains behind the posterior agree, and are their draws enough?",
        FiresWhen: "rank-normalised split R-hat above 1.01, a bulk or tail effective sample size below 100 per chain, or any divergent path",
        Means: "The sampler had not settled: the printed posterior is not the posterior of the model.",
        Remedy: "Run longer chains, scale or drop columns that nearly repeat each other, or tighten the prior.",
        Source: "Vehtari, Gelman, Simpson, Carpenter and Buerkner 2021; Betancourt 2017")
    { Level = CheckLevel.Blocking, ActsBy = DecisionAction.Inconclusive };

    public override CheckResult Evaluate(ChainMixing evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Parameters.Count == 0 || evidence.Draws < FewestDraws || evidence.Chains < 2)
        {
            return CheckResult.Skip($"{Figures.Count(evidence.Chains, "chain")} of {Figures.Count(evidence.Draws, "draw")} cannot be judged; two chains of {FewestDraws} can");
        }

        var worst = evidence.Parameters.MaxBy(p => p.RHat)!;
        var thinnest = evidence.Parameters.MinBy(p => Math.Min(p.BulkEffectiveSize, p.TailEffectiveSize))!;
        var size = Math.Min(thinnest.BulkEffectiveSize, thinnest.TailEffectiveSize);
        var rhat = double.IsFinite(worst.RHat) ? worst.RHat.ToString("0.000", System.Globalization.CultureInfo.InvariantCulture) : "beyond bounds (the chains stand still apart)";
        var says = $"largest R-hat {rhat} ({worst.Name}), smallest effective sample size {Figures.Count((long)size)} ({thinnest.Name}) in {Figures.Count(evidence.Chains)} chains of {Figures.Count(evidence.Draws)} draws, {Figures.Count(evidence.Divergences, "divergent path")}";
        var statistic = double.IsFinite(worst.RHat) ? worst.RHat : (double?)null;
        return worst.RHat > LargestRHat || size < FewestPerChain * evidence.Chains || evidence.Divergences > 0
            ? CheckResult.Fail(says, statistic, LargestRHat)
            : CheckResult.Pass(says, statistic, LargestRHat);
    }

    public override ChainMixing Trap(int seed) => Simulate(seed, shift: 0.4);

    public override ChainMixing Clean(int seed) => Simulate(seed, shift: 0);

    public override ChainMixing? Tiny => new() { Parameters = [new("slope", 1.2, 8, 8)], Chains = 2, Draws = 10 };

    // Four chains with some memory; one of them sits beside the others.
    private static ChainMixing Simulate(int seed, double shift)
    {
        var rng = new Rng(seed).Stream("poor-mixing");
        var chains = new double[4][];
        for (var c = 0; c < chains.Length; c++)
        {
            chains[c] = new double[1_000];
            var x = rng.NextNormal();
            for (var i = 0; i < chains[c].Length; i++)
            {
                x = 0.2 * x + Math.Sqrt(1 - 0.04) * rng.NextNormal();
                chains[c][i] = x + (c == 0 ? shift : 0);
            }
        }

        var d = ChainDiagnostics.Of(chains);
        return new ChainMixing { Parameters = [new("slope", d.RHat, d.BulkEffectiveSize, d.TailEffectiveSize)], Chains = 4, Draws = 1_000 };
    }
}
