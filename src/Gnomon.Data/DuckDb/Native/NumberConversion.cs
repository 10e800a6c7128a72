using System.Globalization;
using System.Runtime.CompilerServices;

namespace Gnomon.Data.DuckDb.Native;

/// <summary>Native cells of every numeric and temporal width to <see cref="double"/> or <see cref="long"/>, a block at a time.</summary>
internal static unsafe class NumberConversion
{
    private const long MicrosecondsPerSecond = 1_000_000;

    public static void ToDoubles(ColumnLayout layout, void* source, Span<double> target)
    {
        if (layout is { Id: TypeId.Decimal, Storage: TypeId.HugeInt or TypeId.BigInt, Scale: > 0 })
        {
            LongDecimals(layout, source, target);
            return;
        }

        switch (layout.Storage)
        {
            case TypeId.Boolean or TypeId.UTinyInt: Widen((byte*)source, target); break;
            case TypeId.TinyInt: Widen((sbyte*)source, target); break;
            case TypeId.SmallInt: Widen((short*)source, target); break;
            case TypeId.USmallInt: Widen((ushort*)source, target); break;
            case TypeId.Integer or TypeId.Date: Widen((int*)source, target); break;
            case TypeId.UInteger: Widen((uint*)source, target); break;
            case TypeId.UBigInt: Widen((ulong*)source, target); break;
            case TypeId.HugeInt: Widen((Int128*)source, target); break;
            case TypeId.UHugeInt: Widen((UInt128*)source, target); break;
            case TypeId.Float: Widen((float*)source, target); break;
            case TypeId.Double: new ReadOnlySpan<double>(source, target.Length).CopyTo(target); break;
            case TypeId.BigInt: Widen((long*)source, target); break;
            default: throw Unreadable(layout, "numbers");
        }

        if (layout.Id == TypeId.Decimal && layout.Scale > 0)
        {
            // At most nine digits: both operands are exact, so the quotient is the double nearest to the decimal.
            var unit = Math.Pow(10, layout.Scale);
            for (var i = 0; i < target.Length; i++)
            {
                target[i] /= unit;
            }
        }
    }

    /// <summary>Up to 2^53 and 10^22 both operands are exact and so is the rounding of the quotient; beyond, the decimal is read as text.</summary>
    private static void LongDecimals(ColumnLayout layout, void* source, Span<double> target)
    {
        const long exact = 1L << 53;
        const int exactScale = 22;
        var unit = Math.Pow(10, layout.Scale);
        for (var i = 0; i < target.Length; i++)
        {
            var value = layout.Storage == TypeId.BigInt ? ((long*)source)[i] : ((Int128*)source)[i];
            target[i] = value >= -exact && value <= exact && layout.Scale <= exactScale
                ? (double)(long)value / unit
                : double.Parse(FormattableString.Invariant($"{value}e-{layout.Scale}"), CultureInfo.InvariantCulture);
        }
    }

    public static void ToIntegers(ColumnLayout layout, void* source, Span<long> target)
    {
        switch (layout.Id)
        {
            case TypeId.Boolean or TypeId.UTinyInt: Copy((byte*)source, target); break;
            case TypeId.TinyInt: Copy((sbyte*)source, target); break;
            case TypeId.SmallInt: Copy((short*)source, target); break;
            case TypeId.USmallInt: Copy((ushort*)source, target); break;
            case TypeId.Integer or TypeId.Date: Copy((int*)source, target); break;
            case TypeId.UInteger: Copy((uint*)source, target); break;
            case TypeId.BigInt or TypeId.Timestamp or TypeId.TimestampZoned or TypeId.Time:
                new ReadOnlySpan<long>(source, target.Length).CopyTo(target);
                break;
            case TypeId.TimestampSeconds: Scale((long*)source, MicrosecondsPerSecond, target); break;
            case TypeId.TimestampMilliseconds: Scale((long*)source, 1000, target); break;
            case TypeId.TimestampNanoseconds or TypeId.TimeNanoseconds: Thousandth((long*)source, target); break;
            default: throw Unreadable(layout, "integers");
        }
    }

    /// <summary>Whole numbers wider than 64 bits, when each of them fits; false when one does not.</summary>
    public static bool TryNarrow(ColumnLayout layout, void* source, Span<long> target)
    {
        for (var i = 0; i < target.Length; i++)
        {
            var value = layout.Id switch
            {
                TypeId.HugeInt => ((Int128*)source)[i],
                TypeId.UBigInt => ((ulong*)source)[i],
                _ => ((UInt128*)source)[i] is var u && u > long.MaxValue ? Int128.MaxValue : (Int128)u,
            };
            if (value < long.MinValue || value > long.MaxValue)
            {
                return false;
            }

            target[i] = (long)value;
        }

        return true;
    }

    public static InvalidOperationException Unreadable(ColumnLayout layout, string wanted) =>
        new($"Column '{layout.Name}' is {layout.NativeType}; it cannot be read as {wanted}.");

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Widen<T>(T* source, Span<double> target)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        for (var i = 0; i < target.Length; i++)
        {
            target[i] = double.CreateTruncating(source[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy<T>(T* source, Span<long> target)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        for (var i = 0; i < target.Length; i++)
        {
            target[i] = long.CreateTruncating(source[i]);
        }
    }

    private static void Scale(long* source, long factor, Span<long> target)
    {
        for (var i = 0; i < target.Length; i++)
        {
            target[i] = unchecked(source[i] * factor);
        }
    }

    private static void Thousandth(long* source, Span<long> target)
    {
        for (var i = 0; i < target.Length; i++)
        {
            var (quotient, rest) = Math.DivRem(source[i], 1000);
            target[i] = rest < 0 ? quotient - 1 : quotient;
        }
    }
}
