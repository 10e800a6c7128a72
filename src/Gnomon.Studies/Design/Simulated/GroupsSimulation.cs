using Gnomon.Core.Findings;
using Gnomon.Methods;
using Gnomon.Methods.Groups;
using Gnomon.Methods.Planning;
using Gnomon.Methods.Ranks;
using Gnomon.Numerics;
using Gnomon.Numerics.Random;

namespace Gnomon.Studies.Design.Simulated;

/// <summary>Welch's analysis of variance of groups with spreads and sizes of their own.</summary>
/// <param name="pattern">Means of the groups, scaled so that the largest difference is 1.</param>
/// <param name="deviations">Standard deviation of each.</param>
/// <param name="shares">Share of the units of each.</param>
/// <param name="metric">What is measured.</param>
internal sealed class WelchSimulation(double[] pattern, double[] deviations, IReadOnlyList<double> shares, string metric) : SimulatedTest
{
    public override string Metric => metric;

    public override string EffectUnit => metric;

    public override string Method => "Welch's analysis of variance of normal groups";

    public override int Fewest => (int)Math.Ceiling(4 * shares[0] / shares.Min());

    public override int Most => 10_000_000;

    public override int UsualRuns => 20_000;

    public override double ErrorPerRoot => Math.Sqrt(deviations.Select((d, g) => d * d * shares[0] / shares[g]).Max() * 2);

    public override Func<Rng, double?> Draw(int size, double effect)
    {
        int[] units = [.. shares.Select(s => Math.Max(2, (int)Math.Round(size * s / shares[0])))];
        return rng =>
        {
            var groups = new Moments[units.Length];
            for (var g = 0; g < groups.Length; g++)
            {
                // A normal group's mean and variance are independent: no units need be drawn.
                var mean = effect * pattern[g] + deviations[g] / Math.Sqrt(units[g]) * rng.NextNormal();
                groups[g] = new Moments(units[g], mean, 2 * rng.NextGamma(0.5 * (units[g] - 1)) * deviations[g] * deviations[g]);
            }

            return WelchAnova.Test(groups).PValue;
        };
    }

    public override string Thing(string effect) => $"a difference of {effect.TrimStart('+')} between the furthest groups";

    public override IEnumerable<string> Assumptions() => [$"Groups are normal, with spreads {string.Join(", ", deviations.Select(Figures.Number))} and means that stand to each other as {string.Join(", ", pattern.Select(p => Figures.Number(p)))}."];
}

/// <summary>Friedman's test of units that are measured once under every treatment.</summary>
/// <param name="pattern">Means of the treatments, scaled so that the largest difference is 1.</param>
/// <param name="deviation">Standard deviation within a unit.</param>
/// <param name="metric">What is measured.</param>
internal sealed class FriedmanSimulation(double[] pattern, double deviation, string metric) : SimulatedTest
{
    public override string Metric => metric;

    public override string EffectUnit => metric;

    public override string Method => $"Friedman's test of {pattern.Length} treatments in Iman and Davenport's F form, normal within units";

    public override int Fewest => 4;

    public override int Most => 1_000_000;

    public override int UsualRuns => 4_000;

    public override double ErrorPerRoot => deviation * Math.Sqrt(2 * Math.PI / 3);

    public override Func<Rng, double?> Draw(int size, double effect) => rng =>
    {
        double[][] values = [.. pattern.Select(_ => new double[size])];
        for (var unit = 0; unit < size; unit++)
        {
            for (var t = 0; t < values.Length; t++)
            {
                values[t][unit] = effect * pattern[t] + deviation * rng.NextNormal();
            }
        }

        try
        {
            var test = Friedman.Test(values);
            return (test.F ?? test.ChiSquare).PValue;
        }
        catch (NotEstimableException)
        {
            return null; // counted: nothing to rank
        }
    };

    public override string Thing(string effect) => $"a difference of {effect.TrimStart('+')} between the furthest treatments";

    public override IEnumerable<string> Assumptions() => [$"Each unit is measured under every treatment, normal with a spread of {Figures.Number(deviation)} around its own level, and means that stand to each other as {string.Join(", ", pattern.Select(p => Figures.Number(p)))}."];
}
