using Gnomon.Methods.Mixed;
using Gnomon.Methods.Regression;
using Gnomon.Numerics.Random;

namespace Gnomon.Trust.Paths;

/// <summary>Rows that are alike: groups held as random, and neighbours in time.</summary>
internal static class DependencePaths
{
    public static IReadOnlyList<TrustPath> All { get; } =
    [
        new("mixed", "mixed model by REML, Satterthwaite's degrees", "12 groups of 4 to 9 rows, the column constant inside groups, half of the variance between groups", (rng, real) =>
        {
            var effect = real ? 1.5 : 0;
            var (x, y, groups) = (new List<double>(), new List<double>(), new List<int>());
            for (var g = 0; g < 12; g++)
            {
                var (own, treated, rows) = (rng.NextNormal(), g % 2 == 0 ? 1.0 : 0, 4 + rng.NextInt(6));
                for (var i = 0; i < rows; i++)
                {
                    x.Add(treated);
                    y.Add((effect * treated) + own + rng.NextNormal());
                    groups.Add(g);
                }
            }

            var fit = LinearMixedModel.Fit(DesignMatrix.WithIntercept([[.. x]]), [.. y], [RandomTerm.Intercept("group", [.. groups])]);
            return Read(fit.Table()[1], effect);
        }),
        new("series", "least squares with errors by order of time (cosine series, fixed-b)", "400 times, column and errors with a memory of 0.4", (rng, real) =>
        {
            var effect = real ? 0.15 : 0;
            var (x, y) = (new double[400], new double[400]);
            double warmth = rng.NextNormal() / Math.Sqrt(0.84), error = rng.NextNormal() / Math.Sqrt(0.84);
            for (var i = 0; i < y.Length; i++)
            {
                warmth = (0.4 * warmth) + rng.NextNormal();
                error = (0.4 * error) + rng.NextNormal();
                (x[i], y[i]) = (warmth, 1 + (effect * warmth) + error);
            }

            var fit = LeastSquares.Fit(DesignMatrix.WithIntercept([x]), y);
            return Read(HarErrors.EqualWeightedCosine(fit).Table(fit)[1], effect);
        }),
        new("robust-small", "least squares with HC2 errors and Bell and McCaffrey's degrees", "40 rows, a lognormal column that gives a few rows much weight, equal spread that is not taken for granted", (rng, real) =>
        {
            var effect = real ? 0.4 : 0;
            var (x, z, y) = (new double[40], new double[40], new double[40]);
            for (var i = 0; i < y.Length; i++)
            {
                (x[i], z[i]) = (Draws.LogNormal(rng, 1), rng.NextNormal());
                y[i] = 1 + (effect * x[i]) + (0.5 * z[i]) + rng.NextNormal();
            }

            var fit = LeastSquares.Fit(DesignMatrix.WithIntercept([x, z]), y);
            return Read(BellMcCaffrey.Errors(fit).Table(fit)[1], effect);
        })
        { IsConservative = true },
    ];

    private static TrustDraw Read(CoefficientEstimate c, double truth) => new(c.PValue < 0.05, c.Low <= truth && truth <= c.High);
}
