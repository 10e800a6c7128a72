using System.Reflection;
using Xunit;

namespace Gnomon.Tests.Architecture;

/// <summary>A change of the public face is seen, read and accepted by a person.</summary>
public sealed class PublicApiTests
{
    [Theory]
    [InlineData("Gnomon")]
    [InlineData("Gnomon.Core")]
    [InlineData("Gnomon.Numerics")]
    [InlineData("Gnomon.Methods")]
    [InlineData("Gnomon.Checks")]
    [InlineData("Gnomon.Studies")]
    [InlineData("Gnomon.Data")]
    [InlineData("Gnomon.Render")]
    public void The_public_api_is_the_accepted_one(string assembly)
    {
        var path = Path.Combine(SourceTree.Root, "tests", "golden", "api", $"{assembly}.txt");
        var now = PublicApi.Of(Assembly.Load(assembly));
        if (Environment.GetEnvironmentVariable("GNOMON_ACCEPT") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, now);
            return;
        }

        var accepted = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : string.Empty;
        var before = accepted.Split('\n');
        var after = now.Split('\n');
        Assert.True(
            accepted == now,
            $"The public API of {assembly} changed. Read it, then accept it with GNOMON_ACCEPT=1.\n{string.Join('\n', after.Except(before).Select(l => "+ " + l).Concat(before.Except(after).Select(l => "- " + l)).Take(40))}");
    }
}
