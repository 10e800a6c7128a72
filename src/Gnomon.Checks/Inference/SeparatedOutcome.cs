using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Regression;
using Gnomon.Core.Findings;
using Gnomon.Methods.Regression;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Inference;

/// <summary>An input tells the classes apart completely.</summary>
public sealed class SeparatedOutcome : Check<SeparationFound>
{
    public override CheckCard Card { get; } = new(
        Id: "separation",
        Asks: "Does the maximum likelihood estimate exist?",
        FiresWhen: "a linear programme finds a combination of inputs that separates the classes completely or quasi-completely (exact, no threshold)",
        Means: "An input separates the classes, so its estimate runs to infinity.",
        Remedy: "Read the penalised estimate and its interval, and ask whether the column knows the outcome.",
        Source: "Albert and Anderson 1984; Konis 2007; Firth 1993")
    { Level = CheckLevel.Warning, FalseAlarmRate = 0.005, Aliases = ["quasi-separation"] };

    public override CheckResult Evaluate(SeparationFound evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        return evidence.Terms.Count > 0
            ? CheckResult.Warn($"{string.Join(", ", evidence.Terms.Take(5))} {(evidence.IsComplete ? "separates" : "separates in part")} {evidence.Outcome} ({Figures.Count(evidence.Events)} events in {Figures.Count(evidence.Rows)} rows)")
            : CheckResult.Pass($"no combination of inputs separates {evidence.Outcome} ({Figures.Count(evidence.Events)} events in {Figures.Count(evidence.Rows)} rows)");
    }

    public override SeparationFound Trap(int seed) => Simulate(seed, leaks: true);

    public override SeparationFound Clean(int seed) => Simulate(seed, leaks: false);

    public override SeparationFound? Tiny => null;

    // 120 rows; in the trap a flag is set only in rows with the event.
    private static SeparationFound Simulate(int seed, bool leaks)
    {
        var rng = new Rng(seed).Stream("separation");
        double[] x = [.. Enumerable.Range(0, 120).Select(_ => rng.NextNormal())];
        double[] y = [.. x.Select(v => rng.NextDouble() < 1 / (1 + Math.Exp(-v)) ? 1.0 : 0.0)];
        double[] flag = [.. y.Select(v => (leaks ? v == 1 : true) && rng.NextDouble() < 0.3 ? 1.0 : 0.0)];
        var found = Separation.Detect(DesignMatrix.WithIntercept([x, flag], ["x", "flag"]), y, new GlmOptions());
        return new SeparationFound { Outcome = "churned", Rows = 120, Events = (long)Math.Min(y.Sum(), 120 - y.Sum()), Terms = found?.Terms ?? [], IsComplete = found?.IsComplete ?? false };
    }
}
