using Gnomon.Methods.Inference;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Experiments;

/// <summary>An effect on an index with the error of the history that taught it.</summary>
/// <param name="Difference">The same difference, its error from the experiment and from the history.</param>
/// <param name="ModelError">The part that comes from the history.</param>
public sealed record SurrogateHistoryResult(ContrastResult Difference, double ModelError);

/// <summary>Adds what the history does not know for sure to an effect on a surrogate index that any design has compared.</summary>
/// <remarks>
/// As in <see cref="SurrogateIndex"/> and <see cref="ClusteredSurrogateIndex"/> (Athey, Chetty, Imbens and Kang 2019, NBER 26463): to the variance of the index's difference comes d'Vd, d the same contrast of the surrogates
/// and V the covariance of the slopes. Student's t with Satterthwaite's degrees of freedom from both; where the design gave a p of its own by assigning again, the larger of the two stands.
/// </remarks>
public static class SurrogateHistory
{
    /// <param name="model">The fitted history.</param>
    /// <param name="index">The contrast of the index, as the design compares it.</param>
    /// <param name="gap">The same contrast of each surrogate, in the model's order.</param>
    public static SurrogateHistoryResult Add(SurrogateModel model, ContrastResult index, ReadOnlySpan<double> gap)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(index);
        ArgumentOutOfRangeException.ThrowIfNotEqual(gap.Length, model.Slopes.Count);
        double[] d = [0, .. gap];
        var (own, learned) = (index.StandardError * index.StandardError, Math.Max(0, SurrogateIndex.Form(model, d, d)));
        if (learned == 0)
        {
            return new(index, 0);
        }

        var degrees = (own + learned) * (own + learned) / (own * own / (index.DegreesOfFreedom ?? double.PositiveInfinity) + learned * learned / model.Degrees);
        var (error, level) = (Math.Sqrt(own + learned), index.Level);
        var reach = StudentT.UpperQuantile(0.5 * (1 - level), degrees) * error;
        return new(
            index with
            {
                Low = index.Value - reach, High = index.Value + reach, StandardError = error, Statistic = index.Value / error, DegreesOfFreedom = double.IsFinite(degrees) ? degrees : null,
                PValue = Math.Max(index.PValue, StudentT.TwoSided(index.Value / error, degrees)), Method = $"{index.Method}; error of the history included",
            },
            Math.Sqrt(learned));
    }
}
