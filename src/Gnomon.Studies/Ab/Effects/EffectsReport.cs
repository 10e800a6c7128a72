using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Methods.Heterogeneity;
using Gnomon.Methods.Inference;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Studies.Ab.Effects;

/// <summary>Sentences, tables and pictures of segments and of targeting.</summary>
internal sealed class EffectsReport(AbDesign design, SegmentColumns columns, IReadOnlyList<ArmEffects> arms, SegmentRules rules)
{
    private const double WantedPower = 0.8;
    private const int MostSaid = 3;

    // Half a per cent of units more or less is the same rule.
    private const double AsGoodAsAll = 0.995;

    public SegmentWords Words { get; } = new(columns.Features, columns.IsDay);

    // With one arm the contrast is the title's.
    private IReadOnlyList<string> Contrast => arms.Count > 1 ? ["contrast"] : [];

    private double Cost => rules.Cost;

    public string Headline()
    {
        var confirmed = rules.Confirmed().ToList();
        if (confirmed.Count == 0)
        {
            return $"No credible difference between segments of {string.Join(", ", columns.Features.Select(f => f.Name))}.{Targeted()}";
        }

        var said = confirmed.OrderBy(c => c.P).Take(MostSaid).Select(c =>
        {
            var effect = Text(c.Segment.Effect, c.Arm);
            return $"where {Words.Of(c.Segment)} {effect.Point} ({effect.Range}{(arms.Count > 1 ? $", {c.Arm.Comparison.Contrast}" : string.Empty)})";
        });
        var more = confirmed.Count > MostSaid ? $", and {Figures.Count(confirmed.Count - MostSaid, "more segment")}" : string.Empty;
        return $"The effect on {confirmed[0].Arm.Comparison.Spec.Name} differs between segments: {string.Join("; ", said)}{more}.{Targeted()}";
    }

    /// <summary>Why an arm that is better on average is not for everybody.</summary>
    public string NotForAll(IReadOnlyList<EffectSegment> hurt, string winner)
    {
        var units = arms.First(a => a.Comparison.Arm == winner).Units;
        var named = string.Join("; and ", hurt.Take(MostSaid).Select(s => $"{Words.Of(s)} ({Figures.WholePercent((double)s.Units / units)} of units)"));
        return $"Better on average, and not for everybody: units with {named} are worse off with {winner}, which the half of the units that did not suggest it confirms. Leave them out, or mend it for them, before it ships.";
    }

    public IEnumerable<Estimate> Estimates() => rules.Confirmed().Select(c => new Estimate
    {
        Name = $"difference where {Words.Of(c.Segment)}",
        Metric = c.Arm.Comparison.Spec.Name,
        Contrast = c.Arm.Comparison.Contrast,
        Value = c.Segment.Effect.Value,
        Low = c.Segment.Effect.Low,
        High = c.Segment.Effect.High,
        Level = c.Segment.Effect.Level,
        Unit = c.Arm.Comparison.Metric.Unit,
        N = c.Segment.Units,
        Method = c.Segment.Effect.Method,
        Role = "descriptive",
    });

    public IEnumerable<string> Limitations()
    {
        var arm = arms[0];
        var all = arms.Sum(a => a.Segments.Count);
        yield return $"Segments were looked for in one half of the units and judged in the other; a hash of the unit's {(design.Options.Unit is null ? "row" : "id")} decides the half. {(all == 0 ? "The first half suggested none." : $"{Figures.Count(all, "candidate")}, {Figures.Count(rules.Confirmed().Count())} confirmed after Benjamini-Hochberg.")}";
        var seen = (Normal.UpperQuantile(design.Alpha) + Normal.Quantile(WantedPower)) * arm.HalvesError;
        yield return $"Small differences may stay hidden: the judging half sees a difference of {Figures.Effect(seen, arm.Comparison.Metric.Unit, seen)} in {arm.Comparison.Spec.Name} between two equal segments in {WantedPower * 100:0} % of such experiments.";
        foreach (var judged in arms.Where(a => a.Calibration is not null))
        {
            var slope = judged.Calibration!.Slope;
            yield return slope.PValue <= design.Alpha
                ? $"Effects do differ between units: those with a larger predicted effect{Of(judged)} have a larger one in the judging half ({Figures.P(slope.PValue)}, best linear projection)."
                : $"The predicted effect{Of(judged)} does not credibly tell units apart in the judging half ({Figures.P(slope.PValue)}, best linear projection).";
        }

        var allowed = arms.Max(a => Math.Pow(2, a.Promising.Count)) * arms.Count;
        if (allowed > 1)
        {
            yield return $"Intervals of the rules of whom to treat hold for all {Figures.Count((long)allowed)} that the first half allowed, whichever of them the judging half bears out (Bonferroni).";
        }

        if (Cost > 0)
        {
            yield return $"Treating one unit is taken to cost {Figures.Number(Cost)} in the unit of {arm.Comparison.Spec.Name}{(design.Options.Value is { } value ? $" ({Figures.Number(design.Options.TreatmentCost!.Value)} of money at {Figures.Number(value)} for one)" : string.Empty)}.";
        }
    }

