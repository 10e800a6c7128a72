using Gnomon.Numerics;

namespace Gnomon.Methods.Data;

/// <summary>A conversion between two units: value * Factor + Offset.</summary>
/// <param name="Factor">Larger than 1.</param>
/// <param name="Offset">0 but for temperatures.</param>
/// <param name="Name">Which units, in words.</param>
public sealed record UnitConversion(double Factor, double Offset, string Name);

/// <summary>How a part of a column differs from the rest by scale.</summary>
/// <param name="Ratio">Ratio of medians, part over rest, with a 99 % interval; null where values are not positive.</param>
/// <param name="Conversion">The known conversion that the interval contains and after which both parts have one shape; null when none does.</param>
/// <param name="IsLarger">The part holds the larger numbers, so that it must be divided to become like the rest.</param>
/// <param name="ShapeP">p-value of "one shape" after the conversion (Kolmogorov-Smirnov).</param>
public sealed record UnitShiftResult(RatioOfMediansResult? Ratio, UnitConversion? Conversion, bool IsLarger, double ShapeP);

/// <summary>Do some rows of a column stand in another unit?</summary>
/// <remarks>
/// A part is called converted when the 99 % interval of the ratio of medians excludes 1, is narrow (4 % of the ratio for factors below 5, 10 % below 50, 25 % above) and contains a known factor, and the converted part has the shape of the rest;
/// temperatures when 1.8 x + 32 does that to centre, spread and shape. Source: Hynes, Sculley and Terry 2017 (the data linter); Price and Bonett 2002; constants: NIST SP 811.
/// </remarks>
public static class UnitShift
{
    private const double ShapeFloor = 0.01;
    private const int Fewest = 20;
    private const double Strong = 1e-6;
    private const double MostZero = 0.1;

    /// <summary>The factors that are looked for, and the one scale with an offset.</summary>
    public static IReadOnlyList<UnitConversion> Known { get; } =
    [
        new(10, 0, "tenfold"), new(100, 0, "hundredfold, as cents and whole units"), new(1_000, 0, "thousandfold, as milli or kilo"), new(1_000_000, 0, "millionfold, as micro or mega"),
        new(60, 0, "minutes and seconds, or hours and minutes"), new(3_600, 0, "hours and seconds"), new(1_024, 0, "binary kilo"), new(2.54, 0, "inches and centimetres"), new(25.4, 0, "inches and millimetres"),
        new(3.280839895, 0, "metres and feet"), new(1.609344, 0, "miles and kilometres"), new(2.204622622, 0, "kilograms and pounds"), new(3.785411784, 0, "US gallons and litres"),
    ];

    /// <summary>Celsius to Fahrenheit.</summary>
    public static UnitConversion Temperature { get; } = new(1.8, 32, "degrees Celsius and Fahrenheit");

    /// <param name="part">Values of the part, ascending, finite.</param>
    /// <param name="rest">Values of the rest, ascending, finite.</param>
    /// <returns>Null where a side has fewer than 20 values or does not vary.</returns>
    public static UnitShiftResult? CompareSorted(ReadOnlySpan<double> part, ReadOnlySpan<double> rest)
    {
        if (part.Length < Fewest || rest.Length < Fewest || part[0] == part[^1] || rest[0] == rest[^1])
        {
            return null;
        }

        RatioOfMediansResult? ratio = null;
        var x = Positive(part);
        var y = Positive(rest);
        if (x.Length >= Fewest && y.Length >= Fewest)
        {
            ratio = RatioOfMedians.OfSorted(x, y);
            var (low, high) = (ratio.Interval.Low, ratio.Interval.High);
            if ((low > 1 || high < 1) && Match(low, high, ratio.Ratio) is { } known)
            {
                var inverse = ratio.Ratio > 1;
                var shape = Shape(part, inverse ? 1 / known.Factor : known.Factor, 0, rest);
                return shape > ShapeFloor ? new(ratio, known, inverse, shape) : new(ratio, null, inverse, shape);
            }
        }

        return Degrees(part, rest, ratio) ?? new UnitShiftResult(ratio, null, false, 0);
    }

