using Gnomon.Methods.Regression;
using Gnomon.Numerics.Random;

namespace Gnomon.Trust.Paths;

/// <summary>Coefficients with the errors that the data ask for.</summary>
internal static class RegressionPaths
{
    public static IReadOnlyList<TrustPath> All { get; } =
    [
        new("robust", "least squares with HC3 errors", "600 rows, two columns, residuals that spread with one of them", (rng, real) =>
        {
            var effect = real ? 0.25 : 0;
            var (x, z, y) = (new double[600], new double[600], new double[600]);
            for (var i = 0; i < y.Length; i++)
            {
                (x[i], z[i]) = (rng.NextNormal(), rng.NextNormal());
                y[i] = 1 + effect * x[i] + 0.5 * z[i] + (0.5 + Math.Abs(x[i])) * rng.NextNormal();
            }

            var fit = LeastSquares.Fit(DesignMatrix.WithIntercept([x, z]), y);
            return Read(RobustErrors.Heteroskedastic(fit).Table(fit)[1], effect);
        }),
        new("few-rows", "least squares with the sign-flip score test", "30 rows, two columns, residuals that spread with a skewed one", (rng, real) =>
        {
            var effect = real ? 1.2 : 0;
            var (x, z, y) = (new double[30], new double[30], new double[30]);
            for (var i = 0; i < y.Length; i++)
            {
                (x[i], z[i]) = ((Math.Exp(0.5 * rng.NextNormal()) - 1.1331) / 0.6039, rng.NextNormal());
                y[i] = 1 + effect * x[i] + 0.5 * z[i] + (0.5 + Math.Abs(x[i])) * rng.NextNormal();
            }

            var fit = LeastSquares.Fit(DesignMatrix.WithIntercept([x, z]), y);
            return Read(SignFlipCovariance.Of(fit).Table(fit)[1], effect);
        }),
        new("median-counts", "quantile regression, rank-score test", "100 counts of mean 3, spread over their cells, and two columns (with an effect: mean 5 in one half)", (rng, real) =>
        {
            var (x, z, y) = (new double[100], new double[100], new double[100]);
            for (var i = 0; i < y.Length; i++)
            {
                (x[i], z[i]) = (i % 2, rng.NextNormal());
                y[i] = rng.NextPoisson(real && i % 2 == 1 ? 5 : 3);
            }

            // Medians of the two laws spread over cells from k - 1/2 to k + 1/2: 4.5 + (0.5 - F(4; 5)) / f(5; 5) and 2.5 + (0.5 - F(2; 3)) / f(3; 3).
            return Read(QuantileRegression.Fit(DesignMatrix.WithIntercept([x, z]), y).Coefficients[1], real ? 4.83914 - 2.84284 : 0);
        }),
        new("huber", "Huber's estimate, sign-flip score test", "60 rows, two columns, residuals that spread with one of them", (rng, real) =>
        {
            var effect = real ? 0.7 : 0;
            var (x, z, y) = (new double[60], new double[60], new double[60]);
            for (var i = 0; i < y.Length; i++)
            {
                (x[i], z[i]) = (rng.NextNormal(), rng.NextNormal());
                y[i] = 1 + effect * x[i] + 0.5 * z[i] + (0.5 + Math.Abs(x[i])) * rng.NextNormal();
            }

            return Read(HuberRegression.Fit(DesignMatrix.WithIntercept([x, z]), y).Coefficients[1], effect);
        }),
        new("clustered", "least squares with CR2 errors and Satterthwaite's degrees", "20 clusters of 4 to 12 rows, the column constant inside clusters", (rng, real) =>
        {
            var effect = real ? 1.2 : 0;
            var (x, y, clusters) = (new List<double>(), new List<double>(), new List<int>());
            for (var c = 0; c < 20; c++)
            {
                var (own, treated, rows) = (rng.NextNormal(), c % 2 == 0 ? 1.0 : 0, 4 + rng.NextInt(9));
                for (var i = 0; i < rows; i++)
                {
                    x.Add(treated);
                    y.Add(effect * treated + own + rng.NextNormal());
                    clusters.Add(c);
                }
            }

            var fit = LeastSquares.Fit(DesignMatrix.WithIntercept([[.. x]]), [.. y]);
            return Read(RobustErrors.BiasReducedClustered(fit, [.. clusters]).Table(fit)[1], effect);
        }),
        new("logistic", "logistic regression, Wald interval", "300 rows, two columns, a quarter with the event", (rng, real) =>
        {
            var effect = real ? 0.5 : 0;
            var (x, z, y) = (new double[300], new double[300], new double[300]);
            for (var i = 0; i < y.Length; i++)
            {
                (x[i], z[i]) = (rng.NextNormal(), rng.NextNormal());
                y[i] = rng.NextDouble() < 1 / (1 + Math.Exp(1.2 - effect * x[i] - 0.5 * z[i])) ? 1 : 0;
            }

            var fit = GeneralisedLinearModel.Fit(DesignMatrix.WithIntercept([x, z]), y);
            return Read(RobustErrors.Classical(fit).Table(fit)[1], effect);
        }),
    ];

    private static TrustDraw Read(CoefficientEstimate c, double truth) => new(c.PValue < 0.05, c.Low <= truth && truth <= c.High);
}
