using Gnomon.Core.Findings;
using Gnomon.Methods;
using Gnomon.Methods.Groups;

namespace Gnomon.Studies.Ab;

/// <summary>Several arms against one control: intervals that hold together, beside those that hold one by one.</summary>
internal static class ManyArms
{
    private const int MostArms = 20;

    // An arm that is known this much better than the control ties its difference wholly to the control: one interval serves all, and the joint chance costs the more the nearer it is.
    private const double SmallestShare = 1e-4;

    /// <summary>Dunnett's differences of every primary metric; none with one treatment, for adjusted differences, or where an arm has too few units or does not vary.</summary>
    /// <param name="input">The arms.</param>
    /// <param name="facts">What was compared.</param>
    /// <param name="threads">Metrics that are computed at once: each costs milliseconds.</param>
    public static IEnumerable<Estimate> Of(AbInput input, AbFacts facts, int threads)
    {
        if (input.Arms.Count is < 3 or > MostArms || facts.Design.Options.IsAdjusted)
        {
            yield break;
        }

        MetricInput[] primary = [.. input.Metrics.Where(m => m.Spec.Role == MetricRole.Primary)];
        var pairs = new IReadOnlyList<PairContrast>[primary.Length];
        Parallel.For(0, primary.Length, new ParallelOptions { MaxDegreeOfParallelism = threads }, m => pairs[m] = Together(primary[m], facts.Design.Level));
        foreach (var (metric, together) in primary.Zip(pairs))
        {
            foreach (var pair in together)
            {
                yield return new Estimate
                {
                    Name = "difference, all arms together", Metric = metric.Spec.Name, Contrast = $"{input.Arms[pair.First]} - {input.Arms[0]}", Value = pair.Contrast.Value, Low = pair.Contrast.Low, High = pair.Contrast.High,
                    Level = facts.Design.Level, Unit = metric.Unit, P = pair.Contrast.PValue, N = metric.Arms[pair.First].N + metric.Arms[0].N, Method = $"{pair.Contrast.Method}: holds for all arms at once", Role = "sensitivity",
                };
            }
        }
    }

    private static IReadOnlyList<PairContrast> Together(MetricInput metric, double level)
    {
        if (metric.Arms.Any(a => a.N < 2))
        {
            return [];
        }

        var control = metric.Arms[0].Values.VarianceOfMean;
        if (metric.Arms.Skip(1).Any(a => a.Values.VarianceOfMean < SmallestShare * control))
        {
            return [];
        }

        try
        {
            return Dunnett.Welch([.. metric.Arms.Select(a => a.Values)], 0, level);
        }
        catch (Exception e) when (e is NotEstimableException or TooFewRowsException)
        {
            return [];
        }
    }
}
