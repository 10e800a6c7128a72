using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Methods;
using Gnomon.Methods.Inference;
using Gnomon.Numerics;
using Gnomon.Studies.Ab.Touching;

namespace Gnomon.Studies.Ab.Metrics;

/// <summary>Adds the metrics that are no means: quantiles and times to an event.</summary>
internal static class DerivedReader
{
    public static AbInput Apply(AbDesign design, AbInput input, AbReader? reader, StudyContext context)
    {
        if (reader is null)
        {
            return input;
        }

        ComputedMetrics.RequireOneRow(design, input);
        var there = input.Metrics.Select(m => m.Spec).ToHashSet();
        foreach (var spec in design.Metrics.Where(m => m.Derived is not null && !there.Contains(m)))
        {
            if (spec.Derived is SurvivalMetric survival)
            {
                var times = SurvivalTimes.Read(survival, reader, input, context);
                input = With(input, times.Metric(spec, input), design, times.ByCluster(spec)) with { Survival = times };
            }
            else if (spec.Derived is SurrogateMetric surrogates)
            {
                var (metric, facts) = SurrogateReader.Read(spec, surrogates, design, reader, input, context);
                input = With(input, metric, design, facts.ByCluster(spec)) with { Surrogates = facts.Facts };
            }
            else
            {
                input = design.Options.Cluster is not null
                    ? ClusteredQuantile.Add(spec, (QuantileMetric)spec.Derived!, design, reader, input, context)
                    : input with { Metrics = [.. input.Metrics, Quantile(spec, (QuantileMetric)spec.Derived!, reader, input, context)] };
            }
        }

        return input;
    }

    /// <summary>One more metric, compared by its clusters where there are any.</summary>
    public static AbInput With(AbInput input, MetricInput metric, AbDesign design, ClusterMetric? clusters) => input with
    {
        Metrics = [.. input.Metrics, metric],
        Designed = clusters is null ? input.Designed : ClusterSet.With(input.Designed, design.Options.Cluster!, clusters),
    };

    /// <summary>An estimate and its variance in the shape of a mean over so many units.</summary>
    public static Moments Shape(MeanEstimate estimate, long units) => new(units, estimate.Mean, estimate.Variance * units * (units - 1.0));

    private static MetricInput Quantile(MetricSpec spec, QuantileMetric metric, AbReader reader, AbInput input, StudyContext context)
    {
        var column = Scalar.Column(reader.Data.Schema.Require(metric.Column).Name).ToDouble();
        var values = input.Arms.Select(_ => new List<double>()).ToArray();
        var owners = input.Arms.Select(_ => new List<int>()).ToArray();
        var units = UnitTable.Read(reader, input, input.Repeated ? [] : [new UnitColumn("value", column, UnitFold.Sum)], context);
        if (input.Repeated)
        {
            Rows(units, column, reader, values, owners, context);
        }
        else
        {
            var all = units.Numbers("value");
            for (var i = 0; i < units.Count; i++)
            {
                if (!double.IsNaN(all[i]))
                {
                    values[units.Arm[i]].Add(all[i]);
                }
            }
        }

        return new MetricInput
        {
            Spec = spec,
            Binary = false,
            Method = input.Repeated ? $"{Figures.Number(100 * metric.Share)} % quantile of rows, mid-distribution, errors by {reader.Unit}" : $"{Figures.Number(100 * metric.Share)} % quantile, mid-distribution",
            Arms = [.. input.Arms.Select((name, a) => Arm(name, values[a].ToArray(), owners[a].ToArray(), metric.Share, input, units, a))],
        };
    }

    private static ArmMetric Arm(string name, double[] values, int[] owners, double share, AbInput input, UnitTable units, int arm)
    {
        try
        {
            var seen = input.Repeated ? owners.Distinct().LongCount() : values.Length;
            var estimate = MidQuantile.Estimate(values, owners, units.Count, share, $"arm {name}");
            return new ArmMetric { Values = Shape(estimate, seen), Missing = input.Units[arm] - seen };
        }
        catch (Exception e) when (e is NotEstimableException or TooFewRowsException)
        {
            return new ArmMetric { Values = Moments.Empty, Refused = e.Message };
        }
    }

    // Rows under the arm of their unit, as the means have it.
    private static void Rows(UnitTable units, Scalar column, AbReader reader, List<double>[] values, List<int>[] owners, StudyContext context)
    {
        var index = new Dictionary<ulong, int>(units.Count);
        for (var i = 0; i < units.Count; i++)
        {
            index[units.Hash[i]] = i;
        }

        reader.Data.Scan(
            new Query { Select = [new("unit", Scalar.Column(reader.Unit!).Hash()), new("value", column)], Where = reader.Usable() },
            chunk =>
            {
                var hashes = chunk.Hashes(0);
                var doubles = chunk.Doubles(1);
                for (var i = 0; i < chunk.Rows; i++)
                {
                    if (!chunk.IsNull(1, i) && index.TryGetValue(hashes[i], out var unit))
                    {
                        values[units.Arm[unit]].Add(doubles[i]);
                        owners[units.Arm[unit]].Add(unit);
                    }
                }

                return true;
            },
            context.Cancellation);
    }
}
