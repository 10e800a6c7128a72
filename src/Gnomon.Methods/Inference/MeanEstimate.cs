using System.Runtime.InteropServices;
using Gnomon.Numerics;

namespace Gnomon.Methods.Inference;

/// <summary>An estimated mean (or rate, or ratio) of one group with the variance of that estimate.</summary>
/// <param name="Mean">The estimate.</param>
/// <param name="Variance">Variance of the estimate, at least 0: a squared standard error, not the spread of single values.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct MeanEstimate(double Mean, double Variance)
{
    /// <summary>Square root of the variance.</summary>
    public double StandardError => Math.Sqrt(Variance);

    /// <summary>The mean of a sample of at least 2 values.</summary>
    public static MeanEstimate Of(Moments sample)
    {
        InferenceGuard.Rows(sample, 2, "The sample");
        return new(sample.Mean, sample.VarianceOfMean);
    }
}
