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

    [Theory]
    [InlineData(1, 1, 15)]
    [InlineData(1.001, 1, 3)]
    [InlineData(0.0001, 0, 4)]
    [InlineData(double.NaN, 1, 0)]
    public void Digits_are_the_log_relative_error(double x, double certified, double digits) => Assert.Equal(digits, NistTrust.Digits(x, certified), 6);
}
