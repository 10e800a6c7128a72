using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Regression;

/// <summary>Errors of a time series whose critical values know how the long-run variance was estimated, so that tests keep their size in short series.</summary>
/// <remarks>
/// Sources: Lazarus, Lewis, Stock and Watson 2018, Journal of Business and Economic Statistics 36 (equal-weighted cosines, B = 0.41 T^(2/3); Bartlett, S = 1.3 T^(1/2));
/// Mueller 2004 and Phillips 2005 for the cosines; Kiefer and Vogelsang 2005, Econometric Theory 21, table 1, for the law of the t statistic under Bartlett weights with S = b T.
/// Rows are in order of time and equally spaced. The errors themselves are large-sample: no n / (n - k), as in the sources.
/// </remarks>
public static class HarErrors
{
    const double CosineRate = 0.41;
    const double BartlettRate = 1.3;

    /// <summary>Equal-weighted cosines: each coefficient's t has as many degrees of freedom as there are cosines.</summary>
    /// <param name="fit">A fitted model whose rows are in order of time.</param>
    /// <param name="cosines">How many; null for 0.41 T^(2/3), at least 2.</param>
    /// <exception cref="TooFewRowsException">No more rows than coefficients and cosines.</exception>
    public static CoefficientCovariance EqualWeightedCosine(RegressionFit fit, int? cosines = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        if (cosines is < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(cosines), cosines, "At least one cosine is needed.");
        }

        var n = fit.Rows;
        var used = cosines ?? Math.Max(2, (int)(CosineRate * Math.Pow(n, 2.0 / 3.0)));
        var basis = fit.Basis(null);
        var k = basis.Count;
        if (n <= used + k)
        {
            throw new TooFewRowsException("A long-run variance from cosines", n, used + k + 1L);
        }

        var scores = RobustErrors.RowScores(fit, basis);
        var meat = new double[k * k];
        var sum = new double[k];
        for (var j = 1; j <= used; j++)
        {
            Array.Clear(sum);
            for (var t = 0; t < n; t++)
            {
                Vectors.AddScaled(sum, scores.AsSpan(t * k, k), Math.Cos(Math.PI * j * (t + 0.5) / n));
            }

            RobustErrors.AddOuter(meat, sum);
        }

        // T times the average of (2 / T) sum sum'.
        var scale = 2.0 / used;
        var matrix = basis.ToOriginal(SmallMatrix.Sandwich(basis.Bread, Array.ConvertAll(meat, m => scale * m), k));
        var degrees = new double[k];
        Array.Fill(degrees, used);
        return new CoefficientCovariance(matrix, degrees, $"equal-weighted cosines, {used} of them") { Lags = used };
    }

    /// <summary>Newey and West's errors with fixed-b critical values: wider the larger the share of lags.</summary>
    /// <param name="fit">A fitted model whose rows are in order of time.</param>
    /// <param name="truncation">Bartlett weights reach 0 at this lag; null for 1.3 T^(1/2) rounded up.</param>
    /// <remarks>
    /// The limit law has no closed form. Its upper 2.5 % and 1 % points are those of Kiefer and Vogelsang's table; a t law with its own scale and degrees of freedom is put through both, and
    /// gives the other levels. The scale is part of the covariance.
    /// </remarks>
    /// <exception cref="TooFewRowsException">No more rows than coefficients.</exception>
    public static CoefficientCovariance FixedB(RegressionFit fit, int? truncation = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        var n = fit.Rows;
        if (truncation is { } given && (given < 1 || given > n))
        {
            throw new ArgumentOutOfRangeException(nameof(truncation), truncation, $"The truncation lies in 1 to {n}, the number of rows.");
        }

        var reach = Math.Min(n, truncation ?? (int)Math.Ceiling(BartlettRate * Math.Sqrt(n)));
        var plain = RobustErrors.NeweyWest(fit, reach - 1, smallSample: false);
        var law = FixedBLaw.Bartlett((double)reach / n);
        var k = plain.Size;
        var matrix = Array.ConvertAll(plain.Matrix, m => m * law.Scale * law.Scale);
        var degrees = new double[k];
        Array.Fill(degrees, law.Degrees);
        return new CoefficientCovariance(matrix, degrees, $"Newey-West with fixed-b critical values, {reach - 1} {(reach == 2 ? "lag" : "lags")} of {n} rows") { Lags = reach - 1 };
    }
}

/// <summary>The law of a t statistic under fixed-b asymptotics, as a scaled t.</summary>
/// <param name="Scale">Factor on Student's t.</param>
/// <param name="Degrees">Its degrees of freedom; infinite when b is 0.</param>
internal readonly record struct FixedBLaw(double Scale, double Degrees)
{
    const double MostDegrees = 1e7;

    /// <summary>Kiefer and Vogelsang's cubic for the upper 2.5 % point.</summary>
    public static double Upper025(double b) => 1.9600 + b * (2.9694 + b * (0.4160 - b * 0.5324));

    /// <summary>Kiefer and Vogelsang's cubic for the upper 1 % point.</summary>
    public static double Upper01(double b) => 2.3263 + b * (4.1618 + b * (0.5368 - b * 0.9060));

    /// <param name="b">Truncation as a share of the rows, in (0, 1].</param>
    public static FixedBLaw Bartlett(double b)
    {
        var (q, far) = (Upper025(b), Upper01(b));
        var wanted = far / q;
        double low = 1.0, high = MostDegrees;
        if (wanted <= Ratio(high))
        {
            return new FixedBLaw(q / Normal.UpperQuantile(0.025), double.PositiveInfinity);
        }

        // The ratio of the two points falls with the degrees of freedom.
        for (var i = 0; i < 200 && high - low > 1e-10 * low; i++)
        {
            var middle = Math.Sqrt(low * high);
            (low, high) = Ratio(middle) > wanted ? (middle, high) : (low, middle);
        }

        var degrees = Math.Sqrt(low * high);
        return new FixedBLaw(q / StudentT.UpperQuantile(0.025, degrees), degrees);
    }

    static double Ratio(double degrees) => StudentT.UpperQuantile(0.01, degrees) / StudentT.UpperQuantile(0.025, degrees);
}
