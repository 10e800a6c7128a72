using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Bayes;

/// <summary>How much a conclusion owes to its prior.</summary>
/// <remarks>Sources: Spiegelhalter, Freedman and Parmar 1994, Journal of the Royal Statistical Society A 157; Box 1980; Schmidli et al. 2014.</remarks>
public static class PriorSensitivity
{
    /// <summary>A probability that moves by more than this between priors is a move.</summary>
    public const double LargestMove = 0.05;

    /// <summary>A predictive tail below this is a surprise under the prior.</summary>
    public const double SurprisingTail = 0.05;

    /// <summary>Prior and data disagree: the data surprise the prior, and the answer moves with it.</summary>
    /// <param name="predictiveTail">Chance, before the data, of data at least as surprising.</param>
    /// <param name="move">Distance of the probability from the one under a flat prior.</param>
    public static bool IsConflict(double predictiveTail, double move) => predictiveTail < SurprisingTail && Math.Abs(move) > LargestMove;

    /// <summary>
    /// The tipping point: standard deviation of a normal prior around 0 under which the chance of an effect on the estimate's side of 0 is exactly the given one. Who expects smaller effects than that doubts the result;
    /// null where even the flat prior leaves the chance below it.
    /// </summary>
    public static double? TippingDeviation(double estimate, double standardError, double probability = 0.975)
    {
        if (!(standardError > 0) || !double.IsFinite(standardError) || !double.IsFinite(estimate))
            throw new ArgumentOutOfRangeException(nameof(standardError), standardError, "An estimate is finite, and its standard error positive.");
        if (!(probability > 0.5 && probability < 1))
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "The probability lies between 0.5 and 1.");
        var root = Normal.Quantile(probability) * standardError / Math.Abs(estimate);
        return root < 1 ? standardError * root / Math.Sqrt((1 - root) * (1 + root)) : null;
    }
}
