using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Methods.Inference;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Experiments;

/// <summary>Wins that chance hands out when many things are tested.</summary>
public sealed class MultipleComparisons : Check<TestFamily>
{
    public override CheckCard Card { get; } = new(
        Id: "multiple-comparisons",
        Asks: "Would the wins survive a correction for everything that was tested?",
        FiresWhen: "a family of 2 or more tests has an unadjusted rejection that is lost under Holm or the correction chosen (families that decide) or Benjamini-Hochberg at 5 % (families that screen); a family whose answer is corrected already passes. "
            + "Where the decision rests on corrected p-values it passes and names them, unless a lost win is the one that was claimed, or 8 or more metrics that no plan named (a false win in over a third of such families) leave one to be picked",
        Means: "Some of these wins are what chance alone hands out across this many tests.",
        Remedy: "Act on the wins that survive the correction; retest the others as a declared replication.",
        Source: "Holm 1979; Benjamini and Hochberg 1995")
    { Level = CheckLevel.Warning };

    // Chance of at least one false win in a family beyond which single results will be picked from it: 8 tests at 0.05.
    private const double Picked = 1.0 / 3;

    public override CheckResult Evaluate(TestFamily evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        var tests = evidence.PValues.Count;
        if (tests < 2)
        {
            return CheckResult.Skip($"{tests} test in the family: nothing to correct for");
        }

        double[] p = [.. evidence.PValues];
        double[] adjusted = evidence.AdjustedBy is not null ? [.. evidence.CorrectedPValues] : evidence.Decides ? Multiplicity.Holm(p) : Multiplicity.BenjaminiHochberg(p);
        var raw = p.Count(v => v < evidence.Alpha);
        if (evidence.CorrectedBy is { } method)
        {
            var kept = evidence.CorrectedPValues.Count(v => v < evidence.Alpha);
            return CheckResult.Pass($"{tests} {evidence.Label}: {raw} below {evidence.Alpha:0.###} one by one, {kept} in the answer, whose p-values and intervals are corrected for all of them ({method})", 0, 0);
        }

        var lost = Enumerable.Range(0, tests).Where(i => p[i] < evidence.Alpha && adjusted[i] >= evidence.Alpha).ToList();
        var chance = 1 - Math.Pow(1 - evidence.Alpha, tests);
        var family = $"{tests} {evidence.Label}: {raw} below {evidence.Alpha:0.###}, {raw - lost.Count} after {evidence.AdjustedBy ?? (evidence.Decides ? "Holm" : "Benjamini-Hochberg")}"
            + $"; with nothing going on, {tests} independent tests give at least one false win in {Figures.WholePercent(chance)} of cases";
        if (lost.Count == 0)
        {
            return CheckResult.Pass(family, lost.Count, 0);
        }

        var says = $"{family}; lost: {string.Join(", ", lost.Take(5).Select(i => $"{evidence.Names[i]} ({Figures.P(p[i])}, adjusted {adjusted[i]:0.000})"))}{(lost.Count > 5 ? $" and {lost.Count - 5} more" : string.Empty)}";
        return !evidence.IsHeld || lost.Exists(i => evidence.Claimed.Contains(evidence.Names[i])) || 1 - Math.Pow(1 - evidence.Alpha, evidence.Unplanned ?? tests) > Picked
            ? CheckResult.Warn(says, lost.Count, 0)
            : CheckResult.Pass(says, lost.Count, 0);
    }

    public override TestFamily Trap(int seed)
    {
        // By turns: twenty nulls, two of which happened to fall below 0.05, and nobody corrects; the same beside a corrected decision, without a plan; and two of three, the lucky one of which is claimed.
        var rng = new Rng(seed).Stream("multiple-comparisons");
        double Low() => 0.01 + 0.035 * rng.NextDouble();
        double High() => 0.05 + 0.95 * rng.NextDouble();
        return (seed % 3) switch
        {
            0 => Family([Low(), Low(), .. Enumerable.Range(0, 18).Select(_ => High())]),
            1 => Family([Low(), Low(), .. Enumerable.Range(0, 18).Select(_ => High())]) with { IsHeld = true, Unplanned = 20 },
            _ => Family([0.03 + 0.018 * rng.NextDouble(), High(), High()]) with { IsHeld = true, Unplanned = 3, Claimed = ["metric 1"] },
        };
    }

    public override TestFamily Clean(int seed)
    {
        // By turns: four true effects, each seven standard errors large; six nulls beside a corrected decision; twenty that a plan named.
        var rng = new Rng(seed).Stream("multiple-comparisons");
        return (seed % 3) switch
        {
            0 => Family([.. Enumerable.Range(0, 4).Select(_ => 2 * Normal.Sf(Math.Abs(7 + rng.NextNormal())))]),
            1 => Family([.. Enumerable.Range(0, 6).Select(_ => rng.NextDouble())]) with { IsHeld = true, Unplanned = 6 },
            _ => Family([.. Enumerable.Range(0, 20).Select(_ => rng.NextDouble())]) with { IsHeld = true, Unplanned = 0 },
        };
    }

    public override TestFamily? Tiny => Family([0.01]);

    private static TestFamily Family(double[] p) => new() { Names = [.. p.Select((_, i) => $"metric {i + 1}")], PValues = p, Alpha = 0.05 };
}
