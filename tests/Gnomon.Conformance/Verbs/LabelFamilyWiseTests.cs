using Gnomon.Core.Tables;
using Gnomon.Numerics.Random;
using Gnomon.Studies.Label;
using Xunit;

namespace Gnomon.Conformance.Verbs;

/// <summary>The family-wise promise of <c>label</c>: a fleet that is equally hard everywhere and split by vehicle is left alone; one dealt out row by row, or labelled carelessly, is not.</summary>
public sealed class LabelFamilyWiseTests
{
    private static readonly LabelOptions Question = new()
    {
        Group = "vehicle", Scenario = "road", Embedding = ["e*"], Target = "label", Second = "second", Score = "today", Split = "split", Keep = ["alarm>0.5"], Budget = 80, AuditLeast = 700, Repeats = 2,
    };

    [Fact]
    public void Even_fleets_stay_quiet() => FamilyWise.StaysQuiet(seed => Ask.Label(Seconds(seed), Question), draws: 100);

    [Fact]
    public void Rows_dealt_out_one_by_one_are_stopped() => FamilyWise.Catches("near-duplicate-across-split", seed => Ask.Label(Seconds(seed, byRow: true), Question));

    [Fact]
    public void Vehicles_on_both_sides_are_stopped() => FamilyWise.Catches("group-leakage-across-splits", seed => Ask.Label(Seconds(seed, byRow: true), Question));

    [Fact]
    public void Careless_labels_are_named() => FamilyWise.Catches("label-noise", seed => Ask.Label(Seconds(seed, wrong: 0.12), Question));

    [Fact]
    public void A_road_on_which_the_model_fails_is_named() => FamilyWise.Catches("subgroup-performance-gap", seed => Ask.Label(Seconds(seed, failsOnGravel: true), Question));

    private static Table Seconds(int seed, bool byRow = false, double wrong = 0, bool failsOnGravel = false)
    {
        var rng = new Rng(seed).Stream("label-clean");
        List<string?> vehicle = [], road = [], label = [], second = [], split = [];
        List<double> alarm = [], today = [];
        List<double>[] e = [.. Enumerable.Range(0, 8).Select(_ => new List<double>())];
        for (var v = 0; v < 40; v++)
        {
            for (var s = 0; s < 75; s += 3)
            {
                double[] x = [.. Enumerable.Range(0, 8).Select(_ => rng.NextNormal())];
                var (isCase, where, fires) = (rng.NextDouble() < 1 / (1 + Math.Exp(-6 * x[0])), rng.NextInt(3), rng.NextDouble() < 0.25);
                for (var t = 0; t < 3; t++)
                {
                    vehicle.Add($"v{v}");
                    road.Add(where == 0 ? "gravel" : where == 1 ? "city" : "highway");
                    label.Add(isCase ^ rng.NextDouble() < wrong ? "1" : "0");
                    second.Add(isCase ? "1" : "0");
                    split.Add((byRow ? rng.NextInt(4) > 0 : v % 4 > 0) ? "train" : "test");
                    alarm.Add(fires ? 1 : 0);
                    today.Add(failsOnGravel && where == 0 ? rng.NextDouble() : 1 / (1 + Math.Exp(-6 * x[0])));
                    for (var j = 0; j < 8; j++)
                    {
                        e[j].Add(x[j] + (0.02 * rng.NextNormal()));
                    }
                }
            }
        }

        var table = Table.With("vehicle", vehicle).And("road", road).And("alarm", alarm).And("today", today).And("label", label).And("second", second).And("split", split);
        return Enumerable.Range(0, 8).Aggregate(table, (t, j) => t.And($"e{j + 1}", e[j]));
    }
}
