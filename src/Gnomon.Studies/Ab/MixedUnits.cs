using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Methods;
using Gnomon.Methods.Experiments;
using Gnomon.Methods.Inference;
using Gnomon.Numerics;

namespace Gnomon.Studies.Ab;

/// <summary>
/// What survives when units met both arms: the effect by the arm met first, which is a mixture; the effect of what a row showed, with the first arm as instrument; bounds without a model; a test whether the first arm
/// lasts; and, as a warning, the answer without the mixed units. Told beside the blocked answer, never as a decision.
/// </summary>
internal static class MixedUnits
{
    // Below this share the check is silent, and nothing needs to be saved.
    private const double Few = 0.001;
    private const int FewestForCarryOver = 20;

    public static AbPart Of(AbDesign design, AbInput input, AbFacts facts, AbReader? reader, StudyContext context)
    {
        if (reader is not { Unit: not null, Time: not null } || input.Designed is not null || input.Arms.Count != 2 || input.UnitsInSeveralArms <= Few * input.TotalUnits)
        {
            return new();
        }

        var saved = facts.Comparisons.Where(c => c is { Spec: { Role: MetricRole.Primary, Derived: null, Kind: MetricKind.Value }, Adjusted: null }).Select(c => Read(c, input, reader, context, design.Level)).OfType<Saved>().ToList();
        return saved.Count == 0 ? new() : new()
        {
            Estimates = [.. saved.SelectMany(Lines)],
            Tables = [Table(saved, design.Level)],
            Limitations = [.. saved.SelectMany((s, i) => Sentences(s, design.Level, isFirst: i == 0))],
        };
    }

    private static Saved? Read(Comparison c, AbInput input, AbReader reader, StudyContext context, double level)
    {
        var arm = reader.Arm.ToText();
        var (isTreated, isControl) = (arm.EqualTo(Scalar.Value(c.Arm)), arm.EqualTo(Scalar.Value(c.Control)));
        var scale = c.Spec.IsWritten ? 0 : reader.Scale(c.Spec.Column, 1);
        var value = AbReader.Value(c.Spec);
        Scalar Total(Scalar of) => Scalar.Call(ScalarFunction.Coalesce, Scalar.Aggregate(AggregateFunction.FixedPointSum, value, of, scale), Scalar.Value(0.0));
        Scalar Rows(Scalar of) => Scalar.Aggregate(AggregateFunction.Count, value, of).ToDouble();
        var start = c.Baseline.Values.Mean;
        CoMomentsAccumulator[] all = [new(new double[MixedExposure.Columns]), new(new double[MixedExposure.Columns])];
        CoMomentsAccumulator[] one = [new([start, 1]), new([start, 1])];
        CoMomentsAccumulator[] both = [new([2 * start]), new([2 * start])];
        reader.Data.Scan(
            new Query
            {
                Select = [new Projection("first", reader.First(arm, reversed: false).EqualTo(Scalar.Value(c.Arm)).ToDouble()), new Projection("s1", Total(isTreated)), new Projection("n1", Rows(isTreated)), new Projection("s0", Total(isControl)), new Projection("n0", Rows(isControl))],
                Where = reader.Usable().And(isTreated.Or(isControl)).And(value.IsNull().Not()),
                GroupBy = [Scalar.Column(reader.Unit!)],
            },
            chunk =>
            {
                var first = chunk.Doubles(0);
                var s1 = chunk.Doubles(1);
                var n1 = chunk.Doubles(2);
                var s0 = chunk.Doubles(3);
                var n0 = chunk.Doubles(4);
                for (var i = 0; i < chunk.Rows; i++)
                {
                    var group = first[i] > 0 ? 0 : 1;
                    all[group].Add([s1[i], n1[i], s0[i], n0[i]]);
                    if (n1[i] > 0 && n0[i] > 0)
                    {
                        both[group].Add([s1[i] / n1[i] + s0[i] / n0[i]]);
                    }
                    else
                    {
                        one[group].Add([s1[i] + s0[i], n1[i] + n0[i]]);
                    }
                }

                return true;
            },
            context.Cancellation);
        try
        {
            var result = MixedExposure.Of(all[0].ToCoMoments(), all[1].ToCoMoments(), AreBits(value, reader, context) ? (0, 1) : null, level);
            return new Saved(c, result, input.UnitsInSeveralArms, all[0].Count + all[1].Count, CarryOver(both, level), Without(one, level), one[0].Count + one[1].Count);
        }
        catch (Exception e) when (e is NotEstimableException or TooFewRowsException)
        {
            return null;
        }
    }

    // Rows of zeros and ones; a unit's total says no more of that.
    private static bool AreBits(Scalar value, AbReader reader, StudyContext context) =>
        reader.Data.Read(new Query { Select = [new Projection("off", Scalar.Aggregate(AggregateFunction.Max, Scalar.Call(ScalarFunction.Abs, value * value - value)))], Where = reader.Usable() }, context.Cancellation).Columns[0].Cell(0) is 0.0;

