using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Methods;
using Gnomon.Methods.Inference;
using Gnomon.Methods.Interference;
using Gnomon.Numerics;
using Gnomon.Studies.Ab.Touching;

namespace Gnomon.Studies.Ab.Metrics;

/// <summary>What each component adds to the composite that decides, and whether the answer hangs on its weight.</summary>
internal static class OecReport
{
    public static AbMetrics Of(AbDesign design, AbInput input, AbReader? reader, StudyContext context)
    {
        if (design.Options.Oec is not { } text || reader is null || design.OecScales is not { } scales)
        {
            return new AbMetrics();
        }

        var oec = OecSpec.Parse(text, reader.Data.Schema);
        var compare = input.Designed is ClusterSet clusters ? ByClusters(design, input, oec, clusters.Column, context) : input.Designed is SwitchbackSet or ExposureSet ? ByDesign(design, oec, scales, reader, context) : ByUnits(design, input, oec, reader, context);
        var (rows, sentences) = (new List<IReadOnlyList<object?>>(), new List<string>());
        for (var a = 1; a < input.Arms.Count; a++)
        {
            var arm = a;
            double[] Weights(int k, double factor, bool alone) => [.. oec.Terms.Select((t, i) => (i == k ? factor : alone ? 0 : 1) * t.Weight / scales[i])];
            ContrastResult? With(int k, double factor) => compare(arm, Weights(k, factor, alone: false));
            var contrast = $"{input.Arms[a]} - {input.Arms[0]}";
            if (With(0, 1) is not { } whole)
            {
                continue;
            }

            for (var k = 0; k < oec.Terms.Count; k++)
            {
                var term = oec.Terms[k];
                var own = compare(a, Weights(k, 1, alone: true));
                rows.Add([term.Column, contrast, term.Weight, scales[k], own?.Value, own?.Low, own?.High, own?.PValue, With(k, 0)?.Value, Text(With(k, 0.5)), Text(With(k, 2))]);
            }

            sentences.Add(Sentence(contrast, whole, oec, With));
        }

        var unit = oec.IsRaw ? "their own units" : "standard deviations of the control arm, taken as known";
        sentences.Add($"{OecSpec.Name} is {text.Trim()}, components in {unit}. Its weights are a choice: say before the data which they are.");
        return new AbMetrics
        {
            Limitations = sentences,
            Tables = rows.Count == 0 ? [] : [new ResultTable("oec", "What the composite is made of", ["component", "contrast", "weight", "counted in", "adds", "low", "high", "p", "composite without it", "with half its weight", "with twice"], rows)],
        };
    }

    // A contrast of an arm with control for any weights of the components.
    private static Func<int, double[], ContrastResult?> ByUnits(AbDesign design, AbInput input, OecSpec oec, AbReader reader, StudyContext context)
    {
        var units = UnitTable.Read(reader, input, [.. oec.Terms.Select(t => new UnitColumn(t.Column, Scalar.Column(t.Column).ToDouble(), UnitFold.Sum))], context);
        var arms = Enumerable.Range(0, input.Arms.Count).Select(a => Joint(units, a, oec)).ToList();
        return (a, weights) => arms[a] is { } x && arms[0] is { } y ? Try(() => WelchT.Test(x.Combine([weights]).Column(0), y.Combine([weights]).Column(0), design.Level)) : null;
    }

