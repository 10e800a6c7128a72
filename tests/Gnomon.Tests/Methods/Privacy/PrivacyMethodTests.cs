using Gnomon.Methods.Privacy;
using Gnomon.Tests.Methods;
using Xunit;

namespace Gnomon.Tests.Methods.Privacy;

/// <summary>Groups, noise, private numbers and private models.</summary>
public sealed class PrivacyMethodTests
{
    // pandas groupby (make.py): counts are exact, entropy to rounding.
    [Fact]
    public void Groups_agree_with_pandas()
    {
        foreach (var c in MethodReference.Load("privacy/privacy.json").Items("groups"))
        {
            var columns = c.Items("columns").Select(x => x.EnumerateArray().Select(v => v.GetInt32()).ToArray()).ToList();
            var (classes, count) = Anonymity.Classes(columns, columns[0].Length);
            var found = Anonymity.Measure(classes, count, (int)c.Number("k"), [.. c.Numbers("sensitive").Select(v => (int)v)]);
            Assert.Equal(((long)c.Number("classes"), (long)c.Number("smallest"), (long)c.Number("unique"), (long)c.Number("below")), (found.Classes, found.Smallest, found.Unique, found.Below));
            Assert.Equal(((long?)c.Number("diversity"), (long?)c.Number("told")), (found.Diversity, found.Told));
            Assert.Equal(c.Number("entropy"), found.EntropyDiversity!.Value, 1e-12);
            Assert.Equal(1.0 / found.Smallest, found.LargestRisk);
            Assert.Equal(found.Classes / (double)found.Rows, found.AverageRisk, 1e-15);
        }
    }

    [Fact]
    public void No_columns_make_one_group_and_no_rows_none()
    {
        var (classes, count) = Anonymity.Classes([], 3);
        Assert.Equal(3, Anonymity.Measure(classes, count, 2).Smallest);
        Assert.Equal((0L, 0L), (Anonymity.Measure([], 0, 2).Smallest, Anonymity.Measure([], 0, 2).Classes));
        Assert.Throws<ArgumentOutOfRangeException>(() => Anonymity.Measure(classes, count, 1));
    }

    // mpmath sums of the law (make.py): 1e-12. Laplace's variance 2 b^2 is reached as the steps become fine: within a sixth of a step squared.
    [Fact]
    public void The_law_of_the_noise_agrees_with_its_sums()
    {
        foreach (var c in MethodReference.Load("privacy/privacy.json").Items("noise"))
        {
            Assert.True(Epsilon.TryParse(c.GetProperty("epsilon").GetString()!, out var epsilon));
            var noise = new DiscreteLaplace(epsilon, (long)c.Number("sensitivity"));
            Assert.Equal(c.Number("variance"), noise.Variance, 1e-12 * c.Number("variance"));
            Assert.Equal(c.Number("laplaceVariance"), noise.Variance, 0.17);
            Assert.Equal((long)c.Number("bound"), noise.Bound(0.95));
            foreach (var (z, p) in c.Numbers("points").Zip(c.Numbers("cdf")))
                Assert.Equal(p, noise.Cdf((long)z), 1e-13);
        }
    }

    // 40,000 draws against the law: Kolmogorov's distance below 1.63 / sqrt(n), the 1 % point (for a law of steps it is smaller still); variance within 4 %.
    [Theory]
    [InlineData("1", 1L)]
    [InlineData("0.5", 20L)]
    [InlineData("0.000001", 1_000_000L)]
    public void Draws_follow_the_law(string text, long sensitivity)
    {
        Assert.True(Epsilon.TryParse(text, out var epsilon));
        var noise = new DiscreteLaplace(epsilon, sensitivity);
        var source = NoiseSource.Seeded(7);
        const int Draws = 40_000;
        var drawn = Enumerable.Range(0, Draws).Select(_ => noise.Draw(source)).Order().ToArray();
        var distance = 0.0;
        for (var i = 0; i < Draws; i++)
        {
            if (i + 1 == Draws || drawn[i + 1] != drawn[i])
                distance = Math.Max(distance, Math.Abs(((i + 1) / (double)Draws) - noise.Cdf(drawn[i])));
        }

        Assert.InRange(distance, 0, 1.63 / Math.Sqrt(Draws));
        Assert.Equal(1, drawn.Average(z => (double)z * z) / noise.Variance, 0.04);
    }

    // What may be observed with and without a row differs by a factor of at most exp(epsilon): exact for the law, here for its tables.
    [Fact]
    public void One_row_changes_no_chance_by_more_than_the_loss()
    {
        Assert.True(Epsilon.TryParse("0.7", out var epsilon));
        var noise = new DiscreteLaplace(epsilon, 3);
        double P(long z) => noise.Cdf(z) - noise.Cdf(z - 1);
        for (var z = -40; z <= 40; z++)
            for (var moved = -3; moved <= 3; moved++)
                Assert.InRange(Math.Log(P(z) / P(z + moved)), -0.7 - 1e-6, 0.7 + 1e-6);
    }

