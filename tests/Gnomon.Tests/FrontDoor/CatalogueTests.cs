using Gnomon.Core.Errors;
using Xunit;

namespace Gnomon.Tests.FrontDoor;

public sealed class CatalogueTests
{
    [Fact]
    public void Checks_are_found_by_id_and_by_their_other_names()
    {
        var check = Catalogue.Check("sample-ratio-mismatch");
        Assert.All(check.Card.Aliases, alias => Assert.Same(check, Catalogue.Check(alias.ToUpperInvariant())));
    }

    [Fact]
    public void A_misspelt_name_is_guessed()
    {
        Assert.Equal("Did you mean 'sample-ratio-mismatch'?", Assert.Throws<GnomonError>(() => Catalogue.Check("sample-ratio-mismach")).Hint);
        Assert.Equal("Did you mean 'ab'?", Assert.Throws<GnomonError>(() => Catalogue.Verb("abb")).Hint);
    }
}
