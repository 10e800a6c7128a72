using Gnomon.Trust;
using Xunit;

namespace Gnomon.Tests.Trust;

public sealed class MethodTrustTests
{
    public static TheoryData<string> Ids => [.. TrustPaths.All.Select(p => p.Id)];

    [Fact]
    public void Ids_are_unique() => Assert.Distinct(TrustPaths.All.Select(p => p.Id));

    [Fact]
    public void Threads_do_not_change_the_figures()
    {
        var path = TrustPaths.All.Single(p => p.Id == "welch-unequal");
        Assert.Equal(MethodTrust.Measure(path, 2_000), MethodTrust.Measure(path, 2_000, threads: 4));
        Assert.NotEqual(MethodTrust.Measure(path, 2_000), MethodTrust.Measure(path, 2_000, seed: 2));
    }

    [Fact]
    public void A_path_that_does_not_keep_its_size_is_found_out()
    {
        // Ten values read with the normal quantile: the true size is that of |t| with 9 degrees of freedom beyond 1.96, 8.2 %.
        var liar = new TrustPath("liar", "z test of ten values", "ten normal values", (rng, real) =>
        {
            var values = Enumerable.Range(0, 10).Select(_ => rng.NextNormal()).ToArray();
            var mean = values.Average();
            var error = Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / 9 / 10);
            return new TrustDraw(Math.Abs(mean) > 1.96 * error, Math.Abs(mean) <= 1.96 * error);
        });
        var result = MethodTrust.Measure(liar, 5_000);
        Assert.False(result.SizeKept);
        Assert.False(result.CoverageKept);
        Assert.Equal(0.082, result.Size, 0.012);

        // One that never rejects is found out as well, unless it claims no more.
        var mute = new TrustPath("mute", "nothing", "nothing", (_, _) => new TrustDraw(false, true));
        Assert.False(MethodTrust.Measure(mute, 5_000).SizeKept);
        Assert.True(MethodTrust.Measure(mute with { IsConservative = true }, 5_000).IsKept);
    }

    [Theory]
    [Trait("speed", "slow")]
    [MemberData(nameof(Ids))]
    public void Every_path_keeps_its_promise(string id)
    {
        var result = MethodTrust.Measure(TrustPaths.All.Single(p => p.Id == id), 4_000, seed: 3, threads: 2, TestContext.Current.CancellationToken);
        Assert.True(result.IsKept, $"size {result.Size}, coverage {result.Coverage}");
        Assert.True(result.Power > 0.25, $"power {result.Power}");
    }
}
