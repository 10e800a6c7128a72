using Gnomon.Core.Checks;
using Gnomon.Core.Evidence.Experiments;
using Gnomon.Core.Evidence.Regression;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Studies.Ab.Metrics;

namespace Gnomon.Studies.Ab.Touching;

/// <summary>What assigning groups of units instead of units adds to an experiment: errors by cluster, their cost, and columns that look like the clusters nobody named.</summary>
internal sealed record AbTouching : AbPart
{
    /// <summary>The experiment as its design says it is read: by unit, by cluster, by blocks of time or by exposure along edges.</summary>
    public static AbInput Input(AbDesign design, AbReader reader, StudyContext context)
    {
        if (design.Options.Switchback)
        {
            return SwitchbackReader.Read(design, context);
        }

        if (design.Options.Edges is not null)
        {
            ComputedMetrics.RequireOneRowInClusters(design, context);
            return ExposureReader.Read(design, context);
        }

        if (design.Options.Cluster is not { } column)
        {
            return reader.Read();
        }

        ClusterReader.RequireAssigned(design, column, context);
        ComputedMetrics.RequireOneRowInClusters(design, context);
        var input = reader.Read();
        if (design.Readable.Metrics.Count == 0)
        {
            // Quantiles alone: they have their errors by cluster from the rows.
            return input;
        }

        var clusters = new ClusterReader(design.Readable, input, context).Read(column, strict: false)!;
        return input with
        {
            Designed = clusters,
            PrePeriod = clusters.PrePeriod(),
            Metrics = [.. input.Metrics.Zip(clusters.Metrics, (m, c) => m with { IsShare = c.IsShare, InOwnUnit = m.Spec.Kind == MetricKind.Value })],
        };
    }

    public static AbTouching Read(AbDesign design, AbInput input, AbFacts facts, StudyContext context) => input.Designed switch
    {
        _ when design.Options.IsTyped => new AbTouching(),
        ClusterSet clusters => Named(clusters, facts),
        SwitchbackSet switchback => SwitchbackWords.Of(switchback, facts),
        ExposureSet exposure => ExposureWords.Of(exposure, facts, design),
        _ => Unnamed(ClusterCandidates.Find(design, input, context), SaturationReader.Read(design, input, context)),
    };

    private static AbTouching Named(ClusterSet clusters, AbFacts facts)
    {
        var made = facts.Comparisons.Where(c => c.Designed is not null).ToList();
        return new AbTouching
        {
            Evidence = [.. made.Where(c => c.Spec.Role == MetricRole.Primary).SelectMany(c => Facts(c, clusters.Column))],
            Estimates = [.. made.SelectMany(c => Beside(c, clusters.Column))],
            Tables = made.Count == 0 ? [] : [Costs(made)],
            Limitations = [.. Words(made, clusters)],
        };
    }

    private static AbTouching Unnamed(IReadOnlyList<ClusterCandidate> candidates, IEnumerable<SpillOver> markets) => new()
    {
        Evidence = [.. candidates.Select(c => Repeats(c.Contrast, c.Metric, c.Contrast.Effect, c.Column, byUnit: false)), .. markets],
        Estimates = [.. candidates.Select(c => new Estimate
        {
            Name = "difference", Metric = c.MetricName, Contrast = c.ContrastName, Value = c.Contrast.Effect.Value, Low = c.Contrast.Effect.Low, High = c.Contrast.Effect.High, Level = c.Contrast.Effect.Level,
            Unit = c.Unit, P = c.Contrast.Effect.PValue, N = (long)c.Contrast.Units, Method = $"by {c.Column}: {c.Contrast.Effect.Method}", Role = "sensitivity",
        })],
    };

    private static IEnumerable<IEvidence> Facts(Comparison c, string column)
    {
        var k = By(c);
        yield return new ClusterCount
        {
            Column = column,
            Rows = (long)Math.Round(k.Units),
            Clusters = k.Clusters,
            SmallestDegrees = k.BiasReduced.DegreesOfFreedom,
            LargestShare = k.LargestShare,
            IsRerandomised = k.IsRerandomised,
        };
        if (k.Naive is not null && k.Variation is not null)
        {
            yield return Repeats(k, $"{c.Spec.Name} ({c.Contrast})", c.Raw, column, byUnit: true);
        }
    }

