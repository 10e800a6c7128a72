using Gnomon.Methods;
using Gnomon.Methods.Families;
using Gnomon.Methods.Inference;
using Gnomon.Methods.Resampling;
using Gnomon.Numerics.Distributions;
using Gnomon.Numerics.Random;
using Gnomon.Tests.Methods.Data;
using Xunit;

namespace Gnomon.Tests.Methods.Families;

/// <summary>Source: tests/reference/families/make.py (statsmodels; closure principle, papers' formulas and full enumeration written from their definitions).</summary>
public sealed class FamiliesTests
{
    private static readonly System.Text.Json.JsonElement Reference = MethodReference.Load("families/families.json");

    // Closed form: 1e-12 relative.
    [Fact]
    public void Sidak_agrees_with_statsmodels()
    {
        var c = Reference.GetProperty("sidak");
        Assert.All(c.Numbers("sidak").Zip(Multiplicity.Sidak(c.Numbers("p"))), x => MethodReference.Close(x.First, x.Second, 1e-12));
        Assert.All(c.Numbers("holmSidak").Zip(Multiplicity.HolmSidak(c.Numbers("p"))), x => MethodReference.Close(x.First, x.Second, 1e-12));
    }

    // The shortcut against the closure principle it stands for: 1e-10.
    [Fact]
    public void Gates_agree_with_the_closure_principle()
    {
        foreach (var c in Reference.Items("graphs"))
        {
            var rows = c.GetProperty("transfer").EnumerateArray().Select(r => r.EnumerateArray().Select(v => v.GetDouble()).ToArray()).ToArray();
            var transfer = new double[rows.Length, rows.Length];
            for (var i = 0; i < rows.Length; i++)
            {
                for (var k = 0; k < rows.Length; k++)
                {
                    transfer[i, k] = rows[i][k];
                }
            }

            var adjusted = Gatekeeping.Adjust(c.Numbers("p"), c.Numbers("weights"), transfer);
            Assert.All(c.Numbers("adjusted").Zip(adjusted), x => Assert.Equal(x.First, x.Second, 1e-10));
        }

        double[] p = [0.01, 0.04, 0.03, 0.2];
        var third = 1 / 3.0;
        Assert.All(
            Multiplicity.Holm(p).Zip(Gatekeeping.Adjust(p, [0.25, 0.25, 0.25, 0.25], new[,] { { 0, third, third, third }, { third, 0, third, third }, { third, third, 0, third }, { third, third, third, 0 } })),
            x => Assert.Equal(x.First, x.Second, 1e-12));
        Assert.Equal([0.01, 0.04, 0.04, 0.2], Gatekeeping.FixedSequence(p));
        Assert.Throws<ArgumentOutOfRangeException>(() => Gatekeeping.Adjust([0.1, 0.2], [0.8, 0.8], new double[2, 2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Gatekeeping.Adjust([0.1, 0.2], [0.5, 0.5], new[,] { { 0, 1.5 }, { 0, 0 } }));
    }

    // The same formulas, one test at a time: 1e-9 (the constant of LORD has ten digits).
    [Fact]
    public void Streams_get_the_sizes_of_the_papers()
    {
        var c = Reference.GetProperty("online");
        var lord = OnlineFdr.Lord(c.Numbers("p"));
        Assert.All(c.Numbers("lord").Zip(lord), x => MethodReference.Close(x.First, x.Second.Threshold, 1e-9));
        Assert.Equal(c.Counts("lordDiscoveries"), Discoveries(lord));
        var saffron = OnlineFdr.Saffron(c.Numbers("p"));
        Assert.All(c.Numbers("saffron").Zip(saffron), x => MethodReference.Close(x.First, x.Second.Threshold, 1e-9));
        Assert.Equal(c.Counts("saffronDiscoveries"), Discoveries(saffron));

        static long[] Discoveries(IReadOnlyList<OnlineTest> tests) => [.. tests.Select((t, i) => (t, i)).Where(x => x.t.Rejected).Select(x => x.i + 1L)];
    }

    [Fact]
    public void Q_values_agree_with_their_definition()
    {
        var c = Reference.GetProperty("storey");
        var result = StoreyQ.Of(c.Numbers("p"));
        Assert.Equal(c.Number("nullShare"), result.NullShare, 1e-12);
        Assert.All(c.Numbers("q").Zip(result.QValues), x => Assert.Equal(x.First, x.Second, 1e-10));
        Assert.Empty(StoreyQ.Of([]).QValues);
    }

    // Random relabellings against all 126: three binomial errors of 20,000.
    [Fact]
    public void MaxT_agrees_with_all_relabellings()
    {
        var c = Reference.GetProperty("maxT");
        double[][] Arm(string name) => [.. c.Items(name).Select(r => r.EnumerateArray().Select(v => v.GetDouble()).ToArray())];
        var result = MaxT.Welch(Arm("x"), Arm("y"), new PermutationOptions { Permutations = 20_000 });
        Assert.All(c.Numbers("t").Zip(result.Statistics), x => Assert.Equal(x.First, Math.Abs(x.Second), 1e-12));
        Assert.All(c.Numbers("alone").Zip(result.PValues), x => Assert.Equal(x.First, x.Second, 3 * Math.Sqrt(x.First * (1 - x.First) / 20_000) + 1e-4));
        Assert.All(c.Numbers("adjusted").Zip(result.Adjusted), x => Assert.Equal(x.First, x.Second, 3 * Math.Sqrt(x.First * (1 - x.First) / 20_000) + 1e-4));
        Assert.Throws<NotEstimableException>(() => MaxT.Welch([[1, 1, 1]], [[1, 1]]));
    }

    [Fact]
    [Trait("speed", "slow")]
    public void MaxT_keeps_the_family_error_and_beats_holm_on_correlated_metrics()
    {
        var rng = new Rng(8);
        const int runs = 1_000;
        var (maxT, holm) = (0, 0);
        for (var r = 0; r < runs; r++)
        {
            var (x, y) = (Arm(rng, 40, 6), Arm(rng, 40, 6));
            var result = MaxT.Welch(x, y, new PermutationOptions { Permutations = 199, Seed = (ulong)r });
            maxT += result.Adjusted.Any(p => p <= 0.05) ? 1 : 0;
            holm += Multiplicity.Holm([.. x.Zip(y).Select(m => WelchT.Test(m.First, m.Second).PValue)]).Any(p => p <= 0.05) ? 1 : 0;
        }

        Assert.InRange(maxT / (double)runs, 0.05 - 3.3 * Math.Sqrt(0.05 * 0.95 / runs), 0.05 + 3.3 * Math.Sqrt(0.05 * 0.95 / runs));
        Assert.True(holm < maxT);

        static double[][] Arm(Rng rng, int n, int metrics)
        {
            var values = Enumerable.Range(0, metrics).Select(_ => new double[n]).ToArray();
            for (var i = 0; i < n; i++)
            {
                var shared = rng.NextNormal();
                foreach (var metric in values)
                {
                    metric[i] = Math.Sqrt(0.8) * shared + Math.Sqrt(0.2) * rng.NextNormal();
                }
            }

            return values;
        }
    }

    [Fact]
    [Trait("speed", "slow")]
    public void Streams_keep_the_false_discovery_rate()
    {
        var rng = new Rng(9);
        const int runs = 1_500;
        const int tests = 200;
        var (lordRate, saffronRate, lordFound, saffronFound) = (0.0, 0.0, 0, 0);
        for (var r = 0; r < runs; r++)
        {
            var isReal = Enumerable.Range(0, tests).Select(_ => rng.NextDouble() < 0.2).ToArray();
            var p = isReal.Select(real => Normal.Sf(rng.NextNormal() + (real ? 3 : 0))).ToArray();
            (lordRate, lordFound) = Add(OnlineFdr.Lord(p), lordRate, lordFound);
            (saffronRate, saffronFound) = Add(OnlineFdr.Saffron(p), saffronRate, saffronFound);

            (double, int) Add(IReadOnlyList<OnlineTest> stream, double rate, int found)
            {
                var rejected = stream.Count(t => t.Rejected);
                var wrong = stream.Where((t, i) => t.Rejected && !isReal[i]).Count();
                return (rate + (rejected == 0 ? 0 : (double)wrong / rejected), found + rejected - wrong);
            }
        }

        Assert.True(lordRate / runs <= 0.05 && saffronRate / runs <= 0.052, $"{lordRate / runs} {saffronRate / runs}");
        Assert.True(saffronFound > lordFound);
    }

    [Fact]
    public void Picked_intervals_widen_with_what_was_looked_at()
    {
        Assert.Equal(0.95, FalseCoverage.Level(7, 7), 1e-15);
        Assert.Equal(0.9975, FalseCoverage.Level(1, 20), 1e-15);
        Assert.Throws<ArgumentOutOfRangeException>(() => FalseCoverage.Level(0, 3));
    }

    [Fact]
    [Trait("speed", "slow")]
    public void Picked_intervals_miss_no_more_than_promised()
    {
        // 40 null effects with standard error 1, those significant at 10 % after Benjamini and Hochberg at 0.5 are shown.
        var rng = new Rng(10);
        var (missed, shown) = (0.0, 0);
        for (var r = 0; r < 4_000; r++)
        {
            var z = Enumerable.Range(0, 40).Select(i => rng.NextNormal() + (i < 8 ? 2 : 0)).ToArray();
            var picked = Multiplicity.BenjaminiHochberg([.. z.Select(v => 2 * Normal.Sf(Math.Abs(v)))]).Select((q, i) => (q, i)).Where(x => x.q <= 0.1).Select(x => x.i).ToList();
            if (picked.Count == 0)
            {
                continue;
            }

            var half = Normal.UpperQuantile((1 - FalseCoverage.Level(picked.Count, 40, 0.9)) / 2);
            missed += picked.Count(i => Math.Abs(z[i] - (i < 8 ? 2 : 0)) > half) / (double)picked.Count;
            shown++;
        }

        Assert.True(missed / 4_000 <= 0.1 + 3.3 * Math.Sqrt(0.1 * 0.9 / 4_000), $"{missed / 4_000} over {shown}");
    }
}
