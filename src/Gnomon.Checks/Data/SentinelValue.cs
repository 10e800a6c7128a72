using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Methods.Data;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Data;

/// <summary>A number or a date that is a code.</summary>
public sealed class SentinelValue : Check<ValueSpikes>
{
    private const double Threshold = 0.001;
    private const int FewestValues = 6;
    private const long FewestRows = 50;

    public override CheckCard Card { get; } = new(
        Id: "sentinel-value",
        Asks: "Is every number a measurement, or do some stand for something else?",
        FiresWhen: "one value holds more rows than its neighbourhood allows: above the 99.9 % Poisson limit of a local fit that leaves it out (Bonferroni over the values tried), more than 20 times its median neighbour and at least 1 % of rows, and it is an extreme, a round code or the cap of the range",
        Means: "One value looks like a code, a cap or a second population rather than a measurement.",
        Remedy: "Split it into a flag plus the measured part, or use a two-part model; ask the data's owner what it means.",
        Source: "data-profiling convention; Lambert 1992")
    { Level = CheckLevel.Warning, FalseAlarmRate = 0.005, Aliases = ["zero-inflated-feature"] };

    public override CheckResult Evaluate(ValueSpikes evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        var rows = evidence.Counts.Sum();
        if (evidence.Values.Count < FewestValues || rows < FewestRows)
        {
            return CheckResult.Skip($"{Figures.Count(evidence.Values.Count, "different value")} in {Figures.Count(rows, "row")}, too few to see a spike; {FewestValues} and {FewestRows} are needed");
        }

        var counts = evidence.Values.Select((v, i) => new ValueCount(v, evidence.Counts[i])).ToArray();
        var found = SentinelScan.Find(counts).OrderByDescending(s => s.Count).ToList();
        if (found.Count == 0)
        {
            var largest = counts.MaxBy(c => c.Count);
            return CheckResult.Pass($"no value of {evidence.Column} stands out; the most frequent, {Show(evidence, largest.Value)}, holds {Figures.Percent((double)largest.Count / rows)} of the values");
        }

        var worst = found[0];
        var more = found.Count > 1 ? $"; likewise {string.Join(", ", found.Skip(1).Take(3).Select(s => Show(evidence, s.Value)))}" : string.Empty;
        return CheckResult.Warn(
            $"{Show(evidence, worst.Value)} fills {Figures.Percent(worst.Share)} of {evidence.Column}, {Figures.Number(worst.TimesNeighbour)} times its neighbours{Reason(worst.Kind)}{more}", worst.PValue, Threshold, worst.PValue);
    }

    public override ValueSpikes Trap(int seed) => Simulate(seed, 0.02);

    public override ValueSpikes Clean(int seed) => Simulate(seed, 0);

    public override ValueSpikes? Tiny => new() { Column = "age", Values = [30, 999], Counts = [4, 1] };

    // 5,000 ages; in the trap 2 % of them are 999.
    private static ValueSpikes Simulate(int seed, double coded)
    {
        var rng = new Rng(seed).Stream("sentinel-value");
        var counts = new SortedDictionary<double, long>();
        for (var i = 0; i < 5_000; i++)
        {
            var age = rng.NextDouble() < coded ? 999 : Math.Round(45 + (12 * rng.NextNormal()));
            counts[age] = counts.GetValueOrDefault(age) + 1;
        }

        return new ValueSpikes { Column = "age", Values = [.. counts.Keys], Counts = [.. counts.Values] };
    }

    private static string Show(ValueSpikes evidence, double value) => evidence.Show?.Invoke(value) ?? Figures.Number(value);

    private static string Reason(SentinelKind kind) => kind switch
    {
        SentinelKind.IsolatedExtreme => ", and lies far from the rest",
        SentinelKind.EndOfRange => ", at the very end of the range",
        _ => ", and is a number people use as a code",
    };
}