    private static ContrastResult? CarryOver(CoMomentsAccumulator[] both, double level) =>
        Math.Min(both[0].Count, both[1].Count) < FewestForCarryOver ? null : Quiet(() => MixedExposure.CarryOver(both[0].ToCoMoments().Column(0), both[1].ToCoMoments().Column(0), level));

    private static ContrastResult? Without(CoMomentsAccumulator[] one, double level) =>
        Math.Min(one[0].Count, one[1].Count) < 2 ? null : Quiet(() => RatioMetric.Compare(one[0].ToCoMoments(), one[1].ToCoMoments(), level).Difference);

    private static ContrastResult? Quiet(Func<ContrastResult> compare)
    {
        try
        {
            return compare();
        }
        catch (Exception e) when (e is NotEstimableException or TooFewRowsException)
        {
            return null;
        }
    }

    private static IEnumerable<Estimate> Lines(Saved s)
    {
        if (s.Result.Shown is { } shown)
        {
            yield return Line(s, shown, s.Units, shown.Method);
        }

        if (s.Without is { } without)
        {
            yield return Line(s, without, s.UnitsWithout, "units that met one arm alone: biased, for those who met both were dropped by what they did");
        }
    }

    private static Estimate Line(Saved s, ContrastResult r, long units, string method) => new()
    {
        Name = "difference", Metric = s.Comparison.Spec.Name, Contrast = s.Comparison.Contrast, Value = r.Value, Low = r.Low, High = r.High, Level = r.Level, Unit = s.Comparison.Metric.Unit, P = r.PValue, N = units, Method = method, Role = "sensitivity",
    };

    private static ResultTable Table(List<Saved> saved, double level) => new(
        "met-both-arms", $"What survives of units that met both arms ({Figures.Confidence(level)} intervals)", ["metric", "contrast", "rows of the other arm: treated", "control", "by the arm met first", "of what a row showed", "low", "high", "bounds: from", "to", "interval: from", "to ", "carry-over", "carry-over p"],
        [.. saved.Select(s => (IReadOnlyList<object?>)
            [s.Comparison.Spec.Name, s.Comparison.Contrast, Figures.Percent(1 - s.Result.ShareOwn), Figures.Percent(s.Result.ShareOther), s.Result.Assigned.Value, s.Result.Shown?.Value, s.Result.Shown?.Low, s.Result.Shown?.High,
                s.Result.Lower, s.Result.Upper, s.Result.Bounds?.Low, s.Result.Bounds?.High, s.CarryOver?.Value, s.CarryOver?.PValue])]);

    private static IEnumerable<string> Sentences(Saved s, double level, bool isFirst)
    {
        var (c, r, unit) = (s.Comparison, s.Result, s.Comparison.Metric.Unit);
        var assigned = AbWords.Text(r.Assigned, unit);
        var confidence = Figures.Confidence(level);
        yield return $"{(isFirst ? $"What survives: {Figures.Count(s.Mixed, "unit")} met both arms, so {Figures.Percent(1 - r.ShareOwn)} of the rows of units assigned to {c.Arm} and {Figures.Percent(r.ShareOther)} of those assigned to {c.Control} showed the other arm. By" : "By")} the arm met first {c.Spec.Name} differs by {assigned.Point} ({confidence} interval {assigned.Range}): the effect of this muddled roll-out, nearer to 0 than that of a clean one.";
        if (r.Shown is { } shown)
        {
            var text = AbWords.Text(shown, unit);
            yield return $"If a row answers only to the arm it showed, {c.Arm} changes {c.Spec.Name} by {text.Point} ({confidence} interval {text.Range}); the arm met first is the instrument."
                + (r is { Lower: { } low, Upper: { } high, Bounds: { } bounds } ? $" Whatever the rows of the other arm would have been, the effect lies from {Figures.Range(low, high, unit)} ({confidence} interval {Figures.Range(bounds.Low, bounds.High, unit)})." : string.Empty);
        }

        if (s.CarryOver is { } carry)
        {
            var text = AbWords.Text(carry, unit);
            yield return $"Carry-over: the two means of units that met both, summed, differ by {text.Point} between the orders ({confidence} interval {text.Range}, {Figures.P(carry.PValue)}){(carry.PValue < 1 - level ? ": the arm met first lasts, and what a row showed is not all it answers to." : ".")}";
        }

        if (isFirst && s.Without is { } without)
        {
            var text = AbWords.Text(without, unit);
            yield return $"Without the units that met both the difference is {text.Point} ({confidence} interval {text.Range}): biased, since who meets both is no chance; it is shown to be distrusted.";
        }
    }

    private sealed record Saved(Comparison Comparison, MixedExposureResult Result, long Mixed, long Units, ContrastResult? CarryOver, ContrastResult? Without, long UnitsWithout);
}
