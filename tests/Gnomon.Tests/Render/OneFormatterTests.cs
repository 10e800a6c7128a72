using Gnomon.Core.Findings;
using Gnomon.Render.Words;
using Gnomon.Studies.Ab;
using Gnomon.Tests.Studies.Ab;
using Xunit;

namespace Gnomon.Tests.Render;

/// <summary>The same number reads the same in the sentence of a finding, in its estimates and in its tables.</summary>
public sealed class OneFormatterTests
{
    public static TheoryData<string, string> Counts => new()
    {
        { "A=500/11034", "B=420/11037" },
        { "A=50/1103", "B=90/1103" },
        { "A=5000/100034", "B=5350/100037" },
        { "A=48000/400000", "B=48010/400000" },
    };

    [Theory]
    [MemberData(nameof(Counts))]
    public void The_summary_holds_the_interval_of_the_estimate(string a, string b)
    {
        var finding = Ask.Ab(new AbOptions { Counts = [a, b] });
        Assert.Contains(Figures.Interval(AbData.Primary(finding)).Range, finding.Decision.Summary, StringComparison.Ordinal);
        Assert.Contains(Spaces(Paper.Interval(AbData.Primary(finding)).Range), finding.Decision.Summary, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("y", "y")]
    [InlineData("spend/visits", "")]
    public void A_mean_or_a_ratio_has_the_digits_of_its_estimate(string metric, string suffix)
    {
        var finding = Ask.Ab(AbData.Reference(), AbData.Options(metric));
        var text = Figures.Interval(AbData.Primary(finding));
        Assert.Equal(suffix, text.Suffix);
        Assert.Contains($"{text.Low} to {text.High}", finding.Decision.Summary, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.1234)]
    [InlineData(0.12)]
    [InlineData(0.00026)]
    [InlineData(0)]
    public void A_share_is_one_text_in_sentence_and_table(double share) => Assert.Equal(Figures.Percent(share), Spaces(CellText.Of(share, "missing share")));

    [Theory]
    [InlineData(0.0004)]
    [InlineData(0.0499)]
    [InlineData(0.73)]
    [InlineData(1)]
    public void A_p_value_is_one_text_in_sentence_and_table(double p) => Assert.EndsWith(CellText.Of(p, "p"), Figures.P(p), StringComparison.Ordinal);

    [Fact]
    public void A_difference_of_ratio_metrics_is_signed_and_has_its_no_effect_at_zero()
    {
        Assert.Equal((true, 0.0), (FigureUnit.Of("ratio", change: true).Signed, FigureUnit.Of("ratio", change: true).NoEffect));
        Assert.Equal((false, 1.0), (FigureUnit.Of("odds ratio", change: true).Signed, FigureUnit.Of("odds ratio", change: true).NoEffect));
        Assert.Equal(1.0, FigureUnit.Of("ratio", change: false).NoEffect);
    }

    private static string Spaces(string text) => text.Replace('\u00A0', ' ');
}
