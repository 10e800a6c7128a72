using Gnomon.Methods.Experiments;
using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Numerics.Random;

namespace Gnomon.Trust.Paths;

/// <summary>What an experiment adds to a comparison: several metrics, several looks, margins, the split.</summary>
internal static class ExperimentPaths
{
    private static readonly double[] Weeks = [0.25, 0.5, 0.75, 1];
    private static readonly IReadOnlyList<GroupSequentialLook> Bounds = GroupSequential.Bounds(Weeks, 0.05);
    private static readonly double[] Even = [0.5, 0.5];

    public static IReadOnlyList<TrustPath> All { get; } =
    [
        new("several-metrics", "Holm's procedure", "five correlated metrics (0.5), 100 and 100 units: any of them called", Family) { HasInterval = false, IsConservative = true },
        new("several-looks", "O'Brien and Fleming's boundary by Lan and DeMets", "four looks at 100 to 400 units an arm, any of them called", Looks) { HasInterval = false },
        new("guardrail", "one-sided test of a margin", "300 and 300 units whose harm is exactly the margin (with an effect: none): cleared", Guardrail) { HasInterval = false },
        new("split", "chi-square of the split", "20,000 units at 50/50 (with an effect: 4 % of one arm lost)", Split) { Alpha = 0.001, HasInterval = false },
    ];

    private static TrustDraw Family(Rng rng, bool real)
    {
        const int metrics = 5;
        const int units = 100;
        var values = new double[2][][];
        for (var arm = 0; arm < 2; arm++)
        {
            values[arm] = [.. Enumerable.Range(0, metrics).Select(_ => new double[units])];
            for (var i = 0; i < units; i++)
            {
                var shared = rng.NextNormal();
                for (var m = 0; m < metrics; m++)
                {
                    values[arm][m][i] = Math.Sqrt(0.5) * shared + Math.Sqrt(0.5) * rng.NextNormal() + (real && arm == 1 && m == 0 ? 0.5 : 0);
                }
            }
        }

        var p = Enumerable.Range(0, metrics).Select(m => WelchT.Test(Moments.Of(values[1][m]), Moments.Of(values[0][m])).PValue).ToArray();
        return new TrustDraw(Multiplicity.Holm(p).Any(x => x < 0.05), true);
    }

    private static TrustDraw Looks(Rng rng, bool real)
    {
        var (control, treatment) = (Moments.Empty, Moments.Empty);
        for (var k = 0; k < Weeks.Length; k++)
        {
            control = Moments.Merge(control, Draws.Sample(rng, 100, r => r.NextNormal()));
            treatment = Moments.Merge(treatment, Draws.Sample(rng, 100, r => (real ? 0.2 : 0) + r.NextNormal()));
            var z = (treatment.Mean - control.Mean) / Math.Sqrt(treatment.VarianceOfMean + control.VarianceOfMean);
            if (Bounds[k].CriticalZ is { } bound && Math.Abs(z) >= bound)
            {
                return new TrustDraw(true, true);
            }
        }

        return new TrustDraw(false, true);
    }

    private static TrustDraw Guardrail(Rng rng, bool real)
    {
        const double margin = 0.3;
        var treatment = Draws.Sample(rng, 300, r => (real ? 0 : -margin) + r.NextNormal());
        var result = GuardrailTest.Absolute(treatment, Draws.Sample(rng, 300, r => r.NextNormal()), margin, DesiredDirection.Higher);
        return new TrustDraw(result.NonInferiorPValue < 0.05, true);
    }

    private static TrustDraw Split(Rng rng, bool real)
    {
        var first = rng.NextBinomial(20_000, 0.5);
        var second = 20_000 - first;
        second = real ? second - rng.NextBinomial(second, 0.04) : second;
        return new TrustDraw(SampleRatio.ChiSquare([first, second], Even).PValue < 0.001, true);
    }
}
