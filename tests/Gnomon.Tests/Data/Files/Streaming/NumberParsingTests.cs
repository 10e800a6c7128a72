using System.Globalization;
using System.Text;
using Gnomon.Data.Files.Csv.Streaming;
using Gnomon.Numerics.Random;
using Xunit;

namespace Gnomon.Tests.Data.Files.Streaming;

/// <summary>Cells to numbers; source: the runtime's correctly rounding parser; tolerance: none.</summary>
public sealed class NumberParsingTests
{
    [Fact]
    public void Decimals_are_rounded_to_the_nearest_double()
    {
        var random = new Rng(11);
        for (var i = 0; i < 30_000; i++)
        {
            var digits = 1 + random.NextInt(20);
            var text = (random.NextInt(2) == 0 ? "-" : "") + (1 + random.NextInt(9)) + string.Concat(Enumerable.Range(1, digits - 1).Select(_ => (char)('0' + random.NextInt(10))));
            text += random.NextInt(3) == 0 ? "" : "." + random.NextInt(1_000_000).ToString("D" + (1 + random.NextInt(9)), CultureInfo.InvariantCulture);
            text += random.NextInt(4) == 0 ? FormattableString.Invariant($"e{random.NextInt(560) - 280}") : "";
            Assert.True(Real(text, out var value), text);
            Assert.Equal(BitConverter.DoubleToInt64Bits(double.Parse(text, CultureInfo.InvariantCulture)), BitConverter.DoubleToInt64Bits(value));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".5")]
    [InlineData("5.")]
    [InlineData("1..2")]
    [InlineData("1.2.3")]
    [InlineData("1.2345.6")]
    [InlineData("01")]
    [InlineData("00.5")]
    [InlineData("+1")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("1e999")]
    [InlineData("--1")]
    [InlineData("1-2")]
    [InlineData("1,2")]
    [InlineData("1.x")]
    [InlineData("1/2")]
    [InlineData("1:2")]
    [InlineData("nan")]
    [InlineData("inf")]
    [InlineData("12345678901234567890123456789.5x")]
    public void What_is_not_plainly_a_number_is_refused(string text) => Assert.False(Real(text, out _));

    [Fact]
    public void Whole_numbers_of_every_length_come_back_and_their_neighbours_are_refused()
    {
        var random = new Rng(13);
        for (var i = 0; i < 30_000; i++)
        {
            var value = (long)random.NextUInt64() >> random.NextInt(64);
            var text = value.ToString(CultureInfo.InvariantCulture);
            Assert.True(Whole(text, out var read), text);
            Assert.Equal(value, read);
            var broken = text.ToCharArray();
            broken[random.NextInt(broken.Length)] = " /:.,x+"[random.NextInt(7)];
            Assert.False(Whole(new string(broken), out _), new string(broken));
        }

        Assert.All(["", "-", "-0", "00", "01", "-01", "9223372036854775808", "-9223372036854775809", "99999999999999999999"], t => Assert.False(Whole(t, out _), t));
    }

    [Fact]
    public void Every_day_of_ten_thousand_years_counts_from_the_epoch()
    {
        var epoch = new DateOnly(1970, 1, 1).DayNumber;
        for (var n = 0; n <= DateOnly.MaxValue.DayNumber; n += 11)
        {
            var bytes = Padded(DateOnly.FromDayNumber(n).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            Assert.True(Moments.TryDay(ref bytes[0], RawBlock.Padding, RawBlock.Padding + 10, out var days));
            Assert.Equal(n - epoch, days);
        }
    }

    private static bool Real(string text, out double value)
    {
        var bytes = Padded(text);
        return RealNumbers.TryParse(ref bytes[RawBlock.Padding], 0, Encoding.UTF8.GetByteCount(text), out value);
    }

    private static bool Whole(string text, out long value)
    {
        var bytes = Padded(text);
        return WholeNumbers.TryParse(ref bytes[RawBlock.Padding], 0, Encoding.UTF8.GetByteCount(text), out value);
    }

    /// <summary>Digits all around, so that a byte too many would show.</summary>
    private static byte[] Padded(string text)
    {
        var around = Enumerable.Repeat((byte)'7', RawBlock.Padding).ToArray();
        return [.. around, .. Encoding.UTF8.GetBytes(text), .. around];
    }
}
