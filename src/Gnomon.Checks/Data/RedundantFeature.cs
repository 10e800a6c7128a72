using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Methods.Data;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Data;

/// <summary>Columns that say nothing, or what another column says.</summary>
public sealed class RedundantFeature : Check<ColumnRedundancy>
{
    private const double Alike = 0.95;
    private const double LowFloor = 0.9;
    private const long FewOthers = 30;
    private const long FewestRows = 60;

    public override CheckCard Card { get; } = new(
        Id: "redundant-feature",
        Asks: "Does every column carry something of its own?",
        FiresWhen: "a column is constant (all but fewer than 30 rows share one value), or repeats another: absolute Spearman correlation or Cramer's V of 0.95 or more with a lower limit above 0.9",
        Means: "This column carries nothing of its own, so its importance cannot be read alone.",
        Remedy: "Trace a constant column to its computation; judge twins as a group or drop one.",
        Source: "Strobl et al. 2008; Nicodemus 2011")
    { Level = CheckLevel.Note, FalseAlarmRate = 0.005, Aliases = ["redundant-feature-twin", "constant-feature"] };

    public override CheckResult Evaluate(ColumnRedundancy evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Rows < FewestRows)
        {
            return CheckResult.Skip($"{Figures.Count(evidence.Rows, "row")}, too few to call a column constant or a twin; {FewestRows} are needed");
        }

        var constants = evidence.Constants.Where(c => c.Others < FewOthers).ToList();
        var twins = evidence.Twins.Where(t => t.Value >= Alike && t.Low > LowFloor).OrderByDescending(t => t.Value).ToList();
        var largest = evidence.Twins.Select(t => t.Value).DefaultIfEmpty(0).Max();
        if (constants.Count + twins.Count == 0)
        {
            return CheckResult.Pass($"none of {Figures.Count(evidence.Columns, "column")} is constant or repeats another; the closest pair agrees to {Figures.Number(largest)}", largest, Alike);
        }

        var parts = new List<string>();
        if (twins.Count > 0)
        {
            parts.Add($"{Figures.Count(twins.Count, "pair of columns tells", "pairs of columns tell")} nearly the same: {string.Join(", ", twins.Take(4).Select(t => $"{t.First} and {t.Second} ({t.Measure} {Figures.Number(t.Value)})"))}{(twins.Count > 4 ? ", ..." : string.Empty)}");
        }

        if (constants.Count > 0)
        {
            parts.Add($"{Figures.Count(constants.Count, "column holds", "columns hold")} one value but for fewer than {FewOthers} rows: {string.Join(", ", constants.Take(6).Select(c => c.Column))}{(constants.Count > 6 ? ", ..." : string.Empty)}");
        }

        return CheckResult.Note(string.Join("; ", parts), largest, Alike);
    }

    public override ColumnRedundancy Trap(int seed) => Simulate(seed, 0.2);

    public override ColumnRedundancy Clean(int seed) => Simulate(seed, 0.5);

    public override ColumnRedundancy? Tiny => new() { Rows = 10, Columns = 2, Constants = [], Twins = [] };

    // Two columns of 2,000 rows, one the other with noise of a fifth (trap) or a half of its spread.
    private static ColumnRedundancy Simulate(int seed, double noise)
    {
        var rng = new Rng(seed).Stream("redundant-feature");
        var x = new double[2_000];
        var y = new double[2_000];
        for (var i = 0; i < x.Length; i++)
        {
            x[i] = rng.NextNormal();
            y[i] = x[i] + (noise * rng.NextNormal());
        }

        var r = Association.Spearman(x, y)!;
        return new ColumnRedundancy { Rows = 2_000, Columns = 2, Constants = [], Twins = [new ColumnTwins("x", "y", "Spearman", r.Correlation, r.Low)] };
    }
}
