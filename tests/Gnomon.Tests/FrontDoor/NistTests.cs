using Gnomon.Tests.Methods;
using Gnomon.Trust;
using Xunit;

namespace Gnomon.Tests.FrontDoor;

/// <summary>The Statistical Reference Datasets of NIST: as many certified digits as are promised.</summary>
public sealed class NistTests
{
    [Fact]
    public void Every_certified_number_is_reproduced_to_the_promised_digits()
    {
        var results = NistTrust.Measure(NistSets.Read(Path.GetDirectoryName(MethodReference.DataFile("nist/certified.json"))!));
        Assert.Empty(results.Where(r => !r.Kept).Select(r => $"{r.Set} {r.Quantity}: {r.Digits:0.0}, promised {r.Promised}"));
        Assert.Equal(57, results.Select(r => r.Set.Split(',')[0]).Distinct().Count());
    }

    [Fact]
    public void The_worst_case_of_every_kind_is_no_worse_than_that_of_the_peers()
    {
        var worst = NistWorst.Of(NistTrust.Measure(NistSets.Read(Path.GetDirectoryName(MethodReference.DataFile("nist/certified.json"))!)));
        Assert.Equal(["univariate", "linear", "nonlinear", "anova"], worst.Select(w => w.Kind));

        // NumAcc4 is limited by its data for everybody; a hundredth of a digit is rounding of the kept figures.
        Assert.All(worst, w => Assert.All(w.PeerLeast, peer => Assert.True(w.Least >= peer - 0.01, $"{w.Kind}: {w.Least:0.0} beside {peer:0.0}")));
        Assert.All(worst.Where(w => w.Kind != "univariate"), w => Assert.All(w.PeerLeast, peer => Assert.True(w.Least > peer + 1, w.Kind)));
    }

    [Fact]
    public void Peers_were_measured_on_every_quantity()
    {
        var names = NistTrust.Measure(NistSets.Read(Path.GetDirectoryName(MethodReference.DataFile("nist/certified.json"))!)).Select(r => (r.Set, r.Quantity)).ToHashSet();
        Assert.Equal(2, NistPeer.All.Count);
        Assert.All(NistPeer.All, p => Assert.True(names.SetEquals(p.Digits.Keys), p.Name));
        Assert.All(NistPeer.All.SelectMany(p => p.Digits.Values), d => Assert.InRange(d, 0, 15));
    }

    [Theory]
    [InlineData(1, 1, 15)]
    [InlineData(1.001, 1, 3)]
    [InlineData(0.0001, 0, 4)]
    [InlineData(double.NaN, 1, 0)]
    public void Digits_are_the_log_relative_error(double x, double certified, double digits) => Assert.Equal(digits, NistTrust.Digits(x, certified), 6);
}