    // Component totals by cluster, over the rows that have all components: any composite of them is a sum of these.
    private static Func<int, double[], ContrastResult?> ByClusters(AbDesign design, AbInput input, OecSpec oec, string column, StudyContext context)
    {
        var values = oec.Terms.Select(t => Scalar.Column(t.Column).ToDouble()).ToList();
        var specs = oec.Terms.Select((t, k) => new MetricSpec { Name = t.Column, Kind = MetricKind.Value, Column = t.Column, Expression = values.Where((_, i) => i != k).Aggregate(values[k], (sum, other) => sum + other * Scalar.Value(0.0)) }).ToList();
        var plain = input with { Metrics = [.. specs.Select(s => new MetricInput { Spec = s, Binary = false, Arms = [.. input.Arms.Select(_ => new ArmMetric { Values = Moments.Empty })] })] };
        var set = new ClusterReader(design with { Metrics = specs, Options = design.Options with { Pre = [] } }, plain, context).Read(column, strict: false)!;
        ClusterTotals Of(int arm, double[] weights) => new([.. Enumerable.Range(0, set.Metrics[0].Arms[arm].Count).Select(i => weights.Select((w, k) => w * set.Metrics[k].Arms[arm].Sums[i]).Sum())], [.. set.Metrics[0].Arms[arm].Sizes]);
        return (a, weights) => Try(() => ClusterComparison.Compare(Of(a, weights), Of(0, weights), design.Level).Difference);
    }

    // Blocks of time and exposures: every composite that the report asks for is a metric of its own, all read at once.
    private static Func<int, double[], ContrastResult?> ByDesign(AbDesign design, OecSpec oec, IReadOnlyList<double> scales, AbReader reader, StudyContext context)
    {
        double[] Of(int k, double factor, bool alone) => [.. oec.Terms.Select((t, i) => (i == k ? factor : alone ? 0 : 1) * t.Weight / scales[i])];
        var asked = Enumerable.Range(0, oec.Terms.Count).SelectMany(k => new[] { Of(k, 1, false), Of(k, 0, false), Of(k, 0.5, false), Of(k, 2, false), Of(k, 1, true) }).DistinctBy(Key).ToList();
        var values = oec.Terms.Select(t => Scalar.Column(t.Column).ToDouble()).ToList();
        var specs = asked.Select(w => new MetricSpec { Name = Key(w), Kind = MetricKind.Value, Column = oec.Terms[0].Column, Expression = values.Select((v, i) => v * Scalar.Value(w[i])).Aggregate((a, b) => a + b) }).ToList();
        var set = AbTouching.Input(design with { Metrics = specs }, reader, context).Designed!;
        return (arm, weights) => Try(() => set.Contrast(Key(weights), arm, design.Level, (ulong)design.Options.Seed).Effect);

        static string Key(double[] weights) => string.Join(' ', weights.Select(w => w.ToString("R", System.Globalization.CultureInfo.InvariantCulture)));
    }

    private static CoMoments? Joint(UnitTable units, int arm, OecSpec oec)
    {
        var columns = oec.Terms.Select(t => units.Numbers(t.Column)).ToArray();
        int[] rows = [.. units.Of(arm).Where(i => columns.All(c => !double.IsNaN(c[i])))];
        return rows.Length < 2 ? null : CoMoments.OfColumns([.. columns.Select(c => Array.ConvertAll(rows, i => c[i]))]);
    }

    private static ContrastResult? Try(Func<ContrastResult> compare)
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

    private static string Sentence(string contrast, ContrastResult whole, OecSpec oec, Func<int, double, ContrastResult?> with)
    {
        static int Sign(ContrastResult? c) => c is null ? 0 : c.Low > 0 ? 1 : c.High < 0 ? -1 : 0;
        var turns = Enumerable.Range(0, oec.Terms.Count).SelectMany(k => new[] { 0.5, 2.0 }.Where(factor => Sign(with(k, factor)) != Sign(whole)).Select(factor => $"{oec.Terms[k].Column} with {(factor < 1 ? "half" : "twice")} its weight")).ToList();
        return turns.Count == 0
            ? $"{contrast}: halving or doubling any one weight leaves the answer of {OecSpec.Name} as it is."
            : $"{contrast}: the answer of {OecSpec.Name} hangs on the weights: another one comes of {string.Join(", ", turns.Take(4))}.";
    }

    private static string? Text(ContrastResult? c) => c is null ? null : Figures.Interval(c.Value, c.Low, c.High, new FigureUnit(1, string.Empty, Signed: true, NoEffect: 0)) is var t ? $"{t.Point} ({t.Range})" : null;
}