    public IEnumerable<string> Next()
    {
        foreach (var arm in arms.Where(a => Better(a) is not null).Take(1))
        {
            var (rule, _) = Better(arm)!.Value;
            yield return $"Before you {(arms.Count > 1 ? $"give {arm.Comparison.Arm} only to" : "treat only")} {rule}, run that rule against {(arms.Count > 1 ? "giving it to" : "treating")} everybody: a rule found once is a hypothesis about the next users.";
        }

        if (!rules.Confirmed().Any() && arms.Any(a => a.Segments.Count > 0))
        {
            yield return "Do not act on the candidate segments: the half of the units that judged them does not bear them out.";
        }
    }

    public IEnumerable<ResultTable> Tables()
    {
        if (arms.Any(a => a.Segments.Count > 0))
        {
            yield return new ResultTable(
                "segments", "Segments: suggested by one half, judged by the other",
                [.. Contrast, "segment", "units", "effect where found", "effect where judged", "low", "high", "less all others", "p adjusted", "verdict"],
                [.. arms.SelectMany((a, i) => a.Segments.Select((s, j) => (IReadOnlyList<object?>)
                    [.. Named(a), Words.Of(s), (long)s.Units, s.DiscoveryEffect, s.Effect.Value, s.Effect.Low, s.Effect.High, s.Difference.Value, rules.Adjusted[i][j], rules.IsConfirmed(i, j) ? "confirmed" : "not confirmed"]))]);
        }

        yield return new ResultTable(
            "heterogeneity", "Does the predicted effect tell units apart?", [.. Contrast, "measure, 0 where it does not", "value", "low", "high", "p"],
            [.. arms.SelectMany(a => new[] { ("slope of effect on prediction", a.Calibration?.Slope), ("area under the targeting curve", a.Curve?.Autoc), ("Qini", a.Curve?.Qini) }
                .Where(m => m.Item2 is not null).Select(m => (IReadOnlyList<object?>)[.. Named(a), m.Item1, m.Item2!.Value, m.Item2.Low, m.Item2.High, m.Item2.PValue]))]);

        yield return new ResultTable(
            "targeting", Cost > 0 ? "Whom to treat, per unit of all, cost of treatment taken off" : "Whom to treat, per unit of all",
            [.. Contrast, "treat", "share", "over nobody", "low", "high", "over everybody", "from", "to"],
            [.. arms.SelectMany(Rules)]);
    }

