using Gnomon.Core.Errors;
using Gnomon.Core.Findings;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Gnomon.Methods;
using Gnomon.Methods.Inference;
using Gnomon.Methods.Planning;
using Gnomon.Methods.Ranks;
using Gnomon.Numerics.Random;

namespace Gnomon.Studies.Design.Simulated;

/// <summary>Two arms that draw from the user's own values, one of them shifted: Yuen's test of trimmed means, or Brunner and Munzel's of the chance to lie above.</summary>
internal sealed class TwoGroupSimulation(double[] sorted, string metric, double ratio, double? trim, long missing) : SimulatedTest
{
    private const int FewestValues = 30;

    public override string Metric => trim is null ? $"the chance that a treated unit lies above a control unit in {metric}" : metric;

    public override string EffectUnit => trim is null ? "proportion" : metric;

    public override double? Baseline => trim is { } t ? PowerTrimmedMeans.Shape(sorted, t).Mean : null;

    public override string Method => trim is { } t ? $"Yuen's test of means trimmed by {Figures.WholePercent(t)} at each end" : "Brunner-Munzel test";

    public override int UsualRuns => 4_000;

    public override double Furthest => trim is null ? 0.49 : double.PositiveInfinity;

    public override int Fewest => trim is null ? 10 : (int)Math.Ceiling(6 / Math.Min(1, ratio));

    public override double ErrorPerRoot => trim is { } t ? PowerTrimmedMeans.Shape(sorted, t).Deviation * Math.Sqrt(1 + 1 / ratio) : Math.Sqrt((1 + 1 / ratio) / 12);

    public static TwoGroupSimulation Read(DesignOptions options, StudyContext context, double ratio)
    {
        var data = context.RequireData();
        var field = data.Schema.Require(options.Metric!);
        if (!field.IsNumeric)
        {
            throw new GnomonError("metric-not-a-number", $"{data.Name}: column '{field.Name}' is of type {field.NativeType}; a shift needs numbers.", field.Name, "Name a column of numbers.");
        }

        var column = data.Read(new Query { Select = [new Projection("value", Scalar.Column(field.Name).ToDouble())] }, context.Cancellation).Columns[0];
        var values = new List<double>();
        for (var i = 0; i < column.Length; i++)
        {
            if (column.Cell(i) is double v && double.IsFinite(v))
            {
                values.Add(v);
            }
        }

        if (values.Count < FewestValues)
        {
            throw new GnomonError("too-few-rows", $"{data.Name} holds {values.Count} values of '{field.Name}'; {FewestValues} are needed to draw from.", data.Name, "Take a longer history, or type --sd.");
        }

        values.Sort();
        if (values[0] == values[^1])
        {
            throw new GnomonError("no-spread", $"{data.Name}: '{field.Name}' does not vary, so no size can be planned from it.", field.Name, "Name another metric.");
        }

        double? trim = options.TypedKind == "trimmed-mean" ? options.Trim : null;
        if (trim is { } t && !(PowerTrimmedMeans.Shape([.. values], t).Deviation > 0))
        {
            throw new GnomonError("no-spread", $"{data.Name}: the middle of '{field.Name}' does not vary, so its trimmed mean has no error.", "--trim", "Trim less, or plan with --kind rank-probability.");
        }

        return new TwoGroupSimulation([.. values], field.Name, ratio, trim, column.Length - values.Count);
    }

    public override Func<Rng, double?> Draw(int size, double effect)
    {
        var second = Math.Max(2, (int)Math.Round(size * ratio));
        var (near, far, share) = trim is null ? ShiftOf(effect) : (effect, effect, 0.0);
        return rng =>
        {
            var x = new double[size];
            var y = new double[second];
            for (var i = 0; i < size; i++)
            {
                x[i] = sorted[rng.NextInt(sorted.Length)];
            }

            for (var i = 0; i < second; i++)
            {
                y[i] = sorted[rng.NextInt(sorted.Length)] + (share > 0 && rng.NextDouble() < share ? far : near);
            }

            try
            {
                return trim is { } t ? TrimmedMeans.Yuen(x, y, t).PValue : BrunnerMunzel.Test(x, y).PValue;
            }
            catch (Exception wrong) when (wrong is NotEstimableException or TooFewRowsException)
            {
                return null; // counted: no error, no finding
            }
        };
    }

    public override IEnumerable<string> Assumptions()
    {
        yield return trim is null
            ? $"Both arms draw from {Figures.Count(sorted.Length, "value")} of {metric} in history, ties and tails as they are; treated units are shifted until they lie above a control unit with the planned chance."
            : $"Both arms draw from {Figures.Count(sorted.Length, "value")} of {metric} in history, ties and tails as they are; treated units are shifted by the effect. The trimmed mean there is {Figures.Number(Baseline!.Value)}.";
        if (missing > 0)
        {
            yield return $"{Figures.Count(missing, "row has", "rows have")} no usable value of {metric} and {(missing == 1 ? "is" : "are")} left out.";
        }
    }

    // With ties the chance jumps with the shift: a mixture of the two nearest shifts has exactly the one wanted.
    private (double Near, double Far, double Share) ShiftOf(double effect)
    {
        var wanted = 0.5 + effect;
        var reach = sorted[^1] - sorted[0];
        var (low, high) = effect >= 0 ? (0.0, 2 * reach) : (-2 * reach, 0.0);
        for (var i = 0; i < 200 && high - low > 1e-12 * reach; i++)
        {
            var middle = low + (high - low) / 2;
            (low, high) = Above(middle) < wanted ? (middle, high) : (low, middle);
        }

        var (below, above) = (Above(low), Above(high));
        return above > below ? (low, high, Math.Clamp((wanted - below) / (above - below), 0, 1)) : (low, low, 0);
    }

    // P(V + shift > W) + P(equal) / 2 for V, W from history; counts in one pass over both ends of the ties.
    private double Above(double shift)
    {
        var (under, upTo) = (0, 0);
        var total = 0.0;
        foreach (var v in sorted)
        {
            var at = v + shift;
            while (under < sorted.Length && sorted[under] < at)
            {
                under++;
            }

            while (upTo < sorted.Length && sorted[upTo] <= at)
            {
                upTo++;
            }

            total += 0.5 * (under + upTo);
        }

        return total / ((double)sorted.Length * sorted.Length);
    }
}
