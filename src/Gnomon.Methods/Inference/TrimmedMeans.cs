using Gnomon.Numerics;
using Gnomon.Numerics.Kernels;

namespace Gnomon.Methods.Inference;

/// <summary>Yuen's test: do two samples differ in their trimmed means?</summary>
/// <remarks>
/// Source: Yuen 1974, Biometrika 61. Each tail loses floor(trim n) values; the error comes from the Winsorised sum of squares over h (h - 1), h the values kept.
/// Trim 0 is Welch's test. Agrees with scipy <c>ttest_ind(equal_var=False, trim=...)</c> to 1e-12 relative.
/// </remarks>
public static class TrimmedMeans
{
    /// <param name="x">First sample: finite values, any order.</param>
    /// <param name="y">Second sample: finite values.</param>
    /// <param name="trim">Share cut from each tail, 0 to below 0.5.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    /// <returns>Trimmed mean of x minus that of y in the metric's unit.</returns>
    /// <exception cref="TooFewRowsException">Fewer than 2 values of a sample are kept.</exception>
    /// <exception cref="NotEstimableException">Neither Winsorised sample varies.</exception>
    public static ContrastResult Yuen(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double trim = 0.2, double level = 0.95)
    {
        InferenceGuard.Level(level);
        if (!(trim >= 0 && trim < 0.5))
        {
            throw new ArgumentOutOfRangeException(nameof(trim), trim, "A trimmed share lies in 0 to below 0.5.");
        }

        var a = Trimmed(x, trim, "The first sample");
        var b = Trimmed(y, trim, "The second sample");
        return a.Variance + b.Variance > 0
            ? WelchT.FromVariances(
                a.Mean - b.Mean, a.Variance, a.Degrees, b.Variance, b.Degrees, 0.0, isOneSided: false, level, $"Yuen t, {100 * trim:0.##} % trimmed from each tail")
            : throw new NotEstimableException("Neither sample varies between its trimmed tails, so the difference of trimmed means has no standard error.");
    }

    static Part Trimmed(ReadOnlySpan<double> values, double trim, string what)
    {
        // Floor of the product as it is meant: 0.3 of 10 is 3.
        var cut = (int)Math.Floor(trim * values.Length * (1.0 + 1e-12));
        var kept = values.Length - 2 * cut;
        if (kept < 2)
        {
            throw new TooFewRowsException(what + ", trimmed,", Math.Max(0, kept), 2);
        }

        var sorted = values.ToArray();
        RadixSort.Sort(sorted);
        InferenceGuard.Finite(sorted[0], nameof(values));
        InferenceGuard.Finite(sorted[^1], nameof(values));
        var mean = Moments.MeanVariance(sorted.AsSpan(cut, kept)).Mean;
        sorted.AsSpan(0, cut).Fill(sorted[cut]);
        sorted.AsSpan(values.Length - cut).Fill(sorted[values.Length - cut - 1]);
        return new(mean, Moments.MeanVariance(sorted).M2 / (kept * (kept - 1.0)), kept - 1.0);
    }

    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
    readonly record struct Part(double Mean, double Variance, double Degrees);
}
