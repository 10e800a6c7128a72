using Gnomon.Core.Findings;
using Gnomon.Methods;
using Gnomon.Methods.Experiments;
using Gnomon.Studies.Ab.Touching;

namespace Gnomon.Studies.Ab.Metrics;

/// <summary>The steps of --funnel: over the units assigned, over the step before, and which of them carries the effect.</summary>
internal static class FunnelReport
{
    public static AbMetrics Of(AbDesign design, AbInput input, AbFacts facts)
    {
        var names = design.Options.Funnel;
        if (names.Count == 0)
        {
            return new AbMetrics();
        }

        var (rows, estimates, sentences) = (new List<IReadOnlyList<object?>>(), new List<Estimate>(), new List<string>());
        foreach (var contrast in facts.Comparisons.GroupBy(c => c.Contrast))
        {
            var steps = names.Select(n => contrast.FirstOrDefault(c => c.Spec.Name == n)).ToList();
            if (steps.Contains(null))
            {
                sentences.Add($"The funnel of {contrast.Key} is not told: a step could not be compared.");
                continue;
            }

            var made = steps.ConvertAll(c => c!);
            var result = input.Designed is ClusterSet clusters ? ClusteredFunnel.Compare(clusters, made, input.Arms.ToList().IndexOf(made[0].Arm), design.Level) : input.Designed is SwitchbackSet or ExposureSet ? DesignedSteps(input.Designed, made, design.Level) : FunnelSteps.Compare([.. made.Select(c => Reached(c.Treatment))], made[0].Treatment.N, [.. made.Select(c => Reached(c.Baseline))], made[0].Baseline.N, design.Level);
            for (var k = 0; k < made.Count; k++)
            {
                rows.Add(Row(made, result, k));
                if (result[k].OverBefore is { } before && k > 0)
                {
                    estimates.Add(AbMetrics.Line($"share of {names[k - 1]} that went on", made[k].Spec.Name, made[k], before, "proportion", $"{before.Method}; conditioned on what came after the treatment") with { N = made[k].Designed is ClusterContrast by ? (long)Math.Round(by.Units * (made[k - 1].Treatment.Values.Mean + made[k - 1].Baseline.Values.Mean) / 2) : made[k].Designed is not null ? made[k].N : Reached(made[k - 1].Treatment) + Reached(made[k - 1].Baseline) });
                }
            }

            if (Carrier(made, result) is { } sentence)
            {
                sentences.Add(sentence);
            }
        }

        if (rows.Count > 0)
        {
            sentences.Add("A share over the step before compares units that the treatment may have let through: it tells where the arms part, not what the treatment does there. Shares over all units are the effects.");
        }

        return new AbMetrics
        {
            Estimates = estimates,
            Limitations = sentences,
            Tables = rows.Count == 0 ? [] : [new ResultTable("funnel", "Steps", ["step", "contrast", "control: over all", "treatment: over all", "difference", "low", "high", "control: of those before", "treatment: of those before", "ratio, of those before", "ratio, low", "ratio, high"], rows)],
        };
    }

    // Blocks of time and exposures: a share over the step before is a ratio of two means.
    private static IReadOnlyList<FunnelStep> DesignedSteps(DesignedContrasts set, List<Comparison> made, double level) => [.. made.Select((c, k) =>
    {
        try
        {
            var ratio = set.Ratio(c.Spec.Name, k == 0 ? null : made[k - 1].Spec.Name, 1, level)!.Value;
            return new FunnelStep(c.Raw, k == 0 ? null : ratio.Difference, ratio.Log);
        }
        catch (Exception e) when (e is NotEstimableException or TooFewRowsException)
        {
            return new FunnelStep(c.Raw, null, null);
        }
    })];

    private static IReadOnlyList<object?> Row(List<Comparison> made, IReadOnlyList<FunnelStep> result, int k)
    {
        var (c, step) = (made[k], result[k]);
        double? Before(ArmMetric now, ArmMetric? last) => last is null ? now.Values.Mean : last.Values.Mean > 0 ? now.Values.Mean / last.Values.Mean : null;
        return
        [
            c.Spec.Name, c.Contrast, Percent(c.Baseline.Values.Mean), Percent(c.Treatment.Values.Mean), step.OverAssigned.Value, step.OverAssigned.Low, step.OverAssigned.High,
            Percent(Before(c.Baseline, k == 0 ? null : made[k - 1].Baseline)), Percent(Before(c.Treatment, k == 0 ? null : made[k - 1].Treatment)), Ratio(step.LogRatio?.Value), Ratio(step.LogRatio?.Low), Ratio(step.LogRatio?.High),
        ];
    }

    private static string? Carrier(List<Comparison> made, IReadOnlyList<FunnelStep> result)
    {
        if (result.Any(s => s.LogRatio is null))
        {
            return null;
        }

        var total = result.Sum(s => s.LogRatio!.Value);
        var lead = Enumerable.Range(0, result.Count).MaxBy(k => Math.Abs(result[k].LogRatio!.StandardError > 0 ? result[k].LogRatio!.Statistic : 0));
        var step = result[lead].LogRatio!;
        if (!(step.PValue < (1 - step.Level) / result.Count))
        {
            return $"No step of {made[0].Contrast} stands out among {result.Count}: at each the arms may go on alike.";
        }

        var c = made[lead];
        var where = lead == 0 ? $"at {c.Spec.Name}" : $"from {made[lead - 1].Spec.Name} to {c.Spec.Name}";
        return $"{c.Arm} and {c.Control} part {where}: the share that goes on is {Times(step.Value)} times as large in {c.Arm} ({Figures.Confidence(step.Level)} interval {Times(step.Low)} to {Times(step.High)}). Over all steps it is {Times(total)} times.";
    }

    private static string Times(double log) => Math.Exp(log).ToString("0.00", System.Globalization.CultureInfo.InvariantCulture);

    private static double? Ratio(double? log) => log is { } l ? Math.Round(Math.Exp(l), 4) : null;

    private static string? Percent(double? share) => share is { } s ? Figures.Percent(s) : null;

    private static long Reached(ArmMetric arm) => (long)Math.Round(arm.Values.Mean * arm.Values.Count);
}
