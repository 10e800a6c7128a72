using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Methods.Experiments;
using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Experiments;

/// <summary>Experiments on the same users change each other's effect.</summary>
public sealed class InteractionIgnored : Check<ExperimentOverlap>
{
    private const double Level = 0.01;
    private const double IndependenceLevel = 0.001;
    private const long FewestUnits = 100;
    private const int MostNamed = 3;

    public override CheckCard Card { get; } = new(
        Id: "interaction-ignored",
        Asks: "Do experiments that ran on the same users change each other's effect?",
        FiresWhen: "over all pairs of concurrent experiments an interaction has p < 0.01 after Benjamini and Hochberg, or two assignments are dependent (chi-square p < 0.001 over the number of pairs); where the analysis models and shows the interaction itself, only the latter",
        Means: "The changes do not add up: the best combination is not the sum of the best parts.",
        Remedy: "Report the four cell means of the pair, and test the bundle against control before both are launched.",
        Source: "Tang, Agarwal, O'Brien and Meyer, KDD 2010; Egami and Imai 2019")
    { Level = CheckLevel.Warning, FalseAlarmRate = 0.02, Aliases = ["overlapping-experiments"] };

    public override CheckResult Evaluate(ExperimentOverlap evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Pairs.Count == 0 || evidence.SmallestShared < FewestUnits)
        {
            return CheckResult.Skip($"{Figures.Count(evidence.Pairs.Count, "pair")} of experiments, {Figures.Count(evidence.SmallestShared)} shared units in the smallest; {FewestUnits} are needed");
        }

        var dependent = evidence.Pairs.Where(p => p.IndependenceP < IndependenceLevel / evidence.Pairs.Count).OrderBy(p => p.IndependenceP).ToList();
        var acting = evidence.Pairs.Where(p => p.AdjustedP < Level).OrderBy(p => p.AdjustedP).ToList();
        var smallest = evidence.Pairs.Min(p => p.AdjustedP);
        var scanned = $"{Figures.Count(evidence.Pairs.Count, "pair")} scanned, smallest adjusted {Figures.P(smallest)}";
        if (dependent.Count == 0 && (acting.Count == 0 || evidence.IsModelled))
        {
            return CheckResult.Pass($"{scanned}; {(acting.Count == 0 ? "no pair changes the other's effect" : $"{Figures.Count(acting.Count, "pair")} acting together {(acting.Count == 1 ? "is a term" : "are terms")} of the analysis, which shows {(acting.Count == 1 ? "it" : "them")}")}", acting.Count, 0, smallest);
        }

        var says = new List<string>();
        says.AddRange(acting.Take(MostNamed).Select(p => $"{p.First} and {p.Second} together give {Figures.Effect(p.Interaction, evidence.Unit)} beside the sum of their effects ({Figures.P(p.AdjustedP)}{(p.ChangesSign ? "; one of them turns from gain to loss" : string.Empty)})"));
        says.AddRange(dependent.Take(MostNamed).Select(p => $"{p.First} and {p.Second} were not assigned independently ({Figures.P(p.IndependenceP)})"));
        return CheckResult.Warn($"{scanned}; {string.Join("; ", says)}", acting.Count + dependent.Count, 0, smallest);
    }

    public override ExperimentOverlap Trap(int seed) => Simulate(seed, 0.5);

    public override ExperimentOverlap Clean(int seed) => Simulate(seed, 0);

    public override ExperimentOverlap? Tiny => new() { Pairs = [], SmallestShared = 0 };

    // Six experiments on 2,000 users, of which the first two act together by half a standard deviation.
    private static ExperimentOverlap Simulate(int seed, double interaction)
    {
        const int users = 2_000;
        const int tests = 6;
        var rng = new Rng(seed).Stream("interaction-ignored");
        var arm = new bool[tests][];
        for (var t = 0; t < tests; t++)
        {
            arm[t] = [.. Enumerable.Range(0, users).Select(_ => rng.NextDouble() < 0.5)];
        }

        double[] y = [.. Enumerable.Range(0, users).Select(u => (arm[0][u] && arm[1][u] ? interaction : 0) + rng.NextNormal())];
        var found = new List<(int A, int B, PairInteractionResult R)>();
        for (var a = 0; a < tests; a++)
        {
            for (var b = a + 1; b < tests; b++)
            {
                found.Add((a, b, PairInteraction.Of(Cell(a, b, false, false), Cell(a, b, false, true), Cell(a, b, true, false), Cell(a, b, true, true))));
            }
        }

        var adjusted = Multiplicity.BenjaminiHochberg([.. found.Select(f => f.R.PValue)]);
        return new ExperimentOverlap
        {
            SmallestShared = users,
            Pairs = [.. found.Select((f, i) => new OverlapPair($"test {f.A + 1}", $"test {f.B + 1}", f.R.Interaction, f.R.PValue, adjusted[i], f.R.IndependenceP, false))],
        };

        Moments Cell(int a, int b, bool x, bool z) => Moments.Of(Enumerable.Range(0, users).Where(u => arm[a][u] == x && arm[b][u] == z).Select(u => y[u]).ToArray());
    }
}