    private static UnitRepeats Repeats(ClusterContrast k, string metric, Methods.Inference.ContrastResult effect, string column, bool byUnit) => new()
    {
        Metric = metric,
        UnitColumn = column,
        AnalysedByUnit = byUnit,
        Option = "--cluster",
        ArmIsConstant = true,
        Rows = (long)Math.Round(k.Units),
        Units = k.Clusters,
        IntraClassCorrelation = k.Variation!.IntraClassCorrelation,
        IntraClassLow = k.Variation.Low,
        NaiveError = k.Naive!.StandardError,
        ClusteredError = effect.StandardError,
    };

    private static IEnumerable<Estimate> Beside(Comparison c, string column)
    {
        var k = By(c);
        if (k.IsRerandomised)
        {
            yield return Line(c, k.BiasReduced, k.BiasReduced.Method);
        }

        if (k.Unadjusted is { } plain)
        {
            yield return Line(c, plain, $"{plain.Method}, not adjusted for the pre-period");
        }

        if (k.Naive is { } rows)
        {
            yield return Line(c, rows, $"rows taken as independent although {column} was assigned: too narrow");
        }
    }

    private static Estimate Line(Comparison c, Methods.Inference.ContrastResult r, string method) => new()
    {
        Name = "difference", Metric = c.Spec.Name, Contrast = c.Contrast, Value = r.Value, Low = r.Low, High = r.High, Level = r.Level, Unit = c.Metric.Unit, P = r.PValue,
        N = (long)Math.Round(By(c).Units), Method = method, Role = "sensitivity",
    };

    private static ClusterContrast By(Comparison c) => (ClusterContrast)c.Designed!;

    private static ResultTable Costs(List<Comparison> made) => new(
        "clusters", "What assigning clusters costs",
        ["metric", "contrast", "clusters", "units", "intra-class correlation", "low", "high", "design effect", "independent units worth as much", "cluster p", "re-assigned p", "row p"],
        [.. made.Select(c => (IReadOnlyList<object?>)
            [c.Spec.Name, c.Contrast, $"{By(c).Treated} + {By(c).Control}", (long)Math.Round(By(c).Units), By(c).Variation?.IntraClassCorrelation, By(c).Variation?.Low, By(c).Variation?.High,
                By(c).Variation?.DesignEffect, By(c).Variation is { } v ? (long)Math.Round(v.EffectiveUnits) : null, By(c).BiasReduced.PValue, By(c).Rerandomised?.PValue, By(c).Naive?.PValue])]);

    private static IEnumerable<string> Words(List<Comparison> made, ClusterSet clusters)
    {
        if (made.FirstOrDefault(c => c.Spec.Role == MetricRole.Primary && By(c).Variation is not null) is { } lead)
        {
            var k = By(lead);
            yield return $"{clusters.Column} was assigned, not the row: {Figures.Count((long)Math.Round(k.Units), "row")} of {Figures.Count(k.Clusters, "cluster")} are worth about {Figures.Count((long)Math.Round(k.Variation!.EffectiveUnits))} independent ones for {lead.Spec.Name} "
                + $"(intra-class correlation {Figures.Correlation(k.Variation.IntraClassCorrelation)}, design effect {k.Variation.DesignEffect:0.0}).";
        }

        if (made.FirstOrDefault(c => c.Spec.Role == MetricRole.Primary && By(c).Unadjusted is not null) is { } adjusted)
        {
            var saved = 1 - By(adjusted).BiasReduced.StandardError * By(adjusted).BiasReduced.StandardError / (By(adjusted).Unadjusted!.StandardError * By(adjusted).Unadjusted!.StandardError);
            yield return $"{adjusted.Spec.Name} is compared at equal pre-period means of the {clusters.Column}, which {(saved > 0 ? $"saves {Figures.WholePercent(saved)} of the variance" : "does not narrow the interval")}.";
        }

        if (clusters.Mixed > 0)
        {
            yield return $"{Figures.Count(clusters.Mixed, "cluster")} of {clusters.Column} {(clusters.Mixed == 1 ? "holds" : "hold")} several arms and {(clusters.Mixed == 1 ? "is" : "are")} set aside.";
        }

        if (made.Exists(c => By(c).IsRerandomised))
        {
            yield return $"With fewer than {ClusterSet.FewClusters} clusters the p and the interval come from assigning the clusters again in every way; the interval holds for an effect that is the same for everybody.";
        }
    }
}
