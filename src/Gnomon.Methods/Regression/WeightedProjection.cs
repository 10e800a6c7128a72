namespace Gnomon.Methods.Regression;

/// <summary>What a column has beyond others, rows weighted.</summary>
internal static class WeightedProjection
{
    // Added to the diagonal, as a share of its mean: weights of 0 may leave a free column without a row.
    const double Ridge = 1e-10;

    public static double[] Residual(double[][] free, double[] tested, double[] weights) => Residual(free, tested, weights, null);

    /// <summary>The residual of the tested column; leverages, where wanted, are those of the free columns in the same weights.</summary>
    public static double[] Residual(double[][] free, double[] tested, double[] weights, double[]? leverages)
    {
        var (n, k) = (tested.Length, free.Length);
        var rest = (double[])tested.Clone();
        if (k == 0)
        {
            return rest;
        }

        var products = new double[k * k];
        var with = new double[k];
        var weighted = new double[n];
        var trace = 0.0;
        for (var j = 0; j < k; j++)
        {
            weights.CopyTo(weighted.AsSpan());
            Vectors.Multiply(weighted, free[j]);
            for (var l = 0; l <= j; l++)
            {
                products[j * k + l] = products[l * k + j] = SmallMatrix.Dot(weighted, free[l]);
            }

            with[j] = SmallMatrix.Dot(weighted, tested);
            trace += products[j * k + j];
        }

        for (var j = 0; j < k; j++)
        {
            products[j * k + j] += Ridge * trace / k;
        }

        if (SmallMatrix.Cholesky(products, k, 1e-14) is not { } factor)
        {
            return rest;
        }

        var slopes = SmallMatrix.SolveCholesky(factor, with);
        for (var j = 0; j < k; j++)
        {
            Vectors.AddScaled(rest, free[j], -slopes[j]);
        }

        if (leverages is not null)
        {
            var row = new double[k];
            for (var i = 0; i < n; i++)
            {
                for (var j = 0; j < k; j++)
                {
                    row[j] = free[j][i];
                }

                leverages[i] = weights[i] * SmallMatrix.Dot(row, SmallMatrix.SolveCholesky(factor, row));
            }
        }

        return rest;
    }
}
