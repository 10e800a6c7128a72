using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Methods;
using Gnomon.Methods.Inference;
using Gnomon.Numerics;

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
        var units = UnitTable.Read(reader, input, [.. oec.Terms.Select(t => new UnitColumn(t.Column, Scalar.Column(t.Column).ToDouble(), UnitFold.Sum))], context);
        var arms = Enumerable.Range(0, input.Arms.Count).Select(a => Joint(units, a, oec)).ToList();
        var (rows, sentences) = (new List<IReadOnlyList<object?>>(), new List<string>());
        for (var a = 1; a < arms.Count; a++)
        {
            if (arms[a] is null || arms[0] is null)
            {
                continue;
            }

            var contrast = $"{input.Arms[a]} - {input.Arms[0]}";
            var whole = Compare(arms[a]!, arms[0]!, [.. oec.Terms.Select((t, i) => t.Weight / scales[i])], design.Level);
            for (var k = 0; k < oec.Terms.Count; k++)
            {
                var term = oec.Terms[k];
                var own = Compare(arms[a]!, arms[0]!, [.. oec.Terms.Select((t, i) => i == k ? t.Weight / scales[i] : 0)], design.Level);
                rows.Add([term.Column, contrast, term.Weight, scales[k], own?.Value, own?.Low, own?.High, own?.PValue, With(0)?.Value, Text(With(0.5)), Text(With(2))]);

                ContrastResult? With(double factor) => Compare(arms[a]!, arms[0]!, [.. oec.Terms.Select((t, i) => (i == k ? factor : 1) * t.Weight / scales[i])], design.Level);
            }

            sentences.Add(Sentence(contrast, whole, arms[a]!, arms[0]!, oec, scales, design.Level));
        }

        var unit = oec.IsRaw ? "their own units" : "standard deviations of the control arm, taken as known";
        sentences.Add($"{OecSpec.Name} is {text.Trim()}, components in {unit}. Its weights are a choice: say before the data which they are.");
        return new AbMetrics
        {
            Limitations = sentences,
            Tables = rows.Count == 0 ? [] : [new ResultTable("oec", "What the composite is made of", ["component", "contrast", "weight", "counted in", "adds", "low", "high", "p", "composite without it", "with half its weight", "with twice"], rows)],
        };
    }

    private static CoMoments? Joint(UnitTable units, int arm, OecSpec oec)
    {
        var columns = oec.Terms.Select(t => units.Numbers(t.Column)).ToArray();
        int[] rows = [.. units.Of(arm).Where(i => columns.All(c => !double.IsNaN(c[i])))];
        return rows.Length < 2 ? null : CoMoments.OfColumns([.. columns.Select(c => Array.ConvertAll(rows, i => c[i]))]);
    }

    private static ContrastResult? Compare(CoMoments x, CoMoments y, double[] weights, double level)
    {
        try
        {
            return WelchT.Test(x.Combine([weights]).Column(0), y.Combine([weights]).Column(0), level);
        }
        catch (NotEstimableException)
        {
            return null;
        }
    }

    private static string Sentence(string contrast, ContrastResult? whole, CoMoments x, CoMoments y, OecSpec oec, IReadOnlyList<double> scales, double level)
    {
        static int Sign(ContrastResult? c) => c is null ? 0 : c.Low > 0 ? 1 : c.High < 0 ? -1 : 0;
        var turns = new List<string>();
        for (var k = 0; k < oec.Terms.Count; k++)
        {
            foreach (var factor in new[] { 0.5, 2.0 })
            {
                if (Sign(Compare(x, y, [.. oec.Terms.Select((t, i) => (i == k ? factor : 1) * t.Weight / scales[i])], level)) != Sign(whole))
                {
                    turns.Add($"{oec.Terms[k].Column} with {(factor < 1 ? "half" : "twice")} its weight");
                }
            }
        }

        return turns.Count == 0
            ? $"{contrast}: halving or doubling any one weight leaves the answer of {OecSpec.Name} as it is."
            : $"{contrast}: the answer of {OecSpec.Name} hangs on the weights: another one comes of {string.Join(", ", turns.Take(4))}.";
    }

    private static string? Text(ContrastResult? c) => c is null ? null : Figures.Interval(c.Value, c.Low, c.High, new FigureUnit(1, string.Empty, Signed: true, NoEffect: 0)) is var t ? $"{t.Point} ({t.Range})" : null;
}
