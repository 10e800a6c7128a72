using System.Globalization;

namespace Gnomon.Methods.Privacy;

/// <summary>A privacy loss as an exact decimal: sums of such losses have no rounding.</summary>
public readonly record struct Epsilon : IComparable<Epsilon>
{
    const decimal Largest = 1_000;
    const int MostDigits = 6;

    Epsilon(decimal value) => Value = value;

    /// <summary>The loss.</summary>
    public decimal Value { get; }

    /// <summary>Loss of nothing.</summary>
    public static Epsilon Zero => new(0);

    /// <param name="value">From 0.000001 to 1,000 with at most six decimals; 0 for nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException">Another number.</exception>
    public static Epsilon Of(decimal value) => value is >= 0 and <= Largest && decimal.Round(value, MostDigits) == value
        ? new(value)
        : throw new ArgumentOutOfRangeException(nameof(value), value, "A privacy loss lies between 0 and 1,000 and has at most six decimals.");

    /// <returns>False for a text that is no loss above 0 with at most six decimals.</returns>
    public static bool TryParse(string text, out Epsilon epsilon)
    {
        epsilon = Zero;
        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) || value is <= 0 or > Largest || decimal.Round(value, MostDigits) != value)
            return false;
        epsilon = new(value);
        return true;
    }

    /// <summary>A loss written as a decimal.</summary>
    /// <exception cref="FormatException">The text is no loss above 0 with at most six decimals.</exception>
    public static Epsilon Parse(string text) => TryParse(text, out var epsilon) ? epsilon : throw new FormatException($"'{text}' is no privacy loss.");

    /// <summary>Loss of two releases about the same people, one after the other.</summary>
    public static Epsilon operator +(Epsilon a, Epsilon b) => new(a.Value + b.Value);

    /// <inheritdoc cref="op_Addition"/>
    public static Epsilon Add(Epsilon left, Epsilon right) => left + right;

    /// <inheritdoc/>
    public int CompareTo(Epsilon other) => Value.CompareTo(other.Value);

    /// <summary>True when less is lost.</summary>
    public static bool operator <(Epsilon a, Epsilon b) => a.Value < b.Value;

    /// <summary>True when more is lost.</summary>
    public static bool operator >(Epsilon a, Epsilon b) => a.Value > b.Value;

    /// <summary>True when no more is lost.</summary>
    public static bool operator <=(Epsilon a, Epsilon b) => a.Value <= b.Value;

    /// <summary>True when no less is lost.</summary>
    public static bool operator >=(Epsilon a, Epsilon b) => a.Value >= b.Value;

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("0.######", CultureInfo.InvariantCulture);

    /// <summary>Millionths, for exact scales of noise.</summary>
    internal ulong Millionths => (ulong)(Value * 1_000_000);
}
