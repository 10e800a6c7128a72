using System.Text.Json;
using Gnomon.Methods;
using Gnomon.Methods.Experiments;
using Gnomon.Numerics;
using Gnomon.Numerics.Random;
using Gnomon.Tests.Numerics;
using Xunit;

namespace Gnomon.Tests.Methods.Experiments;

/// <summary>Reference: tests/reference/metrics/surrogate.py (statsmodels OLS with HC1 errors).</summary>
public sealed class SurrogateIndexTests
{
    [Fact]
    public void Model_effect_and_errors_agree_with_statsmodels()
    {
        foreach (var item in ReferenceFile.Open("metrics", "surrogate.json").GetProperty("cases").EnumerateArray())
        {
            var k = (int)item.Number("k");
            var model = SurrogateIndex.Fit(item.Numbers("y"), Columns(item.Numbers("s"), k));
            for (var i = 0; i < k; i++)
            {
                Close.Relative(item.Numbers("slopes")[i], model.Slopes[i], 1e-8, "slope");
                Close.Relative(item.Numbers("slopeErrors")[i], Math.Sqrt(model.Covariance[(i + 1) * (k + 2)]), 1e-8, "slope error");
            }

            Close.Relative(item.Number("explained"), model.Explained, 1e-8, "explained");
            var result = SurrogateIndex.Compare(model, CoMoments.OfRows(item.Numbers("x"), k), CoMoments.OfRows(item.Numbers("c"), k));
            Close.Relative(item.Number("value"), result.Difference.Value, 1e-8, "value");
            Close.Relative(item.Number("experiment"), result.ExperimentError, 1e-8, "experiment");
            Close.Relative(item.Number("model"), result.ModelError, 1e-8, "model");
            Close.Relative(item.Number("error"), result.Difference.StandardError, 1e-8, "error");
            Close.Relative(item.Number("meanX"), result.X.Mean, 1e-8, "mean");
            Close.Relative(item.Number("meanXError"), result.X.StandardError, 1e-8, "mean error");
            Close.Relative(item.Number("meanY"), result.Y.Mean, 1e-8, "control mean");
        }
    }

    [Fact]
    public void A_surrogate_said_twice_changes_nothing_and_what_cannot_be_fitted_is_refused()
    {
        var rng = new Rng(2);
        double[] s = [.. Enumerable.Range(0, 80).Select(_ => rng.NextNormal())];
        double[] y = [.. s.Select(v => 2 * v + rng.NextNormal())];
        var (once, twice) = (SurrogateIndex.Fit(y, [s]), SurrogateIndex.Fit(y, [s, [.. s.Select(v => 3 * v)]]));
        double[] gap = [0.5, 1.5, 2];
        CoMoments Arm(double shift, int columns) => CoMoments.OfRows([.. gap.SelectMany(g => columns == 1 ? new[] { g + shift } : [g + shift, 3 * (g + shift)])], columns);
        var (a, b) = (SurrogateIndex.Compare(once, Arm(1, 1), Arm(0, 1)), SurrogateIndex.Compare(twice, Arm(1, 2), Arm(0, 2)));
        Close.Relative(a.Difference.Value, b.Difference.Value, 1e-9);
        Close.Relative(a.Difference.StandardError, b.Difference.StandardError, 1e-9);
        Assert.Throws<TooFewRowsException>(() => SurrogateIndex.Fit(y[..5], [s[..5]]));
        Assert.Throws<NotEstimableException>(() => SurrogateIndex.Fit(y, [new double[80]]));
        Assert.Throws<NotEstimableException>(() => SurrogateIndex.Fit(new double[80], [s]));
    }

    /// <summary>The history is small, so that leaving its error out would be seen.</summary>
    [Fact]
    [Trait("speed", "slow")]
    public void Intervals_cover_with_the_error_of_the_history_and_not_without_it()
    {
        const int runs = 2_000;
        var (covered, naive) = (0, 0);
        for (var run = 0; run < runs; run++)
        {
            var rng = new Rng(run);
            double[] s = [.. Enumerable.Range(0, 150).Select(_ => rng.NextNormal())];
            var model = SurrogateIndex.Fit([.. s.Select(v => v + 2 * rng.NextNormal())], [s]);
            double[] Arm(double shift) => [.. Enumerable.Range(0, 300).Select(_ => shift + rng.NextNormal())];
            var result = SurrogateIndex.Compare(model, CoMoments.OfColumns(Arm(1)), CoMoments.OfColumns(Arm(0)));

            // The true slope is 1 and the treatment shifts the surrogate by 1.
            covered += result.Difference.Interval.Contains(1) ? 1 : 0;
            naive += Math.Abs(result.Difference.Value - 1) < 1.96 * result.ExperimentError ? 1 : 0;
        }

        Assert.InRange((double)covered / runs, 0.935, 0.965);
        Assert.True((double)naive / runs < 0.75);
    }

    static double[][] Columns(double[] rows, int k) => [.. Enumerable.Range(0, k).Select(i => rows.Where((_, at) => at % k == i).ToArray())];
}
