using Gnomon.Core.Errors;
using Gnomon.Core.Studies;
using Gnomon.Core.Tables;
using Xunit;

namespace Gnomon.Tests.FrontDoor;

/// <summary>One wrong word gives one message, with the word that was meant.</summary>
public sealed class WrongOptionTests
{
    [Theory]
    [InlineData("untis", "units")]
    [InlineData("unti", "unit")]
    [InlineData("tset", "test")]
    [InlineData("vairant", "variant")]
    [InlineData("ab", "ba")]
    [InlineData("UNTIS", "units")]
    public void Two_letters_that_changed_places_are_one_edit(string written, string meant) => Assert.Equal(meant, NearestName.To(written, ["colour", meant, "elsewhere"]));

    [Theory]
    [InlineData("abc", "xyz")]
    [InlineData("unit", "metric")]
    public void What_is_not_near_is_not_suggested(string written, string other) => Assert.Null(NearestName.To(written, [other]));

    [Fact]
    public void Marks_are_quoted_and_named_among_choices()
    {
        var error = Assert.Throws<GnomonError>(() => OptionParser.Choice("decimal", ["x"], [".", ","]));
        Assert.Equal("--decimal must be one of '.' (point), ',' (comma); got 'x'.", error.Message);
        Assert.Equal("--format must be one of csv, parquet; got 'x'.", Assert.Throws<GnomonError>(() => OptionParser.Choice("format", ["x"], ["csv", "parquet"])).Message);
    }

    [Theory]
    [InlineData("varaint", "variant", "arm")]
    [InlineData("metrc", "metric", "converted")]
    [InlineData("raito", "ratio", "revenue/orders")]
    public void A_misspelt_role_is_reported_once_and_not_as_missing_too(string written, string meant, string value)
    {
        var given = new Dictionary<string, IReadOnlyList<string>> { ["variant"] = ["arm"], ["metric"] = ["converted"] };
        given.Remove(meant == "ratio" ? "metric" : meant);
        given[written] = [value];
        var error = Assert.Throws<GnomonError>(() => Catalogue.Verb("ab").Bind(given));
        Assert.Equal(("unknown-option", $"Did you mean '--{meant}'?"), (error.Code, error.Hint));
        given.Remove(written);
        Assert.Equal("option-missing", Assert.Throws<GnomonError>(() => Catalogue.Verb("ab").Bind(given)).Code);
        Assert.NotNull(Record.Exception(() => Catalogue.Verb("ab").Bind(given, ["level"])));
        Assert.Null(Record.Exception(() => Catalogue.Verb("ab").Bind(given, [meant])));
    }

    [Fact]
    public void A_role_without_its_value_is_reported_once() =>
        Assert.Equal("option-needs-value", Assert.Throws<GnomonError>(() => Catalogue.Verb("ab").Bind(new Dictionary<string, IReadOnlyList<string>> { ["variant"] = [], ["metric"] = ["converted"] })).Code);
}
