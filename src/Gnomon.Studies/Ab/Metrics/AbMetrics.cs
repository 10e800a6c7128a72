using Gnomon.Core.Checks;
using Gnomon.Core.Findings;
using Gnomon.Core.Findings.Plots;
using Gnomon.Core.Studies;

namespace Gnomon.Studies.Ab.Metrics;

/// <summary>What the metrics beyond means and shares add to an experiment: parts, steps, curves, what adjusting saved, how metrics move together.</summary>
internal sealed record AbMetrics : AbPart
{
    /// <summary>The input with derived metrics, adjusted differences and correlations, where they were asked for.</summary>
    public static AbInput Apply(AbDesign design, AbInput input, AbReader? reader, StudyContext context) =>
        FamilyCorrelation.Apply(design, AdjustmentReader.Apply(design, DerivedReader.Apply(design, input, reader, context), reader, context), reader, context);

    public static AbMetrics Of(AbDesign design, AbInput input, AbFacts facts, AbReader? reader, StudyContext context)
    {
        AbMetrics[] parts =
        [
            new() { Evidence = input.Adjustments?.Columns is { } columns ? [columns] : [], Limitations = [.. VarianceSaved.Sentences(input, facts)], Tables = [.. VarianceSaved.Tables(input, facts)] },
            TwoPartReport.Of(design, input, facts, reader, context), FunnelReport.Of(design, input, facts), SurvivalFacts.Of(input, facts), OecReport.Of(design, input, reader, context), FamilyCorrelation.Report(input, facts),
            input.Surrogates?.Report() ?? new AbMetrics(), new() { Limitations = [.. Retention(design, input)], Evidence = [.. OutcomeOrder.Of(design, reader, context)] },
        ];
        return new AbMetrics
        {
            Evidence = [.. parts.SelectMany(p => p.Evidence)],
            Estimates = [.. parts.SelectMany(p => p.Estimates)],
            Limitations = [.. parts.SelectMany(p => p.Limitations)],
            Tables = [.. parts.SelectMany(p => p.Tables)],
            Plots = [.. parts.SelectMany(p => p.Plots)],
        };
    }

    private static IEnumerable<string> Retention(AbDesign design, AbInput input)
    {
        if (design.Options.Retention is null)
        {
            yield break;
        }

        yield return "Retention counts a unit that was seen so many days after its assignment or later; units that came earlier had longer to return, in every arm alike.";
        foreach (var metric in input.Metrics.Where(m => m.Spec.RetentionDay is not null && input.Designed is null))
        {
            var young = metric.Arms.Sum(a => a.Missing);
            if (young > 0)
            {
                yield return $"{Figures.Count(young, "unit")} {(young == 1 ? "was" : "were")} assigned less than {Figures.Count(metric.Spec.RetentionDay!.Value, "day")} before the data end, or without a date: they do not count in {metric.Spec.Name}.";
            }
        }
    }

    /// <summary>A line beside the answer.</summary>
    public static Estimate Line(string name, string metric, Comparison c, Gnomon.Methods.Inference.ContrastResult r, string unit, string method, string role = "descriptive") => new()
    {
        Name = name, Metric = metric, Contrast = c.Contrast, Value = r.Value, Low = r.Low, High = r.High, Level = r.Level, Unit = unit, P = r.PValue, N = c.N, Method = method, Role = role,
    };
}
