using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Sql;
using Gnomon.Core.Findings;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Sql;

/// <summary>The join multiplied rows, so totals are inflated.</summary>
public sealed class JoinFanout : Check<JoinCardinality>
{
    // Sums of doubles in another order differ by rounding alone.
    private const double Rounding = 1e-9;

    public override CheckCard Card { get; } = new(
        Id: "join-fanout",
        Asks: "Does each row meet at most one row of the table that is joined?",
        FiresWhen: "rows after the join exceed rows before it, and the control total of the measure, or the row count where no measure is named, moves; a failure where the answer rests on the join, a warning where repeated keys were set aside first",
        Means: "The join multiplied rows, so totals are inflated.",
        Remedy: "Aggregate or deduplicate one side first; assert row counts and control totals.",
        Source: "Kimball and Ross 2013")
    { Level = CheckLevel.Blocking, FalseAlarmRate = 0 };

    public override CheckResult Evaluate(JoinCardinality evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.RowsBefore == 0)
        {
            return CheckResult.Skip($"{evidence.Join}: the base table has no rows");
        }

        var factor = (double)evidence.RowsAfter / evidence.RowsBefore;
        var rows = $"{evidence.Join}: {Figures.Count(evidence.RowsBefore, "row")} before, {Figures.Count(evidence.RowsAfter)} after, {Figures.Count(evidence.RepeatedKeys, "repeated key")}";
        var total = evidence is { Measure: { } measure, TotalBefore: { } before, TotalAfter: { } after }
            ? $"; {measure} adds up to {Figures.Number(after)} where the base table holds {Figures.Number(before)}{(before != 0 && Math.Round(after / before, 3) != 1 ? $" ({Figures.Number(Math.Round(after / before, 3))} times)" : string.Empty)}"
            : string.Empty;
        return !Multiplies(evidence) ? CheckResult.Pass(rows + total, factor, 1)
            : evidence.IsAnswer ? CheckResult.Fail(rows + total, factor, 1)
            : CheckResult.Warn($"{rows}{total}; one row per key was joined here instead", factor, 1);
    }

    public override JoinCardinality Trap(int seed) => Simulate(seed, repeated: 1);

    public override JoinCardinality Clean(int seed) => Simulate(seed, repeated: 0);

    public override JoinCardinality? Tiny => new() { Join = "orders to items", RowsBefore = 0, RowsAfter = 0, RepeatedKeys = 0, IsAnswer = true };

    private static bool Multiplies(JoinCardinality e) =>
        e.RowsAfter > e.RowsBefore && (e is not { TotalBefore: { } before, TotalAfter: { } after } || Math.Abs(after - before) > Rounding * Math.Abs(before));

    // A thousand orders of random value; in the trap one of them meets two items.
    private static JoinCardinality Simulate(int seed, int repeated)
    {
        var rng = new Rng(seed).Stream("join-fanout");
        var values = Enumerable.Range(0, 1_000).Select(_ => 10.0 + rng.NextInt(90)).ToArray();
        var total = values.Sum();
        return new JoinCardinality
        {
            Join = "orders to items on order_id", RowsBefore = 1_000, RowsAfter = 1_000 + repeated, RepeatedKeys = repeated,
            Measure = "value", TotalBefore = total, TotalAfter = total + repeated * values[rng.NextInt(1_000)], IsAnswer = true,
        };
    }
}
