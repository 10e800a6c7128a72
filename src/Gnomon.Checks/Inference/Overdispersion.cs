using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Regression;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Inference;

/// <summary>Counts spread more than their law allows, and the errors lean on the law.</summary>
public sealed class Overdispersion : Check<CountSpread>
{
    private const double LargestDispersion = 1.5;
    private const double Alpha = 0.001;
    private const long FewestDegrees = 10;

    public override CheckCard Card { get; } = new(
        Id: "overdispersion",
        Asks: "Do counts spread no more than their law allows?",
        FiresWhen: "Pearson dispersion above 1.5 with chi-square p < 0.001 while the errors in use assume the law's variance; a remark when they do not",
        Means: "The counts vary more than the model's law allows, so errors that lean on it are too small.",
        Remedy: "Use a negative binomial model or errors widened by the dispersion; look for a missing column or repeated units.",
        Source: "McCullagh and Nelder 1989; Cameron and Trivedi 2013")
    { Level = CheckLevel.Warning, FalseAlarmRate = 0.002 };

    public override CheckResult Evaluate(CountSpread evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.ResidualDegrees < FewestDegrees)
        {
            return CheckResult.Skip($"{evidence.ResidualDegrees} residual degrees of freedom are too few to judge spread; {FewestDegrees} are needed");
        }

        var dispersion = evidence.PearsonChiSquared / evidence.ResidualDegrees;
        var p = ChiSquared.Sf(evidence.PearsonChiSquared, evidence.ResidualDegrees);
        var says = $"{evidence.Outcome} spreads {dispersion:0.00} times what a {evidence.Law} law allows ({Figures.P(p)})";
        if (dispersion <= LargestDispersion || p >= Alpha)
        {
            return CheckResult.Pass(says, dispersion, LargestDispersion, p);
        }

        return evidence.ErrorsAllowIt
            ? CheckResult.Note($"{says}; the errors in use are widened by it", dispersion, LargestDispersion, p)
            : CheckResult.Warn(says, dispersion, LargestDispersion, p);
    }

    public override CountSpread Trap(int seed) => Simulate(seed, 2.5);

    public override CountSpread Clean(int seed) => Simulate(seed, 1);

    public override CountSpread? Tiny => new() { Outcome = "visits", Law = "poisson", ResidualDegrees = 4, PearsonChiSquared = 9, ErrorsAllowIt = false };

    // Pearson's sum over 200 degrees of freedom, from its approximate law.
    private static CountSpread Simulate(int seed, double dispersion)
    {
        var rng = new Rng(seed).Stream("overdispersion");
        return new CountSpread { Outcome = "visits", Law = "poisson", ResidualDegrees = 200, PearsonChiSquared = dispersion * 2 * rng.NextGamma(100), ErrorsAllowIt = false };
    }
}
