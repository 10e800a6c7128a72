using Gnomon.Core.Errors;
using Gnomon.Studies.Ab.Touching;
using Xunit;

namespace Gnomon.Tests.Studies.Ab.Touching;

/// <summary>Files of links between units.</summary>
public sealed class EdgeFileTests
{
    private static readonly Dictionary<string, int> Units = new() { ["u1"] = 0, ["u2"] = 1, ["u3"] = 2 };

    [Fact]
    public void A_unit_is_no_neighbour_of_itself()
    {
        var list = Read("a,b\nu1,u1\nu1,u2\nu2;u3\nu3 u9\n");
        Assert.Equal([0, 1], list.From);
        Assert.Equal([1, 2], list.To);
        Assert.Equal(1, list.Strangers);
        Assert.Equal("edges-not-linked", Assert.Throws<GnomonError>(() => Read("a,b\nu1,u1\nu2,u2\n")).Code);
    }

    private static EdgeList Read(string text)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, text);
            return EdgeFile.Read(path, Units);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
