using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Inference;
using Gnomon.Core.Findings;
using Gnomon.Methods.Bayes;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Inference;

/// <summary>The fitted model would not make data like these.</summary>
public sealed class PosteriorPredictiveMisfit : Check<PredictiveFit>
{
    private const double Extreme = 0.0025;
    private const long FewestRows = 20;

    public override CheckCard Card { get; } = new(
        Id: "posterior-predictive-misfit",
        Asks: "Would the fitted model make data like these?",
        FiresWhen: "a feature of the data lies beyond 99.75 % of the data sets drawn from the fitted model, on either side",
        Means: "The model misses a feature of the data; its intervals may be too short.",
        Remedy: "Choose a law that allows it (negative binomial for spread, a transformed or robust outcome for long tails), or add what explains it.",
        Source: "Rubin 1984; Gelman, Meng and Stern 1996")
    { Level = CheckLevel.Warning };

    public override CheckResult Evaluate(PredictiveFit evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Features.Count == 0 || evidence.Rows < FewestRows)
        {
            return CheckResult.Skip($"{Figures.Count(evidence.Rows, "row")} cannot tell one law from another");
        }

        var worst = evidence.Features.MinBy(f => Math.Min(f.P, 1 - f.P))!;
        var beyond = Math.Min(worst.P, 1 - worst.P);
        var says = $"{worst.Name}: {Figures.Number(worst.Observed)} in the data, {Figures.Number(worst.Replicated)} on average in data drawn from the model; {Figures.Percent(worst.P, 1)} of those reach it";
        return beyond < Extreme ? CheckResult.Warn(says, beyond, Extreme) : CheckResult.Pass(says, beyond, Extreme);
    }

    public override PredictiveFit Trap(int seed) => Simulate(seed, spread: 0.6);

    public override PredictiveFit Clean(int seed) => Simulate(seed, spread: 0);

    public override PredictiveFit? Tiny => new() { Outcome = "tickets", Rows = 3, Features = [new("spread", 1, 1, 0.5)] };

    // Counts around one rate, whose own rates vary by a gamma law when there is a spread; the posterior of the rate is gamma.
    private static PredictiveFit Simulate(int seed, double spread)
    {
        const int rows = 150;
        const int draws = 600;
        var rng = new Rng(seed).Stream("posterior-predictive-misfit");
        long[] y = [.. Enumerable.Range(0, rows).Select(_ => rng.NextPoisson(4 * (spread > 0 ? spread * rng.NextGamma(1 / spread) : 1)))];
        var posterior = GammaBelief.Jeffreys(y.Sum(), rows);
        double observed = 0, replicated = 0, above = 0;
        for (var d = 0; d < draws; d++)
        {
            var rate = rng.NextGamma(posterior.Shape) / posterior.Exposure;
            var own = y.Average(k => (k - rate) * (k - rate) / rate);
            var drawn = Enumerable.Range(0, rows).Average(_ => rng.NextPoisson(rate) is var k ? (k - rate) * (k - rate) / rate : 0);
            (observed, replicated, above) = (observed + own / draws, replicated + drawn / draws, above + (drawn >= own ? 1.0 / draws : 0));
        }

        return new PredictiveFit { Outcome = "tickets", Rows = rows, Features = [new("spread of the counts against their mean", observed, replicated, above)] };
    }
}
