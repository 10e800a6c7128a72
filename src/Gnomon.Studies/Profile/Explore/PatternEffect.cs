using System.Globalization;
using Gnomon.Core.Findings;
using Gnomon.Methods;
using Gnomon.Methods.Data;
using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Studies.Profile.Looks;

namespace Gnomon.Studies.Profile.Explore;

/// <summary>A pattern that held, in words and with its size on the rows that confirmed it.</summary>
/// <param name="Says">What goes with what.</param>
/// <param name="Measure">What the size is: a difference, a correlation, Cramer's V.</param>
/// <param name="Value">The size, in the measure's unit.</param>
/// <param name="Interval">Its interval, wide enough for all patterns shown together; null where the measure has none.</param>
/// <param name="Standardised">The size in standard deviations of the outcome, to put patterns of every kind in one order.</param>
internal sealed record PatternEffect(TestedPattern Tested, string Says, string Measure, double Value, Interval? Interval, double Standardised)
{
    public string Metric { get; init; } = string.Empty;

    public string Contrast { get; init; } = string.Empty;

    public string Unit { get; init; } = "number";

    public long Rows { get; init; }

    /// <summary>Other patterns that held and are one with this: the pairs of its columns, the same seen from another side.</summary>
    public int Includes { get; init; }

    /// <param name="search">The search.</param>
    /// <param name="tested">A pattern that held.</param>
    /// <param name="level">Level of this interval, so that those shown hold together.</param>
    /// <param name="show">A time or row number of a sample row.</param>
    public static PatternEffect? Of(PatternSearch search, TestedPattern tested, double level, Func<int, string> show)
    {
        var (half, p) = (search.Confirm, tested.Pattern);
        return p.Kind switch
        {
            PatternKind.Subgroup => Difference(tested, level, [.. half.Rows.Where(i => p.First.Groups![i] == p.Group)], [.. half.Rows.Where(i => p.First.Groups![i] >= 0 && p.First.Groups[i] != p.Group)], p.Second!,
                $"{p.First.Name} = {p.First.Names[p.Group]}", $"{p.First.Name} = {p.First.Names[p.Group]} - others"),
            PatternKind.Step when search.Cut(half, p) is var (before, after) => Difference(tested, level, after, before, p.First, $"from {show(p.FirstRowAfter)} on", "after - before"),
            PatternKind.Reversal => Reversal(search, tested, level),
            _ when p.First.IsNumber => Numbers(half, tested, level),
            _ => Categories(half, tested),
        };
    }

    private static PatternEffect? Difference(TestedPattern tested, double level, int[] inside, int[] others, PatternColumn outcome, string where, string contrast)
    {
        double[] x = Values(inside, outcome), y = Values(others, outcome);
        if (x.Length < 2 || y.Length < 2 || WelchT.TryTest(Moments.Of(x), Moments.Of(y), level) is not { } test)
        {
            return null;
        }

        var all = Moments.MeanVariance([.. x, .. y]);
        var word = tested.Pattern.Kind == PatternKind.Step ? (test.Value > 0 ? "rises" : "falls") : test.Value > 0 ? "is higher where" : "is lower where";
        return new PatternEffect(tested, $"{outcome.Metric} {word} {where}", "difference", test.Value, Limits(x, y, outcome, test, level), all.M2 > 0 ? test.Value / all.StandardDeviation : 0)
        {
            Metric = outcome.Metric, Contrast = contrast, Unit = outcome.IsFlag ? "proportion" : outcome.Name, Rows = x.Length + y.Length,
        };
    }

    private static Interval Limits(double[] x, double[] y, PatternColumn outcome, ContrastResult test, double level) =>
        outcome.IsFlag ? TwoProportions.Newcombe((long)x.Sum(), x.Length, (long)y.Sum(), y.Length, level) : test.Interval;

    private static PatternEffect? Reversal(PatternSearch search, TestedPattern tested, double level)
    {
        var p = tested.Pattern;
        if (ReversalScan.Measure(search.Confirm, p, level) is not { } m)
        {
            return null;
        }

        var sides = p.First.IsFlag ? $"{p.First.Name} = {p.First.Names[1]}" : string.Create(CultureInfo.InvariantCulture, $"{p.First.Name} > {p.First.Show(p.Cut)}");
        var outcome = Moments.MeanVariance(Values(search.Confirm.Rows, p.Second!));
        return new PatternEffect(
            tested, $"{p.Second!.Metric} is {(m.Pooled.Value > 0 ? "higher" : "lower")} where {sides} over all rows ({Signed(m.Pooled.Value)}) and {(m.Stratified.Value > 0 ? "higher" : "lower")} within the groups of {p.Within!.Name}",
            "difference within groups", m.Stratified.Value, m.Stratified.Interval, outcome.M2 > 0 ? m.Stratified.Value / outcome.StandardDeviation : 0)
        {
            Metric = p.Second.Metric, Contrast = $"{sides} - others, within {p.Within.Name}", Unit = p.Second.IsFlag ? "proportion" : p.Second.Name, Rows = search.Confirm.Count - m.UnitsOutside,
        };
    }

    private static PatternEffect? Numbers(PatternHalf half, TestedPattern tested, double level)
    {
        var (a, b) = (tested.Pattern.First, tested.Pattern.Second!);
        var rows = half.Rows.Where(i => !a.IsMissing(i) && !b.IsMissing(i)).ToArray();
        if (Association.Spearman(Array.ConvertAll(rows, i => a.Numbers![i]), Array.ConvertAll(rows, i => b.Numbers![i]), level) is not { } r)
        {
            return null;
        }

        // Where ranks do not rise or fall together, the columns go together in a bent way, and only the distance correlation has a size.
        var bent = r.Low <= 0 && r.High >= 0 && PairScan.Distance(half, a, b) is not null;
        var size = bent ? PairScan.Distance(half, a, b)!.Correlation : r.Correlation;
        return new PatternEffect(
            tested, bent ? $"{a.Name} and {b.Name} go together, but not along a rising or falling line" : $"{b.Name} {(size > 0 ? "rises" : "falls")} with {a.Name}",
            bent ? "distance correlation" : "rank correlation", size, bent ? null : new Interval(r.Low, r.High), AsDifference(size))
        {
            Metric = b.Name, Contrast = $"with {a.Name}", Rows = rows.Length,
        };
    }

    private static PatternEffect? Categories(PatternHalf half, TestedPattern tested)
    {
        var (a, b) = (tested.Pattern.First, tested.Pattern.Second!);
        if (PairScan.Counts(half, a, b) is not var (counts, columns) || Association.CramersV(counts, columns) is not { } v)
        {
            return null;
        }

        var bits = Association.MutualInformation(counts, columns, biasCorrected: true) / Math.Log(2);
        return new PatternEffect(tested, $"{a.Name} and {b.Name} go together: one tells {Figures.Number(bits)} bits of the other", "Cramer's V", v.Value, null, AsDifference(v.Value)) { Metric = b.Name, Contrast = $"with {a.Name}", Rows = counts.Sum() };
    }

    // A correlation as the difference of two equal groups that has it (Cohen 1988).
    private static double AsDifference(double r) => 2 * r / Math.Sqrt(Math.Max(1e-6, 1 - (r * r)));

    private static double[] Values(int[] rows, PatternColumn outcome) => Array.FindAll(Array.ConvertAll(rows, outcome.Outcome), v => !double.IsNaN(v));

    private static string Signed(double x) => x > 0 ? "+" + Figures.Number(x) : Figures.Number(x);
}
