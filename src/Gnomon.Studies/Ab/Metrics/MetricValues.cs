using Gnomon.Core.Tables;
using Gnomon.Methods;
using Gnomon.Numerics;

namespace Gnomon.Studies.Ab.Metrics;

/// <summary>One value per unit of a metric: the value itself, or the ratio linearised about its arm's.</summary>
internal static class MetricValues
{
    public static IEnumerable<UnitColumn> Columns(MetricInput metric, AbReader reader)
    {
        var spec = metric.Spec;
        var value = AbReader.Value(spec);
        if (spec.Denominator is { } denominator)
        {
            var below = Scalar.Column(reader.Data.Schema.Require(denominator).Name).ToDouble();
            var both = value.IsNull().Or(below.IsNull()).Not();
            yield return new UnitColumn($"num {spec.Name}", value, UnitFold.Sum, reader.Scale(spec.Column, 1), both);
            yield return new UnitColumn($"den {spec.Name}", below, UnitFold.Sum, reader.Scale(denominator, 1), both);
            yield break;
        }

        yield return new UnitColumn($"num {spec.Name}", value, UnitFold.Sum, spec.IsWritten ? 0 : reader.Scale(spec.Column, 1));
        yield return new UnitColumn($"den {spec.Name}", value, UnitFold.Count);
    }

    /// <returns>NaN where the unit has none.</returns>
    /// <exception cref="NotEstimableException">A denominator adds to nothing.</exception>
    public static double[] Of(UnitTable units, MetricInput metric, AbInput input)
    {
        var (num, den) = (units.Numbers($"num {metric.Spec.Name}"), units.Numbers($"den {metric.Spec.Name}"));
        if (!metric.IsRatio)
        {
            return [.. num.Select((v, i) => den[i] > 0 ? v : double.NaN)];
        }

        var z = new double[num.Length];
        for (var arm = 0; arm < input.Arms.Count; arm++)
        {
            var rows = units.Of(arm);
            int[] present = [.. rows.Where(i => double.IsFinite(num[i]) && double.IsFinite(den[i]))];
            var (above, below) = present.Length == 0 ? (0, 0) : (Moments.MeanVariance(Array.ConvertAll(present, i => num[i])).Mean, Moments.MeanVariance(Array.ConvertAll(present, i => den[i])).Mean);
            if (present.Length > 0 && below == 0)
            {
                throw new NotEstimableException($"The denominator of {metric.Spec.Name} adds to nothing in arm {input.Arms[arm]}.");
            }

            foreach (var i in rows)
            {
                z[i] = double.IsFinite(num[i]) && double.IsFinite(den[i]) ? above / below + (num[i] - above / below * den[i]) / below : double.NaN;
            }
        }

        return z;
    }
}
