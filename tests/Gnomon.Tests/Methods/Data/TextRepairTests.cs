using Gnomon.Methods.Data;
using Xunit;

namespace Gnomon.Tests.Methods.Data;

public sealed class TextRepairTests
{
    // Source: Python's codecs (looks.py): UTF-8 decoded as windows-1252 once and twice; exact.
    [Fact]
    public void Wrong_decoding_is_undone_once_and_twice()
    {
        foreach (var c in MethodReference.Load("profile/looks.json").Items("mojibake"))
        {
            var repaired = TextRepair.Of(c.GetProperty("text").GetString()!);
            Assert.Equal(c.GetProperty("meant").GetString(), repaired.Text);
            Assert.Equal(c.GetProperty("times").GetInt32() == 1 ? TextDamage.Mojibake : TextDamage.DoubleEncoded, repaired.Damage);
        }
    }

    // Source: Python's html.unescape (looks.py), which also takes entities without their semicolon; these have it or are none.
    [Fact]
    public void Entities_are_read()
    {
        foreach (var c in MethodReference.Load("profile/looks.json").Items("entities"))
        {
            Assert.Equal(c.GetProperty("meant").GetString(), TextRepair.Of(c.GetProperty("text").GetString()!).Text);
        }
    }

    [Theory]
    [InlineData("a\u200Bb", "ab", TextDamage.Invisible)]
    [InlineData("\uFEFFid", "id", TextDamage.Invisible)]
    [InlineData("New\u00A0York", "New York", TextDamage.OddSpace)]
    [InlineData("１２３ＡＢ", "123AB", TextDamage.FullWidth)]
    [InlineData("caf\uFFFD", "caf\uFFFD", TextDamage.Replacement)]
    [InlineData("MÃ¼nchen – München", "München – München", TextDamage.Mojibake)]
    public void Other_damage_is_named(string text, string meant, TextDamage damage)
    {
        var repaired = TextRepair.Of(text);
        Assert.Equal(meant, repaired.Text);
        Assert.Equal(damage, repaired.Damage);
    }

    // Sound text in many languages: nothing is touched.
    [Theory]
    [InlineData("Grüße aus Köln, Straße 5")]
    [InlineData("À bientôt ! « Été » — où êtes-vous ?")]
    [InlineData("Señor Núñez, ¿dónde está?")]
    [InlineData("SÃO JOÃO, NÃO")]
    [InlineData("Łódź, Żółć, Ångström, Ærø")]
    [InlineData("Ελλάδα Россия 日本語 １２３ 한국 עברית العربية")]
    [InlineData("नमस्ते क्‍ष")]
    [InlineData("👩‍👧 emoji ♥ ™ © 5 °C £20 ½")]
    [InlineData("R&D, AT&T; fish &chips")]
    [InlineData("“SÃO JOÃO DA MANHÔ")]
    [InlineData("tab\tand\nline")]
    public void Sound_text_is_left_alone(string text) => Assert.Equal(new RepairedText(text, TextDamage.None), TextRepair.Of(text));
}
