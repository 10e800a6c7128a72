using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Inference;

/// <summary>A printed result cannot come from the printed data.</summary>
public sealed class ReportedResultInconsistent : Check<StatedResult>
{
    private const int MostNamed = 3;

    public override CheckCard Card { get; } = new(
        Id: "reported-result-inconsistent",
        Asks: "Can the stated numbers come from these data?",
        FiresWhen: "a stated p-value, lift or difference differs from what the data give under the standard two-sided test, after the rounding it was printed with; another setting that gives the number (one side, continuity correction, Fisher) is named",
        Means: "The printed result cannot come from the printed data and settings.",
        Remedy: "Obtain the counts and the settings, recompute, name the setting that gives each number.",
        Source: "Nuijten et al. 2016 (statcheck)")
    { Level = CheckLevel.Warning };

    public override CheckResult Evaluate(StatedResult evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        var faults = new List<string>();
        var fits = new List<string>();
        if (evidence.StatedP is { } p && evidence.Recomputed.Count > 0)
        {
            var standard = evidence.Recomputed[0];
            var others = evidence.Recomputed.Skip(1).Where(r => Math.Abs(r.P - p) <= Half(evidence.PDecimals)).Take(MostNamed).ToList();
            if (Math.Abs(standard.P - p) <= Half(evidence.PDecimals))
            {
                fits.Add($"stated p {p} fits the {standard.Setting} ({standard.P:0.####})");
            }
            else
            {
                faults.Add($"stated p {p}, but the {standard.Setting} gives {standard.P:0.####}" + (others.Count == 0
                    ? "; no usual setting gives the stated number"
                    : $"; it is what {string.Join(", or ", others.Select(o => $"{o.Setting} gives, {o.P:0.####}"))}"));
            }
        }

        Compare("lift", evidence.StatedLift, evidence.Lift, evidence.LiftDecimals + 2);
        Compare("difference", evidence.StatedDifference, evidence.Difference, evidence.DifferenceDecimals);
        return (faults.Count, fits.Count) switch
        {
            (0, 0) => CheckResult.Skip($"nothing in '{evidence.Claim}' can be recomputed from these data (0 numbers)"),
            (0, _) => CheckResult.Pass(string.Join("; ", fits), 0, 0),
            _ => CheckResult.Warn(string.Join("; ", faults), faults.Count, 0),
        };

        void Compare(string name, double? stated, double? seen, int decimals)
        {
            if (stated is not null && seen is not null)
            {
                var fit = Math.Abs(stated.Value - seen.Value) <= Half(decimals);
                (fit ? fits : faults).Add($"stated {name} {stated:0.######}, recomputed {seen:0.######}");
            }
        }
    }

    public override StatedResult Trap(int seed)
    {
        var wrong = Math.Round(0.035 + 0.03 * new Rng(seed).Stream("reported-result-inconsistent").NextDouble(), 2);
        return Of(wrong < 0.035 ? 0.04 : wrong);
    }

    public override StatedResult Clean(int seed) => new Rng(seed).Stream("reported-result-inconsistent").NextDouble() < 0.5 ? Of(0.02) : Of(0.024) with { PDecimals = 3 };

    public override StatedResult? Tiny => new() { Claim = "a large improvement" };

    private static StatedResult Of(double p) => new()
    {
        Claim = $"p={p}", StatedP = p, PDecimals = 2, Treatment = (2_400, 50_000), Control = (2_250, 50_000),
        Recomputed = [("two-sided score test", 0.02428), ("one-sided score test", 0.01214), ("two-sided with continuity correction", 0.02518)],
    };

    // Rounding half up or to even: the printed number may stand for anything within half its last digit, ends included.
    private static double Half(int decimals) => 0.5 * Math.Pow(10, -decimals) * (1 + 1e-9);
}
