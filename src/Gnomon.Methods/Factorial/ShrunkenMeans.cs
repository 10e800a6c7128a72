namespace Gnomon.Methods.Factorial;

/// <summary>Means drawn towards their average by what their errors explain: the best of several is not read at its face value.</summary>
/// <remarks>
/// Source: Morris 1983, Journal of the American Statistical Association 78, section 1 and (1.15) there: the share drawn in is (k - 3) / (k - 1) v / (v + tau2), with tau2
/// from the spread of the means beyond their errors, iterated to its own equation.
/// </remarks>
public static class ShrunkenMeans
{
    private const int MostSteps = 500;
    private const double Tolerance = 1e-12;

    /// <param name="means">At least 4 means.</param>
    /// <param name="variances">Variance of each, above 0.</param>
    /// <returns>The means drawn in, in the same order and unit.</returns>
    /// <exception cref="TooFewRowsException">Fewer than 4 means: there is nothing to learn the spread from.</exception>
    public static double[] Of(ReadOnlySpan<double> means, ReadOnlySpan<double> variances)
    {
        var k = means.Length;
        if (k < 4)
        {
            throw new TooFewRowsException("Shrunken means", k, 4);
        }

        if (variances.Length != k)
        {
            throw new ArgumentException("One variance per mean.", nameof(variances));
        }

        var tau2 = 0.0;
        var centre = 0.0;
        for (var step = 0; step < MostSteps; step++)
        {
            var (weights, sum) = (0.0, 0.0);
            for (var i = 0; i < k; i++)
            {
                var w = 1 / (variances[i] + tau2);
                weights += w;
                sum += w * means[i];
            }

            centre = sum / weights;
            var next = 0.0;
            for (var i = 0; i < k; i++)
            {
                next += (k / (k - 1.0) * (means[i] - centre) * (means[i] - centre) - variances[i]) / (variances[i] + tau2);
            }

            next = Math.Max(0, next / weights);
            var done = Math.Abs(next - tau2) <= Tolerance * Math.Max(next, tau2);
            tau2 = next;
            if (done)
            {
                break;
            }
        }

        var drawn = new double[k];
        for (var i = 0; i < k; i++)
        {
            var share = (k - 3.0) / (k - 1.0) * variances[i] / (variances[i] + tau2);
            drawn[i] = means[i] - share * (means[i] - centre);
        }

        return drawn;
    }
}
