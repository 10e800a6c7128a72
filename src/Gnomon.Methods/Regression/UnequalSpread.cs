using Gnomon.Numerics.Distributions;

namespace Gnomon.Methods.Regression;

/// <summary>Does the spread of a linear model's errors depend on its columns?</summary>
/// <remarks>
/// Sources: Breusch and Pagan 1979, studentised by Koenker 1981, which does not need normal errors; White 1980. Agrees with R lmtest <c>bptest</c>.
/// </remarks>
public static class UnequalSpread
{
    /// <summary>Squared residuals on the model's own columns.</summary>
    /// <param name="fit">A linear model with an intercept.</param>
    /// <exception cref="NotEstimableException">The fit is perfect, or there is no column besides the intercept.</exception>
    public static SerialTest BreuschPagan(LinearFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return Test(fit, fit.Design.Raw);
    }

    /// <summary>Squared residuals on the columns, their squares and products.</summary>
    /// <param name="fit">A linear model with an intercept.</param>
    /// <exception cref="TooFewRowsException">No more rows than squares and products.</exception>
    /// <exception cref="NotEstimableException">The fit is perfect, or there is no column besides the intercept.</exception>
    public static SerialTest White(LinearFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        var columns = new List<double[]>(fit.Design.Raw);
        for (var i = 0; i < fit.Design.Columns; i++)
        {
            for (var j = i; j < fit.Design.Columns; j++)
            {
                if (i != fit.Design.Intercept && j != fit.Design.Intercept)
                {
                    // Centred first: squares of far values would be nearly their own column.
                    columns.Add(CentredProduct(fit.Design.Raw[i], fit.Design.Raw[j]));
                }
            }
        }

        return Test(fit, columns);
    }

    static SerialTest Test(LinearFit fit, IReadOnlyList<double[]> columns)
    {
        if (fit.Design.Intercept < 0 || fit.Design.Columns < 2)
        {
            throw new NotEstimableException("The test of equal spread needs an intercept and one more column.");
        }

        if (!(fit.ResidualSumOfSquares > 0))
        {
            throw new NotEstimableException("The fit is perfect: there is no spread.");
        }

        var squares = new double[fit.Rows];
        var scale = fit.ResidualSumOfSquares / fit.Rows;
        for (var i = 0; i < squares.Length; i++)
        {
            squares[i] = fit.Residuals[i] * fit.Residuals[i] * (fit.WorkingWeights?[i] ?? 1.0) / scale;
        }

        var auxiliary = LeastSquares.Fit(new DesignMatrix(columns), squares);
        var degrees = auxiliary.Coefficients.Count - 1;
        var statistic = fit.Rows * (auxiliary.RSquared ?? 0.0);
        return new SerialTest(statistic, degrees, ChiSquared.Sf(statistic, degrees));
    }

    static double[] CentredProduct(double[] a, double[] b)
    {
        var (meanA, meanB) = (StandardisedColumns.Centre(a), StandardisedColumns.Centre(b));
        var product = new double[a.Length];
        for (var i = 0; i < product.Length; i++)
        {
            product[i] = (a[i] - meanA) * (b[i] - meanB);
        }

        return product;
    }
}
