using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Methods;
using Gnomon.Methods.Experiments;
using Gnomon.Methods.Inference;
using Gnomon.Numerics;

namespace Gnomon.Studies.Ab.Metrics;

/// <summary>A metric that is nothing for most units, in its two parts.</summary>
internal static class TwoPartReport
{
    public static AbMetrics Of(AbDesign design, AbInput input, AbFacts facts, AbReader? reader, StudyContext context)
    {
        var (estimates, limitations, rows) = (new List<Estimate>(), new List<string>(), new List<IReadOnlyList<object?>>());
        foreach (var name in reader is null ? [] : design.Options.TwoPart)
        {
            var made = facts.Comparisons.Where(c => string.Equals(c.Spec.Name, name, StringComparison.OrdinalIgnoreCase)).ToList();
            if (made.Count == 0)
            {
                continue;
            }

            var units = UnitTable.Read(reader!, input, [new UnitColumn("value", Scalar.Column(reader!.Data.Schema.Require(name, "--two-part").Name).ToDouble(), UnitFold.Sum)], context);
            foreach (var c in made)
            {
                try
                {
                    var result = Compare(units, input, c, design.Level);
                    estimates.AddRange(Parts(c, result.Result));
                    rows.AddRange(Rows(c, result));
                    limitations.Add(Sentence(c, result.Result));
                }
                catch (Exception e) when (e is NotEstimableException or TooFewRowsException)
                {
                    limitations.Add($"{c.Spec.Name} ({c.Contrast}) is not taken apart: {char.ToLowerInvariant(e.Message[0])}{e.Message[1..]}");
                }
            }
        }

        if (rows.Count > 0)
        {
            limitations.Add("The mean among units with a value compares units that the treatment may have brought in or lost: it describes, and is no effect on the units that would have had a value anyway.");
        }

        return new AbMetrics
        {
            Estimates = estimates,
            Limitations = limitations,
            Tables = rows.Count == 0 ? [] : [new ResultTable("two-part", "Who has any, and how much", ["metric", "contrast", "part", "control", "treatment", "difference", "low", "high", "p", "log ratio", "log ratio, low", "log ratio, high"], rows)],
        };
    }

    private static Parted Compare(UnitTable units, AbInput input, Comparison c, double level)
    {
        var values = units.Numbers("value");
        var (x, n) = Arm(input.Arms.ToList().IndexOf(c.Arm));
        var (y, m) = Arm(0);
        return new Parted(TwoPart.Compare(x, n, y, m, level), (double)y.Count / m, (double)x.Count / n, y.Mean, x.Mean);

        (Moments Values, long Units) Arm(int arm)
        {
            double[] all = [.. units.Of(arm).Select(i => values[i]).Where(v => !double.IsNaN(v))];
            return (Moments.Of([.. all.Where(v => v != 0)]), all.Length);
        }
    }

    private static IEnumerable<Estimate> Parts(Comparison c, TwoPartResult r) =>
    [
        AbMetrics.Line("share with a value", c.Spec.Name, c, r.Share, "proportion", r.Share.Method),
        AbMetrics.Line("mean among those with a value", c.Spec.Name, c, r.Amount, c.Metric.Unit, $"{r.Amount.Method}; conditioned on what came after the treatment"),
    ];

    private static IEnumerable<IReadOnlyList<object?>> Rows(Comparison c, Parted p)
    {
        var r = p.Result;
        yield return Row("mean of all units", c.Baseline.Values.Mean, c.Treatment.Values.Mean, r.Mean, r.LogMean);
        yield return Row("share with a value", p.ShareBefore, p.ShareAfter, r.Share, r.LogShare);
        yield return Row("mean of those with a value", p.AmountBefore, p.AmountAfter, r.Amount, r.LogAmount);

        IReadOnlyList<object?> Row(string part, double before, double after, ContrastResult d, ContrastResult? log) =>
            [c.Spec.Name, c.Contrast, part, before, after, d.Value, d.Low, d.High, d.PValue, log?.Value, log?.Low, log?.High];
    }

    private static string Sentence(Comparison c, TwoPartResult r)
    {
        var share = AbWords.Text(r.Share, "proportion");
        var amount = AbWords.Text(r.Amount, c.Metric.Unit);
        return $"{c.Spec.Name} ({c.Contrast}) taken apart: the share of units that have any changes by {share.Point} ({share.Range}), the mean among those by {amount.Point} ({amount.Range}); a test of both parts together has {Figures.P(r.JointPValue)}.";
    }

    /// <summary>The parts with their levels in both arms.</summary>
    private sealed record Parted(TwoPartResult Result, double ShareBefore, double ShareAfter, double AmountBefore, double AmountAfter);
}