    public IEnumerable<Plot> Plots()
    {
        foreach (var (arm, i) in arms.Select((a, i) => (a, i)).Where(x => x.a.Segments.Count > 0))
        {
            var rows = arm.Segments.Select((s, j) => new IntervalRow(rules.IsConfirmed(i, j) ? Words.Of(s) : $"{Words.Of(s)} (not confirmed)", s.Effect.Value, s.Effect.Low, s.Effect.High)).ToList();
            yield return new Plot(i == 0 ? "segments" : $"segments-{i + 1}", $"Effect by segment, {arm.Comparison.Contrast}, in the judging half", IntervalPlot.Build(rows, $"effect on {arm.Comparison.Spec.Name}", new PlotUnit(arm.Comparison.Metric.Unit, Change: true)));
        }

        foreach (var (arm, i) in arms.Select((a, i) => (a, i)).Where(x => x.a.Curve is not null))
        {
            var reach = Normal.UpperQuantile((1 - design.Level) / 2);
            var last = arm.Curve!.Points[^1];
            BandPoint[] points =
            [
                new(0, 0, "best first"),
                .. arm.Curve.Points.Select(p => new BandPoint(100 * p.Share, p.Gain, "best first", p.Gain - (reach * p.GainError), p.Gain + (reach * p.GainError))),
                new(0, 0, "at random"), new(100, last.Gain, "at random"),
            ];
            var spec = arm.Comparison.Spec;
            yield return new Plot(
                i == 0 ? "uplift" : $"uplift-{i + 1}", $"What treating a part of the units brings, {arm.Comparison.Contrast}",
                BandPlot.Build(points, "units treated (%)", $"{(spec.HigherIsBetter ? "gain in" : "fall in")} {spec.Name} per unit of all", new PlotUnit(arm.Comparison.Metric.Unit, Change: true), "treated"));
        }
    }

    private IEnumerable<IReadOnlyList<object?>> Rules(ArmEffects a)
    {
        var predicted = rules.ByPrediction(a);
        yield return Row("everybody", 1, predicted.Everybody, null);
        if (rules.BySegment(a) is { } segments)
        {
            yield return Row(Treated(a), segments.Share, segments.OverNobody, segments.OverEverybody);
        }

        yield return Row(Cost > 0 ? "units whose predicted effect exceeds the cost" : "units whose predicted effect is a gain", predicted.Share, predicted.OverNobody, predicted.OverEverybody);

        IReadOnlyList<object?> Row(string rule, double share, ContrastResult nobody, ContrastResult? everybody) =>
            [.. Named(a), rule, share, nobody.Value, nobody.Low, nobody.High, everybody?.Value, everybody?.Low, everybody?.High];
    }

    private IReadOnlyList<object?> Named(ArmEffects a) => arms.Count > 1 ? [a.Comparison.Contrast] : [];

    private string Treated(ArmEffects a) => string.Join("; or ", rules.Treated(a).Select(i => Words.Of(a.Segments[i])));

    // A rule is told when the judging half confirms what it is made of, and it beats treating everybody beyond doubt and treats fewer.
    private (string Rule, TargetingValueResult Value)? Better(ArmEffects a)
    {
        foreach (var (rule, value) in new[] { (Treated(a), rules.BySegment(a)), ("the units whose predicted effect exceeds the cost", rules.IsPredictionConfirmed(a) ? rules.ByPrediction(a) : null) })
        {
            if (value is { Share: > 0 and < AsGoodAsAll } && value.OverEverybody.Low > 0 && value.OverNobody.Low > 0)
            {
                return (rule.StartsWith("the units", StringComparison.Ordinal) && Cost <= 0 ? "the units with a predicted gain" : rule.StartsWith("the units", StringComparison.Ordinal) ? rule : $"units with {rule}", value);
            }
        }

        return null;
    }

    private string Targeted()
    {
        foreach (var arm in arms)
        {
            if (Better(arm) is { } better)
            {
                var over = Text(better.Value.OverEverybody, arm);
                return $" {(arms.Count > 1 ? $"Giving {arm.Comparison.Arm} only to" : "Treating only")} {better.Rule}, {Figures.WholePercent(better.Value.Share)} of all, is worth {over.Point} ({over.Range}) a unit more than {(arms.Count > 1 ? "giving it to" : "treating")} everybody{(Cost > 0 ? ", cost counted" : string.Empty)}.";
            }
        }

        return Cost > 0 ? " No rule found here is credibly worth more than treating everybody or nobody." : string.Empty;
    }

    private string Of(ArmEffects a) => arms.Count > 1 ? $" ({a.Comparison.Contrast})" : string.Empty;

    private static FigureInterval Text(ContrastResult effect, ArmEffects arm) => AbWords.Text(effect, arm.Comparison.Metric.Unit);
}