    [Fact]
    public void Secure_bits_are_fresh_and_seeded_ones_repeat()
    {
        var noise = new DiscreteLaplace(Epsilon.Of(0.0001m), 1);
        Assert.Equal(Many(NoiseSource.Seeded(3)), Many(NoiseSource.Seeded(3)));
        Assert.NotEqual(Many(NoiseSource.Secure), Many(NoiseSource.Secure));
        Assert.True(NoiseSource.Secure.IsSecure);
        Assert.False(NoiseSource.Seeded(3).IsSecure);
        long[] Many(NoiseSource source) => [.. Enumerable.Range(0, 8).Select(_ => noise.Draw(source))];
    }

    [Fact]
    public void Losses_add_exactly()
    {
        var sum = Epsilon.Zero;
        for (var i = 0; i < 30; i++)
            sum += Epsilon.Of(0.1m);
        Assert.Equal("3", sum.ToString());
        Assert.False(sum > Epsilon.Of(3));
        foreach (var wrong in new[] { "0", "-1", "1e-3", "0.0000001", "1001", "NaN", "one", "" })
            Assert.False(Epsilon.TryParse(wrong, out _), wrong);
        Assert.Throws<ArgumentOutOfRangeException>(() => Epsilon.Of(0.00000001m));
    }

    // 2,000 releases: the interval holds the exact number at least as often as it says, within 3.3 binomial errors.
    [Fact]
    public void Intervals_hold_the_exact_numbers()
    {
        var source = NoiseSource.Seeded(11);
        double[] values = [.. Enumerable.Range(0, 500).Select(i => (i * 37 % 101) / 10.0)];
        int counts = 0, means = 0;
        for (var d = 0; d < 2_000; d++)
        {
            var count = PrivateRelease.Count(500, Epsilon.Of(0.5m), 2, source);
            var mean = PrivateRelease.Mean(values, 0, 10, Epsilon.Of(1), 1, source);
            counts += count.Low <= 500 && count.High >= 500 ? 1 : 0;
            means += mean.Low <= values.Average() && mean.High >= values.Average() ? 1 : 0;
        }

        Assert.InRange(counts / 2_000.0, 0.934, 1);
        Assert.InRange(means / 2_000.0, 0.934, 1);
    }

    // Mironov 2012: what is released must not tell by its last bits which value it hides. Sums lie on a grid that the stated range makes, whatever the values.
    [Fact]
    public void Released_means_lie_on_a_grid_that_the_data_do_not_make()
    {
        var step = 0.5 * (10.0 - 0) / (1 << 19);
        foreach (var values in new[] { new[] { Math.PI, Math.E, 0.1 }, [1.0 / 3, 9.99999, 7e-9] })
        {
            var released = PrivateRelease.Mean(values, 0, 10, Epsilon.Of(1_000), 1, NoiseSource.Seeded(5));
            var steps = (released.Value - 5) * values.Length / step;
            Assert.Equal(Math.Round(steps), steps, 1e-4);
        }
    }

    [Fact]
    public void Values_beyond_the_range_are_moved_to_its_ends()
    {
        var far = PrivateRelease.Mean([1e9, 1e9, 1e9, 1e9], 0, 10, Epsilon.Of(1_000), 1, NoiseSource.Seeded(5));
        Assert.Equal(10, far.Value, 1e-3);
        Assert.Throws<ArgumentOutOfRangeException>(() => PrivateRelease.Mean([1], 3, 3, Epsilon.Of(1), 1, NoiseSource.Seeded(5)));
        Assert.InRange(PrivateRelease.Mean([], 0, 10, Epsilon.Of(1), 1, NoiseSource.Seeded(5)).Value, 0, 10);
        Assert.Equal(3, PrivateRelease.Histogram([5, 0, 9], Epsilon.Of(1), 1, NoiseSource.Seeded(5)).Length);
    }

    // scikit-learn LogisticRegression(C = 1 / penalty) on rows of length at most 1 (make.py): 1e-6.
    [Fact]
    public void Coefficients_agree_with_scikit_learn()
    {
        foreach (var c in MethodReference.Load("privacy/privacy.json").Items("logistic"))
        {
            var fit = Fit(c, null);
            foreach (var (expected, found) in c.Numbers("coefficients").Zip(fit.Coefficients))
                Assert.Equal(expected, found, 1e-6);

            // Much loss, little noise: the release is the fit, on its grid.
            Assert.Equal(0, fit.Release(Epsilon.Of(1_000), NoiseSource.Seeded(1)).Zip(fit.Coefficients).Max(x => Math.Abs(x.First - x.Second)), 10 * fit.NoiseDeviation(Epsilon.Of(1_000)) + 1e-5);
        }
    }

