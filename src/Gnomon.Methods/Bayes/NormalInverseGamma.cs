using Gnomon.Numerics;
using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Bayes;

/// <summary>What is believed of a mean when the spread is not known either: conjugate normal-inverse-gamma.</summary>
/// <remarks>Source: Gelman et al. 2013, section 3.3. The mean given the data follows Student's t.</remarks>
/// <param name="Mean">Centre of the mean.</param>
/// <param name="Weight">How many values the belief about the mean is worth, positive.</param>
/// <param name="Shape">Shape of the inverse gamma of the variance, positive: half the values its belief is worth.</param>
/// <param name="Scale">Scale of that inverse gamma, positive: half of their sum of squares.</param>
public sealed record NormalInverseGamma(double Mean, double Weight, double Shape, double Scale)
{
    /// <summary>The belief after data.</summary>
    public NormalInverseGamma After(Moments data)
    {
        if (data.Count == 0)
            return this;
        var weight = Weight + data.Count;
        var mean = (Weight * Mean + data.Count * data.Mean) / weight;
        var gap = data.Mean - Mean;
        return new(mean, weight, Shape + 0.5 * data.Count, Scale + 0.5 * data.M2 + 0.5 * Weight * data.Count / weight * gap * gap);
    }

    /// <summary>Degrees of freedom of the mean's t distribution.</summary>
    public double DegreesOfFreedom => 2 * Shape;

    /// <summary>Scale of the mean's t distribution.</summary>
    public double MeanScale => Math.Sqrt(Scale / (Shape * Weight));

    /// <summary>Expected variance of a value; null while the shape is at most 1.</summary>
    public double? ExpectedVariance => Shape > 1 ? Scale / (Shape - 1) : null;

    /// <summary>Chance of a mean above a value.</summary>
    public double Above(double value) => StudentT.Sf((value - Mean) / MeanScale, DegreesOfFreedom);

    /// <summary>Credible interval of the mean.</summary>
    public Interval Interval(double level = 0.95)
    {
        BetaMixture.InferenceLevel(level);
        var half = StudentT.UpperQuantile((1 - level) / 2, DegreesOfFreedom) * MeanScale;
        return new(Mean - half, Mean + half);
    }
}
