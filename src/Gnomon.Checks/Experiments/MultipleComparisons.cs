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
        FiresWhen: "a family of 2 or more tests has an unadjusted rejection that is lost under Holm or the correction chosen (families that decide) or Benjamini-Hochberg at 5 % (families that screen); a family whose answer is corrected already passes",
        Means: "Some of these wins are what chance alone hands out across this many tests.",
        Remedy: "Act on the wins that survive the correction; retest the others as a declared replication.",
        Source: "Holm 1979; Benjamini and Hochberg 1995")
    { Level = CheckLevel.Warning };

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
        return lost.Count == 0
            ? CheckResult.Pass(family, lost.Count, 0)
            : CheckResult.Warn($"{family}; lost: {string.Join(", ", lost.Take(5).Select(i => $"{evidence.Names[i]} ({Figures.P(p[i])}, adjusted {adjusted[i]:0.000})"))}{(lost.Count > 5 ? $" and {lost.Count - 5} more" : string.Empty)}", lost.Count, 0);
    }

    public override TestFamily Trap(int seed)
    {
        // Twenty nulls, two of which happened to fall below 0.05.
        var rng = new Rng(seed).Stream("multiple-comparisons");
        double[] p = [0.01 + 0.035 * rng.NextDouble(), 0.01 + 0.035 * rng.NextDouble(), .. Enumerable.Range(0, 18).Select(_ => 0.05 + 0.95 * rng.NextDouble())];
        return Family(p);
    }

    public override TestFamily Clean(int seed)
    {
        // Four true effects, each seven standard errors large.
        var rng = new Rng(seed).Stream("multiple-comparisons");
        return Family([.. Enumerable.Range(0, 4).Select(_ => 2 * Normal.Sf(Math.Abs(7 + rng.NextNormal())))]);
    }

    public override TestFamily? Tiny => Family([0.01]);

    private static TestFamily Family(double[] p) => new() { Names = [.. p.Select((_, i) => $"metric {i + 1}")], PValues = p, Alpha = 0.05 };
}
