using Gnomon.Core.Checks;
using Gnomon.Core.Tables;
using Gnomon.Studies.Profile;
using Xunit;

namespace Gnomon.Tests.Studies.Profile;

/// <summary>UTF-8 read as Windows-1252 or Latin-1 is told from words that merely hold unusual letters.</summary>
public sealed class ProfileMisreadTextTests
{
    [Theory]
    [InlineData("MÃ¼ller", CheckStatus.Warn)]
    [InlineData("WeiÃŸ", CheckStatus.Warn)]
    [InlineData("Ã„pfel", CheckStatus.Warn)]
    [InlineData("Ã–sterreich", CheckStatus.Warn)]
    [InlineData("Ã‰cole", CheckStatus.Warn)]
    [InlineData("Müller", CheckStatus.Pass)]
    [InlineData("Weiß", CheckStatus.Pass)]
    [InlineData("São Paulo", CheckStatus.Pass)]
    [InlineData("“SÃO JOÃO DA MANHÔ", CheckStatus.Pass)]
    public void Misread_text_is_seen_and_true_text_is_left_alone(string text, CheckStatus expected)
    {
        var table = Table.With("name", Enumerable.Range(0, 400).Select(i => i % 10 == 0 ? text : $"name {i % 20}"));
        Assert.Equal(expected, ProfileData.Ask(table, new ProfileOptions()).Checks.Single(c => c.Id == "parsing-loss").Status);
    }
}
