using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Findings;
using Gnomon.Methods.Experiments;
using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Inference;

/// <summary>A handful of units carries the result.</summary>
public sealed class OutlierDrivenEffect : Check<ExtremeValues>
{
    private const double LargestShift = 1.0;
    private const double NoticedShift = 0.5;
    private const int MostRemoved = 50;
    private const long SmallestArm = 20;

    public override CheckCard Card { get; } = new(
        Id: "outlier-driven-effect",
        Asks: "Does the result survive without its most extreme units?",
        FiresWhen: "removing the largest 0.1 % of units of each arm (1 to 50 of them), or the smallest unit of one, moves the difference by more than one standard error, or by more than half of one while the interval begins or ceases to hold zero or the decision limit; the error is taken without them, for a single huge value inflates its own",
        Means: "A handful of units carries the result.",
        Remedy: "Report with and without them, winsorise by a rule set beforehand, use a robust estimator.",
        Source: "Cook 1977; Huber and Ronchetti 2009")
    { Level = CheckLevel.Warning };

    public override CheckResult Evaluate(ExtremeValues evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        var smallest = Math.Min(evidence.Treatment.Count, evidence.Control.Count);
        if (smallest < SmallestArm)
        {
            return CheckResult.Skip($"an arm has {Figures.Count(smallest, "unit")}; {SmallestArm} are needed");
        }

        var k = (int)Math.Clamp(smallest / 1000, 1, MostRemoved);
        if (evidence.TopTreatment.Count < k || evidence.TopControl.Count < k || evidence.Treatment.M2 + evidence.Control.M2 == 0)
        {
            return CheckResult.Skip($"the metric does not vary enough to remove {Figures.Count(k, "unit")}");
        }

        double[] topTreatment = [.. evidence.TopTreatment];
        double[] topControl = [.. evidence.TopControl];
        var influence = OutlierInfluence.RemoveTop(evidence.Treatment, topTreatment, evidence.Control, topControl, k, evidence.Level);
        var shift = Math.Abs(influence.Changed.Value - influence.All.Value) / influence.Changed.StandardError;
        var says = $"without the {(k == 1 ? "largest unit" : $"{k} largest units")} of each arm the difference moves from {Figures.Number(influence.All.Value)} to {Figures.Number(influence.Changed.Value)}, {shift:0.0} standard errors";
        if (shift > LargestShift)
        {
            return CheckResult.Warn(says, shift, LargestShift);
        }

        if (shift > NoticedShift && Turns(influence, evidence.Limit))
        {
            return CheckResult.Warn($"{says}, and the interval {(influence.SignificanceChanged ? "no longer says the same about zero" : "no longer says the same about the decision limit")}", shift, NoticedShift);
        }

        // A unit far below all others, such as a refund booked in cents, is in no list of largest values.
        return Lowest(evidence) is { Shift: > LargestShift } lowest
            ? CheckResult.Warn($"without one unit, {Figures.Number(lowest.Value)}, the difference moves by {lowest.Shift:0.0} standard errors", lowest.Shift, LargestShift)
            : CheckResult.Pass(says, shift, LargestShift);
    }

    private static bool Turns(InfluenceResult influence, double limit) =>
        influence.SignificanceChanged || (limit > 0 && (Side(influence.All, limit) != Side(influence.Changed, limit) || Side(influence.All, -limit) != Side(influence.Changed, -limit)));

    private static int Side(ContrastResult r, double limit) => r.Low > limit ? 1 : r.High < limit ? -1 : 0;

    // What taking out the smallest value of an arm does, from its moments alone. Cook's distance of a unit cannot pass 1 between arms of equal size, so the shift itself is measured.
    private static (double Shift, double Value)? Lowest(ExtremeValues evidence)
    {
        (double Shift, double Value)? worst = null;
        foreach (var (arm, other) in new[] { (evidence.Treatment, evidence.Control), (evidence.Control, evidence.Treatment) })
        {
            if (arm.Min is not { } value)
            {
                continue;
            }

            double n = arm.Count, residual = arm.Mean - value;
            var rest = Math.Max(0, arm.M2 - residual * residual * n / (n - 1)) / (n - 2);
            var error = Math.Sqrt(rest / (n - 1) + other.VarianceOfMean);
            var shift = residual == 0 ? 0 : error > 0 ? residual / (n - 1) / error : double.MaxValue;
            if (worst is null || shift > worst.Value.Shift)
            {
                worst = (shift, value);
            }
        }

        return worst;
    }

    public override ExtremeValues Trap(int seed) => Simulate(seed, outlier: 2_000);

    public override ExtremeValues Clean(int seed) => Simulate(seed, outlier: null);

    public override ExtremeValues? Tiny => new() { Metric = "rounds", Treatment = Moments.Of([1, 2, 3]), Control = Moments.Of([1, 2]), TopTreatment = [3], TopControl = [2] };

    // 5,000 units an arm around 50; one unit of the treatment arm is wildly larger.
    private static ExtremeValues Simulate(int seed, double? outlier)
    {
        var rng = new Rng(seed).Stream("outlier-driven-effect");
        var treatment = Values(rng);
        var control = Values(rng);
        if (outlier is not null)
        {
            treatment[0] = outlier.Value * (5 + rng.NextDouble());
        }

        return new ExtremeValues
        {
            Metric = "rounds", Treatment = Moments.Of(treatment), Control = Moments.Of(control),
            TopTreatment = [.. treatment.OrderDescending().Take(50)], TopControl = [.. control.OrderDescending().Take(50)],
        };
    }

    private static double[] Values(Rng rng) => [.. Enumerable.Range(0, 5_000).Select(_ => 50 + 10 * rng.NextNormal())];
}
