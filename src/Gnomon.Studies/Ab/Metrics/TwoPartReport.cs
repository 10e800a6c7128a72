using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Methods;
using Gnomon.Methods.Experiments;
using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Studies.Ab.Touching;

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

            if (input.Designed is SwitchbackSet or ExposureSet)
            {
                Designed(design, reader!, name, made, context, (c, r) => Take(c, r), limitations);
                continue;
            }

            UnitColumn[] column = [new("value", Scalar.Column(reader!.Data.Schema.Require(name, "--two-part").Name).ToDouble(), UnitFold.Sum)];
            var units = input.Designed is ClusterSet ? UnitTable.OfRows(reader, input, column, context) : UnitTable.Read(reader, input, column, context);
            foreach (var c in made)
            {
                try
                {
                    Take(c, Compare(units, input, c, design.Level));
                }
                catch (Exception e) when (e is NotEstimableException or TooFewRowsException)
                {
                    limitations.Add(Untold(c, e));
                }
            }
        }

        void Take(Comparison c, LevelledParts result)
        {
            estimates.AddRange(Parts(c, result.Result));
            rows.AddRange(Rows(c, result));
            limitations.Add(Sentence(c, result.Result));
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

    // Blocks of time and exposures compare whether a unit has any beside how much.
    private static void Designed(AbDesign design, AbReader reader, string name, List<Comparison> made, StudyContext context, Action<Comparison, LevelledParts> take, List<string> limitations)
    {
        var value = Scalar.Column(reader.Data.Schema.Require(name, "--two-part").Name).ToDouble();
        MetricSpec both = new() { Name = name, Kind = MetricKind.Value, Column = name }, any = both with { Name = "any", Expression = Scalar.Call(ScalarFunction.NotEqual, value, Scalar.Value(0.0)).ToDouble() };
        var set = AbTouching.Input(design with { Metrics = [both, any] }, reader, context).Designed!;
        foreach (var c in made)
        {
            try
            {
                var parts = set.TwoPart(name, "any", 1, design.Level)!;
                take(c, new LevelledParts(parts.Result, parts.Means.SecondControl, parts.Means.SecondTreated, parts.Means.FirstControl / parts.Means.SecondControl, parts.Means.FirstTreated / parts.Means.SecondTreated));
            }
            catch (Exception e) when (e is NotEstimableException or TooFewRowsException)
            {
                limitations.Add(Untold(c, e));
            }
        }
    }

    private static string Untold(Comparison c, Exception why) => $"{c.Spec.Name} ({c.Contrast}) is not taken apart: {char.ToLowerInvariant(why.Message[0])}{why.Message[1..]}";

    private static LevelledParts Compare(UnitTable units, AbInput input, Comparison c, double level)
    {
        var values = units.Numbers("value");
        if (input.Designed is ClusterSet)
        {
            var (t, b) = (Clusters(input.Arms.ToList().IndexOf(c.Arm)), Clusters(0));
            double Ratio(double[] above, double[] below) => above.Sum() / below.Sum();
            return new LevelledParts(ClusteredTwoPart.Compare(t, b, level), Ratio(b.Takers, b.Units), Ratio(t.Takers, t.Units), Ratio(b.Sums, b.Takers), Ratio(t.Sums, t.Takers));
        }

        var (x, n) = Arm(input.Arms.ToList().IndexOf(c.Arm));
        var (y, m) = Arm(0);
        return new LevelledParts(TwoPart.Compare(x, n, y, m, level), (double)y.Count / m, (double)x.Count / n, y.Mean, x.Mean);

        TwoPartClusters Clusters(int arm)
        {
            var rows = units.Clusters(arm).Select(g => g.Select(i => values[i]).Where(v => !double.IsNaN(v)).ToArray()).Where(g => g.Length > 0).ToList();
            return new([.. rows.Select(g => g.Sum())], [.. rows.Select(g => (double)g.Count(v => v != 0))], [.. rows.Select(g => (double)g.Length)]);
        }

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

    private static IEnumerable<IReadOnlyList<object?>> Rows(Comparison c, LevelledParts p)
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
    private sealed record LevelledParts(TwoPartResult Result, double ShareBefore, double ShareAfter, double AmountBefore, double AmountAfter);
}
