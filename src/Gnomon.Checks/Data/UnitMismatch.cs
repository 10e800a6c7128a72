using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Data;
using Gnomon.Core.Findings;
using Gnomon.Methods.Data;
using Gnomon.Numerics.Random;

namespace Gnomon.Checks.Data;

/// <summary>Part of a column stands in another unit.</summary>
public sealed class UnitMismatch : Check<UnitComparison>
{
    private const int Fewest = 20;

    public override CheckCard Card { get; } = new(
        Id: "unit-mismatch",
        Asks: "Do all values of a column stand in one unit?",
        FiresWhen: "between a part of the rows (a source, a stretch of the file or of time, or a cloud of values far from the others) and the rest, the ratio of medians has a 99 % interval that excludes 1, is narrow (4 % of the ratio for factors below 5, 10 % below 50, 25 % above) and contains a known factor (10, 100, 1000, 60, 1024, 2.54, 1.609, 2.205 ...), and the converted part has the shape of the rest (Kolmogorov-Smirnov p > 0.01); degrees by 1.8 x + 32 in centre, spread and shape",
        Means: "Part of the rows use another unit.",
        Remedy: "Convert at ingest, pin the unit in the schema, replay what was computed with the wrong unit.",
        Source: "Hynes, Sculley and Terry 2017 (data linter); Price and Bonett 2002")
    { Level = CheckLevel.Blocking, FalseAlarmRate = 0.005 };

    public override CheckResult Evaluate(UnitComparison evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        double[] part = [.. evidence.PartValues.Order()], rest = [.. evidence.RestValues.Order()];
        if (UnitShift.CompareSorted(part, rest) is not { } shift)
        {
            return CheckResult.Skip($"{Figures.Count(part.Length, "value")} against {Figures.Count(rest.Length)}, too few or all alike; {Fewest} on each side are needed");
        }

        var ratio = shift.Ratio is { } r ? $"{Figures.Number(r.Ratio)} times ({Figures.Number(r.Interval.Low)} to {Figures.Number(r.Interval.High)})" : "on another scale than";
        if (shift.Conversion is not { } known)
        {
            return CheckResult.Pass(shift.Ratio is null ? $"no known conversion makes {evidence.Part} of {evidence.Column} like the rest" : $"{evidence.Part} of {evidence.Column} is {ratio} the rest in median, no known conversion of one unit", shift.Ratio?.Ratio);
        }

        var how = known.Offset != 0
            ? shift.IsLarger ? "degrees Fahrenheit where the rest are Celsius" : "degrees Celsius where the rest are Fahrenheit"
            : $"{ratio} the rest in median: {known.Name} ({(shift.IsLarger ? "divide" : "multiply")} by {Figures.Number(known.Factor)})";
        return CheckResult.Fail($"{evidence.Column}: {evidence.Part} ({Figures.Count(part.Length, "value")}) {(known.Offset != 0 ? "are" : "lie at")} {how}", shift.Ratio?.Ratio, known.Factor, shift.ShapeP);
    }

    public override UnitComparison Trap(int seed) => Simulate(seed, 100);

    public override UnitComparison Clean(int seed) => Simulate(seed, 1);

    public override UnitComparison? Tiny => new() { Column = "price", Part = "source = a", PartValues = [100, 200], RestValues = [1, 2, 3] };

    // Prices of two sources, one of 1,500 rows in cents; in the clean twin both in whole units, one source a tenth dearer.
    private static UnitComparison Simulate(int seed, double factor)
    {
        var rng = new Rng(seed).Stream("unit-mismatch");
        double Price() => Math.Exp(3 + (0.4 * rng.NextNormal()));
        return new UnitComparison
        {
            Column = "price", Part = "source = b", RestValues = [.. Enumerable.Range(0, 4_000).Select(_ => Price())], PartValues = [.. Enumerable.Range(0, 1_500).Select(_ => Price() * (factor == 1 ? 1.1 : factor))],
        };
    }
}
