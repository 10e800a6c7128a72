using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Label;
using Xunit;

namespace Gnomon.Conformance.Verbs;

/// <summary>Does the interval of "chosen less random" hold what the difference is on average over fleets, new models learned on each?</summary>
public sealed class LabelCoverageTests
{
    private const int Fleets = 400;
    private const double Slack = 3.3;

    private static readonly LabelOptions Question = new()
    {
        Group = "vehicle", Scenario = "scenario", Embedding = ["e*"], Target = "label", Keep = ["alarm>0.5"], Budget = 60, AuditLeast = 400, Rare = 0.2, Repeats = 4,
    };

    // 1,500 fleets gave 93.6 % where choosing helps and 98.1 % where it does not. What misses lies nearly all on the side of too small a gain: an interval whose upper limit is below the mean, which would adopt
    // on too little, is rarer than 2.5 %. Three point three Monte Carlo errors.
    [Theory]
    [InlineData(true, 0.936)]
    [InlineData(false, 0.981)]
    public void The_interval_of_the_difference_covers_its_mean_over_fleets(bool isHard, double expected)
    {
        var found = Enumerable.Range(1, Fleets).Select(seed => Ask.Label(Fleet(seed, isHard), Question).Estimates.Single(e => e.Name == "error difference")).ToList();
        var mean = found.Average(e => e.Value);
        double Share(Func<Gnomon.Core.Findings.Estimate, bool> of) => found.Count(of) / (double)Fleets;
        static double Error(double share) => Math.Sqrt(share * (1 - share) / Fleets);
        Assert.InRange(Share(e => e.Low <= mean && mean <= e.High), expected - (Slack * Error(expected)), expected + (Slack * Error(expected)));
        Assert.InRange(Share(e => e.High < mean), 0, 0.025 + (Slack * Error(0.025)));
        Assert.True(isHard ? mean < -0.05 : Math.Abs(mean) < 0.02, $"mean {mean}");
    }

    // 40 vehicles, 30 events of three seconds each; one event in eight is of a scenario that decides by a column of its own.
    private static Table Fleet(int seed, bool isHard)
    {
        var rng = new Rng(seed).Stream("label-coverage");
        List<string?> vehicle = [], scenario = [], label = [];
        List<double> alarm = [];
        List<double>[] e = [.. Enumerable.Range(0, 5).Select(_ => new List<double>())];
        for (var v = 0; v < 40; v++)
        {
            for (var s = 0; s < 30; s++)
            {
                var isRare = rng.NextInt(8) == 0;
                double[] x = [.. Enumerable.Range(0, 5).Select(j => j < 4 ? rng.NextNormal() : isRare && isHard ? 3 * rng.NextNormal() : 0)];
                var (isCase, fires) = (rng.NextDouble() < 1 / (1 + Math.Exp(-4 * (isRare && isHard ? x[4] : x[0]))), rng.NextDouble() < (isRare && isHard ? 0.7 : 0.2));
                for (var t = 0; t < 3; t++)
                {
                    vehicle.Add($"v{v}");
                    scenario.Add(isRare ? "rare" : "road");
                    label.Add(isCase ? "1" : "0");
                    alarm.Add(fires ? 1 : 0);
                    for (var j = 0; j < 5; j++)
                    {
                        e[j].Add(x[j] + (0.02 * rng.NextNormal()));
                    }
                }
            }
        }

        var table = Table.With("vehicle", vehicle).And("scenario", scenario).And("alarm", alarm).And("label", label);
        return Enumerable.Range(0, 5).Aggregate(table, (t, j) => t.And($"e{j + 1}", e[j]));
    }
}