    // The bound of Chaudhuri et al. holds for every row taken away.
    [Fact]
    public void No_row_moves_the_coefficients_by_more_than_the_sensitivity()
    {
        foreach (var c in MethodReference.Load("privacy/privacy.json").Items("logistic"))
        {
            var fit = Fit(c, null);
            var rows = c.Numbers("target").Length;
            for (var left = 0; left < rows; left += 3)
            {
                var without = Fit(c, left);
                Assert.InRange(Math.Sqrt(fit.Coefficients.Zip(without.Coefficients).Sum(x => (x.First - x.Second) * (x.First - x.Second))), 0, fit.Sensitivity);
            }
        }
    }

    // The log loss of released coefficients exceeds that of scikit-learn's by half the noise's variance times the trace of the curvature, to second order: 600 releases, within a quarter.
    [Fact]
    public void The_loss_of_a_release_is_that_of_scikit_learn_and_the_noise()
    {
        var c = MethodReference.Load("privacy/privacy.json").Items("logistic").First();
        var (fit, epsilon, source) = (Fit(c, null), Epsilon.Of(40), NoiseSource.Seeded(4));
        var features = c.Items("features").Select(f => f.EnumerateArray().Select(v => v.GetDouble()).ToArray()).ToList();
        var target = c.Numbers("target");
        double Loss(IReadOnlyList<double> b)
        {
            var sum = 0.0;
            for (var i = 0; i < target.Length; i++)
            {
                var eta = b[0] + features.Select((f, j) => f[i] * b[j + 1]).Sum();
                sum += Math.Log(1 + Math.Exp(target[i] > 0 ? -eta : eta));
            }

            return sum;
        }

        var exact = c.Numbers("coefficients");
        var noise = fit.NoiseDeviation(epsilon);
        const double Step = 1e-3;
        var curvature = Enumerable.Range(0, exact.Length).Sum(j => (Loss(Moved(j, Step)) + Loss(Moved(j, -Step)) - (2 * Loss(exact))) / (Step * Step));
        var excess = Enumerable.Range(0, 600).Average(_ => Loss(fit.Release(epsilon, source)) - Loss(exact));
        Assert.InRange(excess / (0.5 * noise * noise * curvature), 0.75, 1.25);

        double[] Moved(int j, double by) => [.. exact.Select((v, k) => k == j ? v + by : v)];
    }

    // 400 releases: the noise on a coefficient has the stated deviation.
    [Fact]
    public void Noise_on_coefficients_is_as_large_as_stated()
    {
        var fit = Fit(MethodReference.Load("privacy/privacy.json").Items("logistic").First(), null);
        var source = NoiseSource.Seeded(2);
        var gaps = Enumerable.Range(0, 400).SelectMany(_ => fit.Release(Epsilon.Of(1), source).Zip(fit.Coefficients, (a, b) => a - b)).ToList();
        Assert.Equal(1, Math.Sqrt(gaps.Average(g => g * g)) / fit.NoiseDeviation(Epsilon.Of(1)), 0.1);
        Assert.Throws<ArgumentOutOfRangeException>(() => PrivateLogistic.Fit([[0.1]], [true], 0));
    }

    [Theory]
    [InlineData("anna@example.org", "e-mail address")]
    [InlineData("4111 1111 1111 1111", "payment card")]
    [InlineData("4111111111111112", null)]
    [InlineData("GB82 WEST 1234 5698 7654 32", "bank account")]
    [InlineData("GB82 WEST 1234 5698 7654 33", null)]
    [InlineData("+49 30 1234567", "telephone number")]
    [InlineData("(030) 123-4567", "telephone number")]
    [InlineData("2026-03-02", null)]
    [InlineData("192.168.0.17", "internet address")]
    [InlineData("999.168.0.17", null)]
    [InlineData("AKIAIOSFODNN7EXAMPLE", "credential")]
    [InlineData("blue", null)]
    public void What_names_people_is_known_by_its_form(string text, string? kind) => Assert.Equal(kind, DirectIdentifier.Kind(text));

    private static PrivateLogisticFit Fit(System.Text.Json.JsonElement c, int? without)
    {
        int[] rows = [.. Enumerable.Range(0, c.Numbers("target").Length).Where(i => i != without)];
        var features = c.Items("features").Select(f => f.EnumerateArray().Select(v => v.GetDouble()).ToArray()).Select(f => Array.ConvertAll(rows, i => f[i])).ToList();
        return PrivateLogistic.Fit(features, Array.ConvertAll(rows, i => c.Numbers("target")[i] > 0), c.Number("penalty"));
    }
}