    /// <summary>Where a column falls into two clouds that lie far apart: positions in <paramref name="sorted"/> where the upper one may begin, widest gap in logarithms first.</summary>
    /// <param name="sorted">Positive values, ascending.</param>
    /// <param name="most">How many gaps.</param>
    public static IReadOnlyList<int> Gaps(ReadOnlySpan<double> sorted, int most = 5)
    {
        var found = new List<(double Width, int At)>();
        for (var i = Fewest; i + Fewest <= sorted.Length; i++)
        {
            if (i > 0 && sorted[i] > sorted[i - 1] && sorted[i - 1] > 0)
            {
                var width = Math.Log(sorted[i] / sorted[i - 1]);
                if (width > 0.5)
                {
                    found.Add((width, i));
                }
            }
        }

        return [.. found.OrderByDescending(f => f.Width).ThenBy(f => f.At).Take(most).Select(f => f.At)];
    }

    // A few zeros (nothing bought, nothing owed) leave a ratio its meaning; many do not.
    private static ReadOnlySpan<double> Positive(ReadOnlySpan<double> sorted)
    {
        var first = 0;
        while (first < sorted.Length && sorted[first] <= 0)
        {
            first++;
        }

        return first <= MostZero * sorted.Length ? sorted[first..] : [];
    }

    /// <summary>Widest interval that may speak for a factor, as a share of the ratio: the nearer a factor lies to what groups differ by anyway, the narrower.</summary>
    public static double Widest(double factor) => factor < 5 ? 0.04 : factor < 50 ? 0.1 : 0.25;

    private static UnitConversion? Match(double low, double high, double ratio)
    {
        if (ratio < 1)
        {
            (low, high, ratio) = (1 / high, 1 / low, 1 / ratio);
        }

        var width = (high - low) / ratio;
        return Known.Where(k => k.Factor >= low && k.Factor <= high && width < Widest(k.Factor)).MinBy(k => Math.Abs(Math.Log(k.Factor / ratio)));
    }

    private static double Shape(ReadOnlySpan<double> part, double factor, double offset, ReadOnlySpan<double> rest)
    {
        var converted = new double[part.Length];
        for (var i = 0; i < part.Length; i++)
        {
            converted[i] = (part[i] * factor) + offset;
        }

        return KolmogorovSmirnov.TestSorted(Rounded(converted), Rounded(rest)).PValue;
    }

    // Conversion leaves last digits that the other side does not have; ties there are not a difference of shape.
    private static double[] Rounded(ReadOnlySpan<double> values)
    {
        var copy = values.ToArray();
        var scale = Math.Max(Math.Abs(copy[copy.Length / 10]), Math.Abs(copy[copy.Length * 9 / 10]));
        var unit = scale > 0 ? Math.Pow(10, Math.Floor(Math.Log10(scale)) - 9) : 1;
        for (var i = 0; i < copy.Length; i++)
        {
            copy[i] = Math.Round(copy[i] / unit) * unit;
        }

        Array.Sort(copy);
        return copy;
    }

    private static UnitShiftResult? Degrees(ReadOnlySpan<double> part, ReadOnlySpan<double> rest, RatioOfMediansResult? ratio)
    {
        if (KolmogorovSmirnov.TestSorted(part, rest).PValue > Strong)
        {
            return null;
        }

        var (p, r) = (Moments.MeanVariance(part), Moments.MeanVariance(rest));
        foreach (var inverse in new[] { true, false })
        {
            // The warmer-looking side is Fahrenheit: in inverse it is the part.
            var (f, c) = inverse ? (p, r) : (r, p);
            var spread = f.StandardDeviation / c.StandardDeviation;
            var slack = 2.576 * Math.Sqrt((1.0 / f.Count) + (1.0 / c.Count));
            var centre = f.Mean - ((Temperature.Factor * c.Mean) + Temperature.Offset);
            var error = 2.576 * Math.Sqrt((f.Variance / f.Count) + (Temperature.Factor * Temperature.Factor * c.Variance / c.Count));
            if (slack > 0.15 || Math.Abs(Math.Log(spread / Temperature.Factor)) > slack || Math.Abs(centre) > error || error > 3)
            {
                continue;
            }

            var shape = inverse ? Shape(part, 1 / Temperature.Factor, -Temperature.Offset / Temperature.Factor, rest) : Shape(part, Temperature.Factor, Temperature.Offset, rest);
            if (shape > ShapeFloor)
            {
                return new UnitShiftResult(ratio, Temperature, inverse, shape);
            }
        }

        return null;
    }
}
