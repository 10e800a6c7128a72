using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Gnomon.Core.Findings;
using Gnomon.Render.Words;
using Xunit;

namespace Gnomon.Tests.Render;

public sealed class PaperTests
{
    [Theory]
    [InlineData("proportion", 0.0031, 0.0002, 0.0060, "+0.31 pp", "+0.02 to +0.60 pp")]
    [InlineData("proportion", -0.0031, -0.0060, -0.0002, "-0.31 pp", "-0.60 to -0.02 pp")]
    [InlineData("relative", 0.0689, 0.0112, 0.1266, "+6.9 %", "+1.1 to +12.7 %")]
    [InlineData("EUR", 1234.567, 1100.2, 1368.9, "+1,230 EUR", "+1,100 to +1,370 EUR")]
    [InlineData("EUR", 0.84, -0.41, 2.09, "+0.8 EUR", "-0.4 to +2.1 EUR")]
    [InlineData("", 12, 10.4, 13.6, "+12.0", "+10.4 to +13.6")]
    [InlineData("odds ratio", 1.4567, 1.02, 2.08, "1.46", "1.02 to 2.08")]
    [InlineData("proportion", 0, -0.001, 0.001, "0.00 pp", "-0.10 to +0.10 pp")]
    [InlineData("s", 3e-12, 1e-12, 5e-12, "+3e-12 s", "+1e-12 to +5e-12 s")]
    [InlineData("s", 4e18, 3e18, 5e18, "+4e+18 s", "+3e+18 to +5e+18 s")]
    public void Digits_follow_the_width_of_the_interval(string unit, double value, double low, double high, string point, string range)
    {
        var text = Paper.Interval(Samples.Effect("m", value, low, high, unit, 0.1, "primary", "x"));
        Assert.Equal((point, range), (Plain(text.Point), Plain(text.Range)));
    }

    [Theory]
    [InlineData("proportion", 0.0452, 0.0441, 0.0463, "4.52 %", "4.41 to 4.63 %")]
    [InlineData("EUR", -3.2, -4.1, -2.3, "-3.20 EUR", "-4.10 to -2.30 EUR")]
    public void Levels_carry_no_plus_and_proportions_are_percentages(string unit, double value, double low, double high, string point, string range)
    {
        var text = Paper.Interval(Samples.Effect("m", value, low, high, unit, 0.1, "descriptive", "x", name: "mean") with { Contrast = null });
        Assert.Equal((point, range), (Plain(text.Point), Plain(text.Range)));
    }

    [Fact]
    public void A_bound_that_is_not_zero_never_prints_as_zero()
    {
        var text = Paper.Interval(Samples.Effect("m", 0.0031, 0.00001, 0.0062, "proportion", 0.049, "primary", "x"));
        Assert.Equal("+0.001", text.Low);
        Assert.Equal("+0.310", text.Value);
    }

    [Fact]
    public void A_value_without_spread_keeps_four_digits() =>
        Assert.Equal("12.35", Paper.Interval(Samples.Effect("m", 12.3456, 12.3456, 12.3456, "", 1, "descriptive", "count", "total") with { Contrast = null }).Value);

    [Theory]
    [InlineData(0.0, "p < 0.001")]
    [InlineData(3e-40, "p < 0.001")]
    [InlineData(0.000999, "p < 0.001")]
    [InlineData(0.001, "p = 0.001")]
    [InlineData(0.034, "p = 0.034")]
    [InlineData(0.0499, "p = 0.0499")]
    [InlineData(0.04996, "p = 0.04996")]
    [InlineData(0.05, "p = 0.050")]
    [InlineData(0.0504, "p = 0.050")]
    [InlineData(0.0951, "p = 0.095")]
    [InlineData(0.188, "p = 0.19")]
    [InlineData(0.99, "p = 0.99")]
    [InlineData(0.994, "p > 0.99")]
    [InlineData(1.0, "p > 0.99")]
    public void P_values_are_never_zero_never_one_and_never_cross_five_percent(double p, string expected) => Assert.Equal(expected, Figures.P(p));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(-0.0, "0")]
    [InlineData(5, "5")]
    [InlineData(1234567, "1,234,567")]
    [InlineData(0.045678, "0.04568")]
    [InlineData(1234.5678, "1,235")]
    [InlineData(-12.5, "-12.5")]
    [InlineData(1e-12, "1e-12")]
    [InlineData(2.5e20, "2.5e+20")]
    public void Numbers_without_an_interval_have_four_digits(double value, string expected) => Assert.Equal(expected, Figures.Number(value));

    [Theory]
    [InlineData(0.521, "52.1 %")]
    [InlineData(0.000263, "0.026 %")]
    [InlineData(1, "100 %")]
    [InlineData(0, "0 %")]
    public void Proportions_become_percentages(double value, string expected) => Assert.Equal(expected, Plain(Paper.Percent(value)));

    [Theory]
    [InlineData(0.95, "95 %")]
    [InlineData(0.975, "97.5 %")]
    [InlineData(0.999, "99.9 %")]
    public void Levels_are_percentages(double level, string expected) => Assert.Equal(expected, Plain(Paper.Level(level)));

    [Theory]
    [InlineData(0.214, "0.21 s")]
    [InlineData(31.4, "31 s")]
    [InlineData(200.9, "3 min 20 s")]
    public void Seconds_read_as_time(double seconds, string expected) => Assert.Equal(expected, Plain(Paper.Seconds(seconds)));

    [Theory]
    [InlineData(2024L, "year", "2024")]
    [InlineData(50120L, "units", "50,120")]
    [InlineData(0.0452, "rate", "4.52 %")]
    [InlineData(0.0452, "missingShare", "4.52 %")]
    [InlineData(0.0452, "missing_share", "4.52 %")]
    [InlineData(0.0452, "shared", "0.0452")]
    [InlineData(3e-9, "p", "< 0.001")]
    [InlineData(0.0452, "p-value", "0.045")]
    [InlineData(true, "flag", "yes")]
    [InlineData(null, "x", "")]
    [InlineData("a", "x", "a")]
    public void Cells_are_read_with_their_column(object? cell, string column, string expected) => Assert.Equal(expected, Plain(CellText.Of(cell, column)));

    [Fact]
    public void Decimals_of_a_column_line_up_without_inventing_digits()
    {
        var table = new ResultTable("t", "t", ["mean"], [[0.25], [1234.5678], [null], [12.0]]);
        Assert.Equal(["0.25", "1234.57", "", "12.00"], CellText.Column(table, 0));
    }

    [Fact]
    public void What_is_printed_lies_within_half_a_digit_of_the_estimate()
    {
        var property = Prop.ForAll(
            Gen.Choose(-1_000_000, 1_000_000).Select(i => i / 997.0).ToArbitrary(),
            Gen.Choose(1, 1_000_000).Select(i => i / 991.0).ToArbitrary(),
            (value, half) =>
            {
                var text = Paper.Interval(Samples.Effect("m", value, value - half, value + half, "EUR", 0.5, "primary", "x"));
                var step = half / 5; // two significant digits of the half-width are at least this fine
                return Near(text.Value, value, step) && Near(text.Low, value - half, step) && Near(text.High, value + half, step);
            });
        property.QuickCheckThrowOnFailure();
    }

    private static bool Near(string text, double value, double step) =>
        Math.Abs(double.Parse(text, NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture) - value) <= step / 2;

    private static string Plain(string text) => text.Replace('\u00A0', ' ');
}
